"""`dalil` as a person runs it: in a process of its own, with a bare environment and both outputs apart."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


def dalil(*arguments: object, expect: int | None = 0, cwd: Path | None = None, **settings: object) -> Ran:
    """Run `dalil` with the arguments, and with the settings as environment variables.

    Args:
        expect: the exit code that it must end with; None takes any.
    """
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)],
        env=environment(**settings),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert expect is None or done.returncode == expect, f"ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return Ran(done.returncode, done.stdout, done.stderr)


def asked(*arguments: object, expect: int = 0, cwd: Path | None = None, **settings: object) -> dict[str, Any]:
    """The object that `dalil … --json` prints."""
    return dalil(*arguments, "--json", expect=expect, cwd=cwd, **settings).object
