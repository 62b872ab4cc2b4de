"""The archive at size: small segments merged, some days read, pictures counted by week, ids known among millions.

Half a million posts; with `--full` ten million, and five million ids. "Grows" is the cost of a new id in the last
tenth over that in the first 100,000.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import large_archive
from benchmarks.measuring import cpu_seconds
from benchmarks.shape import Result
from dalil.archive import compacting, manifest, merging
from dalil.archive.manifest import Manifest
from dalil.archive.reading import Archive
from dalil.archive.workspace import Workspace
from dalil.findings.measures.received import received

POSTS, MANY = 500_000, 10_000_000
IDS, MANY_IDS = 500_000, 5_000_000
CHUNK = 10_000
FIRST = 100_000
WHOLE_US = 230
"""CPU microseconds of importing one X post, all in; see import_x_v2."""
SMALL_CHUNK = 1_000
"""Posts an import, where there are few: a month must have enough small segments to be merged."""
LATER = datetime(2026, 12, 1, tzinfo=UTC)


def results(*, full: bool) -> Iterator[Result]:
    """One archive merged and read; then a manifest filled with ids."""
    posts = MANY if full else POSTS
    with tempfile.TemporaryDirectory(prefix="dalil-bench-", dir=os.environ.get("DALIL_BENCH_FOLDER")) as folder:
        house = large_archive.make(Path(folder) / "w", posts, chunk=large_archive.CHUNK if full else SMALL_CHUNK)
        yield from measured(house, posts)
    with tempfile.TemporaryDirectory(prefix="dalil-bench-", dir=os.environ.get("DALIL_BENCH_FOLDER")) as folder:
        yield from known(Path(folder), MANY_IDS if full else IDS)


def measured(house: Workspace, posts: int) -> Iterator[Result]:
    """Merging, and what is read before and after it."""
    n = f"{posts:,} posts"
    with Archive(house, memory_mib=1024, threads=1) as archive:
        before = len(archive.all_segments())
        first = _days(archive)
        rows = 0

        def merge() -> None:
            nonlocal rows
            for group in merging.plan(archive.all_segments(), month="2026-12", fences={}):
                done = compacting.compact(archive, group, now=LATER)
                rows += done.rows if done else 0

        spent = cpu_seconds(merge)
        after = len(archive.all_segments())
        yield Result(
            what="merge small segments", n=f"{rows:,} rows", ours=spent / max(rows, 1) * 1e6, unit="CPU-µs a row"
        )
        yield Result(what="files of tables, after merging", n=f"{before:,} before", ours=after, unit="files")
        compacting.forget_merged_away(house, now=LATER + 2 * compacting.GRACE)
    with Archive(house, memory_mib=1024, threads=1) as archive:
        yield Result(what="posts of one week, before merging", n=n, ours=first, unit="CPU-ms")
        yield Result(what="posts of one week, merged", n=n, ours=_days(archive), unit="CPU-ms", bar=1000)
        yield Result(what="pictures received by week", n=n, ours=_pictures(archive), unit="CPU-ms", bar=1000)


def _days(archive: Archive) -> float:
    """CPU milliseconds to read what the posts of one week by their claimed time say, a new table each time."""
    since = large_archive.START + timedelta(days=400)
    until = since + timedelta(days=7)

    def ask() -> None:
        posts = archive.table("posts", claimed=(since, until))
        posts.filter((posts.created_at >= since) & (posts.created_at < until)).select("obs_id", "text").to_pyarrow()

    ask()
    return cpu_seconds(ask, rounds=3) * 1e3


def _pictures(archive: Archive) -> float:
    def ask() -> None:
        rows = archive.table("media").select("sha256", "collected_at").to_pyarrow()
        received(rows, {}, "Asia/Baghdad")

    ask()
    return cpu_seconds(ask, rounds=3) * 1e3


def known(folder: Path, ids: int) -> Iterator[Result]:
    """What a new id costs, looked up twice and put in, as the manifest grows."""
    held = Manifest(folder / "manifest.db")
    held.create()
    with held.writing() as connection:
        connection.execute("INSERT INTO custody VALUES (1, '', '', '', '', '', '', '', '')")
        connection.execute(
            "INSERT INTO raw_segments (id, path, sha256, bytes, records, custody) VALUES (1, 'p', 's', 1, 1, 1)"
        )
    spent = [_put(held) for _ in range(ids // CHUNK)]
    first = sum(spent[: FIRST // CHUNK]) / FIRST * 1e6
    tenth = max(len(spent) // 10, 1)
    last = sum(spent[-tenth:]) / (tenth * CHUNK) * 1e6
    yield Result(what="a new id, among the first 100,000", n=f"{FIRST:,} ids", ours=first, unit="CPU-µs")
    yield Result(what="a new id, in the last tenth", n=f"{ids:,} ids", ours=last, unit="CPU-µs")
    yield Result(
        what="an import grows by it",
        n=f"{ids:,} ids",
        ours=(WHOLE_US - first + last) / WHOLE_US,
        unit="times",
        bar=1.3,
        note=f"of {WHOLE_US} µs that a whole X post costs at the start",
    )


def _put(held: Manifest) -> float:
    ids = [os.urandom(32) for _ in range(CHUNK)]

    def put() -> None:
        with held.reading() as connection:
            manifest.known_ids(connection, ids)
        with held.writing() as connection:
            manifest.known_ids(connection, ids)
            connection.executemany("INSERT INTO known VALUES (?, 1, ?)", sorted((one, n) for n, one in enumerate(ids)))

    return cpu_seconds(put)
