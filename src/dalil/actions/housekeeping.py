"""What is cleared away by and by, so that nothing here becomes a record of who worked when."""

from __future__ import annotations

from datetime import datetime

from dalil.actions.people import expire_actor_keys
from dalil.jobs import queue


def tidy(now: datetime) -> None:
    """For the worker, every hour: audit keys past their time, old tries at the door, expired codes, ended jobs."""
    expire_actor_keys(now)
    queue.forget_ended(now)
