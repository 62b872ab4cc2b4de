"""Raw segments: what goes in comes out, alone or all together, and damage is noticed."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dalil.archive import raw_blocks
from dalil.archive.raw import MAGIC, build, read_all, read_record, without
from dalil.errors import EvidenceDamaged

RECORDS = st.lists(st.binary(max_size=300), min_size=1, max_size=12)
RELAXED = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def keyed(records: list[bytes]) -> list[tuple[bytes, bytes, bytes]]:
    return [(bytes([n]) * 32, hashlib.sha256(record).digest(), record) for n, record in enumerate(records)]


@RELAXED
@given(RECORDS)
def test_each_record_comes_back_by_its_pointer_and_all_by_the_index(tmp_path, records):
    segment = build(keyed(records))
    path = tmp_path / "segment"
    path.write_bytes(segment.data)
    assert [read_record(path, pointer) for pointer in segment.pointers] == records
    assert list(read_all(path)) == [(bytes([n]) * 32, record) for n, record in enumerate(records)]
    assert segment.sha256 == hashlib.sha256(segment.data).hexdigest()
    assert build(keyed(records)) == segment, "the same records give the same bytes"


@RELAXED
@given(RECORDS, st.data())
def test_damage_raises_nothing_else_and_never_gives_another_record(tmp_path, records, data):
    segment = build(keyed(records))
    path = tmp_path / "segment"
    spoilt = bytearray(segment.data)
    if data.draw(st.booleans()):
        del spoilt[data.draw(st.integers(0, len(spoilt) - 1)) :]
    else:
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(spoilt)
    for pointer in segment.pointers:
        try:
            assert read_record(path, pointer) in records
        except EvidenceDamaged:
            continue
    try:
        found = list(read_all(path))
    except EvidenceDamaged:
        return
    assert all(record in records for _, record in found)


@pytest.mark.parametrize("pointer", [2, 5, 10_000, 1 << 62, -1])
def test_a_wrong_pointer_is_damage_and_nothing_else(tmp_path, pointer):
    path = tmp_path / "segment"
    path.write_bytes(build(keyed([b"one", b"two"])).data)
    with pytest.raises(EvidenceDamaged):
        read_record(path, pointer)


@pytest.mark.parametrize("data", [b"", b"x", MAGIC, MAGIC * 2, MAGIC + b"\xff" * 12 + MAGIC])
def test_what_is_no_segment_is_damage(tmp_path, data):
    path = tmp_path / "segment"
    path.write_bytes(data)
    with pytest.raises(EvidenceDamaged):
        list(read_all(path))
    with pytest.raises(EvidenceDamaged):
        list(read_all(tmp_path / "none"))


def test_a_block_that_claims_to_be_huge_is_not_unpacked(tmp_path):
    segment = build(keyed([b"small"]))
    spoilt = bytearray(segment.data)
    spoilt[len(MAGIC) + 4 : len(MAGIC) + 8] = b"\xff\xff\xff\xff"
    (tmp_path / "segment").write_bytes(spoilt)
    with pytest.raises(EvidenceDamaged):
        read_record(tmp_path / "segment", 0)


@RELAXED
@given(RECORDS, st.data())
def test_what_is_taken_out_is_gone_and_all_else_keeps_its_pointer(tmp_path, records, data):
    gone = data.draw(st.sets(st.integers(0, len(records) - 1)))
    path, fresh = tmp_path / "segment", tmp_path / "fresh"
    path.write_bytes(build(keyed(records)).data)
    segment = without(path, {bytes([n]) * 32 for n in gone})
    fresh.write_bytes(segment.data)
    left = [n for n in range(len(records)) if n not in gone]
    assert list(read_all(fresh)) == [(bytes([n]) * 32, records[n]) for n in left]
    assert list(segment.pointers) == left
    assert [read_record(fresh, n) for n in left] == [records[n] for n in left]
    for n in gone:
        with pytest.raises(EvidenceDamaged):
            read_record(fresh, n)


def test_nothing_of_what_is_taken_out_stays_in_the_bytes(tmp_path):
    path = tmp_path / "segment"
    path.write_bytes(build(keyed([b"first", b"a name that must go", b"third"])).data)
    segment = without(path, {bytes([1]) * 32})
    assert b"a name" in path.read_bytes(), "zstd leaves what is short and does not repeat as it is"
    assert b"a name" not in segment.data
    assert bytes([1]) * 32 not in segment.data
    assert hashlib.sha256(b"a name that must go").digest() not in segment.data


def test_records_of_many_blocks_are_found_from_either_end(tmp_path):
    records = [b"%d " % n * (n % 700) for n in range(900)]
    segment = build([(n.to_bytes(32, "big"), hashlib.sha256(r).digest(), r) for n, r in enumerate(records, start=1)])
    path = tmp_path / "segment"
    path.write_bytes(segment.data)
    assert sum(map(len, records)) > 10 * raw_blocks.BLOCK_BYTES
    assert [read_record(path, n) for n in (0, 1, 450, 898, 899)] == [records[n] for n in (0, 1, 450, 898, 899)]
    assert [record for _, record in read_all(path)] == records


def test_a_record_longer_than_a_block_is_a_block_of_its_own(tmp_path):
    records = [b"a", b"b" * (3 * raw_blocks.BLOCK_BYTES), b"c", b""]
    path = tmp_path / "segment"
    path.write_bytes(build(keyed(records)).data)
    assert [read_record(path, n) for n in range(4)] == records


def test_no_records_are_a_segment_too(tmp_path):
    path = tmp_path / "segment"
    path.write_bytes(build([]).data)
    assert list(read_all(path)) == []
    with pytest.raises(EvidenceDamaged):
        read_record(path, 0)
