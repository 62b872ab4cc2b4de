"""kill -9 at random points of `dalil import`, then again: the same ids and custody head as an undisturbed run."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from command_line import dalil, environment
from import_inputs import crowdtangle_file, telegram_folder, x_file

from dalil.archive.workspace import PLAIN_VOLUME_WORDS

KILLS = 32
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
    """Three files of three formats: about 14 chunks of 40 records, 20 pictures."""
    folder = tmp_path_factory.mktemp("inputs")
    return [
        x_file(folder / "tweets.jsonl", 0, 240),
        crowdtangle_file(folder / "pages.csv", 0, 130),
        telegram_folder(folder / "channel", 1, 61),
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
    assert [len(calm["media"]) for calm in result["calm"]] == [0, 0, 20]
    for house in result["houses"]:
        calm = result["calm"][house["of"]]
        for name in ("damaged", "left_over", "known", "media", "rejects", "head", "custody", "tmp"):
            assert house[name] == calm[name], f"seed {seed}: {name} after {house['deaths']} deaths"
    removed = [house["removed"] for house in result["houses"]]
    sys.stdout.write(f"{result['kills']} kills in {len(removed)} workspaces; left-overs removed: {removed}\n")
