"""What the composition root hands to the command line, which may not import it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from dalil.settings import Settings

if TYPE_CHECKING:
    from dalil.actions.house import House


class OpenHouse(Protocol):
    """Opens the workspace named in the settings; asks for the passphrase where keys are needed."""

    def __call__(self, settings: Settings, *, unlock: bool) -> House: ...


@dataclass(frozen=True, slots=True)
class Upgraded:
    """Whether the manifest and the desk were of an older version, and where copies of them lie as they were."""

    manifest: bool
    desk: bool
    copies: str


@dataclass(frozen=True, slots=True)
class Hooks:
    """The parts of `app` that commands call.

    `settings(overrides)` reads the settings with the command's own values on top; `prepare(settings)`
    makes the desk's tables in a new workspace or brings an older one to our version; `serve(house, with_worker, announce)` blocks until
    it is ended; `work(house, once)` runs the worker.
    """

    settings: Callable[[Mapping[str, str]], Settings]
    open_house: OpenHouse
    prepare: Callable[[Settings], Upgraded]
    serve: Callable[[House, Callable[[str], None]], None]
    work: Callable[[House, bool], int]
    clock: Callable[[], object]
