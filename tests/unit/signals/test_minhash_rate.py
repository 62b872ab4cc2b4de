"""How often two texts share a band: as the formula of the method card says, whatever their order or dress."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from unit.signals.test_minhash import LONG, alike, invented

from dalil.signals.minhash import BANDS, NONE, PERMUTATIONS, bands
from dalil.signals.texts import norm

ROWS = PERMUTATIONS // BANDS


def pairs(kept: int, count: int = 250) -> list[tuple[str, str]]:
    """Pairs of texts of twenty words of which `kept` are the same."""
    rng = random.Random(kept)
    both = []
    for _ in range(count):
        words = invented(rng)
        both.append((" ".join(words), " ".join(words[:kept] + invented(rng, 20 - kept))))
    return both


@pytest.mark.parametrize("kept", [4, 10, 13, 15, 17, 19])
def test_a_band_is_shared_as_often_as_the_formula_says(kept: int) -> None:
    some = pairs(kept)
    same = bands([first for first, _ in some]) == bands([second for _, second in some])
    overlap = np.array([alike(first, second) for first, second in some])
    assert abs(same.any(axis=1).mean() - (1 - (1 - overlap**ROWS) ** BANDS).mean()) < 0.08
    assert abs(same.mean() - (overlap**ROWS).mean()) < 0.03


def test_unrelated_texts_share_none_whoever_is_compared() -> None:
    rng = random.Random(11)
    found = bands([" ".join(invented(rng)) for _ in range(400)])
    for band in found.T:
        assert len(np.unique(band)) == len(band)


@given(st.lists(LONG | st.text(max_size=10), max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_the_texts_does_not_matter(norms: list[str], rng: random.Random) -> None:
    order = list(range(len(norms)))
    rng.shuffle(order)
    assert (bands([norms[place] for place in order]) == bands(norms)[order]).all()


def test_a_text_dressed_otherwise_has_the_same_bands() -> None:
    plain = "خبر عاجل الجسر في تل نهر مفتوح منذ صباح اليوم"
    dressed = "خبر عـــاجل!! الجِسرُ في #تل_نهر مفتوووح منذ صباح اليوم 😀 https://example.org/a @some_name"
    found = bands([norm(plain), norm(dressed)])
    assert (found[0] == found[1]).all()
    assert NONE not in found
