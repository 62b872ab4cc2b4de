"""The command line: a thin face over `actions`. One acts here as `local`: import, read, measure; never sign."""
