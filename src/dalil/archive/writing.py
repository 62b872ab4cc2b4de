"""The only way into the archive; imported by `actions` alone.

A chunk is one step: it is wholly in the archive, custody included, or not at all. Files are written and
synced under temporary names first. Then, under the manifest's write lock, the ids are looked up again,
the files renamed and synced, the rows inserted and committed. A crash before the commit leaves files that
nothing refers to. Renaming under the lock is what lets `doctor` tell such a file from one that is about
to be recorded.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from dalil import log
from dalil.archive import bringers, checking, custody, expunging, intakes, locators, manifest, saving, tombstones
from dalil.archive.disk import place, write_synced
from dalil.archive.drafting import Draft, Known, draft
from dalil.archive.rows import IntakeRow, Kept
from dalil.archive.scratch import Scratch
from dalil.archive.workspace import Workspace
from dalil.errors import Conflict
from dalil.schema.chunks import Begin, Chunk, End, Failed, PublicAccount
from dalil.schema.results import Finding
from dalil.schema.tables import TABLES_VERSION


class Keys(Protocol):
    """What the writer needs of the keys: the key of observation ids."""

    @property
    def identity(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class _Handed:
    """One chunk as it was handed over, checked."""

    tables: dict[str, pa.Table]
    ids: list[bytes]
    blobs: list[str]
    rows: int
    """Primary observations handed over, repetitions included; what a record brought along is not counted."""
    primary: frozenset[bytes]
    """Ids of those that are primary records."""

    def count(self, obs_ids: Iterable[bytes]) -> int:
        """How many of `obs_ids` are primary."""
        return sum(obs_id in self.primary for obs_id in obs_ids)


class _Sealed(NamedTuple):
    """Locators that are new: (pseudonym, (number, sealed)), and how many could not be kept; for which circles,
    and the batch's secrets, where there are any."""

    rows: list[tuple[str, tuple[int, bytes]]]
    not_kept: int
    circles: tuple[str, ...] = ()
    secrets: locators.Secrets | None = None


class _Asked(NamedTuple):
    """Which connection was asked what is known, and its `_version` then."""

    connection: sqlite3.Connection | None
    version: int


class Writer:
    """Writes for one workspace, from one thread; several writers, in any processes, take turns.

    Args:
        keys: to check that each observation's id is that of its record; None leaves that out.
        now: aware; gives the day that custody names, in the workspace's zone. The only clock there is.
    """

    def __init__(self, workspace: Workspace, *, keys: Keys | None, now: datetime) -> None:
        if now.tzinfo is None:
            raise ValueError("now must carry a zone")
        self._workspace = workspace
        self._manifest = workspace.manifest
        self._identity = keys.identity if keys else None
        self._day = now.astimezone(ZoneInfo(workspace.zone)).date().isoformat()
        self._handed_over: dict[str, int] = {}
        self._not_kept: dict[str, int] = {}
        self._containers: dict[str, intakes.Container | None] = {}
        self._expunged: dict[str, int] = {}

    def begin(self, begin: Begin, collected_by: str, options: Mapping[str, str] | None = None) -> str:
        """Open an import, or go on with the one of the same file that was cut off.

        Args:
            collected_by: the circle.
            options: what was given for the source format; shown with the import.
        Returns:
            The intake's id.
        """
        with self._manifest.writing() as connection:
            intake_id = intakes.open_intake(connection, begin, collected_by, self._day, options)
        self._handed_over[intake_id] = self._not_kept[intake_id] = self._expunged[intake_id] = 0
        self._containers[begin.received_sha256] = intakes.container_of(begin)
        log.event("intake.begin", id=intake_id, format=begin.source_format)
        return intake_id

    def chunk(self, intake_id: str, chunk: Chunk) -> Kept:
        """Write one chunk.

        Returns:
            How many of its primary observations were new, and how many were held already (or came twice).
        Raises:
            InputError: `chunk-untrue`; nothing of the chunk is kept.
            LimitReached: `disk-full`; nothing of the chunk is kept.
        """
        handed = _hand_over(chunk)
        recipients = self._workspace.recipients()
        with self._manifest.reading() as connection:
            intake = intakes.find(connection, intake_id)
            known = self._look_up(connection, handed)
            asked = _Asked(connection, _version(connection))
        while True:
            shown = _left_out(handed, known.expunged)
            plan = draft(shown.tables, shown.ids, shown.blobs, known, self._identity)
            sealed = _seal(shown.tables["locators"], recipients, known, intake.circle)
            if plan.is_empty and not sealed.rows and handed.tables["rejects"].num_rows == 0:
                found = self._note(intake, handed, known, asked)
            else:
                found = self._store(intake, chunk, handed, known, asked, plan, sealed)
            if found is None:
                break
            known = found  # somebody else stored some of it meanwhile: plan again without those
            asked = _Asked(None, 0)
        expunged = handed.count(known.expunged)
        self._handed_over[intake_id] = self._handed_over.get(intake_id, 0) + handed.rows - expunged
        self._expunged[intake_id] = self._expunged.get(intake_id, 0) + expunged
        self._not_kept[intake_id] = self._not_kept.get(intake_id, 0) + sealed.not_kept
        kept = handed.count(plan.obs_ids)
        log.event("intake.chunk", id=intake_id, count=kept)
        return Kept(kept, handed.rows - kept - expunged)

    def end(self, intake_id: str, end: End) -> IntakeRow:
        """Close an import with the child's final counts.

        `known` counts what this writer was handed over since `begin`, so one writer does the whole import.
        """
        with self._manifest.writing() as connection:
            intake = intakes.find(connection, intake_id)
            intakes.finish(
                connection,
                intake,
                end,
                day=self._day,
                handed_over=self._handed_over.pop(intake_id, 0),
                locators_not_kept=self._not_kept.pop(intake_id, 0),
                container=self._containers.pop(intake.received_sha256, None),
                expunged=self._expunged.pop(intake_id, 0),
            )
        log.event("intake.end", id=intake_id)
        return self._row(intake_id)

    def fail(self, intake_id: str, failed: Failed) -> IntakeRow:
        """Close an import that could not be read on; its chunks so far stay."""
        with self._manifest.writing() as connection:
            intakes.fail(connection, intakes.find(connection, intake_id), failed)
        log.event("intake.failed", id=intake_id, code=failed.code)
        return self._row(intake_id)

    def media_blob(self, data: bytes, *, circle: str, tool: str) -> str:
        """Keep one media file that did not come by an import; one that is held already is not stored again.

        Args:
            circle: who brought it.
            tool: what took it in, with its version; named in custody.
        Returns:
            Its SHA-256, 64 hex digits.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        with Scratch(self._workspace.tmp) as scratch:
            moves = _stage(scratch, [(self._workspace.media_path(sha256), data)])
            with self._manifest.writing() as connection:
                if manifest.known_media(connection, [sha256]):
                    return sha256
                place(moves)
                seq = self._enter_stored(connection, circle, tool, (), (sha256,), None)
                connection.execute("INSERT INTO media VALUES (?, ?, ?, NULL)", (sha256, len(data), seq))
        return sha256

    def save_finding(self, finding: Finding, tables: Mapping[str, pa.Table]) -> None:
        """Save a result with its tables; an earlier one of the same id is replaced.

        Raises:
            ValueError: the id or a table's name is not plain.
        """
        saving.save_finding(self._workspace, finding, tables)

    def save_index(
        self, name: str, arrays: Mapping[str, np.ndarray], *, facts: Mapping[str, str] | None = None
    ) -> None:
        """Save arrays that can be made again; an earlier index of that name is replaced.

        Args:
            facts: what the index must say of itself, such as the method's version.
        Raises:
            ValueError: a name is not plain, or an array holds Python objects.
        """
        saving.save_index(self._workspace, name, arrays, facts or {}, self._manifest.head())

    def set_public(self, accounts: Iterable[PublicAccount]) -> None:
        """Replace the list of accounts that are known to be public channels, pages or outlets."""
        ordered = sorted(set(accounts), key=lambda account: (account.platform, account.native_id, account.handle))
        self._workspace.write_public_accounts(tuple(ordered))

    def _store(
        self,
        intake: intakes.Intake,
        chunk: Chunk,
        handed: _Handed,
        known: Known,
        asked: _Asked,
        plan: Draft,
        sealed: _Sealed,
    ) -> Known | None:
        """Write a plan; None when done, or what is known by now when that is no longer what it was made for."""
        workspace = self._workspace
        files: list[tuple[Path, bytes | memoryview]] = [
            (workspace.archive / segment.path, segment.data) for segment in plan.segments
        ]
        files += [(workspace.media_path(sha256), data) for sha256, data in plan.media.items()]
        if plan.raw:
            files.append((workspace.raw / plan.raw.sha256, plan.raw.data))
        with Scratch(workspace.tmp) as scratch:
            moves = _stage(scratch, files)
            with self._manifest.writing() as connection:
                if asked != (connection, _version(connection)):
                    found = self._look_up(connection, handed)
                    if found != known:
                        return found
                _require_generation(connection, handed.tables["observations"])
                intakes.require_open(connection, intake)
                place(moves)
                self._insert(connection, intake, plan, sealed)
                bringers.note(connection, intake.row, known.obs_ids, known.media)
                intakes.add_rejects(connection, intake, handed.tables["rejects"].to_pylist())
                intakes.count_chunk(connection, intake, chunk.head, handed.count(plan.obs_ids))
        return None

    def _note(self, intake: intakes.Intake, handed: _Handed, known: Known, asked: _Asked) -> Known | None:
        """Note what is held already and came again; None when done, or what is known by now, as `_store`."""
        if not known.obs_ids and not known.media:
            return None
        with self._manifest.writing() as connection:
            if asked != (connection, _version(connection)):
                found = self._look_up(connection, handed)
                if found != known:
                    return found
            intakes.require_open(connection, intake)
            bringers.note(connection, intake.row, known.obs_ids, known.media)
        return None

    def _look_up(self, connection: sqlite3.Connection, handed: _Handed) -> Known:
        pictures = handed.tables["image_signals"]["sha256"].to_pylist()
        held, gone = manifest.known_ids(connection, handed.ids), manifest.expunged_ids(connection, handed.ids)
        if self._identity is not None:
            gone |= tombstones.marked_ids(connection, self._identity, handed.tables) - held
        return Known(
            frozenset(held),
            frozenset(manifest.known_media(connection, handed.blobs)),
            frozenset(manifest.known_image_signals(connection, pictures)),
            frozenset(manifest.known_pseudonyms(connection, handed.tables["locators"]["pseudonym"].to_pylist())),
            frozenset(gone),
        )

    def _insert(self, connection: sqlite3.Connection, intake: intakes.Intake, plan: Draft, sealed: _Sealed) -> None:
        intakes.mark_received(connection, intake, self._day, self._containers.get(intake.received_sha256))
        if plan.obs_ids or plan.media:
            raw_sha256 = plan.raw.sha256 if plan.raw else None
            seq = self._enter_stored(connection, intake.circle, intake.tool, plan.obs_ids, plan.media, raw_sha256)
            connection.executemany(
                "INSERT INTO media VALUES (?, ?, ?, ?)",
                [(name, len(data), seq, intake.row) for name, data in plan.media.items()],
            )
        if plan.raw:
            added = connection.execute(
                "INSERT INTO raw_segments (path, sha256, bytes, records, custody, intake) VALUES (?, ?, ?, ?, ?, ?)",
                (plan.raw.sha256, plan.raw.sha256, len(plan.raw.data), len(plan.obs_ids), seq, intake.row),
            )
            places = ((obs_id, added.lastrowid, at) for obs_id, at in zip(plan.obs_ids, plan.raw.pointers, strict=True))
            connection.executemany("INSERT INTO known VALUES (?, ?, ?)", sorted(places))
        connection.executemany(
            "INSERT INTO segments (table_name, month, path, rows, min_claimed, max_claimed, schema_version, sha256, bytes)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    *(item.table, item.month, item.path, item.rows, item.min_claimed, item.max_claimed),
                    *(TABLES_VERSION, item.sha256, len(item.data)),
                )
                for item in plan.segments
            ],
        )
        connection.executemany("INSERT INTO image_signals VALUES (?, ?, ?)", plan.image_signals)
        if sealed.secrets:
            batch = connection.execute(
                "INSERT INTO locator_batches (inner_secret, outer_secret) VALUES (?, ?)", sealed.secrets
            ).lastrowid
            rows = ((pseudonym, blob, *sealed.circles, batch, number) for pseudonym, (number, blob) in sealed.rows)
            connection.executemany("INSERT INTO locators VALUES (?, ?, ?, ?, ?, ?)", rows)

    def _enter_stored(
        self,
        connection: sqlite3.Connection,
        circle: str,
        tool: str,
        obs_ids: Iterable[bytes],
        media: Iterable[str],
        raw_sha256: str | None,
    ) -> int:
        object_ = custody.stored_object(obs_ids, media, raw_sha256)
        return custody.append(
            connection, day=self._day, circle=circle, action=custody.STORED, object_=object_, tool=tool
        )

    def _row(self, intake_id: str) -> IntakeRow:
        row = self._manifest.intake(intake_id)
        assert row is not None
        return row


def _hand_over(chunk: Chunk) -> _Handed:
    rows = checking.primaries(chunk.tables["observations"]).count(True) if "observations" in chunk.tables else 0
    tables = checking.checked(chunk.tables)
    observations = tables["observations"]
    ids = checking.binary_ids(observations["obs_id"])
    primary = frozenset(obs_id for obs_id, own in zip(ids, checking.primaries(observations), strict=True) if own)
    return _Handed(tables, ids, checking.blob_hashes(tables["blobs"]), rows, primary)


def _left_out(handed: _Handed, expunged: frozenset[bytes]) -> _Handed:
    """The chunk without what was removed for good."""
    if not expunged:
        return handed
    tables = expunging.left_out(handed.tables, expunged)
    ids = [obs_id for obs_id in handed.ids if obs_id not in expunged]
    return replace(handed, tables=tables, ids=ids, blobs=tables["blobs"]["sha256"].to_pylist())


def _require_generation(connection: sqlite3.Connection, observations: pa.Table) -> None:
    """Refuse rows that were hashed with a key that is not in use any more."""
    held = manifest.generation(connection)
    if held > 1 and any(number != held for number in observations["key_generation"].unique().to_pylist()):
        raise Conflict("key-rotated")


def _version(connection: sqlite3.Connection) -> int:
    """Changes for this connection whenever another one, in any process, has committed something."""
    return int(connection.execute("PRAGMA data_version").fetchone()[0])


def _seal(rows: pa.Table, recipients: Mapping[str, str], known: Known, circle: str) -> _Sealed:
    fresh = {
        pseudonym: locator
        for pseudonym, locator in zip(rows["pseudonym"].to_pylist(), rows["locator"].to_pylist(), strict=True)
        if pseudonym not in known.pseudonyms
    }
    circles = locators.choose(recipients, circle)
    if circles is None:
        return _Sealed([], len(fresh))
    if not fresh:
        return _Sealed([], 0)
    secrets, sealed = locators.seal(list(fresh.values()), recipients, circles)
    return _Sealed(sorted(zip(fresh, sealed, strict=True)), 0, circles, secrets)


def _stage(scratch: Scratch, files: Iterable[tuple[Path, bytes | memoryview]]) -> list[tuple[Path, Path]]:
    """Write and sync each file under a temporary name; (temporary, final) of each."""
    moves = []
    for final, data in files:
        path = scratch.name()
        write_synced(path, data)
        moves.append((path, final))
    return moves
