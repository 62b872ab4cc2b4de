"""*More*: where the audit, the circle, the door, the help and the explanations are found."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from dalil.web import explained
from dalil.web.visit import Visit


def more(request: Visit) -> HttpResponse:
    return render(request, "web/more.html", {"pages": explained.PAGES})


def audit(request: Visit) -> HttpResponse:
    """Whether the chain is whole, and one's own circle's newest entries."""
    state = request.rooms.ledger.state(request.actor)
    return render(request, "web/audit.html", {"state": state})


def help_page(request: Visit) -> HttpResponse:
    return render(request, "web/help.html")
