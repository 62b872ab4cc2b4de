"""The mark of an expunged record: the same whoever it names, another for any other word, none where little is told."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.archive.tombstones import mark_of
from dalil.schema.identity import relinked

KEY = bytes(range(32))
HASHES = st.binary(min_size=16, max_size=16).map(lambda data: b"h:" + data.hex().encode())
WORDS = b'{"status":{"id_str":"%s","full_text":"to @%s: %s","user_id_str":"%s"}}'
SIX = b"the bridge at Tel Nahr still stands"


def post(one: bytes, other: bytes, text: bytes = SIX) -> bytes:
    return WORDS % (one, other, text, other)


@given(HASHES, HASHES, st.binary(min_size=32, max_size=32))
def test_a_new_key_does_not_change_it(one: bytes, other: bytes, link: bytes) -> None:
    record = post(one, other)
    again = re.sub(rb"h:([0-9a-f]{32})", lambda match: b"h:" + relinked(link, match[1].decode()).encode(), record)
    assert again != record
    assert mark_of(KEY, "x-api-v1", record) == mark_of(KEY, "x-api-v1", again) is not None


@given(HASHES, HASHES)
def test_it_tells_who_is_the_same_and_what_was_said(one: bytes, other: bytes) -> None:
    mark = mark_of(KEY, "x-api-v1", post(one, other))
    if one != other:
        assert mark != mark_of(KEY, "x-api-v1", post(one, one))
    assert mark != mark_of(KEY, "x-api-v1", post(one, other, SIX + b"."))
    assert mark != mark_of(KEY, "x-archive", post(one, other))
    assert mark != mark_of(bytes(32), "x-api-v1", post(one, other))


@pytest.mark.parametrize(
    "record",
    [
        b'{"status":{"id_str":"1600000000000000001","full_text":"the bridge at Tel Nahr still stands"}}',
        b'{"user":{"followers_count":12000,"id_str":"h:%s"}}' % (b"0a" * 16),
        b'{"error":{"resource_id":"h:%s","type":"resource-not-found"}}' % (b"0a" * 16),
        b'{"text":"a word or two, h:0a and @h here too it is","id":"1"}',
    ],
    ids=["nobody", "counts", "notice", "no hash"],
)
def test_there_is_none_where_nobody_is_named_or_too_little_told(record: bytes) -> None:
    assert mark_of(KEY, "x-api-v1", record) is None


@pytest.mark.parametrize("told", [b'"at":"2026-05-11T15:34:16Z"', b'"date_unixtime":"1778513656"', b'"t":"%s"' % SIX])
def test_a_moment_or_six_words_are_enough(told: bytes) -> None:
    assert mark_of(KEY, "x-api-v1", b'{"id":"h:%s",%s}' % (b"0a" * 16, told))
