"""The Monday page: computes a week from the desk's rows and the archive's media, and keeps the result."""

from __future__ import annotations

import hashlib

import msgspec
import pyarrow as pa

from dalil.actions.house import House
from dalil.actions.recognising import media_by_week
from dalil.archive.writing import Writer
from dalil.desk import queries
from dalil.findings import measures
from dalil.jobs import queue
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require
from dalil.schema.results import Finding, Method, Rate, Survival, WeekResult

JOB_KIND = "week"


def compute_week(house: House, week: str | None = None, *, save: bool = False) -> WeekResult:
    """Compute one week as of now; with `save`, keep it for the pages.

    Args:
        week: ISO week such as `2026-W20`; the one in which now lies when None.
    Raises:
        InputError: no such week.
    """
    now, zone = house.now(), house.workspace.zone
    name = week or measures.week_at(now, zone).name
    result = measures.week(
        queries.timelines(),
        queries.reports(),
        queries.panel(),
        queries.captures(),
        media_by_week(house),
        week=name,
        zone=zone,
        as_of=now,
    )
    if save:
        _save(house, result)
    return result


def saved_week(house: House, week: str | None = None) -> WeekResult | None:
    """The newest kept result of a week (the current one when None), or None where it was never computed."""
    name = week or measures.week_at(house.now(), house.workspace.zone).name
    found = [item for item in house.archive.findings(JOB_KIND) if item.summary.get("week") == name]
    if not found:
        return None
    newest = max(found, key=lambda item: (item.as_of, item.finding_id))
    rows = house.archive.finding_table(newest.finding_id, "result").to_pyarrow()
    return msgspec.json.decode(rows["json"][0].as_py(), type=WeekResult)


def request_week(actor: Actor, week: str | None, *, house: House) -> str:
    """Ask the worker to compute a week; returns the job's id. Asking twice asks once."""
    require(actor, Act.MEASURE)
    name = week or measures.week_at(house.now(), house.workspace.zone).name
    measures.week_of(name, house.workspace.zone)
    circle = house.circle_of(actor)
    return queue.enqueue(JOB_KIND, {"week": name}, house.clock(), circle=circle, once=f"week-{name}")


def _save(house: House, result: WeekResult) -> None:
    data = msgspec.json.encode(result)
    head = house.archive.manifest_head()
    finding = Finding(
        finding_id=hashlib.sha256(head.encode() + data).hexdigest()[:32],
        kind=JOB_KIND,
        method=Method(name="weekly-measures", version=measures.VERSION),
        as_of=result.as_of,
        zone=result.zone,
        manifest_head=head,
        summary={"week": result.week},
        caveats=result.caveats,
    )
    writer = Writer(house.workspace, keys=house.keys, now=house.now())
    writer.save_finding(finding, {"result": pa.table({"json": pa.array([data], pa.large_binary())})})


def sentences(result: WeekResult) -> list[str]:
    """The figures in plain English, for the terminal: each with its n and interval."""
    lines = [
        f"{result.crossed} claims crossed the threshold; {result.answered_or_decided} have an answer or a decision.",
        _survival("Victory, withdrawal and capture claims stood alone", result.m3b, "a second, independent account"),
        _survival("False claims stood unanswered", result.m3, "a qualified answer")
        + f" {result.m3_not_settled} are not yet settled.",
        _rate("One version only, 24 hours on", result.m1, "claims × cells"),
        _rate("Recognised without anyone looking", result.m11, "pictures"),
    ]
    if result.partial:
        lines.append("The log's completeness is not shown to pass 80 %: these figures are partial.")
    lines.append(f"Of this panel of {result.panel_sources} sources. None of these figures shows changed minds.")
    return lines


def _survival(name: str, curve: Survival, until: str) -> str:
    if curve.n < 10:
        return f"{name}: n = {curve.n}, too few for a figure."
    median = "more than half stand to this day" if curve.median_hours is None else f"{curve.median_hours:.1f} h"
    low, high = curve.median.low, curve.median.high
    band = f"95 % from {'?' if low is None else f'{low:.1f}'} to {'?' if high is None else f'{high:.1f}'} h"
    return f"{name}: median {median} until {until} (n = {curve.n}, {band})."


def _rate(name: str, rate: Rate, unit: str) -> str:
    if rate.value is None:
        return f"{name}: {rate.numerator} of {rate.n} {unit}, too few for a rate."
    low, high = rate.interval.low, rate.interval.high
    band = "" if low is None or high is None else f", 95 % from {low:.0%} to {high:.0%}"
    unknown = f"; {rate.unknown} unknown" if rate.unknown else ""
    return f"{name}: {rate.value:.0%} of {rate.n} {unit}{band}{unknown}."
