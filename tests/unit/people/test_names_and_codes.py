"""Pseudonyms are drawn and neutral; codes are long, forgiving to typing, and only their hashes are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.people import codes, pseudonyms
from dalil.people.sealing import SECRET, mark, new_secret, seal, unseal

KEYS = {SECRET: b"k" * 32}
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def test_a_drawn_pseudonym_is_a_neutral_word_and_a_number() -> None:
    drawn = {pseudonyms.draw(lambda _name: False) for _ in range(200)}
    assert all(pseudonyms.is_neutral(name) for name in drawn)
    assert len(drawn) > 100


def test_drawing_avoids_what_is_taken_and_gives_up_only_when_all_is() -> None:
    free = "oak-17"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pseudonyms, "WORDS", ("oak",))
        assert pseudonyms.draw(lambda name: name != free and name < "oak-90") != ""
        with pytest.raises(RuntimeError):
            pseudonyms.draw(lambda _name: True)


def test_words_are_plain_distinct_and_short() -> None:
    assert len(set(pseudonyms.WORDS)) == len(pseudonyms.WORDS) >= 150
    assert all(word.isascii() and word.isalpha() and word.islower() and len(word) <= 12 for word in pseudonyms.WORDS)


@pytest.mark.parametrize("name", ["ali-17", "oak-7", "oak-07", "oak-170", "oak", "oak-1٧", "-17", "Oak-17"])
def test_a_name_that_could_not_have_been_drawn_is_not_neutral(name: str) -> None:
    assert not pseudonyms.is_neutral(name)


@pytest.mark.parametrize("typed", ["oak-17", " Oak 17 ", "OAK-17", "oak-١٧", "oak - ۱۷", "ｏａｋ-17"])
def test_what_was_meant_is_found_whatever_the_keyboard(typed: str) -> None:
    assert pseudonyms.normal(typed) == "oak-17"


@given(st.text())
def test_any_text_has_a_normal_form_and_it_is_stable(typed: str) -> None:
    once = pseudonyms.normal(typed)
    assert len(once) <= 64
    if len(once) < 64:
        assert pseudonyms.normal(once) == once


def test_a_code_has_a_hundred_bits_and_no_look_alikes() -> None:
    code = codes.make()
    signs = code.replace("-", "")
    assert len(signs) == 20
    assert set(signs) <= set(codes.ALPHABET)
    assert not set("ilou") & set(codes.ALPHABET)
    assert len(codes.ALPHABET) == 32


@given(st.integers(0, 2**32))
def test_typing_a_code_carelessly_still_finds_it(seed: int) -> None:
    code = codes.make()
    careless = code.upper().replace("-", " ").replace("0", "O").replace("1", "l").translate(ARABIC_DIGITS)
    assert codes.code_mark(KEYS, "invite", careless) == codes.code_mark(KEYS, "invite", code)


def test_the_mark_depends_on_purpose_owner_and_key() -> None:
    code = "7k2mq-00000-11111-22222"
    marks = {
        codes.code_mark(KEYS, "invite", code),
        codes.code_mark(KEYS, "login", code),
        codes.code_mark(KEYS, "invite", code, "member"),
        codes.code_mark({SECRET: b"x" * 32}, "invite", code),
    }
    assert len(marks) == 4


@given(st.lists(st.text(max_size=6), max_size=4), st.lists(st.text(max_size=6), max_size=4))
def test_marks_of_different_parts_differ_wherever_the_parts_are_cut(one: list[str], two: list[str]) -> None:
    assert (mark(KEYS, "x", *one) == mark(KEYS, "x", *two)) is (one == two)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))  # noqa: DTZ001 - made aware below
def test_an_expiry_is_a_full_quarter_and_never_early(made: datetime) -> None:
    now = made.replace(tzinfo=UTC)
    end = codes.expiry(now, timedelta(minutes=15))
    assert end.minute % 15 == 0
    assert (end.second, end.microsecond) == (0, 0)
    assert timedelta(minutes=15) <= end - now < timedelta(minutes=30)


def test_what_is_sealed_opens_for_its_member_alone() -> None:
    from cryptography.exceptions import InvalidTag

    sealed = seal(KEYS, "member", b"secret")
    assert b"secret" not in sealed
    assert unseal(KEYS, "member", sealed) == b"secret"
    for keys, owner, data in (
        (KEYS, "other", sealed),
        ({SECRET: new_secret()}, "member", sealed),
        (KEYS, "member", sealed[:-1] + bytes([sealed[-1] ^ 1])),
    ):
        with pytest.raises(InvalidTag):
            unseal(keys, owner, data)
