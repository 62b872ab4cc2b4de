"""What every page is given besides its own: who reads, in which language, as of when, and the way around."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dalil.web.languages import TONGUES, tongue
from dalil.web.sheet import SHEET


class Way(NamedTuple):
    """One entry of the masthead: address name, label, and what its pages' addresses begin with."""

    name: str
    label: Promise
    under: tuple[str, ...]


WAYS = (
    Way("week", _("This week"), ("/week",)),
    Way("claims", _("Claims"), ("/claims",)),
    Way("seen", _("Seen before?"), ("/seen",)),
    Way("search", _("Search"), ("/search",)),
    Way("intake", _("Intake"), ("/intake", "/capture")),
    Way("more", _("More"), ("/more", "/audit", "/circle", "/door", "/help", "/how")),
)


def house(request: HttpRequest) -> dict[str, Any]:
    """The context of all pages. It must not fail, since the error page is rendered with it too."""
    spoken = tongue()
    rooms, who = getattr(request, "rooms", None), getattr(request, "who", None)
    given: dict[str, Any] = {
        "tongue": spoken,
        "other_tongues": [other for other in TONGUES.values() if other.code != spoken.code],
        "here": "/" if request.method == "POST" else request.get_full_path(),
        "sheet": SHEET,
        "who": who,
    }
    if rooms is not None:
        given |= {"now": rooms.house.now(), "zone": rooms.house.workspace.zone, "demo": rooms.house.workspace.demo}
    if rooms is not None and who is not None:
        given |= {"colour": rooms.people.colour_of(who.circle_id), "ways": _ways(request.path)}
    return given


def _ways(path: str) -> list[tuple[str, Promise, str]]:
    """(address, label, aria-current) for the masthead."""
    return [
        (
            reverse(way.name),
            way.label,
            "page" if path == reverse(way.name) else "true" if path.startswith(way.under) else "",
        )
        for way in WAYS
    ]
