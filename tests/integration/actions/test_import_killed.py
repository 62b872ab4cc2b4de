"""kill -9 at random points of `dalil import`, then again: the same ids and custody head as an undisturbed run.

How often is set by `tests/disturbed_imports.py`: a share in CI, 200 kills by `make proof`.
"""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import COMMAND, asked, environment
from disturbed_imports import KILLS, check_same, check_whole, driven, new_workspace, small_chunks
from import_inputs import crowdtangle_file, mastodon_file, telegram_folder, three_formats, x_file

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="lives are forks, which this system does not have"),
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_workspace(tmp_path_factory.mktemp("template") / "workspace")


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Five shapes: JSON Lines, a table, a folder with 20 pictures, a zip of these three, one JSON list."""
    folder = tmp_path_factory.mktemp("inputs")
    return [
        x_file(folder / "tweets.jsonl", 0, 240),
        crowdtangle_file(folder / "pages.csv", 0, 130),
        telegram_folder(folder / "channel", 1, 61),
        three_formats(folder / "everything.zip", 1_000, 1_081),
        mastodon_file(folder / "timeline.json", 0, 150),
    ]


def test_killed_again_and_again_it_ends_as_an_undisturbed_one(
    template: Path, inputs: list[Path], tmp_path: Path
) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    sys.stdout.write(f"seed {seed}\n")
    result = driven("mortal_command.py", template, tmp_path, seed, KILLS, *inputs)
    assert result["kills"] >= KILLS
    for calm in result["calm"]:
        check_whole(calm)
    assert [len(calm["media"]) for calm in result["calm"]] == [0, 0, 20, 27, 0]
    deaths = Counter[int]()
    for house in result["houses"]:
        check_same(house, result["calm"][house["of"]], f"seed {seed}, after {house['deaths']} deaths")
        deaths[house["of"]] += house["deaths"]
    assert len(deaths) == len(inputs)
    removed = [house["removed"] for house in result["houses"]]
    sys.stdout.write(
        f"{result['kills']} kills in {len(removed)} workspaces, by input {sorted(deaths.items())}; "
        f"left-overs removed: {removed}\n"
    )


def test_a_life_of_its_own_killed_from_outside_ends_as_an_undisturbed_one(
    template: Path, inputs: list[Path], tmp_path: Path
) -> None:
    """The same without any help inside: whole processes, ended by another one's SIGKILL at random moments."""
    seed = random.SystemRandom().randrange(1 << 32)
    chance = random.Random(seed)
    sys.stdout.write(f"seed {seed}\n")
    calm, house = tmp_path / "calm", tmp_path / "house"
    shutil.copytree(template, calm)
    shutil.copytree(template, house)
    asked("import", *inputs, "--workspace", calm, **small_chunks())
    command = [*COMMAND, "import", *map(str, inputs), "--workspace", str(house)]
    for life in range(4):
        process = subprocess.Popen(command, env=environment(**small_chunks()), stderr=subprocess.DEVNULL)
        wait_until(lambda life=life, process=process: stored(house) > life * 3 or process.poll() is not None)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=chance.uniform(0, 0.2))
        process.kill()
        process.wait()
    again = asked("import", *inputs, "--workspace", house, **small_chunks())
    assert sum(report["known"] for report in again["files"]) > 0
    assert asked("doctor", "--repair", "--workspace", house)["damaged"] == []
    assert asked("doctor", "--workspace", house)["left_over"] == []
    assert facts(house) == facts(calm), f"seed {seed}"


def facts(workspace: Path) -> tuple[list[bytes], object]:
    """Every observation's id, and the custody head."""
    with sqlite3.connect(workspace / "archive" / "manifest.db") as manifest:
        ids = sorted(row[0] for row in manifest.execute("SELECT obs_id FROM known"))
        return ids, manifest.execute("SELECT * FROM custody ORDER BY seq DESC LIMIT 1").fetchone()


def stored(workspace: Path) -> int:
    """Entries of custody so far."""
    with sqlite3.connect(workspace / "archive" / "manifest.db") as manifest:
        count: int = manifest.execute("SELECT count(*) FROM custody").fetchone()[0]
        return count


def wait_until(condition: Callable[[], bool]) -> None:
    """Look again and again; a test that waits for ever is ended by CI, not by a clock here."""
    while not condition():
        time.sleep(0.02)
