"""Merging segments: the same rows before and after, for everybody, at every moment."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from archive_chunks import NOW, File, FixedKeys, chunk_of

from dalil.archive import compacting, custody, doctor, merging
from dalil.archive.merging import Group
from dalil.archive.reading import Archive
from dalil.archive.segments import order_of
from dalil.archive.workspace import Workspace
from dalil.archive.writing import Writer
from dalil.errors import EvidenceDamaged
from dalil.schema.tables import STORED

LATER = datetime(2026, 8, 1, 9, tzinfo=UTC)


def fill(house: Workspace, first: int = 0, last: int = 400, size: int = 25) -> None:
    writer = Writer(house, keys=FixedKeys(), now=NOW)
    file = File(first, last, size)
    intake = writer.begin(file.begin, "blue")
    for chunk in file.chunks():
        writer.chunk(intake, chunk)
    writer.end(intake, file.end)


def rows(archive: Archive, name: str) -> list[str]:
    return sorted(map(str, archive.table(name).to_pyarrow().to_pylist()))


def everything(archive: Archive) -> dict[str, list[str]]:
    return {name: rows(archive, name) for name in STORED}


def groups(archive: Archive) -> list[Group]:
    return merging.plan(archive.all_segments(), month="2026-08", fences={})


def merge(archive: Archive) -> int:
    done = [compacting.compact(archive, group, now=LATER) for group in groups(archive)]
    assert all(done)
    return len(done)


def test_the_same_rows_in_fewer_files(house: Workspace, archive: Archive) -> None:
    fill(house)
    before, files = everything(archive), len(archive.all_segments())
    assert merge(archive) == 2  # two months of capture
    assert everything(archive) == before
    assert len(archive.all_segments()) < files / 4
    assert doctor.examine(house) == []
    assert groups(archive) == []


def test_they_are_sorted_by_claimed_time_and_say_from_when_to_when(house: Workspace, archive: Archive) -> None:
    fill(house)
    merge(archive)
    for segment in archive.segments("posts"):
        table = pq.read_table(house.archive / segment.path, partitioning=None)
        times = table["claimed_at"].to_pylist()
        known = [at for at in times if at is not None]
        assert known == sorted(known)
        assert times == [*known, *[None] * (len(times) - len(known))]
        micros = [int(at.timestamp() * 1_000_000) for at in known]
        assert (segment.min_claimed, segment.max_claimed) == (micros[0], micros[-1])
        assert table.num_rows == segment.rows
    for segment in archive.all_segments():
        assert (segment.min_claimed is None) == (segment.max_claimed is None)
        if segment.table in ("observations", "accounts", "edges", "text_signals"):
            assert segment.min_claimed is not None


def test_custody_tells_it_and_what_was_made_from_the_facts_stays_fresh(house: Workspace, archive: Archive) -> None:
    fill(house)
    facts, head = archive.facts_head(), archive.manifest_head()
    merge(archive)
    entries = archive.custody()
    assert [entry.action for entry in entries[-2:]] == [custody.COMPACTED] * 2
    assert '"month":"2026-04"' in entries[-2].reason
    assert entries[-1].day == "2026-08-01"
    assert custody.first_break(entries) is None
    assert archive.facts_head() == facts == head
    assert archive.manifest_head() != head
    fill(house, 900, 910)
    assert archive.facts_head() == archive.manifest_head()


def test_a_reader_at_work_reads_on(house: Workspace, archive: Archive) -> None:
    fill(house)
    table = archive.table("posts")
    before = sorted(map(str, table.to_pyarrow().to_pylist()))
    merge(archive)
    assert sorted(map(str, table.to_pyarrow().to_pylist())) == before
    assert compacting.forget_merged_away(house, now=LATER + compacting.GRACE - timedelta(seconds=1)) == 0
    assert sorted(map(str, table.to_pyarrow().to_pylist())) == before
    assert compacting.forget_merged_away(house, now=LATER + compacting.GRACE) > 0
    assert rows(archive, "posts") == before
    with pytest.raises(EvidenceDamaged):
        table.to_pyarrow()  # held for longer than any question takes
    assert doctor.examine(house) == []
    assert compacting.forget_merged_away(house, now=LATER + 2 * compacting.GRACE) == 0


def test_readers_and_writers_go_on_meanwhile(house: Workspace, archive: Archive) -> None:
    fill(house)
    stop, wrong = threading.Event(), list[str]()

    def read() -> None:
        with Archive(house, memory_mib=256, threads=1) as mine:
            while not stop.is_set():
                table = mine.table("posts")
                found = table.obs_id.to_pyarrow().to_pylist()
                if len(found) != len(set(found)) or len(found) < 400:
                    wrong.append(f"{len(found)} rows, {len(set(found))} apart")

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for start in range(500, 620, 40):
        fill(house, start, start + 40)
        merge(archive)
    stop.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert archive.table("posts").count().execute() == 520


def test_two_at_once_merge_once(house: Workspace, archive: Archive) -> None:
    fill(house)
    (first, *_) = groups(archive)
    assert compacting.compact(archive, first, now=LATER)
    before = everything(archive)
    assert compacting.compact(archive, first, now=LATER) is None
    assert everything(archive) == before
    assert doctor.examine(house) == []


def test_a_segment_that_cannot_be_read_stops_its_group_and_changes_nothing(house: Workspace, archive: Archive) -> None:
    fill(house)
    first, *_ = groups(archive)
    broken = house.archive / first.of("edges")[0].path
    broken.write_bytes(broken.read_bytes()[:100])
    segments = archive.all_segments()
    with pytest.raises(EvidenceDamaged):
        compacting.compact(archive, first, now=LATER)
    assert archive.all_segments() == segments
    assert [item.what for item in doctor.verify(house)] == ["changed"]


def test_one_file_that_is_as_it_should_be_is_kept(house: Workspace, archive: Archive) -> None:
    fill(house, 0, 60, 10)
    merge(archive)
    merged = archive.all_segments()
    again = Group("2026-04", 0, 99, tuple(row for row in merged if row.month == "2026-04"))
    assert compacting.compact(archive, again, now=LATER)
    names = {row.path: (row.step_from, row.step_to) for row in archive.all_segments() if row.month == "2026-04"}
    assert set(names) == {row.path for row in again.segments}
    assert set(names.values()) == {(0, 99)}
    assert doctor.examine(house) == []


def test_rows_that_came_without_their_observation_come_along(house: Workspace, archive: Archive) -> None:
    """Media whose bytes came later lie in a step that has no observation of its own."""
    writer = Writer(house, keys=FixedKeys(), now=NOW)
    file = File(0, 40, 10)
    intake = writer.begin(file.begin, "blue")
    for start in range(0, 40, 10):
        whole = chunk_of(range(start, start + 10), number=start)
        bare = {name: table for name, table in whole.tables.items() if name not in ("blobs", "image_signals", "media")}
        writer.chunk(intake, type(whole)(whole.head, bare))
        writer.chunk(intake, whole)
    before = everything(archive)
    assert before["media"]
    assert merge(archive)
    assert everything(archive) == before
    assert doctor.examine(house) == []


def test_it_takes_a_time_with_a_zone(archive: Archive) -> None:
    with pytest.raises(ValueError, match="zone"):
        compacting.compact(archive, Group("2026-05", 0, 1, ()), now=LATER.replace(tzinfo=None))


def test_a_read_of_some_days_opens_only_what_touches_them(house: Workspace, archive: Archive) -> None:
    fill(house, 0, 200, 10)
    whole = archive.table("posts")
    first, last = datetime(2026, 4, 1, tzinfo=UTC), datetime(2026, 4, 5, tzinfo=UTC)
    right = whole.filter((whole.claimed_at >= first) & (whole.claimed_at <= last))
    for _ in range(2):
        pruned = archive.table("posts", claimed=(first, last))
        found = pruned.filter((pruned.claimed_at >= first) & (pruned.claimed_at <= last))
        assert sorted(found.obs_id.to_pyarrow().to_pylist()) == sorted(right.obs_id.to_pyarrow().to_pylist())
        merge(archive)
    nowhere = datetime(1999, 1, 1, tzinfo=UTC)
    assert archive.table("posts", claimed=(nowhere, nowhere)).count().execute() == 0


def test_the_order_of_a_merge_is_that_of_one_chunk(house: Workspace, archive: Archive) -> None:
    """Segments of one large chunk and merged segments of many small ones hold their rows in the same order."""
    fill(house, 0, 60, 10)
    merge(archive)
    tables: dict[str, Any] = chunk_of(range(60)).tables
    order = order_of(tables)
    turn = np.argsort(order.places(tables["observations"]["obs_id"]), kind="stable")
    ids = tables["observations"]["obs_id"].take(pa.array(turn)).to_pylist()
    claimed = dict(zip(ids, order.claimed.tolist(), strict=True))
    for segment in archive.segments("observations"):
        found = pq.read_table(house.archive / segment.path, partitioning=None)["obs_id"].to_pylist()
        assert [claimed[one] for one in found] == sorted(claimed[one] for one in found)
