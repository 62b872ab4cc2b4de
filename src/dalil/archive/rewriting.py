"""Taking things out of what is stored: segments written anew without them, in one step, told by the chain.

`plan` reads and writes nothing but temporary files; `carry_out` takes the manifest's write lock, looks whether
everything it was planned for is still so, renames the new files and changes the rows, all or nothing.
Files that are no longer named are noted in `leaving` in the same transaction and removed after it, so
that a crash in between loses no removal: `finish` goes on with it, and whoever rewrites next calls it first.

Every `stored` entry of custody whose objects are not all there any more gets a successor, `rewritten`,
with the digest of what is left, and `superseded` leads from one to the other.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dalil.archive import custody, keeping_tables, manifest, mappings, raw
from dalil.archive.disk import place, write_synced
from dalil.archive.rows import SegmentRow
from dalil.archive.scratch import Scratch
from dalil.archive.segments import OF_PICTURES, SegmentDraft, encode
from dalil.archive.workspace import Workspace
from dalil.errors import EvidenceDamaged

REWRITTEN: Final = "rewritten"
KEYED: Final = (*mappings.TABLES, "media", mappings.MAPPED)
"""The tables whose rows belong to one observation."""


@dataclass(frozen=True, slots=True)
class Removal:
    """What is to go.

    Args:
        observations: all rows and the raw record of each.
        raws: observations whose raw record alone goes; their rows and its hash stay.
        media: hashes of media whose bytes go.
        fingerprints: of `media` those whose fingerprints go too: nobody shows them any more.
        unshown: of `media` those whose rows go too, whichever observation they are of.
        pseudonyms: stand-ins whose sealed locator goes.
    """

    observations: frozenset[bytes] = frozenset()
    raws: frozenset[bytes] = frozenset()
    media: frozenset[str] = frozenset()
    fingerprints: frozenset[str] = frozenset()
    unshown: frozenset[str] = frozenset()
    pseudonyms: frozenset[str] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Whether nothing goes."""
        return not (self.observations or self.raws or self.media or self.pseudonyms)


class Note(NamedTuple):
    """What custody says of it: day, circle, the tool that did it, and the second circle that agreed to it."""

    day: str
    circle: str
    tool: str
    second: str = ""


class Rewritten(NamedTuple):
    """One raw segment that is written anew."""

    number: int
    path: str
    fresh: raw.RawSegment

    @property
    def fresh_path(self) -> str:
        """Named by its hash; two that are empty are the same bytes, and each has its own file."""
        return self.fresh.sha256 if self.fresh.pointers else f"{self.fresh.sha256}.{self.number}"


@dataclass(slots=True)
class Plan:
    """Files to be replaced, and the moves that bring the new ones in."""

    removal: Removal
    newest: int
    segments: list[tuple[SegmentRow, SegmentDraft | None, int]] = field(default_factory=list)
    raws: list[Rewritten] = field(default_factory=list)
    findings: list[tuple[str, str]] = field(default_factory=list)
    moves: list[tuple[Path, Path]] = field(default_factory=list)


def plan(workspace: Workspace, removal: Removal, scratch: Scratch) -> Plan:
    """Find what holds something of the removal, and write it anew under temporary names."""
    with workspace.manifest.reading() as connection:
        made = Plan(removal, _newest(connection))
    ids = pa.array(sorted(obs_id.hex() for obs_id in removal.observations), pa.string())
    pictures = pa.array(sorted(removal.fingerprints), pa.string())
    wanted = {table: {"obs_id": ids} for table in KEYED} | {table: {"sha256": pictures} for table in OF_PICTURES}
    wanted["media"] = {"obs_id": ids, "sha256": pa.array(sorted(removal.unshown), pa.string())}
    for segment in workspace.manifest.segments():
        gone = {column: values for column, values in wanted.get(segment.table, {}).items() if len(values)}
        kept = _without(workspace.archive / segment.path, gone) if gone else None
        if kept is not None:
            draft = _draft(segment, kept) if kept.num_rows else None
            number = segment.mapping
            made.segments.append((segment, draft, number))
            if draft is not None:
                _stage(made, scratch, workspace.archive / mappings.path_of(draft, number), draft.data)
    for item in _raws(workspace, removal):
        made.raws.append(item)
        _stage(made, scratch, workspace.raw / item.fresh_path, item.fresh.data)
    made.findings = list(_findings_with(workspace, ids))
    return made


def carry_out(workspace: Workspace, made: Plan, note: Note, connection: sqlite3.Connection) -> bool:
    """Bring a plan in, inside the caller's write transaction; False, and nothing done, when it no longer fits.

    The caller adds its own entry to the chain, and calls `finish` after the transaction.
    """
    if not _fits(connection, made):
        return False
    place(made.moves)
    removal = made.removal
    old = [segment.path for segment, _, _ in made.segments]
    for segment, draft, number in made.segments:
        if draft is not None:
            steps = (segment.step_from, segment.step_to)
            mappings.record_segments(connection, [draft], number, schema_version=segment.schema_version, steps=steps)
        connection.execute("DELETE FROM segments WHERE path = ?", (segment.path,))
    leave(connection, [f"archive/{path}" for path in old])
    leave(connection, [f"raw/{item.path}" for item in made.raws])
    leave(connection, [_relative(workspace, workspace.media_path(sha256)) for sha256 in removal.media])
    touched = _change_raws(connection, made) | _media_entries(connection, removal.media)
    connection.executemany("DELETE FROM media WHERE sha256 = ?", [(sha256,) for sha256 in removal.media])
    connection.executemany("DELETE FROM image_signals WHERE sha256 = ?", [(one,) for one in removal.fingerprints])
    connection.executemany("DELETE FROM locators WHERE pseudonym = ?", [(one,) for one in removal.pseudonyms])
    connection.executemany("DELETE FROM aliases WHERE obs_id = ?", [(one,) for one in removal.observations])
    for finding_id, path in made.findings:
        leave(connection, [f"archive/{path}"])
        connection.execute("DELETE FROM finding_tables WHERE finding_id = ?", (finding_id,))
        connection.execute("DELETE FROM findings WHERE finding_id = ?", (finding_id,))
    # An index may hold anything of what is gone, and can be made again.
    leave(connection, keeping_tables.SEARCH_FILES)
    leave(connection, [f"indexes/{row[0]}" for row in connection.execute("SELECT path FROM indexes").fetchall()])
    connection.execute("DELETE FROM indexes")
    for seq in sorted(touched):
        supersede(connection, seq, note)
    return True


def supersede(connection: sqlite3.Connection, seq: int, note: Note) -> int:
    """Enter what is left of what entry `seq` stored, in its place; the number of the new entry."""
    tool = connection.execute("SELECT tool FROM custody WHERE seq = ?", (seq,)).fetchone()[0]
    segment = connection.execute("SELECT id, sha256 FROM raw_segments WHERE custody = ?", (seq,)).fetchone()
    ids = []
    if segment:
        query = "SELECT obs_id FROM known WHERE raw_segment = ? AND pointer >= 0"
        ids = [row[0] for row in connection.execute(query, (segment[0],))]
    media = [row[0] for row in connection.execute("SELECT sha256 FROM media WHERE custody = ?", (seq,))]
    fresh = custody.append(
        connection,
        day=note.day,
        circle=note.circle,
        action=REWRITTEN,
        object_=custody.stored_object(ids, media, segment[1] if segment else None),
        tool=tool,
        reason=f"of #{seq}",
    )
    connection.execute("INSERT INTO superseded VALUES (?, ?)", (seq, fresh))
    connection.execute("UPDATE raw_segments SET custody = ? WHERE custody = ?", (fresh, seq))
    connection.execute("UPDATE media SET custody = ? WHERE custody = ?", (fresh, seq))
    return fresh


def finish(workspace: Workspace) -> int:
    """Remove the files that rows no longer name; how many went. A name that is in use again stays."""
    with workspace.manifest.reading() as connection:
        waiting = [row[0] for row in connection.execute("SELECT path FROM leaving")]
    if not waiting:
        return 0
    removed = 0
    with workspace.manifest.writing() as connection:
        named = _named(connection)
        for path in waiting:
            place_ = workspace.folder / path
            if path not in named:
                try:
                    place_.unlink(missing_ok=True)
                except OSError:  # still open somewhere on Windows: the next one gets it
                    continue
                removed += 1
            connection.execute("DELETE FROM leaving WHERE path = ?", (path,))
    empty_log(workspace)
    return removed


def empty_log(workspace: Workspace) -> None:
    """Bring the manifest's log into its file: what was deleted must stay in neither."""
    with workspace.manifest.reading() as connection:
        connection.execute("ROLLBACK")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _without(path: Path, gone: Mapping[str, pa.Array]) -> pa.Table | None:
    """The rows of a file without those that have one of the given values in a column; None when it holds none of them."""
    try:
        keys = pq.read_table(path, columns=list(gone), partitioning=None)
        first, *others = [pc.is_in(keys[column], value_set=values) for column, values in gone.items()]
        found = first
        for other in others:
            found = pc.or_(found, other)
        if not pc.any(found).as_py():
            return None
        rows: pa.Table = pq.read_table(path, partitioning=None).filter(pc.invert(found))
    except (OSError, pa.ArrowException) as error:
        raise EvidenceDamaged("archive-damaged", part=path.name) from error
    return rows


def _draft(segment: SegmentRow, rows: pa.Table) -> SegmentDraft:
    """The same file with fewer rows; its extremes are still bounds."""
    data = encode(rows)
    return SegmentDraft(
        table=segment.table,
        month=segment.month,
        data=data,
        sha256=raw.sha256_of(data),
        rows=rows.num_rows,
        min_claimed=segment.min_claimed,
        max_claimed=segment.max_claimed,
    )


def _raws(workspace: Workspace, removal: Removal) -> Iterator[Rewritten]:
    gone = removal.observations | removal.raws
    with workspace.manifest.reading() as connection:
        where = dict(manifest.raw_places(connection, sorted(gone)))
        rows = connection.execute("SELECT id, path FROM raw_segments").fetchall()
    wanted = set(where.values())
    for number, path in rows:
        if number in wanted:
            yield Rewritten(number, path, raw.without(workspace.raw / path, gone))


def _findings_with(workspace: Workspace, ids: pa.Array) -> Iterator[tuple[str, str]]:
    """(finding, path of a table) of saved findings that name one of the observations."""
    with workspace.manifest.reading() as connection:
        rows = connection.execute("SELECT finding_id, path FROM finding_tables").fetchall()
    for finding_id, path in rows:
        try:
            table = pq.read_table(workspace.archive / path, partitioning=None)
        except (OSError, pa.ArrowException) as error:
            raise EvidenceDamaged("archive-damaged", part=path) from error
        if any(_holds(column, ids) for column in table.columns):
            yield finding_id, path


def _holds(column: pa.ChunkedArray, ids: pa.Array) -> bool:
    kind = column.type
    while pa.types.is_list(kind):
        column = pc.list_flatten(column)
        kind = column.type
    return pa.types.is_string(kind) and bool(pc.any(pc.is_in(column, value_set=ids)).as_py())


def _fits(connection: sqlite3.Connection, made: Plan) -> bool:
    """Whether every file that the plan replaces is still the one in use, and no file came that it does not know."""
    if _newest(connection) != made.newest:
        return False
    for segment, _, _ in made.segments:
        if connection.execute("SELECT 1 FROM segments WHERE path = ?", (segment.path,)).fetchone() is None:
            return False
    places = set(dict(manifest.raw_places(connection, sorted(made.removal.observations | made.removal.raws))).values())
    if places != {item.number for item in made.raws}:
        return False
    query = "SELECT 1 FROM raw_segments WHERE id = ? AND path = ?"
    return all(connection.execute(query, (item.number, item.path)).fetchone() for item in made.raws)


def _newest(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT coalesce(max(id), 0) FROM segments").fetchone()[0])


def _change_raws(connection: sqlite3.Connection, made: Plan) -> set[int]:
    """Point the rows at the new segments; the custody entries whose objects changed."""
    touched: set[int] = set()
    connection.executemany("DELETE FROM known WHERE obs_id = ?", [(one,) for one in made.removal.observations])
    connection.executemany("DELETE FROM raw_gone WHERE obs_id = ?", [(one,) for one in made.removal.observations])
    connection.executemany("UPDATE known SET pointer = -1 WHERE obs_id = ?", [(one,) for one in made.removal.raws])
    for item in made.raws:
        touched.add(connection.execute("SELECT custody FROM raw_segments WHERE id = ?", (item.number,)).fetchone()[0])
        query = "SELECT 1 FROM known WHERE raw_segment = ? LIMIT 1"
        if connection.execute(query, (item.number,)).fetchone() is None:
            connection.execute("DELETE FROM raw_segments WHERE id = ?", (item.number,))
            leave(connection, [f"raw/{item.fresh_path}"])
            continue
        connection.execute(
            "UPDATE raw_segments SET path = ?, sha256 = ?, bytes = ?, records = ? WHERE id = ?",
            (item.fresh_path, item.fresh.sha256, len(item.fresh.data), len(item.fresh.pointers), item.number),
        )
    return touched


def _media_entries(connection: sqlite3.Connection, media: Iterable[str]) -> set[int]:
    query = "SELECT custody FROM media WHERE sha256 = ?"
    return {row[0] for sha256 in media for row in connection.execute(query, (sha256,))}


def leave(connection: sqlite3.Connection, paths: Iterable[str]) -> None:
    """Note files, relative to the workspace, that `finish` must remove."""
    connection.executemany("INSERT OR IGNORE INTO leaving VALUES (?)", [(path,) for path in paths])


def _named(connection: sqlite3.Connection) -> set[str]:
    """The files that rows name, relative to the workspace, but for media, which are asked one by one."""
    named = {f"archive/{row[0]}" for row in connection.execute("SELECT path FROM segments")}
    named |= {f"archive/{row[0]}" for row in connection.execute("SELECT path FROM finding_tables")}
    named |= {f"raw/{row[0]}" for row in connection.execute("SELECT path FROM raw_segments")}
    named |= {f"indexes/{row[0]}" for row in connection.execute("SELECT path FROM indexes")}
    return named | {
        f"media/{row[0][:2]}/{row[0][2:4]}/{row[0]}" for row in connection.execute("SELECT sha256 FROM media")
    }


def _stage(made: Plan, scratch: Scratch, final: Path, data: bytes) -> None:
    path = scratch.name()
    write_synced(path, data)
    made.moves.append((path, final))


def _relative(workspace: Workspace, path: Path) -> str:
    return path.relative_to(workspace.folder).as_posix()
