"""The search index keeps up: each text once, whatever came between, and it may be lost at any time."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import search_posts
from search_posts import AT, Made

from dalil.archive import compacting, doctor, merging
from dalil.archive.reading import Archive
from dalil.archive.scratch import exclusive
from dalil.archive.search import building, index
from dalil.archive.search.asking import look
from dalil.archive.search.index import SearchIndex
from dalil.archive.search.questions import Question
from dalil.archive.workspace import Workspace
from dalil.errors import Conflict, EvidenceDamaged, LimitReached
from dalil.signals.texts import norm

ROOT = Path(__file__).parents[3]
LATER = datetime(2026, 8, 1, tzinfo=UTC)


def posts(first: int, last: int, **changes: object) -> list[Made]:
    return [
        Made(f"word number{n}", "en", at=AT + timedelta(hours=7 * n % 50), number=n, **changes)  # type: ignore[arg-type]
        for n in range(first, last)
    ]


def held(house: Workspace) -> list[str]:
    """Every document of the index, as often as it is in there."""
    return sorted(
        hit.document.text
        for hit in look(SearchIndex(house), Question(words=("word",), limit=500, newest=True), norm).hits
    )


def expected(first: int, last: int) -> list[str]:
    return sorted(post.text for post in posts(first, last))


def test_it_is_made_when_asked_and_then_only_grows(house: Workspace, archive: Archive) -> None:
    assert building.behind(archive) == 0
    assert building.refresh(archive) == 0
    search_posts.store(house, posts(0, 5), posts(5, 9))
    assert building.behind(archive) == 9
    assert building.refresh(archive) == 9
    before = SearchIndex(house).path.stat().st_ino
    search_posts.store(house, posts(9, 12))
    assert building.behind(archive) == 3
    assert building.refresh(archive) == 3
    assert building.behind(archive) == building.refresh(archive) == 0
    assert held(house) == expected(0, 12)
    assert SearchIndex(house).path.stat().st_ino == before


def test_what_is_too_much_is_left_to_others(house: Workspace, archive: Archive) -> None:
    search_posts.store(house, posts(0, 5))
    assert building.refresh(archive, most=4) == 0
    assert building.behind(archive) == 5
    assert building.refresh(archive, most=5) == 5


def test_months_do_not_wait_for_each_other(house: Workspace, archive: Archive) -> None:
    march = datetime(2026, 3, 3, tzinfo=UTC)
    search_posts.store(house, posts(0, 4), posts(4, 6, captured=march), [*posts(6, 8), *posts(8, 10, captured=march)])
    building.refresh(archive)
    search_posts.store(house, posts(10, 12, captured=march))
    building.refresh(archive)
    assert held(house) == expected(0, 12)
    assert set(building.taken(SearchIndex(house))) == {"2026-03", "2026-05"}


def test_progress_may_end_it_and_what_is_in_stays(
    house: Workspace, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "AT_ONCE", 3)
    search_posts.store(house, *(posts(n, n + 2) for n in range(0, 10, 2)))
    seen = []

    def stop(done: int, total: int) -> None:
        seen.append((done, total))
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        building.refresh(archive, progress=stop)
    assert seen == [(2, 10), (4, 10)]
    assert building.behind(archive) == 6
    building.refresh(archive)
    assert held(house) == expected(0, 10)


def test_one_at_a_time(house: Workspace, archive: Archive) -> None:
    search_posts.store(house, posts(0, 2))
    with exclusive(house.tmp / "search.lock"), pytest.raises(Conflict):
        building.refresh(archive)
    assert building.refresh(archive) == 2


def test_merged_segments_are_not_taken_twice(house: Workspace, archive: Archive) -> None:
    for n in range(0, 10, 2):
        search_posts.store(house, posts(n, n + 2))
    building.refresh(archive)
    search_posts.store(house, posts(10, 12))
    building.refresh(archive)
    (group,) = merging.plan(archive.all_segments(), month="2026-08", fences=building.taken(SearchIndex(house)))
    assert compacting.compact(archive, group, now=LATER)
    assert building.behind(archive) == building.refresh(archive) == 0
    search_posts.store(house, posts(12, 13))
    assert building.refresh(archive) == 1
    assert held(house) == expected(0, 13)


def test_merging_stops_at_what_the_index_has_taken(house: Workspace, archive: Archive) -> None:
    search_posts.store(house, *(posts(n, n + 2) for n in range(0, 8, 2)))
    building.refresh(archive)
    search_posts.store(house, *(posts(n, n + 2) for n in range(8, 16, 2)))
    fences = building.taken(SearchIndex(house))
    groups = merging.plan(archive.all_segments(), month="2026-08", fences=fences)
    assert [group.observations for group in groups] == [8, 8]
    for group in groups:
        compacting.compact(archive, group, now=LATER)
    assert building.refresh(archive) == 8
    assert held(house) == expected(0, 16)


def test_an_index_older_than_a_merge_begins_anew(house: Workspace, archive: Archive) -> None:
    search_posts.store(house, posts(0, 4))
    building.refresh(archive)
    search_posts.store(house, *(posts(n, n + 2) for n in range(4, 12, 2)))
    (group,) = merging.plan(archive.all_segments(), month="2026-08", fences={})
    compacting.compact(archive, group, now=LATER)
    with pytest.raises(building.Behind):
        building.behind(archive)
    assert building.refresh(archive) == 12
    assert held(house) == expected(0, 12)


def test_a_merge_is_one_step_of_a_later_index(house: Workspace, archive: Archive) -> None:
    search_posts.store(house, *(posts(n, n + 2) for n in range(0, 8, 2)))
    (group,) = merging.plan(archive.all_segments(), month="2026-08", fences={})
    compacting.compact(archive, group, now=LATER)
    search_posts.store(house, posts(8, 9))
    assert building.refresh(archive) == 9
    assert held(house) == expected(0, 9)


def test_texts_whose_posts_were_written_anew_are_still_found(house: Workspace, archive: Archive) -> None:
    """As after a removal that touched one table: its segment has a later step than the texts'."""
    search_posts.store(house, posts(0, 4), posts(4, 8))
    with house.manifest.writing() as connection:
        connection.execute("UPDATE segments SET step_from = 99, step_to = 99 WHERE table_name = 'posts'")
    assert building.refresh(archive) == 8
    assert held(house) == expected(0, 8)


def test_a_text_that_was_taken_in_twice_is_one_find(house: Workspace, archive: Archive) -> None:
    search_posts.store(house, posts(0, 4))
    building.refresh(archive)
    with house.manifest.writing() as connection:
        connection.execute("UPDATE segments SET step_from = 99, step_to = 99")
    assert building.refresh(archive) == 4
    assert held(house) == expected(0, 4)
    hits = look(SearchIndex(house), Question(words=("word",)), norm).hits
    assert {hit.captures for hit in hits} == {1}


@pytest.mark.parametrize("harm", ["empty", "cut", "text", "other version", "other tables"])
def test_a_broken_index_is_seen_and_made_again(house: Workspace, archive: Archive, harm: str) -> None:
    search_posts.store(house, posts(0, 200))
    building.refresh(archive)
    found = SearchIndex(house)
    assert found.is_whole()
    path = found.path
    match harm:
        case "empty":
            path.write_bytes(b"")
        case "cut":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        case "text":
            path.write_bytes(b"not a database" * 5000)
        case "other version":
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("PRAGMA user_version = 99")
        case _:
            with closing(sqlite3.connect(path)) as connection:
                connection.execute("DROP TABLE words")
    found = SearchIndex(house)
    assert not found.is_whole()
    if harm in ("cut", "other tables"):
        found.drop()
    building.refresh(archive)
    assert held(house) == expected(0, 200)
    assert not [item for item in doctor.examine(house) if item.part.startswith("indexes")]


def test_a_torn_block_is_damage_and_no_answer(house: Workspace, archive: Archive) -> None:
    search_posts.store(house, posts(0, 3))
    building.refresh(archive)
    with closing(sqlite3.connect(SearchIndex(house).path)) as connection:
        connection.execute("UPDATE blocks SET documents = zeroblob(length(documents))")
        connection.commit()
    with pytest.raises(EvidenceDamaged):
        held(house)


def test_the_index_is_no_orphan_and_no_secret_lies_in_its_name(house: Workspace, archive: Archive) -> None:
    search_posts.store(house, posts(0, 3))
    building.refresh(archive)
    assert doctor.examine(house) == []
    assert doctor.repair(house) == []
    assert SearchIndex(house).is_usable()


def test_an_index_that_is_full_says_so(house: Workspace, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "MOST", 10)
    search_posts.store(house, posts(0, 20))
    with pytest.raises(LimitReached) as raised:
        building.refresh(archive)
    assert raised.value.code == "search-full"


def test_numbers_are_in_the_order_of_time_and_hold_both_parts() -> None:
    assert index.number(3600, 0) > index.number(0, index.MOST)
    low, high = index.numbers(3600, 7199)
    assert low == index.number(3600, 0)
    assert high == index.number(7199, index.MOST) < index.number(7200, 0)
    assert index.numbers(None, None)[1] < 1 << 63
    for at in (-5, 0, 3599, 3600, 10**12):
        made = index.number(at, 12345)
        assert index.place(made) == 12345
        assert index.hour(made) == min(max(at // 3600, 0), (1 << 32) - 1)


KILLED = """
import os, signal, sys
from dalil.archive import workspace
from dalil.archive.reading import Archive
from dalil.archive.search import building
import sqlite3
left = int(sys.argv[2])
def count(*_):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
connect = sqlite3.connect
def traced(path, *args, **options):
    connection = connect(path, *args, **options)
    if str(path).endswith("search.db"):
        connection.set_trace_callback(lambda sql: None if sql.startswith("INSERT INTO pieces") else count())
    return connection
sqlite3.connect = traced
building.AT_ONCE = 4
with Archive(workspace.open_workspace(sys.argv[1]), memory_mib=256, threads=1) as archive:
    building.refresh(archive)
print("done")
"""


@pytest.mark.slow
def test_killed_anywhere_it_goes_on_and_holds_each_text_once(house: Workspace, archive: Archive) -> None:
    search_posts.store(house, *(posts(n, n + 3) for n in range(0, 15, 3)))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])}
    deaths = 0
    for left in (1, 7, 20, 33, 47, 60, 75, 90, 10_000):
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(house.folder), str(left)],
            env=environment,
            capture_output=True,
            check=False,
        )
        assert done.returncode in (0, -9), done.stderr
        deaths += done.returncode == -9
    assert deaths >= 3, json.dumps(deaths)
    assert held(house) == expected(0, 15)
    assert SearchIndex(house).is_whole()
