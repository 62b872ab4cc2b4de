"""Raw segments: what goes in comes out, alone or all together, and damage is noticed."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dalil.archive.raw import MAGIC, build, read_all, read_record
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


@pytest.mark.parametrize("pointer", [0, 5, 10_000, -1])
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


def test_a_record_that_claims_to_be_huge_is_not_unpacked(tmp_path):
    segment = build(keyed([b"small"]))
    spoilt = bytearray(segment.data)
    spoilt[len(MAGIC) + 4 : len(MAGIC) + 8] = b"\xff\xff\xff\xff"
    (tmp_path / "segment").write_bytes(spoilt)
    with pytest.raises(EvidenceDamaged):
        read_record(tmp_path / "segment", len(MAGIC))
