"""`dalil import`, from its argument list to its exit code, killed at random points again and again.

    mortal_command.py TEMPLATE FOLDER SEED KILLS PATH...   → one JSON object on standard output

The paths take turns: each workspace gets one of them, and is killed until its import comes to an end. Each
life is a fork (`forked_command`) that runs the command's own `main` on a copy of TEMPLATE. Most kills are a
SIGKILL before the n-th write, rename, sync or SQL statement of the undisturbed run; the rest fall after a
random short time, by a signal that ends a process just as abruptly, so that they hit what is not counted:
waiting, computing, a commit.
"""

from __future__ import annotations

import atexit
import json
import os
import random
import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from forked_command import commands, copy, examined, importing, start, waited
from forking import preload

MANY = ("INSERT INTO known", "INSERT INTO image_signals", "INSERT INTO locators", "INSERT INTO segments", "SELECT")
"""Statements that run so often, or change nothing, that few kills would fall on anything else."""
WATCHED = ("os.rename", "os.mkdir", "os.remove", "os.rmdir")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
MOST_DEATHS = 8
"""After so many deaths a house may come to its end; sooner where kills are few, so that every path gets some."""
KILLED = (signal.SIGKILL, signal.SIGALRM)


def main() -> None:
    template, folder, seed, kills = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    preload()
    chance = random.Random(seed)
    calm = [Calm.of(template, folder / f"calm-{number}", path) for number, path in enumerate(sys.argv[5:])]
    done, houses = 0, []
    most = min(MOST_DEATHS, max(1, kills // (len(calm) + 1)))
    while done < kills:
        of = len(houses) % len(calm)
        house, deaths = copy(template, folder / f"house-{len(houses)}"), 0
        while not live(house, calm[of].path, calm[of].fate(chance) if deaths < most else None):
            deaths += 1
        done += deaths
        houses.append({"of": of, "deaths": deaths, **examined(house)})
    result = {"calm": [one.found for one in calm], "houses": houses, "kills": done}
    sys.stdout.write(json.dumps(result))


@dataclass(frozen=True)
class Calm:
    """An undisturbed import of one path: how long it took, in operations and seconds, and what came of it."""

    path: str
    operations: int
    seconds: float
    found: dict[str, Any]

    @classmethod
    def of(cls, template: Path, workspace: Path, path: str) -> Calm:
        copy(template, workspace)
        counter = workspace.with_suffix(".count")
        began = time.monotonic()
        assert live(workspace, path, lambda: count_operations(counter))
        return cls(path, int(counter.read_text()), time.monotonic() - began, examined(workspace))

    def fate(self, chance: random.Random) -> Callable[[], None]:
        """What will kill a life: the n-th operation, or a moment."""
        if chance.random() < 0.7:
            last = chance.randint(1, self.operations)
            return lambda: die_after(last)
        moment = chance.uniform(0.2, 1.0) * self.seconds

        def arm() -> None:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, moment)

        return arm


def live(workspace: Path, path: str, arm: Callable[[], None] | None) -> bool:
    """Run the import once; True when it came to its end, False when it was killed."""
    out = workspace.with_suffix(".out")
    status = waited(start(commands(importing(workspace, path)), out, arm))
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in KILLED:
        return False
    assert os.waitstatus_to_exitcode(status) == 0, out.read_text()
    return True


def count_operations(result: Path) -> None:
    """Count what `die_after` counts; at the end, write how many there were."""
    total = [0]

    def count() -> None:
        total[0] += 1

    watch(count)
    atexit.register(lambda: result.write_text(str(total[0])))


def die_after(operations: int) -> None:
    """SIGKILL this process right before its n-th operation."""
    left = [operations]

    def count() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    watch(count)


def watch(count: Callable[[], None]) -> None:
    """Call `count` before each write, rename, removal, sync and changing SQL statement."""

    def audit(event: str, args: tuple[Any, ...]) -> None:
        if event in WATCHED or (event == "open" and isinstance(args[2], int) and args[2] & WRITES):
            count()

    connect, sync = sqlite3.connect, os.fsync

    def traced(*args: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*args, **options)
        connection.set_trace_callback(lambda sql: None if sql.startswith(MANY) else count())
        return connection

    def counted_sync(handle: int) -> None:
        count()
        sync(handle)

    sqlite3.connect = traced
    os.fsync = counted_sync
    sys.addaudithook(audit)


if __name__ == "__main__":
    main()
