"""*This week*, and how each of its figures is counted."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from dalil.errors import NotAllowed
from dalil.web import explained, weeks
from dalil.web.visit import Visit


def week(request: Visit, name: str | None = None) -> HttpResponse:
    """The front page: what waits, what stands unanswered, and the week's figures."""
    rooms = request.rooms
    present = weeks.week_of(rooms.house.now(), rooms.house.workspace.zone)
    shown = weeks.known(name) if name else present
    given: dict[str, Any] = {
        "name": shown,
        "earlier": weeks.beside(shown, weeks=-1),
        "later": weeks.beside(shown, weeks=1) if shown < present else "",
        "result": rooms.weeks.saved(shown),
    }
    if shown == present:
        given |= {
            "tasks": rooms.desk.waiting_tasks(request.actor),
            "unanswered": rooms.desk.unanswered(request.actor),
            "silences": rooms.desk.silences_due(request.actor),
        }
    return render(request, "web/week.html", given)


def count(request: Visit, name: str) -> HttpResponse:
    """Ask for a week's figures to be counted."""
    request.rooms.weeks.request(request.actor, weeks.known(name))
    return redirect("week-of", name)


def how(request: Visit, measure: str) -> HttpResponse:
    """How one measure or method works, what it leaves out and how it errs."""
    page = explained.PAGES.get(measure)
    if page is None:
        raise NotAllowed("no-such-thing")
    return render(request, "web/how.html", {"page": page, "pages": explained.PAGES})
