"""Rows read anew lie beside the old ones: readers see the newest, whatever was killed or failed on the way."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from archive_chunks import NOW, File, FixedKeys, post_id, tables_of
from failing_disk import FailingDisk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mortal_operations import die_after

from dalil.archive import doctor, expunging, mappings, workspace
from dalil.archive.keys import Cost
from dalil.archive.reading import Archive
from dalil.archive.rewriting import Note
from dalil.archive.workspace import Workspace
from dalil.archive.writing import Writer
from dalil.errors import LimitReached

DAY = "2026-05-18"
COUNT = 24


def make(folder: Path) -> Workspace:
    house = workspace.create(folder, zone="UTC", passphrase="p", demo=True, cost=Cost(1, 64, 1))
    file = File(0, COUNT, 9)
    writer = Writer(house, keys=FixedKeys(), now=NOW)
    intake = writer.begin(file.begin, "blue")
    for chunk in file.chunks():
        writer.chunk(intake, chunk)
    writer.end(intake, file.end)
    return house


def fresh(numbers: Iterable[int], text: str) -> dict[str, pa.Table]:
    """New rows of some posts: another text, and one edge instead of two."""
    made = tables_of(sorted(numbers))
    posts = [{**row, "text": text} for row in made["posts"].to_pylist()]
    edges = made["edges"].to_pylist()[::2]
    return {
        **{name: made[name] for name in ("observations", "accounts", "text_signals")},
        "posts": pa.Table.from_pylist(posts, schema=made["posts"].schema),
        "edges": pa.Table.from_pylist(edges, schema=made["edges"].schema),
    }


def remap(house: Workspace, numbers: Iterable[int], text: str, *, version: str, anew: bool = False) -> int:
    run = mappings.begin(house, "fake-format", version, circle="blue", day=DAY, anew=anew)
    return mappings.add(house, run, fresh(numbers, text), day=DAY)


def texts(house: Workspace) -> dict[int, str]:
    with Archive(house, memory_mib=256, threads=1) as archive:
        rows = archive.table("posts").select("uid", "text").to_pyarrow().to_pylist()
        assert len(rows) == len({row["uid"] for row in rows}), "every post once"
        return {int(row["uid"].removeprefix("fake:")): row["text"] for row in rows}


def test_the_newest_reading_is_seen_and_the_old_files_stay(tmp_path: Path) -> None:
    house = make(tmp_path / "house")
    files = set(house.archive.rglob("*.parquet"))
    assert remap(house, {3, 4, 5}, "second", version="2") == 3
    assert remap(house, {4, 20}, "third", version="3") == 2
    found = texts(house)
    assert {number: text for number, text in found.items() if text in ("second", "third")} == {
        3: "second", 4: "third", 5: "second", 20: "third",
    }  # fmt: skip
    assert files < set(house.archive.rglob("*.parquet"))
    with Archive(house, memory_mib=256, threads=1) as archive:
        assert archive.table("edges").count().execute() == 2 * COUNT - 4
        assert archive.table("media").count().execute() == len(range(0, COUNT, 5)), "media are no part of a reading"
    assert doctor.examine(house) == []


def test_a_run_that_goes_on_is_the_same_run_and_knows_how_far_it_came(tmp_path: Path) -> None:
    house = make(tmp_path / "house")
    first = mappings.begin(house, "fake-format", "2", circle="blue", day=DAY)
    assert mappings.through(house, "fake-format", "2") == 0
    mappings.reached(house, first, 2)
    mappings.reached(house, first, 1)
    assert mappings.through(house, "fake-format", "2") == 2
    assert mappings.begin(house, "fake-format", "2", circle="blue", day=DAY) == first
    assert mappings.begin(house, "fake-format", "2", circle="blue", day=DAY, anew=True).number == first.number + 1
    assert mappings.through(house, "fake-format", "2") == 0
    assert mappings.through(house, "fake-format", "9") == 0


def test_what_was_expunged_is_not_brought_back_by_a_reading(tmp_path: Path) -> None:
    house = make(tmp_path / "house")
    remap(house, {3, 4}, "second", version="2")
    expunging.expunge(house, [post_id(3)], reason="harm", note=Note(DAY, "blue", "t"))
    assert 3 not in texts(house)
    assert remap(house, {3, 5}, "third", version="3") == 1
    assert remap(house, {3}, "third", version="3") == 0
    found = texts(house)
    assert (3 in found, found[4], found[5]) == (False, "second", "third")
    assert doctor.examine(house) == []


@given(st.lists(st.sets(st.integers(0, COUNT - 1), min_size=1, max_size=8), min_size=1, max_size=4))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_readings_one_after_the_other(tmp_path_factory: pytest.TempPathFactory, runs: list[set[int]]) -> None:
    house = make(tmp_path_factory.mktemp("any") / "house")
    wanted = texts(house)
    for number, numbers in enumerate(runs):
        remap(house, numbers, f"reading {number}", version=str(number + 2))
        wanted |= dict.fromkeys(numbers, f"reading {number}")
    assert texts(house) == wanted
    assert doctor.verify(house) == []


def test_a_full_disk_leaves_the_old_reading(tmp_path: Path) -> None:
    house = make(tmp_path / "house")
    before = texts(house)
    run = mappings.begin(house, "fake-format", "2", circle="blue", day=DAY)
    for allowed in range(0, 200, 5):
        with FailingDisk(allowed).installed(), suppress(LimitReached):
            mappings.add(house, run, fresh({3, 4}, "second"), day=DAY)
        if texts(house) != before:
            break
    assert texts(house)[3] == "second"
    doctor.repair(house)
    assert doctor.examine(house) == []


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs fork")
def test_killed_anywhere_it_is_the_old_reading_or_the_new(tmp_path: Path) -> None:
    template = make(tmp_path / "template")
    before = texts(template)
    lived, at = False, 0
    while not lived:
        at += 6
        shutil.copytree(template.folder, tmp_path / f"copy-{at}")
        house = workspace.open_workspace(tmp_path / f"copy-{at}")
        lived = _life(house, at)
        found = texts(house)
        assert found == before or {number for number, text in found.items() if text == "second"} == {3, 4, 12}
        assert doctor.verify(house) == [], at
        if found == before:
            assert remap(house, {3, 4, 12}, "second", version="2") == 3
        doctor.repair(house)
        assert doctor.examine(house) == [], at
    assert at > 30


def _life(house: Workspace, operations: int) -> bool:
    child = os.fork()
    if child == 0:
        die_after(operations)
        remap(house, {3, 4, 12}, "second", version="2")
        os._exit(0)
    status: Any = os.waitpid(child, 0)[1]
    return not os.WIFSIGNALED(status)
