"""The rules that come before the model: an alphabet's own letters, their share, the number of words, Arabizi."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.signals.language import SHARE, UNKNOWN, Language, identify

PLAIN_ARABIC = st.text(alphabet="بتثجحخدذرزسشصضطظعغفقكلمنه", min_size=2, max_size=6)
PLAIN_LATIN = st.text(alphabet="bcdfghjlmnop", min_size=2, max_size=6)


@given(st.lists(PLAIN_ARABIC, min_size=1, max_size=3), st.sampled_from("ێۆڕڵڤە"))
def test_one_kurdish_letter_in_a_short_text_tells(words: list[str], letter: str) -> None:
    assert identify(" ".join([*words, f"ب{letter}"])) == Language("ckb", "alphabet", arabizi=False)


@pytest.mark.parametrize(("more", "kurdish"), [(SHARE - 1, True), (SHARE, False), (3 * SHARE, False)])
def test_a_kurdish_letter_must_have_its_share(more: int, kurdish: bool) -> None:
    words = ["ۆ", *("بتثجح"[place % 5] for place in range(more))]
    assert (identify("".join(words)).code == "ckb") == kurdish


@given(st.lists(PLAIN_LATIN, max_size=9), st.sampled_from([("ə", "az"), ("ň", "tk"), ("ê", "kmr")]))
def test_a_telling_latin_letter_decides_alone(words: list[str], telling: tuple[str, str]) -> None:
    letter, code = telling
    for written in (letter, letter.upper()):
        assert identify(" ".join([*words, f"d{written}"])) == Language(code, "alphabet", arabizi=False)


@given(st.lists(PLAIN_ARABIC | PLAIN_LATIN, min_size=1, max_size=3))
def test_under_four_words_without_a_sign_it_is_unknown(words: list[str]) -> None:
    assert identify(" ".join(words)) == Language(UNKNOWN, "short", arabizi=False)


@given(st.lists(PLAIN_LATIN, min_size=4, max_size=4))
def test_from_four_words_on_the_model_is_asked(words: list[str]) -> None:
    assert identify(" ".join(words)).basis == "model"
    assert identify(" ".join([*words[:3], "1234", "😀"])).basis == "short", "numbers and signs are no words"


@pytest.mark.parametrize("letter", "ةىأإ")
def test_a_letter_of_arabic_alone_needs_company_in_a_long_text(letter: str) -> None:
    assert identify(f"بت{letter}") == Language("ar", "alphabet", arabizi=False)
    assert identify(f"بت{letter} جد رس مح").basis == "model"
    assert identify(f"بت{letter} جد{letter} رس مح") == Language("ar", "alphabet", arabizi=False)
    assert identify(f"بت{letter} چگ").code == UNKNOWN, "pe, che and gaf are not Arabic"


@given(PLAIN_LATIN, PLAIN_LATIN, st.sampled_from("23579"))
def test_a_digit_inside_a_word_is_a_letter(first: str, second: str, digit: str) -> None:
    arabizi = Language("ar-Latn", "alphabet", arabizi=True)
    assert identify(f"{first}{digit}{second}") == arabizi
    assert identify(f"{first} {first}{digit}{second} {second}{digit}{first} mn hon") == arabizi
    assert not identify(f"{first} {first}{digit}{second} {second} bcd dfg").arabizi, "one among many words"


@given(st.integers(0, 10**6), st.sampled_from(["km", "th", "days", "mins", "kg", "mph"]))
def test_a_number_with_its_unit_is_none(number: int, unit: str) -> None:
    assert not identify(f"{number}{unit}").arabizi


@given(st.lists(PLAIN_ARABIC, min_size=1, max_size=3), st.sampled_from(["Сахлара", "橋", "😀", "123"]))
def test_another_script_beside_arabic_does_not_hide_it(words: list[str], other: str) -> None:
    assert identify(" ".join([*words, "ڵ", other])).code == "ckb"
    assert identify(other).code == UNKNOWN
