"""Records of Bluesky (AT Protocol) as posts and reposts, whether the API or the stream of commits told of them.

`createdAt` is what the author's client claims; when a server met the record is another time, and
the better one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import msgspec

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Edge, Label, MediaRef, Metric, Post, ReadWarning, Url
from dalil.schema.words import Completeness, EdgeType, IdQuality, Kind, State, TextFormat, Visibility, ZoneBasis
from dalil.sources import marked_text, times
from dalil.sources.bluesky_embeds import Embed, embed_of
from dalil.sources.bluesky_texts import (
    AT_URI,
    HANDLE,
    PLATFORM,
    POST,
    PostRecord,
    bare_ids,
    marks_of,
    scope_of,
)
from dalil.sources.html_text import Mark
from dalil.sources.importer import Record
from dalil.sources.marked_text import Named
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.redaction import Scope

_APART: Final = timedelta(hours=1)


class Found(msgspec.Struct, kw_only=True):
    """A post with what the source tells around it. `handles`: id → handle of accounts that came along."""

    uri: str
    record: PostRecord
    cid: str | None = None
    server: datetime | None = None
    server_basis: ZoneBasis = ZoneBasis.EXPLICIT
    edited: bool = False
    view: Any = None
    metrics: tuple[Metric, ...] = ()
    labels: tuple[Label, ...] = ()
    handles: Mapping[str, str] = {}


class Times(NamedTuple):
    """Claimed, the server's, and the better of the two."""

    claimed: datetime | None
    created: datetime | None
    basis: ZoneBasis
    doubts: tuple[ReadWarning, ...]


def who(privacy: Pseudonymiser, repo: str, handles: Mapping[str, str]) -> Who:
    """The account of a repository, by its id, or by its handle where an address has only that."""
    if repo.startswith("did:"):
        return privacy.account(PLATFORM, repo, handle=handles.get(repo))
    return privacy.by_handle(PLATFORM, repo)


def shown_id(privacy: Pseudonymiser, uri: str, handles: Mapping[str, str]) -> str:
    """A post's or repost's address as it may be stored."""
    match = AT_URI.fullmatch(uri)
    return privacy.post(PLATFORM, uri, public=match is not None and _is_public(privacy, match["repo"], handles))


def _is_public(privacy: Pseudonymiser, repo: str, handles: Mapping[str, str]) -> bool:
    if repo.startswith("did:"):
        return privacy.is_public(PLATFORM, native_id=repo, handle=handles.get(repo))
    return privacy.is_public(PLATFORM, handle=repo)


def read_time(written: object) -> datetime | None:
    """A time as ISO 8601."""
    read = times.from_iso(written) if isinstance(written, str) else None
    return read[0] if read else None


def times_of(claimed_text: object, server: datetime | None, server_basis: ZoneBasis) -> Times:
    """The server's time where there is one: the claimed one may be any that its author likes."""
    read = times.from_iso(claimed_text) if isinstance(claimed_text, str) else None
    claimed = read[0] if read else None
    doubts = []
    if claimed_text and read is None:
        doubts.append(ReadWarning("time-unreadable", "createdAt"))
    if server is None:
        return Times(claimed, claimed, read[1] if read else ZoneBasis.UNKNOWN, tuple(doubts))
    if claimed is not None and abs(server - claimed) > _APART:
        doubts.append(ReadWarning("times-differ", "createdAt", claimed.isoformat()))
    return Times(claimed, server, server_basis, tuple(doubts))


def post_record(found: Found, privacy: Pseudonymiser, *, version: str = "", included: bool = False) -> Record:
    """A post with its edges."""
    match = AT_URI.fullmatch(found.uri)
    repo = match["repo"] if match else found.uri
    author = who(privacy, repo, found.handles)
    shown = privacy.post(PLATFORM, found.uri, public=author.public)
    uid = f"{PLATFORM}:{shown}"
    when = times_of(found.record.created_at, found.server, found.server_basis)
    marks, doubts = marks_of(found.record)
    text = _text(found, marks, privacy)
    embed = embed_of(found.record.embed, found.view)
    refs = _media(embed, privacy, public=author.public)
    edges = _edges(found, uid, embed, text.mentioned, when, privacy)
    card = _card(embed, privacy)
    langs = [lang for lang in found.record.langs if isinstance(lang, str)] if isinstance(found.record.langs, list) else []  # fmt: skip
    tags = [tag[:140] for tag in found.record.tags if isinstance(tag, str)] if isinstance(found.record.tags, list) else []  # fmt: skip
    post = Post(
        uid=uid,
        platform=PLATFORM,
        native_id=shown,
        uri=_page(match, found.handles) if author.public else None,
        id_quality=IdQuality.EXACT if author.public else IdQuality.HASHED,
        author_ref=author.uid,
        created_at=when.created,
        created_zone_basis=when.basis,
        claimed_at=when.claimed,
        server_indexed_at=found.server,
        edited_at=found.server if found.edited else None,
        state=State.EDITED if found.edited else _state(found.labels),
        state_at=found.server if found.edited else None,
        visibility=Visibility.PUBLIC,
        text=text.text,
        text_format=TextFormat.FACETS if marks else TextFormat.PLAIN,
        text_complete=Completeness.YES,
        lang=langs[0][:20] if len(langs) == 1 else None,
        spans=text.spans,
        urls=tuple(dict.fromkeys((*text.urls, *((card,) if card else ())))),
        hashtags=tuple(dict.fromkeys((*text.hashtags, *tags))),
        mentions=text.mentions,
        media=refs,
        thread_root=_root(found, shown, privacy),
        metrics=found.metrics,
        labels_by_platform=found.labels + _own_labels(found.record.labels),
    )
    return Record(
        kind=Kind.POST,
        uid=uid,
        version=content_version(post.text, *(ref.native_key for ref in refs), post.state.value),
        raw=canonical_bytes({"post": _raw(found, post, edges, embed, author, langs, privacy)}),
        source_version=version,
        post=post,
        author_ref=author.uid,
        author_public=author.public,
        edges=edges,
        signal_text=post.text,
        locators=privacy.take_locators(),
        included=included,
        warnings=when.doubts + doubts,
    )


def gone_record(
    uri: str,
    privacy: Pseudonymiser,
    *,
    at: datetime | None,
    reason: str,
    handles: Mapping[str, str],
    included: bool = False,
    version: str = "",
) -> Record:
    """A post that was deleted or is not found: its state, and no words."""
    match = AT_URI.fullmatch(uri)
    author = who(privacy, match["repo"] if match else uri, handles)
    shown = privacy.post(PLATFORM, uri, public=author.public)
    uid = f"{PLATFORM}:{shown}"
    post = Post(
        uid=uid,
        platform=PLATFORM,
        native_id=shown,
        uri=_page(match, handles) if author.public else None,
        id_quality=IdQuality.EXACT if author.public else IdQuality.HASHED,
        author_ref=author.uid,
        state=State.DELETED,
        state_at=at,
        state_reason=reason,
    )
    return Record(
        kind=Kind.POST,
        uid=uid,
        version=content_version("", post.state.value),
        raw=canonical_bytes({"gone": {"uri": shown, "did": author.native_id, "reason": reason, "at": at}}),
        source_version=version,
        post=post,
        author_ref=author.uid,
        author_public=author.public,
        locators=privacy.take_locators(),
        included=included,
    )


def repost_record(
    uri: str | None,
    repo: str,
    of: str,
    when: Times,
    privacy: Pseudonymiser,
    *,
    handles: Mapping[str, str],
    version: str = "",
) -> Record:
    """A repost: an observation of its own with one edge (law 7). One whose own address is not told gets a derived id."""
    author = who(privacy, repo, handles)
    key = uri or "d:" + content_version("repost", repo, of)
    shown = privacy.post(PLATFORM, key, public=author.public)
    uid = f"{PLATFORM}:{shown}"
    target = f"{PLATFORM}:{shown_id(privacy, of, handles)}"
    edge = Edge(src_uid=uid, dst_uid=target, type=EdgeType.REPOST, at=when.created, at_basis=when.basis)
    raw = {"repost": {"uri": shown, "did": author.native_id, "subject": target, "createdAt": when.claimed, "at": when.created}}  # fmt: skip
    return Record(
        kind=Kind.REPOST,
        uid=uid,
        version=content_version("repost", target),
        raw=canonical_bytes(raw),
        source_version=version,
        author_ref=author.uid,
        author_public=author.public,
        edges=(edge,),
        locators=privacy.take_locators(),
        warnings=when.doubts,
    )


def _text(found: Found, marks: list[Mark], privacy: Pseudonymiser) -> marked_text.MarkedText:
    text = found.record.text or ""
    scope = scope_of(privacy, found.handles)
    return marked_text.read(
        text, marks or marked_text.links_in(text), scope, who=_meant(found, privacy), more=bare_ids(text, scope)
    )


def _meant(found: Found, privacy: Pseudonymiser) -> Callable[[str, str], Named | None]:
    def of(text: str, target: str) -> Named | None:
        if not target.startswith("did:"):
            return None
        account = privacy.account(PLATFORM, target, handle=found.handles.get(target))
        known = account.public or privacy.is_public(PLATFORM, handle=text.lstrip("@＠"))  # the name, not who it is
        return Named(text if known else f"@{account.native_id}", account.uid, known)

    return of


def _replied(found: Found, which: str) -> str | None:
    match found.record.reply:
        case dict(reply):
            inner = reply.get(which)
            uri = inner.get("uri") if isinstance(inner, dict) else None
            return uri if isinstance(uri, str) and AT_URI.fullmatch(uri) else None
        case _:
            return None


def _root(found: Found, shown: str, privacy: Pseudonymiser) -> str:
    root = _replied(found, "root")
    return f"{PLATFORM}:{shown_id(privacy, root, found.handles) if root else shown}"


def _edges(
    found: Found, uid: str, embed: Embed, mentioned: tuple[str, ...], when: Times, privacy: Pseudonymiser
) -> tuple[Edge, ...]:
    targets: list[tuple[EdgeType, str]] = []
    parent = _replied(found, "parent")
    if parent:
        targets.append((EdgeType.REPLY, f"{PLATFORM}:{shown_id(privacy, parent, found.handles)}"))
    quoted = AT_URI.fullmatch(embed.quoted or "")
    if quoted and quoted["collection"] == POST:
        targets.append((EdgeType.QUOTE, f"{PLATFORM}:{shown_id(privacy, quoted[0], found.handles)}"))
    targets += [(EdgeType.MENTION, to) for to in mentioned]
    return tuple(Edge(src_uid=uid, dst_uid=to, type=kind, at=when.created, at_basis=when.basis) for kind, to in targets)


def _media(embed: Embed, privacy: Pseudonymiser, *, public: bool) -> tuple[MediaRef, ...]:
    scope = Scope(privacy, PLATFORM, handle=HANDLE)
    found = []
    for item in embed.media:
        key = item.key or item.url
        if not key:
            continue  # an embed of a client's own invention
        found.append(
            MediaRef(
                native_key=item.key if public else privacy.stand_in(PLATFORM, "media", key),
                source_url=item.url if public else None,
                mime=item.mime,
                width=item.width,
                height=item.height,
                alt_text=scope.clean(item.alt_text) if item.alt_text else None,
            )
        )
    return tuple(found)


def _card(embed: Embed, privacy: Pseudonymiser) -> Url | None:
    if embed.link is None:
        return None
    written = Scope(privacy, PLATFORM, handle=HANDLE).clean(embed.link[0])
    return Url(written, written)


def _page(match: re.Match[str] | None, handles: Mapping[str, str]) -> str | None:
    if match is None or match["collection"] != POST:
        return None
    return f"https://bsky.app/profile/{handles.get(match['repo'], match['repo'])}/post/{match['rkey']}"


def _state(labels: tuple[Label, ...]) -> State:
    return State.WITHHELD if any(label.value == "!takedown" for label in labels) else State.LIVE


def _own_labels(labels: object) -> tuple[Label, ...]:
    """Labels that the author put on the post."""
    match labels:
        case {"values": [*values]}:
            named = [value.get("val") for value in values[:20] if isinstance(value, dict)]
            return tuple(Label("self", value[:100]) for value in named if isinstance(value, str))
        case _:
            return ()


def _raw(
    found: Found,
    post: Post,
    edges: tuple[Edge, ...],
    embed: Embed,
    author: Who,
    langs: list[str],
    privacy: Pseudonymiser,
) -> dict[str, object]:
    """The record under its own names, redacted. Its hash (`cid`) would find a private person's post again."""
    scope = Scope(privacy, PLATFORM, handle=HANDLE)
    raw: dict[str, object] = {
        "uri": post.native_id,
        "did": author.native_id,
        "text": post.text,
        "facets": post.spans,
        "createdAt": post.claimed_at,
        "indexedAt": post.server_indexed_at,
        "langs": langs,
        "edges": [(edge.type, edge.dst_uid) for edge in edges],
        "root": post.thread_root,
        "media": post.media,
        "metrics": {metric.name: metric.value for metric in post.metrics},
        "labels": post.labels_by_platform,
        "tags": post.hashtags,
        "state": post.state,
    }
    if embed.link is not None:
        raw["external"] = [scope.clean(part) for part in embed.link]
    if author.public and found.cid:
        raw["cid"] = found.cid
    return raw
