"""A post, repost or deletion of Bluesky as a record, from what was told of it, now or when it was first read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Edge, Label, MediaRef, Metric, Post, ReadWarning, Url
from dalil.schema.words import Completeness, EdgeType, IdQuality, Kind, State, TextFormat, Visibility, ZoneBasis
from dalil.sources import marked_text
from dalil.sources.bluesky_embeds import Medium
from dalil.sources.bluesky_texts import AT_URI, HANDLE, PLATFORM, POST, bare_ids, scope_of
from dalil.sources.html_text import Mark
from dalil.sources.importer import Record
from dalil.sources.marked_text import Named
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.redaction import Scope
from dalil.sources.rereading import is_stand_in


class Times(NamedTuple):
    """Claimed, the server's, and the better of the two."""

    claimed: datetime | None
    created: datetime | None
    basis: ZoneBasis
    doubts: tuple[ReadWarning, ...]


class Told(msgspec.Struct, kw_only=True):
    """What is told of one post.

    `repo`, `parent`, `root`, `quoted`: an account's id and addresses of posts, or hashes of them; `root` is None where
    the post itself is one. `marks` is None where nothing was marked, so that links are looked for. `link` is address,
    title, description. `handles`: id → handle of accounts that came along.
    `mentioned`: ids of all whom it mentions in the order in which they are held, where it is read again.
    """

    uri: str
    repo: str
    page: str | None = None
    cid: str | None = None
    text: str = ""
    marks: tuple[Mark, ...] | None = None
    facets: bool = False
    when: Times
    server: datetime | None = None
    edited: bool = False
    state: State = State.LIVE
    langs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    parent: str | None = None
    root: str | None = None
    quoted: str | None = None
    mentioned: tuple[str, ...] = ()
    media: tuple[Medium, ...] = ()
    link: tuple[str, str, str] | None = None
    metrics: tuple[Metric, ...] = ()
    labels: tuple[Label, ...] = ()
    handles: Mapping[str, str] = {}


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


def page_of(uri: str, handles: Mapping[str, str]) -> str | None:
    """The page that people open."""
    match = AT_URI.fullmatch(uri)
    if match is None or match["collection"] != POST:
        return None
    return f"https://bsky.app/profile/{handles.get(match['repo'], match['repo'])}/post/{match['rkey']}"


def post_record(told: Told, privacy: Pseudonymiser, *, version: str = "", included: bool = False) -> Record:
    """A post with its edges."""
    author = who(privacy, told.repo, told.handles)
    shown = privacy.post(PLATFORM, told.uri, public=author.public)
    uid = f"{PLATFORM}:{shown}"
    text = _text(told, privacy)
    refs = _media(told.media, privacy, public=author.public)
    edges = _edges(told, uid, text.mentioned, privacy)
    card = _card(told, privacy)
    root = shown_id(privacy, told.root, told.handles) if told.root else shown
    post = Post(
        uid=uid,
        platform=PLATFORM,
        native_id=shown,
        uri=(told.page or page_of(told.uri, told.handles)) if author.public else None,
        id_quality=IdQuality.EXACT if author.public else IdQuality.HASHED,
        author_ref=author.uid,
        created_at=told.when.created,
        created_zone_basis=told.when.basis,
        claimed_at=told.when.claimed,
        server_indexed_at=told.server,
        edited_at=told.server if told.edited else None,
        state=told.state,
        state_at=told.server if told.edited else None,
        visibility=Visibility.PUBLIC,
        text=text.text,
        text_format=TextFormat.FACETS if told.facets else TextFormat.PLAIN,
        text_complete=Completeness.YES,
        lang=told.langs[0][:20] if len(told.langs) == 1 else None,
        spans=text.spans,
        urls=tuple(dict.fromkeys((*text.urls, *((card,) if card else ())))),
        hashtags=tuple(dict.fromkeys((*text.hashtags, *told.tags))),
        mentions=text.mentions,
        media=refs,
        thread_root=f"{PLATFORM}:{root}",
        metrics=told.metrics,
        labels_by_platform=told.labels,
    )
    return Record(
        kind=Kind.POST,
        uid=uid,
        version=content_version(post.text, *(ref.native_key for ref in refs), post.state.value),
        raw=canonical_bytes({"post": _raw(told, post, edges, author, privacy)}),
        source_version=version,
        post=post,
        author_ref=author.uid,
        author_public=author.public,
        edges=edges,
        signal_text=post.text,
        locators=privacy.take_locators(),
        included=included,
        warnings=told.when.doubts,
    )


def gone_record(
    uri: str,
    privacy: Pseudonymiser,
    *,
    at: datetime | None,
    reason: str,
    handles: Mapping[str, str],
    repo: str | None = None,
    page: str | None = None,
    included: bool = False,
    version: str = "",
) -> Record:
    """A post that was deleted or is not found: its state, and no words. `repo`: whose it is, where its address
    does not tell."""
    match = AT_URI.fullmatch(uri)
    author = who(privacy, repo or (match["repo"] if match else uri), handles)
    shown = privacy.post(PLATFORM, uri, public=author.public)
    uid = f"{PLATFORM}:{shown}"
    post = Post(
        uid=uid,
        platform=PLATFORM,
        native_id=shown,
        uri=(page or page_of(uri, handles)) if author.public else None,
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
    included: bool = False,
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
        included=included,
        warnings=when.doubts,
    )


def _text(told: Told, privacy: Pseudonymiser) -> marked_text.MarkedText:
    scope = scope_of(privacy, told.handles)
    marks = marked_text.links_in(told.text) if told.marks is None else told.marks
    return marked_text.read(told.text, marks, scope, who=_meant(told, privacy), more=bare_ids(told.text, scope))


def _meant(told: Told, privacy: Pseudonymiser) -> Callable[[str, str], Named | None]:
    def of(text: str, target: str) -> Named | None:
        if not target.startswith("did:") and not is_stand_in(target):
            return None
        account = privacy.account(PLATFORM, target, handle=told.handles.get(target))
        known = account.public or privacy.is_public(PLATFORM, handle=text.lstrip("@＠"))  # the name, not who it is
        return Named(text if known else f"@{account.native_id}", account.uid, known)

    return of


def _edges(told: Told, uid: str, mentioned: tuple[str, ...], privacy: Pseudonymiser) -> tuple[Edge, ...]:
    targets = [
        (kind, f"{PLATFORM}:{shown_id(privacy, uri, told.handles)}")
        for kind, uri in ((EdgeType.REPLY, told.parent), (EdgeType.QUOTE, told.quoted))
        if uri
    ]
    held = [who(privacy, account, told.handles).uid for account in told.mentioned]
    targets += [(EdgeType.MENTION, to) for to in dict.fromkeys((*held, *mentioned))]
    at, basis = told.when.created, told.when.basis
    return tuple(Edge(src_uid=uid, dst_uid=to, type=kind, at=at, at_basis=basis) for kind, to in targets)


def _media(media: tuple[Medium, ...], privacy: Pseudonymiser, *, public: bool) -> tuple[MediaRef, ...]:
    scope = Scope(privacy, PLATFORM, handle=HANDLE)
    found = []
    for item in media:
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


def _card(told: Told, privacy: Pseudonymiser) -> Url | None:
    if told.link is None:
        return None
    written = Scope(privacy, PLATFORM, handle=HANDLE).clean(told.link[0])
    return Url(written, written)


def _raw(told: Told, post: Post, edges: tuple[Edge, ...], author: Who, privacy: Pseudonymiser) -> dict[str, object]:
    """The record under its own names, redacted. Its hash (`cid`) would find a private person's post again."""
    scope = Scope(privacy, PLATFORM, handle=HANDLE)
    raw: dict[str, object] = {
        "uri": post.native_id,
        "did": author.native_id,
        "text": post.text,
        "facets": post.spans,
        "createdAt": post.claimed_at,
        "indexedAt": post.server_indexed_at,
        "langs": told.langs,
        "edges": [(edge.type, edge.dst_uid) for edge in edges],
        "root": post.thread_root,
        "media": post.media,
        "metrics": {metric.name: metric.value for metric in post.metrics},
        "labels": post.labels_by_platform,
        "tags": post.hashtags,
        "state": post.state,
    }
    if told.link is not None:
        raw["external"] = [scope.clean(part) for part in told.link]
    if author.public and told.cid:
        raw["cid"] = told.cid
    return raw
