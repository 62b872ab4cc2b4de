"""`dalil` as a person runs it: in a process of its own, with a bare environment and both outputs apart.

Most commands are forks of a process that has the packages loaded (`warm_command.py`); `cold=True` starts Python anew.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import warm_command

ROOT = Path(__file__).resolve().parents[1]
COMMAND = [sys.executable, "-m", "dalil.app.main"]


@dataclass(frozen=True)
class Ran:
    """What a command left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def object(self) -> dict[str, Any]:
        """The one JSON object on standard output; anything beside it fails."""
        lines = self.out.splitlines()
        assert len(lines) == 1, f"not one line on standard output: {self.out!r}\n{self.err}"
        found = json.loads(lines[0])
        assert isinstance(found, dict)
        return found


def environment(**settings: object) -> dict[str, str]:
    """The tests' own environment without anybody's DALIL_ settings, with `settings` in their place."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DALIL_")}
    given = {f"DALIL_{name.upper()}": str(value) for name, value in settings.items()}
    return {**kept, "PYTHONPATH": str(ROOT / "src"), **given}


def dalil(
    *arguments: object, expect: int | None = 0, cwd: Path | None = None, cold: bool = False, **settings: object
) -> Ran:
    """Run `dalil` with the arguments, and with the settings as environment variables.

    Args:
        expect: the exit code that it must end with; None takes any.
    """
    words = [str(argument) for argument in arguments]
    if cold or not hasattr(os, "fork"):
        ran = _started(words, environment(**settings), cwd)
    else:
        ran = Ran(*warm_command.run(words, environment(**settings), cwd))
    assert expect is None or ran.code == expect, f"ended with {ran.code}\n{ran.out}\n{ran.err}"
    return ran


def _started(arguments: list[str], env: dict[str, str], cwd: Path | None) -> Ran:
    done = subprocess.run(
        [*COMMAND, *arguments],
        env=env,
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


def asked(
    *arguments: object, expect: int = 0, cwd: Path | None = None, cold: bool = False, **settings: object
) -> dict[str, Any]:
    """The object that `dalil … --json` prints."""
    return dalil(*arguments, "--json", expect=expect, cwd=cwd, cold=cold, **settings).object
