"""Under which tokens a word is kept and looked for: a Snowball stem by language, and signs that are no words.

A post's words are stemmed by the post's own language; of a question nobody knows it, so that a word is looked
for under every form that some language would give it. Languages without a stemmer of ours, Sorani among them,
keep their words whole. Words come from `norm` (signals.texts), made once at import, never here.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from hashlib import blake2b
from typing import Final

import Stemmer

ALGORITHMS: Final = {"ar": "arabic", "en": "english", "tr": "turkish"}
"""Language of a post → Snowball algorithm."""
UNKNOWN: Final = "unknown"
"""A text too short to tell: its words are stemmed by their letters."""
LONGEST: Final = 60
"""Characters of a word that count."""
_ARABIC: Final = "\u0600"
_ARABIC_ENDS: Final = "\u08ff"
_SHORT: Final = 4
_SIGN: Final = "\ue000"
"""Begins what is no word; `norm` leaves no character of private use in a text."""
_MOST: Final = 200_000


class _Known(dict[str, str]):
    """Word → token in one language; a word that is not there yet is stemmed and remembered."""

    def __init__(self, language: str) -> None:
        self._language = language

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST:
            self.clear()
        language = _by_letters(word) if self._language == UNKNOWN else self._language
        stem = self[word] = stemmed(word, language)
        return stem


class Stems:
    """Stems words, and remembers those that it has stemmed; not for several threads at once."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}

    def tokens(self, norm: str, language: str | None) -> list[str]:
        """The tokens of a text's words, in order.

        Args:
            norm: the search key: words and single spaces.
            language: of the text; None or `UNKNOWN` where it could not be told.
        """
        language = language or UNKNOWN
        known = self._known.get(language)
        if known is None:
            known = self._known[language] = _Known(language)
        return list(map(known.__getitem__, norm.split()))


def stemmed(word: str, language: str) -> str:
    """A word's token in a text of one language."""
    word = word[:LONGEST]
    algorithm = ALGORITHMS.get(language)
    if algorithm is None:
        return word
    return _stemmer(algorithm).stemWord(_prepared(word) if language == "ar" else word) or word


def _prepared(word: str) -> str:
    """An Arabic search key as Snowball's stemmer expects it.

    `norm` has made the feminine ending ة the letter ه, which the stemmer leaves on a word with the article; and the
    stemmer knows no article behind و or ف, nor one that ل has swallowed.
    """
    if len(word) > _SHORT and word[0] in "وف" and word.startswith("ال", 1):
        word = word[1:]
    elif len(word) > _SHORT and word.startswith("لل"):
        word = f"ال{word[2:]}"
    if len(word) >= _SHORT and word.endswith("ه") and not word.endswith("ته"):
        word = f"{word[:-1]}ة"
    return word


def forms(word: str) -> tuple[str, ...]:
    """All tokens under which a post of some language may hold the word; the word itself first."""
    first = word[:LONGEST]
    languages = ("ar",) if _is_arabic(word) else ("en", "tr")
    return tuple(dict.fromkeys((first, *(stemmed(word, language) for language in languages))))


def phrase_forms(words: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """The same for words in a row: a post stems them all by one language."""
    words = tuple(words)
    ways = [tuple(word[:LONGEST] for word in words)]
    ways += [tuple(stemmed(word, language) for word in words) for language in ALGORITHMS]
    ways.append(tuple(stemmed(word, _by_letters(word)) for word in words))
    return tuple(dict.fromkeys(ways))


def platform_sign(platform: str) -> str:
    """Stands in a post of that platform."""
    return _sign("p", platform)


def language_sign(language: str) -> str:
    """Stands in a post of that language."""
    return _sign("l", language)


def kind_sign(kind: str) -> str:
    """Stands in a post of that kind."""
    return _sign("k", kind)


@lru_cache(maxsize=100_000)
def source_sign(uid: str) -> str:
    """Stands in a post by that account, or in that channel or group."""
    return f"{_SIGN}s{blake2b(uid.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"


@lru_cache(maxsize=1000)
def _sign(letter: str, value: str) -> str:
    return f"{_SIGN}{letter}{''.join(char for char in value.lower() if char.isalnum())}"


def _by_letters(word: str) -> str:
    return "ar" if _is_arabic(word) else "en"


def _is_arabic(word: str) -> bool:
    return any(_ARABIC <= char <= _ARABIC_ENDS for char in word)


@cache
def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(algorithm, 0)
