"""`indexes/search.db`: what it holds, how it is opened, and that it may be thrown away.

    words       FTS5: the tokens of each document, by document number, which begins with the hour it claims
    pieces      FTS5: every different word of four letters or more once, by its trigrams
    vocabulary  the same words, to know which were seen
    blocks      sixteen documents each, packed: what a page of results shows, with the text as it was captured
    sources     what each public account calls itself, so that it can be named and searched for by name
    taken       month of capture → the custody entry up to which its segments are in here
    facts       documents and tokens in all, the newest and the oldest hour

A document's number is `hour << 30 | n`: n counts up, the hour is that of the time which the post claims. So a
filter by time is a range of numbers, and the newest hits come first without sorting. The words' index keeps no
texts and no sizes (`content=''`, `columnsize=0`): half the space, and scores are made from the few documents
that may be shown.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec
import pyarrow as pa

from dalil.archive.database import Database
from dalil.archive.workspace import Workspace
from dalil.errors import ConfigError, EvidenceDamaged

VERSION: Final = 1
FILE: Final = "search.db"
HOUR: Final = 3600
_BITS: Final = 30
MOST: Final = (1 << _BITS) - 1
"""The largest n."""
BLOCK: Final = 16
_LAST_HOUR: Final = (1 << 32) - 1
_LEVEL: Final = 3

_TABLES: Final = """
CREATE VIRTUAL TABLE words USING fts5 (
    tokens, content='', columnsize=0, detail=full, tokenize="unicode61 remove_diacritics 0 categories 'L* N* Co Mc'"
);
CREATE VIRTUAL TABLE pieces USING fts5 (word, detail=none, columnsize=0, tokenize="trigram case_sensitive 1");
CREATE TABLE vocabulary (word TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TABLE blocks (id INTEGER PRIMARY KEY, bytes INTEGER NOT NULL, documents BLOB NOT NULL) STRICT;
CREATE TABLE sources (uid TEXT PRIMARY KEY, name TEXT NOT NULL, sought TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE taken (month TEXT PRIMARY KEY, step INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO facts VALUES ('next', 0), ('documents', 0), ('tokens', 0), ('newest', 0), ('oldest', 4294967295);
INSERT INTO words (words, rank) VALUES ('hashsize', 67108864);
INSERT INTO words (words, rank) VALUES ('automerge', 8);
INSERT INTO pieces (pieces, rank) VALUES ('hashsize', 33554432);
"""


class Document(msgspec.Struct, frozen=True, array_like=True):
    """What is kept of one captured version of a post; times are epoch seconds.

    `at` is the platform's time, else the one that the author's client claims, else our capture (`dated` False).
    """

    obs_id: bytes
    uid: str
    at: int
    dated: bool
    captured: int
    text: str
    platform: str
    language: str
    kinds: tuple[str, ...]
    author: str | None
    author_public: bool
    container: str | None
    uri: str | None
    media: tuple[str, ...]
    state: str


class SearchIndex(Database):
    """The index of one workspace, whether or not it is there."""

    VERSION = VERSION
    # It can be made again, so that a commit need not wait for the disk; a cut-off leaves an older state, never a torn one.
    PRAGMAS = ("page_size=16384", "synchronous=NORMAL", "cache_size=-65536", "wal_autocheckpoint=2048")

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace.indexes / FILE)

    @classmethod
    def script(cls, found: int) -> str:
        """Always from nothing: an index of another version is thrown away."""
        del found
        return f"BEGIN IMMEDIATE;{_TABLES}PRAGMA user_version={VERSION};COMMIT;"

    def is_usable(self) -> bool:
        """Whether it is there and of our version."""
        try:
            return self.path.is_file() and self.version() == VERSION
        except EvidenceDamaged:
            return False

    def is_begun(self) -> bool:
        """Whether there is more than the empty file that a creation which was cut off leaves."""
        try:
            return self.path.is_file() and self.version() != 0
        except EvidenceDamaged:
            return True

    def is_whole(self) -> bool:
        """Whether every page of it can be read and its parts agree; reads all of it."""
        try:
            with self.reading() as connection:
                if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                    return False
                for name in ("words", "pieces"):
                    connection.execute(f"SELECT count(*) FROM {name}_data").fetchone()  # noqa: S608 - our own two names
                return True
        except (EvidenceDamaged, ConfigError, sqlite3.Error):
            return False

    def drop(self) -> None:
        """Throw it away; it is made again when somebody asks."""
        self.close()
        for path in files(self.path):
            path.unlink(missing_ok=True)


def files(path: Path) -> list[Path]:
    """The database at `path` and what SQLite puts beside it."""
    return [path.with_name(f"{path.name}{end}") for end in ("-journal", "-shm", "-wal", "")]


def number(at: int, n: int) -> int:
    """A document's number."""
    return min(max(at // HOUR, 0), _LAST_HOUR) << _BITS | n


def numbers(since: int | None, until: int | None) -> tuple[int, int]:
    """The lowest and highest number of a document that claims a time between two (epoch seconds, both included)."""
    low = 0 if since is None else number(since, 0)
    return low, number(_LAST_HOUR * HOUR if until is None else until, MOST)


def place(document: int) -> int:
    """n of a document's number."""
    return document & MOST


def hour(document: int) -> int:
    """The hour of a document's number, since 1970."""
    return document >> _BITS


def pack(documents: Sequence[Document]) -> tuple[int, bytes]:
    """(length unpacked, packed) of a block."""
    data = msgspec.msgpack.encode(documents)
    return len(data), pa.Codec("zstd", compression_level=_LEVEL).compress(data, asbytes=True)


def unpack_some(length: int, packed: bytes, places: Sequence[int]) -> list[Document]:
    """Some documents of a block, by their places in it.

    Raises:
        EvidenceDamaged: it is no block, or has no such place.
    """
    try:
        data = pa.Codec("zstd").decompress(packed, decompressed_size=length, asbytes=True)
        held = msgspec.msgpack.decode(data, type=list[msgspec.Raw])
        return [msgspec.msgpack.decode(held[i], type=Document) for i in places]
    except (pa.ArrowException, OSError, msgspec.MsgspecError, ValueError, IndexError) as error:
        raise EvidenceDamaged("archive-damaged", part=FILE) from error


def blocks_of(documents: Sequence[Document]) -> Iterator[tuple[int, bytes]]:
    """All documents in blocks, the last one perhaps not full."""
    for start in range(0, len(documents), BLOCK):
        yield pack(documents[start : start + BLOCK])
