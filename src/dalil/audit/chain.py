"""The chain's arithmetic: canonical bytes, hashes, and the search for what does not fit. Pure.

An entry's hash covers everything in it and the hash before it, so that changing, removing,
inserting or reordering an entry, or removing a whole day, shows at that place. What a chain alone
cannot show, a cut-off end, shows against the head, which is kept apart and can be noted elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from dalil.schema.identity import canonical_bytes

GENESIS = "0" * 64
"""What the first entry of a circle has before it."""


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """One entry as the chain sees it; `facts` is canonical JSON text."""

    circle: str
    position: int
    day: date
    seq: int
    actor: str
    event: str
    subject: str
    facts: str
    prev: str
    hash: str = ""


class Damage(msgspec.Struct, frozen=True, kw_only=True):
    """A place where the chain does not fit.

    `code`: `changed` (an entry is not what was hashed), `broken` (it does not follow the one before),
    `gap` (positions are missing or doubled), `order` (the count within a day is wrong), `head` (the
    chain does not end where its head says, or as was noted elsewhere).
    """

    circle: str
    position: int
    day: date | None
    code: str


def link_hash(link: Link) -> str:
    """SHA-256 over the canonical bytes of everything but the hash itself, 64 hex digits."""
    body = [
        link.circle,
        link.position,
        link.day.isoformat(),
        link.seq,
        link.actor,
        link.event,
        link.subject,
        link.facts,
        link.prev,
    ]
    return hashlib.sha256(canonical_bytes(body)).hexdigest()


def token(day_key: bytes, member_id: str) -> str:
    """What stands for a member in one day's entries of one circle, 32 hex digits."""
    return hmac.digest(day_key, member_id.encode(), "sha256")[:16].hex()


def damages(circle: str, links: Iterable[Link], head: tuple[int, str] | None) -> list[Damage]:
    """Everything that does not fit in one circle's chain, in order.

    Args:
        links: the circle's entries by position.
        head: position and hash where the chain must end; None where no head is kept.
    """
    found: list[Damage] = []
    position, prev, seqs = 0, GENESIS, dict[date, int]()
    for link in links:
        seqs[link.day] = seqs.get(link.day, 0) + 1
        codes = []
        if link.position != position + 1:
            codes.append("gap")
        if link.prev != prev:
            codes.append("broken")
        if link.seq != seqs[link.day]:
            codes.append("order")
        if link.hash != link_hash(link) or link.circle != circle:
            codes.append("changed")
        found += [Damage(circle=circle, position=link.position, day=link.day, code=code) for code in codes]
        position, prev, seqs[link.day] = link.position, link.hash, link.seq
    if head != (position, prev) and not (head is None and position == 0):
        found.append(Damage(circle=circle, position=position, day=None, code="head"))
    return found


def noted_damages(circle: str, hashes: Mapping[int, str], noted: tuple[int, str]) -> list[Damage]:
    """Whether a head that was noted elsewhere is still part of the chain.

    Args:
        hashes: position → hash of the circle's entries.
        noted: position and hash, as `queries.heads` gave them at some time.
    """
    position, expected = noted
    if position == 0 or hashes.get(position) == expected:
        return []
    return [Damage(circle=circle, position=position, day=None, code="head")]
