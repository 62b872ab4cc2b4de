"""*Seen before?*: a text or picture in, one sentence out; pictures only when asked for."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render

from dalil.errors import NotAllowed
from dalil.web import saying
from dalil.web.forms.filing import PictureForm, TextForm
from dalil.web.stash import STASH, Looked
from dalil.web.visit import Visit


def seen(request: Visit) -> HttpResponse:
    """Ask; a POST with a picture or a text is looked up, and its answer has an address without words."""
    if request.method != "POST":
        given = {
            "text_form": TextForm().sent_to(request.path),
            "picture_form": PictureForm().sent_to(request.path),
            "example": request.rooms.archive.example(),
            "items": request.rooms.archive.items(),
        }
        return render(request, "web/seen.html", given)
    if request.FILES:
        data = PictureForm.read(request)["picture"].read()
        return _looked(request, request.rooms.archive.look_picture(request.actor, data))
    text = TextForm.read(request)["text"]
    return _looked(request, request.rooms.archive.look_text(request.actor, text))


def example(request: Visit) -> HttpResponse:
    """Look up the sample's own example."""
    return _looked(request, request.rooms.archive.look_example(request.actor))


def _looked(request: Visit, looked: Looked) -> HttpResponse:
    return redirect("seen-result", STASH.keep(request.actor.member_id, looked))


def result(request: Visit, token: str) -> HttpResponse:
    """The answer; `show` in the address names the match (from 1) whose pictures were asked for."""
    looked = STASH.find(request.actor.member_id, token)
    if looked is None:
        return redirect("seen")
    show = request.GET.get("show", "")
    return render(
        request,
        "web/seen_result.html",
        {
            "looked": looked,
            "seen": looked.seen,
            "token": token,
            "show": int(show) if show.isdecimal() and len(show) < 3 else 0,
            "best": looked.seen.matches[0] if looked.seen.matches else None,
            "known": saying.decided(looked.seen),
        },
    )


def given(request: Visit, token: str) -> HttpResponse:
    """The picture that was looked up: small, still and grey."""
    looked = STASH.find(request.actor.member_id, token)
    if looked is None or not looked.picture:
        raise NotAllowed("no-such-thing")
    return HttpResponse(looked.picture, content_type="image/jpeg")


def picture(request: Visit, sha256: str) -> HttpResponse:
    """A picture of the archive: small, still and grey."""
    return HttpResponse(request.rooms.archive.thumbnail(request.actor, sha256), content_type="image/jpeg")
