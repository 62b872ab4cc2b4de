"""Addresses of an outlet that turned out to be a person's own page, wherever they stand in a text.

An outlet's id is its home page, so that every address on it names the outlet.
"""

from __future__ import annotations

import re
from typing import Final

from dalil.sources.addresses import TRAILING
from dalil.sources.formats.feeds.outlets import PLATFORM
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.redaction import Edit, apply

_SITE: Final = re.compile(
    r"(?<![\w.-])(?:https?://)?(?P<host>(?:[\w-]{1,63}\.){1,10}[^\W\d_]{2,24})(?P<port>:\d{1,5})?(?=(?P<path>/[^\s<>\"'()]{0,2000})?)",
    re.IGNORECASE,
)
"""An address or the name of a host; its path is only looked at, since another address may stand in it."""
_MOST_PARTS: Final = 20


def sites_in(text: str, privacy: Pseudonymiser) -> list[Edit]:
    """The edits that replace the addresses and names of such outlets' pages."""
    found: list[Edit] = []
    for match in _SITE.finditer(text) if privacy.has_private(PLATFORM) else ():
        path = (match["path"] or "").rstrip(TRAILING)
        end = match.end() + len(path)
        inside = bool(found) and match.start() < found[-1].end
        if not inside and _is_private(match["host"].lower(), match["port"] or "", path, privacy):
            written = text[match.start() : end]
            found.append(Edit(match.start(), end, privacy.stand_in(PLATFORM, "address", written), "url"))
    return found


def without_sites(text: str, privacy: Pseudonymiser) -> str:
    """A text, or an address, without them."""
    return apply(text, sites_in(text, privacy))


def _is_private(host: str, port: str, path: str, privacy: Pseudonymiser) -> bool:
    """Whether a page is such an outlet's home, below it (`news.example/en/5` is below `news.example/en`), or on a
    host below its own."""
    labels = host.split(".")
    hosts = (".".join(labels[at:]) for at in range(len(labels) - 1))
    if any(privacy.is_private(PLATFORM, native_id=name) for one in hosts for name in (one, one + port)):
        return True
    here = host.removeprefix("www.") + port
    for part in re.split(r"(?=[/?#])", path)[1 : _MOST_PARTS + 1]:
        here += part
        if privacy.is_private(PLATFORM, native_id=here.rstrip("/")):
            return True
    return False
