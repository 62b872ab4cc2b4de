"""Pictures and videos of a post: their keys and, for public authors, their addresses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from dalil.schema.records import MediaRef, ReadWarning
from dalil.sources import closed_words
from dalil.sources.decoding import side
from dalil.sources.formats.reddit.shapes import Thing
from dalil.sources.privacy import Pseudonymiser

_PLATFORM: Final = "reddit"
_ENDS: Final = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp", ".mp4": "video/mp4"}  # fmt: skip


class Medium(NamedTuple):
    """One picture or video."""

    key: str
    address: str | None
    mime: str | None
    width: int | None
    height: int | None
    duration_s: float | None


def media_of(thing: Thing, warnings: list[ReadWarning]) -> tuple[Medium, ...]:
    """A gallery, a video, or the picture that a post links to."""
    found: list[Medium] = []
    if isinstance(thing.media_metadata, dict):
        for key, item in list(thing.media_metadata.items())[:50]:
            if isinstance(key, str) and isinstance(item, dict):
                found.append(Medium(key, *_of_gallery(item, warnings)))
    video = _video(thing.secure_media) or _video(thing.media)
    if video is not None:
        found.append(video)
    elif thing.url and not found and (picture := _picture(thing.url)) is not None:
        found.append(Medium(thing.url, thing.url, picture, None, None, None))
    return tuple(found)


def refs_of(media: Sequence[Medium], privacy: Pseudonymiser, *, public: bool) -> tuple[MediaRef, ...]:
    """Media as they may be stored: a private author's lose key and address."""
    return tuple(
        MediaRef(
            native_key=key if public else privacy.stand_in(_PLATFORM, "media", key),
            source_url=address if public else None,
            mime=mime,
            width=width,
            height=height,
            duration_s=duration,
        )
        for key, address, mime, width, height, duration in media
    )


def _of_gallery(
    item: dict[str, Any], warnings: list[ReadWarning]
) -> tuple[str | None, str, int | None, int | None, None]:
    given = item.get("s")
    source: dict[str, Any] = given if isinstance(given, dict) else {}
    address = next((source[name] for name in ("u", "gif", "mp4") if isinstance(source.get(name), str)), None)
    return (
        address,
        closed_words.media_type(item.get("m"), warnings, "m") or "image/*",
        side(source.get("x")),
        side(source.get("y")),
        None,
    )


def _video(media: Any) -> Medium | None:
    match media:
        case {"reddit_video": {"fallback_url": str(url), **more}}:
            length = more.get("duration")
            seconds = float(length) if isinstance(length, int | float) and 0 <= length < 1e9 else None
            return Medium(url, url, "video/mp4", side(more.get("width")), side(more.get("height")), seconds)
        case _:
            return None


def _picture(url: str) -> str | None:
    """The type of the picture at an address of Reddit's own or of a well-known host, by its ending."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    host = (parts.netloc or "").lower()
    if host not in ("i.redd.it", "preview.redd.it", "i.imgur.com"):
        return None
    return next((mime for end, mime in _ENDS.items() if parts.path.lower().endswith(end)), None)
