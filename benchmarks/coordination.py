"""Coordination on 35,125 real shares, read from CSV and found in one process after imports; then a million.

The real shares are those of ../shared/data/coordination. CooRTweet's figure is recorded, not run: 15.9
CPU-s of version 2.1.3 in R on the same shares and machine class; the bar is one fiftieth. The QUT
toolkit runs here, from CSV to its network. Synthetic shares have Zipf objects (s = 1), as there a few
viral objects hold nearly all pairs.
"""

from __future__ import annotations

import csv
import importlib
import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
from oracles.findings.coordination import Row, default_edges

from benchmarks import environments
from benchmarks.measuring import cpu_seconds
from benchmarks.shape import Result
from dalil.archive.table_files import read_csv
from dalil.findings.coordination import COLUMNS, coordinate, from_text, plan
from dalil.findings.coordination.gathering import gather
from dalil.intake import lean
from dalil.schema.results import CoordinationResult

COORTWEET_CPU_S = 15.9
BAR = COORTWEET_CPU_S / 50
SHARED = Path(os.environ.get("DALIL_SHARED", Path(__file__).resolve().parents[2] / "shared"))
REAL = SHARED / "data" / "coordination" / "russian_coord_tweets.csv"
WINDOW = timedelta(seconds=60)
SYNTHETIC = 1_000_000
QUT = """
import csv, json, os, resource, sys, tempfile
from contextlib import redirect_stdout
from coordination_network_toolkit import compute_networks, preprocess
folder = tempfile.mkdtemp()
given, database = os.path.join(folder, "m.csv"), os.path.join(folder, "m.db")
with open(sys.argv[1], newline="") as shares, open(given, "w", newline="") as out:
    rows = csv.writer(out)
    rows.writerow("message_id user_id username repost_id reply_id message timestamp urls".split())
    for row in csv.DictReader(shares):
        rows.writerow([row["content_id"], row["account_id"], "", row["object_id"], "", "", row["timestamp_share"], ""])
def cpu():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
start = cpu()
with redirect_stdout(sys.stderr):
    preprocess.preprocess_csv_files(database, [given])
    compute_networks.compute_co_retweet_parallel(database, 60, n_threads=1)
print(json.dumps({"cpu": cpu() - start}))
"""


def results(*, full: bool) -> Iterator[Result]:
    """The real shares where they are, then the synthetic ones."""
    del full
    load_late_imports()
    if REAL.is_file():
        yield from real()
    yield from synthetic()


def load_late_imports() -> None:
    """The bar is after imports: these are made where they are first needed, to spare commands that never are there."""
    for name in ("scipy.special", "scipy.interpolate", "igraph", "leidenalg"):
        importlib.import_module(name)
    lean.keep_out()


def found(mode: str = "default", *, min_objects: int = 3) -> CoordinationResult:
    """Read the real shares and find who pushes what together."""
    rows = from_text(read_csv(REAL, columns=COLUMNS))
    return coordinate(rows, window=WINDOW, mode=mode, min_objects=min_objects)


def real() -> Iterator[Result]:
    """The first run, which pays for what is loaded late, and the mean of the next; the QUT mode beside its model."""
    first = cpu_seconds(found)
    n = "35,125 shares"
    yield Result(
        what="read and find, default mode, first run",
        n=n,
        ours=first,
        unit="CPU-s",
        bar=BAR,
        peer="CooRTweet 2.1.3, recorded",
        theirs=COORTWEET_CPU_S,
        note=agreement(),
    )
    yield Result(
        what="the same, again",
        n=n,
        ours=cpu_seconds(found, rounds=5),
        unit="CPU-s",
        peer="CooRTweet 2.1.3, recorded",
        theirs=COORTWEET_CPU_S,
    )
    there = environments.peer("coordination-network-toolkit")
    whole = cpu_seconds(lambda: found("qut"), rounds=3)
    yield Result(
        what="read and find the network of every meeting",
        n=n,
        ours=cpu_seconds(every_meeting, rounds=3),
        unit="CPU-s",
        peer=environments.version("coordination-network-toolkit"),
        theirs=there.ask(QUT, REAL)["cpu"] if there.python else None,
        note=there.note
        or f"the network alone, as the peer; judged against chance and in communities {whole:.2f} CPU-s",
    )


def every_meeting() -> None:
    """What the QUT toolkit does: from CSV to directed edges, none judged."""
    rows = from_text(read_csv(REAL, columns=COLUMNS))
    gather(rows, 60, min_participation=1, min_objects=1, largest=len(rows), exact_times=True).directed()


def agreement() -> str:
    """Compare the edges with those of the slow oracle.

    Raises:
        RuntimeError: they differ.
    """
    with REAL.open(encoding="utf-8", newline="") as stream:
        rows = [
            Row(row["object_id"], row["account_id"], row["content_id"], int(row["timestamp_share"]))
            for row in csv.DictReader(stream)
        ]
    counts = []
    for least in (1, 3):
        wanted = default_edges(rows, 60, min_participation=2, min_objects=least)
        ours = {(edge.account_a, edge.account_b): edge.objects for edge in found(min_objects=least).edges}
        if ours != {pair: objects for pair, (objects, _, _) in wanted.items()}:
            raise RuntimeError(f"edges of {least} objects or more differ from the slow oracle's")
        counts.append(f"{len(ours):,} edges of {least} object{'s' if least > 1 else ''} or more")
    return f"equal to the slow oracle's: {' and '.join(counts)}"


def synthetic() -> Iterator[Result]:
    """A million shares: the plan, then the run, with what it found of the campaigns."""
    shares = ibis.memtable(shares_of(SYNTHETIC))
    made = plan(shares)
    n = f"{SYNTHETIC:,} synthetic shares"
    yield Result(
        what="plan",
        n=n,
        ours=cpu_seconds(lambda: plan(shares)),
        unit="CPU-s",
        note=f"{made.pairs:,} pairs; {made.viral_objects} viral objects hold {made.viral_pairs:,}; {made.way.value}",
    )
    start = time.process_time()
    result = coordinate(shares, window=WINDOW)
    spent = time.process_time() - start
    accounts = SYNTHETIC // 20
    kept = [
        (int(edge.account_a[1:]) - accounts, int(edge.account_b[1:]) - accounts) for edge in result.edges if edge.kept
    ]
    right = sum(a >= 0 and b >= 0 and a // 25 == b // 25 for a, b in kept)
    yield Result(
        what="find, default mode",
        n=n,
        ours=spent,
        unit="CPU-s",
        note=f"precision {right / max(len(kept), 1):.3f}, recall {right / (20 * 300):.3f}, "
        f"{result.expected_false_edges:.1f} false edges expected, {len(result.campaigns)} campaigns",
    )


def shares_of(n: int, seed: int = 7) -> pa.Table:
    """n shares of n ÷ 10 Zipf objects by n ÷ 20 accounts over 30 days, with 20 campaigns hidden in them."""
    rng = np.random.default_rng(seed)
    objects, accounts = n // 10, n // 20
    popular = 1 / np.arange(1, objects + 1)
    busy = 1 / (np.arange(1, accounts + 1) + 50) ** 0.9
    obj = rng.choice(objects, n, p=popular / popular.sum())
    acc = rng.choice(accounts, n, p=busy / busy.sum())
    born = rng.integers(0, 30 * 86400, objects)
    late = np.minimum(rng.lognormal(np.log(6 * 3600), 1.5, n), 30 * 86400).astype(np.int64)
    rows = [np.stack([obj, acc, born[obj] + late])]
    for group in range(20):
        members = accounts + group * 25 + np.arange(25)
        for pushed in rng.integers(objects // 2, objects, 60):
            here = members[rng.random(25) < 0.6]
            start = born[pushed] + int(rng.lognormal(np.log(6 * 3600), 1))
            rows.append(np.stack([np.full(len(here), pushed), here, start + rng.integers(0, 50, len(here))]))
    obj, acc, at = np.concatenate(rows, axis=1)
    return pa.table(
        {
            "object_id": pa.array(np.char.add("o", obj.astype(str)).tolist()),
            "account_id": pa.array(np.char.add("a", acc.astype(str)).tolist()),
            "content_id": pa.array([f"c{number}" for number in range(len(obj))]),
            "timestamp_share": pa.array(1_700_000_000 + at),
        }
    )
