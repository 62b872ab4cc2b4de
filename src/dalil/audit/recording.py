"""Writes one entry, within the transaction of the change that it tells of."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

from django.db import transaction

from dalil.audit.chain import GENESIS, Link, link_hash, token
from dalil.audit.models import DayKey, Entry, Head
from dalil.people.actor import Actor
from dalil.schema.identity import canonical_bytes

Fact = str | int | bool | None
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.:@+-]{0,128}")
_EVENT: Final = re.compile(r"[a-z_]+(\.[a-z_]+)+")


def record(actor: Actor, event: str, subject: str, facts: Mapping[str, Fact], now: datetime) -> str:
    """Append an entry to the chain of the actor's circle.

    Args:
        event: dotted name, such as `claim.settled`.
        subject: id of the thing; for a member `member_token`, never the member's id.
        facts: ids, codes and numbers; never content, never a person.
        now: aware; only its day in UTC is kept.
    Returns:
        the entry's hash.
    Raises:
        ValueError: something that is not an id or a code, or no transaction is open.
    """
    _check(event, subject, facts)
    if not transaction.get_connection().in_atomic_block:
        raise ValueError("an entry is written in the transaction of its change")
    day = _day(now)
    Head.objects.get_or_create(circle=actor.circle_id, defaults={"position": 0, "hash": GENESIS})
    head = Head.objects.select_for_update().get(circle=actor.circle_id)
    seq = Entry.objects.filter(circle=actor.circle_id, day=day).count() + 1
    link = Link(
        circle=actor.circle_id,
        position=head.position + 1,
        day=day,
        seq=seq,
        actor=member_token(actor.circle_id, actor.member_id, now),
        event=event,
        subject=subject,
        facts=canonical_bytes(dict(facts)).decode(),
        prev=head.hash,
    )
    digest = link_hash(link)
    Entry.objects.create(
        circle=link.circle,
        position=link.position,
        day=link.day,
        seq=link.seq,
        actor=link.actor,
        event=link.event,
        subject=link.subject,
        facts=link.facts,
        prev=link.prev,
        hash=digest,
    )
    Head.objects.filter(circle=link.circle).update(position=link.position, hash=digest)
    return digest


def member_token(circle_id: str, member_id: str, now: datetime) -> str:
    """What stands for a member in the entries of this circle and day; makes the day's key if it is the first."""
    row, _made = DayKey.objects.get_or_create(
        circle=circle_id, day=_day(now), defaults={"key": secrets.token_bytes(32)}
    )
    return token(bytes(row.key), member_id)


def _day(now: datetime) -> date:
    if now.tzinfo is None:
        raise ValueError("`now` must be aware")
    return now.astimezone(UTC).date()


def _check(event: str, subject: str, facts: Mapping[str, Fact]) -> None:
    if not _EVENT.fullmatch(event):
        raise ValueError(f"'{event}' is not a dotted event name")
    texts = [subject, *facts.keys(), *(value for value in facts.values() if isinstance(value, str))]
    if any(not _PLAIN.fullmatch(text) for text in texts):
        raise ValueError("audit keeps plain ids and codes only")
    if any(value is not None and not isinstance(value, (str, int)) for value in facts.values()):
        raise ValueError("audit keeps plain ids, codes and whole numbers only")
