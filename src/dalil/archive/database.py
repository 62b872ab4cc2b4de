"""One SQLite file of the archive, as several threads and processes use it: readers, one writer at a time, versions.

WAL, so that readers never wait for a writer; every change begins with BEGIN IMMEDIATE. Connections are kept for
the next question, since the last one to be closed would write the log back each time; never across a fork, nor
once another file lies at the path.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import ClassVar, Final

from dalil.archive.disk import disk_errors, place, sync_file
from dalil.errors import ConfigError, EvidenceDamaged

_WAIT_SECONDS: Final = 60
_KEPT: Final = 4


class Database:
    """A file at one path; any thread may ask, and questions may nest. A kind of its own says what is in it."""

    VERSION: ClassVar[int]
    PRAGMAS: ClassVar[tuple[str, ...]]

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: list[sqlite3.Connection] = []
        self._file: tuple[int, int, int] | None = None
        self._lock = threading.Lock()

    def __del__(self) -> None:
        self.close()

    @classmethod
    def script(cls, found: int) -> str:
        """What brings a file of version `found` (0: empty) to the newest, in one transaction of its own."""
        raise NotImplementedError

    def close(self) -> None:
        """Close what is kept open."""
        while self._idle:
            self._idle.pop().close()

    def create(self) -> None:
        """Make an empty one; one that is there and of this version is left alone."""
        with disk_errors(), closing(self._open()) as connection:
            if connection.execute("PRAGMA user_version").fetchone()[0] == self.VERSION:
                return
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(self.script(0))

    def version(self) -> int:
        """The version of the tables as they lie there, 0 where there are none.

        Raises:
            EvidenceDamaged: the file is missing or is not a database.
        """
        if not self.path.is_file():
            raise EvidenceDamaged("archive-damaged", part=self.path.name)
        with self._said(), closing(self._open()) as connection:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])

    def copy_to(self, path: Path) -> None:
        """Copy it as it stands at one moment, while others write; a reader of `path` sees all of it or none."""
        with self._said():
            snapshot(self.path, path)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one state for as long as it is open.

        Raises:
            EvidenceDamaged: the file is missing or is not a database.
            ConfigError: it is of another version than ours.
        """
        with self._connected() as connection:
            connection.execute("BEGIN")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The write lock; commits at the end, and leaves everything as it was if anything is raised.

        Raises:
            LimitReached: `disk-full`.
            Conflict: `workspace-busy`.
        """
        with self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with self._said():
            connection = self._take()
            try:
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                self._give_back(connection)

    @contextmanager
    def _said(self) -> Iterator[None]:
        try:
            with disk_errors():
                yield
        except (sqlite3.OperationalError, sqlite3.IntegrityError, sqlite3.ProgrammingError):
            raise
        except sqlite3.DatabaseError as error:
            raise EvidenceDamaged("archive-damaged", part=self.path.name) from error

    def _take(self) -> sqlite3.Connection:
        try:
            status = self.path.stat()
        except OSError:
            raise EvidenceDamaged("archive-damaged", part=self.path.name) from None
        file = (os.getpid(), status.st_dev, status.st_ino)
        with self._lock:
            if file != self._file:
                self._idle.clear()
                self._file = file
            if self._idle:
                return self._idle.pop()
        connection = self._open()
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found != self.VERSION:
            connection.close()
            code = "workspace-newer" if found > self.VERSION else "workspace-older"
            raise ConfigError(code, found=found, ours=self.VERSION)
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if len(self._idle) < _KEPT and self._file is not None and self._file[0] == os.getpid():
                self._idle.append(connection)
                return
        connection.close()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False)
        for pragma in self.PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection


def snapshot(source: Path, path: Path) -> None:
    """Copy any SQLite file as it stands at one moment, while others write; a reader of `path` sees all of it or none.

    Raises:
        EvidenceDamaged: there is none, or it is no database.
    """
    if not source.is_file():
        raise EvidenceDamaged("archive-damaged", part=source.name)
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    with disk_errors(), closing(sqlite3.connect(source, timeout=_WAIT_SECONDS, isolation_level=None)) as connection:
        try:
            connection.execute("VACUUM INTO ?", (str(part),))
        except (sqlite3.OperationalError, sqlite3.ProgrammingError):
            raise
        except sqlite3.DatabaseError as error:
            raise EvidenceDamaged("archive-damaged", part=source.name) from error
    sync_file(part)
    place([(part, path)])
