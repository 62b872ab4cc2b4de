"""Whose feed it is. A feed is published for everybody: its outlet is public, unless it is a person's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from dalil.schema.identity import content_version
from dalil.schema.words import AccountType, IdQuality, PublicRole
from dalil.sources.account_records import Profile
from dalil.sources.account_rules import ACCOUNT
from dalil.sources.addresses import PERSONAL
from dalil.sources.html_text import plain
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.redaction import DOTTED_HANDLE, Scope

PLATFORM: Final = "web"
_WEB: Final = re.compile(r"https?://[^\s<>\"]{3,2000}", re.IGNORECASE)


class Outlet(NamedTuple):
    """An outlet: its account, and how far its key can be trusted."""

    who: Who
    quality: IdQuality
    link: str


def scope_of(privacy: Pseudonymiser) -> Scope:
    """The scope for texts: a feed may name accounts of any platform."""
    return Scope(privacy, PLATFORM, handle=DOTTED_HANDLE)


def text_of(value: object) -> str:
    """A value of feedparser as text that can be stored: it may hold lone surrogates or be nothing."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def web(value: object) -> str:
    """An address of the web, or nothing."""
    text = text_of(value).strip()
    return text if _WEB.fullmatch(text) else ""


def names_a_person(address: str, privacy: Pseudonymiser) -> bool:
    """Whether an address leads to somebody private: on a platform, or `/@name` anywhere."""
    match = PERSONAL.match(address)
    return match is not None and scope_of(privacy).address(address, match) is not None


def outlet_of(feed: Mapping[str, Any], privacy: Pseudonymiser, first_link: str = "") -> Outlet:
    """The outlet of a feed, or of the feed that an entry was taken over from.

    Its key is its home page without scheme and `www.`, else its own address or id, else the host of
    its first entry, else its title.
    """
    link = web(feed.get("link"))
    own = next((web(item.get("href")) for item in _links(feed) if item.get("rel") == "self"), "")
    address = link or own or web(feed.get("id"))
    if not address and first_link:
        address = f"https://{urlsplit(first_link).netloc}" if _host(first_link) else ""
    key, quality = _key(address), IdQuality.EXACT
    if not key:
        key, quality = (
            "d:" + content_version("feed", text_of(feed.get("id")), text_of(feed.get("title"))),
            IdQuality.DERIVED,
        )
    private = any(names_a_person(found, privacy) for found in (link, own) if found)
    named = bool(address or feed.get("id") or feed.get("title"))
    who = privacy.account(PLATFORM, key, kind="outlet" if named and not private else ACCOUNT)
    return Outlet(who, quality, address)


def profile_of(feed: Mapping[str, Any], outlet: Outlet) -> Profile:
    """The outlet as an account; whoever edits it is not read."""
    return Profile(
        who=outlet.who,
        platform=PLATFORM,
        quality=outlet.quality,
        display_name=plain(text_of(feed.get("title"))).text or None,
        description=plain(text_of(feed.get("subtitle"))).text or None,
        type=AccountType.PAGE,
        role=PublicRole.ORGANISATION,
    )


def _links(feed: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = feed.get("links")
    return [item for item in found if isinstance(item, Mapping)] if isinstance(found, list) else []


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def _key(address: str) -> str:
    """`https://www.news.example/en/` → `news.example/en`."""
    if not _host(address):
        return ""
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2].lower().removeprefix("www.")
    path = parts.path.rstrip("/")
    return f"{host}{path}{'?' + parts.query if parts.query else ''}"
