"""A watched folder: taken once, when it has settled, by its bytes; nothing in it is touched; a kill loses nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from import_inputs import telegram_folder, x_file
from real_house import Clock, real_house, work

from dalil.errors import ConfigError, InputError

SETTLED = 3600.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(database: Path, tmp_path: Path, clock: Clock) -> Iterator[Any]:
    with real_house(tmp_path / "w", clock, chunk_records=100) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "shared"
    made.mkdir()
    return made


def look(house: Any, folder: Path) -> tuple[int, int, int, int]:
    from dalil.actions import watching

    found = watching.look(house, folder)
    return found.taken, found.known, found.waiting, found.refused


def paths(house: Any) -> list[str]:
    from dalil.jobs import queries

    found = []
    for job in reversed(queries.jobs(kind="import")):
        found += [Path(str(path)).name for path in job.payload.get("paths", [])]  # type: ignore[attr-defined]
    return found


def kept(house: Any) -> int:
    return sum(row.kept for row in house.archive.intakes())


def test_a_file_is_left_alone_until_it_has_settled_and_is_then_taken_once(
    house: Any, folder: Path, clock: Clock
) -> None:
    x_file(folder / "tweets.jsonl", 0, 5)
    before = (folder / "tweets.jsonl").stat()
    assert look(house, folder) == (0, 0, 1, 0)
    clock.forward(SETTLED)
    assert look(house, folder) == (1, 0, 0, 0)
    assert look(house, folder) == (0, 1, 0, 0)
    assert paths(house) == ["tweets.jsonl"]
    assert work(house) == 1
    assert kept(house) == 5
    assert look(house, folder) == (0, 1, 0, 0), "after the import, too"
    after = (folder / "tweets.jsonl").stat()
    assert (after.st_mtime_ns, after.st_ino, after.st_size) == (before.st_mtime_ns, before.st_ino, before.st_size)


def test_one_that_grows_on_is_taken_again_with_what_it_has_grown_by(house: Any, folder: Path, clock: Clock) -> None:
    path = x_file(folder / "tweets.jsonl", 0, 5)
    clock.forward(SETTLED)
    assert look(house, folder)[0] == 1
    work(house)
    path.write_bytes(path.read_bytes() + x_file(folder.parent / "more", 5, 8).read_bytes())
    clock.forward(SETTLED)
    assert look(house, folder)[0] == 1
    work(house)
    newest, oldest = house.archive.intakes()
    assert (oldest.kept, newest.kept, newest.known > 0) == (5, 3, True)


def test_the_same_bytes_under_another_name_or_time_are_known(house: Any, folder: Path, clock: Clock) -> None:
    x_file(folder / "tweets.jsonl", 0, 5)
    clock.forward(SETTLED)
    look(house, folder)
    shutil.copyfile(folder / "tweets.jsonl", folder / "copy.jsonl")
    os.utime(folder / "tweets.jsonl", (1, 1))
    shutil.copyfile(folder / "tweets.jsonl", folder / "third.jsonl")
    clock.forward(SETTLED)
    assert look(house, folder) == (0, 3, 0, 0)
    assert paths(house) == ["tweets.jsonl"]


def test_two_of_the_same_bytes_at_once_are_taken_once(house: Any, folder: Path, clock: Clock) -> None:
    for name in ("a", "b"):
        x_file(folder / name, 0, 5)
    clock.forward(SETTLED)
    assert look(house, folder) == (1, 1, 0, 0)


def test_an_old_time_of_a_copy_does_not_make_it_settled(house: Any, folder: Path, clock: Clock) -> None:
    """A copy may be given its original's time, or one that is still to come."""
    for name, time in (("old", 1.0), ("coming", clock().timestamp() + 10 * SETTLED)):
        x_file(folder / name, 0, 5 if name == "old" else 6)
        os.utime(folder / name, (time, time))
    assert look(house, folder) == (0, 0, 2, 0)
    clock.forward(SETTLED)
    assert look(house, folder) == (2, 0, 0, 0)


def test_a_folder_is_taken_whole_when_all_of_it_has_settled(house: Any, folder: Path, clock: Clock) -> None:
    telegram_folder(folder / "channel", 1, 7)
    clock.forward(SETTLED)
    (folder / "channel" / "photos" / "late.jpg.part").write_bytes(b"half")
    assert look(house, folder) == (0, 0, 1, 0)
    (folder / "channel" / "photos" / "late.jpg.part").unlink()
    assert look(house, folder) == (1, 0, 0, 0)
    work(house)
    assert kept(house) == 6
    shutil.copytree(folder / "channel", folder / "again")
    clock.forward(SETTLED)
    assert look(house, folder) == (0, 2, 0, 0)


def test_what_is_hidden_linked_or_still_fetched_is_not_looked_at(house: Any, folder: Path, clock: Clock) -> None:
    outside = x_file(folder.parent / "outside", 0, 5)
    (folder / "link").symlink_to(outside)
    for name in (".hidden", "a.part", "b.crdownload", "c.TMP", "d~"):
        x_file(folder / name, 0, 5)
    (folder / "empty").mkdir()
    clock.forward(SETTLED)
    assert look(house, folder) == (0, 0, 1, 0), "the empty folder waits for what it will hold"


def test_one_in_no_format_is_taken_once_and_told_on_the_job(house: Any, folder: Path, clock: Clock) -> None:
    (folder / "diary.txt").write_text("words")
    clock.forward(SETTLED)
    assert look(house, folder)[0] == 1
    work(house)
    assert look(house, folder) == (0, 1, 0, 0)
    from dalil.actions.import_progress import progress_of
    from dalil.jobs import queries

    [job] = queries.jobs(kind="import")
    [row] = progress_of(job.report).rows
    assert (row.state.value, row.code) == ("refused", "format-unknown")


def test_a_name_that_cannot_be_handed_on_is_counted(house: Any, folder: Path, clock: Clock) -> None:
    x_file(folder / "two\nlines", 0, 5)
    clock.forward(SETTLED)
    assert look(house, folder) == (0, 0, 0, 1)


def test_many_are_handed_on_in_jobs_that_can_hold_them(
    house: Any, folder: Path, clock: Clock, monkeypatch: Any
) -> None:
    from dalil.jobs import queries

    monkeypatch.setattr("dalil.actions.watching.MOST_PATHS", 3)
    for number in range(7):
        (folder / f"{number}").write_text(f"words {number}")
    clock.forward(SETTLED)
    assert look(house, folder)[0] == 7
    assert sorted(len(job.payload["paths"]) for job in queries.jobs(kind="import")) == [1, 3, 3]  # type: ignore[arg-type]
    monkeypatch.setattr("dalil.actions.watching._MOST_TEXT", 10)
    for number in range(7, 9):
        (folder / f"{number}").write_text(f"words {number}")
    clock.forward(SETTLED)
    assert look(house, folder)[0] == 2
    assert queries.unfinished() == 5


def test_a_crash_before_it_is_handed_on_forgets_nothing_and_one_after_it_doubles_nothing(
    house: Any, folder: Path, clock: Clock, monkeypatch: Any
) -> None:
    from dalil.actions import importing
    from dalil.jobs import queries, queue

    x_file(folder / "tweets.jsonl", 0, 5)
    clock.forward(SETTLED)
    for name in ("enqueue_import", "take"):
        with monkeypatch.context() as broken:
            broken.setattr(importing if name == "enqueue_import" else queue, name, die)
            with pytest.raises(KeyboardInterrupt):
                look(house, folder)
        assert queries.unfinished() == 0, "both or none"
    assert look(house, folder) == (1, 0, 0, 0)
    assert queries.unfinished() == 1


def die(*given: object, **more: object) -> None:
    raise KeyboardInterrupt


def test_what_is_remembered_says_nothing_without_the_key(house: Any, folder: Path, clock: Clock) -> None:
    import hashlib

    from dalil.jobs.models import Taken

    path = x_file(folder / "tweets.jsonl", 0, 5)
    clock.forward(SETTLED)
    look(house, folder)
    marks = set(Taken.objects.values_list("mark", flat=True))
    assert len(marks) == 2
    assert hashlib.sha256(path.read_bytes()).hexdigest() not in marks
    assert [field.name for field in Taken._meta.get_fields()] == ["mark"]


def test_the_worker_looks_every_so_often(house: Any, folder: Path, clock: Clock) -> None:
    import dataclasses

    from dalil.actions import watching
    from dalil.settings import Settings

    assert watching.watcher(house) is None
    settings = Settings(workspace=house.settings.workspace, watch_folder=str(folder), watch_seconds=10)
    watched = dataclasses.replace(house, settings=settings)
    often = watching.watcher(watched)
    assert often is not None
    x_file(folder / "a", 0, 5)
    clock.forward(SETTLED)
    assert work(watched, often=often) == 1
    x_file(folder / "b", 5, 9)
    clock.forward(9)
    assert work(watched, often=often) == 0, "not yet"
    clock.forward(SETTLED)
    assert work(watched, often=often) == 1
    shutil.rmtree(folder)
    clock.forward(60)
    assert work(watched, often=often) == 0, "a stick that was pulled out ends no worker"
    assert watching.watcher(dataclasses.replace(watched, keys=None)) is None


def test_a_folder_that_may_not_be_watched(house: Any, tmp_path: Path, folder: Path) -> None:
    from dalil.actions import watching

    for wrong in (house.workspace.folder, house.workspace.tmp, tmp_path):
        with pytest.raises(ConfigError) as caught:
            watching.checked(house, wrong)
        assert caught.value.code == "watch-inside"
    with pytest.raises(InputError):
        watching.checked(house, tmp_path / "nowhere")
    assert watching.checked(house, folder) == folder
