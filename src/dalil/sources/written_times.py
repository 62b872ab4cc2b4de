"""Times as people and spreadsheets write them: any digits, either order of day and month, names of months.

Law 2 holds: `05/06/2026` is not read unless the order of day and month is known, and a time without a
zone stays one unless the operator named it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from dalil.schema.mappings import TimeOrder
from dalil.schema.words import Precision, ZoneBasis
from dalil.sources import times

_LONGEST: Final = 60
_NUMERIC: Final = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[T ,،]+(.+))?")
_NAMED: Final = re.compile(r"(\d{1,2})[ .]+([^\W\d_]+(?: [^\W\d_]+)?)[ ,،.]+(\d{4})(?:[ ,،]+(?:at |في |لە )?(.+))?")
_NAMED_US: Final = re.compile(r"([^\W\d_]+) (\d{1,2}),? (\d{4})(?:,? (?:at )?(.+))?")
_CLOCK: Final = re.compile(
    r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*([^\W\d_.]+\.?[^\W\d_]*\.?)?\s*(Z|[+-]\d{2}:?\d{2})?"
)
_ABBREVIATION: Final = re.compile(r"[a-z]{2,5}")
_EPOCH: Final = re.compile(r"\d{9,10}(?:\.\d+)?")
_EPOCH_MS: Final = re.compile(r"\d{12,13}")
_BEFORE_NOON: Final = frozenset({"am", "a.m", "ص", "صباحا", "پ.ن", "پن", "ب.ن"})
_AFTER_NOON: Final = frozenset({"pm", "p.m", "م", "مساء", "د.ن", "دن", "پاش"})
_MONTHS: Final[tuple[tuple[str, ...], ...]] = (
    ("jan", "january", "يناير", "كانون الثاني", "کانوونی دووەم"),
    ("feb", "february", "فبراير", "شباط", "شوبات"),
    ("mar", "march", "مارس", "آذار", "اذار", "ئازار"),
    ("apr", "april", "أبريل", "ابريل", "نيسان", "نیسان"),
    ("may", "مايو", "أيار", "ايار", "ئایار"),
    ("jun", "june", "يونيو", "حزيران", "حوزەیران"),
    ("jul", "july", "يوليو", "تموز", "تەمموز", "تەممووز"),
    ("aug", "august", "أغسطس", "اغسطس", "آب", "اب", "ئاب"),
    ("sep", "sept", "september", "سبتمبر", "أيلول", "ايلول", "ئەیلوول"),
    ("oct", "october", "أكتوبر", "اكتوبر", "تشرين الأول", "تشرين الاول", "تشرینی یەکەم"),
    ("nov", "november", "نوفمبر", "تشرين الثاني", "تشرینی دووەم"),
    ("dec", "december", "ديسمبر", "كانون الأول", "كانون الاول", "کانوونی یەکەم"),
)
_MONTH: Final = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}


class Written(NamedTuple):
    """A time that was read: aware UTC, what its zone rests on, how fine it is."""

    at: datetime
    basis: ZoneBasis
    precision: Precision


def latin_digits(text: str) -> str:
    """The text with every decimal digit of any script as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def order_in(values: Iterable[str]) -> TimeOrder:
    """Whether day or month comes first in a file: told by a number above 12, and only where all such agree."""
    day_first = month_first = 0
    for value in values:
        match = _NUMERIC.match(_bare(value[:_LONGEST]))
        if match is None or len(match[1]) > 2:
            continue
        day_first += int(match[1]) > 12
        month_first += int(match[2]) > 12
    if day_first and not month_first:
        return TimeOrder.DAY_FIRST
    return TimeOrder.MONTH_FIRST if month_first and not day_first else TimeOrder.AUTO


def read(text: str, order: TimeOrder, zone: ZoneInfo | None, *, clock: str = "") -> Written | None:
    """The time in `text`; None where it cannot be read without guessing.

    Args:
        order: of day and month; `auto` leaves those undecided that could be either.
        zone: of times that carry none, where somebody named it.
        clock: the time of day, where it stands in another cell.
    """
    text, clock = _bare(text), _bare(clock)
    if not text or len(text) > _LONGEST or len(clock) > _LONGEST:
        return None
    epoch = _epoch(text, order)
    if epoch is not None or order in (TimeOrder.EPOCH, TimeOrder.EPOCH_MS):
        return epoch
    if clock:
        text = f"{text} {clock}"
    return _numeric(text, order, zone) or _named(text, zone) or _abbreviated(text, zone)


def _bare(text: str) -> str:
    """Latin digits, without the marks on letters and the hidden marks of direction that spreadsheets leave."""
    text = latin_digits(text)
    if not text.isascii():
        text = "".join(char for char in text if unicodedata.category(char) not in ("Mn", "Cf"))
    return text.strip()


def _epoch(text: str, order: TimeOrder) -> Written | None:
    seconds = order is TimeOrder.EPOCH or (order is TimeOrder.AUTO and bool(_EPOCH.fullmatch(text)))
    millis = order is TimeOrder.EPOCH_MS or (order is TimeOrder.AUTO and bool(_EPOCH_MS.fullmatch(text)))
    if not (seconds or millis):
        return None
    try:
        at = times.from_epoch(float(text) / (1000 if millis else 1))
    except ValueError:
        return None
    return Written(at, ZoneBasis.EPOCH, Precision.SECOND) if at is not None else None


def _numeric(text: str, order: TimeOrder, zone: ZoneInfo | None) -> Written | None:
    match = _NUMERIC.fullmatch(text)
    if match is None:
        return None
    first, second, third = int(match[1]), int(match[2]), int(match[3])
    if len(match[1]) == 4 and len(match[3]) <= 2:
        year, month, day = first, second, third
    elif len(match[3]) != 4:
        return None
    elif order is TimeOrder.DAY_FIRST or (order is TimeOrder.AUTO and (first > 12 or first == second)):
        year, month, day = third, second, first
    elif order is TimeOrder.MONTH_FIRST or (order is TimeOrder.AUTO and second > 12):
        year, month, day = third, first, second
    else:
        return None
    return _with_clock(year, month, day, match[4], zone)


def _named(text: str, zone: ZoneInfo | None) -> Written | None:
    match = _NAMED.fullmatch(text)
    if match is not None:
        month = _MONTH.get(match[2].lower())
        return _with_clock(int(match[3]), month, int(match[1]), match[4], zone) if month else None
    match = _NAMED_US.fullmatch(text)
    if match is None:
        return None
    month = _MONTH.get(match[1].lower())
    return _with_clock(int(match[3]), month, int(match[2]), match[4], zone) if month else None


def _abbreviated(text: str, zone: ZoneInfo | None) -> Written | None:
    found = times.from_abbreviated(text, zone)
    return Written(*found) if found else None


def _with_clock(year: int, month: int, day: int, clock: str | None, zone: ZoneInfo | None) -> Written | None:
    """The parts put together as the one way of writing whose zones `times` knows."""
    date = f"{year:04}-{month:02}-{day:02}"
    if not clock or not clock.strip():
        return _abbreviated(date, zone)
    match = _CLOCK.fullmatch(clock.strip())
    if match is None:
        return None
    hour, word = int(match[1]), (match[4] or "").rstrip(".").lower()
    if word in _BEFORE_NOON or word in _AFTER_NOON:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if word in _AFTER_NOON else 0)
        word = ""
    elif word and not _ABBREVIATION.fullmatch(word):
        return None
    seconds = f":{match[3]}" if match[3] else ""
    shift = "+00:00" if match[5] == "Z" else match[5] or word.upper()
    return _abbreviated(f"{date} {hour:02}:{match[2]}{seconds} {shift}".strip(), zone)
