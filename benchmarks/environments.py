"""Peers' environments: benchmarks/.envs/<peer>, made from benchmarks/peers/<peer>.txt when first asked for.

Never the project's own: some peers need a compiler, others old versions of what we use ourselves.
"""

from __future__ import annotations

import json
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.measuring import run

HERE = Path(__file__).parent
ENVIRONMENTS = HERE / ".envs"
PEERS = HERE / "peers"
_READY = ".installed"


@dataclass(frozen=True, slots=True)
class Peer:
    """An installed peer, or why there is none."""

    name: str
    python: Path | None
    missing: str = ""

    def ask(self, code: str, *arguments: object, stdin: bytes = b"") -> dict[str, Any]:
        """Run code in the peer's environment; it prints one JSON object as its last line."""
        assert self.python is not None
        out = run([self.python, "-c", code, *map(str, arguments)], stdin=stdin).out
        found: dict[str, Any] = json.loads(out.splitlines()[-1])
        return found

    @property
    def note(self) -> str:
        """What a result says where the peer is missing."""
        return f"{self.name} could not be installed here: {self.missing}" if self.missing else ""


def peer(name: str) -> Peer:
    """The environment of a peer; made now where it is missing or its pins have changed."""
    wanted = (PEERS / f"{name}.txt").read_text()
    folder = ENVIRONMENTS / name
    python = folder / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    ready = folder / _READY
    if ready.is_file() and ready.read_text() == wanted:
        return Peer(name, python)
    try:
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", PEERS / f"{name}.txt"],
            check=True,
            capture_output=True,
            text=True,
            timeout=900,
        )
    except subprocess.CalledProcessError as error:
        return Peer(name, None, _last_line(error.stderr))
    except (subprocess.TimeoutExpired, OSError) as error:
        return Peer(name, None, type(error).__name__)
    ready.write_text(wanted)
    return Peer(name, python)


def version(name: str) -> str:
    """A peer's name and version, from its first pin."""
    first = next(line for line in (PEERS / f"{name}.txt").read_text().splitlines() if line and line[0] != "#")
    return first.replace("==", " ").split(";")[0].strip()


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip().startswith(("ERROR", "error"))]
    return (lines or ["pip failed"])[-1][:160]
