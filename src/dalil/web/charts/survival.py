"""The curve of what still stood alone, hour by hour, with its 95 % band."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from dalil.schema.results import Survival, SurvivalPoint
from dalil.web.charts.drawing import Drawing
from dalil.web.numerals import digits, percent

HOURS = 48.0
MARKS = (6, 14, 24)
_TOP = 12.0
_FOOT = 104.0
_LEFT = 12.0


def curve(survival: Survival) -> SafeString:
    """Draw the share still without a second account against hours since the first post, to 48 h.

    Args:
        survival: its `curve` in order of hours, each share holding until the next point.
    """
    drawing = Drawing(height=132, label=gettext("Share still alone, by hours since the first post"))
    points = [point for point in survival.curve if point.hours < HOURS]
    if not points or points[0].hours > 0:
        points.insert(0, SurvivalPoint(0.0, 1.0, 1.0, 1.0))
    ends = [*(point.hours for point in points[1:]), HOURS]
    _frame(drawing)
    for point, end in zip(points, ends, strict=True):
        drawing.block("band", _x(point.hours), _x(end), _y(point.high), _y(point.low))
    before = points[0].share
    for point, end in zip(points, ends, strict=True):
        if point.share != before:
            drawing.rule("curve", _x(point.hours), _y(before), _x(point.hours), _y(point.share))
        drawing.rule("curve", _x(point.hours), _y(point.share), _x(end), _y(point.share))
        before = point.share
    return drawing.done()


def _frame(drawing: Drawing) -> None:
    drawing.rule("axis", _LEFT, _FOOT, 100, _FOOT)
    drawing.rule("mark", _x(14), _TOP, _x(14), _FOOT)
    drawing.text(_LEFT, _TOP + 4, percent(1), anchor="end", shift=-6)
    drawing.text(_LEFT, _FOOT, percent(0), anchor="end", shift=-6)
    drawing.text(_x(0), _FOOT + 18, digits(0), anchor="middle")
    for hour in MARKS:
        drawing.text(_x(hour), _FOOT + 18, digits(hour), anchor="middle")
    drawing.text(100, _FOOT + 18, gettext("%(hours)s h") % {"hours": digits(48)}, anchor="end")


def _x(hours: float) -> float:
    return _LEFT + (100 - _LEFT) * min(hours, HOURS) / HOURS


def _y(share: float) -> float:
    return _FOOT - (_FOOT - _TOP) * share
