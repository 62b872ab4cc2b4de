"""The way out of the archive: its tables as Ibis tables, its raw records, media, findings and indexes.

`Archive` may be used by several threads at once, and by several processes: readers take no lock. Every
question looks into the manifest anew, so that a server shows what a worker has just stored.

The engine is loaded and opened with the first table that is asked for: half a second that whoever only
writes, or reads the manifest, does not pay.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import msgspec
import numpy as np

from dalil.archive import locators, manifest, mappings, raw, table_files
from dalil.archive.rows import CustodyEntry, IntakeRow, RejectRow, SegmentRow
from dalil.archive.scratch import Scratch
from dalil.archive.workspace import Workspace
from dalil.errors import EvidenceDamaged, InputError, NotAvailable
from dalil.schema.results import Finding
from dalil.schema.tables import STORED, TABLES_VERSION

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from dalil.archive.engine import Engine

_VIEWS_KEPT: Final = 256
_TRIES: Final = 5
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class SavedIndex:
    """An index: its arrays (read-only, mapped from disk), the archive head it was made from, its facts."""

    arrays: dict[str, np.ndarray[Any, Any]]
    manifest_head: str
    facts: dict[str, str]


class Archive:
    """Reads one workspace.

    Args:
        memory_mib: limit on the engine's memory, in MiB.
        threads: of the engine.
    """

    def __init__(self, workspace: Workspace, *, memory_mib: int = 2048, threads: int = 2) -> None:
        self.workspace = workspace
        self._manifest = workspace.manifest
        self._limits = (memory_mib, threads)
        self._opened: tuple[Engine, Scratch] | None = None
        self._opening = threading.Lock()
        self._views: OrderedDict[str, None] = OrderedDict()
        self._tables: dict[str, tuple[tuple[int, int, int], ir.Table]] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """End the engine and remove its temporary files; tables handed out can no longer be read."""
        with self._opening:
            if self._opened is not None:
                backend, scratch = self._opened
                backend.con.close()
                scratch.close()
        self._manifest.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def _engine(self) -> Engine:
        with self._opening:
            if self._opened is None:
                self._opened = self._open()
            return self._opened[0]

    def _open(self) -> tuple[Engine, Scratch]:
        from dalil.archive import engine

        scratch = Scratch(self.workspace.tmp)
        memory_mib, threads = self._limits
        backend = engine.connect(
            # Table by table: not the manifest, which lies beside them and holds sealed locators.
            folders=[self.workspace.archive / name for name in (*STORED, mappings.MAPPED, "findings")],
            files=[],
            scratch=scratch.folder,
            memory_mib=memory_mib,
            threads=threads,
        )
        for name, schema in STORED.items():
            engine.make_table(backend, f"empty_{name}", schema.empty_table())
        return backend, scratch

    def table(self, name: str, *, claimed: tuple[datetime, datetime] | None = None) -> ir.Table:
        """One of `schema.tables.STORED` as it stands now, all segments together, in the newest schema.

        The table stays what it was when it was asked for; ask again to see what came later.

        Args:
            claimed: leave out segments of which no row claims a time between these two (aware, both included): rows
                of other times come along, and the caller filters them.
        Raises:
            NotAvailable: there is no such table.
            EvidenceDamaged: a segment is missing or cannot be read.
        """
        if name not in STORED:
            raise NotAvailable("no-such-thing")
        if claimed is not None:
            span = (_micros(claimed[0]), _micros(claimed[1]))
            return self.part(name, [row for row in self._manifest.segments(name) if row.touches(span)])
        mark = self._manifest.mark(name)
        with self._lock:
            kept = self._tables.get(name)
        if kept is None or kept[0] != mark:
            kept = (mark, self.part(name, self._manifest.segments(name)))
            with self._lock:
                self._tables[name] = kept
        return kept[1]

    def segments(self, name: str) -> list[SegmentRow]:
        """The segments of one table, for `part`."""
        return self._manifest.segments(name)

    def all_segments(self) -> list[SegmentRow]:
        """The segments of all tables as of one moment."""
        return self._manifest.segments()

    def part(self, name: str, segments: Sequence[SegmentRow], *, as_stored: bool = False) -> ir.Table:
        """Some segments of a table, those of each schema version raised to the newest, each row as last read.

        Args:
            as_stored: also the rows that a later reading of the raw records took the place of.
        """
        from dalil.archive.upcasts import STEPS, conform, upcast

        empty = self._engine.table(f"empty_{name}")
        groups: dict[tuple[int, int], list[str]] = {}
        for segment in segments:
            groups.setdefault((segment.mapping, segment.schema_version), []).append(segment.path)
        mapped = None if as_stored or name not in mappings.TABLES else self._mapped()
        parts = []
        for (number, version), paths in sorted(groups.items()):
            rows = self._view(f"{name}_v{version}_{_digest(paths)}", paths)
            rows = conform(upcast(rows, name, version, newest=TABLES_VERSION, steps=STEPS), empty)
            parts.append(rows if mapped is None else mappings.newest(rows, mapped, number))
        if not parts:
            return empty
        first, *others = parts
        return first.union(*others) if others else first

    def _mapped(self) -> ir.Table | None:
        """Which observations a later reading took up; None where there was none."""
        paths = [segment.path for segment in self._manifest.segments(mappings.MAPPED)]
        return self._view(f"mapped_{_digest(paths)}", paths) if paths else None

    def findings(self, kind: str | None = None) -> list[Finding]:
        """Saved findings of one kind, or all, newest first."""
        query = "SELECT body FROM findings WHERE ?1 IS NULL OR kind = ?1 ORDER BY id DESC"
        with self._manifest.reading() as connection:
            return [msgspec.json.decode(row[0], type=Finding) for row in connection.execute(query, (kind,))]

    def finding_table(self, finding_id: str, name: str) -> ir.Table:
        """One table of a saved finding.

        Raises:
            NotAvailable: there is none.
        """
        query = "SELECT path FROM finding_tables WHERE finding_id = ? AND name = ?"
        for _ in range(_TRIES):
            with self._manifest.reading() as connection:
                row = connection.execute(query, (finding_id, name)).fetchone()
            if not row:
                raise NotAvailable("no-such-thing")
            if (self.workspace.archive / row[0]).exists():
                return self._view(f"finding_{Path(row[0]).stem}", [row[0]])
        raise EvidenceDamaged("archive-damaged", part=row[0])

    def index(self, name: str) -> SavedIndex | None:
        """A saved index, None if there is none.

        Raises:
            EvidenceDamaged: one of its arrays is missing or cannot be read.
        """
        query = "SELECT array, path, head, facts FROM indexes WHERE name = ?"
        error: OSError | ValueError | None = None
        for _ in range(_TRIES):  # a file may be replaced between the look into the manifest and the opening
            with self._manifest.reading() as connection:
                rows = connection.execute(query, (name,)).fetchall()
            if not rows:
                return None
            try:
                arrays = {row[0]: np.load(self.workspace.indexes / row[1], mmap_mode="r") for row in rows}
            except (OSError, ValueError) as found:
                error = found
                continue
            return SavedIndex(arrays, rows[0][2], msgspec.json.decode(rows[0][3], type=dict[str, str]))
        raise EvidenceDamaged("archive-damaged", part=f"indexes/{name}") from error

    def raw(self, obs_id: str) -> bytes:
        """The redacted raw record of one observation, checked against its hash.

        Raises:
            NotAvailable: no such observation, or `raw-gone`: its raw record is not kept any more.
            EvidenceDamaged: the record is missing or no longer has its hash.
        """
        query = (
            "SELECT path, pointer FROM known JOIN raw_segments ON raw_segments.id = known.raw_segment WHERE obs_id = ?"
        )
        try:
            key = bytes.fromhex(obs_id)
        except ValueError:
            raise NotAvailable("no-such-thing") from None
        with self._manifest.reading() as connection:
            present = connection.execute("SELECT obs_id FROM aliases WHERE earlier = ?", (key,)).fetchone()
            row = connection.execute(query, present or (key,)).fetchone()
        if not row:
            raise NotAvailable("no-such-thing")
        if row[1] < 0:
            raise NotAvailable("raw-gone")
        return raw.read_record(self.workspace.raw / row[0], row[1])

    def holds(self, obs_ids: list[str]) -> set[str]:
        """Those of the given observations that the archive holds."""
        with self._manifest.reading() as connection:
            found = manifest.known_ids(connection, [bytes.fromhex(obs_id) for obs_id in obs_ids])
        return {obs_id.hex() for obs_id in found}

    def renamed(self, obs_ids: list[str]) -> dict[str, str]:
        """Earlier id → present id, of those of the given ids, earlier or present, that were changed."""
        wanted = set(obs_ids)
        with self._manifest.reading() as connection:
            rows = connection.execute("SELECT earlier, obs_id FROM aliases").fetchall()
        pairs = {earlier.hex(): present.hex() for earlier, present in rows}
        return {old: new for old, new in pairs.items() if old in wanted or new in wanted}

    def holds_media(self, sha256s: Collection[str]) -> set[str]:
        """Those of the given media hashes whose bytes the archive holds."""
        with self._manifest.reading() as connection:
            return manifest.known_media(connection, sorted(sha256s))

    def media_path(self, sha256: str) -> Path:
        """The file of one media item.

        Raises:
            NotAvailable: the archive does not hold it.
            EvidenceDamaged: it should be there and is not.
        """
        with self._manifest.reading() as connection:
            held = manifest.known_media(connection, [sha256])
        if not held:
            raise NotAvailable("no-such-thing")
        path = self.workspace.media_path(sha256)
        if not path.is_file():
            raise EvidenceDamaged("archive-damaged", part=sha256)
        return path

    def sealed_locator(self, pseudonym: str) -> tuple[bytes, str, str] | None:
        """(sealed locator, inner circle, outer circle) of a private person; see `locators.peel`."""
        query = (
            "SELECT sealed, inner_circle, outer_circle, number, inner_secret, outer_secret FROM locators"
            " LEFT JOIN locator_batches ON locator_batches.id = locators.batch WHERE pseudonym = ?"
        )
        with self._manifest.reading() as connection:
            row = connection.execute(query, (pseudonym,)).fetchone()
        if not row:
            return None
        sealed, inner, outer, number, *secrets = row
        if number is not None:
            sealed = locators.together(locators.Secrets(*secrets), number, sealed)
        return sealed, inner, outer

    def intakes(self) -> list[IntakeRow]:
        """All imports, newest first."""
        return self._manifest.intakes()

    def intake(self, intake_id: str) -> IntakeRow | None:
        """One import, None where there is none of that id."""
        return self._manifest.intake(intake_id)

    def rejects(self, intake_id: str) -> list[RejectRow]:
        """What one import could not read, in the order of the file."""
        return self._manifest.rejects(intake_id)

    def custody(self, limit: int | None = None) -> list[CustodyEntry]:
        """The newest `limit` entries of the custody chain, or all, oldest first."""
        return self._manifest.custody(limit)

    def manifest_head(self) -> str:
        """Names this state of the archive: the hash of the newest custody entry."""
        return self._manifest.head()

    def facts_head(self) -> str:
        """Names what the archive holds: it stays while files are merged, and what was made from it stays fresh."""
        return self._manifest.facts_head()

    def _view(self, view: str, paths: list[str]) -> ir.Table:
        """A table over Parquet files; the view is made once and kept while it is among the last used."""
        from dalil.archive import engine

        with self._lock:
            if view not in self._views:
                files = ", ".join(engine.quote((self.workspace.archive / path).as_posix()) for path in paths)
                # The folder's `month=` is ours alone: it must not appear as a column.
                query = f"SELECT * FROM read_parquet([{files}], hive_partitioning = false)"  # noqa: S608 - quoted above
                try:
                    engine.make_view(self._engine, view, query)
                except engine.UNREADABLE as error:
                    raise EvidenceDamaged("archive-damaged", part=paths[0].partition("/")[0]) from error
                self._views[view] = None
            self._views.move_to_end(view)
            while len(self._views) > _VIEWS_KEPT:
                old, _ = self._views.popitem(last=False)
                self._tables.clear()  # one of them may rest on it
                engine.drop_view(self._engine, old)
        return self._engine.table(view)


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _digest(paths: Sequence[str]) -> str:
    return hashlib.blake2b("\n".join(paths).encode(), digest_size=16).hexdigest()


def open_table_file(
    path: Path | str, *, memory_mib: int = 2048, threads: int = 2, scratch: Path | None = None
) -> ir.Table:
    """A CSV or Parquet file as a table, without a workspace.

    All columns of a CSV are text, since ids are text (law 1): cast what is a number or a time.

    Args:
        scratch: an existing folder of the caller's in which the engine may spill; None: it does not spill.
    Raises:
        InputError: `path-missing`, or `table-unreadable` when it is neither.
        LimitReached: `file-too-large`; a CSV that is held whole in memory, see `table_files`.
    """
    from dalil.archive import engine

    path = Path(path).absolute()
    rows = None if table_files.is_parquet(path) else table_files.read_csv(path)
    backend = engine.connect(folders=[], files=[path], scratch=scratch, memory_mib=memory_mib, threads=threads)
    if rows is not None:
        engine.make_table(backend, "file", rows)
        return backend.table("file")
    reader = f"read_parquet({engine.quote(path.as_posix())}, hive_partitioning = false)"
    try:
        engine.make_view(backend, "file", f"SELECT * FROM {reader}")  # noqa: S608 - quoted above
        return backend.table("file")
    except (EvidenceDamaged, engine.UNREADABLE):
        raise InputError("table-unreadable", name=path.name) from None
