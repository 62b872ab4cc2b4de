"""When a claim was seen in each cell: one strip a cell, one dot a post, the first post marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import sqrt
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from dalil.desk.rows import SightingRow
from dalil.schema.casework import Cell
from dalil.web.charts.drawing import Drawing
from dalil.web.numerals import digits
from dalil.web.times import clock, short_day

_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_STEPS = tuple(timedelta(minutes=m) for m in (15, 30, 60, 120, 180, 360, 720, 1440, 2880, 5760, 10080, 20160, 40320))
_TICKS = 5
_NEAR = 8.0
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
    strips = tuple(
        _strip(cell, [row for row in sightings if row.cell == cell], scale, first, answered) for cell in cells
    )
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
    """Round hours of the zone, as many as have room; days once the axis is longer than two."""
    drawing = Drawing(height=20, label=gettext("Time"))
    step = next((step for step in _STEPS if (scale.end - scale.start) / step <= _TICKS), _STEPS[-1])
    for at in _ticks(scale, step, ZoneInfo(zone)):
        words = clock(at, zone) if step < _DAY else short_day(at, zone)
        place = scale(at)
        anchor = "start" if place < _NEAR else "end" if place > 100 - _NEAR else "middle"
        drawing.text(place, 14, words, anchor=anchor)
    return drawing.done()


def _ticks(scale: _Scale, step: timedelta, zone: ZoneInfo) -> Iterator[datetime]:
    midnight = datetime.combine(scale.start.astimezone(zone).date(), time(), zone).astimezone(scale.start.tzinfo)
    number = -(-(scale.start - midnight) // step)
    while (at := midnight + number * step) <= scale.end:
        yield at
        number += 1
