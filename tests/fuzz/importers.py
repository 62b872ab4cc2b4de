"""Coverage-guided fuzzing of the importers: whatever a file holds, only their own errors come out.

    python tests/fuzz/importers.py FORMAT... --seconds 600 --out DIR   # a long run; what is new goes to DIR
    python tests/fuzz/importers.py FORMAT... --runs 400                # the short run of CI: the kept inputs, then 400 more
    python tests/fuzz/importers.py FORMAT... --keep --out DIR          # the fewest inputs of DIR that reach as much are kept
    python tests/fuzz/importers.py FORMAT --input FILE                 # one file, such as a find

`all` names every target: the formats, `mapped-table` and `archives` (see `targets.py`). The packages are
loaded and instrumented once; each target runs in a fork. A find does not end its run: one input for each
place it comes from is written to tests/fuzz/finds, and the command ends with 1. One JSON line a target on
standard output: CPU and wall seconds, executions, finds.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import os
import re
import resource
import shutil
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

import atheris

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS / "contracts" / "sources")]

with atheris.instrument_imports(include=["dalil.sources", "dalil.intake.walking"]):
    import targets

import kept  # noqa: E402 - the tests' own folder is put on the path first

FINDS = Path(__file__).parent / "finds"
MERGING = "DALIL_FUZZ_MERGING"
"""Set while libFuzzer merges corpora: what it runs, again and again, to see what an input reaches."""
SLOWEST_SECONDS = 10
MOST_MIB = 3072


def main() -> None:
    """Read the arguments and run one target after the other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("targets", nargs="+", metavar="FORMAT")
    parser.add_argument("--seconds", type=int, default=0)
    parser.add_argument("--runs", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=None, help="where new inputs are kept, a folder a format")
    parser.add_argument("--keep", action="store_true", help="make the kept corpus of what lies in --out")
    parser.add_argument(
        "--input", type=Path, default=None, help="read this one file, such as a find, and let errors out"
    )
    given, inner = parser.parse_known_args()
    wanted = targets.names() if given.targets == ["all"] else given.targets
    if os.environ.get(MERGING):  # libFuzzer started this process itself
        fuzz(wanted[0], inner, [], _made(FINDS))
    elif given.input:
        with tempfile.TemporaryDirectory() as made:
            targets.target(wanted[0], Path(made)).once(given.input.read_bytes())
    elif given.keep:
        for name in wanted:
            keep(name, given.out)
    else:
        failed = [name for name in wanted if not run(name, given)]
        sys.exit(1 if failed else 0)


def run(name: str, given: argparse.Namespace) -> bool:
    """Fuzz one target in a fork and tell of it; whether nothing was found."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(dir=_memory()) as made:
        found = given.out / name if given.out else Path(made) / "found"
        found.mkdir(parents=True, exist_ok=True)
        options = [f"-max_total_time={given.seconds}"] if given.seconds else []
        options += [f"-seed={given.seed}"] if given.seed else []
        log = Path(made) / "log"
        child = os.fork()
        if child == 0:
            with log.open("wb") as handle:
                os.dup2(handle.fileno(), 2)
            seeds = _laid_out(Path(made) / "seeds", [*targets.target(name, Path(made)).seeds, *kept.read(name)])
            if not given.seconds:
                options.append(f"-runs={given.runs + 2 * len(list(seeds.iterdir()))}")
            fuzz(name, options, [found, seeds], _made(Path(made) / "finds"), strict=bool(given.seconds))
        _, status, used = os.wait4(child, 0)
        finds = [shutil.copy(find, _made(FINDS)) for find in sorted((Path(made) / "finds").glob("*"))]
        said = log.read_text("utf-8", "replace")
    executions = re.findall(r"stat::number_of_executed_units:\s*(\d+)", said)
    told: dict[str, Any] = {
        "format": name,
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "seconds": round(time.monotonic() - began, 1),
        "executions": int(executions[-1]) if executions else 0,
        "peak_mib": used.ru_maxrss >> 10,
        "finds": [Path(path).name for path in finds],
        "status": os.waitstatus_to_exitcode(status),
    }
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    well = not finds and not told["status"] and bool(executions)
    if not well:
        sys.stderr.write(said[-6000:])
    return well


def fuzz(name: str, options: list[str], corpora: list[Path], folder: Path, *, strict: bool = False) -> None:
    """Run libFuzzer on one target, finds into `folder`; does not come back."""
    with tempfile.TemporaryDirectory(dir=_memory()) as made:
        target = targets.target(name, Path(made), strict=strict)
        finds = Finds(name, folder)
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MIB << 20, MOST_MIB << 20))  # as in the limited child
        gc.freeze()
        gc.set_threshold(50_000)

        def once(data: bytes) -> None:
            try:
                target.once(data)
            except Exception as error:  # noqa: BLE001 - whatever comes out is a find
                finds.keep(data, error)

        limits = [f"-max_len={target.longest}", f"-timeout={SLOWEST_SECONDS}", f"-rss_limit_mb={MOST_MIB}"]
        quiet = ["-print_final_stats=1", "-verbosity=0", f"-artifact_prefix={folder}/{name}-"]
        atheris.Setup(
            [os.environ.get(MERGING, __file__), *limits, *quiet, *options, *map(str, corpora)],
            once,
            custom_mutator=lambda data, most, seed: target.mutate(data, most, seed, atheris.Mutate),
        )
        atheris.Fuzz()


class Finds:
    """One input for each place where something came out that may not."""

    def __init__(self, name: str, folder: Path) -> None:
        self._name = name
        self._folder = folder
        self._seen: dict[str, int] = {}

    def keep(self, data: bytes, error: Exception) -> None:
        """Write the input, where it is the first of its place or smaller than that; tell of the first."""
        frames = traceback.extract_tb(error.__traceback__)
        place = "|".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames[-3:])
        digest = hashlib.sha256(f"{type(error).__name__}|{place}".encode()).hexdigest()[:12]
        if digest not in self._seen:
            sys.stderr.write("".join(traceback.format_exception(error)[-6:]))
        if self._seen.get(digest, len(data) + 1) > len(data):
            self._seen[digest] = len(data)
            (self._folder / f"{self._name}-{digest}").write_bytes(data)


def keep(name: str, out: Path) -> None:
    """Keep the fewest of a target's inputs that reach as much as all of them."""
    with tempfile.TemporaryDirectory(dir=_memory()) as made:
        folder = Path(made)
        before = _laid_out(folder / "before", kept.read(name))
        fewest = _made(folder / "fewest")
        itself = folder / "again"
        itself.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).resolve()}" {name} "$@"\n')
        itself.chmod(0o700)
        child = os.fork()
        if child == 0:
            os.environ[MERGING] = str(itself)
            merge = ["-set_cover_merge=1", "-use_counters=0"]
            fuzz(name, merge, [fewest, _made(out / name), before], _made(FINDS))
        os.waitpid(child, 0)
        inputs = sorted((path.read_bytes() for path in fewest.iterdir()), key=len)
    if not inputs:
        sys.exit(f"nothing of {name} could be merged; its corpus stays as it was")
    sys.stdout.write(json.dumps({"format": name, "kept": kept.write(name, inputs)}) + "\n")


def _laid_out(folder: Path, inputs: list[bytes]) -> Path:
    for number, data in enumerate(inputs):
        (_made(folder) / f"{number:04}").write_bytes(data)
    return _made(folder)


def _memory() -> str | None:
    """Files are written and read thousands of times a second: in memory, where there is a place for that."""
    place = Path("/dev/shm")
    return str(place) if place.is_dir() and os.access(place, os.W_OK) else None


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    main()
