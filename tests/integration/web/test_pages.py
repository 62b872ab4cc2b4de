"""Every page, in every language: whole, named, without script, light, kept by no browser."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import page_reading
import pytest
import web_fakes

PAGES = [
    "/",
    "/week/2026-W19",
    "/how/m0",
    "/how/m1",
    "/how/m3",
    "/how/m3b",
    "/how/m11",
    "/how/pdq",
    "/how/texts",
    "/how/earliest",
    "/claims",
    "/claims?state=settled&type=withdrawal",
    "/claims?platform=x&who=nobody",
    "/claims/new",
    "/claims/suggested",
    f"/claims/{web_fakes.CLAIM}",
    f"/claims/{web_fakes.SETTLED}",
    f"/claims/{web_fakes.FRESH}",
    f"/claims/{web_fakes.THREAT}",
    f"/claims/{web_fakes.CLAIM}?show={web_fakes.PICTURE}",
    "/seen",
    "/search",
    "/intake",
    f"/intake/job/{web_fakes.JOB_RUNNING}",
    f"/intake/job/{web_fakes.JOB_DONE}",
    f"/intake/job/{web_fakes.JOB_FAILED}",
    f"/intake/job/{web_fakes.JOB_UNDO}",
    f"/intake/{web_fakes.INTAKE}",
    f"/intake/{web_fakes.UNDONE}",
    f"/intake/{web_fakes.REFERRED}",
    f"/intake/{web_fakes.INTAKE}/undo",
    f"/intake/{web_fakes.REFERRED}/undo",
    f"/intake?again={web_fakes.UNDONE}",
    "/capture",
    "/capture/sheet",
    f"/capture/kept/{web_fakes.ITEM}?pictures=1",
    "/intake/table",
    f"/intake/table/{web_fakes.TABLE}",
    "/circle",
    "/kept",
    "/door",
    "/more",
    "/audit",
    "/help",
    "/login",
    "/join",
]
LANGUAGES = {"en": "ltr", "ar": "rtl", "ckb": "rtl", "ku": "ltr"}
SHEET = Path(__file__).parents[3] / "src" / "dalil" / "web" / "static" / "web" / "dalil.css"
FIRST, LATER = 20_000, 8_000


def get(client: Any, address: str, language: str = "en") -> tuple[str, page_reading.Page]:
    response = client.get(address, headers={"accept-language": language})
    assert response.status_code == 200, address
    html = response.content.decode()
    return html, page_reading.read(html)


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_whole_and_says_its_language(member: Any, address: str, language: str) -> None:
    _html, page = get(member, address, language)
    assert page.unbalanced == []
    root = page.one("html")
    assert (root.attributes["lang"], root.attributes["dir"]) == (language, LANGUAGES[language])
    assert len(page.all("h1")) == 1
    assert page.one("h1").text.strip()
    assert page.one("title").text.endswith(" · Dalil")
    assert page.one("main").attributes["id"] == "main"


@pytest.mark.parametrize("address", PAGES)
def test_nothing_runs_in_a_page_and_nothing_comes_from_elsewhere(member: Any, address: str) -> None:
    _html, page = get(member, address)
    assert not page.all("script")
    assert not page.all("style")
    assert not page.all("iframe")
    for element in page.elements:
        assert "style" not in element.attributes, element
        assert not any(name.startswith("on") for name in element.attributes), element
        for name in ("href", "src", "action"):
            value = element.attributes.get(name, "/")
            assert value.startswith(("/", "#", "?")), element
            assert not value.startswith("//"), element


@pytest.mark.parametrize("address", PAGES)
def test_every_field_has_a_label_and_every_id_is_one(member: Any, address: str) -> None:
    _html, page = get(member, address)
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    assert len(ids) == len(set(ids)), [name for name in ids if ids.count(name) > 1]
    labelled = {element.attributes.get("for") for element in page.all("label")}
    for element in page.all("input") + page.all("select") + page.all("textarea"):
        if element.attributes.get("type") == "hidden":
            continue
        assert element.attributes.get("id") in labelled or "label" in element.inside, element
    for element in page.elements:
        for name in ("aria-labelledby", "aria-describedby"):
            for target in element.attributes.get(name, "").split():
                assert target in ids, (name, target)
    for button in page.all("button"):
        assert button.text.strip()
    for link in page.all("a"):
        assert link.text.strip(), link
    for picture in page.all("img"):
        assert picture.attributes["alt"]
    for chart in page.all("svg"):
        assert chart.attributes.get("aria-label") is not None or chart.attributes.get("aria-hidden") == "true"


@pytest.mark.parametrize("address", PAGES)
def test_weight(member: Any, address: str) -> None:
    sheet = len(gzip.compress(SHEET.read_bytes()))
    for code in LANGUAGES:
        html, _page = get(member, address, code)
        page = len(gzip.compress(html.encode()))
        assert page + sheet <= FIRST, (address, code, page, sheet)
        assert page <= LATER, (address, code, page)


def test_what_goes_over_the_wire_is_pressed(member: Any) -> None:
    response = member.get("/", headers={"accept-encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    _html, page = get(member, "/")
    (sheet,) = [link for link in page.all("link") if link.attributes["rel"] == "stylesheet"]
    response = member.get(sheet.attributes["href"], headers={"accept-encoding": "gzip"})
    pressed = b"".join(response.streaming_content)
    assert response.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(pressed) == SHEET.read_bytes()
    assert "max-age=2592000" in response.headers["Cache-Control"]


@pytest.mark.parametrize("address", [*PAGES, "/nothing", f"/picture/{web_fakes.PICTURE}.jpg"])
def test_headers(member: Any, address: str) -> None:
    response = member.get(address)
    assert response.headers["Cache-Control"] == "no-store"
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"


def test_titles_and_addresses_hold_no_words_of_a_claim(member: Any) -> None:
    sentences = [claim.sentence for claim in web_fakes.ROWS]
    for address in PAGES:
        _html, page = get(member, address, "ar")
        title = page.one("title").text
        links = " ".join(element.attributes.get("href", "") for element in page.elements)
        for sentence in sentences:
            longest = max(re.findall(r"\w+", sentence), key=len)
            assert longest not in title
            assert longest not in links


def test_foreign_text_stands_apart_from_the_page(member: Any) -> None:
    _html, page = get(member, "/", "en")
    claims = [element for element in page.all("bdi") if element.text == web_fakes.ROWS[0].sentence]
    assert claims
    assert all(e.attributes == {"dir": "auto", "lang": "ar"} for e in claims)


def test_nothing_from_outside_is_shown_unasked(member: Any) -> None:
    for address in PAGES:
        if "show=" not in address:
            assert not get(member, address)[1].all("img")
    shown = get(member, f"/claims/{web_fakes.CLAIM}?show={web_fakes.PICTURE}")[1].one("img")
    assert shown.attributes["src"] == f"/picture/{web_fakes.PICTURE}.jpg"
    other = get(member, f"/claims/{web_fakes.CLAIM}?show={'ab' * 32}")[1]
    assert not other.all("img")


def test_the_language_is_switched_without_script(member: Any) -> None:
    answer = member.post("/language", {"language": "ar", "next": "/claims"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/claims")
    assert get(member, "/claims", "en")[1].one("html").attributes["lang"] == "ar"
    elsewhere = member.post("/language", {"language": "en", "next": "https://example.org/"})
    assert elsewhere.headers["Location"] == "/"


def test_a_reader_finds_the_other_languages_by_their_own_names(visitor: Any) -> None:
    _html, page = get(visitor, "/login", "ckb")
    names = {b.attributes["value"]: b.text for b in page.all("button") if b.attributes.get("name") == "language"}
    assert names == {"ar": "العربية", "en": "English", "ku": "Kurmancî"}


def test_empty_pages_say_what_to_do(member: Any, rooms: Any) -> None:
    rooms.desk.empty = rooms.archive.empty = rooms.weeks.empty = True
    for address, next_step in {
        "/": "/week/2026-W20/count",
        "/claims": "/intake",
        "/claims/suggested": "/intake",
        "/seen": "/intake",
        "/search": "/intake",
        "/intake": "/capture",
    }.items():
        _html, page = get(member, address)
        targets = {e.attributes.get("href") or e.attributes.get("action") for e in page.elements}
        assert next_step in targets, address
