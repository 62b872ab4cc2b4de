"""Posts of Mastodon and its kin as records, by its own API or by ActivityPub: one key, the same record.

A post's key is its `uri`, the same on all servers; an account's is `name@server` where its address
tells it, else its address. The whole of it is called `mastodon` here, as one platform.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Edge, Label, MediaRef, Metric, Post, ReadWarning
from dalil.schema.words import (
    Completeness,
    EdgeType,
    IdQuality,
    Kind,
    State,
    TextFormat,
    Visibility,
    ZoneBasis,
)
from dalil.sources import marked_text
from dalil.sources.addresses import FEDIVERSE
from dalil.sources.html_text import Mark
from dalil.sources.importer import Record
from dalil.sources.marked_text import Named
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.redaction import Scope

PLATFORM: Final = "mastodon"
HANDLE: Final = re.compile(
    r"[@＠]([A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,60}[A-Za-z0-9_])?(?:@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?(?::\d+)?)?)"
)
_LONGEST_SERVER: Final = 300
_SERVER: Final = re.compile(r"https?://([^\s/@?#]+)/\Z", re.IGNORECASE)
URI: Final = re.compile(r"https?://[^\s<>\"]{3,2000}", re.IGNORECASE)


class Person(NamedTuple):
    """An account: its address, and `name@server` where that tells it."""

    uri: str
    handle: str | None = None


class Target(NamedTuple):
    """A post that another points at, with its author as far as known; of one that cannot be resolved
    `hint` is what is known."""

    uri: str
    author: Person | None = None
    hint: str | None = None


class Medium(msgspec.Struct, kw_only=True):
    """One attachment."""

    key: str | None = None
    url: str | None = None
    mime: str | None = None
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    alt_text: str | None = None


class Note(msgspec.Struct, kw_only=True):
    """What a format tells of one post. `mentions`: address as the text links it → the account; `named`: all whom it
    mentions in the order in which they are held, where it is read again."""

    uri: str
    author: Person | None
    url: str | None = None
    text: str = ""
    marks: tuple[Mark, ...] = ()
    text_format: TextFormat = TextFormat.HTML
    complete: Completeness = Completeness.YES
    created: datetime | None = None
    edited: datetime | None = None
    lang: str | None = None
    answers: Target | None = None
    quotes: Target | None = None
    mentions: Mapping[str, Person] = {}
    named: tuple[Person, ...] = ()
    media: tuple[Medium, ...] = ()
    metrics: tuple[Metric, ...] = ()
    sensitive: bool = False
    client: str | None = None
    state: State = State.LIVE
    state_at: datetime | None = None
    warnings: tuple[ReadWarning, ...] = ()


def person(address: str, handle: str | None = None) -> Person:
    """The account at an address; `handle` (`name@server`) where the format gives it and the address does not."""
    match = FEDIVERSE.fullmatch(address)
    if match is None:
        return Person(address, handle.lower() if handle and "@" in handle.strip("@") else None)
    name = match["at"] or match["users"]
    return Person(address, (name if "@" in name else f"{name}@{match['server']}").lower())


def target(uri: str, author: Person | None = None) -> Target:
    """A post by its uri, which names its author on most servers."""
    if author is None:
        match = FEDIVERSE.fullmatch(uri)
        author = person(uri) if match is not None else None
    return Target(uri.removesuffix("/activity") if author else uri, author)


def is_known(privacy: Pseudonymiser, account: Person) -> bool:
    """Whether the workspace knows the account, by its handle or its address, to be public."""
    return privacy.is_public(PLATFORM, native_id=account.uri, handle=account.handle)


def who(privacy: Pseudonymiser, account: Person) -> Who:
    """The account as it may be stored."""
    if is_known(privacy, account):
        native = f"@{account.handle}" if account.handle else account.uri
        return Who(f"{PLATFORM}:{native}", native, public=True)
    return privacy.by_handle(PLATFORM, account.handle) if account.handle else privacy.account(PLATFORM, account.uri)


def shown_id(privacy: Pseudonymiser, post: Target) -> str:
    """A post's key as it may be stored: itself only where it is an address and its author is known to be public."""
    public = post.author is not None and who(privacy, post.author).public and bool(URI.fullmatch(post.uri))
    return privacy.post(PLATFORM, post.uri, public=public)


class _Scope(Scope):
    """Knows that the name in `https://server/@name` is `name@server`, not one that anybody may have."""

    def _mention(self, text: str, match: re.Match[str]) -> str | None:
        server = _SERVER.search(text, max(0, match.start() - _LONGEST_SERVER), match.start())
        if server is not None and self.privacy.is_public(PLATFORM, handle=f"{match[1]}@{server[1]}".lower()):
            return None
        return super()._mention(text, match)


def scope_of(privacy: Pseudonymiser) -> Scope:
    """The scope for texts."""
    return _Scope(privacy, PLATFORM, handle=HANDLE)


def note_record(
    note: Note, privacy: Pseudonymiser, raw: Mapping[str, object], *, version: str = "", included: bool = False
) -> Record:
    """A post with its edges."""
    author = who(privacy, note.author) if note.author else None
    public = author is not None and author.public
    shown = privacy.post(PLATFORM, note.uri, public=public)
    uid = f"{PLATFORM}:{shown}"
    text = marked_text.read(note.text, note.marks, scope_of(privacy), who=_meant(note, privacy))
    edges = _edges(note, uid, text.mentioned, privacy)
    refs = tuple(_ref(medium, privacy, public=public) for medium in note.media)
    post = _post(note, shown, author, text, refs)
    kept = {
        "uri": shown,
        "author": author.native_id if author else None,
        "content": text.text,
        "spans": text.spans,
        "published": note.created,
        "updated": note.edited,
        "language": note.lang,
        "media": refs,
        "edges": [(edge.type, edge.dst_uid or edge.dst_hint) for edge in edges],
        "metrics": {metric.name: metric.value for metric in note.metrics},
        "sensitive": note.sensitive,
        "state": post.state,
    }
    return Record(
        kind=Kind.POST,
        uid=uid,
        version=content_version(post.text, *(ref.native_key or ref.source_url for ref in refs), post.state.value),
        raw=canonical_bytes({"post": dict(raw) | kept}),
        source_version=version,
        post=post,
        author_ref=post.author_ref,
        author_public=public,
        edges=edges,
        signal_text=post.text,
        locators=privacy.take_locators(),
        included=included,
        warnings=note.warnings,
    )


def _post(note: Note, shown: str, author: Who | None, text: marked_text.MarkedText, refs: tuple[MediaRef, ...]) -> Post:
    public = author is not None and author.public
    edited = note.edited is not None and note.state is State.LIVE
    basis = ZoneBasis.EXPLICIT if note.created else ZoneBasis.UNKNOWN
    return Post(
        uid=f"{PLATFORM}:{shown}",
        platform=PLATFORM,
        native_id=shown,
        uri=(note.url or note.uri) if public else None,
        id_quality=IdQuality.EXACT if public else IdQuality.HASHED,
        author_ref=author.uid if author else None,
        created_at=note.created,
        created_zone_basis=basis,
        claimed_at=note.created,
        edited_at=note.edited,
        state=State.EDITED if edited else note.state,
        state_at=note.state_at or note.edited,
        visibility=Visibility.PUBLIC,
        text=text.text,
        text_format=note.text_format,
        text_complete=note.complete,
        lang=note.lang,
        spans=text.spans,
        urls=text.urls,
        hashtags=text.hashtags,
        mentions=text.mentions,
        media=refs,
        client=note.client,
        metrics=note.metrics,
        labels_by_platform=(Label(PLATFORM, "sensitive"),) if note.sensitive else (),
    )


def repost_record(
    uri: str,
    by: Person,
    of: Target,
    at: datetime | None,
    privacy: Pseudonymiser,
    *,
    version: str = "",
    included: bool = False,
) -> Record:
    """An Announce: an observation of its own with one edge, and no post (law 7)."""
    author = who(privacy, by)
    shown = privacy.post(PLATFORM, uri, public=author.public)
    uid = f"{PLATFORM}:{shown}"
    basis = ZoneBasis.EXPLICIT if at else ZoneBasis.UNKNOWN
    edge = Edge(src_uid=uid, dst_uid=f"{PLATFORM}:{shown_id(privacy, of)}", type=EdgeType.REPOST, at=at, at_basis=basis)
    raw = {"announce": {"uri": shown, "author": author.native_id, "object": edge.dst_uid, "published": at}}
    return Record(
        kind=Kind.REPOST,
        uid=uid,
        version=content_version("repost", edge.dst_uid),
        raw=canonical_bytes(raw),
        source_version=version,
        author_ref=author.uid,
        author_public=author.public,
        edges=(edge,),
        locators=privacy.take_locators(),
        included=included,
    )


def _edges(note: Note, uid: str, mentioned: tuple[str, ...], privacy: Pseudonymiser) -> tuple[Edge, ...]:
    basis = ZoneBasis.EXPLICIT if note.created else ZoneBasis.UNKNOWN
    found: list[Edge] = []

    def add(kind: EdgeType, to: str | None, hint: str | None = None) -> None:
        found.append(Edge(src_uid=uid, dst_uid=to, type=kind, dst_hint=hint, at=note.created, at_basis=basis))

    for kind, post in ((EdgeType.REPLY, note.answers), (EdgeType.QUOTE, note.quotes)):
        if post is not None and post.hint:
            add(kind, None, f"{PLATFORM}:{privacy.stand_in(PLATFORM, 'post', post.hint)}")
        elif post is not None:
            add(kind, f"{PLATFORM}:{shown_id(privacy, post)}")
    held = [who(privacy, account).uid for account in note.named]
    named = [who(privacy, account).uid for account in note.mentions.values()]
    for to in dict.fromkeys((*held, *mentioned, *named)):
        add(EdgeType.MENTION, to)
    return tuple(found)


def _meant(note: Note, privacy: Pseudonymiser) -> Callable[[str, str], Named | None]:
    def of(text: str, target: str) -> Named | None:
        account = note.mentions.get(target)
        if account is None and FEDIVERSE.fullmatch(target):
            account = person(target)
        if account is None:
            account = _named(text.lstrip("@＠").lower(), note)
        if account is None and text.count("@") == 2:
            account = Person(target, text.lstrip("@").lower())
        if account is None:
            account = Person(target) if URI.fullmatch(target) else None
        if account is None:
            return None
        found = who(privacy, account)
        return Named(text if found.public else f"@{found.native_id}", found.uid, found.public)

    return of


def _named(name: str, note: Note) -> Person | None:
    """The one account among the mentioned that has this name: some servers link a page that is not its address."""
    found = {account for account in note.mentions.values() if account.handle and name in (account.handle, account.handle.partition("@")[0])}  # fmt: skip
    return found.pop() if len(found) == 1 else None


def _ref(medium: Medium, privacy: Pseudonymiser, *, public: bool) -> MediaRef:
    """A medium; a private person's keeps no address, and a hash for a key, because both lead to the post."""
    key = medium.key or medium.url or ""
    return MediaRef(
        native_key=(medium.key if public else privacy.stand_in(PLATFORM, "media", key)) if key else None,
        source_url=medium.url if public else None,
        mime=medium.mime,
        width=medium.width,
        height=medium.height,
        duration_s=medium.duration_s,
        alt_text=scope_of(privacy).clean(medium.alt_text) if medium.alt_text else None,
        not_included=None if key else "no address",
    )
