"""Makes a workspace from a backup: every file hashed as it comes, `workspace.json` last, then all is examined.

A restore that was cut off left a note of which backup it was made from; the same command goes on from there, and
nothing takes the half-made folder for a workspace meanwhile.
"""

from __future__ import annotations

import os
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from typing import Final

from dalil.archive import backups, doctor
from dalil.archive.backing_up import check_volume
from dalil.archive.backups import Entry, Listing, Opened, Progress
from dalil.archive.disk import disk_errors, place, write_synced
from dalil.archive.manifest_tables import VERSION
from dalil.archive.rows import Damage
from dalil.archive.workspace import FILE, FOLDERS, open_workspace
from dalil.errors import ConfigError, EvidenceDamaged, InputError

NOTE: Final = "RESTORING"


def restore(
    source: Path, folder: Path, *, plain_ok: bool, progress: Progress | None = None
) -> tuple[Listing, list[Damage]]:
    """Restore a backup into an empty or missing folder.

    Returns:
        The backup's list, and what is damaged in the result: nothing, unless it was when the backup was made.
    Raises:
        InputError: it is no backup (`backup-unreadable`), or the folder is not empty.
        EvidenceDamaged: `backup-damaged`; the folder is no workspace.
        ConfigError: the volume is not encrypted and the words were not typed; or `workspace-exists`.
    """
    folder = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would follow links that a user means to keep
    with backups.opened(source) as backup:
        listing = backup.listing
        if not (listing.demo or plain_ok):
            check_volume(folder)
        _begin(folder, listing)
        done = 0
        last = next((entry for entry in listing.files if entry.path == FILE), None)
        if last is None:
            raise InputError("backup-unreadable")
        for entry in (*(entry for entry in listing.files if entry is not last), last):
            _bring(backup, entry, folder)
            done += entry.bytes
            if progress:
                progress(done, listing.total)
    (folder / NOTE).unlink(missing_ok=True)
    made = open_workspace(folder)
    # Every file had its hash; what an older version wrote is examined once it was brought to ours.
    return listing, doctor.verify(made) if made.manifest.version() == VERSION else []


def _begin(folder: Path, listing: Listing) -> None:
    note = folder / NOTE
    if (folder / FILE).exists() and not note.exists():
        raise ConfigError("workspace-exists")
    if note.is_file():
        if note.read_text("ascii", "replace") != listing.digest:
            raise InputError("folder-not-empty", name=folder.name)
    elif folder.exists() and not (folder.is_dir() and {item.name for item in folder.iterdir()} <= {f"{NOTE}.part"}):
        raise InputError("folder-not-empty", name=folder.name)
    with disk_errors():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not note.exists():
            part = folder / f"{NOTE}.part"
            part.unlink(missing_ok=True)
            write_synced(part, listing.digest.encode())
            place([(part, note)])
        for name in FOLDERS:
            (folder / name).mkdir(mode=0o700, exist_ok=True)


@disk_errors()
def _bring(backup: Opened, entry: Entry, folder: Path) -> None:
    final = folder / entry.path
    if final.is_file() and _is(final, entry):
        return
    part = folder / "tmp" / "restoring"
    try:
        with backup.read(entry) as reading, part.open("wb") as writing:
            found = backups.copy(reading, writing)
            writing.flush()
            os.fsync(writing.fileno())
    except (FileNotFoundError, KeyError, tarfile.TarError):
        found = ""
    if found != entry.sha256:
        part.unlink(missing_ok=True)
        raise EvidenceDamaged("backup-damaged", part=entry.path)
    if entry.path == "archive/manifest.db":
        with closing(sqlite3.connect(part)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")  # a copy does not keep it
            with connection:  # of files that no backup holds, since they can be made again or go anyway
                connection.execute("DELETE FROM indexes")
                if connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'merged_away'").fetchone():
                    connection.execute("DELETE FROM merged_away")
    place([(part, final)])


def _is(path: Path, entry: Entry) -> bool:
    if entry.changes and entry.path.endswith(".db"):
        return False  # opened since it was brought; it is small beside the rest
    with path.open("rb") as stream:
        return backups.hash_of(stream) == entry.sha256
