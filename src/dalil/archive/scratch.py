"""Temporary folders inside the workspace that tell whether their process still lives, and short locks.

A lock is SQLite's lock on an empty file: it works on every system, and it ends with its process,
however that ends. So whatever lies in a folder whose lock can be taken is left over from a crash.
"""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

from dalil.archive.disk import disk_errors

_LOCK: Final = "lock"
_PREFIX: Final = "s-"


@contextmanager
def exclusive(path: Path, *, wait_seconds: float = 30) -> Iterator[None]:
    """Hold the lock `path` for a short piece of work.

    Raises:
        Conflict: `workspace-busy`, when somebody else holds it for longer than `wait_seconds`.
    """
    with disk_errors():
        lock = _take(path, wait_seconds)
    try:
        yield
    finally:
        lock.close()


class Scratch:
    """A temporary folder of this process on the workspace's own file system."""

    def __init__(self, parent: Path) -> None:
        with disk_errors():
            self.folder = parent / f"{_PREFIX}{secrets.token_hex(8)}"
            self.folder.mkdir(mode=0o700, parents=True)
            self._lock = _take(self.folder / _LOCK, 0)
        self._count = 0

    def name(self) -> Path:
        """A fresh path in the folder."""
        self._count += 1
        return self.folder / str(self._count)

    def close(self) -> None:
        """Remove the folder and all in it."""
        self._lock.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def abandoned(parent: Path) -> list[Path]:
    """Temporary folders whose process has ended without removing them."""
    return [folder for folder in sorted(parent.glob(f"{_PREFIX}*")) if _is_free(folder / _LOCK)]


def _is_free(path: Path) -> bool:
    try:
        _take(path, 0).close()
    except sqlite3.OperationalError as error:
        return error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY
    return True


def _take(path: Path, wait_seconds: float) -> sqlite3.Connection:
    # check_same_thread: the lock is opened by one thread and may be closed by another at the end.
    lock = sqlite3.connect(path, timeout=wait_seconds, isolation_level=None, check_same_thread=False)
    try:
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError:
        lock.close()
        raise
    return lock
