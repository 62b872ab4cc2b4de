"""Findings and indexes: results that can be made again, saved beside the facts and replaced whole.

They are no custody: a finding names the archive head it was made from. A new version is written first,
then recorded, then the old files go; a reader that was about to open one of them looks again.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import pyarrow as pa

from dalil.archive.disk import place, write_synced
from dalil.archive.scratch import Scratch
from dalil.archive.segments import encode
from dalil.archive.workspace import Workspace
from dalil.schema.results import Finding

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,80}")


def save_finding(workspace: Workspace, finding: Finding, tables: Mapping[str, pa.Table]) -> None:
    """Save a finding and its tables; an earlier one of the same id is replaced.

    Raises:
        ValueError: the id or a table's name is not plain.
    """
    for name in (finding.finding_id, *tables):
        _check_name(name)
    files = {name: encode(table) for name, table in tables.items()}
    paths = {name: f"findings/{finding.finding_id}/{name}-{_sha256(data)}.parquet" for name, data in files.items()}
    with Scratch(workspace.tmp) as scratch:
        moves = [(_stage(scratch, data), workspace.archive / paths[name]) for name, data in files.items()]
        with workspace.manifest.writing() as connection:
            old = connection.execute("SELECT path FROM finding_tables WHERE finding_id = ?", (finding.finding_id,))
            stale = {workspace.archive / row[0] for row in old.fetchall()} - {target for _, target in moves}
            place(moves)
            connection.execute("DELETE FROM findings WHERE finding_id = ?", (finding.finding_id,))
            connection.execute("DELETE FROM finding_tables WHERE finding_id = ?", (finding.finding_id,))
            connection.execute(
                "INSERT INTO findings (finding_id, kind, body) VALUES (?, ?, ?)",
                (finding.finding_id, finding.kind, msgspec.json.encode(finding)),
            )
            connection.executemany(
                "INSERT INTO finding_tables VALUES (?, ?, ?, ?, ?)",
                [
                    (finding.finding_id, name, paths[name], tables[name].num_rows, _sha256(data))
                    for name, data in files.items()
                ],
            )
    _remove(stale)


def save_index(
    workspace: Workspace, name: str, arrays: Mapping[str, np.ndarray], facts: Mapping[str, str], head: str
) -> None:
    """Save an index as plain arrays; an earlier one of that name is replaced.

    Raises:
        ValueError: a name is not plain, or an array holds Python objects.
    """
    for item in (name, *arrays):
        _check_name(item)
    files = {array: _npy(values) for array, values in arrays.items()}
    paths = {array: f"{name}-{array}-{_sha256(data)}.npy" for array, data in files.items()}
    text = msgspec.json.encode(dict(facts), order="sorted").decode()
    with Scratch(workspace.tmp) as scratch:
        moves = [(_stage(scratch, data), workspace.indexes / paths[array]) for array, data in files.items()]
        with workspace.manifest.writing() as connection:
            old = connection.execute("SELECT path FROM indexes WHERE name = ?", (name,))
            stale = {workspace.indexes / row[0] for row in old.fetchall()} - {target for _, target in moves}
            place(moves)
            connection.execute("DELETE FROM indexes WHERE name = ?", (name,))
            connection.executemany(
                "INSERT INTO indexes VALUES (?, ?, ?, ?, ?, ?)",
                [(name, array, paths[array], _sha256(data), head, text) for array, data in files.items()],
            )
    _remove(stale)


def _stage(scratch: Scratch, data: bytes) -> Path:
    path = scratch.name()
    write_synced(path, data)
    return path


def _npy(values: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, np.ascontiguousarray(values), allow_pickle=False)
    return file.getvalue()


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError(
            "names of findings, tables and indexes are lower-case letters, digits, dots, dashes and underscores"
        )


def _remove(paths: set[Path]) -> None:
    for path in paths:
        with suppress(OSError):  # still open somewhere on Windows: doctor removes it later
            path.unlink()
