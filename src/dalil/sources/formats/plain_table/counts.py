"""Counts as people copy them: any digits, the sign between thousands that the mapping names, `1.2K` and `٣ آلاف`."""

from __future__ import annotations

import re
from typing import Final

from dalil.schema.words import MetricBasis
from dalil.sources.formats.plain_table.vocabulary import plain
from dalil.sources.written_times import latin_digits

_PLAIN: Final = re.compile(r"\d{1,18}")
_GROUPED: Final = re.compile(r"\d{1,3}(?:([.,'’٬ \u00a0\u202f])\d{3})(?:\1\d{3})*")
_SHORT: Final = re.compile(r"(\d{1,6})(?:[.,٫](\d{1,3}))? ?([^\W\d_]+)")
_SIZES: Final = {
    **dict.fromkeys(("k", "thousand", "ك", "الف", "الاف", "هەزار"), 1_000),
    **dict.fromkeys(("m", "mn", "million", "مليون", "ملايين", "ملیۆن"), 1_000_000),
}
_SIZE_OF: Final = {plain(word): size for word, size in _SIZES.items()}
_MOST: Final = (1 << 62) - 1


def count(text: str, thousands: str) -> tuple[int | None, MetricBasis]:
    """A count and what it rests on; None where it is none, or could be two different numbers (law 3).

    Args:
        thousands: the sign that the mapping names; `` where nobody knows, when a grouped number is a guess.
    """
    text = latin_digits(text.strip())
    if _PLAIN.fullmatch(text):
        return int(text), MetricBasis.EXACT
    grouped = _GROUPED.fullmatch(text)
    if grouped:
        return _of_groups(text, grouped[1], thousands)
    short = _SHORT.fullmatch(text)
    size = _SIZE_OF.get(plain(short[3])) if short else None
    if short is None or size is None:
        return None, MetricBasis.LOCALE_GUESS
    part = short[2] or ""
    value = int(short[1]) * size + int(part or 0) * size // 10 ** len(part)
    return value, MetricBasis.ROUNDED


def _of_groups(text: str, sign: str, thousands: str) -> tuple[int | None, MetricBasis]:
    value = int(re.sub(r"\D", "", text))
    if value > _MOST:
        return None, MetricBasis.LOCALE_GUESS
    sign = " " if sign in "\u00a0\u202f" else "'" if sign == "’" else sign
    if sign in ("٬", thousands):
        return value, MetricBasis.EXACT
    return (None if thousands else value), MetricBasis.LOCALE_GUESS
