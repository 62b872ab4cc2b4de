"""What can be done about damage: what was made from the facts is thrown away, facts come back from a backup.

Nothing is invented and nothing recorded is forgotten: a fact that no backup holds stays recorded as damaged.
"""

from __future__ import annotations

import os
import tarfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from dalil.archive import backups
from dalil.archive.backups import Entry, Opened
from dalil.archive.disk import disk_errors, place
from dalil.archive.rows import Damage, Mended
from dalil.archive.scratch import Scratch
from dalil.archive.search.index import SearchIndex
from dalil.archive.workspace import Workspace
from dalil.errors import InputError


def mend(workspace: Workspace, damages: Iterable[Damage], *, backup: Path | None) -> list[Mended]:
    """Repair what can be.

    Args:
        damages: as `doctor.verify` found them.
        backup: a backup of this workspace, in which a file with the recorded hash may lie; None where there is none.
    Returns:
        What is no damage any more.
    Raises:
        InputError: it is no backup, or one of another workspace.
    """
    damages = list(damages)
    mended = [Mended(damage.part, "again") for damage in damages if damage.again and _drop(workspace, damage)]
    lost = [damage for damage in damages if not damage.again and damage.what in ("missing", "changed")]
    if backup is None:
        return mended
    with backups.opened(backup) as opened:
        if opened.listing.workspace != workspace.id:
            raise InputError("backup-of-another")
        held = {entry.path: entry for entry in opened.listing.files if not entry.changes}
        hashes = _recorded(workspace, [damage.part for damage in lost])
        for damage in lost:
            entry = held.get(damage.part)
            if entry and entry.sha256 == hashes.get(damage.part) and _bring(workspace, opened, entry):
                mended.append(Mended(damage.part, "backup"))
    return mended


def _drop(workspace: Workspace, damage: Damage) -> bool:
    """Forget an index, a search index or a finding; files that stay are orphans."""
    index = SearchIndex(workspace)
    if workspace.folder / damage.part == index.path:
        index.drop()
        return True
    with workspace.manifest.writing() as connection:
        name = Path(damage.part).relative_to("indexes").as_posix() if damage.part.startswith("indexes/") else ""
        row = connection.execute("SELECT name FROM indexes WHERE path = ?", (name,)).fetchone()
        if row:
            connection.execute("DELETE FROM indexes WHERE name = ?", row)
        path = damage.part.removeprefix("archive/")
        found = connection.execute("SELECT finding_id FROM finding_tables WHERE path = ?", (path,)).fetchone()
        if found:
            connection.execute("DELETE FROM findings WHERE finding_id = ?", found)
            connection.execute("DELETE FROM finding_tables WHERE finding_id = ?", found)
    with suppress(OSError):
        (workspace.folder / damage.part).unlink(missing_ok=True)
    return True


def _recorded(workspace: Workspace, parts: Iterable[str]) -> Mapping[str, str]:
    """Part → the hash that the manifest records for it."""
    wanted = set(parts)
    found: dict[str, str] = {}
    with workspace.manifest.reading() as connection:
        for query, folder in (
            ("SELECT path, sha256 FROM segments", "archive/"),
            ("SELECT path, sha256 FROM raw_segments", "raw/"),
        ):
            found |= {f"{folder}{path}": sha256 for path, sha256 in connection.execute(query)}
        for (sha256,) in connection.execute("SELECT sha256 FROM media"):
            found[workspace.media_path(sha256).relative_to(workspace.folder).as_posix()] = sha256
    return {part: found[part] for part in wanted & found.keys()}


@disk_errors()
def _bring(workspace: Workspace, backup: Opened, entry: Entry) -> bool:
    with Scratch(workspace.tmp) as scratch:
        part = scratch.name()
        try:
            with backup.read(entry) as reading, part.open("xb") as writing:
                found = backups.copy(reading, writing)
                writing.flush()
                os.fsync(writing.fileno())
        except (FileNotFoundError, KeyError, tarfile.TarError):
            return False
        if found != entry.sha256:
            return False
        place([(part, workspace.folder / entry.path)])
    return True
