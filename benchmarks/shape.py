"""The one shape of a result, and the machine it was measured on."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One figure.

    Args:
        what: what was done, as the page shows it.
        n: on how much, such as `35,125 shares`.
        ours, theirs: in `unit`; `theirs` is the peer's, measured in the same run unless `note` says otherwise.
        more_is_better: as with posts a second; else less is.
        bar: the figure to hold, in `unit`; None where the issue sets none.
        peer: name and version of the peer; "" where there is none.
        note: what the reader must know, such as why a peer is missing.
    """

    what: str
    ours: float
    unit: str
    n: str = ""
    more_is_better: bool = False
    bar: float | None = None
    peer: str = ""
    theirs: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times better ours is than the peer's; below 1 the peer is better."""
        if self.theirs is None or not self.ours or not self.theirs:
            return None
        return self.ours / self.theirs if self.more_is_better else self.theirs / self.ours

    @property
    def held(self) -> bool | None:
        """Whether the bar is held; None where there is none."""
        if self.bar is None:
            return None
        return self.ours >= self.bar if self.more_is_better else self.ours <= self.bar


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One benchmark: its results, what the run itself cost, and why it has none, if so."""

    name: str
    about: str
    results: tuple[Result, ...] = ()
    cpu_seconds: float = 0.0
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Where it was measured."""

    processor: str
    cores: int
    memory_gib: float
    python: str

    @classmethod
    def this(cls) -> Machine:
        """This machine; what the system does not tell is named by its kind."""
        return cls(
            processor=_field("/proc/cpuinfo", "model name") or platform.processor() or platform.machine(),
            cores=os.cpu_count() or 1,
            memory_gib=round(int((_field("/proc/meminfo", "MemTotal") or "0").split()[0]) / 2**20, 1),
            python=platform.python_version(),
        )


def _field(path: str, name: str) -> str:
    try:
        lines = Path(path).read_text().splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")
