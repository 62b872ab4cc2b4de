"""A slow, literal reading of the card's steps, held against the fast way and against the traced way.

Only the finding of addresses and mentions is shared with the code; test_erasing.py holds those.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby, pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from unit.signals.test_texts import ANY_TEXT

from dalil.signals import folding
from dalil.signals.erasing import erase
from dalil.signals.texts import norm, norm_with_offsets, skeleton

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


@given(ANY_TEXT)
@example("e\u200d\u0301")
@example("\u1100\u0301\u1161")
@example("http\u200bs://example.org")
@example("e" + "\u0316" * 1500 + "\u0301")
def test_norm_is_what_the_card_says(text: str) -> None:
    assert norm(text) == slow_norm(text)


@given(st.lists(st.sampled_from([*"abşz0137ابت٣ ", "la", "ll", "2022"]), max_size=20).map("".join))
def test_skeleton_is_what_the_card_says(text: str) -> None:
    assert skeleton(text) == slow_skeleton(norm(text))


@pytest.mark.parametrize("plane", [0, 1, 2, 14])
def test_every_character_is_folded_as_the_card_says(plane: int) -> None:
    table = folding.norm_folding().table
    for code in range(plane << 16, (plane + 1) << 16):
        expected = fold(chr(code))
        assert table[code] == (ord(expected) if expected else folding.DELETED), hex(code)


def test_nothing_above_the_assigned_planes_is_kept() -> None:
    table = folding.norm_folding().table
    assert set(table[0x40000:0xE0000].tolist()) == {folding.SPACE}
    assert set(table[0xE1000:].tolist()) == {folding.SPACE}


@given(ANY_TEXT)
@example("السـلامُ ﷺ ＡＢＣ ﬀ x\u0301 آه https://example.org/a ہہہه")
@example("\u1100\u1161\u11a8 \u1100\u0301\u1161")
@example("e" + "\u0316" * 1500 + " bridge")
def test_the_traced_way_gives_the_same_key_and_points_back_into_the_text(text: str) -> None:
    key, offsets = norm_with_offsets(text)
    assert key == norm(text)
    assert len(offsets) == len(key)
    assert all(0 <= place < len(text) for place in offsets)
    assert all(a <= b for a, b in pairwise(offsets))


@given(st.text(alphabet="abcXYZابتأة ٣,.؟", max_size=40))
def test_each_offset_names_the_very_character(text: str) -> None:
    key, offsets = norm_with_offsets(text)
    for letter, place in zip(key, offsets, strict=True):
        assert norm(text[place]) == letter.strip()


def test_offsets_find_a_word_again_behind_marks_links_and_ligatures() -> None:
    text = "😀 https://example.org/a ﷺ قال: الجِسْـــر مفتوح"
    key, offsets = norm_with_offsets(text)
    start = key.index("الجسر")
    found = text[offsets[start] : offsets[start + len("الجسر") - 1] + 1]
    assert found == "الجِسْـــر"
