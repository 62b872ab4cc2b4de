"""A share by week as bars, the last one dark; a week with too few has an empty place."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from dalil.schema.results import Rate
from dalil.web.charts.drawing import Drawing
from dalil.web.numerals import digits, percent
from dalil.web.times import week_number

_FOOT = 104.0
_TOP = 16.0


def bars(rates: Mapping[str, Rate]) -> SafeString:
    """Draw one bar a week.

    Args:
        rates: ISO week → rate, in order of time; all drawn on one scale from 0 to 100 %.
    """
    drawing = Drawing(height=132, label=gettext("Share by week"))
    step = 100 / max(len(rates), 1)
    last = len(rates) - 1
    for place, (week, rate) in enumerate(rates.items()):
        start, end = place * step + step * 0.14, (place + 1) * step - step * 0.14
        middle = (start + end) / 2
        name = gettext("W%(number)s") % {"number": digits(week_number(week))}
        drawing.text(middle, _FOOT + 18, name, anchor="middle")
        if rate.value is None:
            drawing.text(middle, _FOOT - 6, "–", anchor="middle")
            continue
        top = _FOOT - (_FOOT - _TOP) * rate.value
        drawing.block("bar last" if place == last else "bar", start, end, top, _FOOT)
        drawing.text(middle, top - 4, percent(rate.value), anchor="middle")
    drawing.rule("axis", 0, _FOOT, 100, _FOOT)
    return drawing.done()
