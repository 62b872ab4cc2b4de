"""A watched folder: what is put into it and has stopped growing is imported, once, and stays where it is.

Nothing in the folder is moved, changed or removed: it may be shared with others, and a crash between two
renames could lose what a copy cannot. What was taken is remembered by keyed hashes in the same transaction
that enqueues it, so that a kill at any point neither forgets a file nor takes it twice.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from django.db import transaction

from dalil.actions import importing
from dalil.actions.house import House
from dalil.errors import ConfigError, DalilError, InputError
from dalil.jobs import queue
from dalil.log import event
from dalil.people.actor import LOCAL
from dalil.people.sealing import mark
from dalil.sources.reading import files_under, hash_file

MOST_PATHS: Final = 100
_MOST_TEXT: Final = 32 * 1024
_UNFINISHED: Final = (".part", ".partial", ".crdownload", ".download", ".tmp", ".filepart", "~")


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What one look found: entries taken now, taken before, still changing, and those that cannot be taken."""

    taken: int = 0
    known: int = 0
    waiting: int = 0
    refused: int = 0


class _State(NamedTuple):
    """What an entry is like: number of files, bytes, and the newest change of any of them, in nanoseconds."""

    files: int
    bytes: int
    changed: int


class _Entry(NamedTuple):
    """An entry to be taken: its path, and the marks to remember."""

    path: Path
    marks: tuple[str, str]


def checked(house: House, folder: Path) -> Path:
    """The folder, where it may be watched.

    Raises:
        InputError: `path-missing`.
        ConfigError: `watch-inside`: it lies in the workspace, or the workspace in it.
    """
    if not folder.is_dir():
        raise InputError("path-missing", name=folder.name)
    found, home = folder.resolve(), house.workspace.folder.resolve()
    if found.is_relative_to(home) or home.is_relative_to(found):
        raise ConfigError("watch-inside", name=folder.name)
    return found


def watcher(house: House) -> Callable[[datetime], None] | None:
    """For the worker, between jobs: looks at the folder of the settings every so often; None where there is none.

    Raises:
        ConfigError: the folder may not be watched.
    """
    if not house.settings.watch_folder or house.keys is None:
        return None
    folder = checked(house, Path(house.settings.watch_folder))
    every = timedelta(seconds=house.settings.watch_seconds)
    last: list[datetime] = []

    def look_now(now: datetime) -> None:
        if last and now - last[0] < every:
            return
        last[:] = [now]
        try:
            look(house, folder)
        except (DalilError, OSError) as error:  # a stick that was pulled out: it is looked at again
            code = error.code if isinstance(error, DalilError) else "path-missing"
            event("watch.failed", code=code, level=logging.WARNING)

    return look_now


def look(house: House, folder: Path) -> Look:
    """Enqueue what is new in a folder and has settled."""
    now, settle = house.clock(), timedelta(seconds=house.settings.watch_settle_seconds)
    counts = dict.fromkeys(("taken", "known", "waiting", "refused"), 0)
    waiting: list[_Entry] = []
    for path in _entries(folder):
        state = _state_of(path, house)
        if state is None or state.files == 0 or now - _time(state.changed) < settle:
            counts["waiting"] += 1
            continue
        place = mark(house.unlocked(), "watched-place", path.name, *map(str, state))
        if queue.taken([place]):
            counts["known"] += 1
        elif not _can_be_named(path):
            counts["refused"] += 1
        else:
            content = mark(house.unlocked(), "watched-content", _hash(path, house, place))
            if _state_of(path, house) != state:
                counts["waiting"] += 1  # it went on growing while it was read
            elif queue.taken([content]) or any(entry.marks[1] == content for entry in waiting):
                counts["known"] += 1
                queue.take([place])
            else:
                counts["taken"] += 1
                waiting.append(_Entry(path, (place, content)))
    for batch in _batches(waiting):
        with transaction.atomic():
            importing.enqueue_import(LOCAL, [entry.path for entry in batch], house=house)
            queue.take([mark_ for entry in batch for mark_ in entry.marks])
        event("watch.taken", count=len(batch))
    return Look(**counts)


def _entries(folder: Path) -> Iterator[Path]:
    """Files and folders at the top, sorted; no links, nothing hidden, nothing that a program is still fetching."""
    for path in sorted(folder.iterdir()):
        hidden = path.name.startswith(".") or path.name.lower().endswith(_UNFINISHED)
        if not hidden and not path.is_symlink() and (path.is_file() or path.is_dir()):
            yield path


def _state_of(path: Path, house: House) -> _State | None:
    """What it is like now; None where it went away meanwhile, or holds what is still being fetched."""
    try:
        files = files_under(path, most=house.settings.folder_files) if path.is_dir() else [path]
        if any(file.name.lower().endswith(_UNFINISHED) for file in files):
            return None
        stats = [file.stat() for file in files]
    except (OSError, DalilError):
        return None
    # A copy may be given its original's time, even one to come; when the entry itself was changed cannot be set.
    now = int(house.clock().timestamp() * 1e9)
    changed = [max(stat.st_mtime_ns if stat.st_mtime_ns <= now else 0, stat.st_ctime_ns) for stat in stats]
    return _State(len(files), sum(stat.st_size for stat in stats), max(changed, default=0))


def _hash(path: Path, house: House, place: str) -> str:
    """One hash of all its bytes and their places; its place's mark where it cannot be read: the import says why."""
    limit = house.settings.file_bytes
    try:
        if path.is_file():
            return hash_file(path, limit=limit)[0]
        digest = hashlib.sha256()
        for file in files_under(path, most=house.settings.folder_files):
            name = file.relative_to(path).as_posix().encode("utf-8", "surrogateescape")
            digest.update(len(name).to_bytes(8, "big") + name + bytes.fromhex(hash_file(file, limit=limit)[0]))
        return digest.hexdigest()
    except (DalilError, OSError):
        return place


def _can_be_named(path: Path) -> bool:
    text = str(path)
    return len(text) <= queue.MAX_TEXT and text.isprintable() and text.encode("utf-8", "replace").decode() == text


def _batches(entries: list[_Entry]) -> Iterator[list[_Entry]]:
    """So many paths a job that its payload holds them."""
    batch: list[_Entry] = []
    size = 0
    for entry in entries:
        size += len(str(entry.path).encode())
        if batch and (len(batch) == MOST_PATHS or size > _MOST_TEXT):
            yield batch
            batch, size = [], len(str(entry.path).encode())
        batch.append(entry)
    if batch:
        yield batch


def _time(nanoseconds: int) -> datetime:
    return datetime.fromtimestamp(nanoseconds / 1e9, UTC)
