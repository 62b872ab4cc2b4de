"""Seen before: one warm look-up among 100,000 pictures or texts, in process; and the cold command beside it.

A picture is asked in eight variants. faiss scans the same hashes as python-threatexchange's index does,
within 31 bits; datasketch finds the texts that share a band of its 64 permutations. Neither says when
something was first seen, nor which match decides.
"""

from __future__ import annotations

import io
import json
import os
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from benchmarks import environments
from benchmarks.import_x_v2 import PASSPHRASE, imported
from benchmarks.measuring import cpu_seconds, mean_cpu_ms, run
from benchmarks.shape import Result
from dalil.findings.hamming import turned, words_of
from dalil.findings.seen import PictureIndex, TextIndex, look_for_picture, look_for_text
from dalil.sample.scale import scale
from dalil.signals.texts import keys_of

ITEMS = 100_000
BAR_MS = 50.0
COLD = "new process, engine and all; a second or two is what Python takes to load them"
SYLLABLES = ("ba", "da", "ga", "ka", "la", "ma", "na", "ra", "sa", "ta", "wa", "ya", "bir", "dar", "gul", "kan", "lam",
             "mir", "nur", "rav", "sin", "tel", "van", "yar", "zin")  # fmt: skip
FAISS = """
import io, json, sys, time, faiss, numpy
given = numpy.load(io.BytesIO(sys.stdin.buffer.read()))
words, queries = given["words"], given["queries"]
faiss.omp_set_num_threads(1)
start = time.process_time(); index = faiss.IndexBinaryFlat(256); index.add(words); build = time.process_time() - start
index.range_search(queries, 32)
start = time.process_time()
for _ in range(20): index.range_search(queries, 32)
print(json.dumps({"ms": (time.process_time() - start) * 50, "build": build}))
"""
DATASKETCH = """
import json, sys, time
from datasketch import MinHash, MinHashLSH
texts = json.load(sys.stdin)
def sketch(text):
    found = MinHash(num_perm=64)
    found.update_batch([text[at:at + 4].encode() for at in range(max(1, len(text) - 3))])
    return found
start = time.process_time()
index = MinHashLSH(num_perm=64, params=(16, 4))
for number, text in enumerate(texts): index.insert(number, sketch(text))
build = time.process_time() - start
start = time.process_time()
for text in texts[:200]: index.query(sketch(text))
print(json.dumps({"ms": (time.process_time() - start) * 5, "build": build}))
"""
SKETCHED = 10_000
"""Texts that datasketch files: it takes minutes for all."""


def results(*, full: bool) -> Iterator[Result]:
    """Pictures, texts, then the command."""
    del full
    n = f"{ITEMS:,}"
    pictures = picture_index(ITEMS)
    yield from about_pictures(pictures, f"{n} pictures")
    yield from about_texts(texts(ITEMS), f"{n} texts")
    yield from cold(pictures)


def about_pictures(index: PictureIndex, n: str) -> Iterator[Result]:
    """A picture that is held, one that is not, and taking the index up from its arrays."""
    middle = len(index) // 2
    held = [way.tobytes() for way in turned(index.words[middle : middle + 1])[0]]
    strange = [way.tobytes() for way in turned(words_of([bytes(range(32))]))[0]]
    there = environments.peer("faiss")
    theirs = there.ask(FAISS, stdin=_hashes(index, held)) if there.python else None
    for what, query in (("a picture that is held", held), ("a picture that is not", strange)):
        yield Result(
            what=what,
            n=n,
            ours=mean_cpu_ms(lambda query=query: look_for_picture(index, query, quality=90), times=20),  # type: ignore[misc]
            unit="CPU-ms",
            bar=BAR_MS,
            peer=environments.version("faiss"),
            theirs=theirs["ms"] if theirs else None,
            note=there.note,
        )
    arrays = index.arrays()
    yield Result(
        what="take the picture index up from its arrays",
        n=n,
        ours=mean_cpu_ms(lambda: PictureIndex.from_arrays(arrays), times=20),
        unit="CPU-ms",
        note=f"{sum(array.nbytes for array in arrays.values()) / 1e6:,.0f} MB",
    )


def about_texts(posts: list[str], n: str) -> Iterator[Result]:
    """A text that is held, the same edited, one that is not; and building the index."""
    made: list[TextIndex] = []
    build = cpu_seconds(lambda: made.append(text_index(posts)))
    index = made[0]
    known = posts[len(posts) // 2]
    edited = " ".join(["breaking", *known.split()[:-1], "now"])
    there = environments.peer("datasketch")
    theirs = there.ask(DATASKETCH, stdin=json.dumps(posts[:SKETCHED]).encode()) if there.python else None
    peer = f"{environments.version('datasketch')}, {SKETCHED:,} texts"
    queries = {
        "a text that is held": known,
        "the same, edited": edited,
        "a text that is not": "no such words were ever said in here",
    }
    for what, query in queries.items():
        yield Result(
            what=what,
            n=n,
            ours=mean_cpu_ms(lambda query=query: look_for_text(index, query), times=50),  # type: ignore[misc]
            unit="CPU-ms",
            bar=BAR_MS,
            peer=peer,
            theirs=theirs["ms"] if theirs else None,
            note=there.note,
        )
    yield Result(
        what="keys, bands and index, a text",
        n=n,
        ours=build / len(posts) * 1e6,
        unit="CPU-µs",
        peer=peer,
        theirs=theirs["build"] / SKETCHED * 1e6 if theirs else None,
        note=f"{sum(array.nbytes for array in index.arrays().values()) / 1e6:,.0f} MB",
    )


def cold(pictures: PictureIndex) -> Iterator[Result]:
    """`dalil seen` as one types it, in a workspace of as many posts whose picture index is the one above."""
    with tempfile.TemporaryDirectory(prefix="dalil-bench-") as name:
        folder = Path(name)
        scale(ITEMS, folder / "posts.jsonl")
        imported(folder / "posts.jsonl", folder / "w", ITEMS)
        put_in_place(pictures, folder / "w")
        picture = folder / "p.png"
        noise = np.random.default_rng(3).integers(0, 255, (12, 12, 3), dtype=np.uint8)
        from PIL import Image

        Image.fromarray(noise).resize((480, 400), Image.Resampling.BICUBIC).save(picture)
        env = {key: value for key, value in os.environ.items() if not key.startswith("DALIL_")}
        env |= {"DALIL_WORKSPACE": str(folder / "w"), "DALIL_PASSPHRASE": PASSPHRASE}
        asked: dict[str, list[str]] = {
            "dalil seen FILE, cold": [str(picture)],
            "dalil seen --text, cold": ["--text", "the grey column took the bridge at tel nahr"],
        }
        for what, arguments in asked.items():
            command = [sys.executable, "-m", "dalil.app.main", "seen", *arguments, "--json"]
            run(command, env=env)
            spent = min(run(command, env=env).cpu for _ in range(3))
            yield Result(what=what, n=f"{ITEMS:,} items", ours=spent * 1000, unit="CPU-ms", note=COLD)
        for what in ("--help", "formats"):
            command = [sys.executable, "-m", "dalil.app.main", what]
            spent = min(run(command, env=env).cpu for _ in range(3))
            yield Result(what=f"dalil {what}, cold", ours=spent * 1000, unit="CPU-ms")


def put_in_place(pictures: PictureIndex, workspace: Path) -> None:
    """Save the index of invented pictures in a workspace, as if they had been imported: making 100,000 pictures
    would take an hour."""
    from dalil.archive.saving import save_index
    from dalil.archive.workspace import open_workspace

    house = open_workspace(workspace)
    head = house.manifest.head()
    save_index(house, "pictures", pictures.arrays(), {"head": head}, head)


def _hashes(index: PictureIndex, query: list[bytes]) -> bytes:
    """Stored hashes and a query's, as one archive of arrays."""
    out = io.BytesIO()
    stored = np.ascontiguousarray(index.words).view(np.uint8).reshape(-1, 32)
    np.savez(out, words=stored, queries=np.frombuffer(b"".join(query), np.uint8).reshape(-1, 32))
    return out.getvalue()


def sightings(n: int) -> dict[str, Any]:
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
    """The index of some posts, from their texts."""
    keys = keys_of(posts)
    rows = {
        "norm": pa.array([key.norm for key in keys]),
        "skeleton_hash": pa.array([key.skeleton_hash for key in keys], pa.uint64()),
        **sightings(len(posts)),
    }
    return TextIndex.build(pa.table(rows))
