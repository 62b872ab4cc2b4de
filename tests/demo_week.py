"""The sample week, built once per run by `dalil demo` itself and shared; a test that writes takes a copy.

Where several processes share the tests, the first that needs it builds it and the others wait. A build costs a minute or two of CPU. To work on one test, build one by hand and name it in
DALIL_TEST_DEMO; CI never sets that.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from command_line import asked

from dalil.archive.scratch import exclusive
from dalil.sample.script import Members
from dalil.sample.truthfile import Truth, read_truth

SEED = 7
LONGEST_BUILD_SECONDS = 1_800
WEEK = "2026-W20"


@dataclass(frozen=True)
class Demo:
    """A built demo: its folder, its seed and the object that `dalil demo --json` printed."""

    folder: Path
    seed: int
    told: dict[str, Any]

    @property
    def sample(self) -> Path:
        """The written sample: captures, script, truth."""
        return self.folder / "sample"

    @cached_property
    def truth(self) -> Truth:
        """What is true about the week."""
        return read_truth((self.sample / "truth.json").read_bytes())

    @cached_property
    def members(self) -> Members:
        """The sample's people, with the one thing that waits for each."""
        import msgspec

        return msgspec.json.decode((self.sample / "members.json").read_bytes(), type=Members)


def build(folder: Path, seed: int) -> Demo:
    """Build a demo from nothing."""
    return Demo(folder, seed, asked("demo", "--workspace", folder, "--seed", seed, "--no-serve", cold=True))


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Demo:
    """The demo of the fixed seed; nobody may write to it."""
    ready = os.environ.get("DALIL_TEST_DEMO")
    if ready:
        return told_by(Path(ready), SEED)
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(request.config, "workerinput") else base  # of all processes of this run
    folder = shared / "demo-week"
    with exclusive(shared / "demo-week.lock", wait_seconds=LONGEST_BUILD_SECONDS):
        return told_by(folder, SEED) if (folder / "demo.json").exists() else build(folder, SEED)


def told_by(folder: Path, seed: int) -> Demo:
    """A demo that was built before."""
    return Demo(folder, seed, json.loads((folder / "demo.json").read_text(encoding="utf-8")))


@pytest.fixture
def demo_copy(demo: Demo, tmp_path: Path) -> Path:
    """A workspace of one's own with the demo's content."""
    return copy_of(demo.folder, tmp_path / "week")


def copy_of(workspace: Path, target: Path) -> Path:
    """Copy a workspace; files that never change are linked, so that a copy costs next to nothing."""

    def link_or_copy(source: str, destination: str) -> str:
        place = Path(source).relative_to(workspace).parts
        unchanging = place[0] in ("media", "raw", "sample") or Path(source).suffix == ".parquet"
        put: Callable[[str, str], Any] = os.link if unchanging else shutil.copy2
        put(source, destination)
        return destination

    def left_out(folder: str, names: list[str]) -> set[str]:
        return {"tmp"} & set(names) if Path(folder) == workspace else set()

    shutil.copytree(workspace, target, copy_function=link_or_copy, ignore=left_out)
    (target / "tmp").mkdir(mode=0o700)
    return target
