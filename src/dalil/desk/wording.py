"""Neutral sentences for suggested claims: worded as a claim, never as a fact, in the group's language. Pure."""

from __future__ import annotations

import re
from typing import Final

QUOTED_CHARACTERS: Final = 160
_DRAFTS: Final[dict[str, str]] = {
    "ar": "نصٌّ شوهد في {posts} منشورًا من {accounts} حسابًا يقول: «{text}»",
    "ckb": "دەقێک کە لە {posts} پۆستی {accounts} هەژماردا بینراوە دەڵێت: «{text}»",
    "en": "A text seen in {posts} posts from {accounts} accounts says: “{text}”",
    "ku": "Nivîsek ku di {posts} postên {accounts} hesaban de hatiye dîtin dibêje: «{text}»",
}
_SPACE: Final = re.compile(r"\s+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_MENTION: Final = re.compile(r"@\S+")
_SORANI: Final = frozenset("ێۆڕڵڤە")
_KURMANJI: Final = frozenset("êîûşç")


def draft(text: str, *, posts: int, accounts: int, language: str | None = None) -> tuple[str, str]:
    """A placeholder sentence for a group of equal texts; a person rewrites it before it is a claim.

    Args:
        text: the group's sample. Mentions are left out: they may name a person.
        language: of the group; guessed from its letters where None or not one we have words for.
    Returns:
        (sentence, its language).
    """
    plain = _MENTION.sub("…", _CONTROL.sub(" ", text))
    plain = _SPACE.sub(" ", plain).strip()
    if len(plain) > QUOTED_CHARACTERS:
        plain = plain[:QUOTED_CHARACTERS].rsplit(" ", 1)[0] + " …"
    tongue = language if language in _DRAFTS else language_of(plain)
    words = {"posts": str(posts), "accounts": str(accounts), "text": plain}
    return re.sub(r"\{(\w+)\}", lambda m: words[m[1]], _DRAFTS[tongue]), tongue


def language_of(text: str) -> str:
    """A rough guess by letters, good enough to choose a placeholder: ckb, ar, ku or en."""
    if any(char in _SORANI for char in text):
        return "ckb"
    if any("\u0600" <= char <= "\u06ff" for char in text):
        return "ar"
    return "ku" if any(char in _KURMANJI for char in text.casefold()) else "en"
