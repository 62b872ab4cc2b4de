"""`manifest.db`: what the archive holds, in SQLite, and how it is read and changed.

WAL, so that readers never wait for a writer. `synchronous=FULL`, so that a commit is on the disk before
the caller goes on: the desk writes rows that refer to observations right after, and a power cut must not
leave such a row without its fact. Every change begins with BEGIN IMMEDIATE: one writer at a time.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec

from dalil.archive import custody
from dalil.archive.disk import disk_errors, place, sync_file
from dalil.archive.manifest_tables import VERSION, script
from dalil.archive.rows import CustodyEntry, IntakeRow, RejectRow, SegmentRow
from dalil.errors import ConfigError, EvidenceDamaged

_WAIT_SECONDS: Final = 60
_AT_ONCE: Final = 4096
_KEPT: Final = 4
_PRAGMAS: Final = (
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    # Ids are random, so that each new one dirties a page of its own: 32 MiB of pages, and as much of log, are worth it.
    "cache_size=-32768",
    "wal_autocheckpoint=8192",
)


class Manifest:
    """The manifest at one path; any thread may ask, and questions may nest.

    Connections are kept for the next question, since the last one to be closed would write the log back
    each time; never across a fork, nor once another file lies at the path.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: list[sqlite3.Connection] = []
        self._file: tuple[int, int, int] | None = None
        self._lock = threading.Lock()

    def __del__(self) -> None:
        self.close()

    def close(self) -> None:
        """Close what is kept open."""
        while self._idle:
            self._idle.pop().close()

    def create(self) -> None:
        """Make an empty manifest; one that is there and of this version is left alone."""
        with disk_errors(), closing(self._open()) as connection:
            if connection.execute("PRAGMA user_version").fetchone()[0] == VERSION:
                return
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(script(0))

    def version(self) -> int:
        """The version of the tables as they lie there, 0 where there are none.

        Raises:
            EvidenceDamaged: the manifest is missing.
        """
        if not self.path.is_file():
            raise EvidenceDamaged("archive-damaged", part=self.path.name)
        with disk_errors(), closing(self._open()) as connection:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])

    def migrate(self, copy: Path) -> bool:
        """Bring older tables to the newest version; answers whether there was anything to do. One at a time.

        Args:
            copy: where the manifest as it was is kept first; a file that is there is left alone.
        Raises:
            ConfigError: a newer version wrote it.
        """
        found = self.version()
        if found > VERSION:
            raise ConfigError("workspace-newer", found=found, ours=VERSION)
        if found == VERSION:
            return False
        if not copy.exists():
            self.copy_to(copy)
        with disk_errors(), closing(self._open()) as connection:
            connection.executescript(script(found))
        return True

    def copy_to(self, path: Path) -> None:
        """Copy the manifest as it stands at one moment, while others write; a reader of `path` sees all of it or none."""
        part = path.with_name(f"{path.name}.part")
        part.unlink(missing_ok=True)
        with disk_errors(), closing(self._open()) as connection:
            connection.execute("VACUUM INTO ?", (str(part),))
        sync_file(part)
        place([(part, path)])

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one state for as long as it is open.

        Raises:
            EvidenceDamaged: the manifest is missing or is not a database.
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
        try:
            with disk_errors():
                connection = self._take()
                try:
                    yield connection
                finally:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                    self._give_back(connection)
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
        if found != VERSION:
            connection.close()
            if found > VERSION:
                raise ConfigError("workspace-newer", found=found, ours=VERSION)
            raise ConfigError("workspace-older", found=found, ours=VERSION)
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if len(self._idle) < _KEPT and self._file is not None and self._file[0] == os.getpid():
                self._idle.append(connection)
                return
        connection.close()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    def head(self) -> str:
        """Hash of the newest custody entry, 64 hex digits: it names this state of the archive."""
        with self.reading() as connection:
            row = connection.execute("SELECT hash FROM custody ORDER BY seq DESC LIMIT 1").fetchone()
        return str(row[0]) if row else custody.GENESIS

    def segments(self, table: str | None = None) -> list[SegmentRow]:
        """The Parquet files of one table, or of all, oldest first."""
        with self.reading() as connection:
            return segments_in(connection, table)

    def mark(self, table: str) -> tuple[int, int]:
        """Changes whenever the table's segments do: their number and the newest one's."""
        query = "SELECT count(*), coalesce(max(id), 0) FROM segments WHERE table_name = ?"
        with self.reading() as connection:
            count, newest = connection.execute(query, (table,)).fetchone()
        return count, newest

    def custody(self, limit: int | None = None) -> list[CustodyEntry]:
        """The newest `limit` entries of the custody chain, or all, oldest first."""
        query = (
            "SELECT seq, prev, day, circle, action, object, tool, reason, hash FROM custody ORDER BY seq DESC LIMIT ?"
        )
        with self.reading() as connection:
            rows = connection.execute(query, (-1 if limit is None else limit,)).fetchall()
        return [
            CustodyEntry(
                seq=row[0],
                prev=row[1],
                day=row[2],
                circle=row[3],
                action=row[4],
                object=row[5],
                tool=row[6],
                reason=row[7],
                hash=row[8],
            )
            for row in reversed(rows)
        ]

    def intakes(self) -> list[IntakeRow]:
        """All imports, newest first."""
        with self.reading() as connection:
            return [_intake(row) for row in connection.execute(f"{_INTAKES} ORDER BY id DESC")]

    def intake(self, intake_id: str) -> IntakeRow | None:
        """One import."""
        with self.reading() as connection:
            row = connection.execute(f"{_INTAKES} WHERE intake_id = ?", (intake_id,)).fetchone()
        return _intake(row) if row else None

    def rejects(self, intake_id: str) -> list[RejectRow]:
        """The records of one import that could not be read, in the order of the file."""
        query = (
            "SELECT rejects.place, rejects.code, rejects.raw_hash FROM rejects JOIN intakes ON intakes.id = rejects.intake"
            " WHERE intakes.intake_id = ? ORDER BY rejects.id"
        )
        with self.reading() as connection:
            return [RejectRow(*row) for row in connection.execute(query, (intake_id,))]


_INTAKES: Final = (
    "SELECT intake_id, received_sha256, received_bytes, source_format, importer_version, collected_by, day, state, code,"
    " read, includes, kept, known, quarantined, rejected, ignored, locators_not_kept FROM intakes"
)


def _intake(row: Sequence[object]) -> IntakeRow:
    values = dict(zip(IntakeRow.__struct_fields__, row, strict=True))
    values["day"] = date.fromisoformat(str(values["day"]))
    for name in ("rejected", "ignored"):
        values[name] = msgspec.json.decode(str(values[name]), type=dict[str, int])
    return IntakeRow(**values)  # type: ignore[arg-type]  # columns in the order of the fields


def segments_in(connection: sqlite3.Connection, table: str | None = None) -> list[SegmentRow]:
    """The Parquet files of one table, or of all, oldest first, as the caller's transaction sees them."""
    rows = connection.execute(
        "SELECT table_name, month, path, rows, min_claimed, max_claimed, schema_version, sha256, bytes, step_from, step_to"
        " FROM segments WHERE ?1 IS NULL OR table_name = ?1 ORDER BY id",
        (table,),
    )
    return [SegmentRow(**dict(zip(SegmentRow.__struct_fields__, row, strict=True))) for row in rows]


def known_ids(connection: sqlite3.Connection, obs_ids: Sequence[bytes]) -> set[bytes]:
    """Those of the given observation ids (32 bytes each) that the archive holds."""
    return {row[0] for row in _among(connection, "SELECT obs_id FROM known WHERE obs_id IN ({})", obs_ids)}


def known_media(connection: sqlite3.Connection, sha256s: Sequence[str]) -> set[str]:
    """Those of the given media hashes that the archive holds."""
    return {row[0] for row in _among(connection, "SELECT sha256 FROM media WHERE sha256 IN ({})", sha256s)}


def known_pseudonyms(connection: sqlite3.Connection, pseudonyms: Sequence[str]) -> set[str]:
    """Those of the given pseudonyms whose locator is sealed already."""
    return {row[0] for row in _among(connection, "SELECT pseudonym FROM locators WHERE pseudonym IN ({})", pseudonyms)}


def known_image_signals(connection: sqlite3.Connection, sha256s: Sequence[str]) -> set[tuple[str, str, str]]:
    """(sha256, method, method version) of all signals held for the given pictures."""
    query = "SELECT sha256, method, method_version FROM image_signals WHERE sha256 IN ({})"
    return {(row[0], row[1], row[2]) for row in _among(connection, query, sha256s)}


def _among(
    connection: sqlite3.Connection, query: str, values: Sequence[bytes] | Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    for start in range(0, len(values), _AT_ONCE):
        part = list(values[start : start + _AT_ONCE])
        # Filled up to a power of two: a statement of every length would be compiled and kept, half a megabyte each.
        places = 1 << (len(part) - 1).bit_length()
        yield from connection.execute(query.format(",".join("?" * places)), part + part[-1:] * (places - len(part)))
