"""Undoes an import in two steps and kills itself (SIGKILL) before each operation in turn, until it comes to its end.

    undo_driver.py FOLDER STEP   → one JSON object on standard output

STEP: every so many-th operation of the undisturbed run is a point of death.
"""

from __future__ import annotations

import json
import os
import shutil
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
    folder, step = Path(sys.argv[1]), int(sys.argv[2])
    template = folder / "template"
    crash_driver.in_child(lambda: crash_driver.create(template))
    crash_driver.in_child(lambda: crash_driver.import_all(template))
    points, found = 0, []
    while True:
        points += step
        house = folder / f"house-{points}"
        shutil.copytree(template, house)
        lived = live(house, points)
        between = read(folder, house)
        live(house, None)
        found.append({"at": points, "lived": lived, "between": between, "after": read(folder, house)})
        shutil.rmtree(house)
        if lived:
            break
    sys.stdout.write(json.dumps(found))


def live(folder: Path, operations: int | None) -> bool:
    child = os.fork()
    if child == 0:
        if operations is not None:
            crash_driver.die_after(operations)
        house = workspace.open_workspace(folder)
        intake = house.manifest.intakes()[-1].intake_id
        while undo_some(house, intake):
            pass
        finish(house)
        os._exit(0)
    return crash_driver.finished(os.waitpid(child, 0)[1])


def undo_some(house: workspace.Workspace, intake: str) -> bool:
    with undoing.prepared(house, intake, at_once=AT_ONCE) as step:
        if step is None:
            return False
        assert step.take(NOTE)
        return True


def read(folder: Path, house: Path) -> dict[str, Any]:
    out = folder / "state.json"
    crash_driver.in_child(lambda: out.write_text(json.dumps(state(house))))
    found: dict[str, Any] = json.loads(out.read_text())
    return found


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
