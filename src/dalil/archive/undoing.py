"""Undoing an import: what it alone brought leaves the archive, as if it had not come, and may come again.

What goes: its observations with all their rows and raw records, the bytes, rows and fingerprints of media that nobody else
brought or shows, sealed locators that nobody else needs, its rejects, saved findings and indexes that hold any of it.
What stays: whatever another import brought too (see `bringers`), and in custody that it came, how much of it
there was, and that it was undone. No tombstone is left: it was no wrong to hold it.

An import goes in steps of whole raw segments; each step is wholly done or not at all. One that was cut off goes on when
it is repeated, and until its end the import is `undoing`: nothing more is written for it.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from dalil.archive import bringers, custody, expunging, intakes, rewriting
from dalil.archive.bringers import BEGINNING, Brought
from dalil.archive.rewriting import Note, Removal
from dalil.archive.scratch import Scratch
from dalil.archive.workspace import Workspace
from dalil.errors import NotAvailable
from dalil.schema.identity import canonical_bytes

UNDONE: Final = "undone"
"""The action in custody; its object is the digest of what went, see `digest`."""
AT_ONCE: Final = 250_000
"""Observations of one step: what a small laptop holds while files are written anew."""


@dataclass(frozen=True, slots=True)
class Belongings:
    """What counts to one import now.

    Args:
        number: of the import in the manifest.
        state: of the import, see `IntakeRow`.
        untold: imports of an earlier version of which it is not known what they brought of it.
        traceable: whether it is known at all what this one brought.
        rejects: how many records that could not be read are noted.
        primary: of its observations those that no other record brought along.
    """

    number: int
    state: str
    brought: Brought
    untold: tuple[str, ...]
    traceable: bool
    rejects: int
    primary: frozenset[bytes]

    def names(self) -> frozenset[str]:
        """Ids of observations and hashes of media that would go, in hex."""
        return frozenset(obs_id.hex() for obs_id in self.brought.alone) | self.brought.media


@dataclass(slots=True)
class Step:
    """One step, ready to be taken: new files lie under temporary names. `last`: nothing of the import is left after it."""

    workspace: Workspace
    belongings: Belongings
    obs_ids: tuple[bytes, ...]
    last: bool
    plan: rewriting.Plan
    hashes: list[tuple[bytes, str]]
    seen: int

    @property
    def primary(self) -> int:
        """How many primary observations go with it."""
        return len(self.belongings.primary.intersection(self.obs_ids))

    @property
    def names(self) -> frozenset[str]:
        """Ids of the observations and hashes of the media that go with it, in hex."""
        return frozenset(obs_id.hex() for obs_id in self.obs_ids) | self.plan.removal.media

    def take(self, note: Note) -> bool:
        """Take it; False, and nothing done, when the archive changed meanwhile: plan again."""
        with self.workspace.manifest.writing() as connection:
            if _newest(connection) != self.seen:
                return False
            if not rewriting.carry_out(self.workspace, self.plan, note, connection):
                return False
            self._enter(connection, note)
        return True

    def _enter(self, connection: sqlite3.Connection, note: Note) -> None:
        number, removal = self.belongings.number, self.plan.removal
        intake_id, received = connection.execute(
            "SELECT intake_id, received_sha256 FROM intakes WHERE id = ?", (number,)
        ).fetchone()
        counts = {"intake": intake_id, "media": len(removal.media), "observations": len(self.obs_ids)}
        if self.last:
            counts["shared"] = len(self.belongings.brought.shared)
        custody.append(
            connection,
            day=note.day,
            circle=note.circle,
            action=UNDONE,
            object_=digest(self.hashes, removal.media),
            tool=note.tool,
            reason=canonical_bytes(counts).decode(),
        )
        connection.execute(
            "UPDATE intakes SET state = ?, undone = ?, undone_by = ?, gone = gone + ? WHERE id = ?",
            (intakes.UNDONE if self.last else intakes.UNDOING, note.day, note.circle, self.primary, number),
        )
        if not self.last:
            return
        shared, primary = self.belongings.brought.shared, self.belongings.primary
        heirs = Counter(heir for obs_id, heir in shared.items() if obs_id in primary)
        connection.executemany(
            "UPDATE intakes SET taken_over = taken_over + ? WHERE id = ?", [(n, heir) for heir, n in heirs.items()]
        )
        connection.execute("DELETE FROM rejects WHERE intake = ?", (number,))
        connection.execute("DELETE FROM met_again WHERE intake = ?", (number,))
        intakes.forget_received(connection, received)


def look(workspace: Workspace, intake_id: str) -> Belongings:
    """What counts to an import now.

    Raises:
        NotAvailable: there is none.
    """
    with workspace.manifest.reading() as connection:
        row = connection.execute("SELECT id, state FROM intakes WHERE intake_id = ?", (intake_id,)).fetchone()
        if not row:
            raise NotAvailable("no-such-thing")
        rejects = connection.execute("SELECT count(*) FROM rejects WHERE intake = ?", row[:1]).fetchone()[0]
        empty = Brought(frozenset(), {}, frozenset(), frozenset())
        brought = empty if row[1] == intakes.UNDONE else bringers.brought(connection, row[0])
        untold = bringers.untold(connection, row[0])
        traceable = bringers.is_traceable(connection, row[0])
    brought = brought._replace(media=_going_media(workspace, brought))
    return Belongings(row[0], row[1], brought, tuple(untold), traceable, rejects, _primary(workspace, brought))


@contextmanager
def prepared(workspace: Workspace, intake_id: str, *, at_once: int = AT_ONCE) -> Iterator[Step | None]:
    """The next step of undoing an import, its files written under temporary names; None when it is undone."""
    rewriting.finish(workspace)
    with workspace.manifest.reading() as connection:
        seen = _newest(connection)
    belongings = look(workspace, intake_id)
    if belongings.state == intakes.UNDONE:
        yield None
        return
    obs_ids, last = _part(workspace, belongings.brought.alone, at_once)
    with Scratch(workspace.tmp) as scratch:
        plan = rewriting.plan(workspace, _removal(workspace, belongings, obs_ids, last=last), scratch)
        with workspace.manifest.reading() as connection:
            hashes = expunging.tombstones_of(connection, workspace, obs_ids)
        yield Step(workspace, belongings, obs_ids, last, plan, hashes, seen)


def digest(hashes: Sequence[tuple[bytes, str]], media: frozenset[str]) -> str:
    """The object of an `undone` entry: of (observation id, SHA-256 of its raw record) and of media, in any order."""
    made = hashlib.sha256(f"dalil undone 1 {len(hashes)} {len(media)}\n".encode())
    for obs_id, sha256 in sorted(hashes):
        made.update(obs_id + bytes.fromhex(sha256))
    for sha256 in sorted(media):
        made.update(bytes.fromhex(sha256))
    return made.hexdigest()


def _part(workspace: Workspace, alone: frozenset[bytes], at_once: int) -> tuple[tuple[bytes, ...], bool]:
    """The next observations to go, those of one raw segment together; and whether they are the last."""
    if len(alone) <= at_once:
        return tuple(sorted(alone)), True
    with workspace.manifest.reading() as connection:
        query = "SELECT raw_segment, obs_id FROM known"
        ordered = sorted(row for row in connection.execute(query) if row[1] in alone)
    part = list(islice(ordered, at_once))
    return tuple(obs_id for _, obs_id in part), False


def _removal(workspace: Workspace, belongings: Belongings, obs_ids: Sequence[bytes], *, last: bool) -> Removal:
    ids = pa.array([obs_id.hex() for obs_id in obs_ids], pa.string())
    going = belongings.brought.media
    media = going if last else going & expunging.media_of(workspace, ids)
    return Removal(
        observations=frozenset(obs_ids),
        media=media,
        fingerprints=media,
        unshown=media,
        pseudonyms=expunging.pseudonyms_of(workspace, obs_ids, ids),
    )


def _going_media(workspace: Workspace, brought: Brought) -> frozenset[str]:
    """Of the media that it alone brought those that nobody else shows.

    An observation that stays shows one only through this import where this import met it again: then the bytes came with
    it for the first time, and so did that row.
    """
    going = set(brought.media)
    wanted = pa.array(sorted(going), pa.string())
    for rows in expunging.read(workspace, "media", ["obs_id", "sha256"]) if going else ():
        for row in rows.filter(pc.is_in(rows["sha256"], value_set=wanted)).to_pylist():
            obs_id = bytes.fromhex(row["obs_id"])
            if obs_id not in brought.alone and obs_id[:BEGINNING] not in brought.again:
                going.discard(row["sha256"])
    return frozenset(going)


def _primary(workspace: Workspace, brought: Brought) -> frozenset[bytes]:
    """Of what it brought the primary observations."""
    wanted = pa.array([obs_id.hex() for obs_id in (*brought.alone, *brought.shared)], pa.string())
    primary: set[bytes] = set()
    for rows in expunging.read(workspace, "observations", ["obs_id", "included"]) if len(wanted) else ():
        mine = rows.filter(pc.and_(pc.is_in(rows["obs_id"], value_set=wanted), pc.invert(rows["included"])))
        primary.update(bytes.fromhex(obs_id) for obs_id in mine["obs_id"].to_pylist())
    return frozenset(primary)


def _newest(connection: sqlite3.Connection) -> int:
    """Grows whenever anything is stored or noted: what was planned before it may be too much."""
    query = "SELECT (SELECT coalesce(max(seq), 0) FROM custody), (SELECT coalesce(max(id), 0) FROM met_again)"
    stored, noted = connection.execute(query).fetchone()
    return int(stored + noted)
