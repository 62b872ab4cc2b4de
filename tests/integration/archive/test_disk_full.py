"""A disk that is full in the middle of an import: one clear error, the old state intact, a rerun completes."""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from archive_chunks import NOW, File, FixedKeys

from dalil.archive import doctor, workspace
from dalil.archive.disk import disk_errors, said_of_disk
from dalil.archive.reading import Archive
from dalil.archive.writing import Writer
from dalil.errors import Conflict, LimitReached

resource = pytest.importorskip("resource", reason="limits on file sizes are POSIX")

ROOT = Path(__file__).parents[3]
FIRST, SECOND = File(0, 40, 20), File(40, 400, 180)
CHILD = """
import json, resource, sys
from archive_chunks import NOW, File, FixedKeys
from dalil.archive import workspace
from dalil.archive.writing import Writer
from dalil.errors import DalilError
house = workspace.open_workspace(sys.argv[1])
limit = int(sys.argv[2])
file = File(40, 400, 180)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    writer = Writer(house, keys=FixedKeys(), now=NOW)
    intake = writer.begin(file.begin, "blue")
    for chunk in file.chunks():
        writer.chunk(intake, chunk)
    writer.end(intake, file.end)
    print(json.dumps(["done", ""]))
except DalilError as error:
    print(json.dumps([type(error).__name__, error.code]))
"""


def run_limited(folder: Path, limit: int) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])}
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder), str(limit)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: list[str] = json.loads(done.stdout)
    return answer


def import_file(house: workspace.Workspace, file: File) -> None:
    writer = Writer(house, keys=FixedKeys(), now=NOW)
    intake = writer.begin(file.begin, "blue")
    for chunk in file.chunks():
        writer.chunk(intake, chunk)
    writer.end(intake, file.end)


# The limits bite in turn: the first scratch lock's journal and the manifest's log, small files, larger ones.
@pytest.mark.parametrize("limit", [0, 2_000, 6_000, 16_000, 40_000, 70_000, 100_000])
def test_a_full_disk_keeps_the_old_state_and_a_rerun_completes(house, archive: Archive, limit):
    import_file(house, FIRST)
    head = archive.manifest_head()
    answer = run_limited(house.folder, limit)
    assert answer in (["LimitReached", "disk-full"], ["done", ""])
    assert doctor.verify(house) == []
    posts = archive.table("posts").count().execute()
    assert posts in (40, 220, 400)
    if posts == 40:
        assert archive.manifest_head() == head or archive.custody(1)[0].action == "received"
    assert list(house.tmp.glob("s-*/[0-9]*")) == []
    import_file(house, SECOND)
    assert archive.table("posts").count().execute() == archive.table("posts").distinct().count().execute() == 400
    assert archive.intakes()[0].state == "complete"
    doctor.repair(house)
    assert doctor.examine(house) == []


def test_some_of_those_limits_were_reached(house):
    import_file(house, FIRST)
    assert run_limited(house.folder, 6_000) == ["LimitReached", "disk-full"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES])
def test_what_the_system_says_of_a_disk_that_cannot_be_written(number):
    with pytest.raises(LimitReached) as raised, disk_errors():
        raise OSError(number, "no")
    assert raised.value.code == "disk-full"


def test_what_a_database_layer_wraps_is_found_inside():
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorcode = sqlite3.SQLITE_FULL
    busy = sqlite3.OperationalError("database is locked")
    busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
    other = sqlite3.OperationalError("no such table")
    other.sqlite_errorcode = sqlite3.SQLITE_ERROR
    for inner, code in ((full, "disk-full"), (busy, "workspace-busy"), (other, None), (ValueError("x"), None)):
        outer = RuntimeError("wrapped")
        outer.__cause__ = inner
        found = said_of_disk(outer)
        assert (found.code if found else None) == code


def test_other_errors_pass_as_they_are():
    with pytest.raises(FileNotFoundError), disk_errors():
        raise FileNotFoundError(errno.ENOENT, "no")


def test_a_manifest_that_stays_locked_is_a_conflict(house, monkeypatch):
    from dalil.archive import database

    monkeypatch.setattr(database, "_WAIT_SECONDS", 0)
    with house.manifest.writing(), pytest.raises(Conflict) as raised, house.manifest.writing():
        pass
    assert raised.value.code == "workspace-busy"
