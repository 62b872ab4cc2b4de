"""Law 1: ids are text; one that a spreadsheet or a float has rounded is kept and flagged, never repaired."""

from __future__ import annotations

import re
from typing import Final

from dalil.schema.words import IdQuality

_SCIENTIFIC: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")
_FRACTION: Final = re.compile(r"[+-]?\d+[.,]\d+")
_ZEROS: Final = "0" * 12
_EXACT: Final = IdQuality.EXACT  # looked up once: an enum's member takes longer to find than all the rest here


def native(value: str | int | float) -> tuple[str, IdQuality]:
    """The id as text, and how far it can be trusted.

    Rounded: it arrived as a float, in scientific notation, with a decimal fraction, or with at
    least twelve trailing zeros. White space around it (CrowdTangle's trailing TAB) is not part of it.
    """
    if type(value) is str and value.isascii() and value.isdigit() and not value.endswith(_ZEROS):
        return value, _EXACT  # nearly all of them
    if isinstance(value, float):
        return repr(value), IdQuality.ROUNDED
    text = value.strip() if isinstance(value, str) else str(value)
    if text.endswith(_ZEROS) or _SCIENTIFIC.fullmatch(text) or _FRACTION.fullmatch(text):
        return text, IdQuality.ROUNDED
    return text, IdQuality.EXACT


def key_of(value: str | int | float) -> str:
    """The id as text alone: `native(value)[0]`, in half the time for nearly all of them."""
    return value if type(value) is str and value.isdigit() and value.isascii() else native(value)[0]
