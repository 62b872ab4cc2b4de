"""Which language a text is in: alphabet first, then a few telling words, then a model.

A lead for sorting, never a statement about a person. The model is py3langid held to ten codes, so
a text in any other language of a known script gets one of ours: see the method card,
docs/explanation/signals.md. It is asked about the original text, since the folding of the keys
merges what tells Sorani from Arabic.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final, NamedTuple

from dalil.signals import language_model
from dalil.signals.erasing import erase, may_hold_some

METHOD: Final = "language"
VERSION: Final = "1"

UNKNOWN: Final = "unknown"
CODES: Final = ("ar", "ar-Latn", "ckb", "kmr", "kmr-Arab", "fa", "tr", "az", "tk", "en", UNKNOWN)
"""Every code that `identify` can give. `kmr` is Kurmanji in Latin letters, `kmr-Arab` Badini, which is
Kurmanji in Arabic letters; `ar-Latn` Arabic written with Latin letters and digits (Arabizi)."""

MIN_WORDS: Final = 4
SAMPLE: Final = 100
"""Characters that are looked at: enough to tell these apart, and a bound on the time for long texts."""
READ: Final = 1000

ARABIC_SCRIPT: Final = {"ar": "ar", "arz": "ar", "ary": "ar", "sdh": "ckb", "fa": "fa"}
LATIN_SCRIPT: Final = {"en": "en", "ku": "kmr", "tr": "tr", "az": "az", "tk": "tk"}
"""The model's codes that are asked about in each script → ours."""

IN_WORD: Final = re.compile(r"[\w\u0300-\u036f\u064b-\u065f\u0670\u200c]")
_WORD: Final = re.compile(rf"[^\W\d_]{IN_WORD.pattern}*")
ARABIC: Final = re.compile("[\u0620-\u064a\u066e-\u06d3\u06d5\u06fa-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]+")
LATIN: Final = re.compile("[a-z\u00df-\u00f6\u00f8-\u024f\u0259\u1e00-\u1eff]+")
LETTER: Final = re.compile(r"[^\W\d_]+")

TELLING: Final = "əňê"
"""Letters of Azerbaijani, Turkmen and Kurmanji alone, asked in this order."""
KURDISH: Final = re.compile("[ێۆڕڵڤە]")
SORANI_ONLY: Final = re.compile("ڵ")
UYGHUR: Final = re.compile("[ېۇۈۋ]")
ARABIC_ONLY: Final = re.compile("[ةىأإ]")
NOT_ARABIC: Final = re.compile("[پچژگکیێۆڕڵڤەۀ]")
SHARE: Final = 20
"""One letter in so many must be of an alphabet's own for it to decide: a name quoted in an Arabic
text has one or two, a Sorani text one in five."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BADINI: Final = _words(
    "ژ ل ب کو ژی یێ یا ئەڤ ئەڤە ڤێ ڤان دگەل گەلەک دێ ژبۆ ئەڤێ هاتیە کریە دکەت نینە هندەک وەکو پشتی دناڤ لسەر ژبەر ئەوێ "
    "دبێژیت مە تە هوین ئەز بوویە ژێ لێ پێ تێدا ئەڤرۆ ئەڤرو دبیت دبن ناڤ"
)
_SORANI: Final = _words(
    "لە بە کە ئەم لەگەڵ دەکات دەکەن لەسەر دەبێت نییە هەیە ئێمە چونکە ئەوەی کردووە بووە لەلایەن پاش دوای ئەوان ئەمە لێرە "
    "دەڵێت ڕۆژی لەو لەم بەم بەو یان ناکات نەبوو ئەمڕۆ خۆی"
)
_ENGLISH: Final = _words("the and of to in is for that it on are was with this at be by from not")
_ARABIZI_INSIDE: Final = re.compile("[a-z][23579]+[a-z]")
_ARABIZI_EDGE: Final = re.compile("[23579][a-z]{3,}|[a-z]{3,}[3579]")
_UNITS: Final = re.compile("[0-9]+(?:nd|rd|th|st|am|pm|km|cm|mm|kg|gb|mb|min|hrs?|mins?|days?|years?|yrs?|sec|mph)")


class Language(NamedTuple):
    """What a text is written in.

    `basis`: `alphabet`, `words` or `model` decided; or it is unknown, because it is `short`, in
    another `script`, or has `none` (no letters). `arabizi`: Latin letters with 2 3 5 7 9 as letters.
    """

    code: str
    basis: str
    arabizi: bool


def identify(text: str) -> Language:
    """Tell the language of a text; never fails, whatever the string."""
    lowered = text[:READ].lower()
    if may_hold_some(lowered):
        lowered = erase(lowered)
    sample = " ".join(lowered.split())[:SAMPLE]
    rest = ARABIC.sub("", sample)
    arabic = len(sample) - len(rest)
    latin = len(rest) - len(LATIN.sub("", rest))
    if arabic >= latin and arabic:
        return _in_arabic_script(sample, arabic)
    if latin:
        return _in_latin_script(sample)
    return Language(UNKNOWN, "script" if LETTER.search(sample) else "none", arabizi=False)


def _in_arabic_script(sample: str, letters: int) -> Language:
    if UYGHUR.search(sample) and len(UYGHUR.findall(sample)) * SHARE >= letters:
        return Language(UNKNOWN, "script", arabizi=False)
    words = frozenset(sample.split())
    if KURDISH.search(sample) and len(KURDISH.findall(sample)) * SHARE >= letters:
        if not SORANI_ONLY.search(sample) and is_badini(words):
            return Language("kmr-Arab", "words", arabizi=False)
        return Language("ckb", "alphabet", arabizi=False)
    if is_badini(words):
        return Language("kmr-Arab", "words", arabizi=False)
    enough = _has_enough_words(sample)
    if len(ARABIC_ONLY.findall(sample)) > enough and not NOT_ARABIC.search(sample):  # two, in a short text one
        return Language("ar", "alphabet", arabizi=False)
    if not enough:
        return Language(UNKNOWN, "short", arabizi=False)
    return Language(ARABIC_SCRIPT[language_model.classify(sample, "arabic")], "model", arabizi=False)


def is_badini(words: frozenset[str]) -> bool:
    """At least two Badini function words, and more of them than Sorani ones."""
    badini = len(BADINI & words)
    return badini >= 2 and badini > len(_SORANI & words)


def _has_enough_words(sample: str) -> bool:
    return sum(1 for _ in islice(_WORD.finditer(sample), MIN_WORDS)) == MIN_WORDS


def _in_latin_script(sample: str) -> Language:
    words = sample.split()
    if _is_arabizi(words):
        return Language("ar-Latn", "alphabet", arabizi=True)
    for letter, code in zip(TELLING, ("az", "tk", "kmr"), strict=True):
        if letter in sample:
            return Language(code, "alphabet", arabizi=False)
    if not _has_enough_words(sample):
        return Language(UNKNOWN, "short", arabizi=False)
    return Language(LATIN_SCRIPT[language_model.classify(sample, "latin")], "model", arabizi=False)


def _is_arabizi(words: list[str]) -> bool:
    """Digits as letters in two words, or in one of a few, and no English frame around them."""
    found = sum(_has_digit_letter(word) for word in words)
    if not found:
        return False
    english = sum(word in _ENGLISH for word in words)
    return found > english and (found >= 2 or len(words) <= MIN_WORDS)


def _has_digit_letter(word: str) -> bool:
    if _UNITS.fullmatch(word.strip(".,;:!?()")):
        return False
    return _ARABIZI_INSIDE.search(word) is not None or _ARABIZI_EDGE.search(word) is not None
