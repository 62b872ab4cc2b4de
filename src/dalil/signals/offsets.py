"""The slow way to `norm` that remembers where each character came from, for highlighting a find.

It does the same steps on single characters; a property test holds it equal to the fast way.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from dalil.signals import erasing
from dalil.signals.folding import DELETED, IGNORABLE, KEPT_MARKS, LONG_TEXT, Folding, norm_folding, visible

Traced = list[tuple[str, int]]
"""Characters, each with the place of the one it came from."""


def traced_norm(text: str) -> tuple[str, NDArray[np.int64]]:
    """The search key of a text, and its offsets; see `texts.norm_with_offsets`."""
    folding = norm_folding()
    found = _once(list(zip(text, range(len(text)), strict=True)), folding)
    while not unicodedata.is_normalized("NFKC", _text(found)):
        found = _once(found, folding)
    return _text(found), np.array([place for _, place in found], dtype=np.int64)


def _once(characters: Traced, folding: Folding) -> Traced:
    found = [pair for pair in characters if not IGNORABLE.match(pair[0])]
    if len(found) > LONG_TEXT:
        found = _short_runs(found)
    found = [(folded, place) for letter, place in _composed(found) for folded in letter.casefold()]
    found = [pair for pair in found if visible()[ord(pair[0])] != DELETED]
    same_length = erasing.fold_lookalikes(erasing.erase(_text(found)))
    folded = [(int(folding.table[ord(new)]), place) for new, (_, place) in zip(same_length, found, strict=True)]
    return _squeezed([(chr(code), place) for code, place in folded if code != DELETED])


def _short_runs(characters: Traced) -> Traced:
    kept: Traced = []
    run = 0
    for letter, place in characters:
        run = run + 1 if letter != "\0" and visible()[ord(letter)] == DELETED else 0
        if run <= KEPT_MARKS:
            kept.append((letter, place))
    return kept


def _composed(characters: Traced) -> Traced:
    """NFKC by stretches that nothing joins: a stretch's characters all come from its first."""
    composed: Traced = []
    stretch: list[str] = []
    start = 0
    for letter, place in characters:
        if stretch and not _stands_alone(stretch, letter):
            stretch.append(letter)
            continue
        composed += [(one, start) for one in unicodedata.normalize("NFKC", "".join(stretch))]
        stretch, start = [letter], place
    return composed + [(one, start) for one in unicodedata.normalize("NFKC", "".join(stretch))]


def _stands_alone(stretch: list[str], letter: str) -> bool:
    """Whether a new stretch begins at `letter`: no mark, and it does not compose with what is before."""
    apart = unicodedata.normalize("NFKD", letter)
    if any(unicodedata.combining(one) for one in apart[:1]):
        return False
    before = "".join(stretch)
    return unicodedata.normalize("NFKC", before + letter) == (
        unicodedata.normalize("NFKC", before) + unicodedata.normalize("NFKC", letter)
    )


def _squeezed(characters: Traced) -> Traced:
    """Spaces to one and none at the ends, a letter three or more times to one; the first stays."""
    kept: Traced = []
    for letter, group in groupby(characters, key=lambda pair: pair[0]):
        run = list(group)
        once = letter == " " or (len(run) > 2 and not "0" <= letter <= "9")
        kept += run[:1] if once else run
    return kept[_starts_with_space(kept) : len(kept) - _starts_with_space(kept[::-1])]


def _starts_with_space(characters: Traced) -> int:
    return int(bool(characters) and characters[0][0] == " ")


def _text(characters: Traced) -> str:
    return "".join(letter for letter, _ in characters)
