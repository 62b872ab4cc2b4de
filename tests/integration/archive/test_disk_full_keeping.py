"""A disk that fills while segments are merged, an index is made, a backup is written or read back.

Each work runs in a child that may write no file larger than a limit, at many limits; what was there before is whole
afterwards, the error is ours, and the same work with room again ends as if nothing had been.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import search_posts
from archive_chunks import NOW, File, FixedKeys
from search_posts import Made

from dalil.archive import backing_up, backups, doctor, restoring, workspace
from dalil.archive.reading import Archive
from dalil.archive.search import building
from dalil.archive.search.asking import look
from dalil.archive.search.index import SearchIndex
from dalil.archive.search.questions import Question
from dalil.archive.workspace import Workspace
from dalil.archive.writing import Writer
from dalil.errors import ConfigError
from dalil.schema.tables import STORED
from dalil.signals.texts import norm

pytest.importorskip("resource", reason="limits on file sizes are POSIX")
pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[3]
LIMITS = (1, 600, 3_000, 9_000, 20_000, 40_000, 80_000)
CHILD = """
import json, resource, sys
from datetime import UTC, datetime
from pathlib import Path
from dalil.archive import backing_up, compacting, merging, restoring, workspace
from dalil.archive.reading import Archive
from dalil.archive.search import building
from dalil.errors import DalilError
work, folder, other, limit = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
house = workspace.open_workspace(folder)
archive = Archive(house, memory_mib=256, threads=1)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
try:
    if work == "merge":
        for group in merging.plan(archive.all_segments(), month="2026-08", fences={}):
            compacting.compact(archive, group, now=datetime(2026, 8, 1, tzinfo=UTC))
    elif work == "index":
        building.refresh(archive)
    elif work == "backup":
        backing_up.back_up(house, other, desk=False, plain_ok=True)
    else:
        restoring.restore(other, folder.with_name("again"), plain_ok=True)
    print(json.dumps(["done", ""]))
except DalilError as error:
    print(json.dumps([type(error).__name__, error.code]))
"""


def limited(work: str, folder: Path, other: Path, limit: int) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])}
    command = [sys.executable, "-c", CHILD, work, str(folder), str(other), str(limit)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answer: list[str] = json.loads(done.stdout)
    return answer


@pytest.fixture
def full(house: Workspace) -> Workspace:
    writer = Writer(house, keys=FixedKeys(), now=NOW)
    file = File(0, 120, 20)
    intake = writer.begin(file.begin, "blue")
    for chunk in file.chunks():
        writer.chunk(intake, chunk)
    writer.end(intake, file.end)
    search_posts.store(house, [Made(f"word number{n}", "en", number=n) for n in range(200)])
    return house


def rows(house: Workspace) -> dict[str, list[str]]:
    with Archive(house, memory_mib=256, threads=1) as archive:
        return {name: sorted(map(str, archive.table(name).to_pyarrow().to_pylist())) for name in STORED}


def found(house: Workspace) -> int:
    return look(SearchIndex(house), Question(words=("word",)), norm).total


def said(answers: list[list[str]]) -> None:
    """Ours all of them, and some of both kinds."""
    assert set(map(tuple, answers)) <= {("LimitReached", "disk-full"), ("done", "")}
    assert ["LimitReached", "disk-full"] in answers


def test_merging(full: Workspace, tmp_path: Path) -> None:
    before = rows(full)
    answers = []
    for limit in LIMITS:
        answers.append(limited("merge", full.folder, tmp_path, limit))
        assert rows(full) == before
        assert doctor.verify(full) == []
    said(answers)
    assert limited("merge", full.folder, tmp_path, 1 << 30) == ["done", ""]
    doctor.repair(full)
    assert rows(full) == before
    assert doctor.examine(full) == []


def test_making_the_index(full: Workspace, tmp_path: Path) -> None:
    answers = []
    for limit in LIMITS:
        answers.append(limited("index", full.folder, tmp_path, limit))
        if SearchIndex(full).is_usable():
            assert found(full) in (0, 200)
        assert doctor.verify(full) == []
    said(answers)
    with Archive(full, memory_mib=256, threads=1) as archive:
        building.refresh(archive)
        assert building.behind(archive) == 0
    assert found(full) == 200
    assert SearchIndex(full).is_whole()


def test_a_backup_into_a_folder_leaves_the_one_before_whole(full: Workspace, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    backing_up.back_up(full, copy, desk=False, plain_ok=True)
    search_posts.store(full, [Made(f"more {n} " + "x" * 5000, "en", number=n) for n in range(40)])
    answers = []
    for limit in LIMITS:
        answers.append(limited("backup", full.folder, copy, limit))
        backups.verify(copy)
    said(answers)
    assert limited("backup", full.folder, copy, 1 << 30) == ["done", ""]
    restoring.restore(copy, tmp_path / "again", plain_ok=True)
    assert rows(workspace.open_workspace(tmp_path / "again")) == rows(full)
    assert not [path for path in copy.rglob("*.part") if path.stat().st_size > LIMITS[-1]]


def test_a_backup_into_a_file_is_whole_or_not_there(full: Workspace, tmp_path: Path) -> None:
    answers = []
    for limit in LIMITS:
        answers.append(limited("backup", full.folder, tmp_path / "copy.tar", limit))
        assert not (tmp_path / "copy.tar").exists()
    said(answers)
    assert limited("backup", full.folder, tmp_path / "copy.tar", 1 << 30) == ["done", ""]
    backups.verify(tmp_path / "copy.tar")


def test_a_restore_makes_no_half_workspace(full: Workspace, tmp_path: Path) -> None:
    copy, again = tmp_path / "copy", full.folder.with_name("again")
    backing_up.back_up(full, copy, desk=False, plain_ok=True)
    answers = []
    for limit in LIMITS:
        answers.append(limited("restore", full.folder, copy, limit))
        if answers[-1][0] != "done":
            with pytest.raises(ConfigError):
                workspace.open_workspace(again)
    said(answers)
    assert limited("restore", full.folder, copy, 1 << 30) == ["done", ""] or rows(workspace.open_workspace(again))
    assert rows(workspace.open_workspace(again)) == rows(full)
    shutil.rmtree(again)
