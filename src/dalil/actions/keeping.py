"""What the child hands over, written to the archive chunk by chunk and told as it goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from dalil.actions.import_reports import FileReport, Moving, PathReport, Progress, SkippedReport
from dalil.archive.writing import Writer
from dalil.errors import MESSAGES, DalilError, InputError, LimitReached
from dalil.jobs.leases import Cancelled
from dalil.log import event
from dalil.schema.chunks import Begin, Chunk, Done, End, Failed, Skipped
from dalil.schema.frames import Received
from dalil.sources import options

CANCELLED = "import-cancelled"
CHILD_LIMITS = frozenset(
    {
        *("archive-depth", "archive-files", "archive-nested", "archive-ratio"),
        *("file-too-large", "picture-too-large", "too-many-files"),
    }
)
"""Codes of the child that tell of a limit; all its others tell that the input is wrong."""


def failure(code: str, facts: dict[str, str | int | float]) -> DalilError:
    """The error that the child reports; a code that we do not know is the child's own fault."""
    if code not in MESSAGES:
        return LimitReached("child-died")
    kind = LimitReached if code in CHILD_LIMITS or code.startswith("child-") else InputError
    return kind(code, **facts)


@dataclass(slots=True)
class _Group:
    """One group while it is written."""

    begin: Begin
    intake: str
    path: str
    read: int = 0
    includes: int = 0
    quarantined: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    kept: int = 0
    known: int = 0
    expunged: int = 0
    done: int = 0

    def report(self, *, stopped: str | None = None, cancelled: bool = False) -> FileReport:
        return FileReport(
            path=self.path,
            format=self.begin.source_format,
            read=self.read,
            kept=self.kept,
            known=self.known,
            quarantined=self.quarantined,
            rejected=self.rejected,
            includes=self.includes,
            expunged=self.expunged,
            intake=self.intake,
            stopped=stopped,
            cancelled=cancelled,
        )


class Keeping:
    """Writes one input's frames.

    Args:
        path: what was given, as it is shown.
        circle: for which it is kept.
        given: the options of source formats; each import tells those that its format heeds.
    """

    def __init__(
        self, writer: Writer, circle: str, path: str, progress: Progress | None, given: Mapping[str, str]
    ) -> None:
        self._writer = writer
        self._circle = circle
        self._path = path
        self._progress = progress
        self._options = given
        self._ended: list[tuple[str, FileReport, str]] = []
        self._failures: list[DalilError] = []
        self._last = ""

    def keep(self, frames: Iterator[Received]) -> PathReport:
        """Write everything.

        Raises:
            InputError, LimitReached: nothing of the input could be read, or the child died.
        """
        for frame in frames:
            match frame:
                case Failed():
                    raise failure(frame.code, frame.facts)
                case Begin() if not self._group(frame, frames):
                    return self._report(())
                case Done():
                    if self._failures and len(self._failures) == len(self._ended):
                        raise self._failures[0]
                    return self._report(frame.skipped)
        raise LimitReached("child-died")

    def _report(self, skipped: tuple[Skipped, ...]) -> PathReport:
        return PathReport(
            files=tuple(report for _, report, _ in self._ended),
            skipped=tuple(
                SkippedReport(path=self._shown(row.inner), code=row.code, count=row.count, begins=row.begins)
                for row in skipped
            ),
            intakes=tuple(intake for _, _, intake in self._ended),
            last=self._last,
        )

    def _shown(self, inner: str) -> str:
        return f"{self._path}/{inner}" if inner else self._path

    def _group(self, begin: Begin, frames: Iterator[Received]) -> bool:
        """One group, to its end or failure; False where somebody cancelled."""
        told = options.told(self._options, begin.source_format)
        group = _Group(begin, self._writer.begin(begin, self._circle, told), self._shown(begin.inner))
        for frame in frames:
            match frame:
                case Chunk():
                    self._chunk(group, frame)
                    if not self._goes_on(group):
                        self._cancelled(group)
                        return False
                case End():
                    group.expunged = self._writer.end(group.intake, frame).expunged
                    group.read, group.includes = frame.read, frame.includes
                    group.quarantined, group.rejected = frame.quarantined, frame.rejected
                    return self._over(group, frame.stopped)
                case Failed():
                    self._writer.fail(group.intake, frame)
                    self._failures.append(failure(frame.code, frame.facts))
                    return self._over(group, self._failures[-1].code)
            del frame  # one chunk at a time: the next one is read before this name is given to it
            pa.default_memory_pool().release_unused()
        raise LimitReached("child-died")

    def _chunk(self, group: _Group, chunk: Chunk) -> None:
        result = self._writer.chunk(group.intake, chunk)
        head = chunk.head
        group.kept, group.known = group.kept + result.kept, group.known + result.known
        group.read, group.includes, group.quarantined = head.read, head.includes, head.quarantined
        group.rejected, group.done = head.rejected, head.done_bytes
        self._last = _last_observation(chunk) or self._last
        event("import.chunk", id=group.intake, count=result.kept, done=head.done_bytes)

    def _over(self, group: _Group, stopped: str | None) -> bool:
        self._ended.append((group.begin.key, group.report(stopped=stopped), group.intake))
        group.done = group.begin.received_bytes
        return self._moved(group, None)

    def _goes_on(self, group: _Group) -> bool:
        try:
            return self._moved(group, (group.report(), group.intake))
        except Cancelled:
            self._cancelled(group)
            raise

    def _moved(self, group: _Group, now: tuple[FileReport, str] | None) -> bool:
        if self._progress is None:
            return True
        begin = group.begin
        total = begin.input_bytes or begin.received_bytes
        done = begin.before_bytes + min(group.done, begin.received_bytes)
        return self._progress(Moving(done=done, total=total, ended=tuple(self._ended), now=now))

    def _cancelled(self, group: _Group) -> None:
        """What was kept stays; the intake says that it was not read to its end."""
        self._writer.fail(group.intake, Failed(code=CANCELLED))
        self._ended.append((group.begin.key, group.report(cancelled=True), group.intake))


def _last_observation(chunk: Chunk) -> str | None:
    ids = chunk.tables["observations"]["obs_id"] if "observations" in chunk.tables else None
    return ids[-1].as_py() if ids is not None and len(ids) else None
