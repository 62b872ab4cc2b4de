"""A new key for private persons' hashes: everything that is held is hashed once more, in one switch.

Each stand-in `h:<hash>` becomes the hash of itself under a new link (`schema.identity.relinked`), wherever it
stands: in raw records, rows, sealed locators. So edges still join, and nobody's true id is needed. A raw
record that changes has another observation id, which is made anew.

New files are written to `tmp/rekey/` under the names of the old ones, each whole or not at all, so that a run
that was cut off goes on. Then, in one transaction, all of them take the places of the old ones. What was
stored meanwhile is done before that. Twice the room on the disk is needed until then.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from dalil.archive import bringers, custody, manifest, raw, rewriting
from dalil.archive.disk import place, write_synced
from dalil.archive.rewriting import Note
from dalil.archive.rows import RawSegmentRow, SegmentRow
from dalil.archive.scratch import Scratch
from dalil.archive.segments import OF_PICTURES, encode
from dalil.archive.workspace import Workspace
from dalil.errors import EvidenceDamaged
from dalil.schema.identity import canonical_bytes, observation_id, relinked

REKEYED: Final = "rekeyed"
FOLDER: Final = "rekey"
_STAND_IN: Final = re.compile(r"(?<![0-9A-Za-z])h:([0-9a-f]{32})(?![0-9a-f])")
_STAND_IN_BYTES: Final = re.compile(rb"(?<![0-9A-Za-z])h:([0-9a-f]{32})(?![0-9a-f])")
_UNKEYED: Final = OF_PICTURES
Progress = Callable[[int, int], bool]


@dataclass(slots=True)
class Rekeying:
    """One change of the key.

    Args:
        link: 32 bytes; what hashes every stand-in once more.
        identity: the key of observation ids.
        generation: the new one's number.
    """

    workspace: Workspace
    link: bytes
    identity: bytes
    generation: int
    ids: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Observation id → (new id, SHA-256 of the new raw record)."""

    @property
    def folder(self) -> Path:
        """Where the new files wait."""
        return self.workspace.tmp / FOLDER

    def stage(self, progress: Progress | None = None) -> bool:
        """Write every file that is not written anew yet; False when it was told to stop."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        raws, segments = self.workspace.manifest.raw_segments(), self._segments()
        total, done = len(raws) + len(segments), 0
        for raw_row in raws:
            if progress is not None and not progress(done, total):
                return False
            self._raw(raw_row)
            done += 1
        for row in segments:
            if progress is not None and not progress(done, total):
                return False
            self._segment(row)
            done += 1
        return True

    def switch(self, note: Note, referred: Collection[str]) -> bool:
        """Put the new files in the places of the old ones; False when something was stored since `stage`.

        Args:
            referred: observations to which something refers by their id: they are found under it afterwards.
        """
        workspace = self.workspace
        with workspace.manifest.writing() as connection:
            if not self._complete(connection):
                return False
            place(self._moves(connection))
            self._segments_in(connection)
            self._raws_in(connection, note)
            self._names_in(connection, referred)
            seq = custody.append(
                connection,
                day=note.day,
                circle=note.circle,
                action=REKEYED,
                object_=_digest(connection),
                tool=note.tool,
                reason=canonical_bytes({"generation": self.generation}).decode(),
            )
            connection.execute("INSERT INTO generation VALUES (?, ?)", (self.generation, seq))
        return True

    def end(self) -> None:
        """Remove what is not needed any more."""
        rewriting.finish(self.workspace)
        shutil.rmtree(self.folder, ignore_errors=True)

    def swap(self, text: str) -> str:
        """A text with every stand-in hashed once more."""
        return _STAND_IN.sub(lambda match: "h:" + relinked(self.link, match[1]), text) if "h:" in text else text

    def _segments(self) -> list[SegmentRow]:
        return [row for row in self.workspace.manifest.segments() if row.table not in _UNKEYED]

    def _raw(self, row: RawSegmentRow) -> None:
        path = self.folder / f"raw-{row.path}"
        old = list(raw.read_all(self.workspace.raw / row.path))
        fresh: list[tuple[bytes, bytes, bytes]] = []
        for obs_id, record in old:
            made = self._record(record)
            new = observation_id(self.identity, row.source_format, made)
            sha256 = hashlib.sha256(made)
            self.ids[obs_id.hex()] = (new, sha256.hexdigest())
            fresh.append((bytes.fromhex(new), sha256.digest(), made))
        if not path.exists():
            self._write(path, raw.build(fresh).data)

    def _record(self, record: bytes) -> bytes:
        return _STAND_IN_BYTES.sub(lambda match: b"h:" + relinked(self.link, match[1].decode()).encode(), record)

    def _segment(self, row: SegmentRow) -> None:
        path = self.folder / _staged(row.path)
        if path.exists():
            return
        try:
            rows = pq.read_table(self.workspace.archive / row.path, partitioning=None)
        except (OSError, pa.ArrowException) as error:
            raise EvidenceDamaged("archive-damaged", part=row.path) from error
        self._write(path, encode(self._rows(rows)))

    def _rows(self, rows: pa.Table) -> pa.Table:
        ids = rows["obs_id"].to_pylist() if "obs_id" in rows.schema.names else []
        columns = []
        for column in rows.schema:
            if column.name == "obs_id":
                values: list[Any] = [self.ids[one][0] if one in self.ids else one for one in ids]
            elif column.name == "raw_sha256":
                held = rows[column.name].to_pylist()
                values = [self.ids[one][1] if one in self.ids else was for one, was in zip(ids, held, strict=True)]
            elif column.name == "key_generation":
                values = [self.generation] * rows.num_rows
            elif _may_name(column.type):
                values = [self._inner(value) for value in rows[column.name].to_pylist()]
            else:
                columns.append(rows[column.name])
                continue
            columns.append(pa.array(values, column.type))
        return pa.Table.from_arrays(columns, schema=rows.schema)

    def _inner(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.swap(value)
        if isinstance(value, list):
            return [self._inner(item) for item in value]
        if isinstance(value, dict):
            return {name: self._inner(item) for name, item in value.items()}
        return value

    def _write(self, path: Path, data: bytes) -> None:
        with Scratch(self.workspace.tmp) as scratch:
            name = scratch.name()
            write_synced(name, data)
            place([(name, path)])

    def _complete(self, connection: sqlite3.Connection) -> bool:
        names = {path.name for path in self.folder.iterdir()}
        wanted = {f"raw-{row[0]}" for row in connection.execute("SELECT path FROM raw_segments")}
        query = "SELECT path, table_name FROM segments"
        wanted |= {_staged(row[0]) for row in connection.execute(query) if row[1] not in _UNKEYED}
        known = connection.execute("SELECT count(*) FROM known WHERE pointer >= 0").fetchone()[0]
        return wanted <= names and known == len(self.ids)

    def _moves(self, connection: sqlite3.Connection) -> list[tuple[Path, Path]]:
        """The staged files are copied by a second name, so that a crash after it can do it again."""
        moves = []
        for path, table in connection.execute("SELECT path, table_name FROM segments").fetchall():
            if table not in _UNKEYED:
                moves.append((self.folder / _staged(path), self.workspace.archive / self._fresh_path(path)))
        for (path,) in connection.execute("SELECT path FROM raw_segments").fetchall():
            moves.append((self.folder / f"raw-{path}", self.workspace.raw / self._fresh_raw(path)))
        linked = []
        for source, target in moves:
            twin = source.with_name(source.name + ".twin")
            twin.unlink(missing_ok=True)
            shutil.copyfile(source, twin)
            linked.append((twin, target))
        return linked

    def _fresh_path(self, path: str) -> str:
        return f"{path.removesuffix('.parquet')}.g{self.generation}.parquet"

    def _fresh_raw(self, path: str) -> str:
        return f"{path}.g{self.generation}"

    def _segments_in(self, connection: sqlite3.Connection) -> None:
        for number, table, path in connection.execute("SELECT id, table_name, path FROM segments").fetchall():
            if table in _UNKEYED:
                continue
            data = (self.folder / _staged(path)).read_bytes()
            connection.execute(
                "UPDATE segments SET path = ?, sha256 = ?, bytes = ? WHERE id = ?",
                (self._fresh_path(path), raw.sha256_of(data), len(data), number),
            )
            rewriting.leave(connection, [f"archive/{path}"])

    def _raws_in(self, connection: sqlite3.Connection, note: Note) -> None:
        for number, path, seq in connection.execute("SELECT id, path, custody FROM raw_segments").fetchall():
            data = (self.folder / f"raw-{path}").read_bytes()
            fresh = self._fresh_raw(path)
            connection.execute(
                "UPDATE raw_segments SET path = ?, sha256 = ?, bytes = ? WHERE id = ?",
                (fresh, raw.sha256_of(data), len(data), number),
            )
            rewriting.leave(connection, [f"raw/{path}"])
            connection.execute("DELETE FROM known WHERE raw_segment = ? AND pointer >= 0", (number,))
            connection.executemany(
                "INSERT INTO known VALUES (?, ?, ?)",
                [(obs_id, number, pointer) for obs_id, pointer in raw.pointers_of(data)],
            )
            rewriting.supersede(connection, seq, note)

    def _names_in(self, connection: sqlite3.Connection, referred: Collection[str]) -> None:
        """Locators, aliases, and what holds stand-ins and can be made again."""
        rows = connection.execute("SELECT pseudonym FROM locators").fetchall()
        connection.executemany(
            "UPDATE locators SET pseudonym = ? WHERE pseudonym = ?", [(self.swap(row[0]), row[0]) for row in rows]
        )
        for earlier, present in connection.execute("SELECT earlier, obs_id FROM aliases").fetchall():
            if present.hex() in self.ids:
                new = bytes.fromhex(self.ids[present.hex()][0])
                connection.execute("UPDATE aliases SET obs_id = ? WHERE earlier = ?", (new, earlier))
        pairs = [(bytes.fromhex(one), bytes.fromhex(self.ids[one][0])) for one in referred if one in self.ids]
        connection.executemany(
            "INSERT OR REPLACE INTO aliases VALUES (?, ?)", [pair for pair in pairs if pair[0] != pair[1]]
        )
        bringers.rename(connection, {bytes.fromhex(one): bytes.fromhex(new) for one, (new, *_) in self.ids.items()})
        for table, folder in (("finding_tables", "archive"), ("indexes", "indexes")):
            paths = [row[0] for row in connection.execute(f"SELECT path FROM {table}")]  # noqa: S608 - two names of ours
            rewriting.leave(connection, [f"{folder}/{path}" for path in paths])
            connection.execute(f"DELETE FROM {table}")  # noqa: S608 - the same
        connection.execute("DELETE FROM findings")


def is_due(workspace: Workspace, generation: int) -> bool:
    """Whether the archive is of a newer generation than the key ring: a crash fell between the two."""
    with workspace.manifest.reading() as connection:
        return manifest.generation(connection) > generation


def _staged(path: str) -> str:
    return path.replace("/", "-")


def _may_name(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_list(kind) or pa.types.is_struct(kind))


def _digest(connection: sqlite3.Connection) -> str:
    """The object of a `rekeyed` entry: of all raw segments as they are now."""
    hashes = sorted(row[0] for row in connection.execute("SELECT sha256 FROM raw_segments"))
    made = hashlib.sha256(f"dalil rekeyed 1 {len(hashes)}\n".encode())
    for sha256 in hashes:
        made.update(bytes.fromhex(sha256))
    return made.hexdigest()
