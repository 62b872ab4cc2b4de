"""Expunging: an observation goes for good, and its hash and the reason stay.

What goes: its rows in every table, its raw record, the bytes and fingerprints of media that nobody else
shows, sealed locators that nobody else needs, saved findings that name it, and the indexes, which are made
again. What stays: a *tombstone* (observation id, hash of the raw record, reason, day, circle), bound into
custody, by which the record is known and left out when it is imported again; and a mark, by which it is
known after a change of the key (`tombstones`).
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dalil.archive import custody, intakes, manifest, raw, rewriting, tombstones
from dalil.archive.rewriting import Note, Removal
from dalil.archive.scratch import Scratch
from dalil.archive.workspace import Workspace
from dalil.errors import Conflict, EvidenceDamaged
from dalil.schema.identity import canonical_bytes

EXPUNGED: Final = "expunged"
"""The action in custody; its object is the digest of the tombstones."""
TRIES: Final = 5
_STAND_IN: Final = re.compile(rb"h:[0-9a-f]{32}")
NAMES: Final = {
    "observations": ("uid",),
    "posts": ("uid", "author_ref", "container_ref", "thread_root", "mentions"),
    "accounts": ("uid",),
    "edges": ("src_uid", "dst_uid", "dst_hint", "author_ref"),
}
"""The columns in which a stand-in may be named."""


class Reason(NamedTuple):
    """Why something goes.

    `alone`: one may do it without a second circle, because a law or an order leaves no choice. `blocks`: it
    does not come back when it is imported again.
    """

    text: str
    alone: bool
    blocks: bool


REASONS: Final[dict[str, Reason]] = {
    "asked": Reason("A person whom it shows or names asked for it.", alone=False, blocks=True),
    "expired": Reason("The days for which its class is kept are over.", alone=True, blocks=False),
    "harm": Reason("Keeping it endangers somebody.", alone=False, blocks=True),
    "legal": Reason("A law or a court's order demands it.", alone=True, blocks=True),
    "mistake": Reason("It should never have been taken in.", alone=False, blocks=True),
    "private": Reason("The account behind it turned out to be a private person's.", alone=False, blocks=True),
}
"""The closed list of reasons, code → what it means; custody keeps the code."""


@dataclass(slots=True)
class Expunged:
    """What went: counts only."""

    observations: int = 0
    media: int = 0
    locators: int = 0
    findings: int = 0
    files: int = 0
    missing: list[str] = field(default_factory=list)
    """Ids that the archive does not hold (any more)."""


def expunge(
    workspace: Workspace,
    obs_ids: Iterable[str],
    *,
    reason: str,
    note: Note,
    keep_media: Collection[str] = (),
    identity: bytes | None = None,
) -> Expunged:
    """Remove observations for good; all of them in one step, or none.

    Args:
        reason: of `REASONS`.
        keep_media: hashes of media whose bytes stay whatever happens, because something else refers to them.
        identity: the key of observation ids; by it what goes is known again after a change of the other key.
    Raises:
        KeyError: there is no such reason.
        Conflict: `workspace-busy`; imports changed the archive each time that it was tried.
    """
    meaning = REASONS[reason]
    rewriting.finish(workspace)
    for _ in range(TRIES):
        with Scratch(workspace.tmp) as scratch:
            ids = [bytes.fromhex(obs_id) for obs_id in dict.fromkeys(obs_ids)]
            with workspace.manifest.reading() as connection:
                held = sorted(manifest.known_ids(connection, ids))
            done = Expunged(missing=sorted(obs_id.hex() for obs_id in set(ids) - set(held)))
            if not held:
                return done
            removal = _removal(workspace, held, frozenset(keep_media))
            made = rewriting.plan(workspace, removal, scratch)
            with workspace.manifest.writing() as connection:
                tombs = _marked(connection, workspace, held, identity if meaning.blocks else None)
                if not rewriting.carry_out(workspace, made, note, connection):
                    continue
                _enter(connection, tombs, reason, meaning, note, len(removal.media))
            done.observations, done.media = len(held), len(removal.media)
            done.locators, done.findings = len(removal.pseudonyms), len({name for name, _ in made.findings})
        done.files = rewriting.finish(workspace)
        return done
    raise Conflict("workspace-busy")


def forget_options(workspace: Workspace, names: Collection[str]) -> None:
    """Leave out of what imports were given (the page whose download it was) every value that is one of these names.

    Args:
        names: case-folded, without @.
    """
    with workspace.manifest.writing() as connection:
        changed = intakes.forget_options(connection, names)
    if changed:
        rewriting.empty_log(workspace)


def left_out(tables: Mapping[str, pa.Table], gone: Collection[bytes]) -> dict[str, pa.Table]:
    """The tables of a chunk without observations that were expunged, and without what came with them alone."""
    ids = pa.array(sorted(obs_id.hex() for obs_id in gone), pa.string())
    kept = {
        name: rows.filter(pc.invert(pc.is_in(rows["obs_id"], value_set=ids))) if "obs_id" in rows.schema.names else rows
        for name, rows in tables.items()
    }
    shown = kept["media"]["sha256"].combine_chunks()
    for name in ("blobs", "image_signals"):
        kept[name] = kept[name].filter(pc.is_in(kept[name]["sha256"], value_set=shown))
    named = {match.decode() for row in kept["raw"]["record"].to_pylist() for match in _STAND_IN.findall(row)}
    pseudonyms = kept["locators"]["pseudonym"].to_pylist()
    wanted = [name.partition(":")[2] in named for name in pseudonyms]
    kept["locators"] = kept["locators"].filter(pa.array(wanted, pa.bool_()))
    return kept


def buried(workspace: Workspace, obs_ids: Sequence[str]) -> dict[str, dict[str, str]]:
    """Observation id → what stayed of it (`sha256`, `reason`, `day`, `circle`), of those that were expunged."""
    query = "SELECT sha256, reason, day, circle FROM expunged WHERE obs_id = ? ORDER BY custody DESC LIMIT 1"
    found: dict[str, dict[str, str]] = {}
    with workspace.manifest.reading() as connection:
        for obs_id in obs_ids:
            row = connection.execute(query, (bytes.fromhex(obs_id),)).fetchone()
            if row:
                found[obs_id] = dict(zip(("sha256", "reason", "day", "circle"), row, strict=True))
    return found


def platforms(workspace: Workspace) -> set[str]:
    """The platforms of the pseudonyms whose locators are kept."""
    with workspace.manifest.reading() as connection:
        return {row[0].partition(":")[0] for row in connection.execute("SELECT pseudonym FROM locators")}


def digest(tombs: Iterable[tuple[bytes, str]]) -> str:
    """The object of an `expunged` entry: of (observation id, SHA-256 of its raw record), in any order."""
    ordered = sorted(tombs)
    made = hashlib.sha256(f"dalil expunged 1 {len(ordered)}\n".encode())
    for obs_id, sha256 in ordered:
        made.update(obs_id + bytes.fromhex(sha256))
    return made.hexdigest()


def _removal(workspace: Workspace, held: Sequence[bytes], keep_media: frozenset[str]) -> Removal:
    ids = pa.array([obs_id.hex() for obs_id in held], pa.string())
    media = media_of(workspace, ids)
    return Removal(
        observations=frozenset(held),
        media=media - keep_media,
        fingerprints=media - keep_media,
        pseudonyms=pseudonyms_of(workspace, held, ids),
    )


def media_of(workspace: Workspace, ids: pa.Array) -> frozenset[str]:
    """Media whose bytes are held and that only these observations show."""
    theirs: set[str] = set()
    others: set[str] = set()
    for rows in read(workspace, "media", ["obs_id", "sha256"]):
        mine = pc.is_in(rows["obs_id"], value_set=ids)
        theirs.update(rows["sha256"].filter(mine).to_pylist())
        others.update(rows["sha256"].filter(pc.invert(mine)).to_pylist())
    with workspace.manifest.reading() as connection:
        return frozenset(manifest.known_media(connection, sorted(theirs - others)))


def pseudonyms_of(workspace: Workspace, held: Sequence[bytes], ids: pa.Array) -> frozenset[str]:
    """Stand-ins whose locator is kept and that only these observations name."""
    named = {match.decode() for record in _records(workspace, held) for match in _STAND_IN.findall(record)}
    if not named:
        return frozenset()
    with workspace.manifest.reading() as connection:
        sealed = [row[0] for row in connection.execute("SELECT pseudonym FROM locators")]
    mine = {pseudonym for pseudonym in sealed if pseudonym.partition(":")[2] in named}
    for table, columns in NAMES.items():
        for rows in read(workspace, table, ["obs_id", *columns]):
            if not mine:
                return frozenset()
            others = rows.filter(pc.invert(pc.is_in(rows["obs_id"], value_set=ids)))
            for column in columns:
                mine -= _named_in(others[column], mine)
    return frozenset(mine)


def _named_in(column: pa.ChunkedArray, pseudonyms: set[str]) -> set[str]:
    """Those of the pseudonyms that a column names: as uids, or as mentions, which tell no platform."""
    if pa.types.is_list(column.type):
        wanted = {f"@{pseudonym.partition(':')[2]}": pseudonym for pseudonym in pseudonyms}
        column = pc.list_flatten(column)
    else:
        wanted = {pseudonym: pseudonym for pseudonym in pseudonyms}
    found = pc.unique(column.filter(pc.is_in(column, value_set=pa.array(sorted(wanted), pa.string()))))
    return {wanted[text] for text in found.to_pylist()}


def read(workspace: Workspace, table: str, columns: list[str]) -> Iterator[pa.Table]:
    """Some columns of all segments of a table, whichever reading they are of.

    Raises:
        EvidenceDamaged: a segment cannot be read.
    """
    for segment in workspace.manifest.segments(table):
        try:
            yield pq.read_table(workspace.archive / segment.path, columns=columns, partitioning=None)
        except (OSError, pa.ArrowException) as error:
            raise EvidenceDamaged("archive-damaged", part=segment.path) from error


def _records(workspace: Workspace, held: Sequence[bytes]) -> Iterator[bytes]:
    wanted = set(held)
    with workspace.manifest.reading() as connection:
        numbers = set(dict(manifest.raw_places(connection, held)).values())
        rows = connection.execute("SELECT id, path FROM raw_segments").fetchall()
    for number, path in rows:
        if number in numbers:
            yield from (record for obs_id, record in raw.read_all(workspace.raw / path) if obs_id in wanted)


def tombstones_of(
    connection: sqlite3.Connection, workspace: Workspace, held: Sequence[bytes]
) -> list[tuple[bytes, str]]:
    """(observation id, SHA-256 of its raw record) of what goes, as long as it is there."""
    return [(obs_id, sha256) for obs_id, sha256, _ in _marked(connection, workspace, held, None)]


def _marked(
    connection: sqlite3.Connection, workspace: Workspace, held: Sequence[bytes], identity: bytes | None
) -> list[tuple[bytes, str, bytes | None]]:
    """The same, each with its mark where there is a key and it has one."""
    gone = dict(connection.execute("SELECT obs_id, sha256 FROM raw_gone"))
    found: dict[bytes, tuple[str, bytes | None]] = {obs_id: (gone[obs_id], None) for obs_id in held if obs_id in gone}
    for obs_id, source_format, record in tombstones.raw_of(connection, workspace.raw, held):
        mark = tombstones.mark_of(identity, source_format, record) if identity else None
        found[obs_id] = (raw.sha256_of(record), mark)
    return [(obs_id, *told) for obs_id, told in sorted(found.items())]


def _enter(
    connection: sqlite3.Connection,
    tombs: Sequence[tuple[bytes, str, bytes | None]],
    reason: str,
    meaning: Reason,
    note: Note,
    media: int,
) -> None:
    counts: dict[str, Any] = {"reason": reason, "observations": len(tombs), "media": media}
    if note.second:
        counts["with"] = note.second
    seq = custody.append(
        connection,
        day=note.day,
        circle=note.circle,
        action=EXPUNGED,
        object_=digest((obs_id, sha256) for obs_id, sha256, _ in tombs),
        tool=note.tool,
        reason=canonical_bytes(counts).decode(),
    )
    connection.executemany(
        "INSERT INTO expunged VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (obs_id, seq, sha256, reason, note.day, note.circle, int(meaning.blocks), mark)
            for obs_id, sha256, mark in tombs
        ],
    )
