"""What counts as an address, a mention, and a look-alike; and that nothing is ever shifted."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.signals.awkward import ANY_TEXT

from dalil.signals import erasing
from dalil.signals.erasing import erase, fold_lookalikes, may_hold_some


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org",
        "http://example.org/a?b=c&d=e#f",
        "hxxps://example.org/x",
        "ftp://example.org/x",
        "tg://resolve?domain=x",
        "www.example.org",
        "www.example.org/الجسر",
        "t.co/ab12",
        "a.b.c.example.org/",
        "https://example.org/@name",
        "@name",
        "@na_me1",
        "@name.example.social",
        "@name@example.org",
        "@h:0123abcd",
        "@h:0123abcd@example.org",
        "@سارة_٢",
    ],
)
def test_an_address_or_mention_goes_whole(address: str) -> None:
    assert may_hold_some(address)
    assert erase(address).strip() == ""
    assert erase(f"so {address} there") == f"so {' ' * len(address)} there"
    assert erase(f"«{address}»") == f"«{' ' * len(address)}»"


@pytest.mark.parametrize(
    "text",
    ["and/or", "a@b", "1.5/10", "wwwx", "see www", "@ name", "http//x", "x://", "3.14/", "example.org", "ب.ت/ث"],
)
def test_what_is_neither_stays(text: str) -> None:
    assert erase(text) == text


@pytest.mark.parametrize("stop", list(' \n<>"«»“”،؛؟'))
def test_an_address_ends_at_a_space_a_quote_or_an_arabic_stop(stop: str) -> None:
    assert erase(f"https://example.org/a{stop}نص") == " " * 21 + f"{stop}نص"


def test_an_ascii_handle_ends_where_arabic_begins() -> None:
    assert erase("@nameقال") == "     قال"
    assert erase("@h:0af3قال") == "       قال"


@given(ANY_TEXT)
def test_nothing_is_shifted(text: str) -> None:
    for out in (erase(text), fold_lookalikes(text)):
        assert len(out) == len(text)
    assert all(new in (old, " ") for new, old in zip(erase(text), text, strict=True))


@given(ANY_TEXT)
def test_what_cannot_hold_any_is_left_as_it_is(text: str) -> None:
    assert may_hold_some(text) or erase(text) == text


def test_look_alikes_are_folded_in_mixed_words_only() -> None:
    assert fold_lookalikes("рaypal и раураl рос") == "paypal и paypal рос"
    assert fold_lookalikes("рос_paypal") == "рос_paypal"


SCHEMED = st.lists(
    st.sampled_from(
        ["http", "https", "hxxp", "hxxps", "ftp", "tg", "s", "h", "x", "://", ":", "/", " ", "\n", "،", "«", "a"]
    )
).map("".join)


@given(SCHEMED)
def test_addresses_with_a_scheme_are_what_a_pattern_finds(text: str) -> None:
    pattern = rf"(?:https?|hxxps?|ftp|tg)://[^{erasing._STOP}]+"
    expected = re.sub(pattern, lambda match: " " * (match.end() - match.start()), text)
    assert erasing._without_schemes(text) == expected
