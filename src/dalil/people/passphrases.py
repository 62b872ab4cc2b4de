"""Passphrases: Argon2id over a keyed hash, and the same work for a pseudonym that does not exist.

The keyed hash (a pepper from the key ring) means that a copy of the database without the workspace
passphrase cannot be searched for weak passphrases at all.
"""

from __future__ import annotations

import hmac
import unicodedata
from functools import cache
from typing import Final

from django.contrib.auth.hashers import check_password, make_password

from dalil.errors import InputError
from dalil.people.pseudonyms import plain_digits
from dalil.people.sealing import Keys, derive

LEAST: Final = 14
MOST: Final = 1024
UNUSABLE: Final = "!"
"""How the entry of a member without a passphrase begins (revoked, or of the sample); nothing matches it."""


def require_good(passphrase: str) -> None:
    """Refuse what is too short to be safe, or too long to be meant.

    Raises:
        InputError: fewer than `LEAST` characters, or more than `MOST`.
    """
    if not LEAST <= len(_normal(passphrase)) <= MOST:
        raise InputError("passphrase-short", least=LEAST)


def hashed(keys: Keys, passphrase: str) -> str:
    """What is stored of it."""
    return make_password(_peppered(keys, passphrase))


def matches(keys: Keys, passphrase: str, stored: str | None) -> bool:
    """Whether it is the one that was stored; the work is the same when there is nothing stored."""
    usable = None if not stored or stored.startswith(UNUSABLE) else stored
    fits = check_password(_peppered(keys, passphrase), usable or _nobodys())
    return fits and usable is not None


@cache
def _nobodys() -> str:
    """A hash that no passphrase fits (what is checked is never empty), made with today's parameters."""
    return make_password("")


def _peppered(keys: Keys, passphrase: str) -> str:
    return hmac.digest(derive(keys, "passphrase"), _normal(passphrase).encode("utf-8", "replace"), "sha256").hex()


def _normal(passphrase: str) -> str:
    """One spelling per passphrase, whatever keyboard typed it: NFKC, plain digits, single spaces."""
    return " ".join(plain_digits(unicodedata.normalize("NFKC", passphrase[: MOST + 1])).split())
