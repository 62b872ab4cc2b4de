"""What hangs on a message: references to media, whose bytes are never in a dump, links of previews, polls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from dalil.schema.records import MediaRef, ReadWarning, Url
from dalil.sources import closed_words
from dalil.sources.formats.telethon.shapes import Document, Media, Message, Photo, Worded
from dalil.sources.redaction import Scope
from dalil.sources.telegram.chats import Chat
from dalil.sources.telegram.ids import PLATFORM

PERSONAL: Final = frozenset({"MessageMediaContact", "MessageMediaGeo", "MessageMediaGeoLive", "MessageMediaVenue"})
"""A person's card or exact place: dropped, and said so."""


def reference(media: Media, chat: Chat, warnings: list[ReadWarning], *, public: bool) -> MediaRef | None:
    """The medium of a message; None where there is none. A private post's has a keyed hash for its key."""
    if media.photo is not None and media.photo.id is not None:
        photo = media.photo
        width, height = _largest(photo)
        return MediaRef(
            native_key=_key(f"photo/{photo.id}", chat, public=public), mime="image/jpeg", width=width, height=height
        )
    if media.document is not None and media.document.id is not None:
        return _document(media.document, _key(f"document/{media.document.id}", chat, public=public), warnings)
    return None


def preview(messages: Sequence[Message], known: Sequence[Url], scope: Scope) -> tuple[Url, ...]:
    """The links whose preview Telegram shows, unless the text has them already."""
    found: list[Url] = []
    for message in messages:
        page = message.media.webpage if message.media else None
        if page is not None and page.url:
            target = scope.clean(page.url)
            if not any(target in (url.as_written, url.expanded) for url in (*known, *found)):
                found.append(Url(target, target))
    return tuple(found)


def question(media: Media | None, scope: Scope) -> str:
    """The question of a poll."""
    return "" if media is None or media.poll is None else scope.clean(_plain(media.poll.question))


def poll(media: Media, scope: Scope) -> dict[str, object] | None:
    """A poll as raw: its words and votes."""
    if media.poll is None:
        return None
    votes = [result.voters for result in (media.results.results if media.results else None) or ()]
    answers = [scope.clean(_plain(answer.text)) for answer in media.poll.answers or ()]
    return {
        "question": scope.clean(_plain(media.poll.question)),
        "answers": answers,
        "votes": votes,
        "closed": media.poll.closed,
    }


def _document(document: Document, key: str, warnings: list[ReadWarning]) -> MediaRef:
    width = height = duration = None
    for attribute in document.attributes or ():
        width, height = attribute.w or width, attribute.h or height
        duration = attribute.duration if attribute.duration is not None else duration
    return MediaRef(
        native_key=key,
        mime=closed_words.media_type(document.mime_type, warnings, "mime_type"),
        width=width,
        height=height,
        duration_s=float(duration) if duration is not None else None,
    )


def _largest(photo: Photo) -> tuple[int | None, int | None]:
    sizes = [(size.w, size.h) for size in photo.sizes or () if size.w and size.h]
    return max(sizes, key=lambda size: size[0] * size[1], default=(None, None))


def _key(key: str, chat: Chat, *, public: bool) -> str:
    return key if public else chat.privacy.stand_in(PLATFORM, "media", key)


def _plain(text: str | Worded) -> str:
    return text if isinstance(text, str) else text.text
