"""The demo from a clone to a served page, and that page: CPU, bytes over the wire, CPU of a request.

A copy of the source with nothing compiled stands in for the clone; packages are those of the running
environment and not counted. CPU is that of every process: compiling as `make setup` does, writing,
importing, recognising, working and measuring the sample week, starting the server.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from benchmarks.browser import Browser
from benchmarks.measuring import cpu_of, run
from benchmarks.shape import Result

SOURCE = Path(__file__).resolve().parents[1] / "src"
REQUESTS = 20
DEMO_BAR, PAGE_BAR, REQUEST_BAR = 180, 20, 150
PAGES = {"claims": "/claims", "seen before?": "/seen", "intake": "/intake"}


def results(*, full: bool) -> Iterator[Result]:
    """Build the demo once, serve it, and visit it as a browser does."""
    del full
    with tempfile.TemporaryDirectory(prefix="dalil-bench-") as folder:
        clone, week = Path(folder) / "src", Path(folder) / "week"
        shutil.copytree(SOURCE, clone, ignore=shutil.ignore_patterns("__pycache__"))
        env = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
        env |= {"PYTHONPATH": str(clone), "DALIL_PORT": "0"}
        compiled = run([sys.executable, "-m", "compileall", "-q", clone / "dalil"], env=env)
        command = [sys.executable, "-m", "dalil.app.main", "demo", "--workspace", week]
        built = run([*command, "--no-serve", "--json"], env=env)
        with Server([str(part) for part in command], env) as server:
            browser = Browser(server.address)
            first = browser.first_visit("/")
            until_page = server.cpu
            yield Result(
                what="make demo, from a clone to a served page",
                n="12,000 posts, 59 captures",
                ours=compiled.cpu + built.cpu + until_page,
                unit="CPU-s",
                bar=DEMO_BAR,
                note=f"compiling {compiled.cpu:.1f}, building {built.cpu:.1f}, serving {until_page:.1f} CPU-s; peak "
                f"memory {built.peak_mib:,.0f} MiB and {built.child_peak_mib:,.0f} in the child",
            )
            yield Result(what="the very first page, with its sheet, gzip", n="login", ours=first / 1000, unit="KB")
            browser.enter(server.code)
            yield from pages(server, browser)


def pages(server: Server, browser: Browser) -> Iterator[Result]:
    """The week's page as the first page of one's own, then the others."""
    yield Result(
        what="this week, first visit with its sheet, gzip",
        n="logged in",
        ours=browser.first_visit("/") / 1000,
        unit="KB",
        bar=PAGE_BAR,
    )
    yield Result(
        what="this week, a request",
        n=f"{REQUESTS} requests",
        ours=_request_ms(server, browser, "/"),
        unit="CPU-ms",
        bar=REQUEST_BAR,
        note="all of the server's CPU, its worker's included",
    )
    for name, path in PAGES.items():
        yield Result(
            what=f"{name}, a request",
            n=f"{REQUESTS} requests",
            ours=_request_ms(server, browser, path),
            unit="CPU-ms",
            note=f"{browser.get(path).wire / 1000:.1f} KB without the sheet",
        )


def _request_ms(server: Server, browser: Browser, path: str) -> float:
    browser.get(path)
    before = server.cpu
    for _ in range(REQUESTS):
        browser.get(path)
    return (server.cpu - before) / REQUESTS * 1000


class Server:
    """`dalil demo` serving: its address, the first login's code, its CPU so far."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        self._process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        said = ""
        while not (code := re.search(r"^  \S+ +\S+ +code (\S+)$", said, re.MULTILINE)):
            line = self._process.stdout.readline()
            if not line:
                raise RuntimeError("the server ended before it said its address")
            said += line
        address = re.search(r"http://([0-9.]+):([0-9]+)", said)
        assert address is not None
        self.address = (address[1], int(address[2]))
        self.code = code[1]

    @property
    def cpu(self) -> float:
        """CPU seconds of the server with its ended children."""
        return cpu_of(self._process.pid)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()
