"""Sightings: sorted by item and capture, the two earliest apart, and one method's signals at a time."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles.findings.archives import T0, image_signal, post, random_hash, table, text_signal

from dalil.findings.latest import newest_method
from dalil.findings.seen import PictureIndex, Sightings, TextIndex, look_for_picture, look_for_text
from dalil.findings.seen import picture_index as build_pictures
from dalil.findings.seen import text_index as build_texts

MOMENTS = st.integers(-(10**6), 10**6).map(lambda minutes: T0 + timedelta(minutes=minutes))
ROWS = st.lists(
    st.tuples(st.integers(0, 4), MOMENTS, st.one_of(st.none(), MOMENTS), st.sampled_from(["x", "x:a", "t:b"])),
    max_size=30,
)
Row = tuple[int, datetime, datetime | None, str]


def build(rows: list[Row]) -> Sightings:
    stamp = pa.timestamp("us", tz="UTC")
    columns = {
        "obs_id": pa.array([f"obs-{n}" for n in range(len(rows))], pa.string()),
        "collected_at": pa.array([row[1] for row in rows], stamp),
        "claimed_at": pa.array([row[2] for row in rows], stamp),
        "source": pa.array([row[3] for row in rows], pa.string()),
    }
    return Sightings.build(np.array([row[0] for row in rows], dtype=np.int64), 5, pa.table(columns))


@given(ROWS, st.integers(0, 4), st.integers(0, 8))
def test_an_items_sightings_come_oldest_capture_first(rows: list[Row], item: int, limit: int) -> None:
    found = build(rows).of(item, limit)
    mine = [(f"obs-{n}", *row[1:]) for n, row in enumerate(rows) if row[0] == item]
    wanted = sorted(mine, key=lambda row: row[1])
    assert [one.captured_at for one in found] == [row[1] for row in wanted][:limit]
    assert {(one.observation_id, one.captured_at, one.claimed_at, one.source) for one in found} <= set(mine)


@given(ROWS, st.sets(st.integers(0, 4)))
def test_the_earliest_are_the_naive_minima(rows: list[Row], items: set[int]) -> None:
    found = build(rows).earliest(np.array(sorted(items), dtype=np.int64))
    mine = [row for row in rows if row[0] in items]
    if not mine:
        assert found is None
        return
    assert found is not None
    assert found.sightings == len(mine)
    assert found.captured.captured_at == min(row[1] for row in mine)
    claims = [row[2] for row in mine if row[2] is not None]
    assert (found.claimed.claimed_at if found.claimed else None) == min(claims, default=None)


@given(ROWS)
def test_sightings_survive_being_kept_in_a_file(rows: list[Row]) -> None:
    before = build(rows)
    file = io.BytesIO()
    np.savez(file, **before.arrays())
    file.seek(0)
    with np.load(file, allow_pickle=False) as kept:
        after = Sightings.from_arrays(dict(kept))
    for item in range(5):
        assert after.of(item, 99) == before.of(item, 99)


def test_whole_indexes_survive_being_kept_in_a_file_and_read_only() -> None:
    """As the archive keeps them: plain arrays without pickles, and not writable when mapped."""
    rows = [post(n, text=f"the miller of village {n} says that the ferry does not run today") for n in range(20)]
    media = [{"obs_id": row["obs_id"], "sha256": f"s{n}", "collected_at": T0} for n, row in enumerate(rows)]
    signals = [image_signal(f"s{n}", random_hash(n)) for n in range(20)]
    pictures = build_pictures(table("image_signals", signals), table("media", media), table("posts", rows))
    texts = build_texts(table("text_signals", [text_signal(row) for row in rows]), table("posts", rows))
    for index, kind in ((pictures, PictureIndex), (texts, TextIndex)):
        kept = {name: array.copy() for name, array in index.arrays().items()}
        for array in kept.values():
            array.flags.writeable = False
        again = kind.from_arrays(kept)
        assert again is not None
        assert len(again) == 20
    frozen = {name: array.copy() for name, array in pictures.arrays().items()}
    again_pictures = PictureIndex.from_arrays(frozen)
    assert again_pictures is not None
    assert look_for_picture(again_pictures, [random_hash(3)], quality=90).matches[0].media_sha256 == "s3"
    assert look_for_text(texts, rows[4]["text"]).matches[0].observation_id == rows[4]["obs_id"]


def test_times_of_other_precision_are_read_as_moments() -> None:
    seconds = pa.timestamp("s", tz="UTC")
    rows = pa.table(
        {
            "obs_id": ["a"],
            "collected_at": pa.array([T0], seconds),
            "claimed_at": pa.array([None], seconds),
            "source": ["x"],
        }
    )
    (one,) = Sightings.build(np.zeros(1, dtype=np.int64), 1, rows).of(0, 1)
    assert (one.captured_at, one.claimed_at) == (T0, None)


@pytest.mark.parametrize(
    ("versions", "newest"),
    [(["1"], "1"), (["9", "10"], "10"), (["2", "1", "3"], "3"), (["1", "beta"], "1"), (["1.2", "1.10"], "1.2")],
)
def test_the_newest_version_of_a_method(versions: list[str], newest: str) -> None:
    """Whole numbers by size; anything else is older than these, and by its letters."""
    rows: list[dict[str, Any]] = [image_signal("a", random_hash(n), method_version=v) for n, v in enumerate(versions)]
    found = newest_method(table("image_signals", rows), "sha256").to_pyarrow()
    assert found["method_version"].to_pylist() == [newest]
    assert "nth" not in found.column_names


def test_each_item_has_its_own_newest_version() -> None:
    rows = [
        image_signal("a", random_hash(1), method_version="1"),
        image_signal("b", random_hash(2), method_version="1"),
        image_signal("b", random_hash(3), method_version="2"),
    ]
    found = newest_method(table("image_signals", rows), "sha256").to_pyarrow()
    assert sorted(zip(found["sha256"].to_pylist(), found["method_version"].to_pylist(), strict=True)) == [
        ("a", "1"),
        ("b", "2"),
    ]
