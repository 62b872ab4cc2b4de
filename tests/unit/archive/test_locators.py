"""Which circles a locator is sealed to, and that sealing alone does not tell what is inside."""

from __future__ import annotations

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.archive import locators
from dalil.archive.locators import Circles, choose, peel, seal, together
from dalil.errors import NotAllowed
from dalil.schema.identity import Mac


@given(st.dictionaries(st.sampled_from("abcdef"), st.just("age1x")), st.sampled_from("abcdef"))
def test_the_home_circle_and_the_first_other_one(recipients, home):
    chosen = choose(recipients, home)
    if len(recipients) < 2:
        assert chosen is None
    else:
        assert chosen is not None
        assert chosen.inner == (home if home in recipients else min(recipients))
        assert chosen.outer == min(set(recipients) - {chosen.inner})


ONE, TWO, THIRD = (pyrage.x25519.Identity.generate() for _ in range(3))
RECIPIENTS = {"blue": str(ONE.to_public()), "green": str(TWO.to_public())}
BOTH = Circles("blue", "green")


def sealed(*locators: str) -> list[bytes]:
    """Each by itself, as it is handed to the outer circle."""
    secrets, found = seal(locators, RECIPIENTS, BOTH)
    return [together(secrets, *one) for one in found]


def old_way(locator: str) -> bytes:
    """As the first version sealed: age in age."""
    inner, outer = ([pyrage.x25519.Recipient.from_str(RECIPIENTS[name])] for name in BOTH)
    return pyrage.encrypt(pyrage.encrypt(locator.encode(), inner), outer)


@pytest.mark.parametrize("first", [sealed("https://x.example/دليل", "same")[0], old_way("https://x.example/دليل")])
def test_two_circles_one_after_the_other_open_it(first):
    half = peel(first, str(TWO))
    assert peel(half, str(ONE)).decode() == "https://x.example/دليل"
    for wrong in (str(ONE), str(THIRD), "AGE-SECRET-KEY-1NONSENSE", ""):
        with pytest.raises(NotAllowed):
            peel(first, wrong)
    for wrong in (str(TWO), str(THIRD), ""):
        with pytest.raises(NotAllowed):
            peel(half, wrong)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=4))
def test_whatever_a_locator_is(locators):
    found = sealed(*locators)
    assert [peel(peel(one, str(TWO)), str(ONE)) for one in found] == [
        text.encode("utf-8", "surrogatepass") for text in locators
    ]


def test_the_outer_circles_half_of_one_opens_no_other_of_the_batch():
    """What a circle hands on for one referral is worth nothing for the next."""
    first, second = sealed("https://x.example/1", "https://x.example/2")
    half, other = peel(first, str(TWO)), peel(second, str(TWO))
    assert half != other
    mixed = half[: len(half) - 35] + second[len(second) - 35 :]
    assert peel(half, str(ONE)) == b"https://x.example/1"
    with pytest.raises(NotAllowed):
        peel(mixed, str(ONE))


@pytest.mark.parametrize("own", [ONE, TWO])
def test_neither_circles_key_alone_opens_anything(own):
    """Not with everything that is stored, its own share standing for the other's too: the other secret stays sealed."""
    [whole] = sealed("https://x.example/1")
    number, inner, outer, stored = locators._parts(whole)
    secret = bytes(pyrage.decrypt(inner if own is ONE else outer, [own]))
    share = Mac(secret, locators._BEGINNING).of(number)
    for other in (share, secret, bytes(32)):
        with pytest.raises(NotAllowed):
            peel(locators._joined(locators._HALF, number, inner, other, stored), str(own))


@given(st.integers(0, 1 << 16), st.integers(1, 255))
def test_what_is_damaged_does_not_open(place, change):
    [whole] = sealed("https://x.example/1")
    half = peel(whole, str(TWO))
    with pytest.raises(NotAllowed):
        peel(peel(damaged(whole, place, change), str(TWO)), str(ONE))
    with pytest.raises(NotAllowed):
        peel(damaged(half, place, change), str(ONE))


def damaged(data: bytes, place: int, change: int) -> bytes:
    spoilt = bytearray(data)
    spoilt[place % len(spoilt)] ^= change
    return bytes(spoilt)


def test_the_same_locator_looks_different_each_time():
    secrets, found = seal(["same"] * 3, RECIPIENTS, BOTH)
    again, _ = seal(["same"], RECIPIENTS, BOTH)
    assert len({stored for _, stored in found}) == 3
    assert len({*secrets, *again}) == 4


def test_what_is_stored_of_each_is_small():
    """One for each private post: 560 bytes of the first way were twice all the rest of it."""
    _, found = seal(["https://x.com/i/web/status/2035823832069046272"], RECIPIENTS, BOTH)
    assert len(found[0][1]) == 46 + 16
