"""The manifest's tables of what was read anew, removed, or renamed after it was stored: its third version.

A segment's `mapping` says which reading of the raw records its rows are of (0: the first),
and `mappings.through` up to which raw segment a reading has come.
`expunged` holds what must not come back: hash, reason, day and circle of what is gone, never a part of it.
`superseded` says which custody entry took the place of an earlier `stored` one, whose objects are not all
there any more. `aliases` leads from an observation's earlier id to its present one. `leaving` names
files (relative to the workspace) whose rows are gone and which must be gone too: a crash cannot lose that. `generation` says which
generation of the pseudonym key everything that is held was hashed with; empty: the first.
"""

from __future__ import annotations

from typing import Final

SEARCH_FILES: Final = tuple(f"indexes/search.db{ending}" for ending in ("", "-wal", "-shm", "-journal"))
"""The search index, relative to the workspace: it holds texts and stand-ins, and is made again when somebody asks."""

TABLES: Final = """
CREATE TABLE mappings (
    id INTEGER PRIMARY KEY, source_format TEXT NOT NULL, importer_version TEXT NOT NULL, day TEXT NOT NULL,
    circle TEXT NOT NULL, changed INTEGER NOT NULL DEFAULT 0, through INTEGER NOT NULL DEFAULT 0
) STRICT;
ALTER TABLE segments ADD COLUMN mapping INTEGER NOT NULL DEFAULT 0;
ALTER TABLE raw_segments ADD COLUMN intake INTEGER REFERENCES intakes (id);
CREATE TABLE expunged (
    obs_id BLOB NOT NULL, custody INTEGER NOT NULL REFERENCES custody (seq), sha256 TEXT NOT NULL, reason TEXT NOT NULL,
    day TEXT NOT NULL, circle TEXT NOT NULL, blocks INTEGER NOT NULL, PRIMARY KEY (obs_id, custody)
) STRICT, WITHOUT ROWID;
CREATE TABLE raw_gone (
    obs_id BLOB PRIMARY KEY, sha256 TEXT NOT NULL, custody INTEGER NOT NULL REFERENCES custody (seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE superseded (
    seq INTEGER PRIMARY KEY REFERENCES custody (seq), by_seq INTEGER NOT NULL REFERENCES custody (seq)
) STRICT;
CREATE TABLE aliases (
    earlier BLOB PRIMARY KEY, obs_id BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE leaving (
    path TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
CREATE TABLE generation (
    number INTEGER PRIMARY KEY, custody INTEGER NOT NULL REFERENCES custody (seq)
) STRICT;
ALTER TABLE intakes ADD COLUMN expunged INTEGER NOT NULL DEFAULT 0;
"""
