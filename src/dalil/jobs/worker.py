"""The worker: claims a job, runs its steps, and survives whatever a step raises."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, close_old_connections, connection

from dalil.errors import DalilError
from dalil.jobs import leases
from dalil.jobs.leases import Cancelled, Claim, LeaseLost
from dalil.jobs.models import State
from dalil.log import event


@dataclass(slots=True)
class Work:
    """What a step is given: the job's ids, its checkpoint, and the way to report.

    A step may be begun again from its last checkpoint at any time, after a kill or a lost lease.
    An effect happens exactly once when it is written to the desk's database in one transaction with
    `save`; an effect elsewhere (a file, the archive) must give the same result when repeated.
    """

    job_id: str
    kind: str
    step: str
    payload: Mapping[str, Any]
    checkpoint: dict[str, Any]
    _worker: str
    _clock: Callable[[], datetime]
    _lease: timedelta

    def save(
        self, checkpoint: Mapping[str, Any], *, done: int | None = None, total: int | None = None, unit: str = ""
    ) -> None:
        """Keep where the step is, ids and counts only; call it inside the transaction of the effect.

        Raises:
            LeaseLost, Cancelled: let them through; they undo the transaction.
        """
        values = dict(checkpoint)
        self._renew(checkpoint=values, **_progress(done, total, unit))
        self.checkpoint = values

    def progress(self, done: int, total: int | None = None, unit: str = "") -> None:
        """Report how far the step is, and heartbeat. Raises as `save` does."""
        self._renew(**_progress(done, total, unit))

    def heartbeat(self) -> None:
        """Say that the step is alive. Raises as `save` does."""
        self._renew()

    @contextmanager
    def keep_alive(self) -> Iterator[None]:
        """Heartbeat from a thread while a part runs that cannot report, such as building an index.

        A cancel or a lost lease is raised at the end of the part.
        """
        over = threading.Event()
        beat = threading.Thread(target=self._beat, args=(over,), daemon=True)
        beat.start()
        try:
            yield
        finally:
            over.set()
            beat.join()
        self.heartbeat()

    def _beat(self, over: threading.Event) -> None:
        try:
            while not over.wait(self._lease.total_seconds() / 4):
                self._renew()
        except (LeaseLost, Cancelled):
            pass  # the step learns it from its own next heartbeat
        finally:
            connection.close()

    def _renew(self, **values: object) -> None:
        leases.renew(self.job_id, self._worker, self._clock(), self._lease, **values)


Step = Callable[[Work], None]


@dataclass(slots=True)
class Stop:
    """A switch that ends `run` after the job in hand; a signal handler may set it."""

    event: threading.Event = field(default_factory=threading.Event)

    def __call__(self) -> bool:
        return self.event.is_set()


def run(
    steps: Mapping[str, Step],
    *,
    clock: Callable[[], datetime],
    lease: timedelta,
    stop: Callable[[], bool] = lambda: False,
    until_idle: bool = False,
    wait: Callable[[float], object] = time.sleep,
    idle_seconds: float = 1.0,
) -> int:
    """Run jobs until told to stop, or until none is left.

    Args:
        steps: name of a step → what to do.
        clock: gives the time, aware UTC; leases are measured by it.
        lease: a job whose worker reports nothing for so long is taken up by another.
        until_idle: return when no job can be claimed, instead of waiting for the next.
        wait: how to wait between looks, given seconds.
    Returns:
        how many jobs were brought to an end of any kind.
    """
    worker = secrets.token_hex(8)
    ended = 0
    while not stop():
        close_old_connections()
        try:
            claimed = leases.claim(worker, clock(), lease)
            if claimed is not None:
                ended += _run_job(claimed, steps, worker, clock, lease)
                continue
        except OperationalError:
            # A locked or restarting database is waited for; the job in hand, if any, keeps its lease.
            event("worker.database_busy", level=logging.WARNING)
        else:
            if until_idle:
                break
        wait(idle_seconds)
    return ended


def _run_job(
    claimed: Claim, steps: Mapping[str, Step], worker: str, clock: Callable[[], datetime], lease: timedelta
) -> bool:
    job_id = claimed.job_id
    event("job.claimed", job_id=job_id, step=claimed.step)
    try:
        at: Claim | None = claimed
        while at is not None:
            step = steps.get(at.step)
            if step is None:
                return _fail(job_id, worker, clock(), "job-step-unknown")
            step(Work(job_id, at.kind, at.step, at.payload, at.checkpoint, worker, clock, lease))
            at = leases.advance(at, worker, clock(), lease)
    except LeaseLost:
        event("job.lease_lost", job_id=job_id, level=logging.WARNING)
        return False
    except Cancelled:
        event("job.cancelled", job_id=job_id)
        return leases.end(job_id, worker, clock(), State.CANCELLED)
    except DalilError as error:
        return _fail(job_id, worker, clock(), error.code)
    except Exception as error:  # noqa: BLE001 - one broken step must not end the worker; only the type's name is kept
        event("job.broken", job_id=job_id, code=type(error).__name__, level=logging.ERROR)
        return _fail(job_id, worker, clock(), "job-failed")
    event("job.done", job_id=job_id)
    return True


def _fail(job_id: str, worker: str, now: datetime, code: str) -> bool:
    event("job.failed", job_id=job_id, code=code, level=logging.WARNING)
    return leases.end(job_id, worker, now, State.FAILED, code)


def _progress(done: int | None, total: int | None, unit: str) -> dict[str, object]:
    values: dict[str, object] = {"done": done, "total": total, "unit": unit}
    return {name: value for name, value in values.items() if value not in (None, "")}
