"""The tutorial's commands are run as they stand, one after the other, in an empty folder; the README's too where safe.

Its first step, building the sample week, finds the week of the same seed already built: building it is
tested by `test_sample_week.py`, and takes minutes.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import ROOT, environment
from demo_week import SEED, Demo, copy_of

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="the pages' commands are for a POSIX shell")]
BLOCK = re.compile(r"^```(?P<kind>\w*)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
READS = re.compile(r"(?:\.venv/bin/)?dalil (?:seen|week|claims|formats|doctor|audit|coordinate|import) ")


def commands(page: Path) -> list[str]:
    """Every line of the page's code blocks that begins with `$ `, without that."""
    blocks = BLOCK.finditer(page.read_text(encoding="utf-8"))
    return [line[2:] for block in blocks for line in block["body"].splitlines() if line.startswith("$ ")]


def run(command: str, folder: Path) -> None:
    scripts = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env={**environment(), "PATH": scripts},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"$ {command}\n{done.stdout}\n{done.stderr}"


def test_the_tutorial(demo: Demo, tmp_path: Path) -> None:
    steps = commands(ROOT / "docs" / "tutorial.md")
    assert len(steps) >= 8
    assert steps[0] == f"dalil demo --workspace week --seed {SEED} --no-serve"
    copy_of(demo.folder, tmp_path / "week")
    for step in steps:
        run(step, tmp_path)


def test_what_the_tutorial_promises_comes_true(demo: Demo) -> None:
    """The files and the week that its text speaks of are there."""
    text = (ROOT / "docs" / "tutorial.md").read_text(encoding="utf-8")
    for path in set(re.findall(r"week/(sample/[\w./-]+\.\w+)", text)):
        assert (demo.folder / path).exists(), path
    assert demo.truth.week in text


def test_the_readme(demo: Demo, tmp_path: Path) -> None:
    """Its `dalil` commands that read; those that install, ask, serve or fetch are left to a person."""
    copy_of(demo.folder, tmp_path / "demo")
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    said = [line.removeprefix("$ ").strip() for block in BLOCK.finditer(text) for line in block["body"].splitlines()]
    said += re.findall(r"`([^`\n]+)`", text)
    reading = [command for command in said if READS.match(command)]
    assert reading
    for command in reading:
        run(command.removeprefix(".venv/bin/"), tmp_path)


def test_every_make_target_that_a_page_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        named = set(
            re.findall(
                r"\bmake ([a-z]+(?:-[a-z]+)*)\b(?=[`\s]*(?:`|$|WHEEL|PYTHON|SEED))", page.read_text(encoding="utf-8")
            )
        )
        assert named - targets == set(), page.name
