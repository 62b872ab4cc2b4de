"""The custody chain: what happened to what, each entry bound to the one before by its hash.

An entry's hash is SHA-256 of the deterministic JSON list
`[seq, prev, day, circle, action, object, tool, reason]`; the first `prev` is 64 zeros. No clock, no
random number and no member enters, so that an import that is repeated after a crash, on the same day,
gives the same chain as one that was not disturbed.

Actions: `received` (object: SHA-256 of the file as it came), `stored` (object: see `stored_object`),
`completed` (object: the received file; reason: the counts), `compacted` (object: which files of tables became
which; no fact is changed by it).
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

from dalil.archive.rows import CustodyEntry
from dalil.schema.identity import canonical_bytes

GENESIS: Final = "0" * 64
RECEIVED: Final = "received"
STORED: Final = "stored"
COMPLETED: Final = "completed"
COMPACTED: Final = "compacted"


def entry_hash(entry: CustodyEntry) -> str:
    """What the entry's hash must be, 64 hex digits."""
    fields = [entry.seq, entry.prev, entry.day, entry.circle, entry.action, entry.object, entry.tool, entry.reason]
    return hashlib.sha256(canonical_bytes(fields)).hexdigest()


def stored_object(obs_ids: Iterable[bytes], media: Iterable[str], raw_segment: str | None) -> str:
    """The digest of what one step stored: its new observations, its new media and its raw segment.

    Args:
        obs_ids: 32 bytes each, in any order.
        media: SHA-256 hex digits of the new media files, in any order.
        raw_segment: SHA-256 of the sealed raw segment; None when only media were stored.
    """
    ids, pictures = sorted(obs_ids), sorted(media)
    digest = hashlib.sha256(f"dalil stored 1 {len(ids)} {len(pictures)}\n".encode())
    digest.update(b"".join(ids))
    for sha256 in pictures:
        digest.update(bytes.fromhex(sha256))
    if raw_segment is not None:
        digest.update(bytes.fromhex(raw_segment))
    return digest.hexdigest()


def append(
    connection: sqlite3.Connection, *, day: str, circle: str, action: str, object_: str, tool: str, reason: str = ""
) -> int:
    """Add an entry inside the caller's transaction; returns its number."""
    row = connection.execute("SELECT seq, hash FROM custody ORDER BY seq DESC LIMIT 1").fetchone()
    seq, prev = (row[0] + 1, row[1]) if row else (1, GENESIS)
    entry = CustodyEntry(
        seq=seq, prev=prev, day=day, circle=circle, action=action, object=object_, tool=tool, reason=reason, hash=""
    )
    connection.execute(
        "INSERT INTO custody VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (seq, prev, day, circle, action, object_, tool, reason, entry_hash(entry)),
    )
    return int(seq)


def first_break(entries: Sequence[CustodyEntry]) -> int | None:
    """The number at which a chain, read from its start, no longer holds; None when all of it does."""
    prev = GENESIS
    for number, entry in enumerate(entries, start=1):
        if entry.seq != number or entry.prev != prev or entry_hash(entry) != entry.hash:
            return number
        prev = entry.hash
    return None
