"""The media of a status: their keys and, for public authors, their addresses."""

from __future__ import annotations

from typing import Final

from msgspec import UNSET

from dalil.schema.records import MediaRef
from dalil.sources.addresses import parse
from dalil.sources.counts import whole
from dalil.sources.ids import native
from dalil.sources.redaction import Scope
from dalil.sources.x_status.around import PLATFORM
from dalil.sources.x_status.shapes import Entities, Medium, Size, Status, Video

_TYPES: Final = {"photo": "image/*", "video": "video/mp4", "animated_gif": "video/mp4"}
_PREFIXES: Final = (
    ("/ext_tw_video", "7_"),
    ("/amplify_video", "13_"),
    ("/tweet_video", "16_"),
    ("/media/", "3_"),
)
_LARGEST_SIDE: Final = (1 << 31) - 1


def media_of(status: Status, scope: Scope, *, public: bool, own: str | None = None) -> tuple[MediaRef, ...]:
    """References to what hangs on the post; redacts it in place, into `extended_entities.media`.

    A private person's media keep no address, and a keyed hash for a key, because both lead to the post.

    Args:
        own: the author's handle. Whose media another public account first showed keep the link to it in raw.
    """
    extended = status.extended_entities or None
    items = (extended.media if extended else None) or (status.entities.media if status.entities else None) or []
    if extended is not None or items:
        status.extended_entities = Entities(media=items)
    refs = []
    for medium in items:
        refs.append(_ref(medium, scope, public=public))
        if not (public and _is_anothers(medium, scope, own)):
            medium.url = medium.expanded_url = UNSET
        medium.indices = UNSET
    return tuple(refs)


def _is_anothers(medium: Medium, scope: Scope, own: str | None) -> bool:
    """Whether it stands in the post of another public account."""
    if not medium.url or not medium.expanded_url or scope.clean(medium.expanded_url) != medium.expanded_url:
        return False
    account = parse(medium.expanded_url).account
    return account is not None and account.casefold() != (own or "").casefold()


def key_of(medium: Medium) -> str | None:
    """The key as API v2 has it (`3_` a photo, `7_` `13_` a video, `16_` an animation), so that both name one medium."""
    if medium.media_key:
        return medium.media_key
    if not medium.id_str:
        return None
    key = native(medium.id_str)[0]
    address = medium.media_url_https or ""
    return next((prefix + key for part, prefix in _PREFIXES if part in address), key)


def _ref(medium: Medium, scope: Scope, *, public: bool) -> MediaRef:
    key = key_of(medium)
    address = medium.media_url_https or None
    shown = key if public or key is None else scope.privacy.stand_in(PLATFORM, "media", key)
    if shown is None and not public and address:
        shown = scope.privacy.stand_in(PLATFORM, "media", address)
    if isinstance(medium.ext_alt_text, str):
        medium.ext_alt_text = scope.clean(medium.ext_alt_text)
    medium.id_str, medium.media_key = UNSET, shown or UNSET
    if not public:
        medium.media_url_https = UNSET
        if medium.video_info:
            medium.video_info = Video(duration_millis=medium.video_info.duration_millis)
    duration = whole(medium.video_info.duration_millis) if medium.video_info else None
    size = medium.original_info or Size()
    return MediaRef(
        native_key=shown,
        source_url=address if public else None,
        mime=_TYPES.get(medium.type or ""),
        width=_side(size.width),
        height=_side(size.height),
        duration_s=duration / 1000 if duration is not None else None,
        alt_text=medium.ext_alt_text or None,
        not_included=None if shown or (public and address) else "unknown",
    )


def _side(value: object) -> int | None:
    found = whole(value)
    return found if found and found <= _LARGEST_SIDE else None
