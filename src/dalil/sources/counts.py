"""Counts as files write them, and those of private accounts made rough."""

from __future__ import annotations

import re
from typing import Final

_WHOLE: Final = re.compile(r"\d{1,18}(?:\.0{1,6})?", re.ASCII)
_LARGEST: Final = 1 << 62


def whole(value: object) -> int | None:
    """A count as a whole number; `0.0` and `"12"` are ones, what is negative or no number is None."""
    if isinstance(value, str):
        text = value.strip()
        return int(text.partition(".")[0]) if _WHOLE.fullmatch(text) else None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _LARGEST:
        return None
    return int(value)


def rough(whole: int | None) -> int | None:
    """A count to one significant digit, so that it does not point at one person: 12,345 → 10,000."""
    if whole is None or whole < 10:
        return None if whole is None else 0
    unit = int("1" + "0" * (len(str(whole)) - 1))
    return whole // unit * unit


def kept_digits(text: str, value: int | None) -> str:
    """A count as it was written, to be kept beside its value; nothing of what is no count: it may be anything, a name too."""
    return "" if value is None else text[:20]
