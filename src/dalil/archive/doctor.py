"""Whether everything that is recorded is there and unchanged, and what lies about that is not recorded.

`verify` reads every file once and the whole chain. What it proves and what not is told in
`docs/explanation/archive.md`. Orphans are looked for under the manifest's write lock: at that moment no
writer is between renaming a file and recording it, so what nothing refers to was left by a crash.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from dalil.archive import custody, expunging, rewriting
from dalil.archive.raw import read_all
from dalil.archive.rows import Damage, Orphan
from dalil.archive.scratch import abandoned
from dalil.archive.search.index import SearchIndex
from dalil.archive.search.index import files as search_files
from dalil.archive.workspace import Workspace
from dalil.errors import EvidenceDamaged

_BLOCK = 1 << 20


def examine(workspace: Workspace) -> list[Damage | Orphan]:
    """All that is wrong and all that is left over: damages first."""
    return [*verify(workspace), *orphans(workspace)]


def verify(workspace: Workspace) -> list[Damage]:
    """Compare every recorded file with its hash, and the custody chain with itself and with what is held.

    Returns:
        Nothing when all is well; else each damage, named by file or `custody #n`.
    """
    found: list[Damage] = []
    try:
        with workspace.manifest.reading() as connection:
            if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
                found.append(Damage("archive/manifest.db", "changed"))
            found += _files(workspace, connection)
            found += _stored(workspace, connection)
    except (EvidenceDamaged, sqlite3.DatabaseError):
        return [*found, Damage("archive/manifest.db", "changed" if workspace.manifest.path.exists() else "missing")]
    index = SearchIndex(workspace)
    if index.is_begun() and not index.is_whole():
        found.append(Damage(_relative(workspace, index.path), "changed", "the search index", again=True))
    index.close()
    broken = custody.first_break(workspace.manifest.custody())
    if broken is not None:
        found.append(Damage(f"custody #{broken}", "broken"))
    return found


def orphans(workspace: Workspace) -> list[Orphan]:
    """Files of crashed writers; harmless."""
    with workspace.manifest.writing() as connection:
        return [Orphan(_relative(workspace, path), path.stat().st_size) for path in _orphans(workspace, connection)]


def repair(workspace: Workspace) -> list[Orphan]:
    """Remove orphans. Damage is another matter: see `mending`.

    Returns:
        What was removed.
    """
    removed: list[Orphan] = []
    with workspace.manifest.writing() as connection:
        for path in _orphans(workspace, connection):
            orphan = Orphan(_relative(workspace, path), path.stat().st_size)
            with suppress(OSError):  # still open somewhere on Windows: the next repair gets it
                path.unlink()
                removed.append(orphan)
        for folder in abandoned(workspace.tmp):
            shutil.rmtree(folder, ignore_errors=True)
    return removed


def _files(workspace: Workspace, connection: sqlite3.Connection) -> Iterator[Damage]:
    for recorded in _recorded(workspace, connection):
        what = ""
        if not recorded.path.is_file():
            what = "missing"
        elif _sha256(recorded.path) != recorded.sha256:
            what = "changed"
        if what:
            yield Damage(_relative(workspace, recorded.path), what, recorded.holds, recorded.again)


class _Recorded(NamedTuple):
    """A file that the manifest records, and what would be lost with it."""

    path: Path
    sha256: str
    holds: str
    again: bool


def _recorded(workspace: Workspace, connection: sqlite3.Connection) -> Iterator[_Recorded]:
    """Every file that the manifest records."""
    for path, sha256, table, rows, month in connection.execute(
        "SELECT path, sha256, table_name, rows, month FROM segments"
    ):
        holds = f"{rows} rows of {table} captured in {month}; their raw records are kept apart"
        yield _Recorded(workspace.archive / path, sha256, holds, again=False)
    for path, sha256, finding in connection.execute("SELECT path, sha256, finding_id FROM finding_tables"):
        yield _Recorded(workspace.archive / path, sha256, f"a table of finding {finding}", again=True)
    for path, sha256, records in connection.execute("SELECT path, sha256, records FROM raw_segments"):
        yield _Recorded(workspace.raw / path, sha256, f"{records} raw records", again=False)
    for path, sha256, name in connection.execute("SELECT path, sha256, name FROM indexes"):
        yield _Recorded(workspace.indexes / path, sha256, f"a part of index {name}", again=True)
    for (sha256,) in connection.execute("SELECT sha256 FROM media"):
        yield _Recorded(workspace.media_path(sha256), sha256, "one media file", again=False)


def _stored(workspace: Workspace, connection: sqlite3.Connection) -> Iterator[Damage]:
    """Raw segments, known ids, media and `stored` entries must all tell the same story.

    An entry whose objects are not all there any more has a successor, which tells what is left of them.
    """
    total = connection.execute("SELECT count(*) FROM raw_gone").fetchone()[0]
    query = "SELECT seq, object FROM custody WHERE action IN (?, ?) AND seq NOT IN (SELECT seq FROM superseded) ORDER BY seq"
    entries = connection.execute(query, (custody.STORED, rewriting.REWRITTEN)).fetchall()
    for seq, object_ in entries:
        media = [row[0] for row in connection.execute("SELECT sha256 FROM media WHERE custody = ?", (seq,))]
        row = connection.execute(
            "SELECT id, path, sha256, records FROM raw_segments WHERE custody = ?", (seq,)
        ).fetchone()
        ids: list[bytes] = []
        if row:
            total += row[3]
            try:
                ids = [obs_id for obs_id, _ in read_all(workspace.raw / row[1])]
            except EvidenceDamaged:
                continue  # told already by the file's hash
            if len(ids) != row[3] or _placed(connection, ids, row[0]) != len(ids):
                yield Damage(f"raw/{row[1]}", "changed")
        if custody.stored_object(ids, media, row[2] if row else None) != object_:
            yield Damage(f"custody #{seq}", "broken")
    if connection.execute("SELECT count(*) FROM known").fetchone()[0] != total:
        yield Damage("archive/manifest.db", "changed")
    yield from _expunged(connection)


def _expunged(connection: sqlite3.Connection) -> Iterator[Damage]:
    """The tombstones must be those that custody tells of."""
    entries = connection.execute("SELECT seq, object FROM custody WHERE action = ?", (expunging.EXPUNGED,)).fetchall()
    for seq, object_ in entries:
        tombs = connection.execute("SELECT obs_id, sha256 FROM expunged WHERE custody = ?", (seq,)).fetchall()
        if expunging.digest(tombs) != object_:
            yield Damage(f"custody #{seq}", "broken")


def _placed(connection: sqlite3.Connection, ids: Sequence[bytes], segment: int) -> int:
    """How many of the ids the manifest places in the segment."""
    query = "SELECT count(*) FROM known WHERE obs_id = ? AND raw_segment = ?"
    return sum(connection.execute(query, (obs_id, segment)).fetchone()[0] for obs_id in ids)


def _orphans(workspace: Workspace, connection: sqlite3.Connection) -> list[Path]:
    recorded = {one.path for one in _recorded(workspace, connection)}
    recorded |= {workspace.archive / row[0] for row in connection.execute("SELECT path FROM merged_away")}
    if (index := SearchIndex(workspace)).is_begun():
        recorded |= set(search_files(index.path))
    recorded |= {workspace.manifest.path.with_name(f"manifest.db{end}") for end in ("", "-wal", "-shm", "-journal")}
    found: list[Path] = []
    for folder in (workspace.archive, workspace.raw, workspace.media, workspace.indexes):
        found += [path for path in sorted(folder.rglob("*")) if path.is_file() and path not in recorded]
    for folder in abandoned(workspace.tmp):
        found += [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "lock"]
    return found


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _relative(workspace: Workspace, path: Path) -> str:
    return path.relative_to(workspace.folder).as_posix()
