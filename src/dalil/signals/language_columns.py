"""The languages of many texts at once: `language.identify` of each, a fifth of the time.

The same steps on one array: addresses out, spaces to one, 100 characters, letters counted, the alphabets
asked, then the model. A text goes to `identify` itself where a character may change under lower case or
NFC together with its neighbours, where digits may stand for letters, and where the model's two best are
nearly alike. A property test holds both ways equal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dalil.signals import characters, joined, language, language_model
from dalil.signals.erasing import erase
from dalil.signals.joined import END, SPACE, Joined, Mask, Places
from dalil.signals.language import SHARE, UNKNOWN, Language
from dalil.signals.language_model import Script

_HARD, _LETTER, _WORD, _MARK, _COMPOSES, *_TELLING = (1 << bit for bit in range(8))
_COUNTED: Final = {
    "arabic": language.ARABIC,
    "latin": language.LATIN,
    "letter": language.LETTER,
    "uyghur": language.UYGHUR,
    "kurdish": language.KURDISH,
    "sorani": language.SORANI_ONLY,
    "arabic_only": language.ARABIC_ONLY,
    "not_arabic": language.NOT_ARABIC,
}
"""What is counted in each sample, at most 100 of each: eight counts side by side in one number of 64 bits."""
_ALONE: Final = [ord(word) for word in language.BADINI if len(word) == 1]
_DIGITS: Final = [ord(digit) for digit in "23579"]
_ANSWERS: Final = (
    Language(UNKNOWN, "script", arabizi=False),
    Language(UNKNOWN, "none", arabizi=False),
    Language(UNKNOWN, "short", arabizi=False),
    Language("kmr-Arab", "words", arabizi=False),
    *(Language(code, "alphabet", arabizi=False) for code in ("ckb", "ar", "az", "tk", "kmr")),
    *(Language(language.ARABIC_SCRIPT[code], "model", arabizi=False) for code in language_model.ARABIC),
    *(Language(language.LATIN_SCRIPT[code], "model", arabizi=False) for code in language_model.LATIN),
)
_SCRIPT, _NONE, _SHORT, _BADINI, _CKB, _AR, _AZ, _TK, _KMR, _MODEL = range(10)
_FIRST: Final[dict[Script, int]] = {"arabic": _MODEL, "latin": _MODEL + len(language_model.ARABIC)}
_OPEN: Final = -1
"""Not settled here: `identify` is asked."""


class _Tables(NamedTuple):
    """For each code point below `characters.SIZE`, the last standing for all above: its lower case, white space
    as a space; then, of what is in lower case, what it is, and a one in each of its counts."""

    lower: NDArray[np.uint32]
    flags: NDArray[np.uint8]
    counts: NDArray[np.uint64]


class _Samples(NamedTuple):
    """The samples of some texts: what each character is, and what was counted in each sample."""

    rows: Joined
    flags: NDArray[np.uint8]
    counts: dict[str, NDArray[np.int64]]

    def with_any(self, places: Mask | Places) -> Mask:
        """Which samples hold one of the places."""
        found = np.zeros(len(self.rows.ends), dtype=bool)
        found[self.rows.ends.searchsorted(np.flatnonzero(places) if places.dtype == bool else places)] = True
        return found


def identify_all(texts: Sequence[str]) -> list[Language]:
    """`language.identify` of each text, in their order."""
    return [answer for part in joined.groups(texts) for answer in _identified(texts[part])]


def _identified(texts: Sequence[str]) -> Iterator[Language]:
    samples, hard = _sampled([text[: language.READ] for text in texts])
    counts, enough = samples.counts, _has_enough_words(samples)
    arabic = (counts["arabic"] >= counts["latin"]) & (counts["arabic"] > 0)
    latin = ~arabic & (counts["latin"] > 0)
    found = np.where(counts["letter"] > 0, _SCRIPT, _NONE)
    _by_arabic_letters(samples, found, arabic, enough)
    _by_latin_letters(samples, found, latin, enough)
    found[hard | (latin & _may_be_arabizi(samples))] = _OPEN
    _by_model(samples, found)
    for text, answer in zip(texts, found.tolist(), strict=True):
        yield language.identify(text) if answer == _OPEN else _ANSWERS[answer]


def _sampled(texts: list[str]) -> tuple[_Samples, Mask]:
    """The samples, and which texts are not for us (their samples are empty)."""
    tables = _tables()
    rows = joined.join(texts)
    hard = np.flatnonzero(tables.flags.take(rows.codes, mode="clip") & _HARD)
    careful = np.zeros(len(texts), dtype=bool)
    if len(hard):
        careful[rows.rows_of(hard)] = True
        rows = joined.join(["" if left else text for text, left in zip(texts, careful.tolist(), strict=True)])
    lower = tables.lower.take(rows.codes)
    lower[rows.ends] = END
    rows = joined.erased(Joined(lower, rows.ends), erase).squeezed().cut(language.SAMPLE)
    starts = np.concatenate(([0], rows.ends[:-1] + 1))
    lanes = np.add.reduceat(tables.counts.take(rows.codes), starts).astype("<u8").view(np.uint8).reshape(-1, 8)
    counts = {name: lanes[:, lane].astype(np.int64) for lane, name in enumerate(_COUNTED)}
    return _Samples(rows, tables.flags.take(rows.codes), counts), careful


def _by_arabic_letters(samples: _Samples, found: NDArray[np.int64], asked: Mask, enough: Mask) -> None:
    counts = samples.counts
    uyghur = asked & (counts["uyghur"] > 0) & (counts["uyghur"] * SHARE >= counts["arabic"])
    kurdish = asked & ~uyghur & (counts["kurdish"] > 0) & (counts["kurdish"] * SHARE >= counts["arabic"])
    plain = asked & ~uyghur & ~kurdish
    worth = (kurdish & (counts["sorani"] == 0)) | (plain & ((counts["not_arabic"] > 0) | _has_word_of_one(samples)))
    badini = np.zeros(len(found), dtype=bool)
    rows = np.flatnonzero(worth)
    badini[rows] = [language.is_badini(frozenset(text.split())) for text in samples.rows.some(rows.tolist())]
    alphabet = plain & (counts["arabic_only"] > enough) & (counts["not_arabic"] == 0)
    found[plain] = np.where(enough[plain], _FIRST["arabic"], _SHORT)
    found[alphabet] = _AR
    found[kurdish] = _CKB
    found[badini] = _BADINI


def _by_latin_letters(samples: _Samples, found: NDArray[np.int64], asked: Mask, enough: Mask) -> None:
    found[asked] = np.where(enough[asked], _FIRST["latin"], _SHORT)
    for flag, answer in reversed([*zip(_TELLING, (_AZ, _TK, _KMR), strict=True)]):
        found[asked & samples.with_any((samples.flags & flag) != 0)] = answer


def _by_model(samples: _Samples, found: NDArray[np.int64]) -> None:
    """Ask the model where the alphabet did not tell."""
    data, offsets = samples.rows.strings()
    asked = (found == _FIRST["arabic"]) | (found == _FIRST["latin"])
    found[asked & _may_change_under_nfc(samples)] = _OPEN
    for script, first in _FIRST.items():
        places = np.flatnonzero(found == first)
        starts, ends = offsets[places].astype(np.int64), offsets[places + 1].astype(np.int64)
        best = language_model.classify_many(np.frombuffer(data, dtype=np.uint8), starts, ends - starts, script)
        found[places] = np.where(best < 0, _OPEN, first + best)


def _has_enough_words(samples: _Samples) -> Mask:
    """Four words or more: stretches of letters, digits and marks in which there is a letter."""
    inside = (samples.flags & _WORD) != 0
    stretch = np.cumsum(inside & ~np.concatenate(([False], inside[:-1])))
    letters = np.flatnonzero(samples.flags & _LETTER)
    firsts = letters[np.diff(stretch[letters], prepend=0) != 0]
    enough: Mask = np.diff(firsts.searchsorted(samples.rows.ends), prepend=0) >= language.MIN_WORDS
    return enough


def _has_word_of_one(samples: _Samples) -> Mask:
    """A letter that is a Badini word, alone: no other word of theirs is written in Arabic's own letters."""
    codes = samples.rows.codes
    at = np.flatnonzero(np.logical_or.reduce([codes == letter for letter in _ALONE]))
    return samples.with_any(at[(codes[at - 1] <= SPACE) & (codes[at + 1] <= SPACE)])  # before the first: a terminator


def _may_be_arabizi(samples: _Samples) -> Mask:
    """A digit that may stand for a letter beside a letter."""
    codes = samples.rows.codes
    at = np.flatnonzero((codes >= ord("2")) & (codes <= ord("9")))
    at = at[np.isin(codes[at], _DIGITS)]
    beside = [(codes[at + step] >= ord("a")) & (codes[at + step] <= ord("z")) for step in (-1, 1)]
    return samples.with_any(at[beside[0] | beside[1]])


def _may_change_under_nfc(samples: _Samples) -> Mask:
    marks = (samples.flags & _MARK) != 0
    pairs = np.concatenate(([False], marks[1:] & marks[:-1]))
    return samples.with_any(pairs | ((samples.flags & _COMPOSES) != 0))


@cache
def _tables() -> _Tables:
    """Made at first use (about 20 ms), then kept."""
    flags = np.full(characters.SIZE, _HARD, dtype=np.uint8)
    lower = np.arange(characters.SIZE, dtype=np.uint32)
    counts = np.zeros(characters.SIZE, dtype=np.uint64)
    known = characters.looked_at()
    flags[list(map(ord, known))] = 0
    inside = frozenset(known)
    for character in known:
        small = character.lower()
        if small not in inside or character == "Σ":  # whose lower case depends on what follows
            flags[ord(character)] |= _HARD
        else:
            lower[ord(character)] = SPACE if character.isspace() else ord(small)
        if unicodedata.combining(character):
            flags[ord(character)] |= _MARK
        if character in characters.second_halves() or not unicodedata.is_normalized("NFC", character):
            flags[ord(character)] |= _COMPOSES
    for flag, letter in zip(_TELLING, language.TELLING, strict=True):
        flags[ord(letter)] |= flag
    flags[_matched(language.LETTER, known)] |= _LETTER
    flags[_matched(language.IN_WORD, known)] |= _WORD
    for lane, pattern in enumerate(_COUNTED.values()):
        counts[_matched(pattern, known)] += np.uint64(1 << 8 * lane)
    return _Tables(lower, flags, counts)


def _matched(pattern: re.Pattern[str], known: str) -> list[int]:
    """The code points of `known` that a pattern of single characters matches."""
    return list(map(ord, "".join(pattern.findall(known))))
