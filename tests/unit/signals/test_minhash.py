"""Bands are shared by texts that are alike, as often as the formula says, and by no others."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rensa import RMinHash

from dalil.signals import minhash
from dalil.signals.minhash import BANDS, GRAM, NONE, PERMUTATIONS, SEED, bands
from dalil.signals.texts import SHORT_TEXT

LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
LONG = st.text(alphabet="ابتثجح ", min_size=SHORT_TEXT, max_size=60)


def invented(rng: random.Random, words: int = 20) -> list[str]:
    return ["".join(rng.choices(LETTERS, k=rng.randint(2, 7))) for _ in range(words)]


def grams(text: str) -> set[str]:
    return {text[place : place + GRAM] for place in range(len(text) - GRAM + 1)}


def alike(first: str, second: str) -> float:
    return len(grams(first) & grams(second)) / len(grams(first) | grams(second))


def shared(first: str, second: str) -> int:
    one, other = bands([first, second])
    return int((one == other).sum())


def test_shape_type_and_the_empty_case() -> None:
    assert bands([]).shape == (0, BANDS)
    assert bands(["ا" * 30]).shape == (1, BANDS)
    assert bands(["ا" * 30]).dtype == np.uint64


@given(st.lists(st.text(alphabet="abc ", max_size=40), max_size=6))
def test_short_keys_have_none_and_others_have_all(norms: list[str]) -> None:
    for norm, row in zip(norms, bands(norms), strict=True):
        assert (row == NONE).all() == (len(norm) < SHORT_TEXT)
        assert (row == NONE).any() == (len(norm) < SHORT_TEXT)


@given(st.lists(LONG | st.text(max_size=10), min_size=1, max_size=8))
def test_a_texts_bands_do_not_depend_on_its_company(norms: list[str]) -> None:
    together = bands(norms)
    for place, norm in enumerate(norms):
        assert (bands([norm])[0] == together[place]).all()


def test_more_texts_than_fit_at_once() -> None:
    rng = random.Random(1)
    norms = [" ".join(invented(rng, 6)).ljust(SHORT_TEXT, "ا") for _ in range(minhash._AT_ONCE + 50)]
    found = bands(norms)
    for place in (0, minhash._AT_ONCE - 1, minhash._AT_ONCE, len(norms) - 1):
        assert (found[place] == bands([norms[place]])[0]).all()


@given(LONG)
def test_only_the_set_of_grams_counts(text: str) -> None:
    once = text + text[: GRAM - 1]
    assert grams(text + once) == grams(once)
    assert shared(text + once, text + text + once) == BANDS


@given(LONG, LONG)
def test_signatures_agree_as_often_as_rensas_own_on_the_same_sets(first: str, second: str) -> None:
    ours = minhash._signatures([first, second])
    objects = []
    for text in (first, second):
        one = RMinHash(PERMUTATIONS, SEED)
        one.update(sorted(grams(text)))
        objects.append(one)
    assert abs((ours[0] == ours[1]).mean() - objects[0].jaccard(objects[1])) <= 0.45
    assert (ours < 2**32).all()


def test_agreement_estimates_the_share_of_common_grams() -> None:
    rng = random.Random(7)
    errors = []
    for _ in range(150):
        words = invented(rng)
        first = " ".join(words)
        second = " ".join(words[: rng.randint(0, 20)] + invented(rng, 5))
        signatures = minhash._signatures([first, second])
        errors.append((signatures[0] == signatures[1]).mean() - alike(first, second))
    assert abs(float(np.mean(errors))) < 0.02
    assert float(np.std(errors)) < 0.08


def test_copies_with_small_edits_share_a_band_and_strangers_do_not() -> None:
    rng = random.Random(3)
    originals = [invented(rng) for _ in range(300)]
    edited = []
    for words in originals:
        copy = list(words)
        copy[rng.randrange(20)] = invented(rng, 1)[0]
        edited.append(" ".join([*invented(rng, 1), *copy]))
    found, other = bands([" ".join(words) for words in originals]), bands(edited)
    hits = (found == other).any(axis=1).mean()
    strangers = (found == np.roll(other, 1, axis=0)).any(axis=1).mean()
    assert hits > 0.98
    assert strangers == 0


def test_a_bands_number_is_part_of_its_hash() -> None:
    rng = random.Random(5)
    found = bands([" ".join(invented(rng)) for _ in range(200)])
    assert len(np.unique(found)) == found.size


def test_the_bands_are_the_same_on_every_machine() -> None:
    first = bands(["the bridge at tel nahr is open since this morning"])[0]
    assert first[:2].tolist() == [13426407225336576714, 16066708060439596182]
