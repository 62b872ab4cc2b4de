"""The multi-index hash misses nothing, the flat scan counts bits, and turned hashes are nearly right."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.findings.archives import flipped, random_hash

from dalil.findings.hamming import FLAT, MultiIndex, distances, turned, within, within_flat, words_of
from dalil.signals import pdq

HASHES = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=8)


def naive(first: bytes, second: bytes) -> int:
    return sum((x ^ y).bit_count() for x, y in zip(first, second, strict=True))


@given(HASHES, HASHES)
def test_distances_are_to_the_nearest_query(stored: list[bytes], queries: list[bytes]) -> None:
    found = distances(words_of(stored), words_of(queries)).tolist()
    assert found == [min(naive(one, query) for query in queries) for one in stored]


@given(
    st.integers(0, 10**6),
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 45)), min_size=1, max_size=30),
    st.integers(0, 31),
)
def test_the_multi_index_finds_what_comparing_all_finds(seed: int, copies: list[tuple[int, int]], radius: int) -> None:
    originals = [random_hash(seed + n) for n in range(5)]
    stored = [flipped(originals[which], bits, seed + n) for n, (which, bits) in enumerate(copies)]
    query, row, apart = MultiIndex.build(words_of(stored)).within(words_of(originals), radius)
    wanted = [
        (q, r, naive(original, one))
        for q, original in enumerate(originals)
        for r, one in enumerate(stored)
        if naive(original, one) <= radius
    ]
    assert list(zip(query.tolist(), row.tolist(), apart.tolist(), strict=True)) == wanted
    flat = within_flat(words_of(stored), words_of(originals), radius)
    assert list(zip(*(part.tolist() for part in flat), strict=True)) == wanted


def test_more_results_than_first_thought_of_all_arrive() -> None:
    stored = words_of([flipped(random_hash(1), n % 20, n) for n in range(3000)])
    query, row, _ = MultiIndex.build(stored).within(words_of([random_hash(1)]))
    assert row.tolist() == list(range(3000))
    assert set(query.tolist()) == {0}


def test_the_flat_scan_and_the_index_agree_on_either_side_of_the_border() -> None:
    few = words_of([flipped(random_hash(n % 3), n % 40, n) for n in range(300)])
    many = words_of([flipped(random_hash(n % 3), n % 40, n) for n in range(FLAT // 8 // 300 + 1)])
    for stored, queries in ((few, few), (many, np.concatenate([few] * 8))):
        wanted = MultiIndex.build(stored).within(queries[:300])
        query, row, apart = within(stored, queries)
        first = query < 300
        for found, part in zip((query, row, apart), wanted, strict=True):
            np.testing.assert_array_equal(found[first], part)


def test_an_empty_index_or_query_finds_nothing() -> None:
    nothing = words_of([])
    assert [len(x) for x in MultiIndex.build(nothing).within(words_of([bytes(32)]))] == [0, 0, 0]
    assert [len(x) for x in MultiIndex.build(words_of([bytes(32)])).within(nothing)] == [0, 0, 0]


def test_a_radius_beyond_what_is_exact_is_refused() -> None:
    with pytest.raises(ValueError, match="exact up to 31"):
        MultiIndex.build(words_of([bytes(32)])).within(words_of([bytes(32)]), 32)


def test_a_hash_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        words_of([bytes(31)])


@given(st.binary(min_size=32, max_size=32))
def test_turning_twice_gives_the_same_again(one: bytes) -> None:
    """The turns form the group of the square: each is undone by its own inverse."""
    ways = turned(words_of([one]))[0]
    assert ways[0].tobytes() == one
    inverse = [0, 3, 2, 1, 4, 5, 6, 7]
    for way, back in enumerate(inverse):
        assert turned(ways[way : way + 1])[0, back].tobytes() == one
    assert pdq.VARIANTS[1] == "rotate-90"
    assert pdq.VARIANTS[3] == "rotate-270"


@pytest.mark.shared
def test_turned_hashes_of_real_photographs_are_close_to_those_of_turned_pictures(shared_data: Path) -> None:
    from PIL import Image

    worst = np.zeros(8, dtype=np.int64)
    for path in sorted((shared_data / "photos" / "bsds").glob("*.jpg"))[:40]:
        with Image.open(path) as image:
            hashes, _ = pdq.dihedral(np.asarray(image.convert("RGB")))
        ours = turned(words_of([hashes[0].tobytes()]))[0]
        theirs = words_of([one.tobytes() for one in hashes])
        worst = np.maximum(worst, np.bitwise_count(ours ^ theirs).sum(axis=1))
    assert worst[0] == worst[6] == 0
    assert worst.max() <= 24
