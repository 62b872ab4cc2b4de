"""*Seen before?*: one sentence, never "new", pictures only when asked for, nothing in addresses."""

from __future__ import annotations

from typing import Any

import page_reading
import pytest
import web_fakes
from django.core.files.uploadedfile import SimpleUploadedFile


def ask(client: Any, **form: Any) -> str:
    answer = client.post("/seen", form)
    assert answer.status_code == 302
    return str(answer.headers["Location"])


def picture(size: int = 200) -> SimpleUploadedFile:
    return SimpleUploadedFile("now.png", b"\x89PNG" + b"x" * size)


def main_text(client: Any, address: str, language: str = "en") -> str:
    html = client.get(address, headers={"accept-language": language}).content.decode()
    return " ".join(page_reading.read(html).one("main").text.split())


def test_a_picture_that_we_hold(member: Any) -> None:
    said = main_text(member, ask(member, picture=picture()))
    assert (
        "This picture is in our archive since 12 March 2025. By the platform’s date it was first posted on "
        "4 November 2023. Finding then: recycled." in said
    )
    assert "22 of 256 bits differ" in said
    assert "mirrored" in said
    assert "Telegram · دالية اليوم" in said
    assert "Facebook · سهلارا لايف" in said
    assert "a private account (not shown)" in said


def test_a_text_that_we_hold_is_compared_side_by_side(member: Any) -> None:
    address = ask(member, text="الرتل الرمادي يقول إنه يسيطر على جسر تل نهر")
    said = main_text(member, address)
    assert "This text is in our archive since 12 March 2025." in said
    assert "Verdict on its claim: false." in said
    assert said.count("الرتل الرمادي يقول إنه يسيطر") == 2
    assert "الرتل" not in address


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_nothing_found_is_never_called_new(member: Any, language: str) -> None:
    said = main_text(member, ask(member, text="nothing like it"), language)
    not_held = {"en": "is not in our archive", "ar": "في أرشيفنا", "ckb": "بابەتیماندا نییە"}
    assert not_held[language] in said
    for new in ("is new.", "جديد هذا", "نوێ یە"):
        assert new not in said
    note = {"en": "would not mean that an item is new", "ar": "لا يعني أن المادة جديدة", "ckb": "مانای ئەوە نییە"}
    assert note[language] in said


def test_a_lead_is_worded_as_one(member: Any) -> None:
    said = main_text(member, ask(member, picture=picture(10)))
    assert "We hold nothing that is surely this picture. 1 item looks like it: a person must look." in said
    assert "its fingerprint decides nothing" in said


def test_pictures_stay_hidden_until_asked_for(member: Any) -> None:
    address = ask(member, picture=picture())
    assert not page_reading.read(member.get(address).content.decode()).all("img")
    shown = page_reading.read(member.get(address + "?show=1").content.decode()).all("img")
    assert [e.attributes["src"] for e in shown] == [f"{address}/given.jpg", f"/picture/{web_fakes.PICTURE}.jpg"]
    for element in shown:
        small = member.get(element.attributes["src"])
        assert small.headers["Content-Type"] == "image/jpeg"
        assert small.content[:2] == b"\xff\xd8"


def test_an_answer_belongs_to_who_asked(member: Any, sign_in_as: Any) -> None:
    address = ask(member, picture=picture())
    other = sign_in_as(web_fakes.SPOTTER)
    assert other.get(address).headers["Location"] == "/seen"
    assert other.get(address + "/given.jpg").status_code == 404
    assert member.get(address + "/given.jpg").status_code == 200
    member.post("/lock")
    member.post("/login/code", {"code": web_fakes.CODE})


def test_the_lock_forgets_what_was_looked_up(member: Any) -> None:
    address = ask(member, picture=picture())
    member.post("/lock")
    from django.test import Client

    again = Client(SERVER_NAME="localhost")
    again.post("/login/code", {"code": web_fakes.CODE})
    assert again.get(address).headers["Location"] == "/seen"


def test_the_sample_offers_its_example(member: Any, rooms: Any) -> None:
    assert "sample/market-today.jpg" in main_text(member, "/seen")
    answer = member.post("/seen/example")
    assert "in our archive since" in main_text(member, answer.headers["Location"])
    rooms.archive.empty = True
    assert "market-today" not in main_text(member, "/seen")


def test_what_is_no_picture_is_refused_in_words(member: Any) -> None:
    answer = member.post("/seen", {"picture": SimpleUploadedFile("a.txt", b"hello")})
    assert answer.status_code == 400
    assert "not in any format we read" in answer.content.decode()
    assert member.post("/seen", {"text": "  "}).status_code == 400


def test_the_decision_may_stand_on_another_copy_than_the_nearest(member: Any, rooms: Any) -> None:
    looked = web_fakes.seen("picture", "held")
    looked.matches = (looked.matches[1], looked.matches[0], looked.matches[2])
    rooms.archive.look_picture = lambda actor, data: web_fakes.Looked(looked, picture=web_fakes.small_picture())
    page = page_reading.read(member.get(ask(member, picture=picture())).content.decode())
    said = " ".join(page.one("main").text.split())
    assert "Finding then: recycled." in said
    assert f"/claims/{web_fakes.SETTLED}" in {link.attributes["href"] for link in page.all("a")}
    assert "What we hold: Telegram · دالية اليوم" in said
