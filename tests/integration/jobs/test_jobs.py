"""The table of jobs and its worker: claims, leases, checkpoints, cancel, failure; with a clock of our own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from dalil.errors import InputError


class Clock:
    """Time that moves when a test says so."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock(each_database: str, now: datetime) -> Clock:
    return Clock(now)


def work(clock: Clock, **steps: Callable[[Any], None]) -> int:
    from dalil.jobs import worker

    return worker.run(steps, clock, lease_seconds=60, once=True)


def put(clock: Clock, kind: str = "count", payload: Any = None, **options: Any) -> str:
    from dalil.jobs import queue

    return queue.enqueue(kind, payload or {}, clock(), **options)


def row(job_id: str) -> Any:
    from dalil.jobs import queries

    found = queries.job(job_id)
    assert found is not None
    return found


def test_a_job_runs_its_steps_in_order_with_its_payload(clock: Clock) -> None:
    seen: list[Any] = []
    job_id = put(clock, "import", {"path": "/data/one.jsonl", "n": 3}, steps=["parse", "index"])
    assert row(job_id).step == "parse"

    def see(at: Any) -> None:
        seen.append((at.step, at.job_id, dict(at.payload), at.checkpoint))

    assert work(clock, parse=see, index=see) == 1
    payload = {"path": "/data/one.jsonl", "n": 3}
    assert seen == [("parse", job_id, payload, {}), ("index", job_id, payload, {})]
    assert (row(job_id).state, row(job_id).is_over, row(job_id).step) == ("done", True, "")


def test_jobs_begin_in_the_order_they_came(clock: Clock) -> None:
    seen: list[str] = []
    jobs = [put(clock) for _ in range(5)]
    assert work(clock, count=lambda at: seen.append(at.job_id)) == 5
    assert seen == jobs


def test_a_second_click_does_not_double_a_job_until_the_first_has_ended(clock: Clock) -> None:
    first = put(clock, once="week:2026-W20")
    assert put(clock, once="week:2026-W20") == first
    assert put(clock, once="week:2026-W21") != first
    assert put(clock) != put(clock)
    work(clock, count=lambda at: None)
    assert put(clock, once="week:2026-W20") != first


def test_putting_in_is_undone_with_the_transaction_it_belongs_to(clock: Clock) -> None:
    from django.db import transaction

    from dalil.jobs import queries

    class ChangeFailed(Exception):
        pass

    def change() -> None:
        with transaction.atomic():
            put(clock)
            raise ChangeFailed

    with pytest.raises(ChangeFailed):
        change()
    assert queries.jobs() == []


@pytest.mark.parametrize(
    "payload",
    [
        {"text": "two\nlines"},
        {"text": "x" * 5000},
        {"ids": ["a", 3.5, object()]},
        {"nested": {"a": 1}},
        {"many": ["x" * 4000] * 20},
    ],
)
def test_a_payload_that_could_hold_content_is_refused(clock: Clock, payload: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        put(clock, "count", payload)


def test_a_job_needs_a_step_and_an_aware_time(clock: Clock) -> None:
    from dalil.jobs import queue

    with pytest.raises(ValueError, match="step"):
        put(clock, steps=[])
    with pytest.raises(ValueError, match="aware"):
        queue.enqueue("count", {}, datetime(2026, 5, 17))  # noqa: DTZ001 - what is refused


def test_progress_is_seen_while_the_step_runs(clock: Clock) -> None:
    job_id = put(clock)

    def step(at: Any) -> None:
        at.progress(3, 10, "records")
        assert (row(job_id).state, row(job_id).done, row(job_id).total, row(job_id).unit) == (
            "running",
            3,
            10,
            "records",
        )
        at.save({"line": 7}, done=7)
        assert (row(job_id).done, row(job_id).total) == (7, 10)

    work(clock, count=step)
    assert row(job_id).state == "done"


def test_a_lease_that_ended_lets_another_worker_go_on_from_the_checkpoint(clock: Clock) -> None:
    from dalil.jobs import leases

    job_id = put(clock)
    lease = timedelta(seconds=60)
    assert leases.claim("dead", clock(), lease) is not None
    leases.renew(job_id, "dead", clock(), lease, checkpoint={"line": 40})
    clock.pass_by(59)
    assert work(clock, count=lambda at: None) == 0
    clock.pass_by(1)
    seen: list[Any] = []
    assert work(clock, count=lambda at: seen.append(at.checkpoint)) == 1
    assert seen == [{"line": 40}]
    assert row(job_id).attempts == 2


def test_a_heartbeat_extends_the_lease(clock: Clock) -> None:
    from dalil.jobs import leases

    job_id = put(clock)
    lease = timedelta(seconds=60)
    leases.claim("alive", clock(), lease)
    for _ in range(5):
        clock.pass_by(50)
        leases.renew(job_id, "alive", clock(), lease)
        assert leases.claim("other", clock(), lease) is None


def test_a_worker_that_was_slow_not_dead_cannot_write_any_more(clock: Clock) -> None:
    """Its effect is undone together with the heartbeat that fails."""
    from dalil.jobs import leases
    from dalil.people.models import Trial

    job_id = put(clock)
    effects: list[Any] = []

    def slow(at: Any) -> None:
        from django.db import transaction

        clock.pass_by(61)
        taken = leases.claim("quicker", clock(), timedelta(seconds=60))
        assert taken is not None
        assert taken.job_id == job_id
        with transaction.atomic():
            Trial.objects.create(mark="effect", until_hour=0)
            try:
                at.save({"line": 1})
            finally:
                effects.append("tried")

    assert work(clock, count=slow) == 0
    assert effects == ["tried"]
    assert not Trial.objects.exists()
    assert (row(job_id).state, row(job_id).error_code) == ("running", "")


def test_of_two_claims_at_once_one_succeeds(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second worker reads the row before the first writes, and writes after it."""
    from dalil.jobs import leases
    from dalil.jobs.models import Job

    put(clock)
    lease = timedelta(seconds=60)
    iterator = type(Job.objects.all()).iterator
    claims: list[Any] = []

    def late(self: Any, *args: Any, **kwargs: Any) -> Any:
        rows = list(iterator(self, *args, **kwargs))
        if not claims:
            claims.append(None)
            monkeypatch.undo()
            claims[0] = leases.claim("first", clock(), lease)
        return iter(rows)

    monkeypatch.setattr(type(Job.objects.all()), "iterator", late)
    assert leases.claim("second", clock(), lease) is None
    assert claims[0] is not None


def test_a_waiting_job_is_cancelled_at_once(clock: Clock) -> None:
    from dalil.jobs import queue

    job_id = put(clock)
    assert queue.cancel(job_id, clock())
    assert row(job_id).state == "cancelled"
    assert not queue.cancel(job_id, clock())
    assert not queue.cancel("no such job", clock())
    assert work(clock, count=lambda at: None) == 0


def test_a_running_job_notices_at_its_next_heartbeat_and_keeps_what_it_did(clock: Clock) -> None:
    from dalil.jobs import queue

    job_id = put(clock)
    after: list[str] = []

    def step(at: Any) -> None:
        at.save({"line": 1}, done=1)
        assert queue.cancel(job_id, clock())
        assert row(job_id).cancel_asked
        try:
            at.heartbeat()
        finally:
            after.append("noticed")
        after.append("went on")

    work(clock, count=step)
    assert after == ["noticed"]
    assert (row(job_id).state, row(job_id).done) == ("cancelled", 1)


def test_a_job_cancelled_while_its_worker_was_dead_ends_as_cancelled(clock: Clock) -> None:
    from dalil.jobs import leases, queue

    job_id = put(clock)
    leases.claim("dead", clock(), timedelta(seconds=60))
    queue.cancel(job_id, clock())
    clock.pass_by(60)
    assert work(clock, count=lambda at: None) == 0
    assert row(job_id).state == "cancelled"


def test_an_error_of_ours_ends_the_job_with_its_code(clock: Clock) -> None:
    def step(at: Any) -> None:
        raise InputError("path-missing", name="secret name")

    job_id = put(clock)
    assert work(clock, count=step) == 1
    assert (row(job_id).state, row(job_id).error_code) == ("failed", "path-missing")


def test_any_other_error_ends_the_job_not_the_worker_and_its_words_stay_nowhere(
    clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    from dalil.jobs.models import Job

    def broken(at: Any) -> None:
        raise RuntimeError("poisoned words of a post")

    caplog.set_level(logging.DEBUG)
    first, second = put(clock, "broken"), put(clock)
    assert work(clock, broken=broken, count=lambda at: None) == 2
    assert (row(first).state, row(first).error_code) == ("failed", "job-failed")
    assert row(second).state == "done"
    assert "RuntimeError" in caplog.text
    assert "poisoned" not in caplog.text
    assert "poisoned" not in str(list(Job.objects.values()))


def test_a_step_that_this_version_lacks_is_told(clock: Clock) -> None:
    job_id = put(clock, "unheard-of")
    work(clock)
    assert (row(job_id).state, row(job_id).error_code) == ("failed", "job-step-unknown")


def test_a_job_that_ends_every_worker_is_given_up(clock: Clock) -> None:
    from dalil.jobs import leases

    job_id = put(clock)
    for attempt in range(leases.MAX_ATTEMPTS):
        assert leases.claim(f"dead{attempt}", clock(), timedelta(seconds=60)) is not None
        clock.pass_by(60)
    assert leases.claim("last", clock(), timedelta(seconds=60)) is None
    assert (row(job_id).state, row(job_id).error_code) == ("failed", "job-worn-out")


def test_a_job_that_moved_on_has_its_attempts_again(clock: Clock) -> None:
    from dalil.jobs import leases

    job_id = put(clock)

    def cut_off(at: Any) -> None:
        at.save({"line": at.checkpoint.get("line", 0) + 1})
        raise leases.LeaseLost  # as good as a kill: the job stays as it is

    for _attempt in range(3 * leases.MAX_ATTEMPTS):
        assert work(clock, count=cut_off) == 0
        assert (row(job_id).state, row(job_id).attempts) == ("running", 1)
        clock.pass_by(60)
    assert work(clock, count=lambda at: None) == 1
    assert row(job_id).state == "done"


def test_a_worker_told_to_stop_puts_its_job_back_with_its_checkpoint(clock: Clock) -> None:
    from dalil.jobs import worker

    stop, job_id = threading.Event(), put(clock)

    def step(at: Any) -> None:
        at.save({"line": 3})
        stop.set()
        at.heartbeat()

    assert worker.run({"count": step}, clock, lease_seconds=60, stop=stop) == 0
    assert (row(job_id).state, row(job_id).attempts) == ("queued", 0)
    seen: list[Any] = []
    assert work(clock, count=lambda at: seen.append(at.checkpoint)) == 1
    assert seen == [{"line": 3}]


def test_an_idle_worker_waits_and_looks_again(clock: Clock) -> None:
    from dalil.jobs import worker

    stop, waits = threading.Event(), []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 1:
            put(clock)
        if len(waits) == 3:
            stop.set()

    ended = worker.run({"count": lambda at: None}, clock, lease_seconds=60, stop=stop, wait=wait, idle_seconds=2)
    assert (ended, waits) == (1, [2, 2, 2])


def test_a_database_that_is_busy_is_waited_for(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    from dalil.jobs import leases, worker

    stop, claim = threading.Event(), leases.claim
    monkeypatch.setattr(leases, "claim", lambda *args: (_ for _ in ()).throw(OperationalError("database is locked")))

    def wait(_seconds: float) -> None:
        monkeypatch.setattr(leases, "claim", claim)
        if row(job_id).is_over:
            stop.set()

    job_id = put(clock)
    assert worker.run({"count": lambda at: None}, clock, lease_seconds=60, stop=stop, wait=wait) == 1


def test_the_database_s_trouble_inside_a_step_is_not_the_job_s(clock: Clock) -> None:
    from django.db import OperationalError

    def step(at: Any) -> None:
        if row(job_id).attempts == 1:
            raise OperationalError("database is locked")

    job_id = put(clock)
    with pytest.raises(OperationalError):
        work(clock, count=step)
    assert row(job_id).state == "running"
    clock.pass_by(60)
    assert work(clock, count=step) == 1
    assert row(job_id).state == "done"


def test_a_long_part_keeps_its_lease_from_a_thread(database: Any, now: datetime) -> None:
    from dalil.jobs import leases, worker

    clock, beats = Clock(now), threading.Event()
    job_id = put(clock)
    renew = leases.renew

    def counted(*args: Any, **values: Any) -> None:
        renew(*args, **values)
        if threading.current_thread() is not threading.main_thread():
            beats.set()

    def step(at: Any) -> None:
        with at.keep_alive():
            clock.pass_by(1)
            assert beats.wait(60)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(leases, "renew", counted)
        assert worker.run({"count": step}, clock, lease_seconds=0.04, once=True) == 1
    assert row(job_id).state == "done"


def test_a_cancel_during_a_long_part_is_raised_at_its_end(database: Any, now: datetime) -> None:
    from dalil.jobs import queue, worker

    clock = Clock(now)
    job_id = put(clock)

    def step(at: Any) -> None:
        with at.keep_alive():
            queue.cancel(job_id, clock())

    assert worker.run({"count": step}, clock, lease_seconds=60, once=True) == 1
    assert row(job_id).state == "cancelled"


def test_an_ended_job_keeps_counts_and_a_code_no_paths_and_goes_after_a_week(clock: Clock) -> None:
    from dalil.jobs import queue
    from dalil.jobs.models import Job

    def failing(at: Any) -> None:
        at.save({"report": "names.zip"}, done=1)
        raise InputError("path-missing", name="names.zip")

    def cancelled(at: Any) -> None:
        queue.cancel(at.job_id, clock())
        at.heartbeat()

    kinds = ("good", "failing", "cancelled", "waiting")
    ended = [put(clock, kind, {"path": "/uploads/names.zip"}) for kind in kinds]
    queue.cancel(ended[3], clock())
    work(clock, good=lambda at: at.progress(5), failing=failing, cancelled=cancelled)
    assert [(row(job_id).payload, row(job_id).done) for job_id in ended] == [({}, 5), ({}, 1), ({}, 0), ({}, 0)]
    assert "zip" not in str(list(Job.objects.values()))
    assert queue.forget_ended(clock() + timedelta(days=7)) == 0
    waits = put(clock)
    assert queue.forget_ended(clock() + timedelta(days=8)) == 4
    assert row(waits).state == "queued"


def test_what_is_hourly_is_called_at_the_start_and_when_an_hour_has_begun(clock: Clock) -> None:
    from dalil.jobs import worker

    stop, called = threading.Event(), []

    def wait(_seconds: float) -> None:
        clock.pass_by(25 * 60)
        if clock.now.hour > 13:
            stop.set()

    worker.run({}, clock, lease_seconds=60, stop=stop, wait=wait, hourly=called.append)
    assert [at.hour for at in called] == [11, 12, 13]


def test_jobs_are_listed_newest_first_by_circle_and_kind(clock: Clock) -> None:
    from dalil.jobs import queries

    first = put(clock, "import", circle="c" * 32)
    second = put(clock, "week", circle="c" * 32)
    third = put(clock, "week", circle="d" * 32)
    assert [found.job_id for found in queries.jobs()] == [third, second, first]
    assert [found.job_id for found in queries.jobs(circle="c" * 32)] == [second, first]
    assert [found.job_id for found in queries.jobs(kind="week", limit=1)] == [third]
    assert queries.unfinished() == 3
    assert queries.job("none") is None
