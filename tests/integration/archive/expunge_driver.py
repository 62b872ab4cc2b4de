"""Expunges some of what is held and kills itself (SIGKILL) before each operation in turn, until it comes to its end.

    expunge_driver.py FOLDER STEP   → one JSON object on standard output

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
from archive_chunks import post_id

from dalil.archive import doctor, expunging, workspace
from dalil.archive.reading import Archive
from dalil.archive.rewriting import Note

GONE = [post_id(number) for number in (3, 5, 25, 81, 150)]
NOTE = Note("2026-05-18", "blue", "dalil expunge")


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
        expunging.expunge(house, GONE, reason="harm", note=NOTE)
        os._exit(0)
    return crash_driver.finished(os.waitpid(child, 0)[1])


def read(folder: Path, house: Path) -> dict[str, Any]:
    out = folder / "state.json"
    crash_driver.in_child(lambda: out.write_text(json.dumps(state(house))))
    found: dict[str, Any] = json.loads(out.read_text())
    return found


def state(folder: Path) -> dict[str, Any]:
    house = workspace.open_workspace(folder)
    found: dict[str, Any] = {"damage": [str(item) for item in doctor.verify(house)]}
    with Archive(house, memory_mib=256, threads=1) as archive:
        for name in ("observations", "posts", "edges", "text_signals", "media", "accounts"):
            ids = archive.table(name).obs_id.to_pyarrow().to_pylist()
            found[name] = [len(ids), len([one for one in ids if one in GONE])]
        found["head"] = archive.manifest_head()
        found["held"] = len(archive.holds(GONE))
    found["tombs"] = len(expunging.tombstones(house, GONE))
    return found


if __name__ == "__main__":
    main()
