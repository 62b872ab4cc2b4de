"""What one may read of the jobs: frozen rows."""

from __future__ import annotations

from datetime import datetime

import msgspec

from dalil.jobs.models import UNFINISHED, Job, State


class JobRow(msgspec.Struct, frozen=True, kw_only=True):
    """One job. `total` is None while unknown; `error_code` is a key of `errors.MESSAGES` or empty.

    `payload` holds ids and paths only, and is empty once the job has ended; `report` is what its steps told
    so far, and stays; `step` is the name of the step it is at, or empty at its end.
    """

    job_id: str
    kind: str
    circle: str
    payload: dict[str, object]
    report: dict[str, object]
    state: State
    step: str
    step_number: int
    step_count: int
    attempts: int
    done: int
    total: int | None
    unit: str
    cancel_asked: bool
    error_code: str
    queued_at: datetime
    ended_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state.value not in UNFINISHED


def job(job_id: str) -> JobRow | None:
    """One job, or None."""
    found = Job.objects.filter(job_id=job_id).first()
    return None if found is None else _row(found)


def jobs(*, circle: str | None = None, kind: str | None = None, limit: int = 50) -> list[JobRow]:
    """The newest jobs first; of one circle or kind where asked."""
    found = Job.objects.order_by("-order")
    if circle is not None:
        found = found.filter(circle=circle)
    if kind is not None:
        found = found.filter(kind=kind)
    return [_row(row) for row in found[:limit]]


def unfinished() -> int:
    """How many jobs wait or run."""
    return Job.objects.filter(state__in=UNFINISHED).count()


def _row(row: Job) -> JobRow:
    return JobRow(
        job_id=row.job_id,
        kind=row.kind,
        circle=row.circle,
        payload=row.payload,
        report=row.report,
        state=State(row.state),
        step=row.steps[row.step] if row.step < len(row.steps) else "",
        step_number=row.step,
        step_count=len(row.steps),
        attempts=row.attempts,
        done=row.done,
        total=row.total,
        unit=row.unit,
        cancel_asked=row.cancel_asked,
        error_code=row.error_code,
        queued_at=row.queued_at,
        ended_at=row.ended_at,
    )
