"""What is cleared away by and by, so that nothing here becomes a record of who worked when or of what was not kept."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from dalil.actions.compacting import request_if_due
from dalil.actions.house import House
from dalil.actions.importing import JOB_KIND, UPLOAD
from dalil.actions.people import expire_actor_keys
from dalil.actions.tables import KEPT_FOR, WAITING
from dalil.archive.scratch import abandoned
from dalil.jobs import queries, queue

SETTLED: Final = timedelta(hours=1)
"""What nobody touched for so long in the workspace's `tmp/` is no upload that is still coming in."""
COPIES: Final = "before-upgrade"
COPIES_KEPT: Final = timedelta(days=7)
"""Databases as they were before an upgrade."""
_MOST_JOBS: Final = 10_000


def hourly(house: House) -> Callable[[datetime], None]:
    """All of it, for the worker of one workspace."""

    def clear(now: datetime) -> None:
        tidy(now)
        sweep(house)
        request_if_due(house)

    return clear


def tidy(now: datetime) -> None:
    """Audit keys past their time, old tries at the door, expired codes, ended jobs."""
    expire_actor_keys(now)
    queue.forget_ended(now)


def sweep(house: House) -> None:
    """Uploads that no job waits for any more, and what ended processes left behind.

    An upload is everything that somebody's file held, private chats included; it must not outlive its job,
    however that ended.
    """
    wanted = {
        Path(str(path)).parent
        for row in queries.jobs(kind=JOB_KIND, limit=_MOST_JOBS)
        if not row.is_over
        for path in _paths(row.payload)
    }
    tmp = house.workspace.tmp
    for place in [*tmp.glob(UPLOAD + "*"), *tmp.glob("tmp*.upload*")]:
        if place not in wanted and house.clock() - _touched(place) > SETTLED:
            with suppress(OSError):  # still open somewhere on Windows: the next hour gets it
                shutil.rmtree(place) if place.is_dir() else place.unlink()
    for place in tmp.glob(WAITING + "*"):
        if house.clock() - _touched(place) > KEPT_FOR:
            shutil.rmtree(place, ignore_errors=True)
    for folder in abandoned(tmp):
        shutil.rmtree(folder, ignore_errors=True)
    for copy in (house.workspace.folder / COPIES).glob("*.db"):
        if house.clock() - _touched(copy) > COPIES_KEPT:
            copy.unlink(missing_ok=True)  # what was expunged since must not live on in it


def _paths(payload: dict[str, object]) -> list[object]:
    paths = payload.get("paths")
    return paths if isinstance(paths, list) else []


def _touched(place: Path) -> datetime:
    """When it was last written to; long ago where it is gone already."""
    try:
        return datetime.fromtimestamp(place.stat().st_mtime, UTC)
    except FileNotFoundError:
        return datetime.fromtimestamp(0, UTC)
