"""One item of 4CAT as a record: a post, or a repost or forward as an edge (law 7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Account, Edge, MediaRef, Metric, Post, ReadWarning, Url
from dalil.schema.words import (
    AccountType,
    Completeness,
    EdgeType,
    IdQuality,
    Kind,
    MetricBasis,
    Precision,
    PublicRole,
    State,
    ZoneBasis,
)
from dalil.sources import addresses, times
from dalil.sources.account_rules import ACCOUNT
from dalil.sources.authorship import Authorship, Told, address_in, authorship
from dalil.sources.closed_words import LANGUAGE
from dalil.sources.counts import kept_digits
from dalil.sources.formats.fourcat.columns import METRICS, picked
from dalil.sources.importer import ReadContext, Record
from dalil.sources.privacy import Pseudonymiser

_HASHED: Final = re.compile(r"[0-9a-f]{32,128}")
"""What 4CAT writes for an author when it was told to pseudonymise."""
_NOBODY: Final = frozenset({"", "redacted", "anonymous", "unknown", "[deleted]", "none"})
_YES: Final = frozenset({"yes", "true", "1"})
_RETWEETED: Final = re.compile(r"RT @\w+: ")
_COUNT: Final = re.compile(r"\d{1,18}(?:\.0+)?")
_LINK: Final = re.compile(r"https?://[^\s<>\"]+")
_HASHTAG: Final = re.compile(r"(?<!\w)#(\w+)")
SOURCE_VERSION: Final = "1"


@dataclass(frozen=True, slots=True)
class _Item:
    """One item once its columns are understood."""

    cells: dict[str, str]
    platform: str
    by: Authorship
    uid: str
    text: str
    at: datetime | None
    basis: ZoneBasis
    warnings: list[ReadWarning]
    privacy: Pseudonymiser


def record_of(row: Mapping[str, str], platform: str | None, context: ReadContext) -> Record | str:
    """The record of an item, or the code of what is wrong with it.

    Args:
        row: column → cell.
        platform: as the columns of the whole table tell it, or the operator named it.
    """
    cells = picked(row)
    if not cells.get("id", "").strip():
        return "row-without-id"
    item = _item(cells, platform, context.privacy)
    metrics = _metrics(row, item.warnings)
    edges = _edges(item)
    repost = next((edge for edge in edges if edge.type in (EdgeType.REPOST, EdgeType.FORWARD)), None)
    post = None if repost else _post(item, metrics)
    links = [url.as_written for url in post.urls] if post else [repost.type.value if repost else ""]
    return Record(
        kind=Kind.REPOST if repost else Kind.POST,
        uid=item.uid,
        version=content_version(item.text, *links, item.cells.get("deleted")),
        raw=canonical_bytes({"item": _raw(item, edges, metrics, post)}),
        source_version=SOURCE_VERSION,
        post=post,
        author_ref=item.by.who.uid if item.by.who else None,
        author_public=item.by.public,
        accounts=_accounts(item),
        edges=(repost,) if repost else tuple(edges),
        signal_text=item.text,
        locators=context.privacy.take_locators(),
        warnings=tuple(item.warnings),
    )


def _item(cells: dict[str, str], platform: str | None, privacy: Pseudonymiser) -> _Item:
    warnings: list[ReadWarning] = []
    address = cells.get("url", "").strip()
    if platform is None and addresses.PERSONAL.match(address):
        platform = addresses.parse(address).platform
    if platform is None:
        warnings.append(ReadWarning("platform-unknown", "id"))
        platform = "other"
    by = _authorship(cells, platform, address, privacy)
    warnings += [ReadWarning("id-rounded", name) for name in by.rounded]
    at, basis = _time(cells, warnings)
    body = cells.get("body", "")
    if "reposted" in cells or _is_repost(cells):
        body = _RETWEETED.sub("", body, count=1)
    text = by.scope(privacy).clean(body)
    return _Item(cells, platform, by, f"{platform}:{by.shown(privacy)}", text, at, basis, warnings, privacy)


def _authorship(cells: Mapping[str, str], platform: str, address: str, privacy: Pseudonymiser) -> Authorship:
    """Whose it is. A pseudonym that 4CAT made stays one: it is hashed once more, and joins within its table."""
    names = {name: cells.get(name, "").strip() for name in ("author", "author_id", "author_handle", "author_name")}
    names = {name: "" if value.lower() in _NOBODY else value for name, value in names.items()}
    in_group = "/groups/" in address
    handle, account_id = names["author_handle"], names["author_id"] or cells.get("page", "").strip()
    if platform == "telegram":
        account_id = account_id or names["author"]
    else:
        handle = handle or names["author"]
    post_id = cells["id"]
    if platform == "telegram" and cells.get("chat"):
        post_id = f"{cells['chat'].lower()}/{post_id}"
    found = address_in(address, platform)
    told = Told(
        platform=platform,
        address=address if platform == "facebook" or not names["author"] else "",
        post_id="" if platform == "facebook" and found.post else post_id,
        account_id="" if in_group else account_id,
        handle="" if in_group or _HASHED.fullmatch(handle) else handle,
        name=handle if _HASHED.fullmatch(handle) else "" if in_group else names["author_name"],
        kind="page" if platform == "facebook" and not in_group and "page" in cells else ACCOUNT,
        derived_from=(address or None, cells.get("body"), cells.get("time")),
    )
    return authorship(told, privacy)


def _time(cells: Mapping[str, str], warnings: list[ReadWarning]) -> tuple[datetime | None, ZoneBasis]:
    """The epoch where there is one; the written time is that of the server's own zone, which nobody names."""
    for name in ("epoch", "time"):
        text = cells.get(name, "").strip()
        if text.replace(".", "", 1).isdigit() and len(text.partition(".")[0]) <= 11:
            return times.from_epoch(text), ZoneBasis.EPOCH
    written = cells.get("time", "").strip()
    read = times.from_iso(written) if written else None
    if written and read is None:
        warnings.append(ReadWarning("time-unreadable", "timestamp"))
    if read is not None and read[1] is ZoneBasis.UNKNOWN:
        warnings.append(ReadWarning("zone-unknown", "timestamp"))
    return read or (None, ZoneBasis.UNKNOWN)


def _post(item: _Item, metrics: tuple[Metric, ...]) -> Post:
    cells, by = item.cells, item.by
    scope = by.scope(item.privacy)
    edited = times.from_epoch(cells["edited"]) if cells.get("edited", "").strip().isdigit() else None
    deleted = cells.get("deleted", "").strip().lower() in _YES
    address = cells.get("url", "").strip()
    language = cells.get("language", "").strip()
    tags = [scope.clean(tag.strip().lstrip("#")) for tag in cells.get("hashtags", "").split(",")]
    links = [scope.clean(link.strip()) for link in cells.get("links", "").split(",") if link.strip()]
    found = [match.rstrip(addresses.TRAILING) for match in _LINK.findall(item.text)]
    thread = cells.get("thread", "").strip()
    is_thread = thread and thread != cells["id"] and item.platform not in ("telegram", "facebook", "instagram")
    return Post(
        uid=item.uid,
        platform=item.platform,
        native_id=item.uid.partition(":")[2],
        uri=address or None if by.public else None,
        id_quality=by.shown_quality,
        author_ref=by.who.uid if by.who else None,
        container_ref=_container(item),
        created_at=item.at,
        created_precision=Precision.SECOND,
        created_zone_basis=item.basis,
        claimed_at=item.at,
        edited_at=edited,
        state=State.DELETED if deleted else State.EDITED if edited else State.LIVE,
        text=item.text,
        text_complete=Completeness.UNKNOWN,
        lang=language if LANGUAGE.fullmatch(language) else None,
        urls=tuple(Url(link) for link in dict.fromkeys([*found, *links])),
        hashtags=tuple(dict.fromkeys([*_HASHTAG.findall(item.text), *(tag for tag in tags if tag)])),
        mentions=tuple(dict.fromkeys(e.new for e in scope.edits(cells.get("body", "")) if e.kind == "mention")),
        media=_media(cells),
        thread_root=f"{item.platform}:{item.privacy.post(item.platform, thread, public=False)}" if is_thread else None,
        metrics=metrics,
    )


def _media(cells: Mapping[str, str]) -> tuple[MediaRef, ...]:
    """How many pictures and clips there were. Their addresses are signed for one reader and gone in days: dropped."""
    found = []
    for name, kind in (("pictures", "image/*"), ("videos", "video/*")):
        count = len([one for one in cells.get(name, "").split(",") if one.strip()])
        found += [MediaRef(mime=kind, not_included="not-in-table")] * min(count, 20)
    return tuple(found)


def _container(item: _Item) -> str | None:
    chat = item.cells.get("chat", "").strip()
    return item.privacy.by_handle("telegram", chat).uid if chat and item.platform == "telegram" else None


def _is_repost(cells: Mapping[str, str]) -> bool:
    return cells.get("is_repost", "").strip().lower() in _YES


def _edges(item: _Item) -> list[Edge]:
    """To whom it answers, whom it quotes, shares or forwards. 4CAT keeps accounts there, and no ids of posts."""
    cells, found = item.cells, []
    if _is_repost(cells) or ("reposted" in cells and "is_repost" not in cells):
        found.append(_edge(item, EdgeType.REPOST, hint=_account(item, cells.get("reposted", ""))))
    if "forwarded" in cells or "forwarded_name" in cells:
        hint = _account(item, cells.get("forwarded", "")) or _named(item, cells.get("forwarded_name", ""))
        found.append(_edge(item, EdgeType.FORWARD, hint=hint))
    if "quoted" in cells:
        found.append(_edge(item, EdgeType.QUOTE, hint=_account(item, cells["quoted"])))
    if item.platform == "telegram" and "reply_to" in cells and cells.get("chat"):
        found.append(_edge(item, EdgeType.REPLY, to=f"{cells['chat'].lower()}/{cells['reply_to'].strip()}"))
    elif "parent" in cells and cells["parent"].strip() != cells["id"].strip():
        found.append(_edge(item, EdgeType.REPLY, to=cells["parent"].strip()))
    elif "replied" in cells:
        found.append(_edge(item, EdgeType.REPLY, hint=_account(item, cells["replied"])))
    return found


def _edge(item: _Item, kind: EdgeType, *, to: str = "", hint: str | None = None) -> Edge:
    public = item.by.public and item.platform == "telegram"  # the same channel's own earlier message
    dst = f"{item.platform}:{item.privacy.post(item.platform, to, public=public)}" if to else None
    return Edge(src_uid=item.uid, dst_uid=dst, type=kind, dst_hint=hint, at=item.at, at_basis=item.basis)


def _account(item: _Item, handle: str) -> str | None:
    handle = handle.strip().lstrip("@")
    if handle.lower() in _NOBODY:
        return None
    return _named(item, handle) if _HASHED.fullmatch(handle) else item.privacy.by_handle(item.platform, handle).uid


def _named(item: _Item, name: str) -> str | None:
    name = name.strip()
    return f"{item.platform}:{item.privacy.stand_in(item.platform, 'name', name)}" if name else None


def _metrics(row: Mapping[str, str], warnings: list[ReadWarning]) -> tuple[Metric, ...]:
    """Each count that has a column; an empty cell is None, which is not zero (law 5)."""
    found = []
    for name, columns in METRICS.items():
        column = next((one for one in columns if one in row), None)
        if column is None:
            continue
        text = row[column].strip()
        value = int(text.partition(".")[0]) if _COUNT.fullmatch(text) else None
        if text and value is None:
            warnings.append(ReadWarning("number-unreadable", name))
        basis = MetricBasis.EXACT if value is not None or not text else MetricBasis.LOCALE_GUESS
        found.append(Metric(name, value, None, basis, kept_digits(text, value)))
    return tuple(found)


def _accounts(item: _Item) -> tuple[Account, ...]:
    who, cells = item.by.who, item.cells
    if who is None:
        return ()
    page = who.public and item.platform == "facebook"
    handle = cells.get("author_handle") or ("" if item.platform == "telegram" else cells.get("author", ""))
    return (
        Account(
            uid=who.uid,
            platform=item.platform,
            native_id=who.native_id,
            id_quality=IdQuality.EXACT if who.public else IdQuality.HASHED,
            handle=handle.lstrip("@") or None if who.public else None,
            display_name=cells.get("author_name") if who.public else None,
            type=AccountType.PAGE if page else AccountType.UNKNOWN,
            public_role=PublicRole.PUBLIC_ACTOR if who.public else PublicRole.UNKNOWN,
        ),
    )


def _raw(item: _Item, edges: list[Edge], metrics: tuple[Metric, ...], post: Post | None) -> dict[str, object]:
    """What may be kept of an item, an allow list: accounts and posts by uid, texts redacted."""
    scope = item.by.scope(item.privacy)
    return {
        "uid": item.uid,
        "author": item.by.who.uid if item.by.who else None,
        "body": item.text,
        "subject": scope.clean(item.cells.get("subject", "")),
        "created_at": item.at,
        "basis": item.basis,
        "edges": [(edge.type, edge.dst_uid or edge.dst_hint) for edge in edges],
        "metrics": [(metric.name, metric.value) for metric in metrics],
        "address": post.uri if post else None,
        "edited_at": post.edited_at if post else None,
        "state": post.state if post else None,
        "lang": post.lang if post else None,
        "urls": post.urls if post else (),
        "hashtags": post.hashtags if post else (),
        "container": post.container_ref if post else None,
        "thread": post.thread_root if post else None,
        "media": len(post.media) if post else 0,
    }
