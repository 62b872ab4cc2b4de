"""A slow, literal reading of the steps on the method card: the oracle of the text keys.

Only the finding of addresses and mentions is shared with the code; test_erasing.py holds those.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby

from dalil.signals.erasing import erase

VARIANTS = {
    "ا": "أإآٱٲٳ",
    "ي": "ىیېێئۍےۓؽؾؿ",
    "و": "ؤۆۇۈۋۊۉۄۅ",
    "ه": "ةەہۂۀھۃ",
    "ك": "کڪ",
    "ر": "ڕڔ",
    "ل": "ڵڶڷ",
    "ن": "ں",
    "i": "ı",
}
LOOK_ALIKES = dict(zip("авекмнорстухіјѕԁһӏԛԝёї", "abekmhopctyxijsdhlqwei", strict=True))
LEET = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b"}


def is_invisible(character: str) -> bool:
    """Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt), other format characters, tatweel."""
    code = ord(character)
    return (
        character == "\u0640"
        or unicodedata.category(character) == "Cf"
        or code in (0x34F, 0x3164, 0xFFA0, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2065)
        or 0x180B <= code <= 0x180F
        or 0xFE00 <= code <= 0xFE0F
        or 0xFFF0 <= code <= 0xFFF8
        or 0x13430 <= code <= 0x1343F  # format characters since Unicode 15
        or 0xE0000 <= code <= 0xE0FFF
    )


def is_mark(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Me") or unicodedata.combining(character) != 0


def is_latin(character: str) -> bool:
    return "a" <= character <= "z" or "\u00df" <= character <= "\u024f"


def runs(text: str) -> list[tuple[str, int]]:
    return [(letter, sum(1 for _ in group)) for letter, group in groupby(text)]


def without_long_runs(text: str) -> str:
    parts = ["".join(group)[: 30 if marked else None] for marked, group in groupby(text, is_mark)]
    return "".join(parts) if len(text) > 1000 else text


def fold_words(text: str) -> str:
    out = ""
    for _, group in groupby(text, str.isalnum):
        word = "".join(group)
        mixed = any(map(is_latin, word)) and any("\u0400" <= letter <= "\u052f" for letter in word)
        out += "".join(LOOK_ALIKES.get(letter, letter) for letter in word) if mixed else word
    return out


def fold(character: str) -> str:
    for target, letters in VARIANTS.items():
        if character in letters:
            return target
    if is_invisible(character) or is_mark(character) or character == "ٴ":
        return ""
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category[0] in "LN" or category == "Mc" or 0x20000 <= ord(character) < 0x40000:
        return character
    return " "


def slow_norm(text: str) -> str:
    while True:
        text = "".join(letter for letter in text if not is_invisible(letter))
        text = unicodedata.normalize("NFKC", without_long_runs(text)).casefold()
        text = "".join(letter for letter in text if not is_mark(letter) and not is_invisible(letter))
        text = fold_words(erase(text))
        text = " ".join("".join(map(fold, text)).split(" "))
        text = " ".join(word for word in text.split(" ") if word)
        text = "".join(letter if n >= 3 and letter not in "0123456789" else letter * n for letter, n in runs(text))
        if unicodedata.normalize("NFKC", text) == text:
            return text


def slow_skeleton(key: str) -> str:
    out = ""
    for word in key.split(" "):
        letters = sum(map(is_latin, word))
        digits = sum(letter in "0123456789" for letter in word)
        kinds = ["L" if is_latin(letter) else "9" if letter in "0123456789" else "?" for letter in word]
        touching = "L9" in "".join(kinds) or "9L" in "".join(kinds)
        leet = touching and letters >= 2 and digits <= letters
        out += "".join(LEET.get(letter, letter) for letter in word) if leet else word
    return "".join(letter * n if letter in "0123456789" else letter for letter, n in runs(out))
