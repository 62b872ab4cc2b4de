"""The panel as stored: its frozen versions, and which source was captured how far on which day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from dalil.desk import events
from dalil.desk.folding import Entry
from dalil.desk.models import Panel, PanelDay
from dalil.schema.casework import PanelCapture, PanelVersion
from dalil.schema.words import CaptureState

Order = tuple[int, datetime, str]


def project(new: Sequence[Entry]) -> bool:
    """Write panels and markings. Returns whether a panel changed."""
    changed = False
    days: dict[tuple[str, date], tuple[Order, CaptureState]] = {}
    for entry in sorted(new, key=lambda entry: entry.order):
        match entry.body:
            case events.PanelFrozen(panel=panel):
                Panel.objects.get_or_create(
                    version=panel.version, defaults={"quarter": panel.quarter, "body": msgspec.json.encode(panel)}
                )
                changed = True
            case events.CapturesMarked(captures=marked):
                days.update({(mark.source_uid, mark.day): (entry.order, mark.state) for mark in marked})
            case _:
                pass
    _mark(days)
    return changed


def _mark(days: dict[tuple[str, date], tuple[Order, CaptureState]]) -> None:
    if not days:
        return
    span = sorted(day for _, day in days)
    held = {
        (row.source_uid, row.day): (row.clock, row.made_at, row.event_id)
        for row in PanelDay.objects.filter(day__range=(span[0], span[-1]))
    }
    PanelDay.objects.bulk_create(
        (
            PanelDay(source_uid=uid, day=day, state=state, clock=order[0], made_at=order[1], event_id=order[2])
            for (uid, day), (order, state) in days.items()
            if (uid, day) not in held or held[uid, day] < order
        ),
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["source_uid", "day"],
        update_fields=["state", "clock", "made_at", "event_id"],
    )


def latest() -> PanelVersion | None:
    """The panel in force: the highest version."""
    row = Panel.objects.order_by("-version").first()
    return None if row is None else msgspec.json.decode(bytes(row.body), type=PanelVersion)


def captures() -> list[PanelCapture]:
    """Every marking, by source and day."""
    rows = PanelDay.objects.order_by("source_uid", "day").values_list("source_uid", "day", "state")
    return [PanelCapture(uid, day, CaptureState(state)) for uid, day, state in rows]
