"""Which circles a locator is sealed to, and that sealing alone does not tell what is inside."""

from __future__ import annotations

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.archive.locators import Circles, choose, peel, seal
from dalil.errors import NotAllowed


@given(st.dictionaries(st.sampled_from("abcdef"), st.just("age1x")), st.sampled_from("abcdef"))
def test_the_home_circle_and_the_first_other_one(recipients, home):
    chosen = choose(recipients, home)
    if len(recipients) < 2:
        assert chosen is None
    else:
        assert chosen is not None
        assert chosen.inner == (home if home in recipients else min(recipients))
        assert chosen.outer == min(set(recipients) - {chosen.inner})


def test_two_circles_one_after_the_other_open_it():
    one, two, third = (pyrage.x25519.Identity.generate() for _ in range(3))
    recipients = {"blue": str(one.to_public()), "green": str(two.to_public())}
    first, second = seal(["https://x.example/دليل", "same"], recipients, Circles("blue", "green"))
    assert peel(peel(first, str(two)), str(one)).decode() == "https://x.example/دليل"
    assert peel(peel(second, str(two)), str(one)) == b"same"
    for wrong in (str(one), str(third), "AGE-SECRET-KEY-1NONSENSE", ""):
        with pytest.raises(NotAllowed):
            peel(first, wrong)


def test_the_same_locator_looks_different_each_time():
    identity = str(pyrage.x25519.Identity.generate().to_public())
    recipients = {"blue": identity, "green": identity}
    assert len({*seal(["same"] * 3, recipients, Circles("blue", "green"))}) == 3
