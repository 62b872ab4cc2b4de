"""Tokens with which a program hands in files for a member: made and shown once, listed by a drawn label, ended.

A token opens no page and reads nothing: whoever finds one can hand files in, and ask how far those are.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from django.db import transaction

from dalil.audit import recording
from dalil.errors import LimitReached, NotAllowed
from dalil.people import codes
from dalil.people.actor import Actor, Status
from dalil.people.models import Member, UploadToken
from dalil.people.permissions import Act, require
from dalil.people.sealing import Keys

MOST: Final = 5
LIFE: Final = timedelta(days=28)
LABEL_SIGNS: Final = 3
PURPOSE: Final = "token"


class NewToken(NamedTuple):
    """A token that is shown this once, and what it is listed by."""

    label: str
    token: str


def make_token(actor: Actor, *, now: datetime, keys: Keys) -> NewToken:
    """A new token of the member's own; it ends on the Monday after four weeks.

    Raises:
        NotAllowed: not a member, or one who may not import.
        LimitReached: `tokens-many`.
    """
    require(actor, Act.KEEP_DOOR)
    require(actor, Act.IMPORT)
    token = codes.make()
    with transaction.atomic():
        member = _own(actor)
        UploadToken.objects.filter(expires_at__lt=now).delete()
        taken = set(UploadToken.objects.filter(member=member).values_list("label", flat=True))
        if len(taken) >= MOST:
            raise LimitReached("tokens-many", limit=MOST)
        label = _label(taken)
        UploadToken.objects.create(
            mark=codes.code_mark(keys, PURPOSE, token), member=member, label=label, expires_at=_ends(now)
        )
        recording.record(actor, "door.token_made", "", {}, now)
    return NewToken(label, token)


def revoke_token(actor: Actor, label: str, *, now: datetime) -> None:
    """End one of the member's own tokens.

    Raises:
        NotAllowed: the member has none of that label.
    """
    require(actor, Act.KEEP_DOOR)
    with transaction.atomic():
        gone, _by_model = UploadToken.objects.filter(member=_own(actor), label=label).delete()
        if not gone:
            raise NotAllowed("no-such-thing")
        recording.record(actor, "door.token_ended", "", {}, now)


def _own(actor: Actor) -> Member:
    member = Member.objects.select_for_update().filter(pk=actor.member_id).exclude(status=Status.REVOKED).first()
    if member is None:
        raise NotAllowed("no-such-thing")
    return member


def _label(taken: set[str]) -> str:
    while True:
        label = "".join(secrets.choice(codes.ALPHABET) for _ in range(LABEL_SIGNS))
        if label not in taken:
            return label


def _ends(now: datetime) -> datetime:
    """The first Monday, 00:00 UTC, that is at least `LIFE` away."""
    day = (now.astimezone(UTC) + LIFE + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=-day.weekday() % 7)
