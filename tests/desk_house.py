"""A desk with circles, their keys and members, and claims on their way, for the tests of the desk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from dalil.people.actor import Actor, Role, Status
from dalil.schema.casework import Cell, Report
from dalil.schema.words import ClaimType, ClaimVerdict, Confidence, MakerClass, ReportCode

TELEGRAM = Cell("telegram", "ar", "sahlara")
FACEBOOK = Cell("facebook", "ar", "sahlara")


class Ring(dict[str, bytes]):
    """A key ring in memory."""

    def get(self, name: str) -> bytes:  # type: ignore[override]  # a ring has no default
        return self[name]


@dataclass
class House:
    """The test's own little world; `tick` moves its clock by a minute with each act."""

    clock: datetime
    ring: Ring = field(default_factory=Ring)
    circles: dict[str, str] = field(default_factory=dict)
    made: int = 0

    @property
    def desk(self) -> Any:
        from dalil.actions.desk import Desk

        return Desk(keys=self.ring, region="sahlara")

    @property
    def kw(self) -> dict[str, Any]:
        """`now` and `desk`, a minute later than the last time."""
        self.clock += timedelta(minutes=1)
        return {"now": self.clock, "desk": self.desk}

    def circle(self, colour: str) -> str:
        """A circle at home; its id."""
        from dalil.desk.signing import public_of
        from dalil.people.models import Circle

        if colour not in self.circles:
            private = Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
            identity = pyrage.x25519.Identity.generate()
            row = Circle.objects.create(
                colour=colour, sign_public=public_of(private).hex(), seal_recipient=str(identity.to_public()), home=True
            )
            self.ring[f"circle.{row.pk}.sign"] = private
            self.ring[f"circle.{row.pk}.seal"] = str(identity).encode()
            self.circles[colour] = row.pk
        return self.circles[colour]

    def ring_sign(self, actor: Actor) -> list[bytes]:
        """The signing key of the actor's circle, as a list of one."""
        return [self.ring[f"circle.{actor.circle_id}.sign"]]

    def member(self, colour: str, role: Role = Role.KEEPER, status: Status = Status.ACTIVE) -> Actor:
        """A member of a circle."""
        from dalil.people.models import Member

        self.made += 1
        row = Member.objects.create(
            circle_id=self.circle(colour), pseudonym=f"{colour}-{self.made}", role=role, status=status, passphrase="-"
        )
        return Actor(row.pk, row.circle_id, role, row.pseudonym, status)

    def claim(self, actor: Actor, **changes: Any) -> str:
        """A logged claim."""
        from dalil.actions import claims

        values: dict[str, Any] = {
            "sentence": "The Grey Column says it holds the bridge at Tel Nahr.",
            "sentence_lang": "en",
            "claim_type": ClaimType.VICTORY,
            "maker_class": MakerClass.GROUP,
            "cells": [TELEGRAM],
        }
        return claims.log_claim(actor, **{**values, **changes}, **self.kw)

    def checked(self, actor: Actor, claim_id: str, **changes: Any) -> str:
        """A check with its finding."""
        from dalil.actions import claims

        values: dict[str, Any] = {
            "question": "Is the picture from today?",
            "method": "seen before",
            "finding": "No: held since March.",
            "evidence": ["ab" * 32],
            "confidence": Confidence.CERTAIN,
        }
        return claims.add_check(actor, claim_id, **{**values, **changes}, **self.kw)

    def settled(self, first: Actor, second: Actor, vote: ClaimVerdict = ClaimVerdict.FALSE, **changes: Any) -> str:
        """A claim that two circles agree on."""
        from dalil.actions import claims, verdicts

        claim_id = self.claim(first, **changes)
        claims.take(first, claim_id, **self.kw)
        self.checked(first, claim_id)
        verdicts.vote(first, claim_id, vote=vote, reason="as found", **self.kw)
        verdicts.vote(second, claim_id, vote=vote, reason="the same", **self.kw)
        return claim_id

    def report(self, source: str, at: datetime, cell: Cell = TELEGRAM, **changes: Any) -> Report:
        """A coded post that carries the claim."""
        self.made += 1
        values: dict[str, Any] = {
            "claim_id": "",
            "cell": cell,
            "observation_id": f"{self.made:064x}",
            "source_uid": source,
            "maker_class": MakerClass.GROUP,
            "at": at,
            "code": ReportCode.CARRIES,
        }
        return Report(**{**values, **changes})
