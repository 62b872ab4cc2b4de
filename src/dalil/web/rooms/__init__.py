"""What the pages read and do, one method each: the one place where the console touches other rooms.

Views know nothing of clocks, keys or databases: each area here hands its room the house's clock and
keys. A test holds the fakes of the page tests against these classes, signature by signature.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from dalil.actions.house import House
    from dalil.web.rooms.archive import ArchiveRoom
    from dalil.web.rooms.desk import DeskRoom
    from dalil.web.rooms.keeping import KeepingRoom
    from dalil.web.rooms.ledger import LedgerRoom
    from dalil.web.rooms.people import PeopleRoom
    from dalil.web.rooms.tables import TableRoom
    from dalil.web.rooms.weeks import WeekRoom

__all__ = ["Rooms", "current", "over", "set_current"]


@dataclass(frozen=True, slots=True)
class Rooms:
    """The house and its rooms, as pages see them."""

    house: House
    desk: DeskRoom
    archive: ArchiveRoom
    people: PeopleRoom
    weeks: WeekRoom
    ledger: LedgerRoom
    tables: TableRoom
    keeping: KeepingRoom


_given: Final[list[Rooms]] = []


def over(house: House) -> Rooms:
    """The rooms of one house. What they stand on is loaded here, not when a page module is."""
    from dalil.web.rooms.archive import ArchiveRoom
    from dalil.web.rooms.desk import DeskRoom
    from dalil.web.rooms.keeping import KeepingRoom
    from dalil.web.rooms.ledger import LedgerRoom
    from dalil.web.rooms.people import PeopleRoom
    from dalil.web.rooms.tables import TableRoom
    from dalil.web.rooms.weeks import WeekRoom

    return Rooms(
        house=house,
        desk=DeskRoom(house),
        archive=ArchiveRoom(house),
        people=PeopleRoom(house),
        weeks=WeekRoom(house),
        ledger=LedgerRoom(house),
        tables=TableRoom(house),
        keeping=KeepingRoom(house),
    )


def set_current(rooms: Rooms | None) -> None:
    """Serve other rooms than the house's own; None goes back to them."""
    _given[:] = [rooms] if rooms is not None else []


def current() -> Rooms:
    """The rooms that this process serves.

    Raises:
        ConfigError: no house was opened.
    """
    if _given:
        return _given[0]
    from dalil.actions.house import current_house

    return over(current_house())
