"""Names that say nothing: a neutral word and a number, drawn, never chosen.

Whoever picks their own name picks one that friends recognise. The words are trees, birds, stones and
tools, in plain Latin letters, so that each can be said over a bad line in any of our languages.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable
from typing import Final

WORDS: Final[tuple[str, ...]] = (
    "acorn", "alder", "almond", "amber", "anchor", "anvil", "apple", "apricot", "arch", "ash", "aspen",
    "badger", "balsam", "bamboo", "barley", "basalt", "basil", "basin", "bay", "beech", "bell", "birch",
    "brick", "bridge", "brook", "broom", "buckle", "button", "canal", "candle", "canvas", "cedar", "chalk",
    "cherry", "chestnut", "clay", "clover", "coal", "cobalt", "copper", "coral", "cork", "cotton", "crane",
    "crystal", "cypress", "daisy", "date", "delta", "dove", "dune", "eagle", "elder", "elm", "ember",
    "falcon", "feather", "fennel", "fern", "fig", "finch", "flint", "flute", "forge", "fountain", "fox",
    "garnet", "gate", "ginger", "glass", "granite", "grape", "gravel", "grove", "gull", "hammer", "harbour",
    "hare", "hawk", "hazel", "heather", "hemlock", "hemp", "heron", "hill", "holly", "honey", "ibis", "iris",
    "iron", "island", "ivy", "jade", "jasmine", "juniper", "kettle", "kiln", "kite", "ladder", "lake", "lamp",
    "lantern", "larch", "lark", "laurel", "lava", "lemon", "lentil", "lily", "lime", "linden", "linen",
    "lotus", "lynx", "magnet", "maple", "marble", "marten", "meadow", "mint", "mirror", "moss", "myrtle",
    "needle", "nettle", "nickel", "oak", "oat", "olive", "onyx", "opal", "orchid", "osier", "otter", "owl",
    "palm", "paper", "peach", "pear", "pearl", "pebble", "pepper", "pine", "plane", "plum", "pond", "poplar",
    "poppy", "quarry", "quartz", "quince", "raven", "reed", "ridge", "river", "robin", "rope", "rose",
    "rowan", "ruby", "rush", "saffron", "sage", "sail", "salt", "sand", "sapphire", "shell", "silk", "silver",
    "slate", "sorrel", "sparrow", "spruce", "steel", "stork", "stream", "sumac", "swallow", "swan", "swift",
    "tea", "teal", "thistle", "thrush", "thyme", "tide", "tile", "timber", "topaz", "tower", "tulip",
    "turtle", "umber", "valley", "vine", "violet", "wagon", "walnut", "water", "well", "wheat", "willow",
    "wool", "wren", "yarrow", "yew", "zinc",
)  # fmt: skip
_TRIES: Final = 500


def draw(is_taken: Callable[[str], bool]) -> str:
    """A free pseudonym such as `oak-17`.

    Raises:
        RuntimeError: (nearly) all of them are taken; there are over 18,000.
    """
    for _try in range(_TRIES):
        name = f"{secrets.choice(WORDS)}-{10 + secrets.randbelow(90)}"
        if not is_taken(name):
            return name
    raise RuntimeError("no pseudonym is free")


def is_neutral(name: str) -> bool:
    """Whether it could have been drawn."""
    word, _dash, number = name.partition("-")
    return word in WORDS and number.isascii() and number.isdigit() and len(number) == 2 and number[0] != "0"


def normal(typed: str) -> str:
    """What was meant by what was typed: `Oak 17`, `oak-١٧` → `oak-17`; a sign that no pseudonym has becomes `?`."""
    folded = plain_digits(unicodedata.normalize("NFKC", typed[:64])).casefold()
    dashed = "-".join(folded.replace("-", " ").split())
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign == "-") else "?" for sign in dashed)[:64]


def plain_digits(text: str) -> str:
    """Arabic and other decimal digits as 0–9, so that the keyboard in use does not matter."""
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
