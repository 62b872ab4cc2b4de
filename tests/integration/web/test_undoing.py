"""Undo in the console: where it is offered, what the page asks, why it may not be; and options of what is brought in."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import page_reading
import pytest
import web_fakes
from django.core.files.uploadedfile import SimpleUploadedFile

UNDO = f"/intake/{web_fakes.INTAKE}/undo"


def text(answer: Any) -> str:
    source = answer.content.decode().replace("</dt>", "</dt> ").replace("</summary>", "</summary> ")
    return " ".join(page_reading.read(source.replace("</a>", "</a> ")).one("main").text.split())


def links(answer: Any) -> list[str]:
    return [link.attributes["href"] for link in page_reading.read(answer.content.decode()).all("a")]


def form_of(answer: Any, action: str) -> str:
    """The source of a form."""
    _, _, rest = answer.content.decode().partition(f'action="{action}"')
    return str(rest.partition("</form>")[0])


def fields(answer: Any, action: str) -> set[str]:
    """Names of what a form asks."""
    return set(re.findall(r'<(?:input|select|textarea)[^>]* name="([^"]+)"', form_of(answer, action)))


def test_it_is_offered_where_it_applies(member: Any, rooms: Any) -> None:
    rooms.archive.many = True
    page = member.get("/intake")
    assert UNDO in links(page)
    assert f"/intake/{web_fakes.UNDONE}/undo" not in links(page)
    assert page.content.decode().count('<span class="tag">undone</span>') == 1
    assert "3 files, 24,108 items kept" in text(page), "what was undone is not kept"
    assert UNDO in links(member.get(f"/intake/{web_fakes.INTAKE}"))


def test_the_page_asks_once_and_says_what_goes_and_what_stays(member: Any, rooms: Any) -> None:
    page = member.get(UNDO)
    said = text(page)
    assert "Undo this import?" in said
    for part in (
        "Items that only this import brought 11,994",
        "Media files that only it brought 310",
        "Items that another import brought too 40",
        "Items that were known before 180",
        "that it was undone",
        "may be brought in again",
    ):
        assert part in said
    assert fields(page, UNDO) == {"csrfmiddlewaretoken"}
    assert rooms.record.acts == []
    assert member.post(UNDO).headers["Location"] == f"/intake/job/{web_fakes.JOB_UNDO}"
    assert rooms.record.acts == [("undo", (web_fakes.INTAKE,))]


def test_what_stands_in_the_way_is_linked_and_there_is_no_button(member: Any, rooms: Any) -> None:
    page = member.get(f"/intake/{web_fakes.REFERRED}/undo")
    said = text(page)
    assert "Something refers to 4 of its items, so it stays." in said
    assert "Claim 41 3 items" in said
    assert "1 item is held" in said
    assert {f"/claims/{web_fakes.CLAIM}", f"/claims/{web_fakes.THREAT}", "/kept"} <= set(links(page))
    assert "Yes, undo it" not in said
    assert member.post(f"/intake/{web_fakes.REFERRED}/undo").status_code == 409
    rooms.archive.obstacle = "undo-untold"
    assert "Bring their files in again" in text(member.get(UNDO))
    assert rooms.record.acts == []


def test_afterwards_the_page_says_when_and_by_which_circle(member: Any) -> None:
    page = member.get(f"/intake/{web_fakes.UNDONE}")
    said = text(page)
    assert "This import was undone on 18 May 2026." in said
    assert "Blue circle" in said
    assert "Rejected, with the reason" not in said
    assert f"/intake?again={web_fakes.UNDONE}#upload" in links(page)
    assert member.get(f"/intake/{web_fakes.UNDONE}/undo").status_code == 409
    assert member.post(f"/intake/{web_fakes.UNDONE}/undo").status_code == 409
    running = text(member.get(f"/intake/{web_fakes.REFERRED}"))
    assert "It is being undone." in running
    assert "Taken over 40" in running


def test_the_job_of_undoing_has_its_own_words(member: Any, rooms: Any) -> None:
    said = text(member.get(f"/intake/job/{web_fakes.JOB_UNDO}"))
    assert said.startswith("Undo an import")
    assert "the import goes on" not in said


def test_whoever_may_not_is_offered_nothing(sign_in_as: Any) -> None:
    newcomer = sign_in_as(web_fakes.NEWCOMER)
    assert UNDO not in links(newcomer.get("/intake"))
    assert UNDO not in links(newcomer.get(f"/intake/{web_fakes.INTAKE}"))
    assert newcomer.get(UNDO).status_code == newcomer.post(UNDO).status_code == 404
    spotter = sign_in_as(web_fakes.SPOTTER)
    assert spotter.get(UNDO).status_code == 200


def test_options_stand_under_more_and_nothing_must_be_filled_in(member: Any, rooms: Any) -> None:
    page = member.get("/intake")
    more = page_reading.read(page.content.decode()).one("details")
    assert "open" not in more.attributes
    said = " ".join(more.text.split())
    assert said.startswith("More about these files")
    assert "Nothing here must be filled in." in said
    assert "Time zone" in said
    assert "For: telegram-desktop" in said
    assert "depth (may stay empty)" in said, "an option of a plug-in, by its own name"
    assert "How deep a plug-in looks. For: x-api-v2" in said
    assert fields(page, "/intake/upload") == {
        *("csrfmiddlewaretoken", "uploads", "format", "page", "public", "zone", "depth")
    }
    assert "required" not in form_of(page, "/intake/upload").partition("<details")[2]


def test_what_was_given_goes_along(member: Any, rooms: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"uploads": [SimpleUploadedFile("a.json", b"{}")], "zone": " Asia/Baghdad ", "public": "on", "page": ""}
    assert member.post("/intake/upload", given).status_code == 302
    assert rooms.record.acts == [("receive", ([2], None, {"zone": "Asia/Baghdad", "public": "yes"}))]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"zone": "Tel Nahr"}, "an IANA zone, such as Asia/Baghdad"),
        ({"page": "not a page/name"}, "or its number"),
        ({"zone": "Asia/Baghdad", "format": "x-api-v2"}, "has the option 'zone'"),
        ({"platform": "no such place"}, None),
    ],
)
def test_what_cannot_be_is_said_at_its_field(member: Any, rooms: Any, wrong: dict[str, str], said: str | None) -> None:
    given = {"uploads": [SimpleUploadedFile("a.json", b"{}")], **wrong}
    answer = member.post("/intake/upload", given)
    if said is None:  # no field of this page: not looked at
        assert answer.status_code == 302
        return
    assert answer.status_code == 400
    assert said in text(answer)
    assert 'class="wrong"' in answer.content.decode()
    assert rooms.record.acts == []


def test_what_was_given_stands_on_the_imports_page(member: Any) -> None:
    said = text(member.get(f"/intake/{web_fakes.INTAKE}"))
    assert "Time zone Asia/Baghdad" in said
    assert "Anybody can read these channels and groups yes" in said


def test_bringing_it_in_again_begins_with_what_was_given(member: Any, rooms: Any) -> None:
    rooms.archive.many = True
    page = page_reading.read(member.get(f"/intake?again={web_fakes.UNDONE}").content.decode())
    assert "open" in page.one("details").attributes
    (zone,) = [e for e in page.all("input") if e.attributes.get("name") == "zone"]
    assert zone.attributes["value"] == "Asia/Baghdad"
    assert member.get("/intake?again=nothing").status_code == 404


# Over a real house: dropped, undone by the worker, brought in again with another option.


class Clock:
    def __call__(self) -> datetime:
        return datetime(2026, 5, 17, 11, 20, tzinfo=UTC)


def test_a_wrong_zone_is_undone_and_read_right(database: Path, tmp_path: Path) -> None:
    from django.test import Client
    from import_inputs import crowdtangle_file
    from real_house import real_house, work

    from dalil.actions.people import invite
    from dalil.people import queries
    from dalil.people.actor import LOCAL, Role
    from dalil.web import rooms as seam

    data = crowdtangle_file(tmp_path / "pages.csv", 0, 6).read_bytes()
    with real_house(tmp_path / "w", Clock()) as house:
        seam.set_current(None)
        (circle,) = [row for row in queries.circles() if row.colour == "blue"]
        code = invite(LOCAL, Role.SPOTTER, now=house.now(), keys=house.unlocked(), circle_id=circle.circle_id)
        client = Client(SERVER_NAME="localhost")
        words = "six words that nobody will guess"
        assert client.post("/join", {"code": code, "passphrase": words, "again": words}).status_code == 200
        given = {"uploads": [SimpleUploadedFile("pages.csv", data)], "zone": "Europe/London"}
        assert client.post("/intake/upload", given).status_code == 302
        work(house)
        (first,) = house.archive.intakes()
        assert (first.options, first.kept) == ({"zone": "Europe/London"}, 6)
        assert "Time zone Europe/London" in text(client.get(f"/intake/{first.intake_id}"))
        asked = client.post(f"/intake/{first.intake_id}/undo").headers["Location"]
        assert "waiting" in text(client.get(asked))
        work(house)
        assert "done" in text(client.get(asked))
        assert "This import was undone on 17 May 2026. Blue circle." in text(client.get(f"/intake/{first.intake_id}"))
        assert house.archive.table("posts").count().execute() == 0
        given = {"uploads": [SimpleUploadedFile("pages.csv", data)], "zone": "Asia/Baghdad"}
        client.post("/intake/upload", given)
        work(house)
        assert [(row.kept, row.held, row.options) for row in house.archive.intakes()] == [
            (6, 6, {"zone": "Asia/Baghdad"}),
            (6, 0, {"zone": "Europe/London"}),
        ]
        assert "2 files, 6 items kept" in text(client.get("/intake"))
