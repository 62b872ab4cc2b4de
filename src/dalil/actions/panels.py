"""The panel: frozen versions, and which source was captured how far on which day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from dalil.actions.desk import Desk, begin, finish
from dalil.desk import events
from dalil.desk.models import Panel
from dalil.desk.projection import PANEL_SUBJECT
from dalil.errors import Conflict, InputError
from dalil.people.actor import Actor
from dalil.people.permissions import Act, require
from dalil.schema.casework import PanelCapture, PanelVersion


def freeze(actor: Actor, panel: PanelVersion, *, now: datetime, desk: Desk) -> None:
    """Freeze a panel version: it is never edited, a change is a higher version.

    Raises:
        Conflict: this version or a higher one is frozen already (`panel-frozen`).
        InputError: it has no sources, or names one twice in a cell (`panel-sources`).
    """
    require(actor, Act.FREEZE_PANEL)
    pairs = [(source.source_uid, source.cell) for source in panel.sources]
    if not pairs or len(set(pairs)) < len(pairs):
        raise InputError("panel-sources")
    with transaction.atomic():
        if Panel.objects.filter(version__gte=panel.version).exists():
            raise Conflict("panel-frozen", version=panel.version)
        it = begin(actor, PANEL_SUBJECT, now=now, desk=desk)
        it.add(events.PanelFrozen(panel=panel))
        it.note("panel.frozen", version=panel.version, sources=len(panel.sources))
        finish(it)


def mark_captures(actor: Actor, captures: Sequence[PanelCapture], *, now: datetime, desk: Desk) -> None:
    """Mark how far sources were captured on days; a later marking of the same source and day replaces it."""
    require(actor, Act.MARK_CAPTURES)
    if not captures:
        return
    with transaction.atomic():
        it = begin(actor, PANEL_SUBJECT, now=now, desk=desk)
        it.add(events.CapturesMarked(captures=tuple(captures)))
        it.note("panel.captures_marked", days=len(captures))
        finish(it)
