"""Import: a file, folder or archive is parsed in a limited child and written to the archive, chunk by chunk.

Every chunk is atomic, and chunks depend only on the input, so an import that was cut off anywhere
goes on when it is repeated and ends in the same state as one that was not.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec
from django.db import transaction

from dalil.actions import rotating
from dalil.actions.house import House
from dalil.actions.import_reports import FileReport, Moving, PathReport, Progress, SkippedReport
from dalil.actions.keeping import Keeping
from dalil.archive.writing import Writer
from dalil.audit import queries as audit_queries
from dalil.audit.recording import record
from dalil.errors import InputError
from dalil.jobs import queue
from dalil.jobs.sandbox import Limits, run
from dalil.people.actor import LOCAL, Actor
from dalil.people.permissions import Act, require
from dalil.schema.chunks import ChildOrder
from dalil.schema.frames import Received, read_frames
from dalil.schema.words import TimeBasis
from dalil.sources import options as format_options

__all__ = [
    "JOB_KIND",
    "UPLOAD",
    "FileReport",
    "Moving",
    "PathReport",
    "Progress",
    "SkippedReport",
    "enqueue_import",
    "forget_upload",
    "import_path",
    "in_one_child",
    "is_upload",
    "reconcile",
    "take_in",
]

JOB_KIND = "import"
UPLOAD = "upload-"


def import_path(
    actor: Actor,
    path: Path,
    *,
    house: House,
    source_format: str | None = None,
    collected_at: datetime | None = None,
    progress: Progress | None = None,
    done: Sequence[str] = (),
    options: Mapping[str, str] | None = None,
    circle: str = "",
) -> PathReport:
    """Import one file, folder or archive now, in this process and its child.

    Args:
        source_format: name of the format; found from the content when None.
        collected_at: when it was captured, aware; now, on the operator's word, when None and the
            file does not say itself.
        done: keys of the groups in it that need not be read again (`Moving.ended`).
        options: of the source format, as its manifest names them; a column mapping is one.
        circle: for which it is collected; the actor's own when empty.
    Raises:
        InputError: nothing of the input is in a format that we read, or an option cannot be.
        LimitReached: a limit on size, time or memory, or the disk is full.
        NotAllowed: this actor may not import.
    """
    require(actor, Act.IMPORT)
    return take_in(
        actor,
        path,
        house=house,
        source_format=source_format,
        collected_at=collected_at,
        progress=progress,
        done=done,
        options=options,
        circle=circle,
    )


def take_in(
    actor: Actor,
    path: Path,
    *,
    house: House,
    source_format: str | None = None,
    collected_at: datetime | None = None,
    progress: Progress | None = None,
    done: Sequence[str] = (),
    options: Mapping[str, str] | None = None,
    circle: str = "",
) -> PathReport:
    """`import_path` for an actor who was allowed already."""
    if not path.exists():
        raise InputError("path-missing", name=path.name)
    reconcile(house)
    circle = circle or house.circle_of(actor)
    order = _order(circle, path, house, source_format, collected_at)
    more = format_options.checked(options or {}, source_format)
    given = msgspec.msgpack.encode(msgspec.structs.replace(order, done=tuple(done), source_format_options=more))
    with run("dalil.intake", given, limits=Limits.from_settings(house.settings)) as child:
        return _keep(actor, circle, path, house, read_frames(child.stdout), progress, more)


@contextmanager
def in_one_child(
    actor: Actor, inputs: Sequence[tuple[Path, datetime]], *, house: House
) -> Iterator[Callable[[House], PathReport]]:
    """Import several inputs through one child: each call of what is yielded imports the next one.

    Only for inputs of one origin, as a sample's captures: strangers' files each get a child of their
    own, so that none can reach the next. Starting a child costs more than most captures of a sample.

    Args:
        inputs: path and time of capture (aware) of each, in their order.
    Yields:
        A function to be called with the house whose `now` is that of the import.
    Raises:
        NotAllowed: this actor may not import.
    """
    require(actor, Act.IMPORT)
    circle = house.circle_of(actor)
    orders = [_order(circle, path, house, None, captured_at) for path, captured_at in inputs]
    waiting = iter(inputs)
    with run("dalil.intake", msgspec.msgpack.encode(orders), limits=Limits.from_settings(house.settings)) as child:

        def take_next(then: House) -> PathReport:
            path, _ = next(waiting)
            reconcile(then)
            return _keep(actor, circle, path, then, read_frames(child.stdout), None)

        yield take_next


def enqueue_import(
    actor: Actor,
    paths: Sequence[Path],
    *,
    house: House,
    source_format: str | None = None,
    collected_at: datetime | None = None,
    options: Mapping[str, str] | None = None,
    source: str = "",
) -> str:
    """Hand an import to the worker; `paths` must lie where the worker can read them. Returns the job's id.

    Args:
        source: a plain word that is shown with the job, such as the site that a program collected on.
    """
    require(actor, Act.IMPORT)
    payload = {
        "paths": [str(path) for path in paths],
        "format": source_format,
        "collected_at": collected_at.isoformat() if collected_at else None,
        "options": msgspec.json.encode(format_options.checked(options or {}, source_format)).decode(),
        "source": source,
        "circle": house.circle_of(actor),
    }
    steps = [JOB_KIND, "recognise"]
    return queue.enqueue(JOB_KIND, payload, house.clock(), steps=steps, circle=house.circle_of(actor))


def is_upload(house: House, path: Path) -> bool:
    """Whether a path is a file that the console took in, and not one of the user's own."""
    folder = path.resolve().parent
    return folder.parent == house.workspace.tmp.resolve() and folder.name.startswith(UPLOAD)


def forget_upload(house: House, path: Path) -> None:
    """Remove an upload after its import: what it held is in the archive, and its name says too much."""
    if is_upload(house, path):
        folder = path.resolve().parent
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def reconcile(house: House) -> None:
    """Name the archive's head in the audit where a crash fell between the two stores."""
    head = house.archive.manifest_head()
    if head != audit_queries.last_fact("archive", "head"):
        with transaction.atomic():
            record(LOCAL, "archive.reconciled", "archive", {"head": head}, house.now())


def _order(
    circle: str, path: Path, house: House, source_format: str | None, collected_at: datetime | None
) -> ChildOrder:
    keys, settings = house.unlocked(), house.settings
    rotating.settle(house)
    generation = keys.generation
    return ChildOrder(
        path=str(path.resolve()),
        format=source_format,
        identity_key=keys.identity,
        pseudonym_key=keys.pseudonym(generation),
        key_generation=generation,
        public=house.workspace.public_accounts(),
        collected_at=collected_at or house.now(),
        collected_at_basis=TimeBasis.OPERATOR,
        collected_by=circle,
        chunk_records=settings.chunk_records,
        line_bytes=settings.line_bytes,
        file_bytes=settings.file_bytes,
        folder_files=settings.folder_files,
        media_bytes=settings.media_bytes,
        picture_pixels=settings.picture_pixels,
        reject_share=settings.reject_share,
        archive_depth=settings.archive_depth,
        archive_ratio=settings.archive_ratio,
        archive_nested_bytes=settings.archive_nested_bytes,
    )


def _keep(
    actor: Actor,
    circle: str,
    path: Path,
    house: House,
    frames: Iterator[Received],
    progress: Progress | None,
    options: Mapping[str, str] | None = None,
) -> PathReport:
    writer = Writer(house.workspace, keys=house.unlocked(), now=house.now())
    report = Keeping(writer, circle, str(path), progress, options or {}).keep(frames)
    _note_in_audit(actor, house, report)
    return report


def _note_in_audit(actor: Actor, house: House, report: PathReport) -> None:
    """One entry for each group; the last names the archive's head."""
    with transaction.atomic():
        for file in report.files:
            facts: dict[str, str | int | bool | None] = {
                "head": house.archive.manifest_head(),
                "format": file.format,
                "kept": file.kept,
                "known": file.known,
            }
            record(actor, "import.done", "archive", facts, house.now())
