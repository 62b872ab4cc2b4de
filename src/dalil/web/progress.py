"""How far a job is, and how fast, from what two loads of its page saw."""

from __future__ import annotations

import re
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dalil.jobs.queries import JobRow

_SEEN = re.compile(r"(\d{1,15})-(\d{1,15})")


@dataclass(frozen=True, slots=True)
class Progress:
    """`share` in [0, 1], None while the whole is unknown; `rate` in units a second, None at first load.

    `since` goes into the address of the next load.
    """

    share: float | None
    rate: float | None
    since: str


def progress(job: JobRow, since: str, *, now: float | None = None) -> Progress:
    """Progress of a job.

    Args:
        since: what the load before put in the address: units done and tenths of a second.
        now: seconds of the monotonic clock; read when None.
    """
    tenths = int((monotonic() if now is None else now) * 10)
    seen = _SEEN.fullmatch(since)
    rate = None
    if seen and tenths > int(seen[2]) and job.done >= int(seen[1]):
        rate = (job.done - int(seen[1])) * 10 / (tenths - int(seen[2]))
    share = min(job.done / job.total, 1.0) if job.total else None
    return Progress(share, rate, since if seen and rate is not None else f"{job.done}-{tenths}")
