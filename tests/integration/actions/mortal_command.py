"""`dalil import`, from its argument list to its exit code, killed at random points again and again.

    mortal_command.py TEMPLATE FOLDER SEED KILLS PATH...   → one JSON object on standard output

Each life is a fork of one process that has the heavy packages loaded and has started no thread: it runs
the command's own `main` on a copy of TEMPLATE. Most kills are a SIGKILL before the n-th write, rename,
sync or SQL statement of the undisturbed run; the rest fall after a random short time, by a signal that
ends a process just as abruptly, so that they hit what is not counted: waiting, computing, a commit.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import shutil
import signal
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

HEAVY = (
    *("numpy", "pyarrow", "duckdb", "ibis", "ibis.backends.duckdb", "numba", "scipy.stats", "cryptography.hazmat"),
    *("django.core.management", "django.db", "typer", "rich.progress", "rapidfuzz", "rensa", "pyrage"),
    *("dalil.app.main", "dalil.archive.writing", "dalil.archive.doctor", "dalil.findings.seen", "dalil.schema.frames"),
)
MANY = ("INSERT INTO known", "INSERT INTO image_signals", "INSERT INTO locators", "INSERT INTO segments", "SELECT")
"""Statements that run so often, or change nothing, that few kills would fall on anything else."""
WATCHED = ("os.rename", "os.mkdir", "os.remove", "os.rmdir")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
MOST_DEATHS = 8
"""After so many deaths a house may come to its end."""
KILLED = (signal.SIGKILL, signal.SIGALRM)


def main() -> None:
    template, folder, seed, kills = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    paths = sys.argv[5:]
    for name in HEAVY:
        importlib.import_module(name)
    chance = random.Random(seed)
    calm = copy(template, folder / "calm")
    counter = folder / "operations"
    began = time.monotonic()
    assert live(calm, paths, lambda: count_operations(counter))
    seconds, operations = time.monotonic() - began, int(counter.read_text())
    done, houses = 0, []
    while done < kills:
        house, deaths = copy(template, folder / f"house-{len(houses)}"), 0
        while not live(house, paths, fate(chance, operations, seconds) if deaths < MOST_DEATHS else None):
            deaths += 1
        done += deaths
        houses.append({"deaths": deaths, **examined(house)})
    result = {"calm": examined(calm), "houses": houses, "kills": done, "operations": operations}
    sys.stdout.write(json.dumps(result))


def copy(template: Path, folder: Path) -> Path:
    shutil.copytree(template, folder)
    return folder


def fate(chance: random.Random, operations: int, seconds: float) -> Any:
    """What will kill a life: the n-th operation, or a moment."""
    if chance.random() < 0.7:
        last = chance.randint(1, operations)
        return lambda: die_after(last)
    moment = chance.uniform(0.2, 1.0) * seconds

    def arm() -> None:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_REAL, moment)

    return arm


def live(workspace: Path, paths: list[str], arm: Any) -> bool:
    """Run the import once; True when it came to its end, False when it was killed."""
    arguments = ["import", *paths, "--workspace", str(workspace), "--json"]
    status = fork(arguments, workspace.with_suffix(".out"), arm)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in KILLED:
        return False
    assert os.waitstatus_to_exitcode(status) == 0, workspace.with_suffix(".out").read_text()
    return True


def fork(arguments: list[str], out: Path, arm: Any = None) -> int:
    """Run `dalil` with the arguments in a fork; its wait status."""
    child = os.fork()
    if child == 0:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(handle, 1)
        os.dup2(handle, 2)
        sys.argv = ["dalil", *arguments]
        from dalil.app.main import main as command

        if arm is not None:
            arm()
        try:
            command()
        except SystemExit as leaving:
            flush_and_leave(leaving.code)
        flush_and_leave(0)
    return os.waitpid(child, 0)[1]


def flush_and_leave(code: object) -> None:
    import atexit

    atexit._run_exitfuncs()
    sys.stdout.flush()
    os._exit(code if isinstance(code, int) else 0)


def asked(*arguments: str, out: Path) -> dict[str, Any]:
    status = fork([*arguments, "--json"], out)
    text = out.read_text()
    assert os.waitstatus_to_exitcode(status) == 0, text
    found: dict[str, Any] = json.loads(text)
    return found


def examined(workspace: Path) -> dict[str, Any]:
    """What must be the same whether or not the import was killed, and what may differ: `left_over`."""
    out, place = workspace.with_suffix(".out"), ("--workspace", str(workspace))
    before = asked("doctor", "--repair", *place, out=out)
    after = asked("doctor", *place, out=out)
    manifest = sqlite3.connect(workspace / "archive" / "manifest.db")
    known = sorted(row[0].hex() for row in manifest.execute("SELECT obs_id FROM known"))
    media = sorted(row[0] for row in manifest.execute("SELECT sha256 FROM media"))
    head = manifest.execute("SELECT * FROM custody ORDER BY seq DESC LIMIT 1").fetchone()
    rejects = manifest.execute("SELECT count(*) FROM rejects").fetchone()[0]
    manifest.close()
    return {
        "damaged": [before["damaged"], after["damaged"]],
        "left_over": after["left_over"],
        "removed": before["removed"],
        "known": known,
        "media": media,
        "rejects": rejects,
        "head": [value.hex() if isinstance(value, bytes) else value for value in head],
        "custody": after["custody"],
        "tmp": sorted(path.name for path in (workspace / "tmp").iterdir() if not path.name.endswith(".lock")),
    }


def count_operations(result: Path) -> None:
    """Count what `die_after` counts; at the end, write how many there were."""
    import atexit

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


def watch(count: Any) -> None:
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
