"""Undoes an import in two steps and kills itself (SIGKILL) before each operation in turn, until it comes to its end.

    undo_driver.py FOLDER STEP   → one JSON object on standard output

STEP: every so many-th operation of the undisturbed run is a point of death.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import crash_driver

from dalil.archive import doctor, undoing, workspace
from dalil.archive.reading import Archive
from dalil.archive.rewriting import Note, finish

NOTE = Note("2026-05-18", "blue", "dalil undo")
FIRST = crash_driver.FILES[0]
"""120 posts, the last 40 of which the second file met again."""
AT_ONCE = 60


def main() -> None:
    crash_driver.sweep(Path(sys.argv[1]), int(sys.argv[2]), undo, state)


def undo(folder: Path) -> None:
    house = workspace.open_workspace(folder)
    intake = house.manifest.intakes()[-1].intake_id
    while undo_some(house, intake):
        pass
    finish(house)


def undo_some(house: workspace.Workspace, intake: str) -> bool:
    with undoing.prepared(house, intake, at_once=AT_ONCE) as step:
        if step is None:
            return False
        assert step.take(NOTE)
        return True


def state(folder: Path) -> dict[str, Any]:
    house = workspace.open_workspace(folder)
    found: dict[str, Any] = {"damage": [str(item) for item in doctor.verify(house)]}
    with Archive(house, memory_mib=256, threads=1) as archive:
        for name in ("observations", "posts", "edges", "text_signals", "media", "accounts", "image_signals"):
            found[name] = archive.table(name).count().execute()
        found["head"] = archive.manifest_head()
        found["held"] = sum(row.held for row in archive.intakes())
        found["state"] = archive.intakes()[-1].state
    return found


if __name__ == "__main__":
    main()
