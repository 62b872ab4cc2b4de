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
from dalil.people import queries
from dalil.people.actor import Actor
from dalil.settings import Settings


@dataclass(frozen=True, slots=True)
class House:
    """An opened workspace.

    `keys` is None while the workspace is locked: then one can search and measure, not import or sign.
    `moment` stops the clock: only the sample's replay sets it.
    """

    workspace: Workspace
    archive: Archive
    keys: KeyRing | None
    settings: Settings
    clock: Callable[[], datetime]
    region: str = "sahlara"
    opened_at: datetime | None = None
    moment: datetime | None = None

    def now(self) -> datetime:
        """The workspace's time, aware UTC: the clock's, or in a sample the simulated one.

        A sample's time begins at its `as_of` whenever it is opened and goes on from there, so that
        what one does in it has an order.
        """
        if self.moment is not None:
            return self.moment
        if self.workspace.as_of is None:
            return self.clock()
        if self.opened_at is None:
            return self.workspace.as_of
        return self.workspace.as_of + (self.clock() - self.opened_at)

    def circle_of(self, actor: Actor) -> str:
        """The circle for which an actor acts; the command line acts for the workspace's home circle."""
        if not actor.is_local:
            return actor.circle_id
        homes = [row.circle_id for row in queries.circles() if row.home]
        return homes[0] if homes else ""

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
