"""A real, unlocked workspace with two circles, for tests of actions that need no process of their own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any


class Clock:
    """A clock that the test moves; it begins now, because files on the disk carry true times."""

    def __init__(self) -> None:
        self.at = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.at

    def forward(self, seconds: float) -> datetime:
        self.at += timedelta(seconds=seconds)
        return self.at


@contextmanager
def real_house(folder: Path, clock: Any, **settings: Any) -> Iterator[Any]:
    """The house of a new workspace with the circles blue and green; made the one that this process serves."""
    from dalil.actions.beginning import found_circle
    from dalil.actions.house import House, set_current
    from dalil.archive.keys import Cost
    from dalil.archive.reading import Archive
    from dalil.archive.workspace import create
    from dalil.people.sealing import SECRET, new_secret
    from dalil.settings import Settings

    workspace = create(folder, zone="Asia/Baghdad", passphrase="p", encrypted_ok=True, cost=Cost(1, 64, 1))
    keys = workspace.unlock("p")
    keys.put(SECRET, new_secret())
    given = Settings(workspace=str(folder), **settings)
    with Archive(workspace, memory_mib=256, threads=1) as archive:
        house = House(workspace=workspace, archive=archive, keys=keys, settings=given, clock=clock)
        set_current(house)
        for colour in ("blue", "green"):
            found_circle(house, colour)
        yield house


def member_of(house: Any, colour: str, role: str = "checker") -> Any:
    """A new member of a circle."""
    from dalil.actions.people import invite, join
    from dalil.people import queries
    from dalil.people.actor import LOCAL, Role

    [circle] = [row for row in queries.circles() if row.colour == colour]
    given = {"now": house.now(), "keys": house.unlocked()}
    code = invite(LOCAL, Role(role), circle_id=circle.circle_id, **given)
    return join(code, "six words that nobody will guess", **given).actor


def work(house: Any, **more: Any) -> int:
    """Run every job that waits."""
    from dalil.actions.steps import steps
    from dalil.jobs import worker

    return worker.run(steps(house), clock=house.clock, once=True, **more)
