"""*Search*: words by POST, an address without words, texts kept apart, private accounts unnamed, pictures on demand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import page_reading
import pytest
import web_fakes


def ask(client: Any, **form: Any) -> str:
    answer = client.post("/search", form)
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def main_text(client: Any, address: str, language: str = "en") -> str:
    html = client.get(address, headers={"accept-language": language}).content.decode()
    return " ".join(page_reading.read(html).one("main").text.split())


def test_an_answer_says_how_many_and_as_of_when(member: Any) -> None:
    address = ask(member, text="جسر")
    said = main_text(member, address)
    assert "30 of 12,034 posts hold all of it, as of" in said
    assert "Telegram · راديو نهر" in said
    assert "a private account (not shown)" in said
    assert "x:h:77" not in member.get(address).content.decode()
    assert "جسر" not in address
    assert "captured 2 times" in said
    assert "holds only some of the words" in said


def test_what_was_searched_for_is_in_no_title_and_no_address(member: Any) -> None:
    address = ask(member, text="secretword", source="somebody")
    page = page_reading.read(member.get(address).content.decode())
    assert page.one("title").text == "Search · Dalil"
    assert not [e for e in page.all("a") if "secretword" in e.attributes["href"] or "somebody" in e.attributes["href"]]
    typed = [e.attributes.get("value", "") for e in page.all("input")]
    assert "secretword" in typed  # to be changed, on the page of whoever asked
    assert "no-store" in member.get(address).headers["Cache-Control"]


def test_very_many_are_said_to_be_more_than_were_compared(member: Any) -> None:
    said = main_text(member, ask(member, text="frequent"))
    assert "More than 10,000 of 12,034 posts hold all of it" in said
    assert "Only the newest 200 of them were compared" in said
    assert "40,000 stored texts are not searched yet" in said


def test_nothing_found_says_what_to_do(member: Any) -> None:
    said = main_text(member, ask(member, text="nothing"))
    assert "0 of 12,034 posts hold all of it" in said
    assert "Try fewer or other words" in said
    assert "may still exist" in said


def test_the_filters_reach_the_archive_as_days_of_the_workspace(member: Any, rooms: Any) -> None:
    form = {"text": "«a b» c", "since": "2026-05-01", "until": "2026-05-02", "platform": "x", "language": "ckb"}
    ask(member, **form, kind="picture", source="Radio", newest="on")
    name, (asked,) = rooms.record.acts[-1]
    assert name == "search"
    assert asked.text == '"a b" c'
    assert asked.since == datetime(2026, 4, 30, 21, tzinfo=UTC)
    assert asked.until == datetime(2026, 5, 2, 20, 59, 59, tzinfo=UTC)
    assert (asked.platforms, asked.languages, asked.kinds, asked.sources) == (
        ("x",),
        ("ckb",),
        ("picture",),
        ("Radio",),
    )
    assert asked.newest


def test_a_span_that_ends_before_it_begins_is_refused(member: Any) -> None:
    answer = member.post("/search", {"text": "a", "since": "2026-05-02", "until": "2026-05-01"})
    assert answer.status_code == 400
    assert "before the first" in answer.content.decode()


def test_pictures_stay_hidden_until_asked_for(member: Any) -> None:
    address = ask(member, text="جسر")
    page = page_reading.read(member.get(address).content.decode())
    assert not page.all("img")
    shown = page_reading.read(member.get(address + "?show=1").content.decode()).all("img")
    assert [e.attributes["src"] for e in shown] == [f"/picture/{web_fakes.PICTURE}.jpg"]


def test_the_list_goes_on_page_by_page(member: Any) -> None:
    address = ask(member, text="جسر")
    first = page_reading.read(member.get(address).content.decode())
    assert len(first.all("tr")) == 1 + 20
    assert "?from=21" in {link.attributes["href"] for link in first.all("a")}
    second = page_reading.read(member.get(address + "?from=21").content.decode())
    assert len(second.all("tr")) == 1 + 10
    assert "?from=1" in {link.attributes["href"] for link in second.all("a")}
    for odd in ("?from=99999", "?from=-1", "?from=x&show=²", "?from=0"):
        assert member.get(address + odd).status_code == 200


def test_text_from_outside_is_escaped_and_finds_its_own_direction(member: Any) -> None:
    html = member.get(ask(member, text="جسر")).content.decode()
    assert "<b>stands</b>" not in html
    page = page_reading.read(html)
    texts = [e for e in page.all("bdi") if "stands" in e.text or "الرتل" in e.text]
    assert texts
    assert all(e.attributes["dir"] == "auto" for e in texts)


def test_an_answer_belongs_to_who_asked_and_goes_with_the_lock(member: Any, sign_in_as: Any) -> None:
    address = ask(member, text="جسر")
    other = sign_in_as(web_fakes.SPOTTER)
    assert other.get(address).headers["Location"] == "/search"
    assert member.get(address).status_code == 200
    member.post("/lock")
    from django.test import Client

    again = Client(SERVER_NAME="localhost")
    again.post("/login/code", {"code": web_fakes.CODE})
    assert again.get(address).headers["Location"] == "/search"


@pytest.mark.parametrize("language", ["ar", "ckb", "en"])
def test_the_empty_page_says_what_to_do(member: Any, rooms: Any, language: str) -> None:
    assert "12" in main_text(member, "/search", language) or "١٢" in main_text(member, "/search", language)
    rooms.archive.empty = True
    page = page_reading.read(member.get("/search", headers={"accept-language": language}).content.decode())
    assert "/intake" in {link.attributes["href"] for link in page.one("main") and page.all("a")}
    assert not page.unbalanced
