"""Immutable facts: observations and signals as Parquet, media by hash, sealed raw records, custody.

`workspace` is the folder, `keys` what opens it, `writing` the only way in (for `actions` alone),
`reading` the way out, `doctor` the check. Nothing here knows a user, a claim, a clock or a network.
"""
