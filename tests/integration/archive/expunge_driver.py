"""Expunges some of what is held and kills itself (SIGKILL) before each operation in turn, until it comes to its end.

    expunge_driver.py FOLDER STEP   → one JSON object on standard output

STEP: every so many-th operation of the undisturbed run is a point of death.
"""

from __future__ import annotations

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
    crash_driver.sweep(Path(sys.argv[1]), int(sys.argv[2]), expunge, state)


def expunge(folder: Path) -> None:
    expunging.expunge(workspace.open_workspace(folder), GONE, reason="harm", note=NOTE)


def state(folder: Path) -> dict[str, Any]:
    house = workspace.open_workspace(folder)
    found: dict[str, Any] = {"damage": [str(item) for item in doctor.verify(house)]}
    with Archive(house, memory_mib=256, threads=1) as archive:
        for name in ("observations", "posts", "edges", "text_signals", "media", "accounts"):
            ids = archive.table(name).obs_id.to_pyarrow().to_pylist()
            found[name] = [len(ids), len([one for one in ids if one in GONE])]
        found["head"] = archive.manifest_head()
        found["held"] = len(archive.holds(GONE))
    found["tombs"] = len(expunging.buried(house, GONE))
    return found


if __name__ == "__main__":
    main()
