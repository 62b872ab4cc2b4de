"""What the archive costs: chunks of 10,000 records written, written again, checked and read.

The rows are made beforehand and not counted.
"""

from __future__ import annotations

import resource
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyrage
from archive_chunks import NOW, File, FixedKeys, post_id

from benchmarks.measuring import cpu_seconds
from benchmarks.shape import Result
from dalil.archive import doctor, workspace
from dalil.archive.keys import Cost
from dalil.archive.reading import Archive
from dalil.archive.workspace import Workspace
from dalil.archive.writing import Writer
from dalil.schema.chunks import Chunk

RECORDS, CHUNKS = 10_000, 4


def results(*, full: bool) -> Iterator[Result]:
    """One workspace, written and read."""
    del full
    file = File(0, CHUNKS * RECORDS, RECORDS)
    chunks = list(file.chunks())
    with tempfile.TemporaryDirectory(prefix="dalil-bench-") as folder:
        house = workspace.create(Path(folder) / "w", zone="UTC", passphrase="p", demo=True, cost=Cost(1, 64, 1))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        yield _row("write new records, no locators", write(house, file, chunks), "CPU-µs a record")
        yield _row("write them again, all known", write(house, file, chunks), "CPU-µs a record")
        for circle in ("blue", "green"):
            house.set_recipient(circle, str(pyrage.x25519.Identity.generate().to_public()))
        dear = [locators_for(chunks[0], 0)]
        yield _row("seal new locators to two circles", write(house, file, dear), "CPU-µs a locator")
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        yield _row("growth of peak memory", (after - before) / 1024, "MiB")
        with Archive(house, memory_mib=512, threads=1) as archive:
            yield from read(archive)
        spent = cpu_seconds(lambda: _verified(house))
        yield _row("verify everything", spent / (CHUNKS * RECORDS) * 1e6, "CPU-µs a record")
        size = sum(path.stat().st_size for path in house.folder.rglob("*") if path.is_file())
        yield _row("on the disk", size / (CHUNKS * RECORDS), "bytes a record")


def write(house: Workspace, file: File, chunks: list[Chunk]) -> float:
    """CPU microseconds a record, of the cheapest chunk."""
    writer = Writer(house, keys=FixedKeys(), now=NOW)
    intake = writer.begin(file.begin, "blue")
    spent = [cpu_seconds(lambda chunk=chunk: writer.chunk(intake, chunk)) for chunk in chunks]  # type: ignore[misc]
    writer.end(intake, file.end)
    return min(spent) / RECORDS * 1e6


def locators_for(chunk: Chunk, number: int) -> Chunk:
    """The chunk with a locator of its own for every record, the dearest case."""
    ids = [f"fake:p:{number}:{i}" for i in range(RECORDS)]
    table = (
        chunk.tables["locators"]
        .schema.empty_table()
        .from_pydict(
            {"pseudonym": ids, "locator": [f"https://fake.example/{i}" for i in ids]},
            schema=chunk.tables["locators"].schema,
        )
    )
    return Chunk(chunk.head, {**chunk.tables, "locators": table})


def read(archive: Archive) -> Iterator[Result]:
    """Opening, counting, and one raw record."""
    asked: dict[str, Callable[[], object]] = {
        "open a table": lambda: archive.table("posts"),
        "count posts": lambda: archive.table("posts").count().to_pyarrow(),
        "one raw record": lambda: archive.raw(post_id(CHUNKS * RECORDS // 2)),
    }
    for what, ask in asked.items():
        yield _row(what, cpu_seconds(ask, rounds=5) * 1e3, "CPU-ms")


def _row(what: str, ours: float, unit: str) -> Result:
    return Result(what=what, n=f"{CHUNKS} × {RECORDS:,} records", ours=ours, unit=unit)


def _verified(house: Workspace) -> None:
    if doctor.verify(house):
        raise RuntimeError("what was just written is damaged")
