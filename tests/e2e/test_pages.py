"""Pages in a real browser: both directions, a phone and a wide screen, with the keyboard, without script."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import web_browser as chromium
import web_fakes

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.CHROMIUM is None, reason="needs a Chromium, which is not installed here"),
]
LANGUAGES = {"en": "ltr", "ar": "rtl", "ckb": "rtl", "ku": "ltr"}
SCREENS = [(language, 360) for language in LANGUAGES] + [("en", 1180), ("ar", 1180), ("ar", 1600)]
PAGES = {
    "week": "/",
    "board": "/claims",
    "claim": f"/claims/{web_fakes.CLAIM}",
    "settled": f"/claims/{web_fakes.SETTLED}",
    "threat": f"/claims/{web_fakes.THREAT}",
    "new claim": "/claims/new",
    "suggested": "/claims/suggested",
    "seen": "/seen",
    "search": "/search",
    "intake": "/intake",
    "table": "/intake/table",
    "table map": f"/intake/table/{web_fakes.TABLE}",
    "paper": "/capture/sheet",
    "captured": f"/capture/kept/{web_fakes.ITEM}?pictures=1",
    "job": f"/intake/job/{web_fakes.JOB_DONE}",
    "one intake": f"/intake/{web_fakes.INTAKE}",
    "capture": "/capture",
    "circle": "/circle",
    "door": "/door",
    "more": "/more",
    "audit": "/audit",
    "help": "/help",
    "how": "/how/m1",
    "login": "/login",
    "join": "/join",
}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with chromium.served() as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium.opened() as opened:
        yield opened


def first_box(page: Any, selector: str) -> dict[str, float]:
    box = page.locator(selector).first.bounding_box()
    assert box is not None, selector
    return dict(box)


@pytest.mark.parametrize(("language", "width"), SCREENS)
def test_no_page_is_wider_than_its_screen(address: str, browser: Any, language: str, width: int) -> None:
    page = chromium.page_for(browser, address, language=language, width=width)
    for name, path in PAGES.items():
        page.goto(address + path)
        for summary in page.locator("main details.do > summary").all():
            summary.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate("getComputedStyle(document.documentElement).direction") == LANGUAGES[language], name
    page.context.close()


@pytest.mark.parametrize("language", ["en", "ar", "ckb"])
def test_the_answer_to_a_search_fits_a_phone(address: str, browser: Any, language: str) -> None:
    page = chromium.page_for(browser, address, language=language, width=360)
    page.goto(address + "/search")
    page.fill("form[action='/search'] input[name='text']", "frequent")
    page.click("form[action='/search'] button")
    assert page.locator("main table tbody tr").count() == 20
    assert "frequent" not in page.url
    page.locator("main details > summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.goto(page.url + "?show=1")
    assert page.locator("main table img").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_on_a_phone_the_unanswered_stand_above_the_charts(address: str, browser: Any, language: str) -> None:
    page = chromium.page_for(browser, address, language=language, width=360)
    assert first_box(page, "#now")["y"] < first_box(page, "#m3b")["y"]
    wide = chromium.page_for(browser, address, language=language, width=1180)
    assert first_box(wide, "#m3b")["y"] < first_box(wide, "#now")["y"]
    page.context.close()
    wide.context.close()


@pytest.mark.parametrize(("language", "start"), [("en", "left"), ("ar", "right")])
def test_the_page_begins_at_the_side_its_language_begins(address: str, browser: Any, language: str, start: str) -> None:
    page = chromium.page_for(browser, address, language=language, width=1180)
    name, lock = first_box(page, ".name"), first_box(page, "form[action='/lock']")
    first, last = first_box(page, ".heads section:first-child"), first_box(page, ".heads section:last-child")
    bars = page.locator("svg .bar")
    early, late = bars.first.bounding_box(), bars.last.bounding_box()
    if start == "left":
        assert name["x"] < lock["x"]
        assert first["x"] < last["x"]
        assert early["x"] < late["x"]
    else:
        assert name["x"] > lock["x"]
        assert first["x"] > last["x"]
        assert early["x"] > late["x"]
    page.context.close()


def test_the_three_headlines_stand_in_line(address: str, browser: Any) -> None:
    page = chromium.page_for(browser, address, language="ar", width=1180)
    for selector in (".heads .fig", ".heads .plot", ".heads a.n"):
        tops = {round(box["y"]) for box in (e.bounding_box() for e in page.locator(selector).all())}
        assert len(tops) == 1, selector
    page.context.close()


def test_a_journey_without_script_from_the_code_to_the_vote(address: str, browser: Any) -> None:
    page = chromium.context_for(browser, language="ar", width=360).new_page()
    page.goto(address + "/claims")
    assert page.url.endswith("/login?next=%2Fclaims")
    page.fill("#code-code", "right-code")
    page.press("#code-code", "Enter")
    assert page.url == address + "/claims"
    page.click(f"a[href='/claims/{web_fakes.CLAIM}']")
    page.click("#verdict ~ details > summary")
    page.check("#vote-vote_0")
    page.fill("#vote-reason", "الصورة أقدم من الخبر")
    page.check("#vote-sure")
    page.click("form[action$='/vote'] button.main")
    assert page.url == f"{address}/claims/{web_fakes.CLAIM}#verdict"
    page.click("button[value='ckb']")
    assert page.locator("html").get_attribute("lang") == "ckb"
    page.click("form[action='/lock'] button")
    page.goto(address + "/claims")
    assert "/login" in page.url
    page.context.close()


def test_a_photo_is_looked_up_and_shown_only_when_asked(address: str, browser: Any) -> None:
    page = chromium.page_for(browser, address, language="en", width=1180)
    page.goto(address + "/seen")
    page.set_input_files(
        "#picture-picture", {"name": "now.png", "mimeType": "image/png", "buffer": b"\x89PNG" + b"x" * 300}
    )
    page.click("form:has(#picture-picture) button.main")
    assert page.locator("img").count() == 0
    page.locator("a", has_text="Show both").first.click()
    assert page.locator("img").count() == 2
    page.wait_for_load_state("load")  # a picture has no size before it is there
    for width in page.evaluate("[...document.images].map(i => i.naturalWidth)"):
        assert 0 < width <= 240
    assert "grayscale" in page.evaluate("getComputedStyle(document.images[0]).filter")
    page.context.close()


def test_the_policy_is_kept_and_nothing_else_is_asked_for(address: str, browser: Any) -> None:
    context = chromium.context_for(browser, language="ar", width=1180, script=True)
    page = context.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(address + "/login")
    page.fill("#code-code", "right-code")
    page.click("form[action='/login/code'] button.main")
    for path in PAGES.values():
        page.goto(address + path)
    assert all(url.startswith(address) for url in asked)
    assert complaints == []
    context.close()


def test_the_keyboard_reaches_the_page_and_shows_where_it_is(address: str, browser: Any) -> None:
    page = chromium.page_for(browser, address, language="en", width=1180)
    page.goto(address + "/claims")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert first_box(page, ".skip")["y"] >= 0
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.context.close()


def test_buttons_on_a_phone_are_large_enough_to_touch(address: str, browser: Any) -> None:
    page = chromium.page_for(browser, address, language="ckb", width=360)
    for path in ("/", PAGES["claim"], "/capture"):
        page.goto(address + path)
        for button in page.locator("main .btn:visible, main details.do > summary:visible").all():
            assert button.bounding_box()["height"] >= 43
    page.context.close()


def test_print_leaves_the_operating_out(address: str, browser: Any) -> None:
    page = chromium.page_for(browser, address, language="en", width=1180)
    page.emulate_media(media="print")
    assert not page.locator(".mast nav").is_visible()
    assert page.locator("main .btn:visible").count() == 0
    assert page.locator(".heads").is_visible()
    page.context.close()


def test_the_dark_is_dark(address: str, browser: Any) -> None:
    page = chromium.page_for(browser, address, language="en", width=1180, dark=True)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(23, 22, 20)"
    page.context.close()


PICTURED = {"week": "/", "claims": "/claims", "claim": f"/claims/{web_fakes.CLAIM}", "seen": ""}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pictures_of_the_pages(address: str, browser: Any, language: str, tmp_path: Path) -> None:
    """Made into `DALIL_PICTURES`, for the README, where that is set; `DALIL_PAGES` and `DALIL_CODE` name a
    running console and a one-time login of it instead of the fake rooms."""
    folder = Path(os.environ.get("DALIL_PICTURES", tmp_path))
    place = os.environ.get("DALIL_PAGES", address)
    page = chromium.context_for(browser, language=language, width=1180).new_page()
    page.goto(place + "/login")
    page.fill("#code-code", os.environ.get("DALIL_CODE", "right-code"))
    page.click("form[action='/login/code'] button.main")
    for name, path in PICTURED.items():
        page.goto(place + (path or "/seen"))
        if name == "claim" and place != address:
            page.goto(place + "/claims")
            page.locator("a.claim").first.click()
        if name == "seen":
            page.click("form[action='/seen/example'] button")
        taken = page.screenshot(path=folder / f"{name}.{language}.png", full_page=True)
        assert taken.startswith(b"\x89PNG")
    page.context.close()
