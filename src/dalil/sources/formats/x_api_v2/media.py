"""The media of a post: their keys and, for public authors, their addresses; bytes are not in this format."""

from __future__ import annotations

from typing import Final

from msgspec import UNSET

from dalil.schema.records import MediaRef
from dalil.sources.formats.x_api_v2.batches import PLATFORM, Batch
from dalil.sources.formats.x_api_v2.shapes import Medium, Tweet
from dalil.sources.redaction import Scope

_TYPES: Final = {"photo": "image/*", "video": "video/mp4", "animated_gif": "video/mp4"}


def media_of(tweet: Tweet, batch: Batch, scope: Scope, *, public: bool) -> tuple[tuple[MediaRef, ...], list[Medium]]:
    """References to the media of a post, and the same for its raw record.

    A private person's media keep no address, and a keyed hash for a key, because both lead to the post.
    Redacts `attachments` in place.
    """
    if not tweet.attachments:
        return (), []
    refs: list[MediaRef] = []
    kept: list[Medium] = []
    shown_keys: list[str] = []
    for key in tweet.attachments.media_keys or ():
        shown = key if public else scope.privacy.stand_in(PLATFORM, "media", key)
        shown_keys.append(shown)
        medium = batch.media.get(key)
        if medium is None:
            refs.append(MediaRef(native_key=shown))
            continue
        refs.append(_ref(medium, shown, scope, public=public))
        kept.append(_redacted(medium, shown, scope, public=public))
    if tweet.attachments.media_keys:
        tweet.attachments.media_keys = shown_keys
    return tuple(refs), kept


def _ref(medium: Medium, shown: str, scope: Scope, *, public: bool) -> MediaRef:
    duration = medium.duration_ms
    return MediaRef(
        native_key=shown,
        source_url=(medium.url or medium.preview_image_url or None) if public else None,
        mime=_TYPES.get(medium.type or ""),
        width=medium.width or None,
        height=medium.height or None,
        duration_s=duration / 1000 if isinstance(duration, int | float) else None,
        alt_text=scope.clean(medium.alt_text) if medium.alt_text else None,
    )


def _redacted(medium: Medium, shown: str, scope: Scope, *, public: bool) -> Medium:
    copy = Medium(
        media_key=shown,
        type=medium.type if medium.type in _TYPES else UNSET,
        width=medium.width,
        height=medium.height,
        duration_ms=medium.duration_ms,
        public_metrics=medium.public_metrics,
    )
    if medium.alt_text:
        copy.alt_text = scope.clean(medium.alt_text)
    if public:
        copy.url, copy.preview_image_url, copy.variants = medium.url, medium.preview_image_url, medium.variants
    return copy
