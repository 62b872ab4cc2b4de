"""Imports that are disturbed: how often, in which workspace, and what must be equal afterwards.

CI disturbs a share of the times; `make proof` sets the whole numbers of the promise.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from command_line import dalil, environment

from dalil.archive.workspace import PLAIN_VOLUME_WORDS

KILLS: Final = int(os.environ.get("DALIL_TEST_KILLS", "15"))
FULL_DISKS: Final = int(os.environ.get("DALIL_TEST_FULL_DISKS", "3"))
AT_ONCE: Final = int(os.environ.get("DALIL_TEST_AT_ONCE", "6"))
PASSPHRASE: Final = "four quiet words here"
DRIVERS: Final = Path(__file__).parent / "integration" / "actions"


def new_workspace(folder: Path) -> Path:
    """A new, empty workspace whose clock stands, so that custody names one day however late it gets."""
    dalil("init", "--workspace", folder, "--plain-volume", PLAIN_VOLUME_WORDS, passphrase=PASSPHRASE)
    facts = json.loads((folder / "workspace.json").read_text())
    (folder / "workspace.json").write_text(json.dumps({**facts, "as_of": "2026-05-17T08:00:00Z"}))
    return folder


def small_chunks() -> dict[str, Any]:
    """The settings: chunks so small that an import has many."""
    return {"passphrase": PASSPHRASE, "chunk_records": 40}


def driven(driver: str, *arguments: object, before: Sequence[str] = ()) -> dict[str, Any]:
    """What a driver told; `before` stands before its command line."""
    env = environment(**small_chunks())
    env["PYTHONPATH"] += os.pathsep + str(Path(__file__).parent)
    done = subprocess.run(
        [*before, sys.executable, str(DRIVERS / driver), *map(str, arguments)],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{driver} {arguments}\n{done.stderr[-6000:]}"
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def check_same(house: Mapping[str, Any], calm: Mapping[str, Any], said: str, *, but: Iterable[str] = ()) -> None:
    """All that `forked_command.examined` tells but `but` and `removed`: what was left over and doctor removed."""
    for name, value in calm.items():
        if name not in {"removed", *but}:
            assert house[name] == value, f"{said}: {name}"


def check_whole(calm: Mapping[str, Any]) -> None:
    """An undisturbed import: nothing damaged, nothing left over, nothing twice, each file of media there."""
    assert len(calm["known"]) >= 60
    assert calm["damaged"] == [[], []]
    assert (calm["left_over"], calm["removed"], calm["tmp"]) == ([], 0, [])
    assert all(rows == distinct for rows, distinct in calm["rows"].values())
    assert calm["rows"]["observations"][0] == len(calm["known"])
    assert calm["media files"] == calm["media"]
