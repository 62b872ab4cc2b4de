"""Seen before: CPU milliseconds of one warm look-up against 100,000 items, in process.

    python benchmarks/seen.py [--items 100000]

The bar is 50 ms for a picture (eight variants) and for a text. Building both indexes, and taking
them up again from their arrays as a command does, is stated beside it.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa

from dalil.findings.hamming import turned, words_of
from dalil.findings.seen import PictureIndex, TextIndex, look_for_picture, look_for_text
from dalil.signals.texts import keys_of

BAR_MS = 50.0
SYLLABLES = [
    "ba",
    "da",
    "ga",
    "ka",
    "la",
    "ma",
    "na",
    "ra",
    "sa",
    "ta",
    "wa",
    "ya",
    "bir",
    "dar",
    "gul",
    "kan",
    "lam",
    "mir",
    "nur",
    "rav",
    "sin",
    "tel",
    "van",
    "yar",
    "zin",
]


def cpu_ms(run: Callable[[], object], times: int) -> float:
    """Mean CPU milliseconds of one call, after one that is not counted."""
    run()
    start = time.process_time()
    for _ in range(times):
        run()
    return (time.process_time() - start) * 1000 / times


def sightings(n: int) -> dict[str, pa.Array]:
    """One sighting for each of n items."""
    moment = pa.array([datetime(2026, 5, 1, tzinfo=UTC)] * n, pa.timestamp("us", tz="UTC"))
    names = pa.array([f"{number:064x}" for number in range(n)])
    return {"obs_id": names, "collected_at": moment, "claimed_at": moment, "source": pa.array(["x"] * n)}


def picture_index(n: int) -> PictureIndex:
    """n unrelated hashes."""
    rng = np.random.default_rng(1)
    rows = sightings(n)
    signals = {"sha256": rows["obs_id"], "pdq": [rng.bytes(32) for _ in range(n)], "quality": [90] * n}
    return PictureIndex.build(pa.table(signals), pa.table({**rows, "sha256": rows["obs_id"]}))


def texts(n: int) -> list[str]:
    """n posts of 8 to 40 words from a few thousand, the frequent ones often, as in a language."""
    rng = random.Random(2)
    words = ["".join(rng.choices(SYLLABLES, k=rng.randint(1, 4))) for _ in range(6000)]
    weights = [1 / (rank + 3) for rank in range(len(words))]
    return [" ".join(rng.choices(words, weights, k=rng.randint(8, 40))) for _ in range(n)]


def text_index(posts: list[str]) -> TextIndex:
    """The index of some posts."""
    keys = keys_of(posts)
    rows = {
        "norm": pa.array([key.norm for key in keys]),
        "skeleton_hash": pa.array([key.skeleton_hash for key in keys], pa.uint64()),
        **sightings(len(posts)),
    }
    return TextIndex.build(pa.table(rows))


def report(label: str, ms: float, bar: float | None = None) -> None:
    """One line, with the bar where there is one."""
    held = "" if bar is None else f"   bar {bar:.0f}: {'held' if ms <= bar else 'MISSED'}"
    print(f"{label:<58} {ms:10.2f} CPU-ms{held}")


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    n = parser.parse_args().items
    start = time.process_time()
    pictures = picture_index(n)
    report(f"build, {n:,} pictures", (time.process_time() - start) * 1000)
    query = [way.tobytes() for way in turned(pictures.words[n // 2 : n // 2 + 1])[0]]
    report("picture, held", cpu_ms(lambda: look_for_picture(pictures, query, quality=90), 20), BAR_MS)
    strange = [way.tobytes() for way in turned(words_of([bytes(range(32))]))[0]]
    report("picture, not held", cpu_ms(lambda: look_for_picture(pictures, strange, quality=90), 20), BAR_MS)
    arrays = pictures.arrays()
    report("take the picture index up from its arrays", cpu_ms(lambda: PictureIndex.from_arrays(arrays), 20))
    posts = texts(n)
    start = time.process_time()
    index = text_index(posts)
    report(f"keys, bands and build, {n:,} texts", (time.process_time() - start) * 1000)
    known = posts[n // 2]
    edited = " ".join(["breaking", *known.split()[:-1], "now"])
    report("text, held", cpu_ms(lambda: look_for_text(index, known), 50), BAR_MS)
    report("text, edited", cpu_ms(lambda: look_for_text(index, edited), 50), BAR_MS)
    report("text, not held", cpu_ms(lambda: look_for_text(index, "no such words were ever said in here"), 50), BAR_MS)
    size = sum(array.nbytes for array in (*arrays.values(), *index.arrays().values()))
    print(f"both indexes hold {size / 1e6:,.0f} MB in arrays")


if __name__ == "__main__":
    main()
