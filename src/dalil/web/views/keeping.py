"""*What is kept*: for how long, who is public and why, what two circles are asked, and looking for a name."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from dalil.people.permissions import Act, may
from dalil.web.forms.keeping import AccountForm, ItemForm, NameForm
from dalil.web.visit import Visit

_FORMS = (
    ("account_form", AccountForm, "account", Act.MARK_PUBLIC),
    ("item_form", ItemForm, "item", Act.HOLD),
    ("name_form", NameForm, "names", Act.SEARCH_NAMES),
)


def kept(request: Visit, found: object = None) -> HttpResponse:
    """The tables, the proposals that wait, and the forms of what this member may do."""
    room, actor = request.rooms.keeping, request.actor
    given: dict[str, Any] = {"rules": room.rules(actor), "listed": room.listed(actor), "classes": room.classes(actor)}
    given |= {"wishes": room.wishes(actor), "found": found}
    for name, form, place, act in _FORMS:
        given[name] = form().sent_to(f"/kept/{place}") if may(actor, act) else None
    return render(request, "web/kept.html", given)


def account(request: Visit) -> HttpResponse:
    """Propose that an account is public, or a person's."""
    request.rooms.keeping.propose_account(request.actor, AccountForm.read(request))
    return redirect("kept")


def item(request: Visit) -> HttpResponse:
    """Propose to hold, release or expunge an item."""
    request.rooms.keeping.propose_item(request.actor, ItemForm.read(request))
    return redirect("kept")


def agree(request: Visit, agreement_id: str) -> HttpResponse:
    request.rooms.keeping.agree(request.actor, agreement_id)
    return redirect("kept")


def withdraw(request: Visit, agreement_id: str) -> HttpResponse:
    request.rooms.keeping.withdraw(request.actor, agreement_id)
    return redirect("kept")


def names(request: Visit) -> HttpResponse:
    """Where a name stands. The answer is this page, once: no address leads to it."""
    found = request.rooms.keeping.names(request.actor, NameForm.read(request)["name"])
    return kept(request, found)
