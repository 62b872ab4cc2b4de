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

from dalil.archive import custody, keeping_tables
from dalil.archive.disk import disk_errors
from dalil.archive.rows import CustodyEntry, IntakeRow, RawSegmentRow, RejectRow, SegmentRow
from dalil.errors import ConfigError, EvidenceDamaged

VERSION: Final = 2
_WAIT_SECONDS: Final = 60
_AT_ONCE: Final = 4096
_KEPT: Final = 4

_TABLES: Final = """
CREATE TABLE segments (
    id INTEGER PRIMARY KEY, table_name TEXT NOT NULL, month TEXT NOT NULL, path TEXT NOT NULL UNIQUE,
    rows INTEGER NOT NULL, min_claimed INTEGER, max_claimed INTEGER, schema_version INTEGER NOT NULL,
    sha256 TEXT NOT NULL, bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX segments_by_table ON segments (table_name, month);
CREATE TABLE raw_segments (
    id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,
    records INTEGER NOT NULL, custody INTEGER NOT NULL REFERENCES custody (seq)
) STRICT;
CREATE TABLE known (
    obs_id BLOB PRIMARY KEY, raw_segment INTEGER NOT NULL REFERENCES raw_segments (id), pointer INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE media (
    sha256 TEXT PRIMARY KEY, bytes INTEGER NOT NULL, custody INTEGER NOT NULL REFERENCES custody (seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE image_signals (
    sha256 TEXT NOT NULL, method TEXT NOT NULL, method_version TEXT NOT NULL, PRIMARY KEY (sha256, method, method_version)
) STRICT, WITHOUT ROWID;
CREATE TABLE locators (
    pseudonym TEXT PRIMARY KEY, sealed BLOB NOT NULL, inner_circle TEXT NOT NULL, outer_circle TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE received (
    sha256 TEXT PRIMARY KEY, received INTEGER NOT NULL REFERENCES custody (seq), completed INTEGER REFERENCES custody (seq)
) STRICT, WITHOUT ROWID;
CREATE TABLE intakes (
    id INTEGER PRIMARY KEY, intake_id TEXT NOT NULL UNIQUE, received_sha256 TEXT NOT NULL, received_bytes INTEGER NOT NULL,
    source_format TEXT NOT NULL, importer_version TEXT NOT NULL, collected_by TEXT NOT NULL, day TEXT NOT NULL,
    state TEXT NOT NULL, code TEXT, read INTEGER NOT NULL DEFAULT 0, includes INTEGER NOT NULL DEFAULT 0,
    kept INTEGER NOT NULL DEFAULT 0, known INTEGER NOT NULL DEFAULT 0, quarantined INTEGER NOT NULL DEFAULT 0,
    rejected TEXT NOT NULL DEFAULT '{}', ignored TEXT NOT NULL DEFAULT '{}', locators_not_kept INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX intakes_by_received ON intakes (received_sha256);
CREATE TABLE rejects (
    id INTEGER PRIMARY KEY, intake INTEGER NOT NULL REFERENCES intakes (id), place TEXT NOT NULL, code TEXT NOT NULL, raw_hash TEXT NOT NULL,
    UNIQUE (intake, place, code, raw_hash)
) STRICT;
CREATE TABLE custody (
    seq INTEGER PRIMARY KEY, prev TEXT NOT NULL, day TEXT NOT NULL, circle TEXT NOT NULL, action TEXT NOT NULL,
    object TEXT NOT NULL, tool TEXT NOT NULL, reason TEXT NOT NULL, hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER custody_is_never_changed BEFORE UPDATE ON custody BEGIN SELECT RAISE(ABORT, 'custody is append-only'); END;
CREATE TRIGGER custody_is_never_removed BEFORE DELETE ON custody BEGIN SELECT RAISE(ABORT, 'custody is append-only'); END;
CREATE TABLE findings (
    id INTEGER PRIMARY KEY, finding_id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, body BLOB NOT NULL
) STRICT;
CREATE INDEX findings_by_kind ON findings (kind);
CREATE TABLE finding_tables (
    finding_id TEXT NOT NULL, name TEXT NOT NULL, path TEXT NOT NULL, rows INTEGER NOT NULL, sha256 TEXT NOT NULL,
    PRIMARY KEY (finding_id, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE indexes (
    name TEXT NOT NULL, array TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL, head TEXT NOT NULL,
    facts TEXT NOT NULL, PRIMARY KEY (name, array)
) STRICT, WITHOUT ROWID;
"""

_UPGRADES: Final = {1: keeping_tables.TABLES}
"""Version → what turns a manifest of it into the next; a new one is made by all of them, one after the other."""


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
            if connection.execute("PRAGMA user_version").fetchone()[0]:
                _upgrade(connection)
                return
            connection.execute("PRAGMA journal_mode=WAL")
            steps = "".join(_UPGRADES[version] for version in range(1, VERSION))
            connection.executescript(f"BEGIN IMMEDIATE;{_TABLES}{steps}PRAGMA user_version={VERSION};COMMIT;")

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
        if found > VERSION:
            connection.close()
            raise ConfigError("workspace-newer", found=found, ours=VERSION)
        if 0 < found < VERSION:
            _upgrade(connection)
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if len(self._idle) < _KEPT and self._file is not None and self._file[0] == os.getpid():
                self._idle.append(connection)
                return
        connection.close()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")
        return connection

    def head(self) -> str:
        """Hash of the newest custody entry, 64 hex digits: it names this state of the archive."""
        with self.reading() as connection:
            row = connection.execute("SELECT hash FROM custody ORDER BY seq DESC LIMIT 1").fetchone()
        return str(row[0]) if row else custody.GENESIS

    def segments(self, table: str | None = None) -> list[SegmentRow]:
        """The Parquet files of one table, or of all, oldest first."""
        query = (
            "SELECT table_name, month, path, rows, min_claimed, max_claimed, schema_version, sha256, bytes FROM segments"
            " WHERE ?1 IS NULL OR table_name = ?1 ORDER BY id"
        )
        with self.reading() as connection:
            return [
                SegmentRow(
                    table=row[0],
                    month=row[1],
                    path=row[2],
                    rows=row[3],
                    min_claimed=row[4],
                    max_claimed=row[5],
                    schema_version=row[6],
                    sha256=row[7],
                    bytes=row[8],
                )
                for row in connection.execute(query, (table,))
            ]

    def mark(self, table: str) -> tuple[int, int, int]:
        """Changes whenever the rows of the table do: the number of its segments and of those that tell which
        rows were read anew, the newest of them, and the last custody entry, which every change makes."""
        query = (
            "SELECT count(*), coalesce(max(id), 0), (SELECT coalesce(max(seq), 0) FROM custody) FROM segments"
            " WHERE table_name IN (?, 'mapped')"
        )
        with self.reading() as connection:
            count, newest, custody_end = connection.execute(query, (table,)).fetchone()
        return count, newest, custody_end

    def readings(self, table: str) -> tuple[list[tuple[int, int, str]], list[str]]:
        """(number of the reading, schema version, path) of each segment of a table, and the paths of the segments
        that tell which observations a later reading replaced; both of one moment."""
        query = (
            "SELECT coalesce(mapping, 0), schema_version, segments.path FROM segments"
            " LEFT JOIN mapping_segments USING (path) WHERE table_name = ? ORDER BY segments.id"
        )
        with self.reading() as connection:
            found = connection.execute(query, (table,)).fetchall()
            mapped = connection.execute("SELECT path FROM segments WHERE table_name = 'mapped' ORDER BY id").fetchall()
        return found, [row[0] for row in mapped]

    def raw_segments(self) -> list[RawSegmentRow]:
        """The sealed segments of raw records, oldest first; custody names what read them."""
        query = (
            "SELECT raw_segments.id, path, records, tool FROM raw_segments JOIN custody ON custody.seq = custody"
            " ORDER BY raw_segments.id"
        )
        with self.reading() as connection:
            rows = connection.execute(query).fetchall()
        return [
            RawSegmentRow(
                number=row[0],
                path=row[1],
                records=row[2],
                source_format=row[3].rpartition(" ")[0],
                importer_version=row[3].rpartition(" ")[2],
            )
            for row in rows
        ]

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
    " read, includes, kept, known, quarantined, rejected, ignored, locators_not_kept, expunged FROM intakes"
)


def _intake(row: Sequence[object]) -> IntakeRow:
    values = dict(zip(IntakeRow.__struct_fields__, row, strict=True))
    values["day"] = date.fromisoformat(str(values["day"]))
    for name in ("rejected", "ignored"):
        values[name] = msgspec.json.decode(str(values[name]), type=dict[str, int])
    return IntakeRow(**values)  # type: ignore[arg-type]  # columns in the order of the fields


def _upgrade(connection: sqlite3.Connection) -> None:
    """Bring a manifest of an earlier version to ours, in one step; whoever comes second finds it done."""
    connection.execute("BEGIN IMMEDIATE")
    found = connection.execute("PRAGMA user_version").fetchone()[0]
    for version in range(found, VERSION):
        for statement in filter(str.strip, _UPGRADES[version].split(";")):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version={VERSION}")
    connection.execute("COMMIT")


def known_ids(connection: sqlite3.Connection, obs_ids: Sequence[bytes]) -> set[bytes]:
    """Those of the given observation ids (32 bytes each) that the archive holds."""
    return {row[0] for row in _among(connection, "SELECT obs_id FROM known WHERE obs_id IN ({})", obs_ids)}


def expunged_ids(connection: sqlite3.Connection, obs_ids: Sequence[bytes]) -> set[bytes]:
    """Those of the given observation ids that were removed and must not come back."""
    query = "SELECT obs_id FROM expunged WHERE blocks = 1 AND obs_id IN ({})"
    return {row[0] for row in _among(connection, query, obs_ids)}


def raw_places(connection: sqlite3.Connection, obs_ids: Sequence[bytes]) -> Iterator[tuple[bytes, int]]:
    """(observation id, number of its raw segment) of those of the given ids whose raw record is there."""
    query = "SELECT DISTINCT obs_id, raw_segment FROM known WHERE pointer >= 0 AND obs_id IN ({})"
    for row in _among(connection, query, obs_ids):
        yield row[0], row[1]


def generation(connection: sqlite3.Connection) -> int:
    """The generation of the pseudonym key that everything that is held was hashed with."""
    return int(connection.execute("SELECT coalesce(max(number), 1) FROM generation").fetchone()[0])


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
