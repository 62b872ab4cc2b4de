"""The door of every page: who asks, may they, and what is answered when something fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from dalil.errors import DalilError, NotAllowed
from dalil.people.permissions import require
from dalil.web import failures, rooms
from dalil.web.doors import Door, door_of
from dalil.web.visit import Visit, signed_in


class DoorMiddleware:
    """Puts `rooms`, `house`, `who` on each request; asks `DOORS` before the view; renders our errors.

    No page is kept by the browser, whatever it holds.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        visit = cast("Visit", request)
        try:
            visit.rooms = rooms.current()
            visit.who = signed_in(request, visit.rooms)
        except DalilError as error:
            response: HttpResponseBase = failures.answer(request, error)
        else:
            vars(visit)["house"] = visit.rooms.house
            vars(visit)["actor"] = visit.who
            with timezone.override(visit.rooms.house.workspace.zone):
                response = self.get_response(request)
        response.headers["Cache-Control"] = "no-store"
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Refuse, send to the login, or let pass (None), before the view is called."""
        match = request.resolver_match
        if match is not None and "ninja" in match.app_names:
            return None  # the interface for programs asks for itself, and refuses in its own words
        asked = door_of(match.view_name if match else None)
        who = cast("Visit", request).who
        if asked is Door.OPEN:
            return None
        if asked is None:
            return failures.answer(request, NotAllowed("no-such-thing"))
        if who is None:
            back = request.get_full_path() if request.method == "GET" else ""
            address = reverse("login") + ("?" + urlencode({"next": back}) if back not in ("", "/") else "")
            return redirect(address)
        if not isinstance(asked, Door):
            try:
                require(who, asked)
            except NotAllowed as error:
                return failures.answer(request, error)
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Every failure of a view becomes a page in the reader's language; unknown ones tell nothing."""
        return failures.answer(request, error)
