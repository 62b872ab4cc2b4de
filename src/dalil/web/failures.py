"""What a page says when something failed: one table from error to answer, in the reader's language."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from dalil.archive.disk import said_of_disk
from dalil.errors import MESSAGES, DalilError, NotAllowed
from dalil.errors import render as fill
from dalil.log import event
from dalil.web.forms.asking import FormRefused


def answer(request: HttpRequest, error: Exception) -> HttpResponse:
    """The page for an error: our own with message and remedy, any other with neither detail nor trace."""
    match error:
        case FormRefused():
            return render(request, "web/again.html", {"form": error.form}, status=error.http_status)
        case DalilError():
            message = MESSAGES[error.code]
            said = fill(gettext(message.text), error.facts), fill(gettext(message.remedy), error.facts)
            event("web.refused", code=error.code)
            return _page(request, *said, status=error.http_status)
        case Http404():
            return answer(request, NotAllowed("no-such-thing"))
        case _ if (known := said_of_disk(error)) is not None:
            return answer(request, known)
        case _:
            event("web.failed", code=type(error).__name__)
            return _ours(request)


def not_found(request: HttpRequest, **_given: Any) -> HttpResponse:
    """Django's 404, worded like our refusal, so that an address confirms nothing."""
    return answer(request, NotAllowed("no-such-thing"))


def bad_request(request: HttpRequest, **_given: Any) -> HttpResponse:
    """Django's 400: a request that no page of ours sends."""
    return _page(
        request,
        gettext("This request is not one that our pages send."),
        gettext("Go back, load the page again and repeat the step."),
        status=HTTPStatus.BAD_REQUEST,
    )


def stale_form(request: HttpRequest, **_given: Any) -> HttpResponse:
    """A form whose token is missing or old, mostly after a lock or a new login."""
    return _page(
        request,
        gettext("This form is too old to be taken: you were logged out, or logged in again, since you opened it."),
        gettext("Copy what you typed, load the page again and send it from there."),
        status=HTTPStatus.FORBIDDEN,
    )


def server_error(request: HttpRequest, **_given: Any) -> HttpResponse:
    """Django's 500."""
    return _ours(request)


def _ours(request: HttpRequest) -> HttpResponse:
    return _page(
        request,
        gettext("Something failed on our side. Nothing of this step was kept."),
        gettext("Try again. If it fails again, the keeper runs 'dalil doctor'."),
        status=HTTPStatus.INTERNAL_SERVER_ERROR,
    )


def _page(request: HttpRequest, text: str, remedy: str, *, status: int) -> HttpResponse:
    return render(request, "web/failure.html", {"text": text, "remedy": remedy, "back": _back(request)}, status=status)


def _back(request: HttpRequest) -> str:
    """The page before the failed step: its parent address for a form, else the front."""
    parts = request.path.strip("/").split("/")
    return "/" + "/".join(parts[:-1]) if request.method == "POST" and len(parts) > 1 else "/"
