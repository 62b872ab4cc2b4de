"""Packet bytes: made from events that may travel, and read back strictly. Pure; no store, no clock.

    "dalil-packet\\n" | version, 2 bytes | circle, 16 bytes | length, 8 bytes | content | signature, 64 bytes

The content is msgpack of `Content`. The Ed25519 signature is the sending circle's, over domain and
everything before it, and is verified before the content is parsed. Every event inside carries its own
circle's signature too, so that a packet may hand on what others decided without being able to change
it. Numbers are big-endian; the circle is its fingerprint.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from dalil.desk import events, folding
from dalil.desk.signing import LARGEST_CLOCK, SignedEvent, fingerprint, framed, holds, public_of, sign_bytes, verify
from dalil.errors import Conflict, DalilError, InputError, LimitReached

MAGIC: Final = b"dalil-packet\n"
VERSION: Final = 1
MAX_BYTES: Final = 8 * 1024 * 1024
MAX_EVENTS: Final = 20_000
MAX_AGE: Final = timedelta(days=30)
CLOCK_SKEW: Final = timedelta(hours=26)
"""A machine may be wrong by a whole zone and a summer hour before we call it the future."""
_DOMAIN: Final = b"dalil/packet"
_VERSION_AT: Final = len(MAGIC)
_CIRCLE_AT: Final = _VERSION_AT + 2
_LENGTH_AT: Final = _CIRCLE_AT + 16
_HEAD: Final = _LENGTH_AT + 8
_SIGNATURE: Final = 64


class Content(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the signature covers: events of whole claims; `made_at` UTC."""

    packet_id: str
    made_at: datetime
    events: tuple[SignedEvent, ...]


class Packet(msgspec.Struct, frozen=True, kw_only=True):
    """A verified packet, from `circle` (a fingerprint)."""

    packet_id: str
    circle: str
    made_at: datetime
    events: tuple[SignedEvent, ...]


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Content)


def encode(chosen: Iterable[SignedEvent], *, packet_id: str, made_at: datetime, private: bytes) -> bytes:
    """Pack events under the sending circle's signature.

    Raises:
        ValueError: an event of a kind that stays at home, or a naive time.
        LimitReached: more than a packet may hold (`packet-too-large`).
    """
    carried = tuple(sorted(chosen, key=lambda event: (event.subject, event.order)))
    for event in carried:
        if events.kind_of(events.decode(event.body)) not in events.TRAVELS:
            raise ValueError("this event stays in the workspace")
    if made_at.tzinfo is None:
        raise ValueError("made_at must be aware")
    made_at = made_at.astimezone(UTC).replace(microsecond=0)
    data = wrap(_ENCODER.encode(Content(packet_id=packet_id, made_at=made_at, events=carried)), private)
    if len(data) > MAX_BYTES or len(carried) > MAX_EVENTS:
        raise LimitReached("packet-too-large", size=len(data), limit=MAX_BYTES)
    return data


def wrap(content: bytes, private: bytes) -> bytes:
    """Content under head and signature."""
    circle = bytes.fromhex(fingerprint(public_of(private)))
    data = b"".join((MAGIC, VERSION.to_bytes(2, "big"), circle, len(content).to_bytes(8, "big"), content))
    return data + sign_bytes(private, framed(_DOMAIN, data))


def read(data: bytes, *, known: Mapping[str, bytes], now: datetime) -> Packet:
    """Verify a packet and everything in it.

    Args:
        known: fingerprint → raw public key of every circle that this workspace trusts.
        now: aware.
    Raises:
        InputError: `packet-unknown`, `packet-truncated`, `packet-newer`, `packet-forged`,
            `packet-unknown-circle`, `packet-content`, `packet-stale`, `packet-from-future`, `packet-vote-false`.
        LimitReached: `packet-too-large`.
        Conflict: two different events carry one id (`event-conflict`).
    """
    _require_whole(data)
    circle = data[_CIRCLE_AT:_LENGTH_AT].hex()
    if circle not in known:
        raise InputError("packet-unknown-circle", circle=circle)
    if not holds(known[circle], data[-_SIGNATURE:], framed(_DOMAIN, data[:-_SIGNATURE])):
        raise InputError("packet-forged")
    content = _decode(data[_HEAD:-_SIGNATURE])
    _require_fresh(content.made_at, now)
    for event in content.events:
        _require_event(event, known, now)
    _require_unique(content.events)
    require_true_votes(content.events)
    return Packet(packet_id=content.packet_id, circle=circle, made_at=content.made_at, events=content.events)


def _require_whole(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise LimitReached("packet-too-large", size=len(data), limit=MAX_BYTES)
    if not data.startswith(MAGIC):
        cut = bool(data) and MAGIC.startswith(data)
        raise InputError("packet-truncated" if cut else "packet-unknown")
    if len(data) < _HEAD:
        raise InputError("packet-truncated")
    version = int.from_bytes(data[_VERSION_AT:_CIRCLE_AT], "big")
    if version > VERSION:
        raise InputError("packet-newer")
    length = int.from_bytes(data[_LENGTH_AT:_HEAD], "big")
    whole = _HEAD + length + _SIGNATURE
    if length > MAX_BYTES:
        raise LimitReached("packet-too-large", size=length, limit=MAX_BYTES)
    if len(data) < whole:
        raise InputError("packet-truncated")
    if len(data) > whole or version < VERSION:
        raise InputError("packet-forged")


def _decode(data: bytes) -> Content:
    """Parse what a trusted circle signed; ValueError covers broken UTF-8 and impossible times."""
    try:
        content = _DECODER.decode(data)
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):
        raise InputError("packet-content", kind="?") from None
    if len(content.events) > MAX_EVENTS:
        raise LimitReached("packet-too-large", size=len(content.events), limit=MAX_EVENTS)
    if content.made_at.tzinfo is None or not _plain_id(content.packet_id):
        raise InputError("packet-content", kind="?")
    return content


def _require_fresh(made_at: datetime, now: datetime) -> None:
    age = now - made_at
    if age > MAX_AGE:
        raise InputError("packet-stale", days=age.days, limit=MAX_AGE.days)
    if age < -CLOCK_SKEW:
        raise InputError("packet-from-future")


def _require_event(event: SignedEvent, known: Mapping[str, bytes], now: datetime) -> None:
    public = known.get(event.circle)
    if public is None:
        raise InputError("packet-unknown-circle", circle=event.circle[:32])
    if event.made_at.tzinfo is None or event.made_at.microsecond or not 0 < event.clock <= LARGEST_CLOCK:
        raise InputError("packet-forged")
    if not verify(event, public):
        raise InputError("packet-forged")
    try:
        body = events.decode(event.body)
    except DalilError:
        raise InputError("packet-content", kind="?") from None
    kind = events.kind_of(body)
    logs = isinstance(body, events.ClaimLogged)
    fits = _plain_id(event.event_id) and _plain_id(event.subject) and logs == (event.event_id == event.subject)
    if kind not in events.TRAVELS or not fits:
        raise InputError("packet-content", kind=kind)
    if event.made_at - now > CLOCK_SKEW:
        raise InputError("packet-from-future")


def _require_unique(carried: Sequence[SignedEvent]) -> None:
    seen: dict[str, SignedEvent] = {}
    for event in carried:
        if seen.setdefault(event.event_id, event) != event:
            raise Conflict("event-conflict", id=event.event_id)


def require_true_votes(carried: Iterable[SignedEvent]) -> None:
    """Hold revealed votes against their seals, as far as both are among `carried`.

    Raises:
        InputError: a reveal by another circle or of another vote (`packet-vote-false`).
    """
    entries = [folding.entry_of(event) for event in carried]
    subjects = {event.event_id: event.subject for event in carried}
    seals = {
        entry.event_id: (subjects[entry.event_id], entry.circle, entry.body)
        for entry in entries
        if isinstance(entry.body, events.VoteSealed)
    }
    for entry in entries:
        if not isinstance(entry.body, events.VoteRevealed) or entry.body.sealed not in seals:
            continue
        claim_id, circle, seal = seals[entry.body.sealed]
        same = circle == entry.circle and subjects[entry.event_id] == claim_id
        if not same or not folding.fits(claim_id, circle, seal, entry.body):
            raise InputError("packet-vote-false")


def _plain_id(text: str) -> bool:
    return len(text) == 32 and all(char in "0123456789abcdef" for char in text)
