"""One import in the child: read, gather, hand over chunk by chunk, count everything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from dalil.errors import DalilError, Fact
from dalil.intake.batch import Batch
from dalil.intake.opening import Input, Opened
from dalil.intake.signals_port import Signals
from dalil.schema.chunks import ChildOrder, ChunkHead, Done, End, Failed
from dalil.schema.frames import write_chunk, write_frame
from dalil.schema.mappings import checked_options
from dalil.schema.records import Reject
from dalil.sources.importer import Ignored, Item, Limits, Quarantined, ReadContext, Record
from dalil.sources.privacy import Pseudonymiser

STOPPED: Final = "too-many-rejects"
ENOUGH_TO_STOP: Final = 1_000
_BLOB_BYTES: Final = 64 << 20
_QUIET_BYTES: Final = 256 << 20


@dataclass(slots=True)
class _Counts:
    """Counts so far: read = records + quarantined + rejected, the included apart."""

    read: int = 0
    includes: int = 0
    quarantined: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    ignored: Counter[str] = field(default_factory=Counter)

    def too_many_rejects(self, share: float) -> bool:
        return self.read >= ENOUGH_TO_STOP and self.rejected.total() > share * self.read


def run(order: ChildOrder, stream: BinaryIO, signals: Signals) -> None:
    """Read what the order names and write the frames; an input that cannot be read is a frame too.

    An input may hold several groups of files, each with a begin and an end of its own; one that cannot be
    read on fails alone. Chunk boundaries depend on the input and `chunk_records` alone.
    """
    try:
        given = Input(order)
    except DalilError as error:
        write_frame(stream, _failed(error))
        return
    for opened in given.opened():
        write_frame(stream, opened.begin)
        try:
            end: End | Failed = _Import(order, opened, stream, signals).run()
        except DalilError as error:
            end = _failed(error)
        write_frame(stream, end)
        given.rest()
    write_frame(stream, Done(skipped=tuple(given.told())))


def _failed(error: DalilError) -> Failed:
    facts: dict[str, Fact] = dict(error.facts)
    return Failed(code=error.code, facts=facts)


class _Import:
    def __init__(self, order: ChildOrder, opened: Opened, stream: BinaryIO, signals: Signals) -> None:
        self._order = order
        self._opened = opened
        self._stream = stream
        self._signals = signals
        self._counts = _Counts()
        self._number = 0
        self._before = self._shown = 0
        self._batch = self._new_batch()
        self._context = ReadContext(
            privacy=Pseudonymiser(order.pseudonym_key, order.public, identity_key=order.identity_key),
            limits=Limits(line_bytes=order.line_bytes, media_bytes=order.media_bytes),
            options=checked_options(order.source_format_options),
        )

    def run(self) -> End:
        """Everything, to the end or until too much of it was rejected."""
        stopped: str | None = None
        for item in self._items():
            self._take(item)
            if self._is_full():
                self._hand_over()
            if type(item) is Reject and self._counts.too_many_rejects(self._order.reject_share):
                stopped = STOPPED
                break
        if self._batch.rows:
            self._hand_over()
        counts = self._counts
        return End(
            read=counts.read,
            includes=counts.includes,
            quarantined=counts.quarantined,
            rejected=dict(sorted(counts.rejected.items())),
            ignored=dict(sorted(counts.ignored.items())),
            stopped=stopped,
        )

    def _items(self) -> Iterator[Item]:
        for source in self._opened.files:
            yield from self._opened.importer.read(source, self._context)
            self._before += self._context.done_bytes
            self._context.done_bytes = self._shown = 0

    def _take(self, item: Item) -> None:
        counts = self._counts
        match item:
            case Record():
                if item.included:
                    counts.includes += 1
                else:
                    counts.read += 1
                self._batch.add(item)
            case Reject():
                counts.read += 1
                counts.rejected[item.code] += 1
                self._batch.reject(item)
            case Quarantined():
                counts.quarantined += item.count
                if item.included:
                    counts.includes += item.count
                else:
                    counts.read += item.count
            case Ignored():
                counts.ignored[item.code] += item.count

    def _is_full(self) -> bool:
        """Enough rows, enough media, or so many bytes read that the parent should hear of it."""
        return (
            self._batch.rows >= self._order.chunk_records
            or self._batch.media.bytes_held >= _BLOB_BYTES
            or self._context.done_bytes - self._shown >= _QUIET_BYTES
        )

    def _hand_over(self) -> None:
        counts = self._counts
        head = ChunkHead(
            number=self._number,
            read=counts.read,
            includes=counts.includes,
            quarantined=counts.quarantined,
            rejected=dict(sorted(counts.rejected.items())),
            done_bytes=self._before + self._context.done_bytes,
            tables={},
        )
        write_chunk(self._stream, head, self._batch.tables())
        self._number += 1
        self._shown = self._context.done_bytes
        self._batch = self._new_batch()

    def _new_batch(self) -> Batch:
        return Batch(self._order, self._opened.importer.manifest, self._signals)
