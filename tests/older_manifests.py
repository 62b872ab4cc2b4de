"""A workspace's manifest brought back to what version 1 of it was, with all that version 1 could hold."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from dalil.archive.manifest_tables import TABLES_1


def as_version_one(manifest: Path) -> None:
    """Replace a manifest by one with the first version's tables and the same rows.

    Locators are left out: those that are sealed by the batch could not have been there.
    """
    older = manifest.with_suffix(".older")
    with closing(sqlite3.connect(older)) as connection:
        connection.executescript(f"{TABLES_1}PRAGMA user_version = 1;")
        connection.execute("ATTACH ? AS today", (str(manifest),))
        names = [row[0] for row in connection.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'")]
        for name in names:
            columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({name})"))
            if name != "locators":
                connection.execute(f"INSERT INTO main.{name} ({columns}) SELECT {columns} FROM today.{name}")
        connection.commit()
        connection.execute("DETACH today")
    for ending in ("-wal", "-shm"):
        manifest.with_name(manifest.name + ending).unlink(missing_ok=True)
    older.replace(manifest)
