"""Archives read where they lie: zip, tar, gzip, zstd. Nothing is ever written out; members are streams.

`containers` opens one by its first bytes; `zips`, `tars` and `packed` know one kind each; `streams` holds
the limits that every stream of unpacked bytes runs under; `member_names` says which names are taken.
"""
