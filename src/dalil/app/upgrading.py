"""Brings a workspace that an older version wrote to ours: the archive's manifest and the desk's tables.

Only when asked (`dalil upgrade`, and `init` and `demo` of their own workspace), one at a time, and never before
what is changed was copied beside it. Every other command refuses an older workspace and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from dalil.archive.database import snapshot
from dalil.archive.manifest_tables import VERSION
from dalil.archive.scratch import exclusive
from dalil.cli.hooks import Upgraded
from dalil.errors import ConfigError

if TYPE_CHECKING:
    from dalil.archive.workspace import Workspace
    from dalil.settings import Settings

_WAIT_SECONDS: Final = 600


def check(settings: Settings, workspace: Workspace) -> None:
    """Whether a workspace is of our version.

    Raises:
        ConfigError: `workspace-older` or `workspace-newer`.
    """
    del settings
    found = workspace.manifest.version()
    if found != VERSION:
        raise ConfigError("workspace-newer" if found > VERSION else "workspace-older", found=found, ours=VERSION)
    applied, ours, unknown = _desk()
    if unknown:
        raise ConfigError("workspace-newer", found=applied, ours=ours)
    if applied < ours:
        raise ConfigError("workspace-older", found=applied, ours=ours)


def upgrade(settings: Settings, workspace: Workspace) -> Upgraded:
    """Bring it to our version; nothing is done to one that is.

    Raises:
        ConfigError: `workspace-newer`.
        LimitReached: `disk-full`, before anything was changed or with that change undone.
    """
    from django.core.management import call_command

    from dalil.actions.housekeeping import COPIES

    copies = workspace.folder / COPIES
    with exclusive(workspace.tmp / "upgrade.lock", wait_seconds=_WAIT_SECONDS):
        found = workspace.manifest.version()
        if found > VERSION:
            raise ConfigError("workspace-newer", found=found, ours=VERSION)
        manifest = found < VERSION
        if manifest:
            copies.mkdir(mode=0o700, exist_ok=True)
            workspace.manifest.migrate(copies / f"manifest-{found}.db")
        applied, ours, unknown = _desk()
        if unknown:
            raise ConfigError("workspace-newer", found=applied, ours=ours)
        if applied < ours:
            if applied and not settings.database_url:
                copies.mkdir(mode=0o700, exist_ok=True)
                copy = copies / f"dalil-{applied}.db"
                if not copy.exists():
                    snapshot(workspace.database, copy)
            call_command("migrate", verbosity=0, interactive=False)
    return Upgraded(manifest=manifest, desk=0 < applied < ours, copies=str(copies) if copies.is_dir() else "")


def _desk() -> tuple[int, int, int]:
    """How many of our migrations the desk has taken, how many we have, and how many it has that we do not know."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.recorder import MigrationRecorder

    ours = set(MigrationLoader(None).disk_migrations)  # it reads no database without one
    applied = set(MigrationRecorder(connection).applied_migrations())
    names = {app for app, _ in ours}
    return len(applied & ours), len(ours), len({key for key in applied - ours if key[0] in names})
