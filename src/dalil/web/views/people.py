"""The door and the circle: logging in, joining, locking, one's own circle and one's own door."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from dalil.people.actor import Actor
from dalil.web.forms import people as forms
from dalil.web.stash import SEARCHES, STASH
from dalil.web.visit import Visit, sign_in

_CLEAR = '"cache", "cookies", "storage"'


def _enter(request: Visit, actor: Actor) -> HttpResponse:
    sign_in(request, actor)
    wanted = request.POST.get("next", "")
    return redirect(wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "week")


def login(request: Visit) -> HttpResponse:
    """Open with pseudonym and passphrase; the page also offers a one-time code and the recovery."""
    if request.method == "POST":
        return _enter(request, request.rooms.people.log_in(forms.LoginForm.read(request)))
    given = {
        "code_form": forms.CodeForm().sent_to("/login/code"),
        "login_form": forms.LoginForm().sent_to("/login"),
        "recover_form": forms.RecoverForm().sent_to("/login/recover"),
        "next": request.GET.get("next", ""),
    }
    return render(request, "web/login.html", given)


def login_code(request: Visit) -> HttpResponse:
    """Open with a one-time code."""
    return _enter(request, request.rooms.people.one_time_login(forms.CodeForm.read(request)["code"]))


def recover(request: Visit) -> HttpResponse:
    """Set a new passphrase with a recovery code."""
    return _enter(request, request.rooms.people.recover(forms.RecoverForm.read(request)))


def join(request: Visit) -> HttpResponse:
    """Take an invitation up: choose a passphrase, get a pseudonym and recovery codes, once."""
    if request.method != "POST":
        return render(request, "web/join.html", {"form": forms.JoinForm().sent_to(request.path)})
    actor, codes = request.rooms.people.join(forms.JoinForm.read(request))
    sign_in(request, actor)
    request.who = actor
    return render(request, "web/joined.html", {"pseudonym": actor.pseudonym, "codes": codes})


def lock(request: Visit) -> HttpResponse:
    """End the session and have the browser forget what it keeps of us."""
    if request.who is not None:
        STASH.clear(request.who.member_id)
        SEARCHES.clear(request.who.member_id)
    request.session.flush()
    request.who = None
    response = render(request, "web/locked.html")
    response.headers["Clear-Site-Data"] = _CLEAR
    return response


def circle(request: Visit) -> HttpResponse:
    """One's own circle by pseudonym; of the others the colour alone."""
    people = request.rooms.people
    given = {
        "members": people.members(request.actor),
        "circles": people.circles(),
        "invite_form": forms.InviteForm().sent_to("/circle/invite") if people.may_invite(request.actor) else None,
    }
    return render(request, "web/circle.html", given)


def invite(request: Visit) -> HttpResponse:
    """Make an invitation code, shown once."""
    code = request.rooms.people.invite(request.actor, forms.InviteForm.read(request)["role"])
    return render(request, "web/invited.html", {"code": code})


def confirm(request: Visit, member_id: str) -> HttpResponse:
    request.rooms.people.confirm(request.actor, member_id)
    return redirect("circle")


def revoke(request: Visit, member_id: str) -> HttpResponse:
    request.rooms.people.revoke(request.actor, member_id)
    return redirect("circle")


def door(request: Visit) -> HttpResponse:
    """One's own door: second step, tokens of programs, all sessions."""
    people = request.rooms.people
    given = {"has_totp": people.has_totp(request.actor), "tokens": people.tokens(request.actor)}
    return render(request, "web/door.html", given)


def token(request: Visit) -> HttpResponse:
    """Make a token for a program, shown once."""
    label, made = request.rooms.people.make_token(request.actor)
    given = {"label": label, "token": made, "address": f"{request.scheme}://{request.get_host()}"}
    return render(request, "web/token.html", given)


def token_end(request: Visit, label: str) -> HttpResponse:
    """End one of one's own tokens."""
    request.rooms.people.revoke_token(request.actor, label)
    return redirect("door")


def totp(request: Visit) -> HttpResponse:
    """Turn the second step on: first the secret, then a code that proves it is kept."""
    people = request.rooms.people
    if "code" in request.POST:
        people.enable_totp(request.actor, forms.TotpForm.read(request)["code"])
        return redirect("door")
    secret = people.begin_totp(request.actor)
    return render(request, "web/totp.html", {"secret": secret, "form": forms.TotpForm().sent_to(request.path)})


def everywhere(request: Visit) -> HttpResponse:
    """End all sessions of one's own, this one too."""
    request.rooms.people.log_out_everywhere(request.actor)
    return lock(request)
