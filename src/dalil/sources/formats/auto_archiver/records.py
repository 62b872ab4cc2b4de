"""One archived item as a record: the post at its address, private until its account is known to be public."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Account, Post, ReadWarning, Url
from dalil.schema.words import AccountType, Completeness, IdQuality, Kind, PublicRole, State, Visibility, ZoneBasis
from dalil.sources import addresses, times
from dalil.sources.account_rules import ACCOUNT
from dalil.sources.formats.auto_archiver.evidence import Kept
from dalil.sources.formats.auto_archiver.shapes import Item
from dalil.sources.importer import Record
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.redaction import ASCII_HANDLE, DOTTED_HANDLE, Scope
from dalil.sources.rereading import mentions_in

SOURCE_VERSION: Final = "1"
_HOST: Final = re.compile(r"https?://(?:[^/?#@]*@)?([^/?#:]+)", re.IGNORECASE)
_PERSONAL_SITES: Final = re.compile(
    r"(?:^|\.)(?:blogspot\.[a-z.]+|wordpress\.com|substack\.com|tumblr\.com|medium\.com|livejournal\.com|telegra\.ph|"
    r"wixsite\.com|weebly\.com|github\.io|about\.me)$",
    re.IGNORECASE,
)
"""Hosts on which an address names the person behind it."""


class Seen(NamedTuple):
    """What an address tells: platform, account, post; `public` where it names nobody private."""

    platform: str
    who: Who | None
    key: str
    quality: IdQuality
    public: bool
    address: addresses.Address


def is_closed(url: str) -> bool:
    """Whether an address leads into a place that only its members see: a private channel of Telegram."""
    found = addresses.parse(url) if addresses.PERSONAL.match(url) else None
    return found is not None and found.platform == "telegram" and found.by_id


def seen_at(url: str, privacy: Pseudonymiser) -> Seen:
    """Take an address apart; a page on no platform is public, unless its site gives each person one of their own."""
    if not addresses.PERSONAL.match(url):
        kind = "site" if url.startswith(("https://", "http://")) else ACCOUNT
        kind = "personal_site" if _PERSONAL_SITES.search(_host(url)) else kind
        if not privacy.is_public_kind("web", kind):
            hidden = privacy.stand_in("web", "address", url)
            return Seen("web", None, hidden, IdQuality.HASHED, public=False, address=addresses.Address("web"))
        derived = "d:" + content_version("web", url)
        return Seen("web", None, derived, IdQuality.DERIVED, public=True, address=addresses.Address("web"))
    found = addresses.parse(url)
    who: Who | None = None
    if found.account and found.by_id:
        who = privacy.account(found.platform, found.account)
    elif found.account:
        who = privacy.by_handle(found.platform, found.account)
    public = bool(who and who.public)
    if found.post:
        shown = privacy.post(found.platform, found.post, public=public)
        return Seen(found.platform, who, shown, IdQuality.EXACT if public else IdQuality.HASHED, public, found)
    if public:
        derived = "d:" + content_version(found.platform, url)
        return Seen(found.platform, who, derived, IdQuality.DERIVED, public, found)
    hidden = privacy.stand_in(found.platform, "address", url)
    return Seen(found.platform, who, hidden, IdQuality.HASHED, public, found)


def _host(url: str) -> str:
    match = _HOST.match(url)
    return match[1] if match else ""


def record_of(item: Item, seen: Seen, kept: Kept, privacy: Pseudonymiser) -> Record | str:
    """The record, or the code of what is wrong with the item."""
    archived = moment(item.metadata.processed_at)
    if archived is None:
        return "time-unreadable"
    warnings = list(kept.warnings)
    posted = moment(item.metadata.timestamp) if item.metadata.timestamp else None
    if item.metadata.timestamp and (posted is None or posted[1] is ZoneBasis.UNKNOWN):
        warnings.append(ReadWarning("zone-unknown" if posted else "time-unreadable", "timestamp"))
    own = {(seen.platform, seen.address.account.casefold())} if seen.public and seen.address.account else set()
    handle = ASCII_HANDLE if seen.platform == "x" else DOTTED_HANDLE
    scope = Scope(privacy, seen.platform, own=frozenset(own), handle=handle)
    text = scope.clean(_text(item, warnings, public=seen.public))
    post = Post(
        uid=f"{seen.platform}:{seen.key}",
        platform=seen.platform,
        native_id=seen.key,
        uri=item.metadata.url if seen.public else None,
        id_quality=seen.quality,
        author_ref=seen.who.uid if seen.who else None,
        created_at=posted[0] if posted else None,
        created_zone_basis=posted[1] if posted else ZoneBasis.UNKNOWN,
        claimed_at=posted[0] if posted else None,
        state=State.LIVE,
        state_at=archived[0],
        visibility=Visibility.UNKNOWN,
        text=text,
        text_complete=Completeness.UNKNOWN,
        urls=tuple(Url(match[0]) for match in addresses.PERSONAL.finditer(text)),
        mentions=mentions_in(text),
        media=kept.refs,
    )
    return Record(
        kind=Kind.POST,
        uid=post.uid,
        version=content_version(text, *sorted(ref.sha256 for ref in kept.refs if ref.sha256), post.state.value),
        raw=canonical_bytes({"archived": _raw(item, post, archived[0], _title(item, scope, public=seen.public))}),
        source_version=SOURCE_VERSION,
        post=post,
        author_ref=post.author_ref,
        author_public=seen.public,
        accounts=_accounts(seen),
        media=kept.media,
        signal_text=text,
        locators=privacy.take_locators(),
        warnings=tuple(warnings),
    )


def _text(item: Item, warnings: list[ReadWarning], *, public: bool) -> str:
    """Title and text. A title often begins with the account's name: of a private person's post it is left out;
    and so is a text that is a dump of the platform's whole answer."""
    content = (item.metadata.content or "").strip()
    if content[:1] in ("{", "[") and _is_json(content):
        warnings.append(ReadWarning("content-is-a-dump", "content"))
        content = ""
    title = (item.metadata.title or "").strip()
    if title and not public:
        warnings.append(ReadWarning("title-left-out", "title"))
        title = ""
    return content if not title or title in content else f"{title}\n{content}".strip()


def _is_json(text: str) -> bool:
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    except RecursionError:
        return True
    return True


def moment(value: str | float) -> tuple[datetime, ZoneBasis] | None:
    """A time as it is written: ISO 8601, with a space or a T, or seconds since 1970."""
    if isinstance(value, str):
        return times.from_iso(value.strip())
    found = times.from_epoch(value)
    return (found, ZoneBasis.EPOCH) if found is not None else None


def _accounts(seen: Seen) -> tuple[Account, ...]:
    if seen.who is None:
        return ()
    return (
        Account(
            uid=seen.who.uid,
            platform=seen.platform,
            native_id=seen.who.native_id,
            id_quality=IdQuality.EXACT if seen.public else IdQuality.HASHED,
            type=AccountType.UNKNOWN,
            public_role=PublicRole.PUBLIC_ACTOR if seen.public else PublicRole.PRIVATE_PERSON,
        ),
    )


def _title(item: Item, scope: Scope, *, public: bool) -> str:
    """The title that stands before a public account's text."""
    return scope.clean((item.metadata.title or "").strip()) if public else ""


def _raw(item: Item, post: Post, archived: datetime, title: str) -> dict[str, object]:
    """The item, redacted; its files by their hashes. When it was archived is part of what was archived."""
    told = {"title": title} if title and post.text.startswith(title) else {}
    return told | {
        "platform": post.platform,
        "post": post.uid,
        "author": post.author_ref,
        "address": post.uri,
        "text": post.text,
        "timestamp": written if (written := item.metadata.timestamp) and moment(written) else None,
        "archived_at": archived,
        "media": post.media,
    }
