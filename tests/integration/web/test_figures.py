"""The week: every figure with its n and interval, no rate below ten, the unanswered first on a phone."""

from __future__ import annotations

from typing import Any

import msgspec
import page_reading
import pytest
import web_fakes


def front(client: Any, language: str = "en") -> page_reading.Page:
    return page_reading.read(client.get("/", headers={"accept-language": language}).content.decode())


def sections(page: page_reading.Page) -> dict[str, str]:
    return {e.attributes["aria-labelledby"]: " ".join(e.text.split()) for e in page.all("section")}


def test_each_headline_has_n_interval_and_explanation(member: Any) -> None:
    page = front(member)
    said = sections(page)
    assert "7 h 20 min" in said["m3b"].replace("\u2060", "")
    assert "median of 21 claims × cells" in said["m3b"]
    assert "95% interval 4 h to 11 h" in said["m3b"]
    assert "32%" in said["m1"]
    assert "of 41 claims × cells" in said["m1"]
    assert "19%\u2060–\u206046%" in said["m1"]
    assert "4 unknown" in said["m1"]
    assert "63%" in said["m11"]
    assert "of 118 pictures and clips" in said["m11"]
    hrefs = [link.attributes["href"] for link in page.all("a")]
    assert {"/how/m3b", "/how/m1", "/how/m11"} <= set(hrefs)


def test_no_rate_below_ten_is_told(member: Any, rooms: Any) -> None:
    few = web_fakes.rate(3, 7)
    curve = msgspec.structs.replace(web_fakes.curve(7, 3, None), marks=())
    result = msgspec.structs.replace(web_fakes.week_result(), m1=few, m11=few, m3b=curve, m3=curve, m0=few)
    rooms.weeks.saved = lambda week: result
    said = sections(front(member))
    for name in ("m1", "m11", "m3b"):
        assert "too few for a figure" in said[name]
        assert "of 7" in said[name]
    assert "Log completeness unknown (n = 7)" in member.get("/").content.decode()


def test_a_median_that_was_not_reached_is_not_invented(member: Any, rooms: Any) -> None:
    result = msgspec.structs.replace(web_fakes.week_result(), m3b=web_fakes.curve(21, 4, None))
    rooms.weeks.saved = lambda week: result
    assert "longer than was watched" in sections(front(member))["m3b"]


def test_every_chart_has_a_table(member: Any) -> None:
    page = front(member)
    charts = page.all("svg")
    assert charts
    assert all("table" in e.inside or "section" in e.inside for e in charts)
    rows = [e for e in page.all("tr") if "W" not in e.text]
    assert len(page.all("details")) >= 3
    assert len(rows) > 20


def test_figures_carry_partial_and_the_panel(member: Any) -> None:
    html = member.get("/").content.decode()
    assert "The figures are partial." in html
    assert "panel of 38 sources" in html
    assert "2 sources were not captured" in html
    assert "None of these figures shows changed minds." in html
    assert "The week is not over." in html


def test_on_a_phone_the_unanswered_come_before_the_charts(member: Any) -> None:
    names = [e.attributes.get("aria-labelledby") for e in front(member).all("section")]
    assert names.index("tasks") < names.index("now") < names.index("m3b")


@pytest.mark.parametrize("language", ["ar", "ckb"])
def test_arabic_pages_write_arabic_digits_alone(member: Any, language: str) -> None:
    said = sections(front(member, language))
    for name in ("m3b", "m1", "m11", "now"):
        latin = [c for c in said[name] if c.isascii() and c.isdigit()]
        assert not [c for c in latin if c not in "04"], said[name]  # only in the pseudonym willow-04
    assert "فەیسبووک" in said["m1"] or "فيسبوك" in said["m1"]


def test_clocks_say_late_by_shape_and_word(member: Any) -> None:
    html = member.get("/").content.decode()
    assert 'class="clock late">9 h 06 min' in html
    assert 'class="clock soon">1 h 10 min' in html
    assert "six hours or more" in html


def test_an_earlier_week_shows_no_present_work(member: Any) -> None:
    page = page_reading.read(member.get("/week/2026-W19").content.decode())
    assert "now" not in sections(page)
    assert "/week/2026-W20" in [link.attributes["href"] for link in page.all("a")]
    assert member.get("/week/2026-W60").status_code == 404
    assert member.get("/week/nonsense").status_code == 404


def test_a_week_is_counted_on_request(member: Any, rooms: Any) -> None:
    assert member.post("/week/2026-W19/count").headers["Location"] == "/week/2026-W19"
    assert rooms.record.acts == [("request", ("2026-W19",))]
    assert member.get("/how/nothing").status_code == 404
