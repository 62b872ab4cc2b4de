"""kill -9 at random points of merging, backing up and restoring: nothing lost, nothing doubled, the old or the new."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

KILLS = 14
DRIVER = Path(__file__).with_name("keeping_driver.py")
ROOT = Path(__file__).parents[3]

pytestmark = [pytest.mark.skipif(not hasattr(os, "fork"), reason="the driver forks"), pytest.mark.slow]


def test_killed_again_and_again(tmp_path: Path) -> None:
    seed = random.randrange(1 << 32)
    sys.stdout.write(f"seed {seed}\n")
    for name in ("compact", "backup", "restore"):
        (tmp_path / name).mkdir()
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])}
    run = subprocess.run(
        [sys.executable, "-X", "faulthandler", str(DRIVER), str(tmp_path), str(seed), str(KILLS)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert run.returncode == 0, f"seed {seed}\n{run.stderr[-3000:]}"
    found = json.loads(run.stdout)
    assert found["compact"]["same"], seed
    assert found["compact"]["damage"] == "[]", seed
    assert found["backup"]["whole"] == KILLS, seed
    assert found["backup"]["same"], seed
    assert found["restore"]["same"], seed
    assert found["restore"]["damage"] == "[]", seed
    assert found["restore"]["note"] is False
    assert all(found[name]["deaths"] >= 3 for name in found), (seed, found)
