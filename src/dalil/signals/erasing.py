"""Addresses and mentions out of a text, and Cyrillic look-alikes out of Latin words.

Everything here puts one character for one character, so that offsets stay true. The text must be
case-folded, in NFKC and without marks or invisible characters. A mention counts the same whether
it is written as a handle or as the keyed hash (`@h:` and hex digits) that stands for a private
person, so that both leave the same key.
"""

from __future__ import annotations

import re
from typing import Final

_STOP: Final = r"\s\0<>\"«»“”،؛؟"
"""What ends an address: space, quotes, and the Arabic stops that often follow one without a space."""

_SCHEMES: Final = ("https", "hxxps", "http", "hxxp", "ftp", "tg")
"""The longer ones first."""
_TO_STOP: Final = re.compile(f"[^{_STOP}]+")
_WITH_WWW: Final = re.compile(rf"www\.(?<![\w.-]www\.)[^{_STOP}]+")
_BARE: Final = re.compile(rf"(?<![\w.@-])(?:[a-z0-9-]{{1,63}}\.){{1,8}}[a-z]{{2,24}}/[^{_STOP}]*")
_MENTION: Final = re.compile(
    r"@(?:h:[0-9a-f]+|(?<!\w@)[a-z0-9_]+)(?:[.@-][a-z0-9_]+)*"  # an ASCII handle ends where another script begins
    r"|@(?<!\w@)\w+"
)
_CYRILLIC: Final = re.compile("[\u0400-\u052f]")
_WORD: Final = re.compile(r"[^\W_]+")
_LATIN: Final = re.compile("[a-z\u00df-\u024f]")
_LOOKS_LATIN: Final = str.maketrans("авекмнорстухіјѕԁһӏԛԝёї", "abekmhopctyxijsdhlqwei")
"""Look-alikes in lower case; в, к, м, н, т are here because their capitals are."""


def may_hold_some(text: str) -> bool:
    """Whether `text` (lower case) may hold an address or mention, so that `erase` is worth its time."""
    return "@" in text or "/" in text or "www." in text


def has_cyrillic(text: str) -> bool:
    """Whether `text` holds a Cyrillic letter."""
    return _CYRILLIC.search(text) is not None


def erase(text: str) -> str:
    """Put spaces in place of addresses and mentions, as many as they had characters."""
    if "://" in text:
        text = _without_schemes(text)
    if "/" in text:
        text = _BARE.sub(_blank, text)
    if "www." in text:
        text = _WITH_WWW.sub(_blank, text)
    if "@" in text:
        text = _MENTION.sub(_blank, text)
    return text


def _without_schemes(text: str) -> str:
    """Blank what begins with one of the schemes. By hand: a pattern would be tried at every letter."""
    last, at = 0, text.find("://")
    parts: list[str] = []
    while at >= 0:
        scheme = ""
        for name in _SCHEMES:
            if text.endswith(name, last, at):
                scheme = name
                break
        rest = _TO_STOP.match(text, at + 3) if scheme else None
        after = at + 3
        if rest:
            start, after = at - len(scheme), rest.end()
            parts += (text[last:start], " " * (after - start))
            last = after
        at = text.find("://", after)
    return "".join((*parts, text[last:]))


def fold_lookalikes(text: str) -> str:
    """In words that mix Latin and Cyrillic, put the Latin letter for each Cyrillic look-alike."""
    return _WORD.sub(_fold_word, text)


def _blank(match: re.Match[str]) -> str:
    return " " * (match.end() - match.start())


def _fold_word(match: re.Match[str]) -> str:
    word = match.group()
    if _LATIN.search(word) and _CYRILLIC.search(word):
        return word.translate(_LOOKS_LATIN)
    return word
