"""The one bundle that actions and faces are handed: workspace, archive, keys, settings and the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dalil.actions.desk import Desk
from dalil.archive.keys import KeyRing
from dalil.archive.reading import Archive
from dalil.archive.workspace import Workspace
from dalil.errors import ConfigError
from dalil.settings import Settings


@dataclass(frozen=True, slots=True)
class House:
    """An opened workspace.

    `keys` is None while the workspace is locked: then one can search and measure, not import or sign.
    """

    workspace: Workspace
    archive: Archive
    keys: KeyRing | None
    settings: Settings
    clock: Callable[[], datetime]
    region: str = "sahlara"

    def now(self) -> datetime:
        """The workspace's time, aware UTC: the sample's simulated one, or the clock's."""
        return self.workspace.as_of or self.clock()

    def unlocked(self) -> KeyRing:
        """The keys.

        Raises:
            ConfigError: the workspace is locked.
        """
        if self.keys is None:
            raise ConfigError("workspace-locked")
        return self.keys

    @property
    def desk(self) -> Desk:
        """What the desk's actions are handed."""
        return Desk(keys=self.unlocked(), region=self.region)


_current: list[House] = []


def set_current(house: House) -> None:
    """Make `house` the one that this process serves; `app` calls it at start."""
    _current[:] = [house]


def current_house() -> House:
    """The house that this process serves.

    Raises:
        ConfigError: none was opened.
    """
    if not _current:
        raise ConfigError("workspace-missing", name="-")
    return _current[0]
