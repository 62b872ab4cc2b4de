"""What becomes of each single character in a text key: kept, folded, deleted, or made a space.

Two tables: `NORM` folds Arabic, Persian and Kurdish letter variants together, for finding; it
merges different Sorani words, so it is for keys only. `CKB` keeps the Kurdish letters apart.
Characters are classed by Python's own Unicode tables; a letter that a later Unicode adds becomes
a space here until Python knows it.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.uint32]

DELETED: Final = 0
SPACE: Final = 0x20
CODE_POINTS: Final = 0x110000

_ARABIC: Final = {
    "أإآٱٲٳ": "ا",
    "ىیېێئۍےۓؽؾؿ": "ي",
    "ؤۆۇۈۋۊۉۄۅ": "و",
    "ةەہۂۀھۃ": "ه",
    "کڪ": "ك",
    "ڕڔ": "ر",
    "ڵڶڷ": "ل",
    "ں": "ن",
    "ٴ": "",
    "ı": "i",
}
"""Letter variants → the one that stands for them in `norm`. Pe, che, zhe, ve and gaf are letters of
their own and stay. Dotless ı goes to i, since IRAK and Irak fold to irak while ırak would not."""

_KURDISH: Final = {
    "أإآٱٲٳ": "ا",
    "ىيېۍےۓؽؾؿ": "ی",
    "ؤۇۈۋۄۅ": "و",
    "ةۃۀ": "ە",
    "ھہۂ": "ه",
    "كڪ": "ک",
    "ڔ": "ڕ",
    "ڶڷ": "ڵ",
    "ں": "ن",
    "ٴ": "",
    "ı": "i",
}
"""The same for the Kurdish-preserving form: one way to type each Sorani letter, none merged."""

_IGNORABLE_BMP: Final = (
    "\u00ad\u034f\u0600-\u0605\u061c\u0640\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
)
_IGNORABLE_ASTRAL: Final = (
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
IGNORABLE: Final = re.compile(f"[{_IGNORABLE_BMP}{_IGNORABLE_ASTRAL}]+")
"""Zero-width, bidi, variation selectors, tags, fillers, other format characters, and tatweel."""

KEPT_MARKS: Final = 30
LONG_TEXT: Final = 1000
"""In a text longer than this, marks in a row beyond `KEPT_MARKS` are cut before normalisation, whose
time grows with their square (Unicode Standard Annex 15, "Stream-Safe Text Format")."""

_TAGS: Final = range(0xE0000, 0xE1000)
IDEOGRAPHS: Final = range(0x20000, 0x40000)
"""Planes 2 and 3 hold nothing but ideographs: kept without asking for each."""


class Folding(NamedTuple):
    """One table: code point → what it becomes (`DELETED` for nothing), uint32, for every code point;
    `ascii` is its first 128 entries as text."""

    table: Table
    ascii: str
    kurdish: bool


@cache
def norm_folding() -> Folding:
    """The table for `norm`; made at first use (about 50 ms), then kept."""
    return _folding(_ARABIC, kurdish=False)


@cache
def kurdish_folding() -> Folding:
    """The table for the Kurdish-preserving form; made at first use, then kept."""
    return _folding(_KURDISH, kurdish=True)


@cache
def visible() -> Table:
    """Code point → itself, or `DELETED` for marks and ignorable characters."""
    table = np.arange(CODE_POINTS, dtype=np.uint32)
    table[_base_table() == DELETED] = DELETED
    table[0] = SPACE  # U+0000 itself is a control character, not a sign that something was deleted
    return table


def look_up(text: str, table: Table) -> str:
    """Put each character of `text` through a table; a deleted one is left as U+0000."""
    found = table.take(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4"))
    return found.tobytes().decode("utf-32-le", "surrogatepass")


def cut_long_runs(text: str) -> str:
    """Cut runs of marks to `KEPT_MARKS`; the text holds no ignorable characters any more."""
    gone = visible().take(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")) == DELETED
    if np.count_nonzero(gone) <= KEPT_MARKS:
        return text
    places = np.arange(len(text))
    run = places - np.maximum.accumulate(np.where(gone, -1, places))  # 0 on what stays, else place in its run
    return "".join(itertools.compress(text, (run <= KEPT_MARKS).tolist()))


def _folding(variants: dict[str, str], *, kurdish: bool) -> Folding:
    table = _base_table().copy()
    for letters, target in variants.items():
        for letter in letters:
            table[ord(letter)] = ord(target) if target else DELETED
    return Folding(table, "".join(map(chr, table[:128].tolist())), kurdish)


@cache
def _base_table() -> Table:
    """What becomes of each character that no letter table names; classed for all at once, which takes 20 ms."""
    table = np.full(CODE_POINTS, SPACE, dtype=np.uint32)
    table[IDEOGRAPHS.start : IDEOGRAPHS.stop] = np.arange(IDEOGRAPHS.start, IDEOGRAPHS.stop)
    table[_TAGS.start : _TAGS.stop] = DELETED
    classed = np.arange(IDEOGRAPHS.start, dtype="<u4").tobytes().decode("utf-32-le", "surrogatepass")
    categories = np.frombuffer("".join(map(unicodedata.category, classed)).encode(), dtype=np.uint8).reshape(-1, 2)
    first, second = (categories[:, part] for part in (0, 1))
    mark = first == ord("M")
    kept = (first == ord("L")) | (first == ord("N")) | (mark & (second == ord("c")))
    marks = (mark & (second != ord("c"))) | np.fromiter(map(unicodedata.combining, classed), dtype=bool)
    digits = np.flatnonzero((first == ord("N")) & (second == ord("d")))
    table[np.flatnonzero(kept)] = np.flatnonzero(kept)
    table[np.flatnonzero(marks)] = DELETED
    table[digits] = [ord("0") + unicodedata.decimal(classed[code]) for code in digits]
    for match in IGNORABLE.finditer(classed):
        table[match.start() : match.end()] = DELETED
    return table
