"""Opens a workspace: settings from the environment, keys from the passphrase, Django on its desk.

Django and the engine are loaded by the functions that use them, so that `--help` waits for neither.
"""

from __future__ import annotations

import atexit
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from dalil.errors import ConfigError, EvidenceDamaged, NotAvailable
from dalil.settings import TABLE, Settings, parse

if TYPE_CHECKING:
    from dalil.actions.house import House
    from dalil.archive.keys import KeyRing
    from dalil.archive.workspace import Workspace
    from dalil.cli.hooks import Upgraded


def read_settings(overrides: Mapping[str, str]) -> Settings:
    """Settings from the environment's DALIL_… variables, with `overrides` (name → text) on top.

    Also points Django at that workspace's desk, since nothing that knows a model can be imported before.

    Raises:
        ConfigError: a setting is unknown or wrong.
        NotAvailable: the desk lies on PostgreSQL and its driver is not installed.
    """
    from dalil.app.configuration import configure

    found = {row.name: os.environ[row.variable] for row in TABLE if row.variable in os.environ}
    settings = parse({**found, **overrides})
    from django.core.exceptions import ImproperlyConfigured

    try:
        configure(settings)
    except ImproperlyConfigured:
        if not settings.database_url:
            raise
        raise NotAvailable("desk-driver-missing") from None
    return settings


def clock() -> datetime:
    """The one clock of the process, UTC."""
    return datetime.now(UTC)


def open_house(settings: Settings, *, unlock: bool) -> House:
    """Open the workspace of `settings` for this process.

    Args:
        unlock: also open the keys; asks on the terminal where no passphrase is set.
    Raises:
        ConfigError: there is no workspace, it is newer or older than we are, or the passphrase is wrong.
        NotAvailable, EvidenceDamaged, LimitReached, Conflict: the desk cannot be read; see `_check_desk`.
    """
    from dalil.app import upgrading
    from dalil.archive.reading import Archive
    from dalil.archive.workspace import open_workspace

    workspace = open_workspace(Path(settings.workspace))
    _check_desk(settings, workspace)
    upgrading.check(settings, workspace)
    keys = _unlock(workspace, settings) if unlock else None
    from dalil.actions.beginning import session_key
    from dalil.actions.house import House, set_current
    from dalil.app.configuration import use_session_key

    use_session_key(session_key(keys) if keys is not None else None)
    archive = Archive(workspace, memory_mib=settings.memory_mib, threads=settings.threads)
    atexit.register(archive.close)  # else each process would leave its empty scratch folder behind
    house = House(workspace=workspace, archive=archive, keys=keys, settings=settings, clock=clock, opened_at=clock())
    set_current(house)
    return house


def _check_desk(settings: Settings, workspace: Workspace) -> None:
    """One question to the desk, so that what is wrong with it is said as what it is.

    Raises:
        NotAvailable: the server does not answer.
        EvidenceDamaged: the SQLite file is gone or no longer a database.
        LimitReached, Conflict: the disk is full, or another process kept it locked for too long.
    """
    from django.db import DatabaseError, connection

    from dalil.archive.disk import said_of_disk

    if not settings.database_url and not workspace.database.exists():
        raise EvidenceDamaged("archive-damaged", part="dalil.db")  # SQLite would make an empty one
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM django_migrations")
    except DatabaseError as error:
        if settings.database_url:
            raise NotAvailable("desk-unreachable") from error
        raise said_of_disk(error) or EvidenceDamaged("archive-damaged", part="dalil.db") from error


def _unlock(workspace: Workspace, settings: Settings) -> KeyRing:
    passphrase = settings.passphrase
    if not passphrase and workspace.demo:
        from dalil.archive.workspace import DEMO_PASSPHRASE

        passphrase = DEMO_PASSPHRASE
    if not passphrase:
        if not sys.stdin.isatty():
            raise ConfigError("passphrase-needed")
        passphrase = getpass("Workspace passphrase: ")
    return workspace.unlock(passphrase)


def prepare(settings: Settings) -> Upgraded:
    """Make the desk's tables in a new workspace, or bring an older workspace to our version; see `upgrading`."""
    from dalil.app import upgrading
    from dalil.archive.workspace import open_workspace

    return upgrading.upgrade(settings, open_workspace(Path(settings.workspace)))
