"""The fakes of the page tests have the methods of the real rooms, argument by argument."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import web_fakes


def methods(kind: type) -> dict[str, list[str]]:
    return {
        name: list(inspect.signature(method).parameters)
        for name, method in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_")
    }


def test_the_fakes_are_true(django_workspace: Path) -> None:
    from dalil.web.rooms.archive import ArchiveRoom
    from dalil.web.rooms.desk import DeskRoom
    from dalil.web.rooms.keeping import KeepingRoom
    from dalil.web.rooms.ledger import LedgerRoom
    from dalil.web.rooms.people import PeopleRoom
    from dalil.web.rooms.tables import TableRoom
    from dalil.web.rooms.weeks import WeekRoom

    pairs: dict[type[Any], type[Any]] = {
        ArchiveRoom: web_fakes.FakeArchive,
        DeskRoom: web_fakes.FakeDesk,
        KeepingRoom: web_fakes.FakeKeeping,
        LedgerRoom: web_fakes.FakeLedger,
        PeopleRoom: web_fakes.FakePeople,
        TableRoom: web_fakes.FakeTables,
        WeekRoom: web_fakes.FakeWeeks,
    }
    for real, fake in pairs.items():
        assert methods(fake) == methods(real), real.__name__
