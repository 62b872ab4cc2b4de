"""Packets out and in, and which circles' keys are trusted: all of a packet is taken over, or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import msgspec
from django.db import transaction

from dalil import log
from dalil.actions.circles import introduce_circle
from dalil.actions.desk import Desk, begin, finish, held, new_id
from dalil.actions.verdicts import settle, tell
from dalil.audit.recording import record
from dalil.desk import events, folding, projection
from dalil.desk.access import mark_of
from dalil.desk.models import Claim, DeskEvent, Packet
from dalil.desk.rules import State
from dalil.desk.signing import SignedEvent
from dalil.errors import Conflict, NotAllowed, NotAvailable
from dalil.exchange import packets
from dalil.people import queries as people
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require


class PacketResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of reading a packet; `circle` is the sender's colour here."""

    packet_id: str
    circle: str
    events: int
    new: int
    claims: tuple[str, ...]
    """Claims that changed."""
    settled: tuple[str, ...]
    """Those of them that have a verdict now and had none before."""


def trust_circle(actor: Actor, *, colour: str, sign_public: str, seal_recipient: str, now: datetime, desk: Desk) -> str:
    """Enter another circle's public keys, compared with it in person; returns its id here.

    Args:
        colour: what it is called here; each workspace names the others itself.
        sign_public: its Ed25519 public key, 64 hex digits.
        seal_recipient: its age recipient.
    Raises:
        InputError: the colour or a key is not one (`value-wrong`).
        Conflict: the key (`circle-known`) or the colour (`circle-colour`) is taken.
    """
    require(actor, Act.TRUST_CIRCLE)
    del desk  # nothing is signed
    row = people.CircleRow(
        circle_id=new_id(),
        colour=colour,
        sign_public=sign_public.strip().lower(),
        seal_recipient=seal_recipient.strip(),
        home=False,
    )
    # Two circles under one key would be one circle that can agree with itself.
    if any(known.sign_public == row.sign_public for known in people.circles()):
        raise Conflict("circle-known")
    return introduce_circle(row, now=now, actor=actor).circle_id


def export_packet(actor: Actor, claim_ids: Sequence[str], *, now: datetime, desk: Desk) -> bytes:
    """Pack claims with everything about them that may travel: no people, sources, posts, raw or addresses.

    Raises:
        NotAllowed: one of the claims does not exist.
        LimitReached: too much for one packet (`packet-too-large`).
    """
    require(actor, Act.EXPORT_PACKET)
    mine = next((circle for circle in held(desk) if circle.circle_id == actor.circle_id), None)
    if mine is None:
        raise NotAvailable("circle-key-missing")
    wanted = list(dict.fromkeys(claim_ids))
    with transaction.atomic():
        if not wanted or Claim.objects.filter(pk__in=wanted).count() < len(wanted):
            raise NotAllowed("no-such-thing")
        rows = DeskEvent.objects.filter(subject__in=wanted, kind__in=sorted(events.TRAVELS))
        chosen = [projection.signed(row) for row in rows]
        packet_id = new_id()
        data = packets.encode(chosen, packet_id=packet_id, made_at=now, private=mine.private)
        _keep(packet_id, mine.mark, now, data, len(chosen), incoming=False)
        record(actor, "packet.exported", packet_id, {"claims": len(wanted), "events": len(chosen)}, now)
    return data


def import_packet(actor: Actor, data: bytes, *, now: datetime, desk: Desk) -> PacketResult:
    """Read a packet: verify everything, then take over what is new, and tell votes that may be told now.

    Raises:
        Conflict: `packet-replayed`, `event-conflict`.
        InputError, LimitReached: see `exchange.packets.read`.
    """
    require(actor, Act.IMPORT_PACKET)
    known = {mark_of(row): row for row in people.circles()}
    keys = {mark: bytes.fromhex(row.sign_public) for mark, row in known.items()}
    packet = packets.read(data, known=keys, now=now)
    with transaction.atomic():
        if Packet.objects.filter(packet_id=packet.packet_id).exists():
            raise Conflict("packet-replayed")
        _require_true_votes(packet.events)
        before = _settled(packet.events)
        new = set(projection.apply(packet.events))
        touched = sorted({event.subject for event in packet.events if event.event_id in new})
        for claim_id in touched:
            _follow(actor, claim_id, was_settled=claim_id in before, now=now, desk=desk)
        after = _settled(packet.events) - before
        _keep(packet.packet_id, packet.circle, packet.made_at, data, len(packet.events), incoming=True)
        record(actor, "packet.imported", packet.packet_id, {"events": len(packet.events), "new": len(new)}, now)
    log.event("packet.imported", id=packet.packet_id, count=len(new))
    return PacketResult(
        packet_id=packet.packet_id,
        circle=known[packet.circle].colour,
        events=len(packet.events),
        new=len(new),
        claims=tuple(touched),
        settled=tuple(sorted(after)),
    )


def _follow(actor: Actor, claim_id: str, *, was_settled: bool, now: datetime, desk: Desk) -> None:
    """Tell what the packet's seals allow to be told, once the event that logged the claim is here."""
    it = begin(actor, claim_id, now=now, desk=desk)
    if folding.fold(it.entries) is None:
        return
    tell(it, desk=desk)
    if it.case.state is State.SETTLED and not was_settled:
        settle(it)
    finish(it)


def _require_true_votes(carried: Sequence[SignedEvent]) -> None:
    """Reveals whose seals this workspace holds already are held against those."""
    wanted = set()
    for event in carried:
        body = events.decode(event.body)
        if isinstance(body, events.VoteRevealed):
            wanted.add(body.sealed)
    held_seals = [projection.signed(row) for row in DeskEvent.objects.filter(pk__in=sorted(wanted))]
    packets.require_true_votes([*held_seals, *carried])


def _settled(carried: Sequence[SignedEvent]) -> set[str]:
    subjects = sorted({event.subject for event in carried})
    return set(Claim.objects.filter(pk__in=subjects, state=State.SETTLED).values_list("claim_id", flat=True))


def _keep(packet_id: str, circle: str, made_at: datetime, data: bytes, count: int, *, incoming: bool) -> None:
    Packet.objects.create(
        packet_id=packet_id,
        circle=circle,
        made_at=made_at,
        incoming=incoming,
        sha256=hashlib.sha256(data).hexdigest(),
        events=count,
    )
