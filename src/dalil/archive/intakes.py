"""The manifest's rows of imports: opened, counted, ended; each function works inside its caller's transaction.

Counts must come out the same whether an import was cut off or not. So `kept` grows in the very
transactions that keep, and all else is set at the end, from a run that saw the whole file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from dalil.archive import custody
from dalil.errors import Conflict, NotAvailable
from dalil.schema.chunks import Begin, ChunkHead, End, Failed
from dalil.schema.identity import canonical_bytes

RUNNING: Final = "running"
COMPLETE: Final = "complete"
STOPPED: Final = "stopped"
FAILED: Final = "failed"
UNDOING: Final = "undoing"
UNDONE: Final = "undone"
_FROM: Final = ", from "


class Intake(NamedTuple):
    """What every step of an import needs to know of it."""

    row: int
    circle: str
    tool: str
    received_sha256: str
    received_bytes: int


class Container(NamedTuple):
    """The archive or folder that was handed over, of which an import reads one group of files."""

    sha256: str
    bytes: int


def container_of(begin: Begin) -> Container | None:
    """What the group lay in; None for a file that was handed over by itself."""
    return Container(begin.container_sha256, begin.container_bytes) if begin.container_sha256 else None


def open_intake(
    connection: sqlite3.Connection, begin: Begin, collected_by: str, day: str, options: Mapping[str, str] | None = None
) -> str:
    """A new import's id, or that of the import of the same file, format and circle that did not end."""
    key = (begin.received_sha256, begin.source_format, collected_by)
    row = connection.execute(
        "SELECT id, intake_id FROM intakes WHERE received_sha256 = ? AND source_format = ? AND collected_by = ?"
        " AND state = 'running' ORDER BY id DESC LIMIT 1",
        key,
    ).fetchone()
    if row:
        connection.execute(
            "UPDATE intakes SET importer_version = ?, options = ?, tells = 1 WHERE id = ?",
            (begin.importer_version, _text(options or {}), row[0]),
        )
        return str(row[1])
    count = connection.execute("SELECT count(*) FROM intakes WHERE received_sha256 = ?", key[:1]).fetchone()[0]
    intake_id = f"{begin.received_sha256[:16]}-{count + 1}"
    connection.execute(
        "INSERT INTO intakes (intake_id, received_sha256, source_format, collected_by, received_bytes, importer_version,"
        " day, state, options, tells) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1)",
        (intake_id, *key, begin.received_bytes, begin.importer_version, day, RUNNING, _text(options or {})),
    )
    return intake_id


def forget_options(connection: sqlite3.Connection, names: Collection[str]) -> int:
    """Leave out of what imports were given every value that is one of these names; answers of how many imports.

    Args:
        names: case-folded, without @.
    """
    told = connection.execute("SELECT id, options FROM intakes WHERE options != '{}'").fetchall()
    changed = 0
    for row, text in told:
        given = msgspec.json.decode(str(text), type=dict[str, str])
        kept = {name: value for name, value in given.items() if value.strip().lstrip("@").casefold() not in names}
        if len(kept) < len(given):
            connection.execute("UPDATE intakes SET options = ? WHERE id = ?", (_text(kept), row))
            changed += 1
    return changed


def find(connection: sqlite3.Connection, intake_id: str) -> Intake:
    """An import by its id, to write for it.

    Raises:
        NotAvailable: there is none.
        Conflict: `intake-undone`; somebody took it back meanwhile.
    """
    row = connection.execute(
        "SELECT id, collected_by, source_format, importer_version, received_sha256, received_bytes, state FROM intakes"
        " WHERE intake_id = ?",
        (intake_id,),
    ).fetchone()
    if not row:
        raise NotAvailable("no-such-thing")
    if row[6] in (UNDOING, UNDONE):
        raise Conflict("intake-undone")
    return Intake(row[0], row[1], f"{row[2]} {row[3]}", row[4], row[5])


def require_open(connection: sqlite3.Connection, intake: Intake) -> None:
    """Refuse to write for an import that was taken back since `find`.

    Raises:
        Conflict: `intake-undone`.
    """
    state = connection.execute("SELECT state FROM intakes WHERE id = ?", (intake.row,)).fetchone()[0]
    if state in (UNDOING, UNDONE):
        raise Conflict("intake-undone")


def mark_received(connection: sqlite3.Connection, intake: Intake, day: str, container: Container | None = None) -> None:
    """Enter the received file into custody, once, however often it comes; before it the archive or folder it lay in."""
    size = f"{intake.received_bytes} bytes"
    if container is None:
        _receive(connection, intake, day, intake.received_sha256, size)
        return
    _receive(connection, intake, day, container.sha256, f"{container.bytes} bytes, read file by file")
    _receive(connection, intake, day, intake.received_sha256, f"{size}{_FROM}{container.sha256}")


def _receive(connection: sqlite3.Connection, intake: Intake, day: str, sha256: str, reason: str) -> None:
    if connection.execute("SELECT 1 FROM received WHERE sha256 = ?", (sha256,)).fetchone():
        return
    seq = custody.append(
        connection,
        day=day,
        circle=intake.circle,
        action=custody.RECEIVED,
        object_=sha256,
        tool=intake.tool,
        reason=reason,
    )
    connection.execute("INSERT INTO received (sha256, received) VALUES (?, ?)", (sha256, seq))


def forget_received(connection: sqlite3.Connection, sha256: str) -> None:
    """Let a file be received anew, and the archive or folder it lay in, where no import of them stands any more.

    Custody keeps that they came; whoever brings them in again is entered again.
    """
    query = "SELECT 1 FROM intakes WHERE received_sha256 = ? AND state != ?"
    if connection.execute(query, (sha256, UNDONE)).fetchone():
        return
    told = "SELECT reason FROM received JOIN custody ON custody.seq = received.received WHERE received.sha256 = ?"
    row = connection.execute(told, (sha256,)).fetchone()
    connection.execute("DELETE FROM received WHERE sha256 = ?", (sha256,))
    _, lay_in, container = row[0].rpartition(_FROM) if row else ("", "", "")
    if lay_in:
        others = "SELECT 1 FROM received JOIN custody ON custody.seq = received.received WHERE reason LIKE '%' || ?"
        if not connection.execute(others, (_FROM + container,)).fetchone():
            connection.execute("DELETE FROM received WHERE sha256 = ?", (container,))


def count_chunk(connection: sqlite3.Connection, intake: Intake, head: ChunkHead, kept: int) -> None:
    """Note how far an import has come, and what it kept."""
    connection.execute(
        "UPDATE intakes SET read = ?, includes = ?, quarantined = ?, rejected = ?, kept = kept + ? WHERE id = ?",
        (head.read, head.includes, head.quarantined, _text(head.rejected), kept, intake.row),
    )


def add_rejects(connection: sqlite3.Connection, intake: Intake, rejects: Sequence[dict[str, str | None]]) -> None:
    """Keep what could not be read; a reject that is there already is not doubled."""
    connection.executemany(
        "INSERT OR IGNORE INTO rejects (intake, place, code, raw_hash) VALUES (?, ?, ?, ?)",
        [(intake.row, row["where"] or "", row["code"] or "", row["raw_hash"] or "") for row in rejects],
    )


def finish(
    connection: sqlite3.Connection,
    intake: Intake,
    end: End,
    *,
    day: str,
    handed_over: int,
    locators_not_kept: int,
    container: Container | None = None,
    expunged: int = 0,
) -> None:
    """End an import: its final counts, and `completed` in custody, once for each received file."""
    mark_received(connection, intake, day, container)
    kept = connection.execute("SELECT kept FROM intakes WHERE id = ?", (intake.row,)).fetchone()[0]
    known = max(0, handed_over - kept)
    connection.execute(
        "UPDATE intakes SET state = ?, code = ?, read = ?, includes = ?, quarantined = ?, rejected = ?, ignored = ?,"
        " known = ?, locators_not_kept = ?, expunged = ? WHERE id = ?",
        (
            STOPPED if end.stopped else COMPLETE,
            end.stopped,
            end.read,
            end.includes,
            end.quarantined,
            _text(end.rejected),
            _text(end.ignored),
            known,
            locators_not_kept,
            expunged,
            intake.row,
        ),
    )
    done = connection.execute("SELECT completed FROM received WHERE sha256 = ?", (intake.received_sha256,)).fetchone()[
        0
    ]
    if end.stopped or done is not None:
        return
    counts = {
        "read": end.read,
        "includes": end.includes,
        "kept": kept,
        "known": known,
        "quarantined": end.quarantined,
        "rejected": sum(end.rejected.values()),
    }
    seq = custody.append(
        connection,
        day=day,
        circle=intake.circle,
        action=custody.COMPLETED,
        object_=intake.received_sha256,
        tool=intake.tool,
        reason=canonical_bytes(counts).decode(),
    )
    connection.execute("UPDATE received SET completed = ? WHERE sha256 = ?", (seq, intake.received_sha256))


def fail(connection: sqlite3.Connection, intake: Intake, failed: Failed) -> None:
    """End an import whose file as a whole could not be read on; what was kept stays."""
    connection.execute("UPDATE intakes SET state = ?, code = ? WHERE id = ?", (FAILED, failed.code, intake.row))


def _text(values: Mapping[str, int] | Mapping[str, str]) -> str:
    return msgspec.json.encode(dict(values), order="sorted").decode()
