"""Imports made-up files and kills itself (SIGKILL) at random points, again and again, until all is in.

    crash_driver.py FOLDER SEED KILLS   → one JSON object on standard output

Most kills fall on the n-th file operation or SQL statement, the rest after a random short time of CPU, by
a signal that ends a process just as abruptly. After sixteen deaths a house may come to its end. Each life is a fork of one process that has everything loaded and has started no thread yet.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyrage
from archive_chunks import NOW, File, FixedKeys

from dalil.archive import doctor, workspace
from dalil.archive.keys import Cost
from dalil.archive.reading import Archive
from dalil.archive.writing import Writer
from dalil.schema.tables import STORED

FILES = (File(0, 120, 20), File(80, 200, 30), File(200, 290, 45))
LONGEST_LIFE_SECONDS = 0.5
MOST_OPERATIONS = 200
MOST_DEATHS = 16
MANY = ("INSERT INTO known", "INSERT INTO image_signals", "INSERT INTO locators", "INSERT INTO segments")
"""Statements that run so often that few kills would fall on anything else."""
WATCHED = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "sqlite3.connect")


def main() -> None:
    folder, seed, kills = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(seed)
    in_child(lambda: create(folder / "calm"))
    in_child(lambda: import_all(folder / "calm"))
    calm = read_in_child(folder, "calm")
    done, houses = 0, []
    while done < kills:
        name = f"house-{len(houses)}"
        in_child(lambda name=name: create(folder / name))
        deaths = 0
        while not one_life(folder / name, chance, mortal=deaths < MOST_DEATHS):
            deaths += 1
        done += deaths
        houses.append({"deaths": deaths, **read_in_child(folder, name)})
    sys.stdout.write(json.dumps({"calm": calm, "houses": houses, "kills": done}))


def sweep(folder: Path, step: int, work: Callable[[Path], None], state: Callable[[Path], dict[str, Any]]) -> None:
    """Do a piece of work on copies of one house, and die before every `step`-th operation in turn, until one lives.

    The first of them is drawn anew each time, so that run after run every operation has its turn.
    Written to standard output as JSON: for each point of death what was held then, and after the work was done again.
    """
    template = folder / "template"
    in_child(lambda: create(template))
    in_child(lambda: import_all(template))

    def live(house: Path, operations: int | None) -> bool:
        child = os.fork()
        if child == 0:
            if operations is not None:
                die_after(operations)
            work(house)
            os._exit(0)
        return finished(os.waitpid(child, 0)[1])

    def read(house: Path) -> dict[str, Any]:
        out = folder / "state.json"
        in_child(lambda: out.write_text(json.dumps(state(house))))
        found: dict[str, Any] = json.loads(out.read_text())
        return found

    points, found, lived = random.SystemRandom().randint(1, step) - step, [], False
    while not lived:
        points += step
        house = folder / f"house-{points}"
        shutil.copytree(template, house)
        lived = live(house, points)
        between = read(house)
        live(house, None)
        found.append({"at": points, "lived": lived, "between": between, "after": read(house)})
        shutil.rmtree(house)
    sys.stdout.write(json.dumps(found))


def one_life(folder: Path, chance: random.Random, *, mortal: bool) -> bool:
    """Run the whole import once; True when it came to its end, False when it was killed."""
    by_count = chance.random() < 0.6
    operations = chance.randint(1, MOST_OPERATIONS)
    seconds = chance.uniform(0.005, LONGEST_LIFE_SECONDS)
    child = os.fork()
    if child == 0:
        if mortal and by_count:
            die_after(operations)
        elif mortal:
            signal.signal(signal.SIGPROF, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_PROF, seconds)
        import_all(folder)
        os._exit(0)
    return finished(os.waitpid(child, 0)[1])


def finished(status: int) -> bool:
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGKILL, signal.SIGPROF):
        return False
    assert os.waitstatus_to_exitcode(status) == 0
    return True


def die_after(operations: int) -> None:
    """SIGKILL this process right before its n-th file operation or SQL statement."""
    left = operations

    def count(*_: object) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(event: str, args: tuple[Any, ...]) -> None:
        if event in WATCHED:
            count()

    def statement(sql: str) -> None:
        if not sql.startswith(MANY):
            count()

    connect = sqlite3.connect

    def traced(*args: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*args, **options)
        connection.set_trace_callback(statement)
        return connection

    sync = os.fsync

    def counted_sync(handle: int) -> None:
        count()
        sync(handle)

    sqlite3.connect = traced
    os.fsync = counted_sync
    sys.addaudithook(audit)


def create(folder: Path) -> None:
    made = workspace.create(folder, zone="Asia/Baghdad", passphrase="p", demo=True, cost=Cost(1, 64, 1))
    for circle in ("blue", "green"):
        made.set_recipient(circle, str(pyrage.x25519.Identity.generate().to_public()))


def import_all(folder: Path) -> None:
    house = workspace.open_workspace(folder)
    for file in FILES:
        writer = Writer(house, keys=FixedKeys(), now=NOW)
        intake = writer.begin(file.begin, "blue")
        for chunk in file.chunks():
            writer.chunk(intake, chunk)
        writer.end(intake, file.end)


def state(folder: Path) -> dict[str, Any]:
    """Everything that must be the same whether or not the import was killed on its way."""
    house = workspace.open_workspace(folder)
    found: dict[str, Any] = {"damage": [str(item) for item in doctor.verify(house)]}
    with Archive(house, memory_mib=256, threads=1) as archive:
        for name in STORED:
            rows = archive.table(name)
            found[name] = rows.count().execute()
            found[f"{name} apart"] = rows.distinct().count().execute()
        found["ids"] = sorted(archive.table("observations").obs_id.to_pyarrow().to_pylist())
        found["head"] = archive.manifest_head()
        found["custody"] = len(archive.custody())
        first = [row for row in archive.intakes() if row.intake_id.endswith("-1")]
        found["intakes"] = [
            [row.state, row.read, row.kept, row.known, len(archive.rejects(row.intake_id))] for row in first
        ]
        with house.manifest.reading() as connection:
            found["locators"] = connection.execute("SELECT count(*) FROM locators").fetchone()[0]
            found["known"] = connection.execute("SELECT count(*) FROM known").fetchone()[0]
    orphans = doctor.repair(house)
    found["left after repair"] = [str(item) for item in doctor.examine(house)]
    (folder / "orphans").write_text(str(len(orphans)))
    return found


def in_child(work: Any) -> None:
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def read_in_child(folder: Path, name: str) -> dict[str, Any]:
    out = folder / f"{name}.json"
    in_child(lambda: out.write_text(json.dumps(state(folder / name))))
    found: dict[str, Any] = json.loads(out.read_text())
    found["orphans removed"] = int((folder / name / "orphans").read_text())
    return found


if __name__ == "__main__":
    main()
