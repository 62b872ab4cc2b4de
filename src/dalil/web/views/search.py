"""*Search*: words in by POST, an answer at an address without words; pictures only when asked for."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render

from dalil.web.forms.searching import SearchForm, asked
from dalil.web.stash import SEARCHES, Searched
from dalil.web.visit import Visit

PAGE: Final = 20


def search(request: Visit) -> HttpResponse:
    """Ask; the answer is kept for some minutes, in memory, for whoever asked."""
    if request.method != "POST":
        return render(request, "web/search.html", _form(request, SearchForm()))
    values = SearchForm.read(request)
    wanted = asked(values, request.rooms.house.workspace.zone)
    results = request.rooms.archive.search(request.actor, wanted)
    typed = {name: str(request.POST.get(name, "")) for name in SearchForm.base_fields}
    return redirect("search-result", SEARCHES.keep(request.actor.member_id, Searched(wanted, results, typed)))


def result(request: Visit, token: str) -> HttpResponse:
    """A page of the answer; `from` and `show` in the address are places (from 1) in it."""
    found = SEARCHES.find(request.actor.member_id, token)
    if found is None:
        return redirect("search")
    first = max(_number(request, "from"), 1)
    rows = list(enumerate(found.results.rows, 1))
    given = _form(request, SearchForm(initial=found.typed)) | {
        "results": found.results,
        "rows": rows[first - 1 : first - 1 + PAGE],
        "first": first,
        "show": _number(request, "show"),
        "before": max(first - PAGE, 1) if first > 1 else 0,
        "after": first + PAGE if len(rows) >= first + PAGE else 0,
    }
    return render(request, "web/search_result.html", given)


def _form(request: Visit, form: SearchForm) -> dict[str, object]:
    return {"form": form.sent_to("/search"), "items": request.rooms.archive.items()}


def _number(request: Visit, name: str) -> int:
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0
