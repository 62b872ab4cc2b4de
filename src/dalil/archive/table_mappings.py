"""The column mappings of a workspace: every version that was saved, by name, never changed and never removed.

They lie in one small file beside the workspace's other facts. A mapping tells how facts were read, so it
belongs to them; it names a day, and nobody.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

from dalil.archive.disk import disk_errors, replace_file
from dalil.archive.scratch import Scratch, exclusive
from dalil.archive.workspace import Workspace
from dalil.errors import EvidenceDamaged, InputError, LimitReached
from dalil.schema.mappings import SavedMapping, TableMapping, checked

FILE: Final = "mappings.json"
MOST_VERSIONS: Final = 1_000
"""In one workspace, over all names."""

_DECODER: Final = msgspec.json.Decoder(tuple[SavedMapping, ...])


def saved(workspace: Workspace) -> tuple[SavedMapping, ...]:
    """All versions of all mappings, in the order in which they were saved.

    Raises:
        EvidenceDamaged: the file cannot be read.
    """
    try:
        return _DECODER.decode((workspace.folder / FILE).read_bytes())
    except FileNotFoundError:
        return ()
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise EvidenceDamaged("archive-damaged", part=FILE) from error


def newest(workspace: Workspace) -> list[SavedMapping]:
    """The newest version of each mapping, by name."""
    return sorted({row.mapping.name: row for row in saved(workspace)}.values(), key=lambda row: row.mapping.name)


def find(workspace: Workspace, name: str, version: int | None = None) -> SavedMapping:
    """One version of a mapping, the newest where none is named.

    Raises:
        InputError: `mapping-unknown`.
    """
    for row in reversed(saved(workspace)):
        if row.mapping.name == name and version in (None, row.version):
            return row
    raise InputError("mapping-unknown", name=name[:60])


def save(workspace: Workspace, mapping: TableMapping, *, day: date) -> SavedMapping:
    """Add a version; the newest of that name is answered as it is where nothing would change.

    Raises:
        InputError: as `schema.mappings.checked`.
        LimitReached: `mappings-full`.
    """
    checked(mapping)
    with exclusive(workspace.tmp / "mappings.lock"):
        rows = saved(workspace)
        before = [row for row in rows if row.mapping.name == mapping.name]
        if before and before[-1].mapping == mapping:
            return before[-1]
        if len(rows) >= MOST_VERSIONS:
            raise LimitReached("mappings-full", limit=MOST_VERSIONS)
        added = SavedMapping(version=len(before) + 1, day=day.isoformat(), mapping=mapping)
        data = msgspec.json.format(msgspec.json.encode((*rows, added)), indent=1)
        with disk_errors(), Scratch(workspace.tmp) as scratch:
            replace_file(workspace.folder / FILE, data, temporary=scratch.name())
    return added
