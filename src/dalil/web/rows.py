"""Rows that pages show and no room below has a row for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class FormatRow:
    """A format that is read."""

    name: str
    about: str


@dataclass(frozen=True, slots=True)
class OptionRow:
    """An option of the formats that have it; `help` is what their manifests say, for one that no page knows."""

    name: str
    formats: tuple[str, ...]
    help: str


@dataclass(frozen=True, slots=True)
class ChainHead:
    """Where one chain ends. `circle` is a colour, or empty for the command line's."""

    circle: str
    position: int
    hash: str


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One entry: a day and an event, never an hour or a person."""

    day: date
    seq: int
    event: str


@dataclass(frozen=True, slots=True)
class LedgerState:
    """What the audit page shows."""

    damages: tuple[str, ...]
    heads: tuple[ChainHead, ...]
    entries: tuple[LedgerEntry, ...]


@dataclass(frozen=True, slots=True)
class AccountRule:
    """One row of who is public by kind; `platform` is `*` for all others."""

    platform: str
    kind: str
    public: bool

    @property
    def key(self) -> str:
        """The key of its reason in `words.RULES`."""
        return f"{self.platform}:{self.kind}"


@dataclass(frozen=True, slots=True)
class KeptClass:
    """How long one class is kept; `days` None: for ever."""

    name: str
    days: int | None


@dataclass(frozen=True, slots=True)
class Wish:
    """A proposal that waits for another circle: about an item, by its id, or an account, by platform and name."""

    agreement_id: str
    kind: str
    reason: str
    item: str
    platform: str
    account: str
    yours: bool


@dataclass(frozen=True, slots=True)
class NamesFound:
    """Where a name stands: how many items, the first of them by id, and places by field."""

    total: int
    items: tuple[str, ...]
    fields: dict[str, int]
