"""Import: a file or folder is parsed in a limited child and written to the archive, chunk by chunk.

Every chunk is atomic, and chunks depend only on the input, so an import that was cut off anywhere
goes on when it is repeated and ends in the same state as one that was not.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec
import pyarrow as pa
from django.db import transaction

from dalil.actions import rotating
from dalil.actions.house import House
from dalil.archive.writing import Writer
from dalil.audit import queries as audit_queries
from dalil.audit.recording import record
from dalil.errors import MESSAGES, DalilError, InputError, LimitReached
from dalil.jobs import queue
from dalil.jobs.sandbox import Limits, run
from dalil.log import event
from dalil.people.actor import LOCAL, Actor
from dalil.people.permissions import Act, require
from dalil.schema.chunks import Begin, ChildOrder, Chunk, ChunkHead, End, Failed
from dalil.schema.frames import read_frames
from dalil.schema.words import TimeBasis

JOB_KIND = "import"
UPLOAD = "upload-"
CHILD_LIMITS = frozenset({"file-too-large", "picture-too-large", "too-many-files"})
"""Codes of the child that tell of a limit; all its others tell that the input is wrong."""
Progress = Callable[[int, int], bool]
"""Called with (bytes done, bytes in all); answers False to cancel."""
Frames = Iterator[Begin | Chunk | End | Failed]


class FileReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one file or folder; the rows of `dalil import --json`."""

    path: str
    format: str
    read: int
    kept: int
    known: int
    quarantined: int
    rejected: dict[str, int]
    includes: int = 0
    expunged: int = 0
    stopped: str | None = None
    cancelled: bool = False


def import_path(
    actor: Actor,
    path: Path,
    *,
    house: House,
    source_format: str | None = None,
    collected_at: datetime | None = None,
    progress: Progress | None = None,
) -> FileReport:
    """Import one file or folder now, in this process and its child.

    Args:
        source_format: name of the format; found from the content when None.
        collected_at: when it was captured, aware; now, on the operator's word, when None and the
            file does not say itself.
    Raises:
        InputError: the input as a whole is in no format that we read.
        LimitReached: a limit on size, time or memory, or the disk is full.
        NotAllowed: this actor may not import.
    """
    require(actor, Act.IMPORT)
    return take_in(actor, path, house=house, source_format=source_format, collected_at=collected_at, progress=progress)[
        0
    ]


def take_in(
    actor: Actor,
    path: Path,
    *,
    house: House,
    source_format: str | None = None,
    collected_at: datetime | None = None,
    progress: Progress | None = None,
) -> tuple[FileReport, str]:
    """`import_path` for an actor who was allowed already; also answers the last observation's id, or ''."""
    if not path.exists():
        raise InputError("path-missing", name=path.name)
    reconcile(house)
    order = msgspec.msgpack.encode(_order(actor, path, house, source_format, collected_at))
    with run("dalil.intake", order, limits=Limits.from_settings(house.settings)) as child:
        return _keep(actor, path, house, read_frames(child.stdout), progress)


@contextmanager
def in_one_child(
    actor: Actor, inputs: Sequence[tuple[Path, datetime]], *, house: House
) -> Iterator[Callable[[House], FileReport]]:
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
    orders = [_order(actor, path, house, None, captured_at) for path, captured_at in inputs]
    waiting = iter(inputs)
    with run("dalil.intake", msgspec.msgpack.encode(orders), limits=Limits.from_settings(house.settings)) as child:

        def take_next(then: House) -> FileReport:
            path, _ = next(waiting)
            reconcile(then)
            return _keep(actor, path, then, read_frames(child.stdout), None)[0]

        yield take_next


def enqueue_import(
    actor: Actor,
    paths: Sequence[Path],
    *,
    house: House,
    source_format: str | None = None,
    collected_at: datetime | None = None,
) -> str:
    """Hand an import to the worker; `paths` must lie where the worker can read them. Returns the job's id."""
    require(actor, Act.IMPORT)
    payload = {
        "paths": [str(path) for path in paths],
        "format": source_format,
        "collected_at": collected_at.isoformat() if collected_at else None,
    }
    steps = [JOB_KIND, "recognise"]
    return queue.enqueue(JOB_KIND, payload, house.clock(), steps=steps, circle=house.circle_of(actor))


def forget_upload(house: House, path: Path) -> None:
    """Remove an upload after its import: what it held is in the archive, and its name says too much."""
    folder = path.resolve().parent
    if folder.parent == house.workspace.tmp.resolve() and folder.name.startswith(UPLOAD):
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        if not any(folder.iterdir()):
            folder.rmdir()


def reconcile(house: House) -> None:
    """Name the archive's head in the audit where a crash fell between the two stores."""
    head = house.archive.manifest_head()
    if head != audit_queries.last_fact("archive", "head"):
        with transaction.atomic():
            record(LOCAL, "archive.reconciled", "archive", {"head": head}, house.now())


def _order(
    actor: Actor, path: Path, house: House, source_format: str | None, collected_at: datetime | None
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
        collected_by=house.circle_of(actor),
        chunk_records=settings.chunk_records,
        line_bytes=settings.line_bytes,
        file_bytes=settings.file_bytes,
        folder_files=settings.folder_files,
        media_bytes=settings.media_bytes,
        picture_pixels=settings.picture_pixels,
        reject_share=settings.reject_share,
    )


def _keep(actor: Actor, path: Path, house: House, frames: Frames, progress: Progress | None) -> tuple[FileReport, str]:
    writer = Writer(house.workspace, keys=house.unlocked(), now=house.now())
    report, last = _write(frames, writer, house.circle_of(actor), path, progress)
    _note_in_audit(actor, house, "import.done", report)
    return report, last


def _write(
    frames: Frames, writer: Writer, circle: str, path: Path, progress: Progress | None
) -> tuple[FileReport, str]:
    begin: Begin | None = None
    intake, last, kept, known = "", "", 0, 0
    for frame in frames:
        match frame:
            case Failed():
                if begin:
                    writer.fail(intake, frame)
                raise failure(frame.code, frame.facts)
            case Begin():
                begin, intake = frame, writer.begin(frame, collected_by=circle)
            case Chunk(head=head):
                result = writer.chunk(intake, frame)
                kept, known = kept + result.kept, known + result.known
                last = _last_observation(frame) or last
                event("import.chunk", id=intake, count=result.kept, done=head.done_bytes)
                if progress and begin and not progress(head.done_bytes, begin.received_bytes):
                    return _report(path, begin, head, kept, known, cancelled=True), last
            case End() if begin:
                row = writer.end(intake, frame)
                report = _report(path, begin, frame, kept, known, stopped=frame.stopped)
                return msgspec.structs.replace(report, expunged=row.expunged), last
        del frame  # one chunk at a time: the next one is read before this name is given to it
        pa.default_memory_pool().release_unused()
    raise LimitReached("child-died")


def _last_observation(chunk: Chunk) -> str | None:
    ids = chunk.tables["observations"]["obs_id"] if "observations" in chunk.tables else None
    return ids[-1].as_py() if ids is not None and len(ids) else None


def _report(
    path: Path,
    begin: Begin,
    counts: End | ChunkHead,
    kept: int,
    known: int,
    *,
    stopped: str | None = None,
    cancelled: bool = False,
) -> FileReport:
    return FileReport(
        path=str(path),
        format=begin.source_format,
        read=counts.read,
        kept=kept,
        known=known,
        quarantined=counts.quarantined,
        rejected=counts.rejected,
        includes=counts.includes,
        stopped=stopped,
        cancelled=cancelled,
    )


def failure(code: str, facts: dict[str, str | int | float]) -> DalilError:
    """The error that the child reports; a code that we do not know is the child's own fault."""
    if code not in MESSAGES:
        return LimitReached("child-died")
    kind = LimitReached if code in CHILD_LIMITS or code.startswith("child-") else InputError
    return kind(code, **facts)


def _note_in_audit(actor: Actor, house: House, name: str, report: FileReport) -> None:
    head = house.archive.manifest_head()
    facts: dict[str, str | int | bool | None] = {
        "head": head,
        "format": report.format,
        "kept": report.kept,
        "known": report.known,
    }
    with transaction.atomic():
        record(actor, name, "archive", facts, house.now())
