"""Every act on a claim: read the form, do it, and go back to the claim."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from dalil.web.forms import claims as forms
from dalil.web.visit import Visit


def _back(claim_id: str, place: str = "") -> HttpResponse:
    return HttpResponseRedirect(reverse("claim", args=[claim_id]) + place)


def take(request: Visit, claim_id: str) -> HttpResponse:
    request.rooms.desk.take(request.actor, claim_id)
    return _back(claim_id)


def hand_over(request: Visit, claim_id: str) -> HttpResponse:
    request.rooms.desk.hand_over(request.actor, claim_id)
    return _back(claim_id)


def check(request: Visit, claim_id: str) -> HttpResponse:
    request.rooms.desk.add_check(request.actor, claim_id, forms.CheckForm.read(request))
    return _back(claim_id, "#checks")


def finding(request: Visit, claim_id: str) -> HttpResponse:
    request.rooms.desk.record_finding(request.actor, claim_id, forms.FindingForm.read(request))
    return _back(claim_id, "#media")


def report(request: Visit, claim_id: str) -> HttpResponse:
    request.rooms.desk.code_report(request.actor, claim_id, forms.ReportForm.read(request))
    return _back(claim_id, "#seen")


def vote(request: Visit, claim_id: str) -> HttpResponse:
    request.rooms.desk.vote(request.actor, claim_id, forms.VoteForm.read(request))
    return _back(claim_id, "#verdict")


def reopen(request: Visit, claim_id: str) -> HttpResponse:
    request.rooms.desk.reopen(request.actor, claim_id, forms.ReopenForm.read(request))
    return _back(claim_id, "#verdict")


def answer(request: Visit, claim_id: str) -> HttpResponse:
    request.rooms.desk.draft_answer(request.actor, claim_id, forms.AnswerForm.read(request))
    return _back(claim_id, "#answer")


def posted(request: Visit, claim_id: str) -> HttpResponse:
    request.rooms.desk.record_posted(request.actor, claim_id, forms.PostedForm.read(request))
    return _back(claim_id, "#answer")


def silence(request: Visit, claim_id: str) -> HttpResponse:
    request.rooms.desk.stay_silent(request.actor, claim_id, forms.SilenceForm.read(request))
    return _back(claim_id, "#silence")


def end_silence(request: Visit, claim_id: str) -> HttpResponse:
    request.rooms.desk.end_silence(request.actor, claim_id)
    return _back(claim_id, "#silence")


def warned(request: Visit, claim_id: str) -> HttpResponse:
    request.rooms.desk.record_warned(request.actor, claim_id)
    return _back(claim_id)
