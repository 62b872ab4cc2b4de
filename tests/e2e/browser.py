"""A real browser on pages served over the fake rooms: a live server on a free port, and Debian's Chromium."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from waitress.server import create_server

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
    """The address of a live server over whatever rooms are current; Django must be configured."""
    from django.core.wsgi import get_wsgi_application

    server = create_server(get_wsgi_application(), host="127.0.0.1", port=0, threads=4, ident="")
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(timeout=5)


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


def page_for(browser: Any, address: str, *, language: str, width: int, dark: bool = False) -> Any:
    """A page of a signed-in member, JavaScript off, in a language, at a width."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        locale=language,
        java_script_enabled=False,
        color_scheme="dark" if dark else "light",
        extra_http_headers={"Accept-Language": language},
    )
    page = context.new_page()
    page.goto(address + "/login")
    page.fill("#code-code", "right-code")
    page.click("form[action='/login/code'] button.main")
    return page
