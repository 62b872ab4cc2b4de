"""Tables that nobody reads by themselves: a look at one, its column mapping saved, its import by that mapping.

A table that waits for its mapping lies in the workspace's `tmp/` for a day at most, for its circle alone.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

import msgspec
from django.db import transaction

from dalil.actions import importing
from dalil.actions.house import House
from dalil.actions.keeping import failure
from dalil.archive import table_mappings
from dalil.audit.recording import record
from dalil.errors import NotAllowed
from dalil.intake.tables import read_answer
from dalil.jobs.sandbox import Limits, run
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require
from dalil.schema.chunks import Failed
from dalil.schema.mappings import OPTION, SavedMapping, TableMapping, to_text
from dalil.schema.table_looks import TableLook, TableOrder
from dalil.sources.formats.plain_table import template
from dalil.sources.formats.plain_table.importer import VERSION_OPTION

FORMAT: Final = "plain-table"
WAITING: Final = "table-"
KEPT_FOR: Final = timedelta(days=1)
_CIRCLE: Final = "circle"
_TABLE: Final = "table"


def saved_mappings(actor: Actor, *, house: House, every: bool = False) -> list[SavedMapping]:
    """The mappings of the workspace, the newest version of each, or every version."""
    require(actor, Act.READ)
    return list(table_mappings.saved(house.workspace)) if every else table_mappings.newest(house.workspace)


def saved_mapping(actor: Actor, name: str, *, house: House, version: int | None = None) -> SavedMapping:
    """One version of a mapping, the newest where none is named.

    Raises:
        InputError: `mapping-unknown`.
    """
    require(actor, Act.READ)
    return table_mappings.find(house.workspace, name, version)


def save_mapping(actor: Actor, mapping: TableMapping, *, house: House) -> SavedMapping:
    """Save a mapping as a new version; the audit names the version, and neither its name nor whose it is.

    Raises:
        InputError: no table can be read by it.
        NotAllowed: this actor may not import.
    """
    require(actor, Act.IMPORT)
    before = len(table_mappings.saved(house.workspace))
    row = table_mappings.save(house.workspace, mapping, day=house.now().date())
    if len(table_mappings.saved(house.workspace)) > before:
        with transaction.atomic():
            record(actor, "mapping.saved", "mapping", {"version": row.version}, house.now())
    return row


def options_of(row: SavedMapping) -> dict[str, str]:
    """What an import by this mapping hands to the importer."""
    return {OPTION: to_text(row.mapping), VERSION_OPTION: str(row.version)}


def look(actor: Actor, path: Path, *, house: House, mapping: TableMapping | None = None) -> TableLook:
    """What a table looks like, read in a limited child: first rows, mapping, and the posts that it would give.

    Args:
        mapping: to look through; the one that the table itself proposes when None. It may be incomplete.
    Raises:
        InputError: it is no table.
    """
    require(actor, Act.IMPORT)
    keys = house.unlocked()
    order = TableOrder(
        path=str(path.resolve()),
        pseudonym_key=keys.pseudonym(keys.generation),
        identity_key=keys.identity,
        public=house.workspace.public_accounts(),
        mapping=to_text(mapping) if mapping else "",
        zone=house.workspace.zone,
        line_bytes=house.settings.line_bytes,
    )
    with run("dalil.intake.table", msgspec.msgpack.encode(order), limits=Limits.from_settings(house.settings)) as child:
        answer = child.stdout.read()
        child.finish()
    found = read_answer(answer)
    if isinstance(found, Failed):
        raise failure(found.code, found.facts)
    return found


def empty_template(language: str, *, house: House) -> bytes:
    """The table for pages and groups saved by hand, empty; its header names the workspace's zone."""
    return template.as_csv(language, house.workspace.zone)


def keep_waiting(circle: str, chunks: Iterable[bytes], *, house: House) -> str:
    """Put a table where it waits for its mapping; returns its token, 32 hex digits."""
    token = secrets.token_hex(16)
    folder = house.workspace.tmp / f"{WAITING}{token}"
    folder.mkdir(mode=0o700)
    with (folder / _TABLE).open("xb") as target:
        for chunk in chunks:
            target.write(chunk)
    (folder / _CIRCLE).write_text(circle, encoding="utf-8")
    return token


def token_of(job_id: str, number: int) -> str:
    """The token under which the path of that number, from 1, of an import waits if it is a strange table."""
    return hashlib.sha256(f"{job_id} {number}".encode()).hexdigest()[:32]


def keep_upload(house: House, path: Path, token: str, circle: str) -> None:
    """Let an upload that turned out to be a strange table wait for its mapping instead of being forgotten.

    Doing it twice is doing it once. What is no upload stays where it is.
    """
    if not importing.is_upload(house, path) or not path.is_file():
        return
    folder = house.workspace.tmp / f"{WAITING}{token}"
    folder.mkdir(mode=0o700, exist_ok=True)
    (folder / _CIRCLE).write_text(circle, encoding="utf-8")
    path.replace(folder / _TABLE)


def is_waiting(house: House, token: str) -> bool:
    """Whether a table waits under that token."""
    return (house.workspace.tmp / f"{WAITING}{token}" / _TABLE).is_file()


def waiting(actor: Actor, token: str, *, house: House) -> Path:
    """The table that waits under a token.

    Raises:
        NotAllowed: there is none for this circle, or not any more.
    """
    require(actor, Act.IMPORT)
    folder = house.workspace.tmp / f"{WAITING}{token}"
    plain = len(token) == 32 and all(char in "0123456789abcdef" for char in token)
    try:
        if plain and (folder / _CIRCLE).read_text(encoding="utf-8") == house.circle_of(actor):
            return folder / _TABLE
    except OSError:
        pass
    raise NotAllowed("no-such-thing")


def import_waiting(actor: Actor, token: str, row: SavedMapping | None, *, house: House) -> str:
    """Hand a waiting table to the worker; returns the job's id. The worker forgets the table when it is through.

    Args:
        row: the mapping to read it by; None where it is our own template.
    """
    path = waiting(actor, token, house=house)
    folder = house.workspace.tmp / f"{importing.UPLOAD}{secrets.token_hex(8)}"
    folder.mkdir(mode=0o700)
    moved = path.replace(folder / "000.csv")
    shutil.rmtree(path.parent, ignore_errors=True)
    return importing.enqueue_import(
        actor, [moved], house=house, source_format=FORMAT, options=options_of(row) if row else None
    )


def forget_waiting(actor: Actor, token: str, *, house: House) -> None:
    """Remove a table that waits."""
    with suppress(NotAllowed):
        shutil.rmtree(waiting(actor, token, house=house).parent, ignore_errors=True)
