"""Seen before, for texts: equal skeletons decide, similar texts are proposed, any Unicode is taken."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.findings.archives import T0, post, texts
from rapidfuzz import fuzz

from dalil.findings.seen import TextIndex, look_for_text, text_index
from dalil.findings.seen.packed import Packed
from dalil.findings.seen.texts import agreement
from dalil.signals.texts import norm, text_keys

CLAIM = "The Grey Column says that since this morning it holds the bridge at Tel Nahr and the road beyond"
OTHER = "Bakers in the old market say that flour is dearer again and ask the council for a meeting"


def index_of(*rows: dict[str, Any]) -> TextIndex:
    return text_index(*texts(list(rows)))


INDEX = index_of(
    post(1, text=CLAIM, created_at=T0 - timedelta(days=3), collected_at=T0),
    post(2, text=CLAIM.upper() + "!!", created_at=T0 - timedelta(days=9), collected_at=T0 + timedelta(days=1)),
    post(3, text=OTHER),
    post(4, text="Good morning"),
    post(5, text="https://example.org"),
)


@pytest.mark.parametrize(
    "query", [CLAIM, CLAIM.lower(), "  " + CLAIM.replace(" ", "  ") + " https://example.org/9 @a", CLAIM + "🙂"]
)
def test_an_equal_skeleton_decides(query: str) -> None:
    found = look_for_text(INDEX, query)
    assert [(m.method, m.decides, m.score) for m in found.matches] == [("skeleton", True, 1.0)] * 2
    assert found.copies == 1
    assert found.earliest is not None
    assert found.earliest.captured.captured_at == T0
    assert found.earliest.claimed is not None
    assert found.earliest.claimed.claimed_at == T0 - timedelta(days=9)
    assert found.earliest.sightings == 2
    assert found.caveats == ()


@pytest.mark.parametrize(
    "query",
    ["BREAKING: " + CLAIM, CLAIM.replace("morning", "dawn"), " ".join(CLAIM.split()[9:] + CLAIM.split()[:9])],
)
def test_a_similar_text_is_proposed_and_decides_nothing(query: str) -> None:
    found = look_for_text(INDEX, query)
    assert {m.observation_id for m in found.matches} == {f"{1:064x}", f"{2:064x}"}
    assert all(m.method == "minhash" and not m.decides and 0.65 <= m.score < 1 for m in found.matches) or (
        query.split(maxsplit=1)[0]
        == CLAIM.split()[9]  # the same words in another order agree wholly, and still propose
        and not any(m.decides for m in found.matches)
    )
    assert (found.earliest, found.copies) == (None, 0)


def test_a_short_text_is_looked_up_by_its_skeleton_alone_and_says_so() -> None:
    found = look_for_text(INDEX, "good MORNING")
    assert [m.observation_id for m in found.matches] == [f"{4:064x}"]
    assert found.caveats == ("short-text",)
    assert look_for_text(INDEX, "good mornings").matches == ()


@pytest.mark.parametrize("query", ["", "   ", "https://example.org", "@somebody", "🙂", "\u200f\u200b"])
def test_a_text_that_says_nothing_matches_nothing(query: str) -> None:
    assert look_for_text(INDEX, query).matches == ()


@given(st.text(max_size=200))
def test_any_unicode_is_taken(query: str) -> None:
    found = look_for_text(INDEX, query)
    assert found.archive_items == 3
    assert all(0 < match.score <= 1 for match in found.matches)


@pytest.mark.parametrize("query", ["\ud800" * 30, "a\udfff" + CLAIM, "\x00" * 40, "\U0010ffff" * 40])
def test_what_is_hardly_text_is_taken_too(query: str) -> None:
    assert look_for_text(INDEX, query).archive_items == 3


def test_an_empty_archive_answers() -> None:
    found = look_for_text(index_of(), CLAIM)
    assert (found.matches, found.earliest, found.archive_items) == ((), None, 0)


def test_only_short_texts_can_be_indexed() -> None:
    assert len(look_for_text(index_of(post(1, text="Good morning")), "good morning").matches) == 1


def test_the_limit_holds_over_all_sightings() -> None:
    index = index_of(*[post(n, text=CLAIM) for n in range(50)], *[post(99, text="BREAKING: " + CLAIM)])
    found = look_for_text(index, CLAIM, limit=7)
    assert len(found.matches) == 7
    assert found.earliest is not None
    assert found.earliest.sightings == 50


def test_the_index_becomes_arrays_and_back() -> None:
    arrays = INDEX.arrays()
    assert all(isinstance(array, np.ndarray) and array.dtype != object for array in arrays.values())
    again = TextIndex.from_arrays({name: array.copy() for name, array in arrays.items()})
    assert again is not None
    for query in (CLAIM, "BREAKING: " + CLAIM, "good morning"):
        assert look_for_text(again, query) == look_for_text(INDEX, query)
    assert TextIndex.from_arrays({**arrays, "version": np.frombuffer(b"0 0 0", dtype=np.uint8)}) is None


def test_planted_copies_are_found_in_a_crowd() -> None:
    rng = random.Random(6)
    words = [f"{a}{b}" for a in ("mar", "ket", "bri", "dge", "wat", "grai", "mas", "riv") for b in "aeiouy"]
    crowd = [" ".join(rng.choices(words, k=18)) for _ in range(400)]
    index = index_of(*[post(n, text=text) for n, text in enumerate(crowd)])
    first = 0
    for n, text in enumerate(crowd):
        changed = text.split()
        changed[n % 18] = "changed"
        hits = index.search(" ".join(changed))
        first += bool(hits) and index.norms[hits[0].item] == norm(text)
    assert first >= 396


@given(st.text(alphabet="abc de", max_size=40), st.text(alphabet="abc de", max_size=40), st.floats(0, 1))
def test_agreement_is_the_better_of_two_ratios(first: str, second: str, at_least: float) -> None:
    best = max(fuzz.ratio(first, second), fuzz.token_sort_ratio(first, second)) / 100
    found = agreement(first, second, at_least)
    assert found == (pytest.approx(best) if best >= at_least else 0)


@given(st.lists(st.one_of(st.none(), st.text(max_size=20)), max_size=20), st.integers(0, 5))
def test_packed_texts_come_out_as_they_went_in(words: list[str | None], skip: int) -> None:
    whole = pa.array(words, pa.string())
    for column in (whole, whole[skip:], pa.chunked_array([whole, whole[skip:]])):
        packed = Packed.of(column)
        assert [packed[n] for n in range(len(packed))] == [word or "" for word in column.to_pylist()]
        again = Packed.from_arrays("x", packed.arrays("x"))
        assert len(again) == len(column)


def test_the_key_is_that_of_the_text_room() -> None:
    place = int(np.searchsorted(INDEX.skeletons, np.uint64(text_keys(CLAIM).skeleton_hash)))
    assert INDEX.norms[place] == norm(CLAIM)
