"""What every change of stored records shares: one at a time, and what custody is told of it."""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from dalil.actions.house import House
from dalil.archive.rewriting import Note

LOCK: Final = "rewriting.lock"
"""In the workspace's `tmp/`: held by whoever reads anew, removes or hashes anew what is stored."""


def note_of(house: House, circles: tuple[str, str], tool: str) -> Note:
    """What custody is told: the day in the workspace's zone, and who."""
    day = house.now().astimezone(ZoneInfo(house.workspace.zone)).date().isoformat()
    return Note(day, circles[0], tool, circles[1])
