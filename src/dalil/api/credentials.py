"""Who hands something in: by a token in any of the places where programs put one, else by the console's own login.

A token is looked for before the login, and one that is wrong is refused even beside a login that is right.
Where it came in the address it is in nobody's log: the server writes none, and our events hold no address.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final
from urllib.parse import urlsplit

from django.http import HttpRequest

from dalil.actions.house import House
from dalil.people import queries
from dalil.people.actor import Actor

LONGEST: Final = 200


def tokens_in(request: HttpRequest) -> list[str]:
    """What may be tokens: `?access-token=`, the headers `Authentication` and `Authorization` (bare, Bearer,
    or Basic with the token as name or password)."""
    found = [request.GET.get("access-token", ""), request.headers.get("Authentication", "")]
    header = request.headers.get("Authorization", "")
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "basic" and rest:
        found += _basic(rest)
    else:
        found.append(rest if scheme.lower() == "bearer" else header)
    return [token.strip() for token in found if token.strip() and len(token) <= LONGEST]


def who_asks(request: HttpRequest, house: House) -> Actor | None:
    """The actor behind a request; None where there is none, or the token is wrong.

    The console's login counts only for a request that no other site's page can have made: browsers send
    the login's cookie with none of those, and tell where a request comes from.
    """
    given = tokens_in(request)
    if given:
        for token in given:
            actor = queries.actor_with_token(token, now=house.now(), keys=house.unlocked())
            if actor is not None:
                return actor
        return None
    actor = getattr(request, "actor", None)
    return actor if isinstance(actor, Actor) and _is_ours(request) else None


def has_credentials(request: HttpRequest) -> bool:
    """Whether anything was given at all: then a refusal does not ask for more."""
    return bool(tokens_in(request)) or getattr(request, "actor", None) is not None


def _is_ours(request: HttpRequest) -> bool:
    """No page of another site: no origin told, our own, or that of a browser's extension."""
    origin = request.headers.get("Origin", "")
    parts = urlsplit(origin)
    if not origin or parts.scheme in ("moz-extension", "chrome-extension"):
        return True
    return parts.scheme in ("http", "https") and parts.netloc == request.get_host()


def _basic(value: str) -> list[str]:
    try:
        name, _, password = base64.b64decode(value, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return []
    return [password, name]
