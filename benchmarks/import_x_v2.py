"""Import of X API v2 JSON Lines with `dalil import`, beside twarc-csv: posts a CPU-second, peak memory.

The whole command with its child: parsing, pseudonyms, raw records, keys, language, edges, writing the
archive and making the indexes. twarc-csv flattens the same file to CSV and does far less. The file is
the sample's: responses of 100 posts, a fifth of them references, in Arabic, Sorani and English.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import environments
from benchmarks.measuring import Spent, run
from benchmarks.shape import Result
from dalil.archive.workspace import PLAIN_VOLUME_WORDS
from dalil.sample.scale import scale

PASSPHRASE = "seven dry wells near the bridge"
POSTS, FEW, MANY = 50_000, 10_000, 5_000_000
FEWEST, SOME = 100, 100_000
BAR, TIMES, GROWTH, GROWTH_MIB, LINEAR = 6_000, 1.5, 1.10, 64, 1.3
PEER = """
import json, resource, sys
from twarc_csv import CSVConverter, DataFrameConverter
with open(sys.argv[1]) as infile, open(sys.argv[2], "w") as outfile:
    CSVConverter(infile=infile, outfile=outfile, converter=DataFrameConverter()).process()
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"cpu": used.ru_utime + used.ru_stime, "peak_mib": used.ru_maxrss / 1024}))
"""
"""The library itself: its command asks for credentials before it reads a file."""


def results(*, full: bool) -> Iterator[Result]:
    """The rate, its ratio and what every import costs, however small; with `full` memory and cost of five million."""
    with tempfile.TemporaryDirectory(prefix="dalil-bench-") as name:
        folder = Path(name)
        path = folder / "posts.jsonl"
        scale(POSTS, path)
        spent = imported(path, folder / "w", POSTS)
        there = environments.peer("twarc-csv")
        theirs = there.ask(PEER, path, folder / "posts.csv") if there.python else None
        yield Result(
            what="import of X v2 JSON Lines",
            n=f"{POSTS:,} posts",
            ours=POSTS / spent.cpu,
            unit="posts a CPU-second",
            more_is_better=True,
            bar=BAR,
            peer=environments.version("twarc-csv"),
            theirs=POSTS / theirs["cpu"] if theirs else None,
            note=there.note or "the peer writes CSV: no keys, language, edges, redaction or custody",
        )
        if theirs:
            yield Result(
                what="the same, as a multiple of twarc-csv's rate",
                n=f"{POSTS:,} posts",
                ours=theirs["cpu"] / spent.cpu,
                unit="×",
                more_is_better=True,
                bar=TIMES,
            )
        path.unlink()
        scale(FEWEST, path)
        yield Result(
            what="import of one answer: what every import costs",
            n=f"{FEWEST:,} posts",
            ours=imported(path, folder / "w-one", FEWEST).cpu,
            unit="CPU-s",
            note="two processes started, the workspace unlocked, one chunk written",
        )
        path.unlink()
        if full:
            yield from memory(folder)


def memory(folder: Path) -> Iterator[Result]:
    """Peak memory of the command and of its child, at few and at many posts; the cost of a post at some and at many."""
    peaks: list[tuple[float, float]] = []
    costs: list[float] = []
    for posts in (FEW, SOME, MANY):
        path = folder / f"{posts}.jsonl"
        scale(posts, path)
        spent = imported(path, folder / f"w{posts}", posts)
        peaks.append((spent.peak_mib, spent.child_peak_mib))
        costs.append(spent.cpu / posts)
        shutil.rmtree(folder / f"w{posts}")
        path.unlink()
    yield Result(
        what="import of five million posts",
        n=f"{MANY:,} posts",
        ours=1 / costs[-1],
        unit="posts a CPU-second",
        more_is_better=True,
        bar=BAR,
    )
    yield Result(
        what="cost of a post, beside that of one of a hundred thousand",
        n=f"{MANY:,} posts",
        ours=costs[-1] / costs[-2],
        unit="×",
        bar=LINEAR,
    )
    for who, few, many in zip(("the command", "its child"), peaks[0], peaks[-1], strict=True):
        yield Result(
            what=f"peak memory of {who}, importing",
            n=f"{MANY:,} posts",
            ours=many,
            unit="MiB",
            bar=few * GROWTH + GROWTH_MIB,
            note=f"{few:,.0f} MiB at {FEW:,} posts; the bar is 10 % and 64 MiB more",
        )


def imported(path: Path, workspace: Path, posts: int) -> Spent:
    """Make a workspace and import a file into it, as one does on the command line; answers the import's cost."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("DALIL_")}
    env |= {"DALIL_WORKSPACE": str(workspace), "DALIL_PASSPHRASE": PASSPHRASE}
    command = [sys.executable, "-m", "dalil.app.main"]
    run([*command, "init", "--plain-volume", PLAIN_VOLUME_WORDS, "--json"], env=env)
    spent = run([*command, "import", path, "--json"], env=env)
    [file] = json.loads(spent.out)["files"]
    if file["read"] != posts or file["rejected"]:
        raise RuntimeError(f"not everything was read: {file}")
    return spent
