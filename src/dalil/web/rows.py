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
