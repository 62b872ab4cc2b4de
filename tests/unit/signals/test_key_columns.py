"""The keys of many texts at once are those of each alone, whatever stands beside it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from unit.signals.awkward import ANY_TEXT

from dalil.signals import characters, joined, texts
from dalil.signals.key_columns import key_columns
from dalil.signals.texts import TextKeys, text_keys


def keys_at_once(given: list[str]) -> list[TextKeys]:
    found = key_columns(given)
    columns = (found.norm.texts(), found.skeleton.texts(), found.skeleton_hash.tolist())
    return [TextKeys(*keys) for keys in zip(*columns, strict=True)]


@given(st.lists(ANY_TEXT, max_size=8))
@example([])
@example(["", "", ""])
@example(["  ", "a\n\nb", "\n", "\0"])
@example(["aaa", "aaaa", "a", "٣٣٣", "33a3 b0mb"])
@example(["x" * 2000 + "\u064e" * 40 + "\u0651", "WWW.EXAMPLE.ORG/a نص", "ww\u200dw.example.org"])
@example(["@abٴc", "а" * 3 + "bc", "اٴ", "ۀ"])
def test_at_once_is_as_one_by_one(given: list[str]) -> None:
    assert keys_at_once(given) == [text_keys(text) for text in given]


@pytest.mark.parametrize("around", ["{}", "a{}a", "ا{}\u0654ل", "{0}{0}{0}", "x {} 1", "@n{}m.org/ك", "Ü{}"])
def test_every_character_that_is_looked_at(around: str) -> None:
    some = [around.format(character) for character in characters.looked_at()]
    different = [(text, keys) for text, keys in zip(some, keys_at_once(some), strict=True) if keys != text_keys(text)]
    assert different == []


def test_every_fifth_of_all_other_characters() -> None:
    known = set(characters.looked_at())
    some = [f"a{chr(code)}b" for code in range(0, 0x110000, 5) if chr(code) not in known]
    assert keys_at_once(some) == [text_keys(text) for text in some]


def test_a_plain_character_is_what_it_says() -> None:
    """Alone, doubled, and after every plain letter that something composes with, it stays in NFKC."""
    tables = characters.tables()
    plain = [chr(code) for code in range(characters.SIZE) if tables.kind[code] == characters.PLAIN]
    assert unicodedata.is_normalized("NFKC", "".join(plain))
    for first in "aeiounاويه가か":
        assert unicodedata.is_normalized("NFKC", "".join(f"{first}{letter}" for letter in plain))
    assert all(len(letter.casefold()) == 1 for letter in plain)
    assert len(plain) > 10_000


def test_no_composing_character_is_overlooked() -> None:
    found = {
        chr(int(parts[1], 16))
        for parts in (unicodedata.decomposition(chr(code)).split() for code in range(0x110000))
        if len(parts) == 2 and not parts[0].startswith("<")
    }
    known = set(characters.looked_at())
    assert found & known <= characters.second_halves()
    for mark in filter(lambda one: unicodedata.is_normalized("NFC", one), known - characters.second_halves()):
        for first in "aAاوهي\u1100\uac00":
            assert len(unicodedata.normalize("NFC", first + mark)) >= 2


def test_a_group_boundary_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    some = ["عاجل: الجسر مفتوح", "@name قال", "", "b0mb 3xplosion", "Мост", "t.co/ab12 نص"] * 7
    whole = keys_at_once(some)
    monkeypatch.setattr(joined, "_AT_ONCE", 20)
    assert keys_at_once(some) == whole == [text_keys(text) for text in some]


def test_nearly_all_texts_of_ours_go_the_quick_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Vowel signs, emoji with their selectors, joiners, links and mentions: none needs the careful way."""
    some = [
        "السَّلامُ عليكم ورحمة",
        "❤️ شكرا 👨‍👩‍👧",
        "می‌شود https://example.org/a",
        "ڕێگا @h:0123abcd",
        "Köprü açık, şer tune",
        "عـــاجـــل",
    ]
    expected = [text_keys(text) for text in some]
    monkeypatch.setattr(texts, "norm", None)
    assert keys_at_once(some) == expected
