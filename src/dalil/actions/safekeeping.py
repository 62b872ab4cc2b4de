"""Backup, restore and repair: what keeps a workspace when a disk, a process or a hand fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
from django.db import transaction

from dalil.actions.house import House
from dalil.archive import backing_up, restoring
from dalil.archive.workspace import PLAIN_VOLUME_WORDS
from dalil.audit.recording import record
from dalil.people.actor import LOCAL

Progress = Callable[[int, int], object]


class BackedUp(msgspec.Struct, frozen=True, kw_only=True):
    """A backup that was read once more and is whole. `digest` names it: write it down elsewhere.

    `desk` is False where a database server holds the desk, which then needs a backup of its own. `missing` was recorded in
    the workspace and is neither there nor in the backup before.
    """

    files: int
    bytes: int
    copied: int
    head: str
    digest: str
    desk: bool
    missing: tuple[str, ...]


class Restored(msgspec.Struct, frozen=True, kw_only=True):
    """A workspace that was made from a backup; `damaged` is what the backup did not have."""

    files: int
    bytes: int
    head: str
    digest: str
    desk: bool
    damaged: tuple[str, ...]


def back_up(house: House, target: Path, *, plain_volume_words: str = "", progress: Progress | None = None) -> BackedUp:
    """Back up into a folder, or into a new `.tar`; server, worker and imports go on meanwhile.

    Raises:
        ConfigError: the target's volume is not encrypted and the words were not typed.
        InputError: the target is something else.
        LimitReached: the target's disk is full; a backup that was there before is whole.
    """
    desk = not house.settings.database_url
    plain_ok = plain_volume_words.strip() == PLAIN_VOLUME_WORDS
    made = backing_up.back_up(house.workspace, target, desk=desk, plain_ok=plain_ok, progress=progress)
    listing = made.listing
    with transaction.atomic():
        facts: dict[str, str | int | bool | None] = {"files": len(listing.files), "missing": len(listing.missing)}
        record(LOCAL, "archive.backed_up", listing.digest, facts, house.now())
    return BackedUp(
        files=len(listing.files),
        bytes=listing.total,
        copied=made.copied,
        head=listing.head,
        digest=listing.digest,
        desk=listing.desk,
        missing=listing.missing,
    )


def restore(source: Path, folder: Path, *, plain_volume_words: str = "", progress: Progress | None = None) -> Restored:
    """Make a workspace from a backup, in an empty folder, and examine it.

    Raises:
        InputError: it is no backup, or the folder is not empty.
        EvidenceDamaged: a file of the backup is missing or not the same; the folder is no workspace then.
        ConfigError: the volume is not encrypted and the words were not typed.
    """
    plain_ok = plain_volume_words.strip() == PLAIN_VOLUME_WORDS
    listing, damaged = restoring.restore(source, folder, plain_ok=plain_ok, progress=progress)
    return Restored(
        files=len(listing.files),
        bytes=listing.total,
        head=listing.head,
        digest=listing.digest,
        desk=listing.desk,
        damaged=tuple(f"{item.part}: {item.what}" for item in damaged),
    )
