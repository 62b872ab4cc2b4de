"""The board and one claim's page, read; and a new claim."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify

from dalil.web import boards, casefile, words
from dalil.web.forms.claims import ClaimForm
from dalil.web.visit import Visit


def board(request: Visit) -> HttpResponse:
    """All claims, filtered by the address; search words come by POST and stay out of it."""
    wanted = boards.Filter.read(request.GET, words=request.POST.get("words", "")[:200])
    rows = request.rooms.desk.board(request.actor)
    given = {
        "filter": wanted,
        "board": boards.select(rows, wanted, pseudonym=request.actor.pseudonym),
        "tables": [
            ("state", words.choices("state")),
            ("type", words.choices("claim_type")),
            ("maker", words.choices("maker")),
            ("platform", words.choices("platform")),
        ],
    }
    return render(request, "web/board.html", given)


def new(request: Visit) -> HttpResponse:
    """Log a claim by hand."""
    if request.method != "POST":
        form = ClaimForm(initial={"observation": slugify(request.GET.get("item", ""))[:64]})
        return render(request, "web/claim_new.html", {"form": form.sent_to(request.path)})
    claim_id = request.rooms.desk.log_claim(request.actor, ClaimForm.read(request))
    return redirect("claim", claim_id)


def propose(request: Visit) -> HttpResponse:
    """Make drafts of claims from groups of posts that say the same."""
    made = request.rooms.desk.propose(request.actor)
    return render(request, "web/proposed.html", {"made": len(made)})


def claim(request: Visit, claim_id: str) -> HttpResponse:
    """Everything about one claim, in the order of the work."""
    page = request.rooms.desk.claim_page(request.actor, claim_id)
    house = request.rooms.house
    given = casefile.given(page, now=house.now(), zone=house.workspace.zone, show=request.GET.get("show", ""))
    return render(request, "web/claim.html", given)
