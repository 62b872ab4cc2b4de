"""The script: all acts of the eight weeks by time, with the panel frozen first and its captures marked."""

from __future__ import annotations

from datetime import timedelta

from dalil.sample.casework import BLUE_CHECKER, GREEN_KEEPER
from dalil.sample.clock import NOW, START, TZ, hours
from dalil.sample.panel import panel_file
from dalil.sample.script import AnyAct, FreezePanel, MarkCaptures, Script
from dalil.sample.week import Week


def script_of(week: Week) -> Script:
    """What the members do, sorted by time; of acts at the same second, in the order of the claims."""
    acts: list[AnyAct] = [act for worked in week.worked for act in worked.acts]
    acts.extend(_panel(week))
    return Script(tuple(sorted(acts, key=lambda act: act.at)))


def _panel(week: Week) -> list[AnyAct]:
    """The panel is frozen on the first morning; each Monday, and daily at the end, captures are marked."""
    panel = panel_file(week.seed, week.people)
    acts: list[AnyAct] = [
        FreezePanel(
            at=START + hours(7), member=GREEN_KEEPER, version=panel.version, quarter=panel.quarter,
            sources=panel.sources, thresholds=panel.thresholds,
        )
    ]  # fmt: skip
    marked = START.astimezone(TZ).date()
    today = NOW.astimezone(TZ).date()
    for capture in (c for c in week.captures if c.series == "telegram"):
        day = capture.at.astimezone(TZ).date()
        until = day if day < today or capture.at < NOW - hours(2) else today + timedelta(days=1)
        rows = tuple(row for row in panel.captures if marked <= row.day < until)
        if rows:
            at = capture.at + timedelta(minutes=20)
            acts.append(MarkCaptures(at=at, member=BLUE_CHECKER, captures=rows))
        marked = max(marked, until)
    return acts
