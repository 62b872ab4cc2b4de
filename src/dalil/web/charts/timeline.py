"""When a claim was seen in each cell: one strip a cell, one dot a post, the first post marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from dalil.desk.rows import SightingRow
from dalil.schema.casework import Cell
from dalil.web.charts.drawing import Drawing
from dalil.web.numerals import digits
from dalil.web.times import clock, day_of

_HOUR = timedelta(hours=1)
_STRIP = 34
_EDGE = 3.0


@dataclass(frozen=True, slots=True)
class Strip:
    """One cell's line of the chart."""

    cell: Cell
    sightings: int
    drawing: SafeString


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole chart: a strip for each cell over one axis of time."""

    strips: tuple[Strip, ...]
    axis: SafeString


@dataclass(frozen=True, slots=True)
class _Scale:
    start: datetime
    end: datetime

    def __call__(self, at: datetime) -> float:
        share = (at - self.start) / (self.end - self.start)
        return _EDGE + (100 - 2 * _EDGE) * min(max(share, 0.0), 1.0)


def timeline(
    sightings: Sequence[SightingRow], *, first: datetime | None, answered: datetime | None, now: datetime, zone: str
) -> Timeline | None:
    """Draw the sightings by cell, or None where there are none.

    Args:
        sightings: in any order; times aware UTC.
        first: t0, drawn as a full line; answered: when an answer was posted, drawn dashed.
        now: the last moment that the axis can reach.
    """
    if not sightings:
        return None
    times = [row.at for row in sightings] + [at for at in (first, answered) if at is not None]
    start, latest = min(times), max(times)
    scale = _Scale(start, max(min(latest + (latest - start) * 0.06, max(now, latest)), start + _HOUR))
    cells = sorted({row.cell for row in sightings}, key=lambda cell: min(r.at for r in sightings if r.cell == cell))
    strips = tuple(_strip(cell, [row for row in sightings if row.cell == cell], scale, first, answered) for cell in cells)
    return Timeline(strips, _axis(scale, zone))


def _strip(
    cell: Cell, rows: Sequence[SightingRow], scale: _Scale, first: datetime | None, answered: datetime | None
) -> Strip:
    text = ngettext("%(n)s post", "%(n)s posts", len(rows)) % {"n": digits(len(rows))}
    drawing = Drawing(height=_STRIP, label=text)
    middle = _STRIP / 2
    drawing.rule("axis", 0, middle, 100, middle)
    if first is not None:
        drawing.rule("first", scale(first), 0, scale(first), _STRIP)
    if answered is not None:
        drawing.rule("answered", scale(answered), 0, scale(answered), _STRIP)
    for row in rows:
        drawing.dot("seen" if row.code == "carries" else "told", scale(row.at), middle, _radius(row.views))
    return Strip(cell, len(rows), drawing.done())


def _radius(views: int | None) -> float:
    """Area by views; a post whose views are unknown has the smallest dot."""
    return 4.0 if not views else min(4.0 + sqrt(views) / 20, 12.0)


def _axis(scale: _Scale, zone: str) -> SafeString:
    drawing = Drawing(height=20, label=gettext("Hours of the day"))
    same_day = day_of(scale.start, zone) == day_of(scale.end, zone)
    for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        at = scale.start + (scale.end - scale.start) * share
        words = clock(at, zone) if same_day else f"{day_of(at, zone).rsplit(' ', 1)[0]} {clock(at, zone)}"
        drawing.text(_EDGE + (100 - 2 * _EDGE) * share, 14, words, anchor=anchor)
    return drawing.done()
