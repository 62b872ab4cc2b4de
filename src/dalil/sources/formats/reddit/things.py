"""One post or comment of Reddit as a record; deleted and removed ones are states."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final, NamedTuple

import msgspec

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Edge, Label, Metric, Post, ReadWarning, Url
from dalil.schema.words import Completeness, EdgeType, IdQuality, Kind, State, TextFormat, Visibility, ZoneBasis
from dalil.sources import closed_words, marked_text, times
from dalil.sources.decoding import count
from dalil.sources.formats.reddit.media import Medium, media_of, refs_of
from dalil.sources.formats.reddit.shapes import Epoch, Thing
from dalil.sources.html_text import Mark
from dalil.sources.importer import Record
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.redaction import ASCII_HANDLE, Scope
from dalil.sources.reddit_names import PLATFORM, names_in
from dalil.sources.rereading import is_stand_in

FULL_NAME: Final = re.compile(r"t[13]_[0-9a-z]{1,16}")
NOT_PUBLIC: Final = frozenset({"private", "employees_only", "gold_only"})
_SUBREDDIT: Final = re.compile(r"[A-Za-z0-9_.:-]{1,60}")
_OPEN: Final = frozenset({"public", "archived", "restricted", "user"})
_ESCAPES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_NOBODY: Final = frozenset({"", "[deleted]", "[removed]"})
_DELETED: Final = frozenset({"deleted", "author", "user"})
_REASONS: Final = _DELETED | {
    *("moderator", "automod_filtered", "reddit", "admin", "anti_evil_ops", "community_ops", "legal_operations"),
    *("copyright_takedown", "content_takedown", "spam", "filtered"),
}
"""Who removed a post, in Reddit's words."""
_METRICS: Final = {"score": "score", "num_comments": "comments", "num_crossposts": "reposts"}


class Head(NamedTuple):
    """Who and what a thing is: its true name, the id as it may be stored, its author, its place."""

    key: str
    shown: str
    who: Who | None
    place: str | None

    @property
    def public(self) -> bool:
        return self.who is not None and self.who.public

    @property
    def uid(self) -> str:
        return f"{PLATFORM}:{self.shown}"


def head_of(thing: Thing, privacy: Pseudonymiser, kind: str) -> Head | None:
    """The head of a thing; None where its id can be none."""
    key = thing.name if thing.name and FULL_NAME.fullmatch(thing.name) else f"{kind}_{str(thing.id or '').lower()}"
    if not FULL_NAME.fullmatch(key):
        return None
    name = thing.author or ""
    who = None if name in _NOBODY else privacy.by_handle(PLATFORM, name)
    shown = privacy.post(PLATFORM, key, public=who is not None and who.public)
    return Head(key, shown, who, place_of(thing.subreddit or "", privacy))


def place_of(subreddit: str, privacy: Pseudonymiser) -> str | None:
    """A subreddit is public; one that is a person's own page is that person."""
    if not _SUBREDDIT.fullmatch(subreddit):
        return None
    if subreddit.lower().startswith("u_"):
        return privacy.by_handle(PLATFORM, subreddit[2:]).uid
    return privacy.account(PLATFORM, f"r/{subreddit.casefold()}", kind="subreddit").uid


def scope_of(privacy: Pseudonymiser) -> Scope:
    """The scope for texts."""
    return Scope(privacy, PLATFORM, handle=ASCII_HANDLE)


def clean(text: str, privacy: Pseudonymiser) -> str:
    """A short text without private names."""
    scope = scope_of(privacy)
    return marked_text.read(text, (), scope, more=names_in(text, privacy)).text


class Told(msgspec.Struct, kw_only=True):
    """What is told of one post or comment. `edited` is when it was, True where only that it was is known; `root` is
    a uid; `links` are those that it is made of, not those of its text."""

    text: str = ""
    marks: tuple[Mark, ...] = ()
    created: datetime | None = None
    edited: datetime | bool = False
    state: State = State.LIVE
    reason: str | None = None
    complete: Completeness = Completeness.YES
    visibility: Visibility = Visibility.UNKNOWN
    page: str | None = None
    links: tuple[str, ...] = ()
    media: tuple[Medium, ...] = ()
    edges: tuple[Edge, ...] = ()
    root: str | None = None
    metrics: tuple[Metric, ...] = ()
    labels: tuple[Label, ...] = ()
    seen: datetime | None = None
    warnings: tuple[ReadWarning, ...] = ()


def told_of(thing: Thing, head: Head, privacy: Pseudonymiser, edges: tuple[Edge, ...]) -> Told:
    """A post or a comment as Reddit gives it, read."""
    created, edited, changed = time_of(thing.created_utc), *_edit(thing)
    warnings = [] if created else [ReadWarning("time-unreadable", "created_utc")]
    state, reason, words = _state(thing, warnings, changed=changed)
    title = "" if _is_hole(thing.title) else unescaped(thing.title or "").strip()
    written = "\n\n".join(part for part in (title, unescaped(words).strip()) if part)
    seen = time_of(thing.retrieved_utc) or time_of(thing.retrieved_on)
    return Told(
        text=written,
        marks=tuple(marked_text.links_in(written)),
        created=created,
        edited=edited or thing.edited is True,
        state=state,
        reason=reason,
        complete=Completeness.YES if words or state is State.LIVE else Completeness.UNKNOWN,
        visibility=Visibility.PUBLIC if thing.subreddit_type in _OPEN else Visibility.UNKNOWN,
        page=_address(thing, head),
        links=_links(thing),
        media=media_of(thing, warnings),
        edges=edges,
        root=_root(thing, head, edges, privacy),
        metrics=_metrics(thing, seen),
        labels=_labels(thing),
        seen=seen,
        warnings=tuple(warnings),
    )


def post_record(told: Told, head: Head, privacy: Pseudonymiser, *, included: bool) -> Record:
    """A post or a comment as a record."""
    text = marked_text.read(told.text, told.marks, scope_of(privacy), more=names_in(told.text, privacy))
    refs = refs_of(told.media, privacy, public=head.public)
    links = tuple(Url(link, link) for link in (scope_of(privacy).clean(link) for link in told.links))
    edited_at = told.edited if isinstance(told.edited, datetime) else None
    post = Post(
        uid=head.uid,
        platform=PLATFORM,
        native_id=head.shown,
        uri=told.page if head.public else None,
        id_quality=IdQuality.EXACT if head.public else IdQuality.HASHED,
        author_ref=head.who.uid if head.who else None,
        container_ref=head.place,
        created_at=told.created,
        created_zone_basis=ZoneBasis.EPOCH if told.created else ZoneBasis.UNKNOWN,
        server_indexed_at=told.created,
        edited_at=edited_at,
        state=told.state,
        state_at=told.seen or edited_at,
        state_reason=told.reason,
        visibility=told.visibility,
        text=text.text,
        text_format=TextFormat.MARKDOWN,
        text_complete=told.complete,
        spans=text.spans,
        urls=tuple(dict.fromkeys((*text.urls, *links))),
        hashtags=text.hashtags,
        mentions=text.mentions,
        media=refs,
        thread_root=told.root,
        metrics=told.metrics,
        labels_by_platform=tuple(
            label if label.source == PLATFORM else Label(label.source, clean(label.value, privacy))
            for label in told.labels
        ),
    )
    written = (url.as_written for url in post.urls)
    return Record(
        kind=Kind.POST,
        uid=head.uid,
        version=content_version(post.text, *(ref.native_key for ref in refs), *written, told.state.value),
        raw=canonical_bytes({"thing": _raw(told, head, post)}),
        post=post,
        author_ref=post.author_ref,
        author_public=head.public,
        edges=told.edges,
        signal_text=post.text,
        locators=privacy.take_locators(),
        included=included,
        warnings=told.warnings,
    )


def crosspost_record(head: Head, edge: Edge, privacy: Pseudonymiser, *, included: bool = False) -> Record:
    """A crosspost under the title of what it passes on: a repost with one edge (law 7)."""
    raw = {"crosspost": {"name": head.shown, "author": head.who.native_id if head.who else None, "parent": edge.dst_uid, "place": head.place, "created_utc": edge.at}}  # fmt: skip
    return Record(
        kind=Kind.REPOST,
        uid=head.uid,
        version=content_version("repost", edge.dst_uid),
        raw=canonical_bytes(raw),
        author_ref=head.who.uid if head.who else None,
        author_public=head.public,
        edges=(edge,),
        locators=privacy.take_locators(),
        included=included,
    )


def edge_to(at: datetime | None, head: Head, key: str, kind: EdgeType, privacy: Pseudonymiser, *, public: bool) -> Edge:
    """An edge to another thing; `public` where its author is known to be."""
    target = f"{PLATFORM}:{privacy.post(PLATFORM, key, public=public)}"
    return Edge(src_uid=head.uid, dst_uid=target, type=kind, at=at, at_basis=ZoneBasis.EPOCH if at else ZoneBasis.UNKNOWN)  # fmt: skip


def answered(thing: Thing, head: Head, privacy: Pseudonymiser) -> tuple[Edge, ...]:
    """What a comment answers. Pushshift's older lines give a post's id as a number in base 36, without its kind."""
    parent = thing.parent_id
    key = parent if isinstance(parent, str) else thing.link_id or ""
    if not isinstance(key, str) or not FULL_NAME.fullmatch(key):
        return ()
    return (edge_to(time_of(thing.created_utc), head, key, EdgeType.REPLY, privacy, public=False),)


def unescaped(text: str) -> str:
    """Reddit writes `&`, `<` and `>` as entities, unless it is asked not to."""
    if "&" in text:
        for written, char in _ESCAPES:
            text = text.replace(written, char)
    return text


def time_of(value: Epoch) -> datetime | None:
    """Seconds since 1970."""
    return times.from_epoch(value) if isinstance(value, int | float | str) else None


def _edit(thing: Thing) -> tuple[datetime | None, bool]:
    """`edited` is False, a time, or, of old, True."""
    if isinstance(thing.edited, bool) or not thing.edited:
        return None, thing.edited is True
    at = time_of(thing.edited)
    return at, at is not None


def _is_hole(text: object) -> bool:
    return isinstance(text, str) and text.strip() in ("[deleted]", "[removed]", "[deleted by user]")


def _state(thing: Thing, warnings: list[ReadWarning], *, changed: bool) -> tuple[State, str | None, str]:
    """The state, the platform's word for it, and what words are left."""
    words = (thing.body if isinstance(thing.body, str) else thing.selftext) or ""
    category = closed_words.one_of(thing.removed_by_category, _REASONS, "removed_by_category", warnings)
    if category in _DELETED or words.strip() == "[deleted]" or (thing.title or "").strip() == "[deleted by user]":
        return State.DELETED, category or "[deleted]", "" if _is_hole(words) else words
    if thing.removed_by_category or words.strip() == "[removed]":
        return State.WITHHELD, category or "[removed]", "" if _is_hole(words) else words
    return (State.EDITED if changed else State.LIVE), None, words


def _links(thing: Thing) -> tuple[str, ...]:
    """The address that a post of the link kind is made of."""
    url = unescaped(thing.url or "")
    return () if thing.is_self is True or not url.startswith(("http://", "https://")) else (url,)


def _address(thing: Thing, head: Head) -> str:
    if thing.permalink and thing.permalink.startswith("/r/") and not is_stand_in(head.place):
        return f"https://www.reddit.com{thing.permalink.partition('?')[0]}"
    return short_address(head)


def short_address(head: Head) -> str:
    """The address that does not tell where it stands: that may be a person's own page."""
    if head.key.startswith("t3_"):
        return f"https://www.reddit.com/comments/{head.key[3:]}"
    return f"https://www.reddit.com/api/info?id={head.key}"


def _root(thing: Thing, head: Head, edges: tuple[Edge, ...], privacy: Pseudonymiser) -> str | None:
    if head.key.startswith("t3_"):
        return head.uid
    link = thing.link_id or ""
    if not FULL_NAME.fullmatch(link):
        return None
    if edges and link == thing.parent_id:
        return edges[0].dst_uid
    return f"{PLATFORM}:{privacy.post(PLATFORM, link, public=False)}"


def _metrics(thing: Thing, at: datetime | None) -> tuple[Metric, ...]:
    """Scores may be below zero; counts may not."""
    found = []
    for name, shared in _METRICS.items():
        value = getattr(thing, name)
        if value is None or isinstance(value, int | float):
            whole = int(value) if name == "score" and value is not None else count(value)
            found.append(Metric(shared, whole, at))
    return tuple(found)


def _labels(thing: Thing) -> tuple[Label, ...]:
    found = [Label(PLATFORM, name) for name in ("over_18", "stickied", "quarantine") if getattr(thing, name) is True]
    if thing.link_flair_text:
        found.append(Label("subreddit", thing.link_flair_text[:200]))
    return tuple(found)


def _raw(told: Told, head: Head, post: Post) -> dict[str, object]:
    return {
        "name": head.shown,
        "author": head.who.native_id if head.who else None,
        "place": head.place,
        "text": post.text,
        "spans": post.spans,
        "urls": post.urls,
        "created_utc": post.created_at,
        "edited": told.edited,
        "state": post.state,
        "reason": post.state_reason,
        "media": post.media,
        "labels": post.labels_by_platform,
        "edges": [(edge.type, edge.dst_uid) for edge in told.edges],
        "root": post.thread_root,
        "metrics": {metric.name: metric.value for metric in post.metrics},
    }
