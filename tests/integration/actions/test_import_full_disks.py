"""Imports on disks that are full at a random moment: said plainly, nothing damaged; with room again all is there.

How often is set by `tests/disturbed_imports.py`: a share in CI, 20 by `make proof`. The disks are small file
systems in memory; `test_bad_input` and `archive/test_disk_full` limit the size of files instead, which every
system can.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from disturbed_imports import FULL_DISKS, check_same, check_whole, driven, new_workspace
from import_inputs import crowdtangle_file, mastodon_file, telegram_folder, three_formats, x_file

NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")
pytestmark = pytest.mark.slow


def mounts_small_disks(folder: Path) -> bool:
    """Whether this system lets us mount one in a namespace of our own."""
    if shutil.which("unshare") is None:
        return False
    tried = [*NAMESPACE, "mount", "-t", "tmpfs", "-o", "size=64k", "none", str(folder)]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


def test_full_again_and_again_it_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    if not mounts_small_disks(tmp_path):
        pytest.skip("this system lets nobody mount a small disk")
    seed = random.SystemRandom().randrange(1 << 32)
    sys.stdout.write(f"seed {seed}\n")
    template = new_workspace(tmp_path / "template")
    (tmp_path / "files").mkdir()
    paths = [
        x_file(tmp_path / "files" / "tweets.jsonl", 0, 240),
        telegram_folder(tmp_path / "files" / "channel", 1, 61),
        crowdtangle_file(tmp_path / "files" / "pages.csv", 0, 130),
        three_formats(tmp_path / "files" / "everything.zip", 1_000, 1_081),
        mastodon_file(tmp_path / "files" / "timeline.json", 0, 150),
    ][: max(2, FULL_DISKS // 2)]
    result = driven("full_disk_command.py", template, tmp_path, seed, FULL_DISKS, *paths, before=NAMESPACE)
    assert result["full"] >= FULL_DISKS
    for calm in result["calm"]:
        check_whole(calm)
    for house in result["houses"]:
        check_same(house, result["calm"][house["of"]], f"seed {seed}, rooms {house['rooms']} of {house['needed']} KiB")
    sys.stdout.write(f"{[(house['of'], house['rooms'], house['needed']) for house in result['houses']]}\n")
