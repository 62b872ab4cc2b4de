"""Comments, threads of comments, and channels."""

from __future__ import annotations

from typing import Final

from dalil.schema.words import AccountType, IdQuality, TextFormat, ZoneBasis
from dalil.sources import marked_text, times, youtube
from dalil.sources.account_records import Profile
from dalil.sources.account_rules import ACCOUNT
from dalil.sources.decoding import count
from dalil.sources.formats.youtube_api.shapes import Resource, Snippet, Text
from dalil.sources.html_text import Mark
from dalil.sources.ids import native
from dalil.sources.importer import Item, Quarantined
from dalil.sources.privacy import Pseudonymiser

_HELD: Final = frozenset({"heldForReview", "likelySpam", "rejected"})
_COUNTS: Final = {"subscriberCount": "followers", "videoCount": "posts", "viewCount": "views"}


def item_of(
    resource: Resource,
    snippet: Snippet,
    privacy: Pseudonymiser,
    *,
    video: str | None = None,
    channel: str | None = None,
    parent_public: bool = False,
    included: bool = False,
) -> Item | None:
    """One comment. `video` and `channel` are those of the thread it came in, where it does not say."""
    if snippet.moderation_status in _HELD:
        return Quarantined("not-public", included=included)
    key = resource.id if isinstance(resource.id, str) else ""
    if not youtube.ID.fullmatch(key):
        return None
    text, marks, text_format = _text(snippet)
    created, edited = _time(snippet.published_at), _time(snippet.updated_at)
    changed = edited.at is not None and created.at is not None and edited.at > created.at
    comment = youtube.Comment(
        key=key,
        video=id_of(snippet.video_id) or video,
        channel=id_of(snippet.channel_id) or channel,
        author=author_of(snippet),
        parent=id_of(snippet.parent_id),
        text=text,
        marks=marks,
        text_format=text_format,
        created=created,
        edited_at=edited.at if changed else None,
        edited=changed,
        metrics=youtube.counts([("likes", count(snippet.like_count))] if snippet.like_count is not None else []),
    )
    raw = {
        "kind": resource.kind if youtube.KIND.fullmatch(resource.kind) else None,
        "publishedAt": created.at,
        "updatedAt": edited.at,
        "likeCount": count(snippet.like_count),
    }
    return youtube.comment_record(comment, privacy, raw, parent_public=parent_public, version="3", included=included)


def author_of(snippet: Snippet) -> str | None:
    """The id of the channel behind a comment."""
    return id_of(snippet.author_channel_id.value) if snippet.author_channel_id else None


def id_of(value: Text) -> str | None:
    """An id of YouTube's; None where it is none."""
    return value if isinstance(value, str) and youtube.ID.fullmatch(value) else None


def _text(snippet: Snippet) -> tuple[str, tuple[Mark, ...], TextFormat]:
    """As written where that is given, else as displayed, which is HTML."""
    if isinstance(snippet.text_original, str):
        return snippet.text_original, tuple(marked_text.links_in(snippet.text_original)), TextFormat.PLAIN
    return youtube.displayed(snippet.text_display or "")


def _time(written: Text) -> youtube.Moment:
    read = times.from_iso(written) if written else None
    return youtube.Moment(*read) if read else youtube.Moment(None, ZoneBasis.UNKNOWN)


def profile_of(resource: Resource, snippet: Snippet, privacy: Pseudonymiser) -> Profile | None:
    """A channel. It is public where the workspace knows it, or where it has published a video."""
    given, quality = native(resource.id if isinstance(resource.id, str) else "")
    if not youtube.ID.fullmatch(given):
        return None
    figures = resource.statistics or {}
    handle = (snippet.custom_url or "").lstrip("@") or None
    uploads = figures.get("videoCount")
    published = not isinstance(uploads, bool) and (count(uploads) or 0) > 0
    created = times.from_iso(snippet.published_at) if snippet.published_at else None
    found = [(shared, figures[name]) for name, shared in _COUNTS.items() if name in figures]
    if figures.get("hiddenSubscriberCount") is True:
        found = [(name, value) for name, value in found if name != "followers"]
    return Profile(
        who=privacy.account(youtube.PLATFORM, given, handle=handle, kind="channel" if published else ACCOUNT),
        platform=youtube.PLATFORM,
        quality=IdQuality(quality),
        handle=handle,
        display_name=snippet.title or None,
        description=snippet.description or None,
        created_at=created[0] if created else None,
        counts=tuple((name, None if isinstance(value, bool) else count(value)) for name, value in found),
        type=AccountType.CHANNEL,
    )
