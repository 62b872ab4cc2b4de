"""Puts jobs in and asks for their end; both within the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from django.db import IntegrityError, transaction

from dalil.jobs.models import UNFINISHED, Job, State, Taken

Value = str | int | float | bool | None | Sequence[str]
MAX_PAYLOAD: Final = 64 * 1024
MAX_TEXT: Final = 4096
KEPT: Final = timedelta(days=7)


def enqueue(
    kind: str,
    payload: Mapping[str, Value],
    now: datetime,
    *,
    steps: Sequence[str] | None = None,
    circle: str = "",
    once: str = "",
) -> str:
    """Put a job in.

    Args:
        kind: what the job is, such as `import`; the name of its only step unless `steps` says more.
        payload: ids, codes, numbers and paths; never content.
        now: aware.
        steps: names of its steps in order, keys of the mapping that the worker is given.
        circle: id of the circle that may see and cancel it; empty for the command line.
        once: while a job with this key is unfinished, its id is returned and nothing is put in.
    Returns:
        the job's id.
    Raises:
        ValueError: the payload is not of that kind, `now` is naive, or there is no step.
    """
    if now.tzinfo is None:
        raise ValueError("`now` must be aware")
    names = [kind] if steps is None else list(steps)
    if not names or not all(names):
        raise ValueError("a job has at least one named step")
    plain = _plain(payload)
    try:
        with transaction.atomic():
            job = Job.objects.create(kind=kind, payload=plain, steps=names, circle=circle, once=once, queued_at=now)
    except IntegrityError:
        return Job.objects.values_list("job_id", flat=True).get(once=once, state__in=UNFINISHED)
    return job.job_id


def cancel(job_id: str, now: datetime) -> bool:
    """Ask for a job's end: at once if it waits, at its next heartbeat if it runs.

    Returns:
        False when there is no such job or it has ended already.
    """
    waiting = Job.objects.filter(job_id=job_id, state=State.QUEUED.value)
    if waiting.update(state=State.CANCELLED.value, cancel_asked=True, ended_at=now, payload={}, checkpoint={}):
        return True
    return bool(Job.objects.filter(job_id=job_id, state=State.RUNNING.value).update(cancel_asked=True))


def taken(marks: Sequence[str]) -> set[str]:
    """Those of the given marks that were handed over before."""
    return set(Taken.objects.filter(mark__in=marks).values_list("mark", flat=True))


def take(marks: Sequence[str]) -> None:
    """Remember marks; within the caller's transaction."""
    Taken.objects.bulk_create([Taken(mark=mark) for mark in marks], ignore_conflicts=True)


def forget_ended(now: datetime) -> int:
    """Delete the jobs that ended more than a week ago, so that they do not become a record of work."""
    count, _by_model = Job.objects.exclude(state__in=UNFINISHED).filter(ended_at__lt=now - KEPT).delete()
    return count


def _plain(payload: Mapping[str, Value]) -> dict[str, object]:
    plain: dict[str, object] = {}
    for name, value in payload.items():
        items = list(value) if isinstance(value, (list, tuple)) else [value]
        for item in items:
            if not (item is None or isinstance(item, (str, int, float, bool))):
                raise ValueError(f"'{name}' is not an id, a number or a path")
            if isinstance(item, str) and (len(item) > MAX_TEXT or any(ord(sign) < 32 for sign in item)):
                raise ValueError(f"'{name}' is not an id or a path")
        plain[name] = items if isinstance(value, (list, tuple)) else value
    if len(msgspec.json.encode(plain)) > MAX_PAYLOAD:
        raise ValueError("a job's payload names things, it does not hold them")
    return plain
