"""What every act on a claim has in common: permission, the rules, signed events, rows and audit, at once.

`acting` hands out a claim only after the check, and writes all or nothing: the events, their
projection and the audit entry are one transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.db import transaction

from dalil import log
from dalil.audit.recording import Fact, record
from dalil.desk import events, projection, rules
from dalil.desk.access import STEP_ACTS
from dalil.desk.ballots import HOLDER, member_token
from dalil.desk.folding import CaseState, Entry, entry_of, fold
from dalil.desk.rules import Step, Try
from dalil.desk.signing import LARGEST_CLOCK, SignedEvent, fingerprint, make, public_of
from dalil.errors import NotAllowed, NotAvailable
from dalil.people import queries as people
from dalil.people.actor import Actor
from dalil.people.permissions import require


class Keys(Protocol):
    """The unlocked key ring, as far as the desk needs it."""

    def get(self, name: str, /) -> bytes:
        """The secret called `name`; KeyError or NotAvailable where it is not held."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """What an act needs beside the actor: `circle.<id>.sign` and `circle.<id>.seal` are looked up in `keys`;
    `region` is the workspace's own, for cells that do not name one."""

    keys: Keys
    region: str


@dataclass(frozen=True, slots=True)
class HeldCircle:
    """A circle at home whose keys this workspace holds."""

    circle_id: str
    mark: str
    private: bytes = field(repr=False)


def held(desk: Desk) -> list[HeldCircle]:
    """The circles at home whose signing key is in the ring."""
    found = []
    for row in people.circles():
        private = _key(desk, f"circle.{row.circle_id}.sign") if row.home else None
        if private is not None:
            found.append(HeldCircle(row.circle_id, fingerprint(public_of(private)), private))
    return found


def seal_identity(desk: Desk, circle_id: str) -> str:
    """The age identity of a circle at home.

    Raises:
        NotAvailable: it is not in the ring (`circle-key-missing`).
    """
    found = _key(desk, f"circle.{circle_id}.seal")
    if found is None:
        raise NotAvailable("circle-key-missing")
    return found.decode()


def _key(desk: Desk, name: str) -> bytes | None:
    try:
        return desk.keys.get(name)
    except (KeyError, NotAvailable):
        return None


@dataclass(slots=True)
class Acting:
    """One actor at one claim within one transaction; `case` is its state before what is being added."""

    actor: Actor
    now: datetime
    circles: list[HeldCircle]
    mine: HeldCircle
    claim_id: str
    entries: list[Entry]
    clock: int
    signed: list[SignedEvent] = field(default_factory=list)
    notes: list[tuple[str, dict[str, Fact]]] = field(default_factory=list)

    @property
    def case(self) -> CaseState:
        """The claim with everything added so far.

        Raises:
            NotAllowed: there is no such claim.
        """
        case = fold(self.entries)
        if case is None:
            raise NotAllowed("no-such-thing")
        return case

    @property
    def who(self) -> Try:
        """For the rules: the actor's circle, and their tokens under every circle key held here, so that a
        person who changed circles is still known as the same."""
        return Try(circle=self.mine.mark, tokens=frozenset(self.token(circle) for circle in self.circles))

    def token(self, circle: HeldCircle | None = None) -> str:
        """The actor's token as a voter on this claim, under their own circle's key or another's."""
        return member_token((circle or self.mine).private, self.claim_id, self.actor.member_id)

    def holder_token(self, member_id: str) -> str:
        """A member's token as the holder of this claim, in the actor's circle."""
        return member_token(self.mine.private, self.claim_id, member_id, HOLDER)

    def add(self, body: events.AnyBody, *, by: HeldCircle | None = None, event_id: str | None = None) -> SignedEvent:
        """Sign an event; it is written when the act ends."""
        event = make(
            body,
            event_id=event_id or new_id(),
            subject=self.claim_id,
            clock=self.clock,
            made_at=self.now,
            private=(by or self.mine).private,
        )
        self.clock = min(self.clock + 1, LARGEST_CLOCK)
        self.signed.append(event)
        if events.kind_of(body) not in projection.APART:
            self.entries.append(entry_of(event))
        return event

    def note(self, event: str, **facts: Fact) -> None:
        """Say in the audit what happened: ids, codes and numbers only."""
        self.notes.append((event, facts))


def new_id() -> str:
    """A random id, 32 hex digits."""
    return secrets.token_hex(16)


@contextmanager
def acting(actor: Actor, claim_id: str, step: Step, *, now: datetime, desk: Desk) -> Iterator[Acting]:
    """Open a claim for one step, and write what the block adds when it ends well.

    Raises:
        NotAllowed: the actor may not, or there is no such claim.
        Conflict: the rules do not allow the step now.
        NotAvailable: the circle's signing key is not held here (`circle-key-missing`).
    """
    require(actor, STEP_ACTS[step])
    with transaction.atomic():
        it = begin(actor, claim_id, now=now, desk=desk)
        rules.require(step, it.case.standing(), it.who)
        yield it
        finish(it)


def begin(actor: Actor, subject: str, *, now: datetime, desk: Desk, new: bool = False) -> Acting:
    """Open a claim, the panel, or (`new`) an id that nothing is known of, inside the caller's transaction."""
    circles = held(desk)
    mine = next((circle for circle in circles if circle.circle_id == actor.circle_id), None)
    if mine is None:
        raise NotAvailable("circle-key-missing")
    entries = [] if new else projection.load(subject, lock=True)
    return Acting(
        actor=actor,
        now=now,
        circles=circles,
        mine=mine,
        claim_id=subject,
        entries=entries,
        clock=1 if new else projection.next_clock(subject),
    )


def finish(it: Acting) -> None:
    """Write the events, their projection and the audit entries."""
    projection.apply(it.signed)
    for event, facts in it.notes:
        record(it.actor, event, it.claim_id, facts, it.now)
        log.event(event, claim_id=it.claim_id)
