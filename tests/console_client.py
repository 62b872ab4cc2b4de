"""A person's way through the console without a browser: pages, forms with their tokens, uploads."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from command_line import COMMAND, environment

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
BOUNDARY = "dalil-test-boundary"


class Console:
    """One person's cookies at one address."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.status = 0
        self.url = ""
        self._browser = build_opener(HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> str:
        """The page at a path, wherever it leads; `status` and `url` say how it ended."""
        return self._open(Request(self.address + path))

    def post(self, path: str, values: Mapping[str, str], *, from_page: str) -> str:
        """Send a form with the token of the page it stands on."""
        form = {"csrfmiddlewaretoken": self._token(from_page), **values}
        return self._open(Request(self.address + path, urlencode(form).encode()))

    def send(self, path: str, field: str, file: Path, *, from_page: str) -> str:
        """Send a file by a form."""
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'.encode(),
            self._token(from_page).encode(),
            f'\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{file.name}"\r\n'.encode(),
            b"Content-Type: application/octet-stream\r\n\r\n",
            file.read_bytes(),
            f"\r\n--{BOUNDARY}--\r\n".encode(),
        ]
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        return self._open(Request(self.address + path, b"".join(parts), kind))

    def enter(self, code: str) -> str:
        """Open the door with a one-time code."""
        return self.post("/login/code", {"code": code}, from_page="/login")

    def join(self, invitation: str, passphrase: str) -> str:
        """Take an invitation up."""
        values = {"code": invitation, "passphrase": passphrase, "again": passphrase}
        return self.post("/join", values, from_page="/join")

    def _token(self, page: str) -> str:
        found = TOKEN.search(self.get(page))
        assert found is not None, f"no form on {page}"
        return found[1]

    def _open(self, request: Request) -> str:
        try:
            answer = self._browser.open(request)
        except HTTPError as refused:
            answer = refused  # type: ignore[assignment]  # a page like any other, with a status
        self.status, self.url = answer.status, answer.url
        body: bytes = answer.read()
        return body.decode("utf-8", "replace")


@contextmanager
def served(*arguments: object, until: str, **settings: object) -> Iterator[list[str]]:
    """Run a `dalil` command that serves, on a free port; the lines that it prints up to the one with `until`."""
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        env=environment(port=0, **settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if until in line:
                break
        try:
            yield lines
        finally:
            process.terminate()
            process.communicate(timeout=60)


def address_of(lines: list[str]) -> str:
    """The address among the lines of `served`."""
    return next(line.removeprefix("Open  ") for line in lines if line.startswith("Open  "))
