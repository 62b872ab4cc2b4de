"""Decoding with codes, long objects in two passes, accounts as records."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from dalil.schema.words import AccountType, IdQuality, MetricBasis, PublicRole, State
from dalil.sources.account_records import Accounts, Profile
from dalil.sources.counts import rough
from dalil.sources.decoding import count, decode, reject, side
from dalil.sources.json_objects import LongObject
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.redaction import Scope

KEY = bytes(range(32))
SEEN = datetime(2026, 5, 17, tzinfo=UTC)


class Shape(msgspec.Struct):
    """A shape for these tests."""

    a: int
    b: Shape | None = None
    c: str = ""


DECODER = msgspec.json.Decoder(Shape)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"a":"x"}', "shape-unknown"),
        (b"[]", "shape-unknown"),
        (b'{"a":', "json-broken"),
        (b"", "json-broken"),
        (b'{"a":1} x', "json-broken"),
        (b'{"a":1,"c":"\xff"}', "encoding-wrong"),
        (b'{"a":1,"b":' * 5_000, "nested-too-deep"),
    ],
)
def test_what_does_not_fit_has_a_code(data: bytes, code: str) -> None:
    found = decode(DECODER, data)
    assert found == code


def test_what_fits_is_given_and_what_is_absent_has_no_shape() -> None:
    assert decode(DECODER, b'{"a":1}') == Shape(1)
    assert decode(DECODER, msgspec.Raw(b'{"a":2}')) == Shape(2)
    assert decode(DECODER, UNSET) == "shape-unknown"


def test_a_reject_has_the_hash_of_its_bytes_and_a_tidy_place() -> None:
    found = reject("line 3 ", "json-broken", b"{")
    assert (found.where, found.code) == ("line 3", "json-broken")
    assert found.raw_hash == reject("x", "y", msgspec.Raw(b"{")).raw_hash
    assert len(found.raw_hash) == 64


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        *(("12", 12), ("0", 0), (0, 0), (7, 7), (7.9, 7), (1 << 53, 1 << 53)),
        *((None, None), (UNSET, None), ("", None), ("-1", None), (-1, None), ("1e9", None), ("١٢", None)),
        *((True, None), ("1" * 16, None), ((1 << 53) + 1, None), (float("nan"), None), ("12.5", None)),
    ],
)
def test_counts_are_whole_or_unknown_and_never_a_guess(value: Any, wanted: int | None) -> None:
    assert count(value) == wanted


@pytest.mark.parametrize(
    ("value", "wanted"), [(1, 1), (800.0, 800), (0, None), (-5, None), (1 << 31, None), ("800", None), (None, None)]
)
def test_sides_are_those_of_pictures(value: Any, wanted: int | None) -> None:
    assert side(value) == wanted


# Long objects


def walked(document: bytes, *, limit: int = 1 << 20) -> list[tuple[dict[str, Any], list[tuple[str, int, Any]]]]:
    """Every object at the top with its fields and its long elements."""
    both = LongObject(
        io.BytesIO(document),
        io.BytesIO(document),
        wanted=frozenset({"id", "name"}),
        long=frozenset({"items"}),
        limit=limit,
    )
    found = []
    while first := both.peek():
        if first != b"{":
            both.pass_over()
            continue
        fields = {name: json.loads(value.data or b"null") for name, value in both.fields().items()}
        found.append((fields, [(name, at, json.loads(v.data or b"null")) for name, at, v in both.elements()]))
    return found


def test_fields_are_known_before_the_elements_wherever_they_stand() -> None:
    document = b'{"name":"n","items":[1,{"a":[2]},"x"],"other":{"id":9},"id":7,"more":[0]}'
    assert walked(document) == [
        ({"name": "n", "id": 7}, [("items", 0, 1), ("items", 1, {"a": [2]}), ("items", 2, "x")])
    ]


def test_several_objects_and_other_values_between_them() -> None:
    document = b'{"id":1,"items":[1]}\n[5,{"id":3}] "x"\n{"items":[2],"id":2}\n'
    assert walked(document) == [({"id": 1}, [("items", 0, 1)]), ({"id": 2}, [("items", 0, 2)])]


def test_the_first_of_two_fields_of_one_name_counts() -> None:
    assert walked(b'{"id":1,"id":2,"items":[1],"items":[2]}') == [({"id": 1}, [("items", 0, 1), ("items", 0, 2)])]


def test_a_long_field_that_is_no_list_has_no_elements() -> None:
    assert walked(b'{"id":1,"items":{"a":1}}') == [({"id": 1}, [])]
    assert walked(b'{"id":1,"items":null}') == [({"id": 1}, [])]


@pytest.mark.parametrize("cut", range(1, 40))
def test_a_cut_object_ends_and_says_that_it_is_broken(cut: int) -> None:
    document = b'{"id":1,"items":[{"a":1},{"b":2}],"name":"n"}'[:cut]
    both = LongObject(
        io.BytesIO(document), io.BytesIO(document), wanted=frozenset({"id"}), long=frozenset({"items"}), limit=99
    )
    while both.peek():
        both.fields()
        list(both.elements())
    assert both.broken


def test_a_value_over_the_limit_is_not_held() -> None:
    long = b'{"id":"' + b"x" * 500 + b'","items":["' + b"y" * 500 + b'",1]}'
    both = LongObject(
        io.BytesIO(long), io.BytesIO(long), wanted=frozenset({"id"}), long=frozenset({"items"}), limit=100
    )
    assert both.peek() == b"{"
    fields = both.fields()
    assert (fields["id"].data, fields["id"].problem) == (None, "record-too-long")
    assert [value.problem for _, _, value in both.elements()] == ["record-too-long", ""]
    assert both.offset > 0


@given(st.binary(max_size=80))
def test_any_bytes_end(data: bytes) -> None:
    assert isinstance(walked_safely(b"{" + data), int)


def walked_safely(document: bytes) -> int:
    """How many objects were met; the values may be no JSON."""
    both = LongObject(
        io.BytesIO(document), io.BytesIO(document), wanted=frozenset({"a"}), long=frozenset({"b"}), limit=50
    )
    met = 0
    while first := both.peek():
        met += 1
        if first == b"{":
            both.fields()
            for _ in both.elements():
                pass
        else:
            both.pass_over()
        assert met <= len(document) + 1
    return met


# Accounts


def profile(*, public: bool, **more: Any) -> Profile:
    who = Who("x:1", "1", True) if public else Who("x:h:" + "0" * 32, "h:" + "0" * 32, False)
    given: dict[str, Any] = {
        "who": who,
        "platform": "x",
        "handle": "sahlara",
        "display_name": "Sahlara Today",
        "description": "by @hidden_one",
        "created_at": SEEN,
        "counts": (("followers", 12_345), ("posts", 7)),
        "counted_at": SEEN,
        "type": AccountType.CHANNEL,
        "verified": True,
    }
    return Profile(**(given | more))


def scope() -> Scope:
    return Scope(Pseudonymiser(KEY), "x")


def test_a_public_account_is_kept_in_full_with_its_words_redacted() -> None:
    record = Accounts(Pseudonymiser(KEY)).record_of(profile(public=True), scope())
    assert record is not None
    [account] = record.accounts
    assert (account.handle, account.display_name, account.verified) == ("sahlara", "Sahlara Today", True)
    assert account.description is not None
    assert "hidden_one" not in account.description
    assert account.counts[0].at == SEEN
    assert b"2026-05-17" not in record.raw.replace(b'"created_at":"2026-05-17T00:00:00Z"', b"")


def test_a_private_account_keeps_rough_counts_only() -> None:
    record = Accounts(Pseudonymiser(KEY)).record_of(profile(public=False), scope())
    assert record is not None
    [account] = record.accounts
    assert (account.handle, account.display_name, account.description, account.created_at) == (None,) * 4
    assert [(metric.value, metric.basis) for metric in account.counts] == [
        (10_000, MetricBasis.ROUNDED),
        (0, MetricBasis.ROUNDED),
    ]
    assert (account.id_quality, account.public_role, account.type) == (
        IdQuality.HASHED,
        PublicRole.UNKNOWN,
        AccountType.UNKNOWN,
    )
    assert b"sahlara" not in record.raw


def test_one_that_is_the_same_as_lately_is_not_given_again() -> None:
    accounts = Accounts(Pseudonymiser(KEY))
    assert accounts.record_of(profile(public=True), scope()) is not None
    assert accounts.record_of(profile(public=True), scope()) is None
    assert accounts.record_of(profile(public=True, handle="other"), scope()) is not None
    assert accounts.record_of(profile(public=True, handle="other", state=State.DELETED), scope()) is not None


def test_a_private_one_of_which_nothing_is_told_is_given_only_where_it_was_asked_for() -> None:
    accounts = Accounts(Pseudonymiser(KEY))
    assert accounts.record_of(profile(public=False, counts=()), scope()) is None
    assert Accounts(Pseudonymiser(KEY)).record_of(profile(public=False, counts=()), scope(), included=False) is not None


@given(st.integers(0, 1 << 53))
def test_a_rough_count_has_one_digit_and_is_never_more(value: int) -> None:
    found = rough(value)
    assert found is not None
    assert found <= value
    assert len(str(found).rstrip("0")) <= 1
    assert rough(None) is None
