"""What the desk hands to the measures and to publishing: timelines, reports, the panel, settled answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from dalil.desk import panels
from dalil.desk.models import Answer, Claim, CodedReport, FoundMedia
from dalil.desk.rows import SettledAnswer
from dalil.schema.casework import Cell, ClaimTimeline, PanelCapture, PanelVersion, Report
from dalil.schema.words import ClaimType, ClaimVerdict, MakerClass, MediaFindingKind, ReportCode

# Read as plain columns: making 3,000 model instances costs more than everything else here.
_REPORT = (
    "claim_id",
    "platform",
    "language",
    "region",
    "observation_id",
    "source_uid",
    "maker_class",
    "at",
    "code",
    "own_evidence",
    "qualified",
    "ours",
    "views",
)
_ANSWER_CODES = {
    ClaimVerdict.FALSE: ReportCode.CORRECTS,
    ClaimVerdict.UNPROVEN: ReportCode.CONTESTS,
    ClaimVerdict.TRUE: ReportCode.CONFIRMS,
}


def timelines() -> list[ClaimTimeline]:
    """One row for each claim and cell where a post that carries it is held."""
    starts: dict[str, dict[Cell, datetime]] = {}
    carried = CodedReport.objects.filter(code=ReportCode.CARRIES).values_list(
        "claim_id", "platform", "language", "region", "at"
    )
    for claim_id, platform, language, region, at in carried:
        cells = starts.setdefault(claim_id, {})
        cell = Cell(platform, language, region)
        cells[cell] = min(at, cells.get(cell, at))
    posted: dict[str, list[Answer]] = {}
    for answer in _qualified():
        posted.setdefault(answer.claim_id, []).append(answer)
    return [
        _timeline(claim, cell, t0, posted.get(claim.claim_id, ()))
        for claim in Claim.objects.order_by("number")
        for cell, t0 in sorted(starts.get(claim.claim_id, {}).items())
    ]


def _timeline(claim: Claim, cell: Cell, t0: datetime, posted: Iterable[Answer]) -> ClaimTimeline:
    times = [a.posted_at for a in posted if a.posted_at and answers_in(cell, a.platform, a.language)]
    return ClaimTimeline(
        claim_id=claim.claim_id,
        cell=cell,
        claim_type=ClaimType(claim.claim_type),
        maker_class=MakerClass(claim.maker_class),
        t0=t0,
        logged_at=claim.logged_at,
        verdict=ClaimVerdict(claim.verdict) if claim.verdict else None,
        verdict_at=claim.verdict_at,
        published_at=min(times, default=None),
        silent_since=claim.silent_since,
    )


def answers_in(cell: Cell, platform: str, language: str) -> bool:
    """Whether an answer is in a cell: its platform, and its language whatever the dialect or script."""
    return cell.platform == platform and _tongue(cell.language) == _tongue(language)


def _tongue(language: str) -> str:
    return language.partition("-")[0].lower()


def _qualified() -> Iterator[Answer]:
    """Posted answers whose two-circle verdict is in force; each rests on evidence, which its draft required."""
    return Answer.objects.filter(posted_at__isnull=False, stale="").order_by("posted_at", "answer_id").iterator()


def reports() -> list[Report]:
    """Every coded report, and every qualified answer of ours as a report in each cell that it is in.

    A coded report counts as a qualified answer only while the claim has a verdict of two circles.
    """
    claims = {claim.claim_id: claim for claim in Claim.objects.all()}
    settled = {claim_id for claim_id, claim in claims.items() if claim.verdict is not None}
    coded = CodedReport.objects.order_by("at", "claim_id", "observation_id").values_list(*_REPORT)
    rows = [_report(row, settled) for row in coded]
    for answer in _qualified():
        rows += _ours(answer, claims[answer.claim_id])
    return rows


def _report(row: tuple[Any, ...], settled: set[str]) -> Report:
    claim_id, platform, language, region, observation, source, maker, at, code, evidence, qualified, ours, views = row
    return Report(
        claim_id=claim_id,
        cell=Cell(platform, language, region),
        observation_id=observation,
        source_uid=source,
        maker_class=MakerClass(maker),
        at=at,
        code=ReportCode(code),
        own_evidence=evidence,
        qualified=qualified and claim_id in settled,
        ours=ours,
        views=views,
    )


def _ours(answer: Answer, claim: Claim) -> Iterator[Report]:
    if answer.posted_at is None:
        return
    for cell in (Cell(*cell) for cell in claim.cells):
        if answers_in(cell, answer.platform, answer.language):
            yield Report(
                claim_id=claim.claim_id,
                cell=cell,
                observation_id=answer.answer_id,
                source_uid=f"answer:{answer.answer_id}",
                maker_class=MakerClass.INDEPENDENT,
                at=answer.posted_at,
                code=_ANSWER_CODES[ClaimVerdict(answer.verdict)],
                own_evidence=True,
                qualified=True,
                ours=True,
            )


def panel() -> PanelVersion | None:
    """The panel in force."""
    return panels.latest()


def captures() -> list[PanelCapture]:
    """How far each panel source was captured on each day."""
    return panels.captures()


def settled_answers(*, zone: str) -> list[SettledAnswer]:
    """All that may be published: posted answers whose verdict is in force, newest first; days in `zone`."""
    local = ZoneInfo(zone)
    claims = {claim.claim_id: claim for claim in Claim.objects.exclude(verdict=None)}
    media: dict[str, set[MediaFindingKind]] = {}
    for claim_id, finding in FoundMedia.objects.values_list("claim_id", "finding"):
        media.setdefault(claim_id, set()).add(MediaFindingKind(finding))
    corrected = set(
        Answer.objects.filter(stale="corrected", posted_at__isnull=False).values_list("claim_id", flat=True)
    )
    found = []
    for answer in _qualified():
        claim = claims.get(answer.claim_id)
        if claim is None or claim.verdict_at is None or answer.posted_at is None:
            continue
        t0 = claim.t0 or claim.logged_t0
        found.append(
            SettledAnswer(
                answer_id=answer.answer_id,
                sentence=claim.sentence,
                sentence_lang=claim.sentence_lang,
                claim_type=ClaimType(claim.claim_type),
                verdict=ClaimVerdict(answer.verdict),
                settled_on=claim.verdict_at.astimezone(local).date(),
                first_seen_on=t0.astimezone(local).date() if t0 else None,
                text=answer.text,
                language=answer.language,
                platform=answer.platform,
                posted_on=answer.posted_at.astimezone(local).date(),
                media=tuple(sorted(media.get(claim.claim_id, ()))),
                corrects=claim.claim_id in corrected,
            )
        )
    return found[::-1]
