"""How far an import's job is, as its page shows it: a row for each group of files, counts and rates.

Kept with the job until it is forgotten. It holds numbers, codes and the ids of intakes; no name, no path.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from dalil.actions.import_reports import FileReport, SkippedReport


class RowState(StrEnum):
    """Where a group of files stands."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    REFUSED = "refused"
    """The path could not be read at all."""
    SKIPPED = "skipped"
    """Files beside the others that nobody reads."""


class ImportRow(msgspec.Struct, frozen=True, kw_only=True):
    """One group of files of one format; or files that were passed over, or a path that was refused.

    Args:
        number: of the path that was given, from 1, in the order in which they were given.
        intake: id of the archive's intake, or empty.
        code: why it was stopped, refused or passed over; a key of `errors.MESSAGES` or a kind of file.
        files: how many files of the path a row of passed-over ones stands for.
    """

    number: int
    state: RowState
    format: str = ""
    intake: str = ""
    code: str = ""
    files: int = 1
    read: int = 0
    includes: int = 0
    kept: int = 0
    known: int = 0
    quarantined: int = 0
    rejected: int = 0


class ImportProgress(msgspec.Struct, frozen=True, kw_only=True):
    """The whole job.

    Args:
        number, paths: the path in hand, from 1, and how many there are.
        read: records met so far, in all.
        source: what a program that handed the files in said they are from; empty otherwise.
        bytes_per_second, records_per_second: over the path in hand; None before its first chunk.
    """

    rows: tuple[ImportRow, ...] = ()
    number: int = 0
    paths: int = 0
    read: int = 0
    source: str = ""
    bytes_per_second: float | None = None
    records_per_second: float | None = None

    @property
    def kept(self) -> int:
        """Observations kept so far."""
        return sum(row.kept for row in self.rows)

    @property
    def known(self) -> int:
        """Observations met that were held already."""
        return sum(row.known for row in self.rows)


def progress_of(report: Mapping[str, Any]) -> ImportProgress:
    """What `jobs.queries.JobRow.report` of an import holds; nothing so far where it is of another kind."""
    try:
        return msgspec.convert(dict(report), ImportProgress)
    except msgspec.ValidationError:
        return ImportProgress()


def row_of(report: FileReport, number: int, intake: str, *, running: bool = False) -> ImportRow:
    """The row of one group."""
    ended = RowState.STOPPED if report.stopped or report.cancelled else RowState.DONE
    return ImportRow(
        number=number,
        state=RowState.RUNNING if running else ended,
        format=report.format,
        intake=intake,
        code=report.stopped or "",
        read=report.read,
        includes=report.includes,
        kept=report.kept,
        known=report.known,
        quarantined=report.quarantined,
        rejected=sum(report.rejected.values()),
    )


def skipped_row(report: SkippedReport, number: int) -> ImportRow:
    """The row of files that were passed over; how they begin is not kept."""
    return ImportRow(number=number, state=RowState.SKIPPED, code=report.code, files=report.count)


class Rates:
    """Bytes and records a second of one path, from what its chunks tell."""

    def __init__(self, began: datetime) -> None:
        self._began = began

    def at(self, now: datetime, done: int, read: int) -> tuple[float | None, float | None]:
        """Both rates; None while no time has passed."""
        seconds = (now - self._began).total_seconds()
        return (done / seconds, read / seconds) if seconds > 0 else (None, None)
