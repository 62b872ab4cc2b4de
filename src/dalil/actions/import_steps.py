"""The worker's step for an import of many paths: each in turn, told as it goes, cancelled or taken up anywhere.

The checkpoint holds how many paths are through, their rows, and the keys of the groups that are through in
the path in hand, so that a worker which takes the job over reads none of them again.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from dalil.actions import importing, scanning, tables
from dalil.actions.house import House
from dalil.actions.import_progress import (
    ImportProgress,
    ImportRow,
    Rates,
    RowState,
    row_of,
    skipped_row,
)
from dalil.actions.import_reports import Moving, PathReport
from dalil.errors import InputError, LimitReached
from dalil.jobs.leases import Cancelled
from dalil.jobs.worker import Work
from dalil.people.actor import LOCAL

SEVERE = frozenset({"disk-full"})
"""Limits that stop the whole job: the next file would meet them too."""


class _State(msgspec.Struct):
    """The checkpoint."""

    paths: int = 0
    groups: list[str] = []
    rows: list[ImportRow] = []


def import_paths(house: House, work: Work) -> None:
    """Import the job's paths in turn; one that cannot be read does not stop the others."""
    paths = [Path(path) for path in work.payload["paths"]]
    state = msgspec.convert(dict(work.checkpoint), _State)
    try:
        for path in paths[state.paths :]:
            _Path(house, work, state, len(paths)).take(path)
        if any(row.format in scanning.FORMATS and row.kept for row in state.rows):
            scanning.enqueue(LOCAL, house=house)
    except Cancelled:
        for path in paths:
            with suppress(OSError):  # still open somewhere on Windows: the housekeeping gets it
                importing.forget_upload(house, path)
        raise


class _Path:
    """One path of the job."""

    def __init__(self, house: House, work: Work, state: _State, paths: int) -> None:
        self._house = house
        self._work = work
        self._state = state
        self._paths = paths
        self._number = state.paths + 1
        self._before = sum(row.read for row in state.rows if row.number < self._number)
        self._rates = Rates(work.now())
        self._known_groups = len(state.groups)
        self._circle = str(work.payload.get("circle") or "")

    def take(self, path: Path) -> None:
        at, house, state = self._work.payload.get("collected_at"), self._house, self._state
        token = tables.token_of(self._work.job_id, self._number)
        try:
            if tables.is_waiting(house, token):  # it was found to be one before this worker took over
                raise InputError("table-unmapped", name="")
            report = importing.import_path(
                LOCAL,
                path,
                house=house,
                source_format=self._work.payload.get("format"),
                collected_at=datetime.fromisoformat(at) if at else None,
                progress=self._moved,
                done=tuple(state.groups),
                options=msgspec.json.decode(self._work.payload.get("options") or "{}"),
                circle=str(self._work.payload.get("circle") or ""),
            )
        except (InputError, LimitReached) as error:
            if error.code in SEVERE:
                raise
            if error.code == "table-unmapped":
                tables.keep_upload(house, path, token, self._circle)
            state.rows.append(ImportRow(number=self._number, state=RowState.REFUSED, code=error.code))
        else:
            state.rows += self._new(report)
        importing.forget_upload(house, path)
        state.paths, state.groups = self._number, []
        self._save(self._number, self._paths, "files")

    def _new(self, report: PathReport) -> list[ImportRow]:
        """Rows that the checkpoint has not: the last group's, and what was passed over."""
        taken = len(self._state.groups) - self._known_groups
        rows = [
            row_of(file, self._number, intake)
            for file, intake in zip(report.files[taken:], report.intakes[taken:], strict=True)
        ]
        return rows + [skipped_row(row, self._number) for row in report.skipped]

    def _moved(self, moving: Moving) -> bool:
        """After each chunk and group; raises `Cancelled` where somebody asked for the end."""
        state = self._state
        taken = len(state.groups) - self._known_groups
        for key, report, intake in moving.ended[taken:]:
            state.groups.append(key)
            state.rows.append(row_of(report, self._number, intake))
        now = [row_of(moving.now[0], self._number, moving.now[1], running=True)] if moving.now else []
        if moving.now is None:
            self._save(moving.done, moving.total, "bytes")
        else:
            progress = self._progress(moving.done, now)
            self._work.progress(moving.done, moving.total, "bytes", report=progress)
        return True

    def _save(self, done: int, total: int, unit: str) -> None:
        checkpoint: dict[str, Any] = msgspec.to_builtins(self._state)
        told = self._progress(done if unit == "bytes" else 0, [])
        self._work.save(checkpoint, done=done, total=total, unit=unit, report=told)

    def _progress(self, done: int, now: list[ImportRow]) -> dict[str, Any]:
        rows = [*self._state.rows, *now]
        read = sum(row.read for row in rows)
        bytes_, records = self._rates.at(self._work.now(), done, read - self._before) if done else (None, None)
        progress = ImportProgress(
            rows=tuple(rows),
            number=self._number,
            paths=self._paths,
            read=read,
            source=str(self._work.payload.get("source") or ""),
            bytes_per_second=bytes_,
            records_per_second=records,
        )
        found: dict[str, Any] = msgspec.to_builtins(progress)
        return found
