"""The worker: claims a job, runs its steps, and survives whatever a step raises."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, close_old_connections, connection

from dalil.errors import DalilError, NotAvailable
from dalil.jobs import leases
from dalil.jobs.leases import Cancelled, Claim, LeaseLost, Stopping
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
    _worker: _Worker

    def save(
        self,
        checkpoint: Mapping[str, Any],
        *,
        done: int | None = None,
        total: int | None = None,
        unit: str = "",
        report: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep where the step is, ids and counts only; call it inside the transaction of the effect.

        A job that moves on has its full number of attempts again.

        Args:
            report: what the job's page may show while it runs and afterwards: ids, codes and numbers.
        Raises:
            LeaseLost, Cancelled, Stopping: let them through; they undo the transaction.
        """
        values = dict(checkpoint)
        self._renew(checkpoint=values, attempts=1, **_progress(done, total, unit), **_told(report))
        self.checkpoint = values

    def progress(
        self, done: int, total: int | None = None, unit: str = "", *, report: Mapping[str, Any] | None = None
    ) -> None:
        """Report how far the step is, and heartbeat. Raises as `save` does."""
        self._renew(**_progress(done, total, unit), **_told(report))

    def now(self) -> datetime:
        """The worker's clock, for rates."""
        return self._worker.clock()

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
            while not over.wait(self._worker.lease.total_seconds() / 4):
                with suppress(OperationalError):  # a busy database is asked again at the next beat
                    self._renew()
        except (LeaseLost, Cancelled, Stopping):
            pass  # the step learns it from its own next heartbeat
        finally:
            connection.close()

    def _renew(self, **values: object) -> None:
        if self._worker.stop.is_set():
            raise Stopping
        leases.renew(self.job_id, self._worker.token, self._worker.clock(), self._worker.lease, **values)


Step = Callable[[Work], None]


def run(
    steps: Mapping[str, Step],
    clock: Callable[[], datetime],
    *,
    lease_seconds: float = 60,
    stop: threading.Event | None = None,
    once: bool = False,
    hourly: Callable[[datetime], object] | None = None,
    often: Callable[[datetime], object] | None = None,
    wait: Callable[[float], object] | None = None,
    idle_seconds: float = 1.0,
) -> int:
    """Run jobs until told to stop, or until none is left.

    Args:
        steps: name of a step → what to do.
        clock: gives the time, aware UTC; leases are measured by it, so it must be one that runs.
        lease_seconds: a job whose worker reports nothing for so long is taken up by another.
        stop: ends the loop; a running job is put back at its next heartbeat, with its checkpoint.
        once: return when no job can be claimed, instead of waiting for the next.
        hourly: called between jobs when a new hour has begun, and at the start; given that hour.
        often: called between jobs, each time that one is looked for; given the time.
        wait: how to wait between looks, given seconds; until `stop` when None.
    Returns:
        how many jobs were brought to an end of any kind.
    """
    me = _Worker(steps, clock, timedelta(seconds=lease_seconds), stop or threading.Event())
    wait = wait or me.stop.wait
    ended, hour = 0, None
    while not me.stop.is_set():
        close_old_connections()
        try:
            begun = clock().replace(minute=0, second=0, microsecond=0)
            if hourly is not None and begun != hour:
                hourly(begun)
                hour = begun
            if often is not None:
                often(clock())
            claimed = leases.claim(me.token, clock(), me.lease)
            if claimed is not None:
                ended += me.run_job(claimed)
                continue
        except OperationalError:
            # A locked or restarting database is waited for; the job in hand, if any, keeps its lease.
            event("worker.database_busy", level=logging.WARNING)
            if once:
                raise
        else:
            if once:
                break
        wait(idle_seconds)
    return ended


@dataclass(frozen=True, slots=True)
class _Worker:
    """One running worker; its token is what a lease is held by."""

    steps: Mapping[str, Step]
    clock: Callable[[], datetime]
    lease: timedelta
    stop: threading.Event
    token: str = field(default_factory=lambda: secrets.token_hex(8))

    def run_job(self, claimed: Claim) -> bool:
        """Run a claimed job's steps; True when the job has ended."""
        job_id = claimed.job_id
        event("job.claimed", job_id=job_id, step=claimed.step)
        try:
            self._run_steps(claimed)
        except LeaseLost:
            event("job.lease_lost", job_id=job_id, level=logging.WARNING)
            return False
        except Stopping:
            leases.release(job_id, self.token)
            return False
        except Cancelled:
            event("job.cancelled", job_id=job_id)
            return leases.end(job_id, self.token, self.clock(), State.CANCELLED)
        except DalilError as error:
            return self._fail(job_id, error.code)
        except OperationalError:
            raise  # the database's trouble is not the job's: its lease ends, and it is taken up again
        except Exception as error:  # noqa: BLE001 - one broken step must not end the worker; only the type's name is kept
            event("job.broken", job_id=job_id, code=type(error).__name__, level=logging.ERROR)
            return self._fail(job_id, "job-failed")
        event("job.done", job_id=job_id)
        return True

    def _run_steps(self, claimed: Claim) -> None:
        at: Claim | None = claimed
        while at is not None:
            if at.step not in self.steps:
                raise NotAvailable("job-step-unknown")
            self.steps[at.step](Work(at.job_id, at.kind, at.step, at.payload, at.checkpoint, self))
            at = leases.advance(at, self.token, self.clock(), self.lease)

    def _fail(self, job_id: str, code: str) -> bool:
        event("job.failed", job_id=job_id, code=code, level=logging.WARNING)
        return leases.end(job_id, self.token, self.clock(), State.FAILED, code)


def _told(report: Mapping[str, Any] | None) -> dict[str, object]:
    return {} if report is None else {"report": dict(report)}


def _progress(done: int | None, total: int | None, unit: str) -> dict[str, object]:
    values: dict[str, object] = {"done": done, "total": total, "unit": unit}
    return {name: value for name, value in values.items() if value not in (None, "")}
