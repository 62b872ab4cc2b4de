"""Counts tries at the door without saying whose or when, and keeps a one-time password from a second use.

A row is a keyed hash of (pseudonym, quarter of an hour) with a count; rows are cleared once the hour
is over in which they can still matter. It makes no difference whether the pseudonym exists.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import F

from dalil.errors import LimitReached
from dalil.people.models import SpentStep, Trial
from dalil.people.sealing import Keys, mark
from dalil.people.totp import STEP

TRIES: Final = 5
WINDOW: Final = 15 * 60
"""Seconds; this window and the one before count together."""
_HOUR: Final = 3600


def charge(keys: Keys, pseudonym: str, now: datetime) -> None:
    """Count a try before it is made, in a transaction of its own, so that failing does not undo it.

    Raises:
        LimitReached: too many tries of this pseudonym in this window and the one before.
    """
    clear(now)
    this, before = _marks(keys, pseudonym, now)
    window = int(now.timestamp()) // WINDOW
    with transaction.atomic():
        earlier = sum(Trial.objects.filter(mark=before).values_list("count", flat=True))
        Trial.objects.get_or_create(mark=this, defaults={"until_hour": (window + 2) * WINDOW // _HOUR})
        room = Trial.objects.filter(mark=this, count__lt=TRIES - earlier)
        allowed = room.update(count=F("count") + 1)
    if not allowed:
        raise LimitReached("login-throttled")


def forgive(keys: Keys, pseudonym: str, now: datetime) -> None:
    """Forget the tries after one that succeeded."""
    Trial.objects.filter(mark__in=_marks(keys, pseudonym, now)).delete()


def spend(keys: Keys, member_id: str, step: int) -> bool:
    """Use up one time step of a member's authenticator; False when it was used before."""
    stored = mark(keys, "step", member_id, str(step))
    _row, fresh = SpentStep.objects.get_or_create(mark=stored, defaults={"until_hour": (step + 2) * STEP // _HOUR})
    return fresh


def clear(now: datetime) -> None:
    """Remove the rows that cannot matter any more."""
    hour = int(now.timestamp()) // _HOUR
    Trial.objects.filter(until_hour__lt=hour).delete()
    SpentStep.objects.filter(until_hour__lt=hour).delete()


def _marks(keys: Keys, pseudonym: str, now: datetime) -> tuple[str, str]:
    window = int(now.timestamp()) // WINDOW
    this, before = (mark(keys, "tries", pseudonym, str(at)) for at in (window, window - 1))
    return this, before
