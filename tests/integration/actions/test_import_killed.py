"""kill -9 at random points of `dalil import`, then again: the same ids and custody head as an undisturbed run."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import COMMAND, asked, dalil, environment
from import_inputs import crowdtangle_file, telegram_folder, three_formats, x_file

from dalil.archive.workspace import PLAIN_VOLUME_WORDS

KILLS = 40
PASSPHRASE = "four quiet words here"
DRIVER = Path(__file__).with_name("mortal_command.py")

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="lives are forks, which this system does not have"),
    pytest.mark.slow,
]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new, empty workspace whose clock stands, so that custody names one day however late it gets."""
    folder = tmp_path_factory.mktemp("template") / "workspace"
    dalil("init", "--workspace", folder, "--plain-volume", PLAIN_VOLUME_WORDS, passphrase=PASSPHRASE)
    facts = json.loads((folder / "workspace.json").read_text())
    (folder / "workspace.json").write_text(json.dumps({**facts, "as_of": "2026-05-17T08:00:00Z"}))
    return folder


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three files of three formats: about 14 chunks of 40 records, 20 pictures; and a zip of all three formats."""
    folder = tmp_path_factory.mktemp("inputs")
    return [
        x_file(folder / "tweets.jsonl", 0, 240),
        crowdtangle_file(folder / "pages.csv", 0, 130),
        telegram_folder(folder / "channel", 1, 61),
        three_formats(folder / "everything.zip", 1_000, 1_081),
    ]


def small_chunks() -> dict[str, Any]:
    return {"passphrase": PASSPHRASE, "chunk_records": 40}


def test_killed_again_and_again_it_ends_as_an_undisturbed_one(
    template: Path, inputs: list[Path], tmp_path: Path
) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    sys.stdout.write(f"seed {seed}\n")
    done = subprocess.run(
        [sys.executable, str(DRIVER), str(template), str(tmp_path), str(seed), str(KILLS), *map(str, inputs)],
        env=environment(**small_chunks()),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"seed {seed}\n{done.stderr}"
    result = json.loads(done.stdout)
    assert result["kills"] >= KILLS
    for calm in result["calm"]:
        assert len(calm["known"]) >= 60
        assert calm["damaged"] == [[], []]
        assert (calm["left_over"], calm["removed"], calm["tmp"]) == ([], 0, [])
    assert [len(calm["media"]) for calm in result["calm"]] == [0, 0, 20, 27]
    for house in result["houses"]:
        calm = result["calm"][house["of"]]
        for name in ("damaged", "left_over", "known", "media", "rejects", "head", "custody", "tmp"):
            assert house[name] == calm[name], f"seed {seed}: {name} after {house['deaths']} deaths"
    removed = [house["removed"] for house in result["houses"]]
    sys.stdout.write(f"{result['kills']} kills in {len(removed)} workspaces; left-overs removed: {removed}\n")


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


def test_two_commands_at_once_on_files_that_overlap(template: Path, tmp_path: Path) -> None:
    """Both end well, nothing doubles, and the archive holds the union."""
    paths = [x_file(tmp_path / "one.jsonl", 0, 160), x_file(tmp_path / "two.jsonl", 80, 240)]
    house, calm = tmp_path / "house", tmp_path / "calm"
    shutil.copytree(template, house)
    shutil.copytree(template, calm)
    running = [
        subprocess.Popen(
            [*COMMAND, "import", str(path), "--workspace", str(house), "--json"],
            env=environment(**small_chunks()),
            stdout=subprocess.PIPE,
            text=True,
        )
        for path in paths
    ]
    told = [json.loads(process.communicate()[0])["files"][0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    asked("import", *paths, "--workspace", calm, **small_chunks())
    assert facts(house)[0] == facts(calm)[0]
    assert sum(report["kept"] for report in told) == 240
    assert [report["read"] for report in told] == [report["kept"] + report["known"] for report in told] == [160, 160]
    found = asked("doctor", "--workspace", house)
    assert (found["damaged"], found["left_over"]) == ([], [])
