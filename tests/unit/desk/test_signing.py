"""An event holds under its circle's signature, and under nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.desk import events, signing
from dalil.errors import InputError

PRIVATE, OTHER = bytes(range(32)), bytes(range(1, 33))
NOW = datetime(2026, 5, 17, 11, 20, 5, 999, tzinfo=UTC)
BODY = events.SilenceEnded(silence="a" * 32)


def event(**changes):
    values = {"event_id": "e" * 32, "subject": "c" * 32, "clock": 3, "made_at": NOW, "private": PRIVATE}
    return signing.make(BODY, **{**values, **changes})


def test_the_circle_s_key_verifies_and_no_other():
    made = event()
    assert signing.verify(made, signing.public_of(PRIVATE))
    assert not signing.verify(made, signing.public_of(OTHER))
    assert not signing.verify(made, b"short")


@pytest.mark.parametrize(
    "change",
    [
        {"event_id": "f" * 32},
        {"subject": "d" * 32},
        {"circle": signing.fingerprint(signing.public_of(OTHER))},
        {"clock": 4},
        {"made_at": NOW + timedelta(seconds=1)},
        {"body": events.encode(events.SilenceEnded(silence="b" * 32))},
        {"signature": b"\x00" * 64},
        {"signature": b""},
    ],
)
def test_no_field_can_be_changed(change):
    assert not signing.verify(msgspec.structs.replace(event(), **change), signing.public_of(PRIVATE))


def test_times_are_cut_to_seconds_and_held_in_utc():
    east = NOW.astimezone(timezone(timedelta(hours=3)))
    assert event(made_at=east).made_at == NOW.replace(microsecond=0)
    assert event(made_at=east).made_at.tzinfo is UTC
    with pytest.raises(ValueError, match="aware"):
        event(made_at=NOW.replace(tzinfo=None))


@given(st.lists(st.binary(max_size=4), max_size=4), st.lists(st.binary(max_size=4), max_size=4))
def test_framing_is_unambiguous(one, two):
    assert (signing.framed(b"d", *one) == signing.framed(b"d", *two)) == (one == two)


def test_a_signature_does_not_fit_another_domain():
    assert signing.framed(b"a", b"x") != signing.framed(b"b", b"x")


def test_an_event_out_of_its_bounds_is_not_signed():
    with pytest.raises(InputError) as caught:
        signing.make(
            events.SilenceEnded(silence="not an id"),
            event_id="e" * 32,
            subject="c" * 32,
            clock=1,
            made_at=NOW,
            private=PRIVATE,
        )
    assert caught.value.code == "desk-value"
    assert caught.value.facts == {"name": "silence"}
