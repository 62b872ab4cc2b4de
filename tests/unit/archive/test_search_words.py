"""Tokens of texts and forms of words that are looked for: what is in a post is found by every form that fits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.archive.search import words
from dalil.signals.texts import norm

ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
word = st.text(alphabet=ARABIC, min_size=2, max_size=12) | st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=2)
languages = st.sampled_from(["ar", "ckb", "en", "fa", "kmr", "kmr-Arab", "tr", "unknown", None])


def tokens(text: str, language: str | None) -> list[str]:
    return words.Stems().tokens(norm(text), language)


@pytest.mark.parametrize(
    ("one", "other", "language"),
    [
        ("المدينة", "مدينة", "ar"),
        ("للمدينة", "مدينته", "ar"),
        ("والمدينة", "مدينة", "ar"),
        ("وبالجسر", "جسرها", "ar"),
        ("فالجسر", "للجسر", "ar"),
        ("صورته", "الصورة", "ar"),
        ("الجسور", "جسور", "ar"),
        ("bridges", "bridge", "en"),
        ("evlerinde", "evler", "tr"),
    ],
)
def test_forms_of_one_word_share_a_stem(one: str, other: str, language: str) -> None:
    assert tokens(one, language) == tokens(other, language)


def test_sorani_words_stay_whole() -> None:
    text = "شارەکانی کوردستان پڕ بوون"
    assert tokens(text, "ckb") == norm(text).split()


def test_an_unknown_language_is_told_word_by_word_from_its_letters() -> None:
    assert tokens("الجسور bridges", "unknown") == tokens("الجسور", "ar") + tokens("bridges", "en")
    assert tokens("الجسور bridges", None) == tokens("الجسور bridges", "unknown")


@given(word, languages)
def test_a_word_is_found_by_one_of_its_forms_in_every_language(given_word: str, language: str | None) -> None:
    for token in tokens(given_word, language):
        key = norm(given_word).split()
        assert any(token in words.forms(one) for one in key)


@given(st.lists(word, min_size=1, max_size=5), languages)
def test_words_in_a_row_are_found_in_every_language(row: list[str], language: str | None) -> None:
    key = norm(" ".join(row))
    assert tuple(words.Stems().tokens(key, language)) in words.phrase_forms(key.split())


@given(st.text(max_size=200), languages)
def test_tokens_are_as_many_as_words_and_remembering_changes_nothing(text: str, language: str | None) -> None:
    stems = words.Stems()
    key = norm(text)
    first = stems.tokens(key, language)
    assert len(first) == len(key.split())
    assert stems.tokens(key, language) == first
    assert all(first)


def test_remembering_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "_MOST", 3)
    stems = words.Stems()
    assert stems.tokens("a b c d e f g", "ckb") == ["a", "b", "c", "d", "e", "f", "g"]
    assert stems.tokens("a g", "ckb") == ["a", "g"]


def test_a_word_that_never_ends_is_cut_the_same_way_on_both_sides() -> None:
    long = "ب" * 40 + "ت" * 40
    assert tokens(long, "ckb")[0] in words.forms(norm(long))
    assert len(tokens(long, "ckb")[0]) <= words.LONGEST


@given(st.text(max_size=300))
def test_no_text_can_forge_a_sign(text: str) -> None:
    forged = words.platform_sign("x")
    assert forged not in tokens(text + forged, "ckb")
    assert forged not in tokens(text + forged, "unknown")


def test_signs_of_different_things_differ() -> None:
    signs = [
        words.platform_sign("x"),
        words.language_sign("x"),
        words.kind_sign("x"),
        words.source_sign("x"),
        words.language_sign("kmr"),
        words.language_sign("kmr-Arab"),
        words.source_sign("x:1"),
        words.source_sign("x:2"),
    ]
    assert len(set(signs)) == len(signs)
    assert all(sign.isalnum() or sign[1:].isalnum() for sign in signs)
