"""One-time codes: 100 random bits that can be read aloud, stored as keyed hashes, used once.

Twenty signs without look-alikes (Crockford's alphabet), in four groups. Being that long they need
no throttle: guessing one is hopeless.
"""

from __future__ import annotations

import secrets
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Final

from dalil.people.pseudonyms import plain_digits
from dalil.people.sealing import Keys, mark

ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
SIGNS: Final = 20
GROUP: Final = 5
INVITATION: Final = timedelta(days=7)
LOGIN: Final = timedelta(minutes=15)
RECOVERY_CODES: Final = 8
_QUARTER: Final = 15 * 60
_LOOK_ALIKES: Final = str.maketrans("oil", "011")


def make() -> str:
    """A new code, such as `7k2mq-…`."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(SIGNS))
    return "-".join(signs[at : at + GROUP] for at in range(0, SIGNS, GROUP))


def normal(typed: str) -> str:
    """What was meant: case, spaces, dashes and look-alikes do not matter."""
    folded = plain_digits(unicodedata.normalize("NFKC", typed[:200])).casefold().translate(_LOOK_ALIKES)
    return "".join(sign for sign in folded if sign in ALPHABET)


def code_mark(keys: Keys, purpose: str, typed: str, owner: str = "") -> str:
    """What is stored of a code; `owner` binds it to a member where it has one."""
    return mark(keys, "code", purpose, owner, normal(typed))


def expiry(now: datetime, life: timedelta) -> datetime:
    """End of life, rounded up to a full quarter of an hour, so that it does not tell when it was made."""
    seconds = (now + life).timestamp()
    return datetime.fromtimestamp(-(-seconds // _QUARTER) * _QUARTER, tz=UTC)
