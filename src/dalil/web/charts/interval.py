"""One rate as a dot on a line from 0 to 100 %, with its interval; a row of a table."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from dalil.schema.results import Rate
from dalil.web.charts.drawing import Drawing
from dalil.web.numerals import percent


def interval(rate: Rate) -> SafeString:
    """Draw a rate. Without a value (n below 10) only the empty line is drawn."""
    if rate.value is None:
        drawing = Drawing(height=20, label=gettext("too few for a rate"))
    else:
        drawing = Drawing(height=20, label=percent(rate.value))
    drawing.rule("axis", 0, 10, 100, 10)
    low, high = rate.interval.low, rate.interval.high
    if low is not None and high is not None and rate.value is not None:
        drawing.rule("curve", low * 100, 10, high * 100, 10)
    if rate.value is not None:
        drawing.dot("point", rate.value * 100, 10, 4.5)
    return drawing.done()


def scale() -> SafeString:
    """The ends of the line, written below the rows."""
    drawing = Drawing(height=16, label="")
    drawing.text(0, 11, percent(0))
    drawing.text(100, 11, percent(1), anchor="end")
    return drawing.done()
