"""Which posts say the same, found slowly from their texts: the truth that duplicate groups are held against.

The key is a literal reading of the method page's `skeleton`, without a line of `dalil.signals`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from dalil.sample.stream import Draft

_ADDRESS: Final = re.compile(r"https?://\S+|@\w+")
_FOLDS: Final = {
    "ا": "أإآٱ", "ي": "ىئیېۍ", "ك": "کڪ", "ه": "ةەۀہھ", "و": "ؤۆۇ", "ر": "ڕ", "ل": "ڵ", "ف": "ڤ",
}  # fmt: skip
_FOLD: Final = {ord(variant): base for base, variants in _FOLDS.items() for variant in variants}
_REPEAT: Final = re.compile(r"(.)\1+")


class _Kept(dict[int, str]):
    """What each character becomes, found when it is first met; nothing for one that says nothing."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        if unicodedata.category(letter) in ("Mn", "Cf") or letter == "\u0640":
            letter = ""
        elif letter.isdecimal():
            letter = str(unicodedata.decimal(letter))
        self[code] = "".join(c for c in letter.translate(_FOLD) if c.isalnum())
        return self[code]


_KEPT: Final = _Kept()


def key(text: str) -> str:
    """What stays of a text when everything that does not change what it says is taken out."""
    plain = unicodedata.normalize("NFKC", _ADDRESS.sub(" ", text)).casefold()
    return _REPEAT.sub(r"\1", plain.translate(_KEPT))


@dataclass(frozen=True, slots=True)
class Family:
    """Posts that say the same: `exact` after normalising, `near` reworded from them.

    `origin` is claim, push, viral, forward, or chance (short greetings and the like).
    """

    name: str
    origin: str
    exact: tuple[Draft, ...]
    near: tuple[Draft, ...]


def families(drafts: Iterable[Draft]) -> list[Family]:
    """All groups of two posts or more. A forward shows its source's text again; a repost has none of its own."""
    by_key: dict[str, list[Draft]] = defaultdict(list)
    near: dict[str, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.kind == "repost":
            continue
        if draft.near:
            near[draft.original].append(draft)
        else:
            by_key[key(draft.text)].append(draft)
    found = []
    for number, posts in enumerate(by_key.values()):
        original = next((d.original for d in posts if d.original), "")
        reworded = near.pop(original, []) if original else []
        if len(posts) + len(reworded) > 1:
            forwarded = any(d.kind == "forward" for d in posts)
            name = original or f"{'forward' if forwarded else 'chance'}/{number}"
            found.append(Family(name, name.split("/", 1)[0], tuple(posts), tuple(reworded)))
    return found
