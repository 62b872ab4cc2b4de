"""`python -m benchmarks [NAME…] [--full]`: each benchmark in a process of its own, then docs/benchmarks.md.

With names, only these are measured anew and the page is printed instead of written. `--full` adds what
takes many minutes: an import of five million posts.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Protocol, cast

from benchmarks import measuring
from benchmarks.page import figure, page
from benchmarks.shape import Machine, Report, Result

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "benchmarks.md"
BENCHMARKS = (
    "demo",
    "import_x_v2",
    "import_telegram",
    "coordination",
    "seen",
    "text_keys",
    "pdq",
    "archive_write",
    "archive_size",
    "search",
    "desk",
)
_PART = "_one"


class Benchmark(Protocol):
    """A module of this package: its docstring's first line says what it is about."""

    def results(self, *, full: bool) -> Iterator[Result]:
        """Measure, one figure after another."""
        ...


def load(name: str) -> Benchmark:
    """The module of a benchmark."""
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]
    return cast("Benchmark", importlib.import_module(f"benchmarks.{name}"))


def about(name: str) -> str:
    """The first paragraph of a benchmark's docstring, which nobody need import for it."""
    text = (ROOT / "benchmarks" / f"{name}.py").read_text(encoding="utf-8")
    return " ".join(text.split('"""')[1].split("\n\n")[0].split())


def measure(name: str, *, full: bool) -> Report:
    """Run one benchmark in a process of its own; one that breaks says so and stops no other."""
    command = [sys.executable, "-m", "benchmarks", _PART, name, *(["--full"] if full else [])]
    env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    try:
        spent = measuring.run(command, env=env | {"PYTHONPATH": path})
    except RuntimeError as error:
        return Report(name=name, about=about(name), failure=str(error))
    rows = json.loads(spent.out.splitlines()[-1])
    return Report(name=name, about=about(name), results=tuple(Result(**row) for row in rows), cpu_seconds=spent.cpu)


def _one(name: str, *, full: bool) -> None:
    """The process of its own: measure and print all results as one line."""
    rows = []
    for result in load(name).results(full=full):
        print(f"  {result.what}: {figure(result.ours)} {result.unit}", file=sys.stderr)
        rows.append(dataclasses.asdict(result))
    print(json.dumps(rows))


def main() -> int:
    """Measure, write or print the page; 1 when a benchmark broke. A missed bar is a result, not a failure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)}; all if none")
    parser.add_argument("--full", action="store_true", help="also what takes many minutes")
    given = parser.parse_args()
    if given.names[:1] == [_PART]:
        _one(given.names[1], full=given.full)
        return 0
    # As `make setup` leaves it: a limited child writes no bytecode, and would compile itself anew each time.
    measuring.run([sys.executable, "-m", "compileall", "-q", ROOT / "src"])
    reports = []
    for name in given.names or BENCHMARKS:
        print(f"{name} …", flush=True)
        reports.append(measure(name, full=given.full))
    text = page(reports, machine=Machine.this(), day=date.today())  # noqa: DTZ011 - the day where the machine stands
    if given.names:
        print(text)
    else:
        PAGE.write_text(text, encoding="utf-8")
        print(f"written: {PAGE.relative_to(ROOT)}")
    return 1 if any(report.failure for report in reports) else 0


if __name__ == "__main__":
    sys.exit(main())
