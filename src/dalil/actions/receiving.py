"""Files that a program hands in: written where the worker reads them, then enqueued; nothing is parsed here."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

from dalil.actions import importing
from dalil.actions.house import House
from dalil.archive.disk import disk_errors
from dalil.errors import InputError, LimitReached
from dalil.jobs import queries
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require

MOST_WAITING: Final = 20
_STEP: Final = 256 * 1024
_LOOKED_AT: Final = 200


def receive(actor: Actor, read: Callable[[int], bytes], *, house: House, expected: int | None, source: str = "") -> str:
    """Take one file in and hand it to the worker; returns the job's id.

    Args:
        read: gives up to so many of the file's bytes, empty at its end.
        expected: bytes that were announced; None where nobody said.
        source: what the sender says it is from, a plain word; shown with the job, trusted for nothing.
    Raises:
        NotAllowed: this actor may not import.
        LimitReached: `imports-many`, `upload-too-large`, `disk-full`.
        InputError: `upload-cut`: fewer bytes came than were announced, or none.
    """
    require(actor, Act.IMPORT)
    circle, limit = house.circle_of(actor), house.settings.upload_bytes
    jobs = queries.jobs(circle=circle, kind=importing.JOB_KIND, limit=_LOOKED_AT)
    if sum(not job.is_over for job in jobs) >= MOST_WAITING:
        raise LimitReached("imports-many", limit=MOST_WAITING)
    if expected is not None and expected > limit:
        raise LimitReached("upload-too-large", limit=limit)
    folder = house.workspace.tmp / f"{importing.UPLOAD}{secrets.token_hex(8)}"
    job_id = ""
    try:
        with disk_errors():
            folder.mkdir(mode=0o700)
            path = folder / "000.ndjson"
            size = _write(path, read, limit)
        if size == 0 or (expected is not None and size != expected):
            raise InputError("upload-cut")
        job_id = importing.enqueue_import(actor, [path], house=house, source=source)
    finally:
        if not job_id:  # whatever went wrong, also a sender that went away
            shutil.rmtree(folder, ignore_errors=True)
    return job_id


def _write(path: Path, read: Callable[[int], bytes], limit: int) -> int:
    size = 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while step := read(_STEP):
            size += len(step)
            if size > limit:
                raise LimitReached("upload-too-large", limit=limit)
            file.write(step)
    return size
