"""`manifest.db`: what the archive holds, in SQLite, and how it is read and changed.

`synchronous=FULL`, so that a commit is on the disk before
the caller goes on: the desk writes rows that refer to observations right after, and a power cut must not
leave such a row without its fact.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec

from dalil.archive import custody
from dalil.archive.database import Database
from dalil.archive.disk import disk_errors
from dalil.archive.manifest_tables import VERSION, script
from dalil.archive.rows import CustodyEntry, IntakeRow, RawSegmentRow, RejectRow, SegmentRow
from dalil.errors import ConfigError

_AT_ONCE: Final = 4096
_PRAGMAS: Final = (
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    # Ids are random, so that each new one dirties a page of its own: 32 MiB of pages, and as much of log, are worth it.
    "cache_size=-32768",
    "wal_autocheckpoint=8192",
)


class Manifest(Database):
    """The manifest at one path."""

    VERSION = VERSION
    PRAGMAS = _PRAGMAS

    @classmethod
    def script(cls, found: int) -> str:
        """See `manifest_tables`."""
        return script(found)

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

    def head(self) -> str:
        """Hash of the newest custody entry, 64 hex digits: it names this state of the archive."""
        with self.reading() as connection:
            row = connection.execute("SELECT hash FROM custody ORDER BY seq DESC LIMIT 1").fetchone()
        return str(row[0]) if row else custody.GENESIS

    def facts_head(self) -> str:
        """The same, but of the newest entry that added something: merging files changes no result."""
        query = "SELECT hash FROM custody WHERE action != ? ORDER BY seq DESC LIMIT 1"
        with self.reading() as connection:
            row = connection.execute(query, (custody.COMPACTED,)).fetchone()
        return str(row[0]) if row else custody.GENESIS

    def segments(self, table: str | None = None) -> list[SegmentRow]:
        """The Parquet files of one table, or of all, oldest first."""
        with self.reading() as connection:
            return segments_in(connection, table)

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
    " read, includes, kept, known, quarantined, rejected, ignored, locators_not_kept, expunged, undone,"
    " undone_by, gone, taken_over, options FROM intakes"
)


def _intake(row: Sequence[object]) -> IntakeRow:
    values = dict(zip(IntakeRow.__struct_fields__, row, strict=True))
    values["day"] = date.fromisoformat(str(values["day"]))
    for name in ("rejected", "ignored"):
        values[name] = msgspec.json.decode(str(values[name]), type=dict[str, int])
    values["options"] = msgspec.json.decode(str(values["options"]), type=dict[str, str])
    return IntakeRow(**values)  # type: ignore[arg-type]  # columns in the order of the fields


def segments_in(connection: sqlite3.Connection, table: str | None = None) -> list[SegmentRow]:
    """The Parquet files of one table, or of all, oldest first, as the caller's transaction sees them."""
    rows = connection.execute(
        "SELECT table_name, month, path, rows, min_claimed, max_claimed, schema_version, sha256, bytes, step_from,"
        " step_to, mapping"
        " FROM segments WHERE ?1 IS NULL OR table_name = ?1 ORDER BY id",
        (table,),
    )
    return [SegmentRow(**dict(zip(SegmentRow.__struct_fields__, row, strict=True))) for row in rows]


def known_ids(connection: sqlite3.Connection, obs_ids: Sequence[bytes]) -> set[bytes]:
    """Those of the given observation ids (32 bytes each) that the archive holds."""
    return {row[0] for row in among(connection, "SELECT obs_id FROM known WHERE obs_id IN ({})", obs_ids)}


def expunged_ids(connection: sqlite3.Connection, obs_ids: Sequence[bytes]) -> set[bytes]:
    """Those of the given observation ids that were removed and must not come back."""
    query = "SELECT obs_id FROM expunged WHERE blocks = 1 AND obs_id IN ({})"
    return {row[0] for row in among(connection, query, obs_ids)}


def raw_places(connection: sqlite3.Connection, obs_ids: Sequence[bytes]) -> Iterator[tuple[bytes, int]]:
    """(observation id, number of its raw segment) of those of the given ids whose raw record is there."""
    query = "SELECT DISTINCT obs_id, raw_segment FROM known WHERE pointer >= 0 AND obs_id IN ({})"
    for row in among(connection, query, obs_ids):
        yield row[0], row[1]


def generation(connection: sqlite3.Connection) -> int:
    """The generation of the pseudonym key that everything that is held was hashed with."""
    return int(connection.execute("SELECT coalesce(max(number), 1) FROM generation").fetchone()[0])


def known_media(connection: sqlite3.Connection, sha256s: Sequence[str]) -> set[str]:
    """Those of the given media hashes that the archive holds."""
    return {row[0] for row in among(connection, "SELECT sha256 FROM media WHERE sha256 IN ({})", sha256s)}


def known_pseudonyms(connection: sqlite3.Connection, pseudonyms: Sequence[str]) -> set[str]:
    """Those of the given pseudonyms whose locator is sealed already."""
    return {row[0] for row in among(connection, "SELECT pseudonym FROM locators WHERE pseudonym IN ({})", pseudonyms)}


def known_image_signals(connection: sqlite3.Connection, sha256s: Sequence[str]) -> set[tuple[str, str, str]]:
    """(sha256, method, method version) of all signals held for the given pictures."""
    query = "SELECT sha256, method, method_version FROM image_signals WHERE sha256 IN ({})"
    return {(row[0], row[1], row[2]) for row in among(connection, query, sha256s)}


def among(
    connection: sqlite3.Connection, query: str, values: Sequence[bytes] | Sequence[str]
) -> Iterator[tuple[Any, ...]]:
    """The rows of a question about some values, `IN ({})` last; the last value may be asked for twice.

    Some thousands are asked at a time; a table that is empty is not asked value by value.
    """
    if values and connection.execute(f"{query.partition(' WHERE ')[0]} LIMIT 1").fetchone() is None:
        return
    for start in range(0, len(values), _AT_ONCE):
        part = list(values[start : start + _AT_ONCE])
        # Filled up to a power of two: a statement of every length would be compiled and kept, half a megabyte each.
        places = 1 << (len(part) - 1).bit_length()
        yield from connection.execute(query.format(",".join("?" * places)), part + part[-1:] * (places - len(part)))
