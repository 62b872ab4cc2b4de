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
        "suggested": len(request.rooms.desk.suggestions(request.actor)),
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
        form = ClaimForm(initial=_beginning(request))
        return render(request, "web/claim_new.html", {"form": form.sent_to(request.path)})
    claim_id = request.rooms.desk.log_claim(request.actor, ClaimForm.read(request))
    return redirect("claim", claim_id)


def _beginning(request: Visit) -> dict[str, str]:
    """What a new claim begins with: an item of the archive, or a suggestion, named by id in the address."""
    wanted = request.GET.get("suggestion", "")
    for row in request.rooms.desk.suggestions(request.actor) if wanted else []:
        if row.suggestion_id == wanted:
            return {"suggestion": wanted, "sentence": row.sentence[:280], "sentence_lang": row.sentence_lang}
    return {"observation": slugify(request.GET.get("item", ""))[:64]}


def suggested(request: Visit) -> HttpResponse:
    """Groups of posts that say the same and look like one claim each."""
    return render(request, "web/suggested.html", {"rows": request.rooms.desk.suggestions(request.actor)[:50]})


def dismiss(request: Visit, suggestion_id: str) -> HttpResponse:
    request.rooms.desk.dismiss(request.actor, suggestion_id)
    return redirect("claims-suggested")


def claim(request: Visit, claim_id: str) -> HttpResponse:
    """Everything about one claim, in the order of the work."""
    page = request.rooms.desk.claim_page(request.actor, claim_id)
    house = request.rooms.house
    given = casefile.given(
        page,
        now=house.now(),
        zone=house.workspace.zone,
        show=request.GET.get("show", ""),
        names=request.rooms.archive.names({seen.source for seen in page.sightings if seen.source}),
    )
    return render(request, "web/claim.html", given)
