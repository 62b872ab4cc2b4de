"""Merges, backs up and restores made-up archives and kills itself (SIGKILL) at random points, again and again.

    keeping_driver.py FOLDER SEED KILLS   → one JSON object on standard output

Between two lives of a backup somebody imports more and merges files, so that each life finds another workspace.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive_chunks import NOW, File, FixedKeys
from crash_driver import create, die_after, finished, in_child

from dalil.archive import backing_up, backups, compacting, doctor, merging, restoring, workspace
from dalil.archive.reading import Archive
from dalil.archive.writing import Writer
from dalil.schema.tables import STORED

LATER = datetime(2026, 8, 1, tzinfo=UTC)
MOST_OPERATIONS = 60


def main() -> None:
    folder, seed, kills = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(seed)
    found = {
        "compact": compaction(folder / "compact", chance, kills),
        "backup": backup(folder / "backup", chance, kills),
        "restore": restore(folder / "restore", chance, kills),
    }
    sys.stdout.write(json.dumps(found))


def compaction(folder: Path, chance: random.Random, kills: int) -> dict[str, Any]:
    in_child(lambda: prepare(folder / "house"))
    before = told(folder, "house")
    deaths = lives(lambda: merge(folder / "house"), chance, kills)
    in_child(lambda: put(folder / "segments", str(doctor_of(folder / "house"))))
    return {"deaths": deaths, "same": told(folder, "house") == before, "damage": (folder / "segments").read_text()}


def backup(folder: Path, chance: random.Random, kills: int) -> dict[str, Any]:
    in_child(lambda: prepare(folder / "house"))
    in_child(lambda: back_up(folder))
    deaths, whole = 0, 0
    for number in range(kills):
        in_child(lambda number=number: add(folder / "house", 1000 + 20 * number))
        deaths += life(lambda: back_up(folder), chance)
        in_child(lambda: put(folder / "verified", str(len(backups.verify(folder / "copy").files))))
        whole += int((folder / "verified").read_text()) > 0
    in_child(lambda: back_up(folder))
    in_child(lambda: bring(folder / "copy", folder / "again"))
    return {"deaths": deaths, "whole": whole, "same": told(folder, "again") == told(folder, "house")}


def restore(folder: Path, chance: random.Random, kills: int) -> dict[str, Any]:
    in_child(lambda: prepare(folder / "house"))
    in_child(lambda: back_up(folder))
    deaths = lives(lambda: bring(folder / "copy", folder / "again"), chance, kills)
    damage = folder / "damage"
    in_child(lambda: put(damage, str(doctor_of(folder / "again"))))
    return {
        "deaths": deaths,
        "same": told(folder, "again") == told(folder, "house"),
        "damage": damage.read_text(),
        "note": (folder / "again" / restoring.NOTE).exists(),
    }


def lives(work: Callable[[], object], chance: random.Random, kills: int) -> int:
    """Run until it came to its end, but die `kills` times first where that can be; how often it died."""
    deaths = 0
    for _ in range(kills):
        deaths += life(work, chance)
    in_child(work)
    return deaths


def life(work: Callable[[], object], chance: random.Random) -> bool:
    """One life; True when it was killed."""
    operations = chance.randint(1, MOST_OPERATIONS)
    child = os.fork()
    if child == 0:
        die_after(operations)
        work()
        os._exit(0)
    return not finished(os.waitpid(child, 0)[1])


def prepare(folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    create(folder)
    put(folder / "dalil.db", "")
    import sqlite3

    with sqlite3.connect(folder / "dalil.db") as desk:
        desk.execute("CREATE TABLE work (id INTEGER PRIMARY KEY, said TEXT)")
        desk.executemany("INSERT INTO work (said) VALUES (?)", [(str(n),) for n in range(100)])
    for start in range(0, 120, 20):
        add(folder, start)


def add(folder: Path, start: int) -> None:
    """Import a few posts, and now and then merge what is there and let the old files go."""
    house = workspace.open_workspace(folder)
    writer = Writer(house, keys=FixedKeys(), now=NOW)
    file = File(start, start + 20, 5)
    intake = writer.begin(file.begin, "blue")
    for chunk in file.chunks():
        writer.chunk(intake, chunk)
    writer.end(intake, file.end)
    if start >= 1000 and start % 60 == 0:
        merge(folder)
        compacting.forget_merged_away(house, now=LATER + timedelta(days=9))


def merge(folder: Path) -> None:
    house = workspace.open_workspace(folder)
    with Archive(house, memory_mib=256, threads=1) as archive:
        for group in merging.plan(archive.all_segments(), month="2026-08", fences={}):
            compacting.compact(archive, group, now=LATER)


def back_up(folder: Path) -> None:
    backing_up.back_up(workspace.open_workspace(folder / "house"), folder / "copy", desk=True, plain_ok=True)


def bring(source: Path, folder: Path) -> None:
    restoring.restore(source, folder, plain_ok=True)


def doctor_of(folder: Path) -> list[str]:
    house = workspace.open_workspace(folder)
    doctor.repair(house)
    return [str(item) for item in doctor.examine(house)]


def told(folder: Path, name: str) -> Any:
    """Everything that counts of a workspace: rows of all tables, the desk's, custody's facts."""
    out = folder / f"{name}.told"
    in_child(lambda: put(out, json.dumps(state(folder / name))))
    return json.loads(out.read_text())


def state(folder: Path) -> dict[str, Any]:
    import sqlite3

    house = workspace.open_workspace(folder)
    with Archive(house, memory_mib=256, threads=1) as archive:
        found: dict[str, Any] = {
            name: sorted(map(str, archive.table(name).to_pyarrow().to_pylist())) for name in STORED
        }
        found["facts"] = archive.facts_head()
        ids = archive.table("observations").obs_id.to_pyarrow().to_pylist()
        found["raw"] = sorted(archive.raw(one).decode() for one in ids)
    with sqlite3.connect(folder / "dalil.db") as desk:
        found["desk"] = desk.execute("SELECT * FROM work").fetchall()
    return found


def put(path: Path, text: str) -> None:
    path.write_text(text)


if __name__ == "__main__":
    main()
