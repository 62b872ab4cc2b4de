"""One spelling for one web address, so that copies with tracking tails count as one object."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

_TRACKING: Final = frozenset(
    {
        "fbclid",
        "gclid",
        "dclid",
        "msclkid",
        "yclid",
        "twclid",
        "ttclid",
        "igshid",
        "igsh",
        "mc_cid",
        "mc_eid",
        "mibextid",
        "ref_src",
        "ref_url",
        "_ga",
        "_gl",
        "__tn__",
        "__cft__",
        "si",
        "cmpid",
        "ocid",
    }
)
_HOST_PREFIXES: Final = ("www.", "m.", "mobile.")
_WITH_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_OTHER_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+-]*:(?!//|[0-9])")
"""Such as mailto: or javascript:, but not a host with a port."""
_PORTS: Final = {"http": 80, "https": 443}


def normalised(address: str) -> str | None:
    """Host and path of a web address in one spelling, without scheme, fragment and tracking parameters.

    Two addresses that lead to different pages keep different spellings as far as can be known
    without opening them: the path's case and every other parameter stay.

    Returns:
        None where it is no http or https address with a host.
    """
    text = address.strip()
    if _OTHER_SCHEME.match(text):
        return None
    try:
        parts = urlsplit(text if _WITH_SCHEME.match(text) else f"https://{text}")
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:  # not an address: bad port, bad brackets
        return None
    if parts.scheme.lower() not in _PORTS or "." not in host:
        return None
    while host.startswith(_HOST_PREFIXES) and host.count(".") >= 2:
        host = host.partition(".")[2]
    shown_port = f":{port}" if port and port != _PORTS[parts.scheme.lower()] else ""
    path = quote(unquote(parts.path, errors="surrogateescape"), safe="/-._~", errors="surrogateescape").rstrip("/")
    pairs = parse_qsl(parts.query, keep_blank_values=True, errors="surrogateescape")
    kept = sorted((name, value) for name, value in pairs if not _tracks(name))
    query = f"?{urlencode(kept, errors='surrogateescape')}" if kept else ""
    return f"{host}{shown_port}{path}{query}"


def _tracks(name: str) -> bool:
    low = name.lower()
    return low in _TRACKING or low.startswith(("utm_", "__cft__["))
