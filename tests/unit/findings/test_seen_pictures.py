"""Seen before, for pictures: what decides, what only proposes, and the two earliest dates kept apart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.findings.archives import T0, flipped, image_signal, post, random_hash, table

from dalil.findings.hamming import turned, words_of
from dalil.findings.seen import PictureIndex, look_for_picture, picture_index
from dalil.signals.pdq import VARIANTS

ORIGINAL = random_hash(7)
OTHERS = [image_signal(f"{n:064x}", random_hash(100 + n)) for n in range(20)]


def index_of(
    signals: list[dict[str, Any]], media: list[dict[str, Any]] = (), posts: list[dict[str, Any]] = ()
) -> PictureIndex:
    return picture_index(table("image_signals", signals), table("media", list(media)), table("posts", list(posts)))


def shown(number: int, sha256: str, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A post and its medium."""
    row = post(number, **more)
    return row, {"obs_id": row["obs_id"], "sha256": sha256, "collected_at": row["collected_at"]}


def archive(*seen: tuple[dict[str, Any], dict[str, Any]], signals: list[dict[str, Any]]) -> PictureIndex:
    return index_of([*signals, *OTHERS], [medium for _, medium in seen], [row for row, _ in seen])


@pytest.mark.parametrize(("bits", "decides"), [(0, True), (31, True), (32, False), (64, False), (65, None)])
def test_31_bits_decide_and_64_propose(bits: int, decides: bool | None) -> None:
    index = archive(shown(1, "ab"), signals=[image_signal("ab", ORIGINAL)])
    found = look_for_picture(index, [flipped(ORIGINAL, bits)], quality=100)
    assert [match.decides for match in found.matches] == ([] if decides is None else [decides])
    assert found.copies == int(decides is True)
    assert (found.earliest is not None) == (decides is True)
    if found.matches:
        assert found.matches[0].distance == bits
        assert found.matches[0].score == pytest.approx(1 - bits / 128)


def test_any_of_the_eight_variants_matches_and_is_named() -> None:
    index = archive(shown(1, "ab"), signals=[image_signal("ab", ORIGINAL)])
    variants = [way.tobytes() for way in turned(words_of([flipped(ORIGINAL, 4)]))[0]]
    for place in range(8):
        query = variants[place:] + variants[:place]
        (match,) = look_for_picture(index, query, quality=100).matches
        assert match.variant == VARIANTS[(8 - place) % 8]
        assert match.distance == 4


def test_the_same_file_decides_whatever_its_quality() -> None:
    index = archive(shown(1, "ab"), signals=[image_signal("ab", bytes(32), quality=0)])
    found = look_for_picture(index, [bytes(32)], quality=0, sha256="ab")
    assert [(m.method, m.score, m.decides) for m in found.matches] == [("sha256", 1.0, True)]
    assert found.caveats == ("plain-picture",)
    assert found.copies == 1


@pytest.mark.parametrize(("query", "stored"), [(49, 100), (100, 49), (10, 10)])
def test_a_plain_picture_never_decides(query: int, stored: int) -> None:
    index = archive(shown(1, "ab"), signals=[image_signal("ab", ORIGINAL, stored)])
    found = look_for_picture(index, [ORIGINAL], quality=query)
    assert [match.decides for match in found.matches] == [False]
    assert (found.earliest, found.copies) == (None, 0)


def test_a_layout_that_many_pictures_share_decides_only_when_very_close() -> None:
    signals = [image_signal(f"{n:064x}", flipped(ORIGINAL, 11 + n % 15, n)) for n in range(1000, 1070)]
    near = image_signal("ab", flipped(ORIGINAL, 3))
    seen = [shown(n, signal["sha256"]) for n, signal in enumerate([near, *signals], 1)]
    found = look_for_picture(archive(*seen, signals=[near, *signals]), [ORIGINAL], quality=100, limit=100)
    assert [match.media_sha256 for match in found.matches if match.decides] == ["ab"]
    assert found.caveats == ("shared-layout",)
    assert found.copies == 1


def test_earliest_capture_and_earliest_claim_are_apart_and_over_deciding_copies_alone() -> None:
    old_claim, old_capture, look_alike = T0 - timedelta(days=900), T0 - timedelta(days=5), T0 - timedelta(days=2000)
    index = archive(
        shown(1, "aa", created_at=T0, collected_at=old_capture),
        shown(2, "bb", created_at=old_claim, collected_at=T0),
        shown(3, "cc", created_at=look_alike, collected_at=look_alike),
        signals=[
            image_signal("aa", ORIGINAL),
            image_signal("bb", flipped(ORIGINAL, 20)),
            image_signal("cc", flipped(ORIGINAL, 50)),
        ],
    )
    found = look_for_picture(index, [ORIGINAL], quality=100)
    assert found.earliest is not None
    assert found.earliest.captured.captured_at == old_capture
    assert found.earliest.claimed is not None
    assert found.earliest.claimed.claimed_at == old_claim
    assert found.earliest.claimed.captured_at == T0
    assert (found.earliest.sightings, found.copies) == (2, 2)
    assert [match.media_sha256 for match in found.matches] == ["aa", "bb", "cc"]


def test_equal_copies_come_in_the_order_of_their_first_capture() -> None:
    """A hash says nothing of time: two copies equally near are listed as we came to hold them."""
    days = {"aa": 1, "bb": 9, "cc": 5}
    index = archive(
        *(shown(n, name, collected_at=T0 - timedelta(days=ago)) for n, (name, ago) in enumerate(days.items(), 1)),
        signals=[image_signal(name, ORIGINAL) for name in (*days, "dd")],
    )
    found = look_for_picture(index, [ORIGINAL], quality=100)
    assert [match.media_sha256 for match in found.matches] == ["bb", "cc", "aa"]


def test_earliest_looks_further_than_what_is_listed() -> None:
    seen = [shown(n, "aa", created_at=T0 - timedelta(days=n)) for n in range(1, 60)]
    found = look_for_picture(archive(*seen, signals=[image_signal("aa", ORIGINAL)]), [ORIGINAL], quality=100, limit=5)
    assert len(found.matches) == 5
    assert found.earliest is not None
    assert found.earliest.claimed is not None
    assert found.earliest.claimed.claimed_at == T0 - timedelta(days=59)
    captured = [match.captured_at for match in found.matches]
    assert captured == sorted(captured)


def test_the_claimed_date_is_the_platforms_before_the_authors() -> None:
    better, worse = T0 - timedelta(days=1), T0 - timedelta(days=30)
    index = archive(
        shown(1, "aa", created_at=better, claimed_at=worse),
        shown(2, "bb", created_at=None, claimed_at=worse),
        shown(3, "cc", created_at=None, claimed_at=None),
        signals=[image_signal(name, ORIGINAL) for name in ("aa", "bb", "cc")],
    )
    found = look_for_picture(index, [ORIGINAL], quality=100)
    assert {m.media_sha256: m.claimed_at for m in found.matches} == {"aa": better, "bb": worse, "cc": None}


@pytest.mark.parametrize(
    ("more", "source"),
    [
        ({}, "x:author-1"),
        ({"author_public": False, "author_ref": "x:h:00"}, "x"),
        ({"author_public": False, "author_ref": "x:h:00", "container_ref": "x:channel"}, "x:channel"),
        ({"author_public": False, "author_ref": "x:h:00", "container_ref": "x:h:11"}, "x"),
        ({"author_public": True, "author_ref": None, "container_ref": "x:channel"}, "x:channel"),
        ({"author_public": None, "author_ref": "x:unknown"}, "x"),
    ],
)
def test_a_private_account_is_never_the_source(more: dict[str, Any], source: str) -> None:
    index = archive(shown(1, "aa", **more), signals=[image_signal("aa", ORIGINAL)])
    assert [match.source for match in look_for_picture(index, [ORIGINAL], quality=100).matches] == [source]


def test_a_picture_without_a_post_is_a_copy_without_sightings() -> None:
    found = look_for_picture(index_of([image_signal("aa", ORIGINAL)]), [ORIGINAL], quality=100, sha256="aa")
    assert (found.matches, found.earliest, found.copies, found.archive_items) == ((), None, 1, 1)


def test_a_medium_whose_signal_is_missing_does_not_disturb_the_rest() -> None:
    index = archive(shown(1, "aa"), shown(2, "zz"), signals=[image_signal("aa", ORIGINAL)])
    assert len(look_for_picture(index, [ORIGINAL], quality=100).matches) == 1


def test_an_empty_archive_answers() -> None:
    found = look_for_picture(index_of([]), [ORIGINAL], quality=100, sha256="aa")
    assert (found.matches, found.archive_items) == ((), 0)


def test_the_index_becomes_arrays_and_back() -> None:
    index = archive(shown(1, "aa"), shown(2, "aa"), signals=[image_signal("aa", ORIGINAL)])
    arrays = index.arrays()
    assert all(isinstance(array, np.ndarray) and array.dtype != object for array in arrays.values())
    again = PictureIndex.from_arrays({name: array.copy() for name, array in arrays.items()})
    assert again is not None
    assert look_for_picture(again, [ORIGINAL], quality=100) == look_for_picture(index, [ORIGINAL], quality=100)
    assert PictureIndex.from_arrays({**arrays, "version": np.array([0])}) is None


@settings(max_examples=25)
@given(st.lists(st.integers(0, 300), min_size=1, max_size=30, unique=True), st.integers(0, 300))
def test_a_file_is_found_by_its_hash(stored: list[int], wanted: int) -> None:
    names = {f"{n * 7919:064x}" for n in stored}
    index = index_of([image_signal(name, random_hash(1)) for name in names])
    place = index.find(f"{wanted * 7919:064x}")
    assert (place is not None) == (wanted in stored)
    assert place is None or index.sha256s[place] == f"{wanted * 7919:064x}"


@settings(max_examples=25)
@given(st.lists(st.integers(0, 80), min_size=1, max_size=30), st.integers(0, 80))
def test_search_is_exact(bits: list[int], within: int) -> None:
    index = index_of([image_signal(f"{n:064x}", flipped(ORIGINAL, b, n)) for n, b in enumerate(bits)])
    hits = index.search([ORIGINAL], max_distance=within, limit=None)
    assert sorted((hit.distance, hit.sha256) for hit in hits) == sorted(
        (b, f"{n:064x}") for n, b in enumerate(bits) if b <= within
    )
    assert [hit.distance for hit in hits] == sorted(hit.distance for hit in hits)
