"""How long an answer may be on each platform, and what to look at before it goes out: pure.

Limits as the platforms' own help pages gave them in 2026, for the place where an answer is posted (a
post or reply, not a caption). X counts as its published text rules do (twitter-text, configuration 3).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# The unit is a Unicode character but for X (weighted) and Bluesky (graphemes, of which this is an upper bound).
LIMITS: Final[dict[str, int]] = {
    "bluesky": 300,
    "facebook": 63206,
    "instagram": 2200,
    "mastodon": 500,
    "telegram": 4096,
    "threads": 500,
    "tiktok": 150,
    "x": 280,
    "youtube": 10000,
}
_LINK: Final = re.compile(r"https?://\S+")
_X_LINK: Final = 23
_X_SINGLE: Final = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
_WORD: Final = re.compile(r"\w{3,}")
_SENTENCE_END: Final = re.compile(r"[.!?؟۔\n]")
FACT_FIRST_SHARE: Final = 0.6


def limit_of(platform: str) -> int | None:
    """The longest text, in that platform's unit; None where none is known."""
    return LIMITS.get(platform)


def length_on(platform: str, text: str) -> int:
    """The text's length as the platform counts it, after NFC."""
    composed = unicodedata.normalize("NFC", text)
    if platform != "x":
        return len(composed)
    links = len(_LINK.findall(composed))
    return _X_LINK * links + sum(_x_weight(ord(char)) for char in _LINK.sub("", composed))


def _x_weight(code: int) -> int:
    return 1 if any(low <= code <= high for low, high in _X_SINGLE) else 2


def reminders(text: str, sentence: str, platform: str) -> tuple[str, ...]:
    """What to look at before posting, as keys for the page; never a refusal.

    `fact_first`: the answer opens by repeating the claim (its first sentence shares at least 60 % of
    the claim's words), while corrections work better when the fact comes first and the claim is
    mentioned once. `too_long`: the platform would cut it.
    """
    found = []
    opening = set(_WORD.findall(_SENTENCE_END.split(text.strip(), maxsplit=1)[0].casefold()))
    claim = set(_WORD.findall(sentence.casefold()))
    if claim and len(opening & claim) >= FACT_FIRST_SHARE * len(claim):
        found.append("fact_first")
    limit = limit_of(platform)
    if limit is not None and length_on(platform, text) > limit:
        found.append("too_long")
    return tuple(found)
