"""`dalil undo`, from its argument list to its exit code, killed before random operations, then run again.

    mortal_undo.py TEMPLATE FOLDER INTAKE SEED KILLS   → one JSON object on standard output

Each life is a fork of one process that has the heavy packages loaded and has started no thread.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any

from forking import command, ending, outputs_to, preload
from mortal_operations import die_after

MOST_OPERATIONS = 420


def main() -> None:
    template, folder, intake = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    chance, kills = random.Random(int(sys.argv[4])), int(sys.argv[5])
    preload()
    found = []
    for number in range(kills + 1):
        house = Path(shutil.copytree(template, folder / f"house-{number}"))
        before = state(house)
        lived = live(house, intake, chance.randint(1, MOST_OPERATIONS) if number else None)
        between = state(house)
        assert live(house, intake, None)
        found.append(
            {"lived": lived, "before": before, "between": between, "after": state(house), "doctor": doctor(house)}
        )
        shutil.rmtree(house)
    sys.stdout.write(json.dumps(found))


def live(house: Path, intake: str, operations: int | None) -> bool:
    """Run it once; True when it came to its end, False when it was killed."""
    status = run(house, ["undo", intake, "--workspace", str(house), "--json"], operations)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return False
    assert os.waitstatus_to_exitcode(status) == 0, house.with_suffix(".out").read_text()
    return True


def run(house: Path, arguments: list[str], operations: int | None) -> int:
    child = os.fork()
    if child == 0:
        outputs_to(house.with_suffix(".out"))
        if operations is not None:
            die_after(operations)
        ending(lambda: command(arguments))
    return os.waitpid(child, 0)[1]


def doctor(house: Path) -> dict[str, Any]:
    assert os.waitstatus_to_exitcode(run(house, ["doctor", "--workspace", str(house), "--repair", "--json"], None)) == 0
    told: dict[str, Any] = json.loads(house.with_suffix(".out").read_text())
    return {"damaged": told["damaged"]}


def state(house: Path) -> dict[str, Any]:
    """What is held, as the two databases say it."""
    manifest, desk = sqlite3.connect(house / "archive" / "manifest.db"), sqlite3.connect(house / "dalil.db")
    try:
        return {
            "known": manifest.execute("SELECT count(*) FROM known").fetchone()[0],
            "state": manifest.execute("SELECT state FROM intakes ORDER BY id").fetchall(),
            "custody": manifest.execute("SELECT count(*) FROM custody WHERE action = 'undone'").fetchone()[0],
            "audit": desk.execute("SELECT count(*) FROM audit_entry WHERE event = 'archive.undone'").fetchone()[0],
        }
    finally:
        manifest.close()
        desk.close()


if __name__ == "__main__":
    main()
