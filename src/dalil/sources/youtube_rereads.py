"""Raw records of YouTube read again, whichever tool told of them."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from dalil.schema.moments import Moment as At
from dalil.schema.records import Account, Metric, Post, Reject, Span
from dalil.schema.words import State
from dalil.sources import account_records, kept_records, marked_text, youtube
from dalil.sources.importer import Record
from dalil.sources.kept_records import native
from dalil.sources.rereading import Held, Reread, in_order, is_stand_in, not_read
from dalil.sources.youtube import Comment, Moment, Video


class KeptVideo(msgspec.Struct):
    """What of a video's raw record gives rows; `publishedAt` and `statistics` are the API's words, `created` and
    `counts` those of yt-dlp."""

    id: str
    channel: str | None = None
    title: str = ""
    description: str = ""
    publishedAt: At | None = None  # noqa: N815 - the platform's own name
    created: At | None = None
    language: str | None = None
    statistics: dict[str, int | None] = {}
    counts: dict[str, int | None] = {}
    thumbnail: tuple[str, int | None, int | None] | None = None
    state: State = State.LIVE


class KeptComment(msgspec.Struct):
    """What of a comment's raw record gives rows."""

    id: str
    author: str | None = None
    text: str = ""
    spans: tuple[Span, ...] = ()
    video: str | None = None
    channel: str | None = None
    parent: str | None = None
    publishedAt: At | None = None  # noqa: N815
    updatedAt: At | None = None  # noqa: N815
    likeCount: int | None = None  # noqa: N815
    likes: tuple[int | None, ...] = ()


class Kept(msgspec.Struct):
    """The three kinds of raw record."""

    video: KeptVideo | UnsetType = UNSET
    comment: KeptComment | UnsetType = UNSET
    account: Account | UnsetType = UNSET


_KEPT: Final = msgspec.json.Decoder(Kept)
_OF_VIDEO: Final = ("id", "channel")
_AS_IS: Final = ("kind", "publishedAt", "updatedAt", "created", "language", "thumbnail", "availability", "live_status", "extractor")  # fmt: skip
_OF_COMMENT: Final = ("id", "author", "text", "spans", "video", "channel", "parent")


def reread(raw: bytes, held: Held, again: Reread) -> Record | Reject:
    """See `sources.rereading.Rereader`."""
    opened = kept_records.opened(_KEPT, raw)
    if opened is None:
        return not_read(held)
    kept, values = opened
    privacy, was = again.privacy, held.post
    if isinstance(kept.account, Account):
        return account_records.reread(kept.account, held, again, youtube.scope_of(privacy))
    if was is None:
        return not_read(held)
    more: dict[str, Any] = {"version": held.source_version, "included": held.included}
    if isinstance(kept.video, KeptVideo):
        video, scope = _video(kept.video, held, was), youtube.scope_of(privacy, kept.video.channel)
        rest = kept_records.more(values, "video", _OF_VIDEO, scope, as_is=_AS_IS)
        return youtube.video_record(video, privacy, rest, **more)
    if not isinstance(kept.comment, KeptComment) or not kept_records.fits(kept.comment.text, kept.comment.spans):
        return not_read(held)
    comment, scope = _comment(kept.comment, held, was), youtube.scope_of(privacy, kept.comment.channel)
    rest = kept_records.more(values, "comment", _OF_COMMENT, scope, as_is=_AS_IS)
    known = comment.parent is not None and not is_stand_in(comment.parent)
    return youtube.comment_record(comment, privacy, rest, parent_public=known, **more)


def _video(kept: KeptVideo, held: Held, was: Post) -> Video:
    picture = next(((ref.source_url, ref.width, ref.height) for ref in was.media[1:] if ref.source_url), None)
    return Video(
        key=kept.id,
        media_key=was.media[0].native_key if was.media else None,
        channel=kept.channel,
        title=kept.title,
        description=kept.description,
        marks=tuple(marked_text.marks_of(was.spans)),
        complete=was.text_complete,
        created=_moment(kept.publishedAt or kept.created, was),
        lang=kept.language,
        metrics=in_order((Metric(n, v) for n, v in (kept.statistics or kept.counts).items()), was.metrics),
        duration_s=was.media[0].duration_s if was.media else None,
        thumbnail=kept.thumbnail or picture,
        state=kept.state,
        state_reason=was.state_reason,
        state_at=was.state_at,
        visibility=was.visibility,
        warnings=held.warnings,
    )


def _comment(kept: KeptComment, held: Held, was: Post) -> Comment:
    edited = was.state is State.EDITED
    return Comment(
        key=kept.id,
        video=kept.video,
        channel=kept.channel,
        author=kept.author,
        parent=native(kept.parent) if kept.parent and kept.parent != f"{youtube.PLATFORM}:{kept.video}" else None,
        text=kept.text,
        marks=tuple(marked_text.marks_of(kept.spans)),
        text_format=was.text_format,
        created=_moment(kept.publishedAt, was),
        edited_at=kept.updatedAt if edited else None,
        edited=edited,
        metrics=in_order(_likes(kept, was), was.metrics),
        state_at=was.state_at,
        warnings=held.warnings,
    )


def _likes(kept: KeptComment, was: Post) -> list[Metric]:
    if kept.likes:
        return [Metric("likes", kept.likes[0])]
    if kept.likeCount is None and not was.metrics:
        return []
    return [Metric("likes", kept.likeCount)]


def _moment(told: At | None, was: Post) -> Moment:
    return Moment(told or was.created_at, was.created_zone_basis, was.created_precision)
