"""One request as our views see it, and the session that stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from dalil.people.actor import Actor

if TYPE_CHECKING:
    from dalil.web.rooms import Rooms

_MEMBER: Final = "m"
_NONCE: Final = "n"


class Visit(HttpRequest):
    """A request after the door: `rooms` is what the pages read and do; `who` is None before login."""

    rooms: Rooms
    who: Actor | None

    @property
    def actor(self) -> Actor:
        """Whoever is signed in; behind every door but the open ones there is somebody.

        Raises:
            ValueError: nobody is.
        """
        if self.who is None:
            raise ValueError("nobody is signed in on this page")
        return self.who


def sign_in(request: Visit, actor: Actor) -> None:
    """Begin a session: the cookie holds a member's random id and nonce, signed, and nothing else."""
    request.session.flush()
    request.session[_MEMBER] = actor.member_id
    request.session[_NONCE] = request.rooms.people.session_nonce(actor)
    rotate_token(request)


def signed_in(request: HttpRequest, rooms: Rooms) -> Actor | None:
    """The actor of the request's session, if it still stands."""
    member, nonce = request.session.get(_MEMBER), request.session.get(_NONCE)
    if not isinstance(member, str) or not isinstance(nonce, str):
        return None
    return rooms.people.actor_for(member, nonce)
