"""What each word of the closed vocabularies reads as in the reader's language.

One table for all pages. A word that is not in its table is shown as it is, so that a newer part of
Dalil is never hidden by an older page.
"""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _in

Words = dict[str, "Promise | str"]

CLAIM_TYPES: Final[Words] = {
    "victory": _("victory or control"),
    "withdrawal": _("withdrawal"),
    "capture": _("capture"),
    "casualty": _("casualties"),
    "atrocity": _("atrocity"),
    "threat": _("threat"),
    "impersonation": _("impersonation"),
    "other": _in("claim type", "other"),
}
MAKERS: Final[Words] = {
    "group": _in("maker", "group"),
    "supporter": _in("maker", "supporter"),
    "state": _in("maker", "state"),
    "ally": _in("maker", "ally"),
    "independent": _in("maker", "independent"),
    "unknown": _in("maker", "unknown"),
}
STATES: Final[Words] = {
    "logged": _in("state", "logged"),
    "taken": _in("state", "taken"),
    "checking": _in("state", "checking"),
    "proposed": _in("state", "one vote in"),
    "settled": _in("state", "settled"),
    "reopened": _in("state", "reopened"),
}
VERDICTS: Final[Words] = {
    "false": _in("verdict", "false"),
    "unproven": _in("verdict", "unproven"),
    "true": _in("verdict", "true"),
}
FINDINGS: Final[Words] = {
    "recycled": _in("media finding", "recycled"),
    "altered": _in("media finding", "altered"),
    "impersonated": _in("media finding", "impersonated"),
    "unchanged": _in("media finding", "unchanged"),
}
CODES: Final[Words] = {
    "carries": _in("report", "carries it"),
    "confirms": _in("report", "confirms"),
    "contests": _in("report", "contests"),
    "corrects": _in("report", "corrects"),
}
CONFIDENCE: Final[Words] = {
    "certain": _("certain"),
    "likely": _("likely"),
    "possible": _("possible"),
    "open": _in("confidence", "open"),
}
NEXT: Final[Words] = {
    "take": _("Take it"),
    "check": _("Check"),
    "first_vote": _("Vote"),
    "second_vote": _("Second vote"),
    "third_vote": _("Third vote"),
    "answer": _("Answer"),
    "warn": _("Warn first"),
    "review_silence": _("Look again"),
}
"""The label of the one next step; `none` has none."""
PLATFORMS: Final[Words] = {
    "facebook": _("Facebook"),
    "instagram": _("Instagram"),
    "telegram": _("Telegram"),
    "tiktok": _("TikTok"),
    "x": _in("platform", "X"),
    "youtube": _("YouTube"),
    "web": _in("platform", "Web"),
    "other": _in("platform", "Other"),
}
LANGUAGES: Final[Words] = {
    "ar": _("Arabic"),
    "ckb": _("Sorani"),
    "kmr-Arab": _("Badini"),
    "kmr": _("Kurmanji"),
    "ku": _("Kurmanji"),
    "en": _("English"),
    "fa": _("Persian"),
    "tr": _("Turkish"),
    "az": _("Azerbaijani"),
    "tk": _("Turkmen"),
    "und": _("language unknown"),
}
ACCOUNT_KINDS: Final[Words] = {
    "person": _("A private person"),
    "page": _("A page"),
    "group": _("A public group"),
    "channel": _("A public channel"),
    "outlet": _("A news outlet"),
}
ROLES: Final[Words] = {
    "spotter": _("spotter"),
    "checker": _("checker"),
    "editor": _("editor"),
    "researcher": _("researcher"),
    "keeper": _("keeper"),
}
STATUSES: Final[Words] = {
    "active": _in("member", "active"),
    "probation": _in("member", "on probation"),
    "revoked": _in("member", "revoked"),
}
COLOURS: Final[Words] = {
    "blue": _("Blue circle"),
    "green": _("Green circle"),
    "red": _("Red circle"),
    "yellow": _("Yellow circle"),
    "orange": _("Orange circle"),
    "violet": _("Violet circle"),
    "brown": _("Brown circle"),
    "grey": _("Grey circle"),
    "white": _("White circle"),
    "black": _("Black circle"),
}
METHODS: Final[Words] = {
    "sha256": _("the same file"),
    "pdq": _("picture fingerprint (PDQ)"),
    "skeleton": _("the same text but for editing"),
    "minhash": _("shared phrases"),
    "rapidfuzz": _("similar wording"),
}
VARIANTS: Final[Words] = {
    "mirrored": _("mirrored"),
    "rotated": _("rotated"),
}
TODO: Final[Words] = {
    "take": _("Nobody has it yet. Whoever takes it starts the checks."),
    "check": _("Add a check: one question that can be answered by looking."),
    "first_vote": _("The checks are in. The first of two circles votes; its vote stays sealed."),
    "second_vote": _("One vote is in. If the second circle agrees, the answer can go out; if not, a third is asked."),
    "third_vote": _("Two circles differ. A third one votes."),
    "answer": _("Two circles agree. Write the answer, or record where it was posted."),
    "warn": _("First those at risk are warned, through someone who knows them; then the rest."),
    "review_silence": _("The silence was to be looked at again by now: answer, or decide anew."),
    "none": _("Nothing waits for now."),
}
"""What the next step means, in a sentence."""
EVENTS: Final[Words] = {
    "claim_logged": _("logged"),
    "claim_taken": _in("event", "taken"),
    "claim_handed_over": _("handed over"),
    "check_added": _("check added"),
    "check_evidence": _("evidence kept"),
    "media_found": _("finding about a picture"),
    "vote_sealed": _("vote sealed"),
    "vote_revealed": _("vote opened"),
    "claim_reopened": _in("event", "reopened"),
    "answer_drafted": _("answer written"),
    "answer_posted": _("answer posted"),
    "silence_kept": _("silence decided"),
    "silence_ended": _("silence ended"),
    "threat_warned": _("those at risk were warned"),
    "reports_coded": _("posts coded"),
}
JOBS: Final[Words] = {
    "queued": _("waiting"),
    "running": _("running"),
    "done": _in("job", "done"),
    "failed": _in("job", "failed"),
    "cancelled": _in("job", "cancelled"),
}
SPLIT: Final[Words] = {
    "t0_to_logged": _("From the first post to our log"),
    "logged_to_verdict": _("From our log to the verdict"),
    "verdict_to_published": _("From the verdict to the answer"),
}
TABLES: Final[dict[str, Words]] = {
    "account_kind": ACCOUNT_KINDS,
    "claim_type": CLAIM_TYPES,
    "code": CODES,
    "colour": COLOURS,
    "confidence": CONFIDENCE,
    "event": EVENTS,
    "finding": FINDINGS,
    "job": JOBS,
    "language": LANGUAGES,
    "maker": MAKERS,
    "method": METHODS,
    "next": NEXT,
    "platform": PLATFORMS,
    "role": ROLES,
    "split": SPLIT,
    "state": STATES,
    "status": STATUSES,
    "todo": TODO,
    "variant": VARIANTS,
    "verdict": VERDICTS,
}


def word(table: str, value: object) -> str:
    """The label of `value` in one of `TABLES`, or `value` itself.

    Raises:
        KeyError: there is no such table.
    """
    return str(TABLES[table].get(str(value), value))


def choices(table: str, values: list[str] | None = None) -> list[tuple[str, str]]:
    """(value, label) pairs for a form, in the table's order or that of `values`."""
    return [(value, word(table, value)) for value in (values or list(TABLES[table]))]
