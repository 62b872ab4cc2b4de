"""Bytes that survive a power cut: written whole, synced, then renamed; and a full disk said plainly.

The order is always the same: the file under a temporary name, fsync, rename, fsync of the folder.
On Windows a folder cannot be synced and NTFS journals the rename, so that step is left out there.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from dalil.errors import Conflict, DalilError, LimitReached

_CANNOT_WRITE: Final = frozenset(
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "EFBIG", "EROFS", "EACCES", "EPERM", "EIO")
    if hasattr(errno, name)
)
_SQLITE_CANNOT_WRITE: Final = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY})


def said_of_disk(error: BaseException) -> DalilError | None:
    """Our error for what the system says about a full, read-only or busy disk; None where it says nothing of it.

    Looked for in what caused the error too: the desk's database layer wraps what SQLite says.
    """
    found: BaseException | None = error
    while found is not None:
        if isinstance(found, sqlite3.OperationalError):
            primary = found.sqlite_errorcode & 0xFF
            if primary in _SQLITE_CANNOT_WRITE:
                return LimitReached("disk-full")
            if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                return Conflict("workspace-busy")
        if isinstance(found, OSError) and found.errno in _CANNOT_WRITE:
            return LimitReached("disk-full")
        found = found.__cause__
    return None


@contextmanager
def disk_errors() -> Iterator[None]:
    """Turn what the system says about a full, read-only or busy disk into our errors.

    Raises:
        LimitReached: `disk-full`, when the disk is full, over quota, read-only or not writable.
        Conflict: `workspace-busy`, when another process kept the manifest locked for too long.
    """
    try:
        yield
    except (sqlite3.OperationalError, OSError) as error:
        ours = said_of_disk(error)
        if ours is None:
            raise
        raise ours from error


@disk_errors()
def write_synced(path: Path, data: bytes | memoryview) -> None:
    """Write a new file whole and wait until it is on the disk. The name must be free."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@disk_errors()
def sync_file(path: Path) -> None:
    """Wait until a file that others wrote is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@disk_errors()
def place(moves: Iterable[tuple[Path, Path]]) -> None:
    """Rename synced temporary files to their final names, making folders, and sync every folder touched.

    A final name that exists is replaced: names of archive files are hashes of their content.
    """
    touched: set[Path] = set()
    for source, target in moves:
        touched |= _make_folder(target.parent)
        source.replace(target)
        touched.add(target.parent)
    for folder in sorted(touched):
        sync_folder(folder)


def replace_file(path: Path, data: bytes, *, temporary: Path) -> None:
    """Put `data` in the place of a small file in one step: a reader sees the old or the new, never a part."""
    write_synced(temporary, data)
    place([(temporary, path)])


def _make_folder(folder: Path) -> set[Path]:
    """Make a folder and its parents; the parents that got a new name in them must be synced."""
    made: set[Path] = set()
    current = folder
    missing: list[Path] = []
    while not current.is_dir():
        missing.append(current)
        current = current.parent
    for item in reversed(missing):
        item.mkdir(mode=0o700, exist_ok=True)
        made.add(item.parent)
    return made
