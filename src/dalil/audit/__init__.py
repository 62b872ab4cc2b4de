"""What was done, append-only and chained by hashes; who did it fades after thirty days.

`chain` is the pure arithmetic, `recording` writes within the change's own transaction, `queries`
reads and verifies, `erasing` destroys the keys that tie an entry to a member.
"""
