"""By what an expunged record is known again after the pseudonym key was changed.

The id of a record is made of its raw bytes, and in these stand the hashes of private persons, which a new key makes
anew. So a tombstone also holds a *mark*: a keyed hash of the raw record in which every stand-in is replaced by
its number, in the order of their first places. Two records that differ in nothing but who it was have
the same mark. So there is none for a record that tells neither a moment nor some words, such as an account's
rounded counts; and marks are only asked of tombstones that are older than the key.
"""

from __future__ import annotations

import hmac
import re
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Final

import pyarrow as pa

from dalil.archive import manifest, raw

_STAND_IN: Final = re.compile(rb"(?<![0-9A-Za-z])h:[0-9a-f]{32}(?![0-9a-f])")
_TELLING: Final = re.compile(rb"\d\d:\d\d:\d\d|(?<!\d)[1-9]\d{9}(?!\d)|[^\s\"]+(?: [^\s\"]+){5}")
"""A time to the second, seconds since 1970, or six words."""
_OLDER: Final = "blocks = 1 AND custody < (SELECT coalesce(max(custody), 0) FROM generation)"


def mark_of(identity: bytes, source_format: str, record: bytes) -> bytes | None:
    """What a raw record is known by whoever it names; None where its id does not change, or too little is told."""
    if b"h:" not in record:
        return None
    numbers: dict[bytes, bytes] = {}

    def numbered(match: re.Match[bytes]) -> bytes:
        return numbers.setdefault(match[0], b"h:%d" % len(numbers))

    masked = _STAND_IN.sub(numbered, record)
    if not numbers or not _TELLING.search(masked):
        return None
    return hmac.digest(identity, b"\x00".join((b"dalil expunged 1", source_format.encode(), masked)), "sha256")


def marked_ids(connection: sqlite3.Connection, identity: bytes, tables: Mapping[str, pa.Table]) -> set[bytes]:
    """Those of a chunk's observations that were expunged for good under an earlier key."""
    any_older = f"SELECT 1 FROM expunged WHERE mark IS NOT NULL AND {_OLDER} LIMIT 1"  # noqa: S608 - constants of ours
    if connection.execute(any_older).fetchone() is None:
        return set()
    observations = tables["observations"]
    formats = dict(zip(observations["obs_id"].to_pylist(), observations["source_format"].to_pylist(), strict=True))
    marks: dict[bytes, set[bytes]] = {}
    records = tables["raw"]
    for obs_id, record in zip(records["obs_id"].to_pylist(), records["record"].to_pylist(), strict=True):
        mark = mark_of(identity, formats[obs_id], record)
        if mark is not None:
            marks.setdefault(mark, set()).add(bytes.fromhex(obs_id))
    query = f"SELECT mark FROM expunged WHERE {_OLDER} AND mark IN ({{}})"  # noqa: S608 - constants of ours
    return {obs_id for (mark,) in manifest.among(connection, query, list(marks)) for obs_id in marks[mark]}


def raw_of(
    connection: sqlite3.Connection, folder: Path, obs_ids: Collection[bytes]
) -> Iterator[tuple[bytes, str, bytes]]:
    """(observation id, source format, raw record) of those of the given ones whose raw record is there."""
    wanted = set(obs_ids)
    query = "SELECT path, tool FROM raw_segments JOIN custody ON seq = custody WHERE id = ?"
    for number in sorted(set(dict(manifest.raw_places(connection, sorted(wanted))).values())):
        path, tool = connection.execute(query, (number,)).fetchone()
        for obs_id, record in raw.read_all(folder / path):
            if obs_id in wanted:
                yield obs_id, tool.rpartition(" ")[0], record
