"""A status as a record: a Post with its edges, or, for a repost, one edge and no post."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from msgspec import UNSET

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Edge, Label, MediaRef, Post, ReadWarning, Reject
from dalil.schema.words import Completeness, EdgeType, IdQuality, Kind, State, Visibility
from dalil.sources.aliases import alias_edge
from dalil.sources.importer import Quarantined, Record
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.redaction import STAND_IN
from dalil.sources.x_status import references, texts
from dalil.sources.x_status.around import PLATFORM, Around, Author, author_of, key_of, versions_of
from dalil.sources.x_status.media import media_of
from dalil.sources.x_status.numbers import Created, from_x_date, metrics_of, time_of_id
from dalil.sources.x_status.shapes import Place, Repost, Status, said

_ID: Final = re.compile(r"[0-9A-Za-z_.+-]{1,64}")
_HANDLE: Final = re.compile(r"[0-9A-Za-z_]{1,50}")


@dataclass(slots=True)
class Given:
    """One status on its way to a record, with what its format knows better than the status itself.

    Args:
        created: when it was made, where that is not what `created_at` says.
        quality: of its id, where that is not what the id itself tells.
        complete: whether the text is whole, where that is known.
        retrieved_at: when the collector asked for it.
        known: post id → author, of posts that it refers to and that do not come along.
        original_here: of a repost, whether the repeated post came along; else its words are kept for keys.
        again: the status was redacted before, and its ids may be hashes; see `rereads`.
    """

    status: Status
    where: str
    included: bool = False
    created: Created | None = None
    quality: IdQuality | None = None
    complete: Completeness | None = None
    retrieved_at: datetime | None = None
    known: dict[str, Author] = field(default_factory=dict)
    original_here: bool = False
    again: bool = False
    warnings: list[ReadWarning] = field(default_factory=list)


@dataclass(slots=True)
class _Head:
    """Who and what a post is: the true key, the id as it may be stored, and the time."""

    key: str
    quality: IdQuality
    shown: str
    who: Who | None
    handle: str | None
    created: Created

    @property
    def uid(self) -> str:
        return f"{PLATFORM}:{self.shown}"

    @property
    def public(self) -> bool:
        return self.who is not None and self.who.public


def record_of(
    given: Given, around: Around, privacy: Pseudonymiser, *, source_version: str
) -> Record | Quarantined | Reject:
    """One status as a record; a protected account's is counted and not read.

    The status is redacted in place and becomes the raw record: nobody may use it afterwards.
    """
    status = given.status
    if status.user and said(status.user.protected):
        return Quarantined("not-public", included=given.included)
    head = _head(given, around, privacy)
    if head is None:
        key = key_of(status)[0] or ""
        return Reject(given.where, "id-unreadable", hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest())
    texts.choose(status)
    found = references.read(status, head.key, head.uid, head.created.at, head.created.basis, around, privacy)
    scope = texts.scope_of(status, around, privacy, public=head.public, again=given.again)
    media = media_of(status, scope, public=head.public, own=head.handle)
    text = texts.of_status(status, scope, given.complete, given.warnings)
    repost = next((edge for edge in found.edges if edge.type is EdgeType.REPOST), None)
    post: Post | None = None
    signal_text = ""
    if repost is None:
        edges = [*found.edges, *(_mention(head, to) for to in text.mentioned)]
        post = _post(given, head, around, text, media, found.root)
        version = content_version(post.text, *(ref.native_key for ref in media), post.state.value)
        signal_text = post.text
        if head.public and not given.again:
            edges.append(alias_edge(PLATFORM, head.shown, privacy))
    else:
        edges = [repost]
        version = content_version("repost", repost.dst_uid or repost.dst_hint)
        if not given.original_here:
            signal_text = texts.without_prefix(text.text)
    _redact(status, head, around, privacy)
    return Record(
        kind=Kind.POST if post else Kind.REPOST,
        uid=head.uid,
        version=version,
        raw=canonical_bytes({"status": status}),
        source_version=source_version,
        post=post,
        author_ref=head.who.uid if head.who else None,
        author_public=head.public,
        edges=tuple(edges),
        signal_text=signal_text,
        locators=privacy.take_locators(),
        included=given.included,
        warnings=tuple(given.warnings),
    )


def _head(given: Given, around: Around, privacy: Pseudonymiser) -> _Head | None:
    key, quality = key_of(given.status)
    if key is None or not (_ID.fullmatch(key) or (given.again and STAND_IN.fullmatch(key))):
        return None
    author = author_of(given.status)
    quality = given.quality or quality
    if quality is IdQuality.ROUNDED:
        given.warnings.append(ReadWarning("id-rounded", "id"))
    who: Who | None = None
    if author.native_id:
        who = privacy.account(PLATFORM, author.native_id, handle=author.handle)
    elif author.handle:
        who = privacy.by_handle(PLATFORM, author.handle)
    created = given.created or from_x_date(given.status.created_at)
    return _Head(key, quality, around.post_id(key, author, privacy), who, author.handle, created)


def _mention(head: _Head, to: str) -> Edge:
    return Edge(src_uid=head.uid, dst_uid=to, type=EdgeType.MENTION, at=head.created.at, at_basis=head.created.basis)


def _post(
    given: Given, head: _Head, around: Around, text: texts.Text, media: tuple[MediaRef, ...], root: str | None
) -> Post:
    status = given.status
    versions = versions_of(status)
    first_id = around.first_ids.get(head.key, head.key)
    created, edited = head.created, first_id != head.key
    if edited and (first_at := time_of_id(first_id)):
        given.warnings.append(ReadWarning("created-from-id", "created_at"))
        created = Created(first_at, created.precision, created.basis)
    withheld = tuple(sorted(status.withheld_in_countries or ()))
    state = State.WITHHELD if withheld or said(status.withheld_copyright) else State.EDITED if edited else State.LIVE
    protected = said(status.user.protected) if status.user else None
    return Post(
        uid=head.uid,
        platform=PLATFORM,
        native_id=head.shown,
        uri=_address(head) if head.public else None,
        id_quality=head.quality if head.public else IdQuality.HASHED,
        author_ref=head.who.uid if head.who else None,
        created_at=created.at,
        created_precision=created.precision,
        created_zone_basis=created.basis,
        claimed_at=head.created.at,
        server_indexed_at=head.created.at,
        edited_at=head.created.at if edited else None,
        version_no=versions.index(head.key) + 1 if head.key in versions else None,
        state=state,
        state_at=given.retrieved_at,
        state_reason=" ".join(withheld) or None,
        visibility=Visibility.PUBLIC if protected is False else Visibility.UNKNOWN,
        text=text.text,
        text_raw=text.raw,
        text_complete=text.complete,
        lang=status.lang or None,
        spans=text.spans,
        urls=text.urls,
        hashtags=text.hashtags,
        mentions=text.mentions,
        media=media,
        thread_root=f"{PLATFORM}:{root}" if root else None,
        client=texts.client_of(status.source),
        metrics=metrics_of(status, given.retrieved_at),
        labels_by_platform=(Label("x", "possibly_sensitive"),) if said(status.possibly_sensitive) else (),
        geo=(status.place.country_code or None) if status.place else None,
    )


def _address(head: _Head) -> str:
    known = head.handle if head.handle and _HANDLE.fullmatch(head.handle) else "i/web"
    return f"https://x.com/{known}/status/{head.key}"


def _redact(status: Status, head: _Head, around: Around, privacy: Pseudonymiser) -> None:
    """Replace ids and drop what was nested, in place; texts, references and media are done already."""
    first = head.key == around.first_ids.get(head.key, head.key)
    status.id_str = head.shown if first else privacy.post(PLATFORM, head.key, public=head.public)
    history = [privacy.post(PLATFORM, old, public=head.public) for old in versions_of(status)]
    status.user_id_str = head.who.native_id if head.who else UNSET
    status.edit_tweet_ids = list(history) if history else UNSET
    status.edit_history = UNSET
    status.source = texts.client_of(status.source) or UNSET
    if head.created.at is None:
        status.created_at = UNSET  # words that are no time may be anything
    if status.place:
        status.place = Place(status.place.country_code)
    status.id = status.user = status.quoted_status = status.retweeted_status = status.parent = UNSET


def nested(status: Status) -> list[Status]:
    """The statuses that came along inside one, taken out of it; their ids stay behind as references.

    What only we write (`reposted`, `whose`) is no file's to say: it is taken out of them.
    """
    found: list[Status] = []
    again, quoted, parent = status.retweeted_status or None, status.quoted_status or None, status.parent or None
    if again is not None:
        key, author = key_of(again)[0], author_of(again)
        status.reposted = Repost(key, author.native_id or UNSET, author.handle or UNSET)
        found.append(again)
    if quoted is not None:
        status.quoted_status_id_str = status.quoted_status_id_str or key_of(quoted)[0]
        found.append(quoted)
    if parent is not None:
        status.in_reply_to_status_id_str = status.in_reply_to_status_id_str or key_of(parent)[0]
        found.append(parent)
    status.retweeted_status = status.quoted_status = status.parent = UNSET
    for inner in found:
        inner.reposted = inner.whose = UNSET
    return found
