"""Counts of a message: reactions by their sign, never by who gave them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from dalil.schema.records import Metric

_LONGEST_EMOJI: Final = 10
CUSTOM: Final = "custom"


def reactions(given: Iterable[tuple[str | None, int | None]]) -> tuple[Metric, ...]:
    """Reactions as counts, those of one sign added up.

    Args:
        given: (sign, count); a custom sign is None, because its id leads to who made it.
    """
    found: dict[str, int | None] = {}
    for sign, count in given:
        name = f"reaction {sign if sign and len(sign) <= _LONGEST_EMOJI else CUSTOM}"
        known = found.get(name)
        found[name] = count if known is None else known + (count or 0)
    return tuple(Metric(name, value) for name, value in found.items())
