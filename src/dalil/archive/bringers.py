"""Who brought what: the first import of each observation and media file, and every later one that met it again.

The first stands with the raw segment of the observation, and with the media file. Each later one is noted here, a
row for each chunk: the first eight bytes of each id, sorted. Ids are keyed hashes, so eight bytes tell those of one
import apart; two that were alike would only keep something that could go. An import that is undone brings nothing:
what others brought too stays, and counts to the earliest of them.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from dalil.archive import intakes, manifest

OBSERVATION: Final = "observation"
MEDIA: Final = "media"
BEGINNING: Final = 8


class Brought(NamedTuple):
    """What one import brought and nobody before it.

    Args:
        alone: observations that no other import brought.
        shared: observation → number of the earliest other import that brought it too.
        media: hashes of media whose bytes it brought and no other import did.
        again: beginnings of the ids of observations that it met again.
    """

    alone: frozenset[bytes]
    shared: Mapping[bytes, int]
    media: frozenset[str]
    again: frozenset[bytes]


def note(connection: sqlite3.Connection, intake: int, obs_ids: Collection[bytes], media: Collection[str]) -> None:
    """Note what an import met again, once however often it is told; within the caller's transaction.

    What it brought itself, and what nobody knows who brought, is left out.
    """
    met: dict[tuple[int, str], list[bytes]] = defaultdict(list)
    for obs_id, first in _firsts(connection, sorted(obs_ids)):
        met[first, OBSERVATION].append(obs_id[:BEGINNING])
    for sha256, first in _media_firsts(connection, sorted(media)):
        met[first, MEDIA].append(bytes.fromhex(sha256)[:BEGINNING])
    for (first, kind), beginnings in sorted(met.items()):
        if first != intake:
            data = b"".join(sorted(beginnings))
            connection.execute(
                "INSERT OR IGNORE INTO met_again (intake, first, kind, mark, beginnings) VALUES (?, ?, ?, ?, ?)",
                (intake, first, kind, _mark(data), data),
            )


def rename(connection: sqlite3.Connection, ids: Mapping[bytes, bytes]) -> None:
    """Follow a change of keys: observations that had one id have another, earlier → present."""
    present = {earlier[:BEGINNING]: obs_id[:BEGINNING] for earlier, obs_id in ids.items()}
    query = "SELECT id, beginnings FROM met_again WHERE kind = ?"
    for number, data in connection.execute(query, (OBSERVATION,)).fetchall():
        fresh = b"".join(sorted(present.get(name, name) for name in _cut(data)))
        if fresh != data:
            connection.execute(
                "UPDATE OR REPLACE met_again SET mark = ?, beginnings = ? WHERE id = ?", (_mark(fresh), fresh, number)
            )


def brought(connection: sqlite3.Connection, intake: int) -> Brought:
    """What is held and counts to an import.

    Args:
        intake: its number; it is not undone.
    """
    undone = _undone(connection)
    mine: dict[tuple[int, str], set[bytes]] = defaultdict(set)
    for first, kind, data in connection.execute(
        "SELECT first, kind, beginnings FROM met_again WHERE intake = ?", (intake,)
    ):
        mine[first, kind].update(_cut(data))
    firsts = sorted({intake} | {first for first, _ in mine if first in undone})
    others = _others(connection, firsts, undone | {intake})
    alone, shared = [], {}
    for obs_id, first in _held(connection, firsts):
        name = obs_id[:BEGINNING]
        if first != intake and name not in mine[first, OBSERVATION]:
            continue
        heir = others[OBSERVATION].get(name)
        if heir is None:
            alone.append(obs_id)
        elif first == intake or intake < heir:  # else it counts to that one already
            shared[obs_id] = heir
    media = []
    for sha256, first in _media_held(connection, firsts):
        name = bytes.fromhex(sha256)[:BEGINNING]
        if (first == intake or name in mine[first, MEDIA]) and name not in others[MEDIA]:
            media.append(sha256)
    again = frozenset().union(*(names for (_, kind), names in mine.items() if kind == OBSERVATION))
    return Brought(frozenset(alone), shared, frozenset(media), again)


def untold(connection: sqlite3.Connection, intake: int) -> list[str]:
    """Imports of an earlier version that may have met some of its observations and did not note which.

    Only those of the same format: an id is made of the format and the record. One whose file was read again since
    does not count, for the later import has noted all of it.
    """
    query = """
SELECT other.intake_id FROM intakes AS own JOIN intakes AS other ON other.source_format = own.source_format
WHERE own.id = ? AND other.id != own.id AND (other.id > own.id OR other.day = own.day) AND other.tells = 0
AND other.state NOT IN (?, ?) AND (other.known > 0 OR other.state != ?)
AND NOT EXISTS (SELECT 1 FROM intakes AS later WHERE later.received_sha256 = other.received_sha256
    AND later.id > other.id AND later.tells = 1 AND later.state = ?)
ORDER BY other.id"""
    given = (intake, intakes.UNDOING, intakes.UNDONE, intakes.COMPLETE, intakes.COMPLETE)
    return [row[0] for row in connection.execute(query, given)]


def is_traceable(connection: sqlite3.Connection, intake: int) -> bool:
    """Whether it is known what an import brought; before version 3 of the manifest it was not noted."""
    query = """
SELECT kept > 0 AND tells = 0 AND NOT EXISTS (SELECT 1 FROM raw_segments WHERE intake = intakes.id)
    AND EXISTS (SELECT 1 FROM raw_segments WHERE intake IS NULL)
FROM intakes WHERE id = ?"""
    return not connection.execute(query, (intake,)).fetchone()[0]


def _undone(connection: sqlite3.Connection) -> set[int]:
    query = "SELECT id FROM intakes WHERE state = ?"
    return {row[0] for row in connection.execute(query, (intakes.UNDONE,))}


def _others(
    connection: sqlite3.Connection, firsts: Iterable[int], without: Collection[int]
) -> dict[str, dict[bytes, int]]:
    """Kind → beginning of an id → the earliest of the other imports that met it again."""
    found: dict[str, dict[bytes, int]] = {OBSERVATION: {}, MEDIA: {}}
    query = "SELECT intake, kind, beginnings FROM met_again WHERE first = ? ORDER BY intake"
    for first in firsts:
        for intake, kind, data in connection.execute(query, (first,)):
            if intake not in without:
                for name in _cut(data):
                    found[kind][name] = min(intake, found[kind].get(name, intake))
    return found


def _held(connection: sqlite3.Connection, firsts: Iterable[int]) -> Iterator[tuple[bytes, int]]:
    """(observation, its first import) of what is held of some imports."""
    wanted = set(firsts)
    rows = connection.execute("SELECT id, intake FROM raw_segments WHERE intake IS NOT NULL").fetchall()
    segments = {number: first for number, first in rows if first in wanted}
    if segments:
        for obs_id, number in connection.execute("SELECT obs_id, raw_segment FROM known"):
            if number in segments:
                yield obs_id, segments[number]


def _media_held(connection: sqlite3.Connection, firsts: Iterable[int]) -> Iterator[tuple[str, int]]:
    wanted = set(firsts)
    for sha256, first in connection.execute("SELECT sha256, intake FROM media WHERE intake IS NOT NULL"):
        if first in wanted:
            yield sha256, first


def _firsts(connection: sqlite3.Connection, obs_ids: list[bytes]) -> Iterator[tuple[bytes, int]]:
    query = (
        "SELECT DISTINCT obs_id, intake FROM known JOIN raw_segments ON raw_segments.id = raw_segment"
        " WHERE intake IS NOT NULL AND obs_id IN ({})"
    )
    for row in manifest.among(connection, query, obs_ids):
        yield row[0], row[1]


def _media_firsts(connection: sqlite3.Connection, sha256s: list[str]) -> Iterator[tuple[str, int]]:
    query = "SELECT DISTINCT sha256, intake FROM media WHERE intake IS NOT NULL AND sha256 IN ({})"
    for row in manifest.among(connection, query, sha256s):
        yield row[0], row[1]


def _mark(data: bytes) -> bytes:
    """Tells whether the same was noted before."""
    return hashlib.blake2b(data, digest_size=16).digest()


def _cut(data: bytes) -> Iterator[bytes]:
    for start in range(0, len(data), BEGINNING):
        yield data[start : start + BEGINNING]
