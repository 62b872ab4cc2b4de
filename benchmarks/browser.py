"""As much of a browser as is needed to count what a page costs: cookies, one form, and every byte received."""

from __future__ import annotations

import gzip
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlencode

_LINKED = re.compile(r'<(?:link|img|script)[^>]+(?:href|src)="(/[^"]+)"')
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True, slots=True)
class Page:
    """An answer: its status, its text, and the bytes that it took on the wire, headers included."""

    status: int
    text: str
    wire: int
    location: str


class Browser:
    """One visitor of a server on loopback; each request on a connection of its own."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self._cookies: dict[str, str] = {}

    def first_visit(self, path: str) -> int:
        """Bytes received by a browser that keeps nothing: the page, and what it links to and shows."""
        page = self.get(path)
        while page.location:
            page = self.get(page.location)
        return page.wire + sum(self.get(link).wire for link in dict.fromkeys(_LINKED.findall(page.text)))

    def enter(self, code: str) -> None:
        """Log in through a one-time code.

        Raises:
            RuntimeError: the code was refused.
        """
        token = _TOKEN.search(self.get("/login").text)
        assert token is not None
        answer = self._ask("POST", "/login/code", {"csrfmiddlewaretoken": token[1], "code": code})
        if answer.status != 302:
            raise RuntimeError(f"the login answered {answer.status}")

    def get(self, path: str) -> Page:
        """Ask for a page."""
        return self._ask("GET", path, {})

    def _ask(self, method: str, path: str, form: dict[str, str]) -> Page:
        host, port = self._address
        body = urlencode(form).encode()
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: {host}:{port}",
            f"Origin: http://{host}:{port}",
            "Accept: text/html",
            "Accept-Encoding: gzip",
            "Accept-Language: en",
            "Connection: close",
            f"Cookie: {'; '.join(f'{name}={value}' for name, value in self._cookies.items())}",
            *(["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"] if form else []),
        ]
        with socket.create_connection(self._address) as connection:
            connection.sendall("\r\n".join([*lines, "", ""]).encode() + body)
            received = b"".join(iter(lambda: connection.recv(65536), b""))
        return self._read(received)

    def _read(self, received: bytes) -> Page:
        head, _, body = received.partition(b"\r\n\r\n")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        for name, value in headers:
            if name == "set-cookie":
                key, _, rest = value.partition("=")
                self._cookies[key] = rest.partition(";")[0]
        named = dict(headers)
        if named.get("transfer-encoding") == "chunked":
            body = _joined(body)
        if named.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        text = body.decode("utf-8", "replace")
        return Page(int(status.split()[1]), text, len(received), named.get("location", ""))


def _joined(body: bytes) -> bytes:
    """The parts of a body sent in chunks."""
    parts = []
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size.partition(b";")[0], 16)
        parts.append(body[:length])
        body = body[length + 2 :]
    return b"".join(parts)
