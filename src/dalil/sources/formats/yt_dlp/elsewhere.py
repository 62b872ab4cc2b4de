"""A video of another place than YouTube, and its comments: private unless the workspace knows who uploads or comments."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import Edge, MediaRef, Metric, Post, ReadWarning
from dalil.schema.words import Completeness, EdgeType, IdQuality, Kind, State, Visibility
from dalil.sources import marked_text, youtube
from dalil.sources.html_text import Mark
from dalil.sources.importer import Record
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.redaction import DOTTED_HANDLE, Scope


class Clip(msgspec.Struct, kw_only=True):
    """What is told of one video; `marks` and `media_key` where it is read again (see `youtube.Video`)."""

    platform: str
    key: str
    author: Who | None
    title: str = ""
    description: str = ""
    marks: tuple[Mark, ...] | None = None
    page: str | None = None
    media_key: str | None = None
    duration_s: float | None = None
    created: youtube.Moment = youtube.Moment()
    lang: str | None = None
    metrics: tuple[Metric, ...] = ()
    seen_at: datetime | None = None
    visibility: Visibility = Visibility.UNKNOWN
    warnings: tuple[ReadWarning, ...] = ()


class Remark(msgspec.Struct, kw_only=True):
    """What is told of one comment."""

    platform: str
    key: str
    author: Who | None
    video: str
    video_public: bool
    parent: str | None = None
    parent_public: bool = False
    text: str = ""
    marks: tuple[Mark, ...] = ()
    created: youtube.Moment = youtube.Moment()
    metrics: tuple[Metric, ...] = ()
    seen_at: datetime | None = None
    included: bool = True
    warnings: tuple[ReadWarning, ...] = ()


def scope_of(privacy: Pseudonymiser, platform: str) -> Scope:
    """The scope for texts of a platform."""
    return Scope(privacy, platform, handle=DOTTED_HANDLE)


def clip_record(clip: Clip, raw: Mapping[str, object], privacy: Pseudonymiser, *, included: bool = False) -> Record:
    """The video as a post."""
    who = clip.author
    public = who is not None and who.public
    shown = privacy.post(clip.platform, clip.key, public=public)
    uid = f"{clip.platform}:{shown}"
    written = "\n\n".join(part for part in (clip.title.strip(), clip.description.strip()) if part)
    marks = marked_text.links_in(written) if clip.marks is None else clip.marks
    text = marked_text.read(written, marks, scope_of(privacy, clip.platform))
    media = MediaRef(
        native_key=clip.key if public else privacy.stand_in(clip.platform, "media", clip.media_key or clip.key),
        source_url=clip.page if public else None,
        mime="video/*",
        duration_s=clip.duration_s,
    )
    post = Post(
        uid=uid,
        platform=clip.platform,
        native_id=shown,
        uri=clip.page if public else None,
        id_quality=IdQuality.EXACT if public else IdQuality.HASHED,
        author_ref=who.uid if who else None,
        created_at=clip.created.at,
        created_precision=clip.created.precision,
        created_zone_basis=clip.created.basis,
        claimed_at=clip.created.at,
        state=State.LIVE,
        state_at=clip.seen_at,
        visibility=clip.visibility,
        text=text.text,
        text_complete=Completeness.UNKNOWN,
        lang=clip.lang,
        spans=text.spans,
        urls=text.urls,
        hashtags=text.hashtags,
        mentions=text.mentions,
        media=(media,),
        metrics=clip.metrics,
    )
    return Record(
        kind=Kind.POST,
        uid=uid,
        version=content_version(post.text, media.native_key, post.state.value),
        raw=canonical_bytes({"video": dict(raw) | {"id": shown, "uploader": who.native_id if who else None}}),
        post=post,
        author_ref=post.author_ref,
        author_public=public,
        signal_text=post.text,
        locators=privacy.take_locators(),
        included=included,
        warnings=clip.warnings,
    )


def remark_record(remark: Remark, privacy: Pseudonymiser) -> Record:
    """The comment as a post of its author."""
    platform, who, when = remark.platform, remark.author, remark.created
    public = who is not None and who.public
    shown = privacy.post(platform, remark.key, public=public)
    video = privacy.post(platform, remark.video, public=remark.video_public)
    answers = privacy.post(platform, remark.parent, public=remark.parent_public) if remark.parent else video
    target = f"{platform}:{answers}"
    text = marked_text.read(remark.text, remark.marks, scope_of(privacy, platform))
    uid = f"{platform}:{shown}"
    post = Post(
        uid=uid,
        platform=platform,
        native_id=shown,
        id_quality=IdQuality.EXACT if public else IdQuality.HASHED,
        author_ref=who.uid if who else None,
        created_at=when.at,
        created_precision=when.precision,
        created_zone_basis=when.basis,
        claimed_at=when.at,
        state_at=remark.seen_at,
        visibility=Visibility.UNKNOWN,
        text=text.text,
        spans=text.spans,
        urls=text.urls,
        hashtags=text.hashtags,
        mentions=text.mentions,
        thread_root=f"{platform}:{video}",
        metrics=remark.metrics,
    )
    kept = {
        "id": shown,
        "author": who.native_id if who else None,
        "text": text.text,
        "spans": text.spans,
        "at": when.at,
        "video": video,
        "answers": target,
        "likes": [metric.value for metric in remark.metrics],
    }
    return Record(
        kind=Kind.POST,
        uid=uid,
        version=content_version(post.text, post.state.value),
        raw=canonical_bytes({"comment": kept}),
        post=post,
        author_ref=post.author_ref,
        author_public=public,
        edges=(Edge(src_uid=uid, dst_uid=target, type=EdgeType.REPLY, at=when.at, at_basis=when.basis),),
        signal_text=post.text,
        locators=privacy.take_locators(),
        included=remark.included,
        warnings=remark.warnings,
    )
