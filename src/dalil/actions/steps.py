"""What the worker runs: the steps of every kind of job, by name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from dalil.actions import accounts, importing, indexes, remapping, retaining, rotating, weeks
from dalil.actions.house import House
from dalil.errors import InputError
from dalil.jobs.worker import Step, Work
from dalil.people.actor import LOCAL


def steps(house: House) -> Mapping[str, Step]:
    """Step name → what to do, bound to one workspace."""
    return {
        importing.JOB_KIND: lambda work: _import(house, work),
        "recognise": lambda work: _recognise(house, work),
        remapping.JOB_KIND: lambda work: _remap(house, work),
        retaining.JOB_KIND: lambda work: _expire(house, work),
        accounts.JOB_KIND: lambda work: _unname(house, work),
        rotating.JOB_KIND: lambda work: _rotate(house, work),
        weeks.JOB_KIND: lambda work: _week(house, work),
    }


def _import(house: House, work: Work) -> None:
    """Import the job's paths in turn; one that was done is not read again after a restart."""
    paths = list(work.payload["paths"])
    reports: list[dict[str, object]] = list(work.checkpoint.get("reports", []))
    at = work.payload.get("collected_at")
    for path in paths[len(reports) :]:
        reports.append(_import_one(house, work, Path(path), datetime.fromisoformat(at) if at else None))
        work.save({"reports": reports}, done=len(reports), total=len(paths), unit="files")


def _import_one(house: House, work: Work, path: Path, at: datetime | None) -> dict[str, object]:
    def progress(done: int, total: int) -> bool:
        work.progress(done, total, "bytes")  # raises Cancelled when somebody asked for the end
        return True

    try:
        report = importing.import_path(
            LOCAL, path, house=house, source_format=work.payload.get("format"), collected_at=at, progress=progress
        )
    except InputError as error:
        # One file that is in no format we read does not stop the others, and is nothing that we keep.
        importing.forget_upload(house, path)
        return {"format": "", "code": error.code, "read": 0, "kept": 0, "known": 0}
    importing.forget_upload(house, path)
    return {
        "format": report.format,
        "code": report.stopped or "",
        "read": report.read,
        "kept": report.kept,
        "known": report.known,
        "quarantined": report.quarantined,
        "rejected": sum(report.rejected.values()),
    }


def _recognise(house: House, work: Work) -> None:
    with work.keep_alive():
        indexes.refresh(house)


def _week(house: House, work: Work) -> None:
    with work.keep_alive():
        weeks.compute_week(house, str(work.payload["week"]), save=True)


def _remap(house: House, work: Work) -> None:
    def progress(done: int, total: int) -> bool:
        work.progress(done, total, "records")  # raises Cancelled when somebody asked for the end
        return True

    remapping.remap(LOCAL, house=house, source_format=work.payload.get("format"), progress=progress)


def _expire(house: House, work: Work) -> None:
    def progress(done: int, total: int) -> bool:
        work.progress(done, total, "items")
        return True

    retaining.expire(LOCAL, house=house, progress=progress)


def _unname(house: House, work: Work) -> None:
    def progress(done: int, total: int) -> bool:
        work.progress(done, total, "segments")
        return True

    accounts.unname(LOCAL, str(work.payload["agreement"]), house=house, progress=progress)


def _rotate(house: House, work: Work) -> None:
    def progress(done: int, total: int) -> bool:
        work.progress(done, total, "segments")
        return True

    rotating.rotate(LOCAL, house=house, apart=bool(work.payload.get("apart")), progress=progress)
