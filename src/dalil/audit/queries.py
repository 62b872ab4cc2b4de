"""Reads and verifies the chain: frozen rows, heads to note elsewhere, and the list of what does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import msgspec

from dalil.audit.chain import Damage, Link, damages, noted_damages, token
from dalil.audit.models import DayKey, Entry, Head
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require
from dalil.schema.identity import canonical_bytes

__all__ = [
    "Damage",
    "EntryRow",
    "HeadRow",
    "count",
    "entries",
    "heads",
    "is_told",
    "last_archive_head",
    "may_be",
    "verify",
]


class EntryRow(msgspec.Struct, frozen=True, kw_only=True):
    """One entry, without the hashes that only `verify` needs. `facts` is canonical JSON text."""

    circle: str
    day: date
    seq: int
    actor: str
    event: str
    subject: str
    facts: str
    hash: str


class HeadRow(msgspec.Struct, frozen=True, kw_only=True):
    """Where one circle's chain ends; worth writing down outside this machine."""

    circle: str
    position: int
    hash: str


def entries(actor: Actor, *, day: date | None = None, limit: int = 200) -> list[EntryRow]:
    """The newest entries of the reader's own circle (of the command line's chain for `LOCAL`), newest first.

    Raises:
        NotAllowed: the actor may not read them.
    """
    require(actor, Act.READ_AUDIT)
    found = Entry.objects.filter(circle=actor.circle_id)
    if day is not None:
        found = found.filter(day=day)
    return [
        EntryRow(
            circle=row.circle,
            day=row.day,
            seq=row.seq,
            actor=row.actor,
            event=row.event,
            subject=row.subject,
            facts=row.facts,
            hash=row.hash,
        )
        for row in found.order_by("-position")[:limit]
    ]


def may_be(entry: EntryRow, member_id: str) -> bool | None:
    """Whether an entry's actor is this member; None once the day's key is destroyed."""
    key = DayKey.objects.filter(circle=entry.circle, day=entry.day).values_list("key", flat=True).first()
    return None if key is None else token(bytes(key), member_id) == entry.actor


def last_fact(subject: str, name: str) -> str | None:
    """The newest value of the fact `name` in entries about `subject`, over all circles; None if there is none."""
    rows = Entry.objects.filter(subject=subject).order_by("-pk").values_list("facts", flat=True)[:200]
    found = (msgspec.json.decode(facts).get(name) for facts in rows)
    return next((str(value) for value in found if value is not None), None)


def is_told(event: str, name: str, value: str) -> bool:
    """Whether an entry of this event has the fact `name` with this plain value."""
    fact = canonical_bytes({name: value}).decode().strip("{}")
    return Entry.objects.filter(event=event, facts__contains=fact).exists()


def heads() -> list[HeadRow]:
    """Where each circle's chain ends."""
    return [HeadRow(circle=row.circle, position=row.position, hash=row.hash) for row in Head.objects.order_by("circle")]


def count() -> int:
    """How many entries there are, in all chains."""
    return Entry.objects.count()


def last_archive_head() -> str | None:
    """The head of the archive's manifest that the newest entry about the archive names; None before the first.

    Such entries have the subject `archive` and the fact `head`; whichever circle's chain they are in.
    """
    facts = Entry.objects.filter(subject="archive").order_by("-pk").values_list("facts", flat=True).first()
    head = None if facts is None else msgspec.json.decode(facts).get("head")
    return head if isinstance(head, str) else None


def verify(noted: Mapping[str, tuple[int, str]] | None = None) -> list[Damage]:
    """Walk every circle's chain.

    Args:
        noted: circle → (position, hash) as `heads` gave them earlier and somebody kept elsewhere.
    Returns:
        every place that does not fit; an empty list for a chain that is whole.
    """
    kept = {row.circle: (row.position, row.hash) for row in heads()}
    noted = noted or {}
    named = set(Entry.objects.order_by().values_list("circle", flat=True).distinct()) | set(kept) | set(noted)
    found: list[Damage] = []
    for circle in sorted(named):
        found += damages(circle, _links(circle), kept.get(circle))
        if circle in noted:
            at = Entry.objects.filter(circle=circle, position=noted[circle][0]).values_list("position", "hash")
            found += noted_damages(circle, dict(at), noted[circle])
    return found


def _links(circle: str) -> Iterator[Link]:
    for row in Entry.objects.filter(circle=circle).order_by("position", "pk").iterator():
        yield Link(
            circle=row.circle,
            position=row.position,
            day=row.day,
            seq=row.seq,
            actor=row.actor,
            event=row.event,
            subject=row.subject,
            facts=row.facts,
            prev=row.prev,
            hash=row.hash,
        )
