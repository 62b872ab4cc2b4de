"""What a claim's page shows beyond its row: the drawing, the forms that are open to the reader."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from dalil.desk.rows import ClaimPage
from dalil.web.charts.timeline import timeline
from dalil.web.forms import claims as forms

FORMS = {
    "check": (forms.CheckForm, "claim-check"),
    "find": (forms.FindingForm, "claim-finding"),
    "code": (forms.ReportForm, "claim-report"),
    "vote": (forms.VoteForm, "claim-vote"),
    "reopen": (forms.ReopenForm, "claim-reopen"),
    "answer": (forms.AnswerForm, "claim-answer"),
    "silence": (forms.SilenceForm, "claim-silence"),
}
"""Act, as `ClaimPage.may` names it → its form and address name."""


def given(
    page: ClaimPage, *, now: datetime, zone: str, show: str = "", names: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """The context of a claim's page.

    Args:
        names: uid of a public account → what it calls itself.
        show: hash of the one picture that the reader asked to see; shown only if it is the claim's.
    """
    claim_id = page.row.claim_id
    open_forms = {
        act: form(initial=_initial(act, page)).sent_to(reverse(name, args=[claim_id]))
        for act, (form, name) in FORMS.items()
        if act in page.may
    }
    return {
        "names": names or {},
        "claim": page,
        "row": page.row,
        "forms": open_forms,
        "posted": _posted_forms(page) if page.may & {"post"} else {},
        "mine": next((vote for vote in page.votes if vote.mine), None),
        "timeline": timeline(page.sightings, first=page.row.t0, answered=page.row.answered_at, now=now, zone=zone),
        "show": show if any(row.sha256 == show for row in page.media) else "",
    }


def _initial(act: str, page: ClaimPage) -> dict[str, Any]:
    cell = page.row.cells[0] if page.row.cells else None
    match act:
        case "code" | "answer" if cell is not None:
            return {"platform": cell.platform, "language": cell.language}
        case "find" if page.media:
            return {"sha256": page.media[0].sha256}
        case _:
            return {}


def _posted_forms(page: ClaimPage) -> dict[str, forms.PostedForm]:
    """One form for each answer that nobody has posted yet, answer id → form."""
    address = reverse("claim-posted", args=[page.row.claim_id])
    made = {}
    for row in page.answers:
        if row.posted_url is None:
            made[row.answer_id] = forms.PostedForm(initial={"answer_id": row.answer_id}).sent_to(address)
    return made
