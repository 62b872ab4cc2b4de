"""Posts about a claim as stored: those linked, the latest coding of each in each cell, and reading them for `reach`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from dalil.desk import events
from dalil.desk.folding import Entry
from dalil.desk.models import CodedReport, LinkedObservation
from dalil.desk.reach import Sighted
from dalil.schema.casework import Cell, Report
from dalil.schema.words import ReportCode

Key = tuple[str, str, str, str]
_FIELDS = ("platform", "language", "region", "source_uid", "at", "code", "views")
_UPDATED = ["source_uid", "maker_class", "at", "code", "own_evidence", "qualified", "ours", "views"]


def project(claim_id: str, new: Sequence[Entry]) -> bool:
    """Write the links in `new`, and the codings unless a later one is held. Returns whether a coding changed."""
    linked = {id_ for e in new if isinstance(e.body, events.ObservationsLinked) for id_ in e.body.observation_ids}
    LinkedObservation.objects.bulk_create(
        (LinkedObservation(claim_id=claim_id, observation_id=id_) for id_ in sorted(linked)),
        batch_size=1000,
        ignore_conflicts=True,
    )
    latest = latest_codings(new)
    if not latest:
        return False
    held = {
        (row.observation_id, row.platform, row.language, row.region): (row.clock, row.made_at, row.event_id)
        for row in CodedReport.objects.filter(claim_id=claim_id, observation_id__in=sorted({key[0] for key in latest}))
    }
    rows = [
        _row(claim_id, report, order) for key, (order, report) in latest.items() if key not in held or held[key] < order
    ]
    CodedReport.objects.bulk_create(
        rows,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["claim_id", "observation_id", "platform", "language", "region"],
        update_fields=[*_UPDATED, "clock", "made_at", "event_id"],
    )
    return bool(rows)


def latest_codings(entries: Iterable[Entry]) -> dict[Key, tuple[tuple[int, datetime, str], Report]]:
    """By observation and cell, the coding of the last event in order; within one event the last given."""
    latest: dict[Key, tuple[tuple[int, datetime, str], Report]] = {}
    for entry in entries:
        if not isinstance(entry.body, events.ReportsCoded):
            continue
        for report in entry.body.reports:
            cell = report.cell
            key = (report.observation_id, cell.platform, cell.language, cell.region)
            if key not in latest or latest[key][0] <= entry.order:
                latest[key] = (entry.order, report)
    return latest


def _row(claim_id: str, report: Report, order: tuple[int, datetime, str]) -> CodedReport:
    return CodedReport(
        claim_id=claim_id,
        observation_id=report.observation_id,
        platform=report.cell.platform,
        language=report.cell.language,
        region=report.cell.region,
        source_uid=report.source_uid,
        maker_class=report.maker_class,
        at=report.at,
        code=report.code,
        own_evidence=report.own_evidence,
        qualified=report.qualified,
        ours=report.ours,
        views=report.views,
        clock=order[0],
        made_at=order[1],
        event_id=order[2],
    )


def uncoded(claim_id: str) -> list[str]:
    """Observations that were linked to the claim and not coded yet."""
    coded = set(CodedReport.objects.filter(claim_id=claim_id).values_list("observation_id", flat=True))
    linked = LinkedObservation.objects.filter(claim_id=claim_id).order_by("pk").values_list("observation_id", flat=True)
    return [id_ for id_ in linked if id_ not in coded]


def sighted(claim_id: str) -> list[Sighted]:
    """What `reach` needs of one claim's reports."""
    return [_sighted(*row) for row in CodedReport.objects.filter(claim_id=claim_id).values_list(*_FIELDS)]


def sighted_by_claim() -> dict[str, list[Sighted]]:
    """The same for every claim, in one query."""
    found: dict[str, list[Sighted]] = {}
    for claim_id, *row in CodedReport.objects.values_list("claim_id", *_FIELDS):
        found.setdefault(claim_id, []).append(_sighted(*row))
    return found


def _sighted(
    platform: str, language: str, region: str, source_uid: str, at: datetime, code: str, views: int | None
) -> Sighted:
    return Sighted(Cell(platform, language, region), source_uid, at, ReportCode(code), views)
