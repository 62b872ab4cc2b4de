"""A raw record of this format read again: a video, a comment or an account, of YouTube or of another place."""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from dalil.schema.identity import canonical_bytes
from dalil.schema.moments import Moment as At
from dalil.schema.records import Account, Metric, Post, Reject, Span
from dalil.sources import account_records, kept_records, marked_text, youtube, youtube_rereads
from dalil.sources.formats.yt_dlp import elsewhere
from dalil.sources.formats.yt_dlp.elsewhere import Clip, Remark
from dalil.sources.importer import Record
from dalil.sources.kept_records import native
from dalil.sources.privacy import Who
from dalil.sources.rereading import Held, Plainly, Reread, decoded, in_order, is_stand_in, not_read


class KeptClip(msgspec.Struct):
    """What of the raw record of a video elsewhere gives rows."""

    id: str
    uploader: str | None = None
    title: str = ""
    description: str = ""
    created: At | None = None
    language: str | None = None
    counts: dict[str, int | None] = {}


class KeptRemark(msgspec.Struct):
    """The raw record of a comment elsewhere; the first version of this importer wrote no `video`."""

    id: str
    answers: str
    author: str | None = None
    text: str = ""
    spans: tuple[Span, ...] = ()
    at: At | None = None
    video: str | None = None
    likes: tuple[int | None, ...] = ()


class Kept(msgspec.Struct):
    """The three kinds of raw record."""

    video: KeptClip | UnsetType = UNSET
    comment: KeptRemark | UnsetType = UNSET
    account: Account | UnsetType = UNSET


_KEPT: Final = msgspec.json.Decoder(Kept)
_AS_IS: Final = ("extractor", "created", "duration", "counts", "availability", "live_status", "language")


def reread(raw: bytes, held: Held, again: Reread) -> Record | Reject:
    """See `sources.rereading.Rereader`."""
    platform = held.uid.partition(":")[0]
    if platform == youtube.PLATFORM:
        return youtube_rereads.reread(raw, held, again)
    opened = kept_records.opened(_KEPT, raw)
    if opened is None:
        return not_read(held)
    kept, values = opened
    privacy = again.privacy
    scope = elsewhere.scope_of(privacy, platform)
    if isinstance(kept.account, Account):
        return account_records.reread(kept.account, held, again, scope)
    if held.post is None:
        return not_read(held)
    if isinstance(kept.video, KeptClip):
        clip = _clip(kept.video, platform, held, held.post, privacy)
        rest = kept_records.more(values, "video", ("id", "uploader"), scope, as_is=_AS_IS)
        found = elsewhere.clip_record(clip, rest, privacy, included=held.included)
    elif isinstance(kept.comment, KeptRemark) and kept_records.fits(kept.comment.text, kept.comment.spans):
        found = elsewhere.remark_record(_remark(kept.comment, platform, held, held.post, privacy), privacy)
        if kept.comment.video is None:
            found = msgspec.structs.replace(found, raw=_as_before(found.raw))
    else:
        return not_read(held)
    return msgspec.structs.replace(found, source_version=held.source_version)


def _as_before(raw: bytes) -> bytes:
    """A comment's raw record as the first version of this importer wrote it."""
    comment = decoded(raw)["comment"]
    return canonical_bytes({"comment": {name: value for name, value in comment.items() if name != "video"}})


def _who(account: str | None, platform: str, privacy: Plainly) -> Who | None:
    if account is None:
        return None
    return privacy.by_handle(platform, account[1:]) if account.startswith("@") else privacy.account(platform, account)


def _clip(kept: KeptClip, platform: str, held: Held, was: Post, privacy: Plainly) -> Clip:
    moment = youtube.Moment(kept.created, was.created_zone_basis, was.created_precision)
    return Clip(
        platform=platform,
        key=kept.id,
        author=_who(kept.uploader, platform, privacy),
        title=kept.title,
        description=kept.description,
        marks=tuple(marked_text.marks_of(was.spans)),
        page=was.uri,
        media_key=was.media[0].native_key if was.media else None,
        duration_s=was.media[0].duration_s if was.media else None,
        created=moment,
        lang=kept.language,
        metrics=in_order((Metric(name, value) for name, value in kept.counts.items()), was.metrics),
        seen_at=was.state_at,
        visibility=was.visibility,
        warnings=held.warnings,
    )


def _remark(kept: KeptRemark, platform: str, held: Held, was: Post, privacy: Plainly) -> Remark:
    root = native(was.thread_root or "") if kept.video is None else kept.video
    target = native(kept.answers)
    return Remark(
        platform=platform,
        key=kept.id,
        author=_who(kept.author, platform, privacy),
        video=root,
        video_public=not is_stand_in(root),
        parent=target if target != root else None,
        parent_public=not is_stand_in(target),
        text=kept.text,
        marks=tuple(marked_text.marks_of(kept.spans)),
        created=youtube.Moment(kept.at, was.created_zone_basis, was.created_precision),
        metrics=in_order((Metric("likes", value) for value in kept.likes), was.metrics),
        seen_at=was.state_at,
        included=held.included,
        warnings=held.warnings,
    )
