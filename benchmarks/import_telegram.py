"""Reading Telegram, as its desktop program and as Telethon write it, without media: messages a CPU-second, memory.

The child that parses foreign files, as the command runs it: parsing, pseudonyms, raw records, keys, language,
edges, Arrow. The files are the sample's: one public channel in Arabic, Sorani and English with links, forwards,
answers, edits and reactions. Beside it the whole command, which also writes the archive and makes the indexes.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from benchmarks.import_x_v2 import imported
from benchmarks.measuring import Spent, run
from benchmarks.shape import Result
from dalil.sample.scale_telegram import desktop, telethon
from dalil.schema.chunks import ChildOrder, End
from dalil.schema.frames import read_frames
from dalil.schema.words import TimeBasis

MESSAGES, FEW, MANY = 100_000, 10_000, 1_000_000
BAR, GROWTH, GROWTH_MIB = 10_000, 1.10, 64
FORMATS: tuple[tuple[str, str, Callable[[int, Path], int]], ...] = (
    ("Telegram Desktop", "result.json", desktop),
    ("Telethon", "dump.jsonl", telethon),
)


def results(*, full: bool) -> Iterator[Result]:
    """The rate of the child and of the command for each format; with `full` the child's memory at a million."""
    with tempfile.TemporaryDirectory(prefix="dalil-bench-") as name:
        folder = Path(name)
        for title, file, write in FORMATS:
            path = folder / file
            write(MESSAGES, path)
            child = read(path, MESSAGES)
            command = imported(path, folder / f"w-{file}", MESSAGES)
            path.unlink()
            yield Result(
                what=f"reading {title}, without media",
                n=f"{MESSAGES:,} messages",
                ours=MESSAGES / child.cpu,
                unit="messages a CPU-second",
                more_is_better=True,
                bar=BAR,
            )
            yield Result(
                what=f"the whole import of {title}",
                n=f"{MESSAGES:,} messages",
                ours=MESSAGES / command.cpu,
                unit="messages a CPU-second",
                more_is_better=True,
            )
            if full:
                yield memory(title, folder / file, write)


def memory(title: str, path: Path, write: Callable[[int, Path], int]) -> Result:
    """Peak memory of the child, at few and at many messages."""
    peaks = []
    for messages in (FEW, MANY):
        write(messages, path)
        peaks.append(read(path, messages).peak_mib)
        path.unlink()
    few, many = peaks
    return Result(
        what=f"peak memory of the child, reading {title}",
        n=f"{MANY:,} messages",
        ours=many,
        unit="MiB",
        bar=few * GROWTH + GROWTH_MIB,
        note=f"{few:,.0f} MiB at {FEW:,} messages; the bar is 10 % and 64 MiB more",
    )


def read(path: Path, messages: int) -> Spent:
    """Have the child read a file; answers what it took, start included.

    Raises:
        RuntimeError: not every message was read.
    """
    order = ChildOrder(
        path=str(path),
        format=None,
        identity_key=bytes(range(32)),
        pseudonym_key=bytes(range(32)),
        key_generation=1,
        public=(),
        collected_at=datetime(2026, 5, 17, tzinfo=UTC),
        collected_at_basis=TimeBasis.OPERATOR,
        collected_by="blue",
    )
    command = [sys.executable, "-m", "dalil.intake"]
    spent = run(command, env=dict(os.environ), stdin=msgspec.msgpack.encode(order))
    ends = [frame for frame in read_frames(io.BytesIO(spent.out)) if isinstance(frame, End)]
    if [end.read for end in ends] != [messages] or ends[0].rejected:
        raise RuntimeError(f"not everything was read: {ends}")
    return spent
