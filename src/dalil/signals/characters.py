"""What the ways for many texts at once need to know of single characters, in tables over code points.

A character is *plain* where every step of `texts.norm` up to the folding can be taken on it alone, whatever
stands around it: it is in NFKC, composes with nothing before it, and its case folds to one such character.
One that is *gone* is deleted by `norm` in any case. All others are *hard*: their texts go the careful way.
Only the blocks below are looked at; whatever lies outside them is hard.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dalil.signals.folding import DELETED, IGNORABLE, norm_folding

PLAIN: Final = 0
GONE: Final = 1
HARD: Final = 2
BLOCKS: Final = (range(0x3000), range(0xFE00, 0xFE10), range(0xFEFF, 0xFF00), range(0x1F000, 0x1FB00))
"""Latin to Georgian with Arabic, general punctuation and signs; variation selectors; emoji."""
SIZE: Final = 0x20000
_CYRILLIC: Final = range(0x400, 0x530)
_COMPOSED: Final = (range(0xC0, 0x3100), range(0xFB00, 0xFB50), range(0x11000, 0x11A00), range(0x1D100, 0x1D200))
_JAMO: Final = (range(0x1161, 0x1176), range(0x11A8, 0x11C3))


class Tables(NamedTuple):
    """For each code point below `SIZE`, the last entry standing for all above: its kind, its case folded,
    and what `norm` folds it to. The folding is right for whatever `norm` itself can give, hard or not."""

    kind: NDArray[np.uint8]
    lower: NDArray[np.uint32]
    folded: NDArray[np.uint32]


def looked_at() -> str:
    """All characters of the blocks."""
    return "".join(chr(code) for block in BLOCKS for code in block)


@cache
def second_halves() -> frozenset[str]:
    """Characters that compose with one before them; looked for where Unicode has letters made of two."""
    found = {chr(code) for block in _JAMO for code in block}
    for block in _COMPOSED:
        for code in block:
            parts = unicodedata.decomposition(chr(code)).split()
            if len(parts) == 2 and not parts[0].startswith("<"):
                found.add(chr(int(parts[1], 16)))
    return frozenset(found)


@cache
def tables() -> Tables:
    """Made at first use (about 20 ms), then kept."""
    kind = np.full(SIZE, HARD, dtype=np.uint8)
    lower = np.arange(SIZE, dtype=np.uint32)
    folded = np.arange(SIZE, dtype=np.uint32)
    letters = norm_folding().table
    halves = second_halves()

    def alone(character: str) -> bool:
        """Whether it is in NFKC wherever it stands; a mark may still change places with another mark."""
        return unicodedata.is_normalized("NFKC", character) and character not in halves

    known = frozenset(looked_at())
    for character in known:
        code, case = ord(character), character.casefold()
        mark = letters[code] == DELETED and not character.isalpha()
        if IGNORABLE.match(character) or (mark and case == character and alone(character)):
            kind[code] = GONE
            continue
        if case not in known or unicodedata.combining(case) or not alone(character) or not alone(case):
            continue
        target = int(letters[ord(case)])
        if target != DELETED and ord(case) not in _CYRILLIC and (target == ord(" ") or alone(chr(target))):
            kind[code], lower[code], folded[ord(case)] = PLAIN, ord(case), target
    lower[0] = folded[0] = ord(" ")
    return Tables(kind, lower, folded)
