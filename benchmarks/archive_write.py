"""What the archive costs: CPU to write a chunk of 10,000 records, to write it again, and to read.

    python benchmarks/archive_write.py [chunks]

CPU seconds of this process, all threads; the rows are made beforehand and not counted.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from pathlib import Path

import pyrage

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from archive_chunks import NOW, File, FixedKeys, post_id

from dalil.archive import doctor, workspace
from dalil.archive.keys import Cost
from dalil.archive.reading import Archive
from dalil.archive.workspace import Workspace
from dalil.archive.writing import Writer
from dalil.schema.chunks import Chunk

RECORDS = 10_000


def cpu() -> float:
    return time.process_time()


def write(house: Workspace, file: File, chunks: list[Chunk]) -> list[float]:
    """CPU microseconds a record, of each chunk."""
    writer = Writer(house, keys=FixedKeys(), now=NOW)
    intake = writer.begin(file.begin, "blue")
    spent = []
    for chunk in chunks:
        start = cpu()
        writer.chunk(intake, chunk)
        spent.append((cpu() - start) / RECORDS * 1e6)
    writer.end(intake, file.end)
    return spent


def show(name: str, values: list[float], unit: str) -> None:
    print(f"{name:<58} {min(values):9.1f} – {max(values):.1f} {unit}")


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


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    file = File(0, count * RECORDS, RECORDS)
    chunks = list(file.chunks())
    with tempfile.TemporaryDirectory() as folder:
        house = workspace.create(Path(folder) / "w", zone="UTC", passphrase="p", demo=True, cost=Cost(1, 64, 1))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        show("write 10,000 new records, no locators", write(house, file, chunks), "µs CPU a record")
        print(f"{'  wall clock, with every fsync':<58} {(time.perf_counter() - started) / count:9.2f} s a chunk")
        show("write them again, all known", write(house, file, chunks), "µs CPU a record")
        for circle in ("blue", "green"):
            house.set_recipient(circle, str(pyrage.x25519.Identity.generate().to_public()))
        dear = [locators_for(chunks[0], 0)]
        show("seal 10,000 new locators to two circles", write(house, file, dear), "µs CPU a locator")
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"{'growth of peak memory':<58} {(after - before) / 1024:9.0f} MiB")
        with Archive(house, memory_mib=512, threads=1) as archive:
            read(archive, count)
        start = cpu()
        assert doctor.verify(house) == []
        show("verify everything", [(cpu() - start) / (count * RECORDS) * 1e6], "µs CPU a record")
        size = sum(path.stat().st_size for path in house.folder.rglob("*") if path.is_file())
        show("on the disk", [size / (count * RECORDS)], "bytes a record")


def read(archive: Archive, count: int) -> None:
    for name, ask in (
        ("open a table (segments as they are)", lambda: archive.table("posts")),
        ("count posts", lambda: archive.table("posts").count().execute()),
        ("one raw record", lambda: archive.raw(post_id(count * RECORDS // 2))),
    ):
        spent = []
        for _ in range(5):
            start = cpu()
            ask()
            spent.append((cpu() - start) * 1e3)
        show(name, spent, "ms CPU")


if __name__ == "__main__":
    main()
