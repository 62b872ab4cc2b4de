"""Many small segments into few large ones: the same rows, sorted by claimed time, in the newest schema.

New files are written and synced under temporary names; then, under the manifest's write lock, the old segments are
looked up again, the files renamed, and the rows of the manifest exchanged together with a `compacted` entry of
custody. A crash before the commit leaves files that nothing names, one after it the new state. The old files stay
for a while (`merged_away`), so that whoever is reading them reads on; `forget_merged_away` removes them later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dalil import log
from dalil.archive import custody, engine, manifest
from dalil.archive.disk import disk_errors, place, sync_file
from dalil.archive.merging import Group
from dalil.archive.reading import Archive
from dalil.archive.rows import SegmentRow
from dalil.archive.scratch import Scratch
from dalil.archive.segments import OF_PICTURES, UNCLAIMED, Numbers, Order, order_of
from dalil.archive.workspace import Workspace
from dalil.errors import EvidenceDamaged
from dalil.schema.identity import canonical_bytes
from dalil.schema.tables import STORED, TABLES_VERSION

GRACE: Final = timedelta(hours=24)
"""How long old files stay for those who are reading them: longer than any question takes."""
ROW_GROUP: Final = 32_768
TOOL: Final = "compaction 1"
_HASHED: Final = 1 << 20


class Merged(NamedTuple):
    """What became of a group: rows and files before and after, of all tables."""

    rows: int
    before: int
    after: int


class _File(NamedTuple):
    """A new segment under its temporary name."""

    row: SegmentRow
    temporary: Path


def compact(archive: Archive, group: Group, *, now: datetime) -> Merged | None:
    """Merge one group.

    Args:
        now: aware; gives custody its day, and the old files their time to go.
    Returns:
        None when somebody changed one of its segments meanwhile: nothing was done, plan again.
    Raises:
        EvidenceDamaged: a segment cannot be read; nothing was done.
        LimitReached: `disk-full`; nothing was done.
    """
    if now.tzinfo is None:
        raise ValueError("now must carry a zone")
    if not {row.table for row in group.segments} <= STORED.keys():
        raise ValueError("only tables of `schema.tables.STORED` are merged")
    workspace = archive.workspace
    with Scratch(workspace.tmp) as scratch, _damage(group):
        claimed = _Claimed(archive, group)
        files = [
            _write(archive, group, name, claimed, scratch)
            for name in STORED
            if any(r.table == name for r in group.segments)
        ]
        if not _exchange(workspace, group, files, now):
            return None
    log.event("archive.compacted", count=len(group.segments))
    return Merged(sum(file.row.rows for file in files), len(group.segments), len(files))


@contextmanager
def _damage(group: Group) -> Iterator[None]:
    """What the engine says of a file that is none is damage."""
    try:
        yield
    except engine.UNREADABLE as error:
        raise EvidenceDamaged("archive-damaged", part=f"month={group.month}") from error


def forget_merged_away(workspace: Workspace, *, now: datetime, grace: timedelta = GRACE) -> int:
    """Remove files that were merged into others longer than `grace` ago; returns how many."""
    before = int((now - grace).timestamp())
    gone = []
    with workspace.manifest.writing() as connection:
        for (path,) in connection.execute("SELECT path FROM merged_away WHERE since <= ?", (before,)).fetchall():
            try:
                (workspace.archive / path).unlink(missing_ok=True)
            except OSError:  # still open somewhere on Windows: the next hour gets it
                continue
            gone.append((path,))
        connection.executemany("DELETE FROM merged_away WHERE path = ?", gone)
    return len(gone)


class _Claimed:
    """The claimed time of a group's observations and pictures, epoch microseconds, `UNCLAIMED` where there is none."""

    def __init__(self, archive: Archive, group: Group) -> None:
        def rows(name: str, *columns: str) -> pa.Table:
            return archive.part(name, group.of(name), as_stored=True).select(*columns).to_pyarrow()

        self._order: Order = order_of(
            {
                "observations": _once(rows("observations", "obs_id", "collected_at")),
                "edges": rows("edges", "obs_id", "at"),
                "posts": rows("posts", "obs_id", "claimed_at", "created_at"),
            }
        )
        self._media = rows("media", "sha256", "obs_id")

    def of(self, name: str, rows: pa.Table) -> Numbers:
        """One time for each row of a table."""
        if name not in OF_PICTURES:
            return self._of_observations(rows["obs_id"])
        times = self._of_observations(self._media["obs_id"])
        found = pc.index_in(rows["sha256"], value_set=self._media["sha256"].combine_chunks())
        places = pc.fill_null(found, -1).to_numpy().astype(np.int64)
        return np.where(places < 0, UNCLAIMED, times[places]) if len(times) else np.full(len(rows), UNCLAIMED)

    def _of_observations(self, obs_ids: pa.ChunkedArray) -> Numbers:
        places = self._order.places(obs_ids)
        if not len(self._order.claimed):
            return np.full(len(obs_ids), UNCLAIMED, dtype=np.int64)
        return np.where(places < 0, UNCLAIMED, self._order.claimed[places])


def _write(archive: Archive, group: Group, name: str, claimed: _Claimed, scratch: Scratch) -> _File:
    """One table's rows in one file, synced under a temporary name."""
    old = group.of(name)
    rows = archive.part(name, old, as_stored=True).to_pyarrow().cast(STORED[name])
    if rows.num_rows != sum(row.rows for row in old):
        raise EvidenceDamaged("archive-damaged", part=old[0].path)
    times = claimed.of(name, rows)
    turn = np.argsort(times, kind="stable")
    known = times[times != UNCLAIMED]
    path = scratch.name()
    with disk_errors():
        pq.write_table(
            rows.take(pa.array(turn)), path, compression="zstd", compression_level=3, row_group_size=ROW_GROUP
        )
    sync_file(path)
    sha256 = _sha256(path)
    row = SegmentRow(
        table=name,
        month=group.month,
        path=f"{name}/month={group.month}/{sha256}.parquet",
        rows=rows.num_rows,
        min_claimed=int(known.min()) if len(known) else None,
        max_claimed=int(known.max()) if len(known) else None,
        schema_version=TABLES_VERSION,
        sha256=sha256,
        bytes=path.stat().st_size,
        step_from=group.first,
        step_to=group.last,
    )
    return _File(row, path)


def _exchange(workspace: Workspace, group: Group, files: Sequence[_File], now: datetime) -> bool:
    with workspace.manifest.writing() as connection:
        held = {row.path: row for row in manifest.segments_in(connection)}
        if any(held.get(row.path) != row for row in group.segments):
            return False
        place((file.temporary, workspace.archive / file.row.path) for file in files)
        connection.executemany(
            "INSERT INTO segments (table_name, month, path, rows, min_claimed, max_claimed, schema_version, sha256, bytes,"
            " step_from, step_to, mapping) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET"
            " step_from = excluded.step_from, step_to = excluded.step_to",  # one file that was as it should be
            [[getattr(file.row, name) for name in SegmentRow.__struct_fields__] for file in files],
        )
        kept = {file.row.path for file in files}
        old = [row for row in group.segments if row.path not in kept]
        connection.executemany("DELETE FROM segments WHERE path = ?", [(row.path,) for row in old])
        connection.executemany("DELETE FROM merged_away WHERE path = ?", [(path,) for path in kept])
        since = int(now.timestamp())
        connection.executemany(
            "INSERT OR REPLACE INTO merged_away VALUES (?, ?, ?)", [(row.path, row.bytes, since) for row in old]
        )
        counts = {
            "from": len(group.segments),
            "month": group.month,
            "rows": sum(file.row.rows for file in files),
            "to": len(files),
        }
        custody.append(
            connection,
            day=now.astimezone(ZoneInfo(workspace.zone)).date().isoformat(),
            circle="",
            action=custody.COMPACTED,
            object_=_object([row.sha256 for row in group.segments], [file.row.sha256 for file in files]),
            tool=TOOL,
            reason=canonical_bytes(counts).decode(),
        )
    return True


def _object(before: Sequence[str], after: Sequence[str]) -> str:
    """The digest of which files became which."""
    lines = [f"dalil compacted 1 {len(before)} {len(after)}", *sorted(before), *sorted(after)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _once(observations: pa.Table) -> pa.Table:
    """Each observation once; an id is in the manifest once, so that a second row is no fact."""
    return (
        observations.group_by("obs_id", use_threads=False)
        .aggregate([("collected_at", "min")])
        .rename_columns(["obs_id", "collected_at"])
    )


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_HASHED):
            digest.update(block)
    return digest.hexdigest()
