"""What the worker runs: the steps of every kind of job, by name."""

from __future__ import annotations

from collections.abc import Mapping

from dalil.actions import importing, indexes, weeks
from dalil.actions.house import House
from dalil.actions.import_steps import import_paths
from dalil.jobs.worker import Step, Work


def steps(house: House) -> Mapping[str, Step]:
    """Step name → what to do, bound to one workspace."""
    return {
        importing.JOB_KIND: lambda work: import_paths(house, work),
        "recognise": lambda work: _recognise(house, work),
        weeks.JOB_KIND: lambda work: _week(house, work),
    }


def _recognise(house: House, work: Work) -> None:
    with work.keep_alive():
        indexes.refresh(house)


def _week(house: House, work: Work) -> None:
    with work.keep_alive():
        weeks.compute_week(house, str(work.payload["week"]), save=True)
