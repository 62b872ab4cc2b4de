"""Members by pseudonym, circles, invitations and what each may do; nothing that says who anyone is.

`actor` is who acts, `permissions` what they may, `queries` the frozen rows that others read;
`passphrases`, `codes`, `totp` and `throttle` guard the door; `models` is written by `actions` alone.
"""
