"""Packet bytes: what was packed comes back, and nothing else is ever read as a packet."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.desk import ballots, events, signing
from dalil.desk.ballots import Secret
from dalil.errors import Conflict, DalilError, InputError, LimitReached
from dalil.exchange import packets
from dalil.schema.words import ClaimType, ClaimVerdict, MakerClass

NOW = datetime(2026, 5, 17, 11, 20, tzinfo=UTC)
BLUE, GREEN, STRANGER = (bytes([n]) * 32 for n in (1, 2, 3))
KNOWN = {signing.fingerprint(key): key for key in map(signing.public_of, (BLUE, GREEN))}
CLAIM = "c" * 32
LOGGED = events.ClaimLogged(
    sentence="The Grey Column says it holds the bridge.",
    sentence_lang="en",
    claim_type=ClaimType.VICTORY,
    maker_class=MakerClass.GROUP,
)
SECRET = Secret(ClaimVerdict.FALSE, "as found", b"n" * 32)


def event(body, n, *, private=BLUE, subject=CLAIM, clock=None, made_at=NOW):
    event_id = subject if isinstance(body, events.ClaimLogged) else f"{n:032x}"
    return signing.make(body, event_id=event_id, subject=subject, clock=clock or n, made_at=made_at, private=private)


def vote(n=2, *, private=GREEN, told=SECRET):
    circle = signing.fingerprint(signing.public_of(private))
    bound = ballots.commitment(SECRET, claim_id=CLAIM, round_=1, circle=circle, member="a" * 32)
    sealed = event(events.VoteSealed(round=1, member="a" * 32, commitment=bound), n, private=private)
    revealed = events.VoteRevealed(
        round=1, sealed=sealed.event_id, vote=told.vote, reason=told.reason, nonce=told.nonce.hex()
    )
    return [sealed, event(revealed, n + 1, private=private)]


EVENTS = [event(LOGGED, 1), *vote()]


def packed(carried=EVENTS, *, private=BLUE, made_at=NOW, packet_id="a" * 32):
    return packets.encode(carried, packet_id=packet_id, made_at=made_at, private=private)


def forged(carried, *, private=BLUE, made_at=NOW, packet_id="a" * 32):
    """A packet that a hostile circle signs although `encode` would not make it."""
    content = packets.Content(packet_id=packet_id, made_at=made_at, events=tuple(carried))
    return packets.wrap(msgspec.msgpack.encode(content), private)


def refused(data, code, *, known=KNOWN, now=NOW):
    with pytest.raises(DalilError) as caught:
        packets.read(data, known=known, now=now)
    assert caught.value.code == code


def test_what_was_packed_comes_back():
    packet = packets.read(packed(), known=KNOWN, now=NOW)
    assert set(packet.events) == set(EVENTS)
    assert packet.circle == signing.fingerprint(signing.public_of(BLUE))
    assert packet.made_at == NOW


@given(st.integers(0, len(packed()) - 1), st.integers(1, 255))
@settings(max_examples=300)
def test_no_byte_can_be_changed(place, change):
    data = bytearray(packed())
    data[place] ^= change
    with pytest.raises(DalilError):
        packets.read(bytes(data), known=KNOWN, now=NOW)


@given(st.integers(0, len(packed()) - 1))
def test_every_cut_is_told_as_a_cut(length):
    refused(packed()[:length], "packet-truncated" if length else "packet-unknown")


@given(st.binary(max_size=300))
def test_garbage_raises_nothing_but_our_errors(data):
    for start in (b"", packets.MAGIC, packed()[:30]):
        with pytest.raises(DalilError):
            packets.read(start + data, known=KNOWN, now=NOW)


@given(st.binary(max_size=300))
def test_what_a_trusted_circle_signs_is_still_read_strictly(content):
    refused(packets.wrap(content, BLUE), "packet-content")


def test_something_behind_the_signature_is_refused():
    refused(packed() + b"x", "packet-forged")


def test_another_file_is_no_packet():
    refused(b"PK\x03\x04" + b"\x00" * 100, "packet-unknown")


def test_a_newer_version_is_said_to_be_newer():
    data = bytearray(packed())
    data[len(packets.MAGIC) : len(packets.MAGIC) + 2] = (2).to_bytes(2, "big")
    refused(bytes(data), "packet-newer")


def test_too_large_is_refused_before_it_is_read(monkeypatch):
    refused(packets.MAGIC + b"\x00" * packets.MAX_BYTES, "packet-too-large")
    lying = packets.MAGIC + (1).to_bytes(2, "big") + b"c" * 16 + (2**60).to_bytes(8, "big") + b"x"
    refused(lying, "packet-too-large")
    monkeypatch.setattr(packets, "MAX_EVENTS", 2)
    refused(forged(EVENTS), "packet-too-large")
    with pytest.raises(LimitReached):
        packed()


def test_age():
    old = NOW + packets.MAX_AGE + timedelta(seconds=1)
    refused(packed(), "packet-stale", now=old)
    refused(packed(made_at=NOW + timedelta(days=2)), "packet-from-future")
    packets.read(packed(), known=KNOWN, now=NOW + packets.MAX_AGE)
    packets.read(packed(), known=KNOWN, now=NOW - timedelta(hours=3))
    with pytest.raises(ValueError, match="aware"):
        packed(made_at=NOW.replace(tzinfo=None))


def test_unknown_circles_are_named_so_that_they_can_be_compared():
    stranger = signing.fingerprint(signing.public_of(STRANGER))
    refused(packed(private=STRANGER), "packet-unknown-circle")
    handed_on = [EVENTS[0], event(events.ClaimTaken(round=1, holder="b" * 32), 9, private=STRANGER)]
    refused(packed(handed_on), "packet-unknown-circle")
    with pytest.raises(InputError) as caught:
        packets.read(packed(private=STRANGER), known=KNOWN, now=NOW)
    assert caught.value.facts == {"circle": stranger}


def test_a_circle_cannot_change_what_it_hands_on():
    green = EVENTS[1]
    changed = msgspec.structs.replace(green, body=green.body.replace(b"a" * 32, b"b" * 32))
    assert changed != green
    refused(forged([EVENTS[0], changed]), "packet-forged")


def test_a_circle_cannot_speak_for_another():
    as_green = msgspec.structs.replace(
        event(events.ThreatWarned(), 7), circle=signing.fingerprint(signing.public_of(GREEN))
    )
    refused(forged([EVENTS[0], as_green]), "packet-forged")


@pytest.mark.parametrize(
    "body",
    [
        events.CheckEvidence(check_id="b" * 32, evidence=("https://example.org",)),
        events.ObservationsLinked(observation_ids=("d" * 64,)),
        events.CapturesMarked(captures=()),
        events.ReportsCoded(reports=()),
    ],
)
def test_what_stays_home_is_neither_packed_nor_read(body):
    stays = [EVENTS[0], event(body, 9)]
    with pytest.raises(ValueError, match="stays"):
        packed(stays)
    refused(forged(stays), "packet-content")


def test_a_claim_begins_with_the_event_that_bears_its_id():
    elsewhere = signing.make(LOGGED, event_id="d" * 32, subject=CLAIM, clock=1, made_at=NOW, private=BLUE)
    refused(forged([elsewhere]), "packet-content")
    posing = signing.make(events.ThreatWarned(), event_id=CLAIM, subject=CLAIM, clock=1, made_at=NOW, private=BLUE)
    refused(forged([posing]), "packet-content")
    refused(forged([event(events.ThreatWarned(), 5, subject="panel")]), "packet-content")


def test_votes_are_held_against_their_seals():
    lie = Secret(ClaimVerdict.TRUE, SECRET.reason, SECRET.nonce)
    refused(forged([EVENTS[0], *vote(told=lie)]), "packet-vote-false")
    sealed, told = vote()
    by_blue = event(events.decode(told.body), 9, private=BLUE)
    refused(forged([EVENTS[0], sealed, by_blue]), "packet-vote-false")


def test_one_id_with_two_contents_is_a_conflict():
    one, two = (event(events.SilenceEnded(silence=mark * 32), 5) for mark in "ab")
    with pytest.raises(Conflict) as caught:
        packets.read(forged([EVENTS[0], one, two]), known=KNOWN, now=NOW)
    assert caught.value.code == "event-conflict"


def test_an_event_from_the_future_or_with_an_endless_clock_is_refused():
    refused(packed([EVENTS[0], event(events.ThreatWarned(), 5, made_at=NOW + timedelta(days=3))]), "packet-from-future")
    refused(forged([EVENTS[0], event(events.ThreatWarned(), 5, clock=2**50)]), "packet-forged")


def test_a_body_out_of_its_bounds_is_refused():
    bad = msgspec.structs.replace(EVENTS[0], body=b'{"kind":"claim_logged"}')
    bad = msgspec.structs.replace(bad, signature=signing.sign_bytes(BLUE, signing._message(bad)))
    refused(forged([bad]), "packet-content")
