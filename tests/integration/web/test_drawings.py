"""Charts: turned round in right-to-left pages, escaped, bounded, with every value in its place."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import web_fakes
from hypothesis import given
from hypothesis import strategies as st

from dalil.schema.results import Interval, Rate, Survival, SurvivalPoint


def drawn(svg: str) -> ET.Element:
    return ET.fromstring(svg)


def shares(element: ET.Element, *names: str) -> list[float]:
    return [float(element.attrib[name].rstrip("%")) for name in names if name in element.attrib]


@st.composite
def curves(draw: st.DrawFn) -> Survival:
    hours = sorted(set(draw(st.lists(st.floats(0, 60), max_size=12))))
    values = sorted(draw(st.lists(st.floats(0, 1), min_size=len(hours), max_size=len(hours))), reverse=True)
    points = tuple(SurvivalPoint(h, s, max(0, s - 0.1), min(1, s + 0.1)) for h, s in zip(hours, values, strict=True))
    return Survival(n=20, events=5, median_hours=None, median=Interval(None, None), curve=points, marks=())


@given(curves(), st.sampled_from(["en", "ar"]))
def test_a_curve_stays_inside_and_is_whole(survival: Survival, language: str) -> None:
    from django.utils import translation

    from dalil.web.charts.survival import curve

    with translation.override(language):
        svg = drawn(curve(survival))
    lines = [e for e in svg.iter("line") if e.attrib["class"] == "curve"]
    assert lines
    for element in svg.iter():
        assert all(-0.1 <= share <= 100.1 for share in shares(element, "x1", "x2", "x", "cx"))
    for one, other in pairwise(lines):
        assert (one.attrib["x2"], one.attrib["y2"]) == (other.attrib["x1"], other.attrib["y1"])


def test_right_to_left_turns_the_line_round(speaking: Any) -> None:
    from dalil.web.charts.interval import interval

    rate = web_fakes.rate(8, 40, 0.1, 0.35)
    with speaking("en"):
        there = drawn(interval(rate))
    with speaking("ar"):
        turned = drawn(interval(rate))
    (dot,), (mirrored) = list(there.iter("circle")), next(turned.iter("circle"))
    assert shares(dot, "cx") == [20]
    assert shares(mirrored, "cx") == [80]
    assert turned.attrib["aria-label"] == "٢٠٪"


def test_too_few_draws_no_value(speaking: Any) -> None:
    from dalil.web.charts.bars import bars
    from dalil.web.charts.interval import interval

    with speaking("en"):
        assert not list(drawn(interval(web_fakes.rate(3, 7))).iter("circle"))
        svg = drawn(bars({"2026-W19": web_fakes.rate(3, 7), "2026-W20": web_fakes.rate(5, 10)}))
    blocks = list(svg.iter("rect"))
    assert [e.attrib["class"] for e in blocks] == ["bar last"]
    assert [e.text for e in svg.iter("text")] == ["W19", "–", "W20", "50%"]
    assert drawn(bars({})) is not None


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_bars_are_as_high_as_their_share(values: list[float]) -> None:
    from dalil.web.charts.bars import bars

    rates = {
        f"2026-W{n:02}": Rate(numerator=1, n=20, value=value, interval=Interval(None, None))
        for n, value in enumerate(values, 10)
    }
    blocks = list(drawn(bars(rates)).iter("rect"))
    heights = [float(e.attrib["height"]) for e in blocks]
    for value, height in zip(values, heights, strict=True):
        assert height == pytest.approx(max(88 * value, 0.5), abs=0.06)


def test_a_timeline_has_a_strip_for_each_cell_and_marks_the_first_post(speaking: Any) -> None:
    from dalil.web.charts.timeline import timeline

    rows, first = web_fakes.sightings(), web_fakes.NOW - web_fakes.hours(9.1)
    with speaking("en"):
        drawing = timeline(rows, first=first, answered=None, now=web_fakes.NOW, zone=web_fakes.ZONE)
        assert timeline((), first=first, answered=None, now=web_fakes.NOW, zone=web_fakes.ZONE) is None
    assert drawing is not None
    assert [strip.cell.platform for strip in drawing.strips] == ["telegram", "facebook", "x"]
    assert sum(strip.sightings for strip in drawing.strips) == len(rows)
    for strip in drawing.strips:
        svg = drawn(strip.drawing)
        assert len([e for e in svg.iter("line") if e.attrib["class"] == "first"]) == 1
        assert len(list(svg.iter("circle"))) == strip.sightings
    assert [e.text for e in drawn(drawing.axis).iter("text")] == ["06:00", "08:00", "10:00"]


@given(st.integers(1, 400_000), st.sampled_from(["UTC", "Asia/Baghdad", "Asia/Tehran"]))
def test_an_axis_has_few_ticks_whatever_its_length(minutes: int, zone: str) -> None:
    import msgspec

    from dalil.web.charts.timeline import timeline

    one = web_fakes.sightings()[0]
    rows = [one, msgspec.structs.replace(one, at=one.at + timedelta(minutes=minutes))]
    drawing = timeline(rows, first=None, answered=None, now=rows[1].at, zone=zone)
    assert drawing is not None
    ticks = list(drawn(drawing.axis).iter("text"))
    assert 0 <= len(ticks) <= 12
    places = [shares(tick, "x")[0] for tick in ticks]
    assert places == sorted(places)


def test_words_in_a_drawing_are_escaped(django_workspace: Any) -> None:
    from dalil.web.charts.drawing import Drawing

    drawing = Drawing(height=10, label='"><script>')
    drawing.text(1, 1, "<b>&")
    assert "<script>" not in drawing.done()
    assert not re.search(r"<b>", drawing.done())
