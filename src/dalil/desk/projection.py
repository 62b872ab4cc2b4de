"""Keeps the rows that lists are read from in step with the events, inside the caller's transaction.

`apply` may be given any events in any order and again: it stores what is new and projects each
claim anew from all of its events. `rebuild` makes every row again from the events alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db.models import Max

from dalil.desk import events, panels, reports
from dalil.desk.folding import CaseState, Entry, entry_of, fold
from dalil.desk.models import (
    Answer,
    Claim,
    CodedReport,
    DeskEvent,
    FoundMedia,
    LinkedObservation,
    Panel,
    PanelDay,
    Verdict,
)
from dalil.desk.reach import Sighted, reach
from dalil.desk.signing import LARGEST_CLOCK, SignedEvent
from dalil.errors import Conflict
from dalil.schema.casework import PanelVersion

PANEL_SUBJECT: Final = "panel"
APART: Final = events.CODING | {"panel_frozen", "captures_marked"}


def load(claim_id: str, *, lock: bool = False) -> list[Entry]:
    """A claim's casework events, decoded, in their order. `lock` holds the claim until the transaction ends."""
    if lock:
        # SQLite has one writer at a time anyway; PostgreSQL needs the row.
        list(Claim.objects.select_for_update().filter(pk=claim_id).values_list("number"))
    rows = DeskEvent.objects.filter(subject=claim_id).exclude(kind__in=sorted(APART))
    entries = [entry_of(signed(row)) for row in rows]
    return sorted(entries, key=lambda entry: entry.order)


def signed(row: DeskEvent) -> SignedEvent:
    """A stored row as it was signed."""
    return SignedEvent(
        event_id=row.event_id,
        subject=row.subject,
        circle=row.circle,
        clock=row.clock,
        made_at=row.made_at,
        body=bytes(row.body),
        signature=bytes(row.signature),
    )


def next_clock(subject: str) -> int:
    """One more than the largest clock that this workspace has seen in the subject."""
    largest: int | None = DeskEvent.objects.filter(subject=subject).aggregate(top=Max("clock"))["top"]
    return 1 if largest is None else min(largest + 1, LARGEST_CLOCK)


def apply(new: Iterable[SignedEvent]) -> list[str]:
    """Store events that are not held yet and project what they touch.

    Args:
        new: verified events (`signing.verify`); this is not the door.
    Returns:
        Ids of the events that were new, in the order given.
    Raises:
        Conflict: an id is held with other content (`event-conflict`).
    """
    fresh = store(new)
    by_subject: dict[str, list[Entry]] = {}
    for event in fresh:
        by_subject.setdefault(event.subject, []).append(entry_of(event))
    for subject, entries in by_subject.items():
        if subject == PANEL_SUBJECT:
            if panels.project(entries):
                measure_all()
        else:
            project(subject, entries)
    return [event.event_id for event in fresh]


def store(new: Iterable[SignedEvent]) -> list[SignedEvent]:
    """Insert the events that are not held; a known id must have the same bytes."""
    wanted = {event.event_id: event for event in new}
    held = DeskEvent.objects.in_bulk(list(wanted))
    for event_id, row in held.items():
        if signed(row) != wanted[event_id]:
            raise Conflict("event-conflict", id=event_id)
    fresh = [event for event_id, event in wanted.items() if event_id not in held]
    DeskEvent.objects.bulk_create(
        DeskEvent(
            event_id=event.event_id,
            subject=event.subject,
            kind=events.kind_of(events.decode(event.body)),
            circle=event.circle,
            clock=event.clock,
            made_at=event.made_at,
            body=event.body,
            signature=event.signature,
        )
        for event in fresh
    )
    return fresh


def project(claim_id: str, new: Sequence[Entry]) -> None:
    """Bring one claim's rows up to date after `new` events of it were stored."""
    coded = reports.project(claim_id, new)
    if all(events.kind_of(entry.body) in events.CODING for entry in new):
        if coded:
            measure(claim_id)
        return
    case = fold(load(claim_id))
    if case is None:
        return
    held = Claim.objects.filter(pk=claim_id).exists()
    write(case, held=held)
    if coded or not held:
        measure(claim_id)


def write(case: CaseState, *, held: bool) -> None:
    """Write a folded claim's rows; `held` whether it has one already."""
    values = _columns(case)
    if held:
        Claim.objects.filter(pk=case.claim_id).update(**values)
    else:
        Claim.objects.create(claim_id=case.claim_id, number=_next_number(), **values)
    if case.media:
        _write_media(case)
    if case.decisions:
        _write_verdicts(case)
    if case.answers:
        _write_answers(case)


def _next_number() -> int:
    # On PostgreSQL the second of two who log at once waits here, then counts what the first wrote.
    list(Claim.objects.select_for_update().order_by("-number").values_list("number")[:1])
    top: int | None = Claim.objects.aggregate(top=Max("number"))["top"]
    return (top or 0) + 1


def _columns(case: CaseState) -> dict[str, Any]:
    standing, logged, silence = case.standing(), case.logged, case.silence
    return {
        "sentence": logged.sentence,
        "sentence_lang": logged.sentence_lang,
        "claim_type": logged.claim_type,
        "maker_class": logged.maker_class,
        "state": standing.state,
        "round": case.round,
        "outcome": standing.outcome,
        "logged_at": case.logged_at,
        "logged_by": case.logged_by,
        "logged_cells": [[cell.platform, cell.language, cell.region] for cell in logged.cells],
        "logged_t0": logged.t0,
        "holder_circle": case.holder_circle,
        "holder": case.holder,
        "taken_at": case.taken_at,
        "voted": sorted(standing.voted),
        "open_checks": standing.open_checks,
        "found": standing.found,
        "found_now": standing.found_now,
        "verdict": case.verdict,
        "verdict_at": case.verdict_at,
        "answered_at": case.answered_at,
        "ready": standing.ready,
        "warned_at": case.warned_at,
        "silent_since": standing.silent_since,
        "silent_until": standing.silent_until,
        "silent_by": silence.circle if silence else None,
        "moved_at": case.history[-1].at,
    }


def _write_media(case: CaseState) -> None:
    FoundMedia.objects.bulk_create(
        (
            FoundMedia(claim_id=case.claim_id, sha256=sha256, circle=circle, finding=body.finding, at=at)
            for (sha256, circle), (body, at) in case.media.items()
        ),
        update_conflicts=True,
        unique_fields=["claim_id", "sha256", "circle"],
        update_fields=["finding", "at"],
    )


def _write_verdicts(case: CaseState) -> None:
    rows = [
        Verdict(claim_id=case.claim_id, round=round_, verdict=found.verdict, at=at, signers=sorted(found.signers))
        for round_, (found, at) in case.decisions.items()
        if found.verdict is not None and at is not None
    ]
    Verdict.objects.filter(claim_id=case.claim_id).exclude(round__in=[row.round for row in rows]).delete()
    Verdict.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["claim_id", "round"],
        update_fields=["verdict", "at", "signers"],
    )


def _write_answers(case: CaseState) -> None:
    Answer.objects.bulk_create(
        (
            Answer(
                answer_id=answer_id,
                claim_id=case.claim_id,
                verdict=answer.body.verdict,
                text=answer.body.text,
                language=answer.body.language,
                platform=answer.body.platform,
                evidence=list(answer.body.evidence),
                circle=answer.circle,
                at=answer.at,
                posted_url=answer.posted.url if answer.posted else None,
                posted_at=answer.posted.posted_at if answer.posted else None,
                stale=case.stale(answer),
            )
            for answer_id, answer in case.answers.items()
        ),
        update_conflicts=True,
        unique_fields=["answer_id"],
        update_fields=[
            "verdict",
            "text",
            "language",
            "platform",
            "evidence",
            "circle",
            "at",
            "posted_url",
            "posted_at",
            "stale",
        ],
    )


def measure(claim_id: str) -> None:
    """Write what the reports of one claim amount to."""
    claim = Claim.objects.filter(pk=claim_id).first()
    if claim is not None:
        _measure(claim, reports.sighted(claim_id), panels.latest())


def measure_all() -> None:
    """The same for every claim, because the panel changed."""
    panel = panels.latest()
    by_claim = reports.sighted_by_claim()
    for claim in Claim.objects.all():
        _measure(claim, by_claim.get(claim.claim_id, []), panel)


def _measure(claim: Claim, rows: list[Sighted], panel: PanelVersion | None) -> None:
    found = reach(rows, panel)
    cells = {tuple(cell) for cell in claim.logged_cells} | {(c.platform, c.language, c.region) for c in found.cells}
    Claim.objects.filter(pk=claim.claim_id).update(
        cells=[list(cell) for cell in sorted(cells)],
        sightings=found.sightings,
        views=found.views,
        t0=found.t0,
        crossed_at=found.crossed_at,
    )


def rebuild() -> None:
    """Make every projected row again from the events; claim numbers follow the order of logging.

    Numbers already given are kept.
    """
    numbers = dict(Claim.objects.values_list("claim_id", "number"))
    for model in (CodedReport, LinkedObservation, FoundMedia, Verdict, Answer, Panel, PanelDay):
        model.objects.all().delete()
    for subject in DeskEvent.objects.order_by("made_at", "event_id").values_list("subject", flat=True).distinct():
        rows = DeskEvent.objects.filter(subject=subject)
        entries = [entry_of(signed(row)) for row in rows]
        if subject == PANEL_SUBJECT:
            panels.project(entries)
            continue
        reports.project(subject, entries)
        case = fold(entry for entry in entries if events.kind_of(entry.body) not in APART)
        if case is not None:
            write(case, held=subject in numbers)
    measure_all()
