"""CPU time of a call, and CPU time and peak memory of a command with all its children."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_TICK = 0.02
_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True, slots=True)
class Spent:
    """What a command took: CPU seconds with its children, peak MiB of itself and of its largest child."""

    cpu: float
    peak_mib: float
    child_peak_mib: float
    out: bytes


def cpu_seconds(call: Callable[[], object], *, rounds: int = 1) -> float:
    """CPU seconds of a call in this process, all threads; the best of some rounds."""
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        call()
        best = min(best, time.process_time() - start)
    return best


def mean_cpu_ms(call: Callable[[], object], *, times: int) -> float:
    """Mean CPU milliseconds of one call, after one that is not counted."""
    call()
    start = time.process_time()
    for _ in range(times):
        call()
    return (time.process_time() - start) * 1000 / times


def run(command: Sequence[str | Path], *, env: Mapping[str, str] | None = None, stdin: bytes = b"") -> Spent:
    """Run a command to its end; its memory is looked at 50 times a second.

    Raises:
        RuntimeError: it ended badly; holds the end of what it complained of.
    """
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as complaints:
        given.write(stdin)
        given.seek(0)
        process = subprocess.Popen([str(part) for part in command], stdin=given, stdout=out, stderr=complaints, env=env)
        watch = _Watch(process.pid)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        watch.end()
        out.seek(0)
        complaints.seek(0)
        if process.returncode:
            raise RuntimeError(f"exit {process.returncode}: {complaints.read()[-500:].decode(errors='replace')}")
        return Spent(used.ru_utime + used.ru_stime, watch.own, watch.children, out.read())


def cpu_of(pid: int) -> float:
    """CPU seconds of a running process so far, with the children that it has waited for."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / _TICKS_A_SECOND


class _Watch:
    """Follows the high-water marks of a process and of its descendants, in MiB."""

    def __init__(self, pid: int) -> None:
        self.own = self.children = 0.0
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._over.set()
        self._thread.join()

    def _look_on(self) -> None:
        while not self._over.wait(_TICK):
            self.own = max(self.own, _peak(self._pid))
            for child in _descendants(self._pid):
                self.children = max(self.children, _peak(child))


def _peak(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def _descendants(pid: int) -> list[int]:
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        found = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
    return found + [below for child in found for below in _descendants(child)]
