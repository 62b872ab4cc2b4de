"""A real browser on pages served over the fake rooms: a server process on a free port, and Debian's Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def served() -> Iterator[str]:
    """The address of the pages over the fake rooms."""
    path = os.pathsep.join([str(HERE.parent / "src"), str(HERE)])
    process = subprocess.Popen(
        [sys.executable, str(HERE / "e2e" / "pages_driver.py")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert process.stdout is not None
    try:
        yield process.stdout.readline().strip()
    finally:
        process.communicate("", timeout=20)


@contextmanager
def opened() -> Iterator[Any]:
    """A Playwright browser; `CHROMIUM` must be there."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def context_for(browser: Any, *, language: str, width: int, script: bool = False, dark: bool = False) -> Any:
    """A fresh browser profile in a language, at a width, without JavaScript unless asked for."""
    return browser.new_context(
        viewport={"width": width, "height": 900},
        locale=language,
        java_script_enabled=script,
        color_scheme="dark" if dark else "light",
        extra_http_headers={"Accept-Language": language},
    )


def page_for(browser: Any, address: str, **wanted: Any) -> Any:
    """A page of a signed-in member; see `context_for`."""
    page = context_for(browser, **wanted).new_page()
    page.goto(address + "/login")
    page.fill("#code-code", "right-code")
    page.click("form[action='/login/code'] button.main")
    return page
