"""kill -9 at random points of an import, then again: the same ids and custody head as an undisturbed run."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = 32
DRIVER = Path(__file__).with_name("crash_driver.py")
ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the driver forks")


def test_an_import_killed_again_and_again_ends_as_an_undisturbed_one(tmp_path):
    seed = random.randrange(1 << 32)
    sys.stdout.write(f"seed {seed}\n")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])}
    run = subprocess.run(
        [sys.executable, "-X", "faulthandler", str(DRIVER), str(tmp_path), str(seed), str(KILLS)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, f"seed {seed}\n{run.stderr}"
    result = json.loads(run.stdout)
    calm = result["calm"]
    assert result["kills"] >= KILLS
    assert calm["damage"] == []
    assert calm["posts"] == calm["known"] == 290
    varying = {"orphans removed", "deaths"}
    for house in result["houses"]:
        assert {k: v for k, v in house.items() if k not in varying} == {
            k: v for k, v in calm.items() if k not in varying
        }, f"seed {seed}"
    for name in ("observations", "posts", "accounts", "edges", "text_signals", "media", "image_signals"):
        assert calm[name] == calm[f"{name} apart"]
    orphans = [house["orphans removed"] for house in result["houses"]]
    sys.stdout.write(f"kills {result['kills']} in {len(orphans)} houses; orphans left and removed {orphans}\n")
