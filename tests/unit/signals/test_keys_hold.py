"""What the keys of a text must not hang on: how it was typed, stretched, dressed, or in what company it came."""

from __future__ import annotations

import random
from itertools import zip_longest

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.signals.awkward import ANY_TEXT

from dalil.signals.key_columns import key_columns
from dalil.signals.language import identify
from dalil.signals.texts import norm, norm_ckb, skeleton, text_keys

ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
ARABIC_TEXT = st.text(alphabet=ARABIC + " ", max_size=40)
UNLIKE = st.lists(st.sampled_from(ARABIC + "abcdefgh"), min_size=1, max_size=12, unique=True)
HIDDEN = st.text(alphabet="\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2066\u2069\u0640\ufe0e\ufe0f\ufeff\u00ad")
SIGNS = st.text(alphabet="\u064b\u064e\u0650\u0651\u0652\u0653\u0654\u0655\u0670\u06d6\u0610", max_size=4)
ZEROS = st.sampled_from("0٠۰०０߀\U0001d7ce\U0001d7f6")
CYRILLIC = "авекмнорсту"
LATIN = "abekmhopcty"
ADDRESSES = st.sampled_from(
    ["https://example.org/a?b=1", "hxxp://example.org", "WWW.Example.org/x", "t.co/Ab12", "@some_name", "@h:0af312"]
)


@given(ANY_TEXT, st.lists(HIDDEN, max_size=40))
def test_invisible_characters_between_all_others_change_nothing(text: str, hidden: list[str]) -> None:
    mixed = "".join(part for pair in zip_longest(text, hidden, fillvalue="") for part in pair)
    assert text_keys(mixed) == text_keys(text)


@given(ARABIC_TEXT, st.lists(SIGNS, max_size=40))
def test_marks_on_all_arabic_letters_change_nothing(text: str, signs: list[str]) -> None:
    mixed = "".join(part for pair in zip_longest(text, signs, fillvalue="") for part in pair)
    assert text_keys(mixed) == text_keys(text)


@given(st.integers(0, 10**12), ZEROS)
def test_a_number_is_the_same_in_all_digits(number: int, zero: str) -> None:
    written = "".join(chr(ord(zero) + int(digit)) for digit in str(number))
    assert norm(written) == skeleton(written) == str(number)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_two_numbers_never_share_a_skeleton(first: int, second: int) -> None:
    assert (skeleton(f"قتل {first} شخصا") == skeleton(f"قتل {second} شخصا")) == (first == second)


@given(UNLIKE, st.data())
def test_letters_stretched_to_three_and_more_are_one(letters: list[str], data: st.DataObject) -> None:
    stretched = "".join(letter * data.draw(st.sampled_from([1, 3, 4, 9])) for letter in letters)
    assert norm(stretched) == norm("".join(letters))


@given(UNLIKE)
def test_two_of_a_letter_count_in_the_search_key_only(letters: list[str]) -> None:
    once = "".join(letters)
    twice = "".join(letter * 2 for letter in letters)
    assert norm(twice) == twice != norm(once)
    assert skeleton(twice) == skeleton(once)


@given(ANY_TEXT, ADDRESSES, ANY_TEXT)
def test_an_address_or_mention_between_spaces_is_erased(before: str, address: str, after: str) -> None:
    assert text_keys(f"{before} {address} {after}") == text_keys(f"{before} {after}")


@given(st.lists(ADDRESSES, max_size=5))
def test_nothing_but_addresses_leaves_an_empty_key(addresses: list[str]) -> None:
    assert norm(" ".join(addresses)) == skeleton(" ".join(addresses)) == ""


@given(st.lists(st.sampled_from(CYRILLIC), min_size=1, max_size=9, unique=True), st.sampled_from("dfgijlqrsuvwz"))
def test_look_alikes_become_latin_in_mixed_words_only(letters: list[str], latin: str) -> None:
    word = "".join(letters)
    as_latin = word.translate(str.maketrans(CYRILLIC, LATIN))
    assert norm(word) == norm(word.upper()) == word
    assert norm(f"{latin} {word}") == f"{latin} {word}"
    assert norm(latin + word) == norm((latin + word).upper()) == latin + as_latin
    assert norm(f"{latin}_{word}") == f"{latin} {word}", "a sign ends the word"


@pytest.mark.parametrize(
    ("sorani", "folded"), list(zip("ڕڵێۆەیکھ", "رليوهيكه", strict=True)), ids=lambda letter: f"{ord(letter):x}"
)
def test_a_sorani_letter_is_folded_for_finding(sorani: str, folded: str) -> None:
    assert norm(f"ت{sorani}ت") == norm(f"ت{folded}ت") == f"ت{folded}ت"
    if sorani != "ھ":
        assert norm_ckb(f"ت{sorani}ت") == f"ت{sorani}ت"


def test_the_language_is_told_before_the_letters_are_folded() -> None:
    text = "ڕێگای دەڵیا کراوەیە و هیچ شەڕێک نییە"
    assert identify(text).code == identify(norm_ckb(text)).code == "ckb"
    assert identify(norm(text)).code != "ckb", "the key has lost what tells: never ask about it"


@given(st.lists(ANY_TEXT, max_size=8), st.randoms(use_true_random=False))
def test_keys_do_not_hang_on_order_or_company(some: list[str], rng: random.Random) -> None:
    order = list(range(len(some)))
    rng.shuffle(order)
    found = key_columns([some[place] for place in order])
    one_by_one = [text_keys(some[place]) for place in order]
    assert found.norm.texts() == [keys.norm for keys in one_by_one]
    assert found.skeleton.texts() == [keys.skeleton for keys in one_by_one]
    assert found.skeleton_hash.tolist() == [keys.skeleton_hash for keys in one_by_one]
