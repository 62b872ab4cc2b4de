"""kill -9 at random points: the job is taken up again, and every effect is there exactly once."""

from __future__ import annotations

import itertools
import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

MANY = 24
KILLS = 16
LEASE = 10
START = datetime(2026, 5, 17, tzinfo=UTC)
SCRIPT = Path(__file__).with_name("counting_worker.py")


class Worker:
    """A worker process; `step` makes it wait at each place for leave to go on."""

    def __init__(self, folder: Path, seconds: float, *, step: bool = False) -> None:
        words = [sys.executable, str(SCRIPT), json.dumps(sys.path), str(folder), str(seconds), str(MANY)]
        self.step = step
        self.process = subprocess.Popen(
            [*words, "step" if step else "run"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def places(self) -> Iterator[str]:
        """Where it is, place by place, until it ends."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        for line in self.process.stdout:
            yield line.split()[0]
            if self.step:
                self.process.stdin.write("\n")
                self.process.stdin.flush()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def job_id(database: Path) -> str:
    from django.db import connection

    from dalil.jobs import queue

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE effects (step TEXT NOT NULL, number INTEGER NOT NULL)")
    return queue.enqueue("count", {"n": MANY}, START, steps=["first", "second"])


def effects() -> Counter[tuple[str, int]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT step, number FROM effects")
        return Counter(cursor.fetchall())


def row(job_id: str) -> Any:
    from dalil.jobs import queries

    found = queries.job(job_id)
    assert found is not None
    return found


@pytest.mark.slow
def test_a_job_whose_workers_are_killed_ends_done_with_each_effect_once(job_id: str, django_workspace: Path) -> None:
    dice, kills, seconds = random.Random(20260517), 0, 0.0
    places: Counter[str] = Counter()
    while not row(job_id).is_over:
        seconds += LEASE
        killed = Worker(django_workspace, seconds, step=kills % 2 == 0)
        stop_after = dice.randrange(1, 24) if kills < KILLS else 10**6
        *_before, place = itertools.islice(killed.places(), stop_after)
        killed.kill()
        kills, places = kills + 1, places + Counter([place])
        assert kills < 3 * KILLS
    assert row(job_id).state == "done"
    assert effects() == Counter({(step, number): 1 for step in ("first", "second") for number in range(MANY)})
    assert kills >= 8
    assert len(places) >= 4, places


@pytest.mark.parametrize("place", ["begin", "effect", "checkpoint", "commit", "next"])
def test_a_kill_at_each_place_leaves_the_effect_and_its_checkpoint_both_or_neither(
    job_id: str, django_workspace: Path, place: str
) -> None:
    killed = Worker(django_workspace, 0, step=True)
    assert next(at for at in killed.places() if at == place) == place
    killed.kill()
    from dalil.jobs.models import Job

    counted = Job.objects.get(job_id=job_id).checkpoint.get("counted", 0)
    assert sum(effects().values()) == counted == (1 if place == "next" else 0)


def test_a_killed_worker_s_job_is_taken_up_only_when_its_lease_has_ended(job_id: str, django_workspace: Path) -> None:
    killed = Worker(django_workspace, 0, step=True)
    assert next(at for at in killed.places() if at == "next")
    killed.kill()
    assert list(Worker(django_workspace, LEASE - 1).places()) == ["end"]
    last = list(Worker(django_workspace, LEASE).places())
    assert (last[0], last[-1]) == ("begin", "end")
    assert row(job_id).ended_at == START + timedelta(seconds=LEASE)
