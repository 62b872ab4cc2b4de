"""A newcomer's first minutes on the real sample week, in a real browser without JavaScript: the Monday page,
a recycled photo, a sealed vote. Takes the README's pictures where `--pictures FOLDER` is given.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from command_line import environment
from demo_week import Demo, copy_of
from web_browser import CHROMIUM, opened

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs a Chromium, which is not installed here"),
]
WIDE, PHONE = 1180, 360


@dataclass(frozen=True)
class Console:
    """A served demo: its address, its folder, and the codes that it printed, pseudonym → code."""

    address: str
    folder: Path
    codes: dict[str, str]


@pytest.fixture(scope="module")
def console(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """`dalil demo` on a copy of the built week, in a process of its own, as a person starts it."""
    folder = copy_of(demo.folder, tmp_path_factory.mktemp("served") / "week")
    command = [sys.executable, "-m", "dalil.app.main", "demo", "--workspace", str(folder)]
    process = subprocess.Popen(
        command, env=environment(port=0), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8"
    )
    assert process.stdout is not None
    address, codes = "", {}
    for line in process.stdout:
        if found := re.match(r"Open  (http://\S+)", line):
            address = found[1]
        elif found := re.match(r"  (\S+)\s+\w+\s+code (\S+)", line):
            codes[found[1]] = found[2]
        elif line.startswith("Everything is invented"):
            break
    yield Console(address, folder, codes)
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with opened() as found:
        yield found


def enter(browser: Any, console: Console, pseudonym: str) -> Any:
    """A page on which the member is signed in; the code works once."""
    context = browser.new_context(viewport={"width": WIDE, "height": 900}, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(f"{console.address}/login")
    page.fill("#code-code", console.codes[pseudonym])
    page.click("form[action='/login/code'] button.main")
    page.wait_for_url(f"{console.address}/")
    return page


@pytest.fixture(scope="module")
def page(browser: Any, console: Console) -> Any:
    """The console as `willow-04` of the blue circle sees it."""
    return enter(browser, console, "willow-04")


def speak(page: Any, language: str) -> None:
    """Change the language by its button."""
    if page.locator("html").get_attribute("lang") != language:
        page.locator(f"button[name=language][value={language}]").first.click()
        page.wait_for_load_state()
    assert page.locator("html").get_attribute("lang") == language


def keep(page: Any, folder: Path | None, name: str) -> None:
    """Save the page's upper part as a small picture, where pictures are wanted."""
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    raw = folder / f"{name}.full.png"
    page.screenshot(path=raw, clip={"x": 0, "y": 0, "width": WIDE, "height": 1000}, full_page=True)
    from PIL import Image

    with Image.open(raw) as image:
        image.convert("RGB").quantize(64).save(folder / f"{name}.png", optimize=True)
    raw.unlink()


def test_each_of_three_people_has_a_code(console: Console) -> None:
    assert sorted(console.codes) == ["fig-03", "oak-17", "willow-04"]


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("ckb", "rtl")])
def test_pages_stand_in_each_language_at_each_width(
    page: Any, console: Console, pictures: Path | None, language: str, direction: str
) -> None:
    page.goto(console.address)
    speak(page, language)
    claim = page.locator("a.claim").first.get_attribute("href")
    for name, path in (
        ("week", "/"),
        ("claims", "/claims"),
        ("claim", claim),
        ("seen", "/seen"),
        ("intake", "/intake"),
    ):
        for width in (WIDE, PHONE):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.goto(console.address + path).status == 200
            assert page.locator("html").get_attribute("dir") == direction
            assert page.locator("h1").count() == 1
            box = page.locator("html").bounding_box()
            assert box is not None
            assert box["width"] <= width, f"{name} overflows at {width}"
        page.set_viewport_size({"width": WIDE, "height": 900})
        page.goto(console.address + path)
        if name in ("week", "claims", "claim"):
            keep(page, pictures, f"{name}.{language}")


def test_the_monday_page_says_its_n_and_its_interval(page: Any, console: Console) -> None:
    page.goto(console.address)
    speak(page, "en")
    text = page.locator("main").inner_text()
    assert "Week 20, 11–17 May 2026" in text
    assert re.search(r"median of \d+ claims × cells to a second, independent account", text)
    assert re.search(r"\d+%\s*of \d+ claims × cells had no independent report", text)
    assert "None of these figures shows changed minds" in page.locator("footer").inner_text()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_recycled_photo_is_recognised(page: Any, console: Console, pictures: Path | None, language: str) -> None:
    page.goto(f"{console.address}/seen")
    speak(page, language)
    page.goto(f"{console.address}/seen")
    photo = console.folder / "sample" / "look" / "photo-said-to-be-today.jpg"
    page.set_input_files("input[type=file]", photo)
    page.locator("form:has(input[type=file]) button.main").click()
    page.wait_for_load_state()
    assert page.locator("main img").count() == 0, "a picture is shown before anyone asks"
    if language == "en":
        assert "in our archive since" in page.locator(".say").inner_text()
        assert "It belongs to claim" in page.locator("main").inner_text()
    page.locator("main .ph a").first.click()
    page.wait_for_load_state()
    assert page.locator("main img").count() == 2
    keep(page, pictures, f"seen.{language}")


def test_a_vote_stays_sealed_until_both_are_in_and_settles_then(page: Any, console: Console) -> None:
    page.goto(console.address)
    speak(page, "en")
    page.locator("a.btn:has-text('Second vote')").first.click()
    page.wait_for_load_state()
    claim = page.url.partition("#")[0]
    verdict = page.locator("section:has(#verdict), #verdict").first
    assert "sealed until both are in" in page.locator("main").inner_text()
    page.goto(claim)
    page.locator("details:has(form[action$='/vote'])").evaluate("node => node.open = true")
    form = page.locator("form[action$='/vote']")
    form.locator("input[value=false]").check()
    form.locator("textarea").fill("The picture is older than the claim, and two witnesses of different classes differ.")
    form.locator("input[type=checkbox]").check()
    form.locator("button.main").click()
    page.wait_for_load_state()
    text = page.locator("main").inner_text()
    assert "sealed until both are in" not in text
    assert verdict.count()
