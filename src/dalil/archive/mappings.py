"""What was read anew from raw records: new rows beside the old ones, and readers that prefer the newest.

A *mapping* is one run over the raw records of one format with one version of its importer. It writes only
observations whose rows changed: their new rows as new segments, and a segment of `mapped` that names
them with the mapping's number. A reader leaves out the rows of an earlier number for every observation
named by a later one. Nothing is overwritten: old rows stay until compaction leaves them out.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dalil.archive import custody, keeping_tables, manifest
from dalil.archive.disk import place, write_synced
from dalil.archive.scratch import Scratch
from dalil.archive.segments import SegmentDraft, order_of, split
from dalil.archive.workspace import Workspace
from dalil.schema.identity import canonical_bytes
from dalil.schema.tables import STORED, TABLES_VERSION

if TYPE_CHECKING:
    import ibis.expr.types as ir

REMAPPED: Final = "remapped"
"""The action in custody; its object is the digest of the observations and their new segments."""
MAPPED: Final = "mapped"
TABLES: Final = ("observations", "posts", "accounts", "edges", "text_signals")
"""The tables that an importer fills from a record. Media and their fingerprints come from bytes, and stay."""
SCHEMA: Final = pa.schema([("obs_id", pa.string()), ("mapping", pa.int64())])


class Run(NamedTuple):
    """One mapping: its number, what reads, and for whom."""

    number: int
    source_format: str
    importer_version: str
    circle: str

    @property
    def tool(self) -> str:
        """As custody names it."""
        return f"{self.source_format} {self.importer_version}"


def begin(
    workspace: Workspace, source_format: str, importer_version: str, *, circle: str, day: str, anew: bool = False
) -> Run:
    """The mapping of this format by this version: the one that was begun already, or a new one.

    Args:
        anew: a new one whatever there is, because everything is to be read again.
    """
    query = "SELECT max(id) FROM mappings WHERE source_format = ? AND importer_version = ?"
    with workspace.manifest.writing() as connection:
        begun = connection.execute(query, (source_format, importer_version)).fetchone()[0]
        if begun is not None and not anew:
            return Run(int(begun), source_format, importer_version, circle)
        added = connection.execute(
            "INSERT INTO mappings (source_format, importer_version, day, circle) VALUES (?, ?, ?, ?)",
            (source_format, importer_version, day, circle),
        )
        return Run(int(added.lastrowid or 0), source_format, importer_version, circle)


def through(workspace: Workspace, source_format: str, importer_version: str) -> int:
    """The number of the raw segment up to which this version has read the format's records again; 0 before it began."""
    query = "SELECT through FROM mappings WHERE source_format = ? AND importer_version = ? ORDER BY id DESC LIMIT 1"
    with workspace.manifest.reading() as connection:
        row = connection.execute(query, (source_format, importer_version)).fetchone()
    return int(row[0]) if row else 0


def reached(workspace: Workspace, run: Run, raw_segment: int) -> None:
    """Note that a mapping has come through a raw segment: after its rows were written, never before."""
    with workspace.manifest.writing() as connection:
        connection.execute("UPDATE mappings SET through = max(through, ?) WHERE id = ?", (raw_segment, run.number))


def add(workspace: Workspace, run: Run, tables: Mapping[str, pa.Table], *, day: str) -> int:
    """Write the new rows of some observations; wholly or not at all.

    Args:
        tables: of `TABLES`, all rows of each observation that is in `observations`, whose envelope
            (`collected_at`, where raw lies) is that of the rows that are held.
    Returns:
        How many observations were written: those that were expunged meanwhile are left out.
    """
    while True:
        tables = _still_held(workspace, tables)
        ids = [bytes.fromhex(obs_id) for obs_id in tables["observations"]["obs_id"].to_pylist()]
        if not ids:
            return 0
        drafts = _drafts(tables, run.number)
        with Scratch(workspace.tmp) as scratch:
            moves = []
            for item in drafts:
                path = scratch.name()
                write_synced(path, item.data)
                moves.append((path, workspace.archive / path_of(item, run.number)))
            with workspace.manifest.writing() as connection:
                if len(manifest.known_ids(connection, ids)) < len(set(ids)):
                    continue
                place(moves)
                _insert(connection, run, drafts, ids, day)
                return len(ids)


def newest(rows: ir.Table, mapped: ir.Table, number: int) -> ir.Table:
    """Rows of one reading without those observations that a later one read anew."""
    return rows.anti_join(mapped.filter(mapped.mapping > number), "obs_id")


def path_of(item: SegmentDraft, number: int) -> str:
    """Where a segment of reading `number` lies: two readings may give the same bytes, and each has its own file."""
    return item.path if not number else item.path.replace(".parquet", f".m{number}.parquet")


def record_segments(
    connection: sqlite3.Connection,
    drafts: Iterable[SegmentDraft],
    number: int,
    *,
    schema_version: int = TABLES_VERSION,
    steps: tuple[int | None, int | None] = (None, None),
) -> None:
    """Enter Parquet files into the manifest, as part of reading `number` (0: the first).

    Args:
        steps: between which custody entries their rows were stored; now, where none are given.
    """
    for item in drafts:
        path = path_of(item, number)
        connection.execute(
            "INSERT INTO segments (table_name, month, path, rows, min_claimed, max_claimed, schema_version, sha256, bytes,"
            " step_from, step_to, mapping) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(item.table, item.month, path, item.rows, item.min_claimed, item.max_claimed),
                *(schema_version, item.sha256, len(item.data), *steps, number),
            ),
        )


def _still_held(workspace: Workspace, tables: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    ids = tables["observations"]["obs_id"].to_pylist()
    with workspace.manifest.reading() as connection:
        held = {obs_id.hex() for obs_id in manifest.known_ids(connection, [bytes.fromhex(one) for one in ids])}
    if len(held) == len(set(ids)):
        return dict(tables)
    kept = pa.array(sorted(held), pa.string())
    return {name: rows.filter(pc.is_in(rows["obs_id"], value_set=kept)) for name, rows in tables.items()}


def _drafts(tables: Mapping[str, pa.Table], number: int) -> list[SegmentDraft]:
    full = {name: tables.get(name, STORED[name].empty_table()) for name in TABLES}
    order = order_of(full)
    drafts: list[SegmentDraft] = []
    for name in TABLES:
        drafts += split(name, full[name], order.places(full[name]["obs_id"]), order)
    ids = full["observations"]["obs_id"]
    rows = pa.table({"obs_id": ids, "mapping": pa.array(np.full(len(ids), number))}, schema=SCHEMA)
    return [*drafts, *split(MAPPED, rows, order.places(ids), order)]


def _insert(connection: sqlite3.Connection, run: Run, drafts: list[SegmentDraft], ids: list[bytes], day: str) -> None:
    digest = hashlib.sha256(f"dalil remapped 1 {len(ids)} {len(drafts)}\n".encode())
    for part in (*sorted(ids), *sorted(bytes.fromhex(item.sha256) for item in drafts)):
        digest.update(part)
    custody.append(
        connection,
        day=day,
        circle=run.circle,
        action=REMAPPED,
        object_=digest.hexdigest(),
        tool=run.tool,
        reason=canonical_bytes({"mapping": run.number, "observations": len(ids)}).decode(),
    )
    record_segments(connection, drafts, run.number)
    # Words are indexed as they were read; whoever searches next has them indexed anew.
    connection.executemany(
        "INSERT OR IGNORE INTO leaving VALUES (?)", [(path,) for path in keeping_tables.SEARCH_FILES]
    )
    connection.execute("UPDATE mappings SET changed = changed + ? WHERE id = ?", (len(ids), run.number))
