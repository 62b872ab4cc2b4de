"""Texts read in pictures, added to the archive as rows of their own: by picture, method and version, each once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import pyarrow as pa

from dalil.archive import manifest
from dalil.archive.disk import place, write_synced
from dalil.archive.scratch import Scratch
from dalil.archive.segments import encode
from dalil.archive.workspace import Workspace
from dalil.schema.tables import PICTURE_TEXTS, TABLES_VERSION

TABLE: Final = "picture_texts"
Row = tuple[str, str, str, str, str, int, float]
"""sha256, method, method_version, preparation, text, words, confidence: the columns of `PICTURE_TEXTS`."""


def add(workspace: Workspace, rows: Sequence[Row], *, now: datetime) -> int:
    """Add rows; those that are held are left out. A picture in which nothing was read has a row as well.

    Args:
        now: aware; its month is the segment's.
    Returns:
        How many were added.
    Raises:
        LimitReached: `disk-full`; nothing is added.
    """
    while True:
        with workspace.manifest.reading() as connection:
            known = manifest.known_image_signals(connection, [row[0] for row in rows])
        fresh = {row[:3]: row for row in rows if row[:3] not in known}
        if not fresh or _stored(workspace, list(fresh.values()), now):
            return len(fresh)


def _stored(workspace: Workspace, rows: list[Row], now: datetime) -> bool:
    """Write one segment; False where somebody else added some of it meanwhile."""
    columns = list(zip(*rows, strict=True))
    table = pa.table(
        [pa.array(values, field.type) for values, field in zip(columns, PICTURE_TEXTS, strict=True)],
        schema=PICTURE_TEXTS,
    )
    data = encode(table)
    sha256 = hashlib.sha256(data).hexdigest()
    month = f"{now:%Y-%m}"
    path = f"{TABLE}/month={month}/{sha256}.parquet"
    with Scratch(workspace.tmp) as scratch:
        staged = scratch.name()
        write_synced(staged, data)
        with workspace.manifest.writing() as connection:
            known = manifest.known_image_signals(connection, [row[0] for row in rows])
            if any(row[:3] in known for row in rows):
                return False
            place([(staged, workspace.archive / path)])
            connection.execute(
                "INSERT INTO segments (table_name, month, path, rows, schema_version, sha256, bytes)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (TABLE, month, path, len(rows), TABLES_VERSION, sha256, len(data)),
            )
            connection.executemany("INSERT INTO image_signals VALUES (?, ?, ?)", [row[:3] for row in rows])
    return True
