"""Remap: raw records read again by today's importers, and what that changed.

The raw records are re-read in a limited child, some thousands at a time; only observations whose rows
differ are written, beside the rows that are held (`archive.mappings`). Ids stay, since raw stays: whatever
the desk refers to is still there. One that was cut off goes on with the next records; one that is
repeated finds nothing to do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from zoneinfo import ZoneInfo

import ibis
import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from dalil.actions.changing import LOCK
from dalil.actions.house import House
from dalil.actions.keeping import failure
from dalil.archive import mappings, raw
from dalil.archive.rows import RawSegmentRow
from dalil.archive.scratch import exclusive
from dalil.audit.recording import record
from dalil.errors import InputError, LimitReached
from dalil.intake.comparing import ENVELOPE, compare
from dalil.intake.rereading import GIVEN
from dalil.jobs import queue
from dalil.jobs.sandbox import Limits
from dalil.jobs.sandbox import run as run_child
from dalil.log import event
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require
from dalil.schema.chunks import Chunk, Failed, PublicAccount, RereadOrder
from dalil.schema.frames import read_frames
from dalil.schema.payloads import table_bytes
from dalil.schema.tables import RAW, STORED
from dalil.sources import registry
from dalil.sources.rereading import KEY, Rereader

JOB_KIND: Final = "remap"
RECORDS_AT_ONCE: Final = 20_000
Progress = Callable[[int, int], bool]
"""Called with (records done, records in all) before each batch; answers False to stop there."""


class FormatReport(msgspec.Struct, frozen=True, kw_only=True):
    """What came of one format. `version` is today's importer; `fields` and `added`, `removed` count rows.

    `rejected`: code → records that today's importer would not take; their rows stay as they are.
    """

    format: str
    version: str
    read: int
    same: int
    changed: int
    rejected: dict[str, int]
    fields: dict[str, int]
    added: dict[str, int]
    removed: dict[str, int]


class RemapReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a remap did, or with `dry_run` would do; the object of `dalil remap --json`.

    `up_to_date`: records that today's importer has read already. `not_reread`: format → records of
    formats whose importer cannot read raw again.
    """

    dry_run: bool
    formats: tuple[FormatReport, ...]
    up_to_date: int
    not_reread: dict[str, int]
    cancelled: bool = False


@dataclass(slots=True)
class _Sums:
    read: int = 0
    same: int = 0
    changed: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    added: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)


def remap(
    actor: Actor,
    *,
    house: House,
    source_format: str | None = None,
    dry_run: bool = False,
    again: bool = False,
    progress: Progress | None = None,
) -> RemapReport:
    """Read raw records again.

    Args:
        source_format: only this format; all that can be read again when None.
        dry_run: only count what would change.
        again: also what today's importer has read already; it finds the same unless its version was not raised.
    Raises:
        NotAllowed: this actor may not.
        InputError: `value-wrong`, `format-not-reread`.
        Conflict: `workspace-busy`; something else is being rewritten now.
    """
    require(actor, Act.REMAP)
    if source_format is not None:
        _require_rereader(source_format)
    with exclusive(house.workspace.tmp / LOCK, wait_seconds=1):
        report = _Remap(actor, house, dry_run=dry_run, again=again, progress=progress).run(source_format)
    if not dry_run and report.formats:
        facts: dict[str, str | int | bool | None] = {"head": house.archive.manifest_head()}
        facts["changed"] = sum(row.changed for row in report.formats)
        with transaction.atomic():
            record(actor, "archive.remapped", "archive", facts, house.now())
    return report


def enqueue_remap(actor: Actor, *, house: House, source_format: str | None = None) -> str:
    """Hand a remap to the worker; one at a time. Returns the job's id."""
    require(actor, Act.REMAP)
    if source_format is not None:
        _require_rereader(source_format)
    return queue.enqueue(
        JOB_KIND, {"format": source_format}, house.clock(), circle=house.circle_of(actor), once=JOB_KIND
    )


class _Remap:
    def __init__(self, actor: Actor, house: House, *, dry_run: bool, again: bool, progress: Progress | None) -> None:
        self._house = house
        self._circle = house.circle_of(actor)
        self._dry_run = dry_run
        self._again = again
        self._progress = progress
        self._day = house.now().astimezone(ZoneInfo(house.workspace.zone)).date().isoformat()

    def run(self, source_format: str | None) -> RemapReport:
        waiting, up_to_date, not_reread = self._sorted(source_format)
        total, done, cancelled = sum(row.records for rows in waiting.values() for row in rows), 0, False
        reports = []
        for name, rows in waiting.items():
            sums, version = _Sums(), registry.named(name).manifest.version
            run = None if self._dry_run else self._begin(name, version)
            for batch in _batches(rows):
                if self._progress is not None and not self._progress(done, total):
                    cancelled = True
                    break
                self._batch(name, batch, sums, run)
                done += sum(row.records for row in batch)
            reports.append(_report(name, version, sums))
            if cancelled:
                break
        if self._progress is not None and not cancelled:
            self._progress(done, total)
        return RemapReport(
            dry_run=self._dry_run,
            formats=tuple(reports),
            up_to_date=up_to_date,
            not_reread=dict(sorted(not_reread.items())),
            cancelled=cancelled,
        )

    def _begin(self, name: str, version: str) -> mappings.Run:
        return mappings.begin(
            self._house.workspace, name, version, circle=self._circle, day=self._day, anew=self._again
        )

    def _sorted(self, source_format: str | None) -> tuple[dict[str, list[RawSegmentRow]], int, Counter[str]]:
        """The raw segments to read, by format; how many records need no reading; how many cannot be read."""
        waiting: dict[str, list[RawSegmentRow]] = {}
        up_to_date, not_reread = 0, Counter[str]()
        for row in self._house.workspace.manifest.raw_segments():
            if source_format not in (None, row.source_format):
                continue
            version = _version_of(row.source_format)
            if version is None:
                not_reread[row.source_format] += row.records
            elif not self._again and self._is_read(row, version):
                up_to_date += row.records
            else:
                waiting.setdefault(row.source_format, []).append(row)
        return dict(sorted(waiting.items())), up_to_date, not_reread

    def _is_read(self, row: RawSegmentRow, version: str) -> bool:
        if row.importer_version == version:
            return True
        return row.number <= mappings.through(self._house.workspace, row.source_format, version)

    def _batch(self, name: str, batch: list[RawSegmentRow], sums: _Sums, run: mappings.Run | None) -> None:
        records = [item for row in batch for item in raw.read_all(self._house.workspace.raw / row.path) if item[1]]
        held = held_rows(self._house, [obs_id.hex() for obs_id, _ in records])
        fresh, rejected = reread(self._house, name, records, held)
        found = compare(held, fresh)
        sums.read += len(records)
        sums.same += found.same
        sums.changed += len(found.changed)
        sums.rejected += rejected
        sums.fields += found.fields
        sums.added += found.added
        sums.removed += found.removed
        if run is not None:
            if found.changed:
                mappings.add(self._house.workspace, run, _changed(held, fresh, found.changed), day=self._day)
            mappings.reached(self._house.workspace, run, batch[-1].number)
        event("remap.batch", count=len(found.changed), done=len(records))


def held_rows(house: House, obs_ids: list[str]) -> dict[str, pa.Table]:
    """The rows that are held of some observations, of each table that an importer fills."""
    wanted = ibis.memtable(pa.table({"obs_id": pa.array(obs_ids, pa.string())}))
    return {name: house.archive.table(name).semi_join(wanted, "obs_id").to_pyarrow() for name in mappings.TABLES}


def reread(
    house: House,
    source_format: str,
    records: list[tuple[bytes, bytes]],
    held: Mapping[str, pa.Table],
    *,
    gone: tuple[PublicAccount, ...] = (),
    posts: tuple[str, ...] = (),
) -> tuple[dict[str, pa.Table], Counter[str]]:
    """Have a limited child read records again; the fresh tables, and how many it would reject, by code.

    Args:
        records: (observation id, raw record).
        gone, posts: accounts that have become private, and the uids of their posts; see `RereadOrder`.
    Raises:
        InputError, LimitReached: the child's; nothing was written.
    """
    keys = house.unlocked()
    given = {name: held[name].cast(STORED[name]) for name in GIVEN if name in held}
    rows = {"obs_id": [one.hex() for one, _ in records], "sha256": [""] * len(records)}
    given["raw"] = pa.table({**rows, "record": [record for _, record in records]}, schema=RAW)
    order = RereadOrder(
        format=source_format,
        tables={name: table_bytes(table, name).to_pybytes() for name, table in given.items()},
        identity_key=keys.identity,
        pseudonym_key=keys.pseudonym() if gone else KEY,
        gone=gone,
        posts=posts,
    )
    limits = Limits.from_settings(house.settings)
    with run_child("dalil.intake.reread", msgspec.msgpack.encode(order), limits=limits) as child:
        for frame in read_frames(child.stdout):
            match frame:
                case Failed():
                    raise failure(frame.code, frame.facts)
                case Chunk():
                    return frame.tables, Counter(frame.head.rejected)
    raise LimitReached("child-died")


def _changed(held: Mapping[str, pa.Table], fresh: Mapping[str, pa.Table], ids: list[str]) -> dict[str, pa.Table]:
    """The fresh rows of the observations that changed, with the envelope of the rows that are held."""
    wanted = pa.array(ids, pa.string())
    ours = {name: fresh[name] for name in mappings.TABLES if name in fresh}
    kept = {name: rows.filter(pc.is_in(rows["obs_id"], value_set=wanted)) for name, rows in ours.items()}
    observations = kept["observations"]
    at = pc.index_in(observations["obs_id"], value_set=held["observations"]["obs_id"].combine_chunks())
    before = held["observations"].take(at)
    for name in ENVELOPE - {"obs_id", "importer", "importer_version"}:
        column = observations.schema.get_field_index(name)
        observations = observations.set_column(column, name, before[name].cast(observations.schema.field(name).type))
    return {**kept, "observations": observations}


def _batches(rows: list[RawSegmentRow]) -> Iterator[list[RawSegmentRow]]:
    batch: list[RawSegmentRow] = []
    for row in rows:
        if batch and sum(one.records for one in batch) + row.records > RECORDS_AT_ONCE:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _version_of(source_format: str) -> str | None:
    """Today's version of an importer that can read its raw again; None where none can."""
    if source_format not in registry.importers():
        return None
    importer: object = registry.importers()[source_format]
    return importer.manifest.version if isinstance(importer, Rereader) and importer.manifest.rereads else None


def _require_rereader(source_format: str) -> None:
    if _version_of(registry.named(source_format).manifest.name) is None:
        raise InputError("format-not-reread", format=source_format)


def _report(name: str, version: str, sums: _Sums) -> FormatReport:
    return FormatReport(
        format=name,
        version=version,
        read=sums.read,
        same=sums.same,
        changed=sums.changed,
        rejected=_plain(sums.rejected),
        fields=_plain(sums.fields),
        added=_plain(sums.added),
        removed=_plain(sums.removed),
    )


def _plain(counts: Counter[str]) -> dict[str, int]:
    return {name: count for name, count in sorted(counts.items()) if count}
