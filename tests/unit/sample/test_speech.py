"""Ordinary talk never makes two texts that look like copies of each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.sample.dice import dice
from dalil.sample.speech import P, Speech, code_word, fill, sections
from dalil.sample.world import REGISTERS

words = st.tuples(st.integers(0, P - 1), st.integers(0, P - 1), st.integers(0, P - 1))


def shared(first: tuple[int, ...], second: tuple[int, ...]) -> int:
    return sum(a == b for a, b in zip(first, second, strict=True))


@given(words, words)
def test_two_texts_share_at_most_half_of_their_clauses(
    first: tuple[int, int, int], second: tuple[int, int, int]
) -> None:
    if first != second:
        assert shared(code_word(*first), code_word(*second)) <= 2


@given(st.integers(0, P - 1), words, words)
def test_within_a_sheet_two_texts_share_one_clause_at_most(
    sheet: int, first: tuple[int, int, int], second: tuple[int, int, int]
) -> None:
    if first[1:] != second[1:]:
        assert shared(code_word(sheet, *first[1:]), code_word(sheet, *second[1:])) <= 1


@pytest.mark.parametrize("register", REGISTERS)
def test_each_section_holds_a_prime_number_of_different_clauses(register: str) -> None:
    assert all(P % n for n in range(2, P))
    for section in sections(register):
        assert len(section) == len(set(section)) == P


@pytest.mark.parametrize("register", REGISTERS)
def test_no_text_is_handed_out_twice_and_no_place_stays_unfilled(register: str) -> None:
    speech = Speech(3)
    texts = [speech.ordinary(register) for _ in range(2500)]
    assert len(set(texts)) == len(texts)
    assert not any("{" in text for text in texts)


def test_the_same_seed_says_the_same() -> None:
    assert [Speech(5).ordinary("ckb") for _ in range(20)] == [Speech(5).ordinary("ckb") for _ in range(20)]
    assert Speech(5).ordinary("ar") != Speech(6).ordinary("ar")


def test_talk_runs_out_with_a_word_about_it() -> None:
    speech = Speech(1)
    speech._next["en"] = P**3
    with pytest.raises(ValueError, match="no more texts"):
        speech.ordinary("en")


def test_a_clause_without_places_is_left_alone() -> None:
    assert fill("Coffee is on us", "en", dice(1, "x")) == "Coffee is on us"
