"""What the worker runs: the steps of every kind of job, by name."""

from __future__ import annotations

from collections.abc import Mapping

from dalil.actions import (
    accounts,
    compacting,
    importing,
    indexes,
    remapping,
    retaining,
    rotating,
    scanning,
    searching,
    undoing,
    weeks,
)
from dalil.actions.house import House
from dalil.actions.import_steps import import_paths
from dalil.archive.search import building
from dalil.jobs.worker import Step, Work
from dalil.people.actor import LOCAL


def steps(house: House) -> Mapping[str, Step]:
    """Step name → what to do, bound to one workspace."""
    return {
        importing.JOB_KIND: lambda work: import_paths(house, work),
        "recognise": lambda work: _recognise(house, work),
        scanning.JOB_KIND: lambda work: _scan(house, work),
        compacting.JOB_KIND: lambda work: _compact(house, work),
        searching.JOB_KIND: lambda work: _search_index(house, work),
        remapping.JOB_KIND: lambda work: _remap(house, work),
        retaining.JOB_KIND: lambda work: _expire(house, work),
        accounts.JOB_KIND: lambda work: _unname(house, work),
        rotating.JOB_KIND: lambda work: _rotate(house, work),
        weeks.JOB_KIND: lambda work: _week(house, work),
        undoing.JOB_KIND: lambda work: _undo(house, work),
    }


def _recognise(house: House, work: Work) -> None:
    with work.keep_alive():
        indexes.refresh(house)
        building.refresh(house.archive)


def _compact(house: House, work: Work) -> None:
    with work.keep_alive():
        compacting.compact(house, progress=lambda done, total: work.progress(done, total, "posts"))


def _search_index(house: House, work: Work) -> None:
    building.refresh(house.archive, progress=lambda done, total: work.progress(done, total, "posts"))


def _scan(house: House, work: Work) -> None:
    def progress(done: int, total: int) -> bool:
        work.progress(done, total, "pictures")  # raises Cancelled when somebody asked for the end
        return True

    scanning.scan(LOCAL, house=house, progress=progress)


def _week(house: House, work: Work) -> None:
    with work.keep_alive():
        weeks.compute_week(house, str(work.payload["week"]), save=True)


def _remap(house: House, work: Work) -> None:
    def progress(done: int, total: int) -> bool:
        work.progress(done, total, "records")  # raises Cancelled when somebody asked for the end
        return True

    remapping.remap(LOCAL, house=house, source_format=work.payload.get("format"), progress=progress)


def _expire(house: House, work: Work) -> None:
    def progress(done: int, total: int) -> bool:
        work.progress(done, total, "items")
        return True

    retaining.expire(LOCAL, house=house, progress=progress)


def _unname(house: House, work: Work) -> None:
    def progress(done: int, total: int) -> bool:
        work.progress(done, total, "segments")
        return True

    accounts.unname(LOCAL, str(work.payload["agreement"]), house=house, progress=progress)


def _rotate(house: House, work: Work) -> None:
    def progress(done: int, total: int) -> bool:
        work.progress(done, total, "segments")
        return True

    rotating.rotate(LOCAL, house=house, apart=bool(work.payload.get("apart")), progress=progress)


def _undo(house: House, work: Work) -> None:
    """The job keeps which import it was about; while files are written anew only the heartbeat tells of it."""
    intake = str(work.payload["intake"])

    def progress(done: int, total: int) -> bool:
        if done:
            work.save({}, done=done, total=total, unit="items")  # raises Cancelled when somebody asked for the end
        else:
            work.progress(done, total, "items")
        return True

    work.progress(0, None, "items", report={"intake": intake})
    with work.keep_alive():
        undoing.undo(LOCAL, intake, house=house, circle=str(work.payload.get("circle") or ""), progress=progress)
