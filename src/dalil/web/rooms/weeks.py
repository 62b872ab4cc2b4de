"""The weekly figures as pages see them."""

from __future__ import annotations

from dataclasses import dataclass

from dalil.actions import weeks
from dalil.actions.house import House
from dalil.people.actor import Actor
from dalil.schema.results import WeekResult


@dataclass(frozen=True, slots=True)
class WeekRoom:
    """A week is named as ISO names it, `2026-W20`."""

    house: House

    def saved(self, week: str) -> WeekResult | None:
        """The newest kept figures of a week; None where it was never counted."""
        return weeks.saved_week(self.house, week)

    def request(self, actor: Actor, week: str) -> str:
        """Ask the worker to count a week; returns the job's id."""
        return weeks.request_week(actor, week, house=self.house)
