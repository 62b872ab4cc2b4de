"""The pages of column mappings, over the fake rooms: chosen, looked through, saved, used; and the sheet on paper."""

from __future__ import annotations

from typing import Any

import page_reading
import pytest
import web_fakes
from django.core.files.uploadedfile import SimpleUploadedFile

from dalil.errors import MESSAGES
from dalil.schema.mappings import COUNTS, TableField, TimeOrder

ADDRESS = f"/intake/table/{web_fakes.TABLE}"
HEADER = ["اسم الصفحة", "الرابط", "نص المنشور", "Likes", "ملاحظات"]


def form(**changes: Any) -> dict[str, Any]:
    chosen = {"c0": "account_name", "c1": "address", "c2": "text", "c3": "likes", "c4": ""}
    whole = {"platform": "facebook", "account_kind": "page", "times": "dmy", "zone": "Asia/Baghdad", "thousands": ","}
    return (
        {"header": HEADER, "name": "صفحات", "act": "look", "delimiter": "", "encoding": ""} | chosen | whole | changes
    )


def selected(html: str) -> dict[str, str]:
    """Name → the value chosen, of each choice on the page."""
    page = page_reading.read(html)
    found, name = {}, ""
    for element in page.elements:
        if element.tag == "select":
            name = str(element.attributes["name"])
        if element.tag == "option" and "selected" in element.attributes:
            found[name] = str(element.attributes["value"])
    return found


def test_a_table_is_taken_in_and_looked_at(member: Any, rooms: Any) -> None:
    answer = member.post("/intake/table/upload", {"table": SimpleUploadedFile("t.csv", b"a;b\n1;2\n")})
    assert answer.headers["Location"] == ADDRESS
    empty = member.post("/intake/table/upload", {"table": SimpleUploadedFile("t.csv", b" ")})
    assert empty.headers["Location"] == ADDRESS
    assert member.post("/intake/table/upload", {}).status_code == 400


def test_the_page_shows_columns_first_rows_and_posts(member: Any, rooms: Any) -> None:
    rooms.tables.empty = True
    html = member.get(ADDRESS).content.decode()
    assert selected(html)["c1"] == "address"
    assert "c4" not in selected(html) or selected(html)["c4"] == ""
    for shown in (*HEADER, "1,234", "a private account, as a keyed hash", "دالية اليوم", "a time without its zone"):
        assert shown in html
    assert "2 rejected (another number of columns)" in html
    assert "1 not public" in html
    assert "facebook:h:" not in html
    assert "Read by a saved mapping" not in html


def test_a_saved_mapping_that_fits_is_taken(member: Any) -> None:
    html = member.get(ADDRESS).content.decode()
    assert "Read by a saved mapping" in html
    assert 'value="صفحات دالية"' in html


def test_looking_again_keeps_what_was_chosen_and_saves_nothing(member: Any, rooms: Any) -> None:
    html = member.post(ADDRESS, form(c3="views", times="mdy")).content.decode()
    assert rooms.record.acts == []
    assert selected(html)["c3"] == "views"
    assert selected(html)["times"] == "mdy"


def test_what_a_mapping_lacks_is_said_and_nothing_is_lost(member: Any, rooms: Any) -> None:
    answer = member.post(ADDRESS, form(act="import", c1="", c2=""))
    html = answer.content.decode()
    assert answer.status_code == 400
    assert MESSAGES["mapping-without-content"].text in html
    assert selected(html)["c3"] == "likes"
    assert rooms.record.acts == []
    html = member.post(ADDRESS, form(act="import", name="")).content.decode()
    assert "This field is required" in html
    assert rooms.record.acts == []


def test_saving_makes_a_version_and_imports(member: Any, rooms: Any) -> None:
    answer = member.post(ADDRESS, form(act="import"))
    assert answer.headers["Location"] == f"/intake/job/{web_fakes.JOB_RUNNING}"
    (name, (mapping,)), brought = rooms.record.acts
    assert name == "mapping"
    assert mapping.columns == {
        "اسم الصفحة": TableField.ACCOUNT_NAME,
        "الرابط": TableField.ADDRESS,
        "نص المنشور": TableField.TEXT,
        "Likes": TableField.LIKES,
    }
    assert (mapping.platform, mapping.account_kind, mapping.thousands, mapping.times) == (
        "facebook",
        "page",
        ",",
        TimeOrder.DAY_FIRST,
    )
    assert brought == ("bring in", (web_fakes.TABLE, 2))


def test_another_separator_makes_other_columns_and_other_choices(member: Any) -> None:
    html = member.post(ADDRESS, form(delimiter=",")).content.decode()
    assert "all in one" in html
    assert 'name="c1"' not in html


def test_another_saved_mapping_can_be_looked_through(member: Any) -> None:
    html = member.post(ADDRESS, {"act": "use", "saved": web_fakes.SAVED.mapping.name}).content.decode()
    assert "Read by a saved mapping" in html
    assert member.post(ADDRESS, {"act": "use", "saved": "none of ours"}).status_code == 400


def test_our_own_table_needs_no_mapping(member: Any, rooms: Any) -> None:
    member.post(ADDRESS, {"act": "template"})
    assert rooms.record.acts == [("bring in", (web_fakes.TABLE, None))]


@pytest.mark.parametrize("odd", [{"c0": "no such field"}, {"platform": "nowhere"}, {"zone": "Atlantis/Nowhere"}, {"header": [], "c0": ""},
                                 {"header": HEADER * 100}, {"name": "x" * 500}, {"thousands": "??"}, {"delimiter": "ab"}])  # fmt: skip
def test_what_no_page_of_ours_sends_breaks_nothing(member: Any, odd: dict[str, Any]) -> None:
    for act in ("look", "import", "else"):
        assert member.post(ADDRESS, form(act=act) | odd).status_code in (200, 302, 400)


def test_columns_without_names_or_with_the_same_are_numbered(django_workspace: Any) -> None:
    from dalil.web.forms.tables import names_of

    assert names_of(("a", "", "b", "b", " ")) == ["a", "#2", "#3", "#4", "#5"]


def test_a_table_of_an_import_leads_to_its_page(member: Any) -> None:
    job = f"/intake/job/{web_fakes.JOB_RUNNING}/table"
    assert member.get(f"{job}/1").headers["Location"] == ADDRESS
    assert member.get(f"{job}/2").status_code == 404


def test_a_table_can_be_removed(member: Any, rooms: Any) -> None:
    assert member.post(f"{ADDRESS}/forget").headers["Location"] == "/intake/table"
    assert rooms.record.acts == [("forget", (web_fakes.TABLE,))]


def test_the_empty_table_is_a_file(member: Any) -> None:
    answer = member.get("/intake/template/ckb.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert answer.content == b"ckb"


@pytest.mark.parametrize(
    ("language", "word"),
    [("en", "address of the post"), ("ar", "رابط المنشور"), ("ckb", "بەستەری پۆست"), ("ku", "address of the post")],
)
def test_the_sheet_has_the_fields_of_the_table_twice(member: Any, language: str, word: str) -> None:
    html = member.get("/capture/sheet", headers={"accept-language": language}).content.decode()
    assert html.count(word) == 2
    assert "/static/web/paper.css" in html


def test_every_word_of_a_mapping_has_a_label(django_workspace: Any) -> None:
    from dalil.web import words

    assert set(words.TABLES["column"]) == set(TableField)
    assert set(words.TABLES["column_count"]) == set(COUNTS.values())
    assert set(words.TABLES["column_times"]) == set(TimeOrder)


def test_what_was_read_in_screenshots_is_shown_as_a_lead(member: Any, rooms: Any) -> None:
    html = member.get(f"/capture/kept/{web_fakes.ITEM}?pictures=2").content.decode()
    assert "قائما" in html
    assert "never the text of the post" in html
    assert "7 words, 91 of 100 sure" in html
    rooms.archive.empty = True
    html = member.get(f"/capture/kept/{web_fakes.ITEM}?pictures=2").content.decode()
    assert "Tesseract is not installed" in html
    assert "is not installed" in member.get("/capture").content.decode()
    for odd in ("", "x", "9" * 50, "-1"):
        assert member.get(f"/capture/kept/{web_fakes.ITEM}?pictures={odd}").status_code == 200


def test_several_screenshots_come_in_one_capture(member: Any, rooms: Any) -> None:
    pictures = [SimpleUploadedFile(f"{n}.png", web_fakes.small_picture(), "image/png") for n in range(3)]
    values = {
        "platform": "facebook",
        "text": "",
        "account_kind": "page",
        "seen_at": "2026-05-17T14:00",
        "screenshots": pictures,
    }
    answer = member.post("/capture", values)
    assert answer.headers["Location"].endswith("?pictures=3")
    ((_name, (kept,)),) = rooms.record.acts
    assert len(kept["screenshots"]) == 3
    assert member.post("/capture", values | {"screenshots": []}).status_code == 400
