"""An import of many paths in one job: a row each, rates, taken up where it was, cancelled between and within files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from import_inputs import crowdtangle_file, three_formats, x_file
from real_house import Clock, member_of, real_house, work


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(database: Path, tmp_path: Path, clock: Clock) -> Iterator[Any]:
    with real_house(tmp_path / "w", clock, chunk_records=20) as made:
        yield made


@pytest.fixture
def files(tmp_path: Path) -> Path:
    made = tmp_path / "files"
    made.mkdir()
    return made


def enqueue(house: Any, *paths: Path, actor: Any = None) -> str:
    from dalil.actions.importing import enqueue_import
    from dalil.people.actor import LOCAL

    return enqueue_import(actor or LOCAL, paths, house=house)


def job(job_id: str) -> Any:
    from dalil.jobs import queries

    return queries.job(job_id)


def progress(job_id: str) -> Any:
    from dalil.actions.import_progress import progress_of

    return progress_of(job(job_id).report)


def rows(job_id: str) -> list[tuple[int, str, str, int, int, int]]:
    return [
        (row.number, row.state.value, row.format or row.code, row.read, row.kept, row.known)
        for row in progress(job_id).rows
    ]


def test_a_row_for_each_group_of_each_path_and_for_what_was_passed_over(house: Any, files: Path) -> None:
    (files / "diary").write_text("words")
    paths = [
        x_file(files / "x", 0, 30),
        files / "diary",
        three_formats(files / "all.zip", 100, 110),
        files / "nowhere",
        x_file(files / "again", 20, 50),
    ]
    done = enqueue(house, *paths)
    work(house)
    found = rows(done)
    assert [row[:4] for row in found] == [
        (1, "done", "x-api-v2", 30),
        (2, "refused", "format-unknown", 0),
        (3, "done", "telegram-desktop", 10),
        (3, "done", "crowdtangle-csv", 10),
        (3, "done", "x-api-v2", 10),
        (3, "skipped", "media-file", 0),
        (3, "skipped", "format-unknown", 0),
        (4, "refused", "path-missing", 0),
        (5, "done", "x-api-v2", 30),
    ]
    assert [row[4:] for row in found if row[3] == 30] == [(30, 0), (20, 10)]
    told = progress(done)
    assert (told.number, told.paths, told.read) == (5, 5, 90)
    assert told.kept + told.known == 90
    intakes = {row.intake_id: row for row in house.archive.intakes()}
    for row in told.rows:
        if row.format:
            assert intakes[row.intake].source_format == row.format
            assert intakes[row.intake].read == row.read
    assert (job(done).state.value, job(done).payload) == ("done", {})
    held = str(job(done).report)
    for name in ("diary", "all.zip", "again", "nowhere", str(files)):
        assert name not in held, "no name stays"


def test_rates_and_counts_while_it_runs(house: Any, files: Path, clock: Clock, monkeypatch: Any) -> None:
    from dalil.jobs.worker import Work

    told: list[Any] = []
    original = Work.progress

    def watching(self: Any, done: int, total: int | None = None, unit: str = "", *, report: Any = None) -> None:
        clock.forward(2)
        original(self, done, total, unit, report=report)
        told.append((done, total, progress(self.job_id)))

    monkeypatch.setattr(Work, "progress", watching)
    size = x_file(files / "x", 0, 100).stat().st_size
    enqueue(house, files / "x")
    work(house)
    assert len(told) >= 5
    assert [total for _, total, _ in told] == [size] * len(told)
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    for number, (done, _, found) in enumerate(told):
        [row] = found.rows
        assert (row.state.value, row.format) == ("running", "x-api-v2")
        if number:
            assert found.records_per_second == pytest.approx(found.read / (2 * number))
            assert found.bytes_per_second == pytest.approx(done / (2 * number))


def test_what_a_member_hands_in_is_collected_by_their_own_circle(house: Any, files: Path) -> None:
    green = member_of(house, "green")
    enqueue(house, x_file(files / "x", 0, 5), actor=green)
    work(house)
    [intake] = house.archive.intakes()
    assert intake.collected_by == green.circle_id


class Killed(BaseException):
    """What a kill looks like from inside: nothing after it runs."""


def test_a_job_that_was_killed_goes_on_where_it_was(house: Any, files: Path, clock: Clock, monkeypatch: Any) -> None:
    """At each of its reports in turn; no path and no group that was through is read again."""
    from dalil.actions import importing
    from dalil.jobs.worker import Work

    paths = [
        x_file(files / "x", 0, 60),
        three_formats(files / "all.zip", 200, 230),
        crowdtangle_file(files / "c", 0, 50),
    ]
    calm = enqueue(house, *paths)
    work(house)
    calm_rows = [(row[0], row[1], row[2], row[3]) for row in rows(calm)]
    opened: list[tuple[str, int]] = []
    take = importing.take_in

    def counting(*given: Any, **more: Any) -> Any:
        opened.append((given[1].name, len(more["done"])))
        return take(*given, **more)

    monkeypatch.setattr(importing, "take_in", counting)
    reports = [0]

    def dying(original: Any, at: int) -> Any:
        def tells(self: Any, *given: Any, **more: Any) -> None:
            original(self, *given, **more)
            reports[0] += 1
            if reports[0] == at:
                raise Killed

        return tells

    save, move = Work.save, Work.progress
    passed_over: set[int] = set()
    for at in range(1, 15):
        reports[0], opened[:] = 0, []
        killed = enqueue(house, *paths)
        with monkeypatch.context() as broken:
            broken.setattr(Work, "save", dying(save, at))
            broken.setattr(Work, "progress", dying(move, at))
            with pytest.raises(Killed):
                work(house)
        through = len([row for row in progress(killed).rows if row.state.value == "done"])
        clock.forward(120)
        work(house)
        assert [(row[0], row[1], row[2], row[3]) for row in rows(killed)] == calm_rows, at
        assert job(killed).state.value == "done"
        assert opened[-1][0] == "c"
        again = [name for name, _ in opened]
        assert all(again.count(name) <= 2 for name in ("x", "all.zip", "c"))
        assert sum(again.count(name) for name in ("x", "all.zip", "c")) <= 4, "only the one in hand is opened twice"
        assert through <= len(calm_rows)
        passed_over.update(done for _, done in opened)
    assert {1, 2} <= passed_over, "groups of the zip that were through were not read again"


def test_cancelled_within_a_file_what_was_kept_stays_and_the_rest_is_not_begun(
    house: Any, files: Path, monkeypatch: Any
) -> None:
    from dalil.jobs import queue
    from dalil.jobs.worker import Work

    upload = house.workspace.tmp / "upload-0011"
    upload.mkdir()
    paths = [x_file(upload / "000", 0, 100), x_file(upload / "001", 200, 300)]
    asked = enqueue(house, *paths)
    original, count = Work.progress, [0]

    def cancelling(self: Any, *given: Any, **more: Any) -> None:
        count[0] += 1
        if count[0] == 2:
            queue.cancel(asked, house.now())
        original(self, *given, **more)

    monkeypatch.setattr(Work, "progress", cancelling)
    work(house)
    assert job(asked).state.value == "cancelled"
    [intake] = house.archive.intakes()
    assert (intake.state, intake.code) == ("failed", "import-cancelled")
    assert 0 < intake.kept < 100
    assert not upload.exists(), "what was handed in does not outlive its job"
    monkeypatch.setattr(Work, "progress", original)
    again = x_file(files / "again", 0, 100)
    enqueue(house, again)
    work(house)
    assert sum(row.kept for row in house.archive.intakes()) == 100


def test_cancelled_between_two_files(house: Any, files: Path, monkeypatch: Any) -> None:
    from dalil.jobs import queue
    from dalil.jobs.worker import Work

    asked = enqueue(house, x_file(files / "a", 0, 10), x_file(files / "b", 20, 30))
    save = Work.save

    def cancelling(self: Any, checkpoint: Any, **more: Any) -> None:
        if checkpoint["paths"] == 1:
            queue.cancel(asked, house.now())
        save(self, checkpoint, **more)

    monkeypatch.setattr(Work, "save", cancelling)
    work(house)
    assert job(asked).state.value == "cancelled"
    assert [row.read for row in house.archive.intakes()] == [10]


def test_a_full_disk_stops_the_job_and_not_only_the_file(house: Any, files: Path, monkeypatch: Any) -> None:
    from dalil.actions import importing
    from dalil.errors import LimitReached

    def full(*given: Any, **more: Any) -> Any:
        raise LimitReached("disk-full")

    asked = enqueue(house, x_file(files / "a", 0, 10), x_file(files / "b", 20, 30))
    monkeypatch.setattr(importing, "import_path", full)
    work(house)
    assert (job(asked).state.value, job(asked).error_code) == ("failed", "disk-full")


def test_a_file_that_ends_its_child_does_not_stop_the_others(house: Any, files: Path, monkeypatch: Any) -> None:
    from dalil.actions import importing
    from dalil.errors import LimitReached

    whole = importing.import_path

    def dies(actor: Any, path: Path, **more: Any) -> Any:
        if path.name == "a":
            raise LimitReached("child-memory", mib=1)
        return whole(actor, path, **more)

    monkeypatch.setattr(importing, "import_path", dies)
    asked = enqueue(house, x_file(files / "a", 0, 10), x_file(files / "b", 20, 30))
    work(house)
    assert [row[:3] for row in rows(asked)] == [(1, "refused", "child-memory"), (2, "done", "x-api-v2")]


def test_reports_of_other_jobs_and_rates_at_rest() -> None:
    from datetime import UTC, datetime

    from dalil.actions.import_progress import ImportProgress, Rates, progress_of

    assert progress_of({}) == ImportProgress()
    assert progress_of({"rows": "none"}) == ImportProgress()
    began = datetime(2026, 5, 17, tzinfo=UTC)
    rates = Rates(began)
    assert rates.at(began, 10, 10) == (None, None)
    assert rates.at(began + timedelta(seconds=4), 10, 2) == (2.5, 0.5)
