"""Claims, heartbeats and ends, each one conditional UPDATE, so that two workers never hold one job.

Every write of a running job names the worker's token. Whoever lost the lease matches no row and
raises `LeaseLost`, which undoes the transaction it was raised in: a worker that was slow, not dead,
cannot write after another has taken over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Q, QuerySet

from dalil.jobs.models import Job, State

MAX_ATTEMPTS: Final = 5
FORGOTTEN: Final[dict[str, dict[str, str]]] = {"payload": {}, "checkpoint": {}}
"""What goes when a job ends: its paths and ids have done their work, and file names may tell too much."""


class LeaseLost(Exception):
    """Another worker has the job, or it was ended; this one must leave it."""


class Cancelled(Exception):
    """Somebody asked for the job's end."""


class Stopping(Exception):
    """The worker itself was told to stop; the job goes back with its checkpoint."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in hand, as it was when claimed."""

    job_id: str
    kind: str
    step: str
    step_number: int
    payload: dict[str, Any]
    checkpoint: dict[str, Any] = field(default_factory=dict)


def claim(worker: str, now: datetime, lease: timedelta) -> Claim | None:
    """Take the first job that waits, or whose lease has ended; None when there is none.

    A job that was cancelled while its worker was dead ends as cancelled; one that has ended
    `MAX_ATTEMPTS` workers without a new checkpoint ends as failed, `job-worn-out`.
    """
    free = Q(state=State.QUEUED.value) | Q(state=State.RUNNING.value, lease_until__lte=now)
    for job in Job.objects.filter(free).order_by("order").iterator(chunk_size=16):
        # What was seen must still be so, or another worker was quicker.
        seen = Job.objects.filter(
            pk=job.pk, state=job.state, worker=job.worker, attempts=job.attempts, lease_until=job.lease_until
        )
        if job.cancel_asked:
            seen.update(state=State.CANCELLED.value, worker="", lease_until=None, ended_at=now, **FORGOTTEN)
        elif job.attempts >= MAX_ATTEMPTS:
            seen.update(
                state=State.FAILED.value,
                error_code="job-worn-out",
                worker="",
                lease_until=None,
                ended_at=now,
                **FORGOTTEN,
            )
        elif seen.update(state=State.RUNNING.value, worker=worker, lease_until=now + lease, attempts=F("attempts") + 1):
            fresh = Job.objects.get(pk=job.pk)
            return Claim(
                job_id=fresh.job_id,
                kind=fresh.kind,
                step=fresh.steps[fresh.step],
                step_number=fresh.step,
                payload=fresh.payload,
                checkpoint=fresh.checkpoint,
            )
    return None


def renew(job_id: str, worker: str, now: datetime, lease: timedelta, **values: object) -> None:
    """Heartbeat: extend the lease and write progress or a checkpoint with it.

    Raises:
        LeaseLost: the job is not this worker's any more.
        Cancelled: somebody asked for its end; nothing of this call is kept.
    """
    with transaction.atomic():
        if not _held(job_id, worker).update(lease_until=now + lease, **values):
            raise LeaseLost
        if _held(job_id, worker).filter(cancel_asked=True).exists():
            raise Cancelled


def advance(claimed: Claim, worker: str, now: datetime, lease: timedelta) -> Claim | None:
    """Leave a finished step: on to the next with an empty checkpoint, or None when that was the last.

    A step that was finished gives the job its full number of attempts again.

    Raises:
        LeaseLost: the job is not this worker's any more.
    """
    with transaction.atomic():
        held = _held(claimed.job_id, worker).filter(step=claimed.step_number)
        steps = held.values_list("steps", flat=True).first()
        number = claimed.step_number + 1
        if steps is None:
            raise LeaseLost
        if number >= len(steps):
            held.update(state=State.DONE.value, step=number, worker="", lease_until=None, ended_at=now, **FORGOTTEN)
            return None
        held.update(step=number, checkpoint={}, lease_until=now + lease, attempts=1, done=0, total=None, unit="")
        return Claim(claimed.job_id, claimed.kind, steps[number], number, claimed.payload)


def end(job_id: str, worker: str, now: datetime, state: State, code: str = "") -> bool:
    """End a job as failed or cancelled; False when it is not this worker's any more."""
    return bool(
        _held(job_id, worker).update(
            state=state.value, error_code=code, worker="", lease_until=None, ended_at=now, **FORGOTTEN
        )
    )


def release(job_id: str, worker: str) -> bool:
    """Put a job back as waiting, for a worker that is asked to stop; its checkpoint stays."""
    return bool(
        _held(job_id, worker).update(state=State.QUEUED.value, worker="", lease_until=None, attempts=F("attempts") - 1)
    )


def _held(job_id: str, worker: str) -> QuerySet[Job]:
    return Job.objects.filter(job_id=job_id, worker=worker, state=State.RUNNING.value)
