"""The languages of many texts at once are those of each alone."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from unit.signals.awkward import ANY_TEXT
from unit.signals.test_language import SENTENCES

from dalil.signals import characters, joined, language
from dalil.signals.language import CODES, identify
from dalil.signals.language_columns import identify_all

WORDS = [word for some in SENTENCES.values() for text in some for word in text.split()]
EXTRAS = [
    "",
    "ب",
    "ل",
    "دبن",
    "3arabi",
    "mafto7",
    "ə",
    "ň",
    "ê",
    "12",
    "_a",
    "كۆۋرۈك",
    "ة",
    "@name",
    "t.co/ab",
    "İ",
    "Σας",
    "é",
    "e\u0301",
]
MIXED = st.lists(st.sampled_from(WORDS + EXTRAS) | ANY_TEXT, max_size=30).map(" ".join)


@given(st.lists(MIXED, max_size=6))
@example([])
@example(["", " ", "\n\n", "\0"])
@example(["ل ب دبن", "ل  ب", "ل", "ل ل", "كتب ل ب", "ب، ل"])
@example(["one two three four", "one two three", "one_two three-four 5", "12a b c d"])
@example(["x" * 1500, "ا" * 99 + " b c", "a" * 98 + "  bb", "\ud800 one two three four"])
@example(["كَتَبَ الوَلَدُ الدَّرسَ في البَيتِ", "a\u0327\u0301 b c d e", "\u0438\u0306 one two three four"])
def test_at_once_is_as_one_by_one(given: list[str]) -> None:
    assert identify_all(given) == [identify(text) for text in given]


def test_thousands_of_texts_of_all_our_languages() -> None:
    """The model's sums are added in another order at once: no answer may hang on that."""
    rng = random.Random(7)
    some = [" ".join(rng.choices(WORDS + EXTRAS, k=rng.randrange(2, 18))) for _ in range(4000)]
    some += [" ".join(rng.choices(rng.choice(SENTENCES[code]).split(), k=6)) for code in SENTENCES for _ in range(200)]
    found = identify_all(some)
    assert found == [identify(text) for text in some]
    assert {answer.code for answer in found} == set(CODES)
    assert Counter(answer.basis for answer in found)["model"] > 1000


@pytest.mark.parametrize("around", ["{}", "one two {} three four", "واحد اثنان {} ثلاثة أربعة", "a{}b c d"])
def test_every_character_that_is_looked_at(around: str) -> None:
    some = [around.format(character) for character in characters.looked_at()]
    assert identify_all(some) == [identify(text) for text in some]


def test_every_twentieth_of_all_other_characters() -> None:
    known = set(characters.looked_at())
    some = [f"{chr(code)} نص" for code in range(0, 0x110000, 20) if chr(code) not in known]
    assert identify_all(some) == [identify(text) for text in some]


def test_a_group_boundary_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    some = [text for texts in SENTENCES.values() for text in texts]
    whole = identify_all(some)
    monkeypatch.setattr(joined, "_AT_ONCE", 100)
    assert identify_all(some) == whole


def test_nearly_all_texts_of_ours_go_the_quick_way(monkeypatch: pytest.MonkeyPatch) -> None:
    some = [text for texts in SENTENCES.values() for text in texts]
    careful: list[str] = []

    def asked(text: str) -> language.Language:
        careful.append(text)
        return identify(text)

    monkeypatch.setattr(language, "identify", asked)
    identify_all(some)
    assert len(careful) <= 2, "those with a digit beside a letter"
