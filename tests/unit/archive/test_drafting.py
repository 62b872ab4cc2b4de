"""What is written of a chunk, against a slow oracle that goes row by row."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from archive_chunks import KEY, chunk_of, claimed_at, collected_at, picture, post_id, rows_of, sha256
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.archive.checking import binary_ids, blob_hashes, checked
from dalil.archive.drafting import Draft, Known, draft
from dalil.archive.segments import order_of
from dalil.errors import InputError
from dalil.schema.tables import HANDED_OVER, STORED

NUMBERS = st.lists(st.integers(0, 30), max_size=25)
NOTHING = Known()
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def plan(numbers: list[int], known: Known = NOTHING) -> Draft:
    tables = checked(chunk_of(numbers).tables)
    return draft(tables, binary_ids(tables["observations"]["obs_id"]), blob_hashes(tables["blobs"]), known, KEY)


def rows(made: Draft, table: str) -> list[dict[str, object]]:
    found = [segment for segment in made.segments if segment.table == table]
    return [row for segment in found for row in pq.read_table(pa.BufferReader(segment.data)).to_pylist()]


def known_of(numbers: set[int]) -> Known:
    pictures = frozenset(sha256(picture(n % 20)) for n in numbers if n % 5 == 0)
    return Known(
        obs_ids=frozenset(bytes.fromhex(post_id(n)) for n in numbers),
        media=pictures,
        image_signals=frozenset((name, "pdq", "1") for name in pictures),
    )


@settings(max_examples=60, deadline=None)
@given(NUMBERS, st.sets(st.integers(0, 30)))
def test_the_rows_of_new_observations_and_no_others(numbers, held):
    made = plan(numbers, known_of(held))
    fresh = list(dict.fromkeys(n for n in numbers if n not in held))
    assert sorted(made.obs_ids) == sorted(bytes.fromhex(post_id(n)) for n in fresh)
    for table in ("posts", "accounts", "text_signals"):
        assert Counter(row["obs_id"] for row in rows(made, table)) == Counter(post_id(n) for n in fresh)
    assert Counter(row["dst_uid"] for row in rows(made, "edges")) == Counter(
        f"fake:{n + step}" for n in fresh for step in (1, 2)
    )
    pictures = {sha256(picture(n % 20)) for n in numbers if n % 5 == 0} - known_of(held).media
    assert set(made.media) == pictures
    assert sorted(row["sha256"] for row in rows(made, "image_signals")) == sorted(pictures)
    assert made.is_empty == (not fresh and not pictures)


@settings(max_examples=40, deadline=None)
@given(NUMBERS)
def test_every_segment_is_one_month_sorted_and_says_its_extremes(numbers):
    for segment in plan(numbers).segments:
        table = pq.read_table(pa.BufferReader(segment.data))
        assert table.schema.equals(STORED[segment.table], check_metadata=False)
        assert (segment.rows, segment.sha256) == (table.num_rows, sha256(segment.data))
        if segment.table != "posts":
            continue
        found = table.to_pylist()
        by_number = [int(str(row["native_id"])) for row in found]
        assert {collected_at(n).strftime("%Y-%m") for n in by_number} == {segment.month}
        moments = [claimed_at(n) for n in by_number]
        known = [moment for moment in moments if moment is not None]
        assert moments == sorted(known) + [None] * (len(moments) - len(known))
        micros = [int((moment - EPOCH).total_seconds()) * 1_000_000 for moment in known]
        assert (segment.min_claimed, segment.max_claimed) == (min(micros, default=None), max(micros, default=None))


@settings(max_examples=30, deadline=None)
@given(NUMBERS)
def test_the_same_chunk_gives_the_same_bytes(numbers):
    assert plan(numbers) == plan(numbers)


def test_rows_without_a_post_are_ordered_by_their_edges_time():
    times = [datetime(2026, 4, day, tzinfo=UTC) for day in (9, 3, 6)]
    tables = checked(chunk_of([1, 2, 3]).tables)
    tables["posts"] = STORED["posts"].empty_table()
    edges = [
        {"obs_id": post_id(n), "src_uid": "a", "dst_uid": "b", "type": "repost", "direct": True, "at": at}
        for n, at in zip((1, 2, 3), times, strict=True)
    ]
    tables["edges"] = pa.Table.from_pylist(edges, schema=STORED["edges"])
    assert order_of(tables).rank.tolist() == [2, 0, 1]


def test_an_observation_that_comes_twice_keeps_the_rows_that_came_first():
    once, twice = rows_of(3), rows_of(3)
    twice["edges"] = [{**row, "dst_uid": "fake:other"} for row in twice["edges"]]
    both = {name: once[name] + twice[name] for name in once if name in HANDED_OVER}
    tables = {name: pa.Table.from_pylist(both[name], schema=HANDED_OVER[name]) for name in both}
    kept = checked(tables)
    assert kept["observations"].num_rows == kept["raw"].num_rows == 1
    assert kept["edges"]["dst_uid"].to_pylist() == ["fake:4", "fake:5"]


def test_an_empty_chunk_is_an_empty_plan():
    assert plan([]).is_empty
    assert checked({})["posts"].num_rows == 0


@pytest.mark.parametrize("text", ["", "zz" * 32, "AB" * 32, "ab" * 31, None, " " + "ab" * 32])
def test_an_id_is_64_lower_case_hex_digits(text):
    with pytest.raises(InputError):
        binary_ids(pa.chunked_array([pa.array([text], pa.string())]))


def test_a_missing_time_of_capture_is_refused():
    made = rows_of(1)["observations"][0]
    table = pa.Table.from_pylist([{**made, "collected_at": None}], schema=STORED["observations"])
    with pytest.raises(InputError):
        checked({"observations": table})


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=25, unique=True), st.randoms(use_true_random=False))
def test_raw_records_may_come_in_any_order(numbers, chance):
    tables = checked(chunk_of(numbers).tables)
    turn = list(range(len(numbers)))
    chance.shuffle(turn)
    other = {**tables, "raw": tables["raw"].take(pa.array(turn))}
    ids = binary_ids(tables["observations"]["obs_id"])
    assert draft(other, ids, blob_hashes(tables["blobs"]), NOTHING, KEY) == plan(numbers)


@pytest.mark.parametrize("column", ["sha256", "record", "obs_id"])
def test_a_raw_record_that_is_not_what_is_said_of_it_is_refused(column):
    tables = checked(chunk_of([1, 2, 3]).tables)
    raw = tables["raw"].to_pylist()
    raw[1][column] = raw[2][column]
    tables["raw"] = pa.Table.from_pylist(raw, schema=HANDED_OVER["raw"])
    with pytest.raises(InputError) as caught:
        draft(tables, binary_ids(tables["observations"]["obs_id"]), [], Known(media=frozenset()), KEY)
    assert (caught.value.code, caught.value.facts["part"]) == ("chunk-untrue", "raw")
