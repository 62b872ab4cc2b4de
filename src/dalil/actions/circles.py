"""Circles: founding one of this workspace with its keys, and introducing another workspace's."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import IntegrityError, transaction
from pyrage import RecipientError, x25519

from dalil.audit import recording
from dalil.errors import Conflict, InputError
from dalil.people.actor import LOCAL, Actor
from dalil.people.colours import COLOURS
from dalil.people.models import Circle, random_id
from dalil.people.permissions import Act, require
from dalil.people.queries import CircleRow, circle
from dalil.people.sealing import Keys


class KeyStore(Keys, Protocol):
    """A key ring that takes new keys too."""

    def put(self, name: str, value: bytes) -> None: ...


def add_circle(colour: str, *, now: datetime, keys: KeyStore, actor: Actor = LOCAL) -> CircleRow:
    """Found a circle of this workspace; its keys are made and kept in the key ring.

    Raises:
        InputError: not one of `people.colours.COLOURS`.
        Conflict: `circle-colour`: there is one of this colour.
        NotAllowed: only the command line founds circles.
    """
    require(actor, Act.FOUND_CIRCLE)
    _require_colour(colour)
    circle_id = random_id()
    sign = Ed25519PrivateKey.generate()
    seal = x25519.Identity.generate()
    # Keys first: a key without a circle is harmless, a circle without its key is not.
    keys.put(f"circle.{circle_id}.sign", sign.private_bytes_raw())
    keys.put(f"circle.{circle_id}.seal", str(seal).encode())
    return _store_circle(
        CircleRow(
            circle_id=circle_id,
            colour=colour,
            sign_public=sign.public_key().public_bytes_raw().hex(),
            seal_recipient=str(seal.to_public()),
            home=True,
        ),
        actor,
        now,
    )


def introduce_circle(row: CircleRow, *, now: datetime, actor: Actor = LOCAL) -> CircleRow:
    """Make another workspace's circle known, by its public keys; compare them aloud before.

    Raises:
        InputError: the colour or a key is not one.
        Conflict: `circle-colour`: there is a circle of this colour or id.
        NotAllowed: only a keeper, or the command line, says whose signatures are believed.
    """
    require(actor, Act.TRUST_CIRCLE)
    _require_colour(row.colour)
    for name, value, digits in (("circle_id", row.circle_id, 32), ("sign_public", row.sign_public, 64)):
        if len(value) != digits or not set(value) <= set("0123456789abcdef"):
            raise InputError("value-wrong", name=name, value="…", kind=f"{digits} hex digits")
    try:
        x25519.Recipient.from_str(row.seal_recipient)
    except RecipientError:
        raise InputError("value-wrong", name="seal_recipient", value="…", kind="an age recipient") from None
    foreign = CircleRow(
        circle_id=row.circle_id,
        colour=row.colour,
        sign_public=row.sign_public,
        seal_recipient=row.seal_recipient,
        home=False,
    )
    return _store_circle(foreign, actor, now)


def _store_circle(row: CircleRow, actor: Actor, now: datetime) -> CircleRow:
    try:
        with transaction.atomic():
            Circle.objects.create(
                id=row.circle_id,
                colour=row.colour,
                sign_public=row.sign_public,
                seal_recipient=row.seal_recipient,
                home=row.home,
            )
            recording.record(actor, "circle.added", row.circle_id, {"home": row.home}, now)
    except IntegrityError:
        raise Conflict("circle-colour", colour=row.colour) from None
    stored = circle(row.circle_id)
    assert stored is not None
    return stored


def _require_colour(colour: str) -> None:
    if colour not in COLOURS:
        raise InputError("value-wrong", name="colour", value=colour, kind=", ".join(COLOURS))
