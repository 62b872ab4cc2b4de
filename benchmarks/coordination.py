"""Coordination: CPU seconds in process after imports, beside what CooRTweet took.

    python benchmarks/coordination.py [shares.csv] [--shares 1000000]

Needs ../shared/data/coordination for the real shares, or the path of a file with the same columns.
The peer's figure is recorded, not run: 15.9 CPU-s for CooRTweet 2.1.3 in R on the same 35,125 shares
and machine class. The bar is one fiftieth of it. Synthetic shares have Zipf objects (s = 1), as a
few viral objects hold nearly all pairs there.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from datetime import timedelta
from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.csv

from dalil.findings.coordination import coordinate, plan

COORTWEET_CPU_S = 15.9
BAR = COORTWEET_CPU_S / 50
SHARED = Path(os.environ.get("DALIL_SHARED", Path(__file__).parents[2] / "shared"))
WINDOW = timedelta(seconds=60)


def synthetic(n: int, seed: int = 7) -> pa.Table:
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


def start_engine() -> None:
    """What importing does not do yet: load and start the in-memory engine."""
    ibis.memtable(pa.table({"x": [1]})).count().to_pyarrow()


def timed(label: str, run: object, *args: object, **more: object) -> tuple[object, float]:
    """Run once and print its CPU time."""
    start = time.process_time()
    result = run(*args, **more)  # type: ignore[operator]
    cpu = time.process_time() - start
    print(f"{label:<54} {cpu:8.3f} CPU-s")
    return result, cpu


def real(path: Path) -> None:
    """The real shares, in each mode, the first run apart from the next."""
    shares = ibis.memtable(pyarrow.csv.read_csv(path))
    _, first = timed("35,125 real shares, default mode, first run", coordinate, shares, window=WINDOW)
    _, warm = timed("the same, second run", coordinate, shares, window=WINDOW)
    timed("the same by the bucket join on the engine", coordinate, shares, window=WINDOW, in_memory=0)
    timed("coortweet mode", coordinate, shares, window=WINDOW, mode="coortweet")
    timed("qut mode", coordinate, shares, window=WINDOW, mode="qut")
    print(f"CooRTweet, recorded: {COORTWEET_CPU_S} CPU-s; bar {BAR:.3f}; ours {first:.3f} first, {warm:.3f} then")
    print(f"ratio 1 : {COORTWEET_CPU_S / first:.0f}; bar {'held' if first <= BAR else 'MISSED'}")


def large(n: int) -> None:
    """Synthetic shares: the plan, then the run, with what it found of the campaigns."""
    shares = ibis.memtable(synthetic(n))
    found, _ = timed(f"{n:,} synthetic shares: plan", plan, shares)
    print(f"  {found.pairs:,} pairs, {found.viral_objects} viral objects hold {found.viral_pairs:,}; {found.way}")
    result, _ = timed(f"{n:,} synthetic shares: default mode", coordinate, shares, window=WINDOW)
    accounts = n // 20
    kept = [edge for edge in result.edges if edge.kept]
    numbers = [(int(edge.account_a[1:]) - accounts, int(edge.account_b[1:]) - accounts) for edge in kept]
    right = sum(a >= 0 and b >= 0 and a // 25 == b // 25 for a, b in numbers)
    print(
        f"  {len(kept):,} edges kept of {len(result.edges):,}; precision {right / max(len(kept), 1):.3f}, "
        f"recall {right / (20 * 300):.3f}; expected false {result.expected_false_edges:.1f}; "
        f"{len(result.campaigns)} campaigns; {', '.join(result.caveats) or 'no caveats'}"
    )
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB, the shares included")


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", nargs="?", type=Path, default=SHARED / "data/coordination/russian_coord_tweets.csv")
    parser.add_argument("--shares", type=int, default=1_000_000)
    given = parser.parse_args()
    start_engine()
    if given.path.is_file():
        real(given.path)
    else:
        print(f"skipped: the real shares are not here ({given.path.name})")
    large(given.shares)


if __name__ == "__main__":
    main()
