"""A post of ActivityPub as the facts that `fediverse` makes a record of; and who may see it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec

from dalil.schema.records import Metric, ReadWarning
from dalil.schema.words import Completeness, State, TextFormat
from dalil.sources import closed_words, fediverse, marked_text, times
from dalil.sources.decoding import count, side
from dalil.sources.fediverse import Medium, Note, Person
from dalil.sources.formats.activitypub_outbox.shapes import (
    Object,
    Text,
    address,
    addresses,
    several,
    total,
)
from dalil.sources.html_text import Mark, plain, unescape
from dalil.sources.importer import Record
from dalil.sources.privacy import Pseudonymiser

POSTS: Final = frozenset({"Note", "Question", "Article", "Page", "Video", "Audio", "Image", "Event", "Document", "ChatMessage"})  # fmt: skip
_PUBLIC: Final = frozenset({"https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public"})
_TYPES: Final = {"Image": "image/*", "Video": "video/*", "Audio": "audio/*"}
_MARKDOWN: Final = ("text/markdown", "text/x-markdown")


def is_public(*objects: Object | None) -> bool:
    """Whether it is addressed to everybody in `to`, by the first that is addressed at all. In `cc` it is
    unlisted; to followers or persons it is theirs; addressed to nobody it is nobody's."""
    for item in objects:
        if item is not None and (addresses(item.to) or addresses(item.cc)):
            return not addresses(item.to).isdisjoint(_PUBLIC)
    return False


def note_record(
    item: Object, privacy: Pseudonymiser, *, actor: str | None = None, update: datetime | None = None
) -> Record:
    """A post, or what an Update made of it (`update` is when)."""
    text, marks, text_format, lang = _words(item)
    author = address(item.attributed_to) or actor
    edited = read_time(item.updated) or update
    created = read_time(item.published)
    if edited is not None and created is not None and edited <= created:
        edited = None
    mentions = _mentions(item)
    warnings: list[ReadWarning] = []
    media = [_medium(part, warnings) for part in several(item.attachment) if isinstance(part, dict)]
    replied, quoted = address(item.in_reply_to), address(item.quote) or address(item.quote_url) or address(item.quote_uri)  # fmt: skip
    note = Note(
        uri=str(item.id),
        author=fediverse.person(author) if author else None,
        url=_page(item),
        text=text,
        marks=marks,
        text_format=text_format,
        created=created,
        edited=edited,
        lang=closed_words.language(lang, warnings, "contentMap"),
        answers=fediverse.target(replied) if replied and fediverse.URI.fullmatch(replied) else None,
        quotes=fediverse.target(quoted) if quoted and fediverse.URI.fullmatch(quoted) else None,
        mentions=mentions,
        media=tuple(media),
        metrics=_metrics(item),
        sensitive=item.sensitive is True,
        warnings=tuple(warnings),
    )
    scope = fediverse.scope_of(privacy)
    choices = [(str(c.get("name"))[:500], total(c.get("replies"))) for c in _choices(item)]
    raw: dict[str, object] = {"type": sorted(map(str, several(item.type)))}
    if choices:
        raw["poll"] = [(scope.clean(name), votes) for name, votes in choices]
    return fediverse.note_record(note, privacy, raw, version="2.0")


def deleted_record(uri: str, actor: str | None, at: datetime | None, privacy: Pseudonymiser) -> Record:
    """A Delete or a tombstone: the post's state, and no words."""
    author = fediverse.person(actor) if actor else fediverse.target(uri).author
    note = Note(uri=uri, author=author, state=State.DELETED, state_at=at, complete=Completeness.UNKNOWN)
    return fediverse.note_record(note, privacy, {"type": ["Tombstone"], "deleted": at}, version="2.0")


def read_time(written: Text) -> datetime | None:
    """An xsd:dateTime as UTC."""
    read = times.from_iso(written) if written else None
    return read[0] if read else None


def _words(item: Object) -> tuple[str, tuple[Mark, ...], TextFormat, str | None]:
    """Title, content warning and content, each in all of its languages, as one text."""
    content, lang = _in_languages(item.content, item.content_map)
    before = [unescape(part) for part in _in_languages(item.name, item.name_map)[0]]
    before += [plain(part).text for part in _in_languages(item.summary, item.summary_map)[0]]
    media_type = (item.media_type or "text/html").lower()
    parts: list[tuple[str, tuple[Mark, ...]]] = [(part.strip(), ()) for part in before if part.strip()]
    text_format = TextFormat.HTML
    for part in content:
        if media_type.startswith(("text/html", "application")):
            found = plain(part)
            parts.append((found.text, found.marks))
        else:
            text_format = TextFormat.MARKDOWN if media_type in _MARKDOWN else TextFormat.PLAIN
            parts.append((part.strip(), tuple(marked_text.links_in(part.strip()))))
    text, marks = "", []
    for part, found_marks in parts:
        if not part:
            continue
        start = len(text) + 2 if text else 0
        text = f"{text}\n\n{part}" if text else part
        marks += [mark._replace(start=mark.start + start, end=mark.end + start) for mark in found_marks]
    return text, tuple(marks), text_format, lang


def _in_languages(single: Text, by_language: Any) -> tuple[list[str], str | None]:
    """The different wordings, the one that is shown first, and its language where only one is given."""
    given = {lang: text for lang, text in (by_language or {}).items() if text} if isinstance(by_language, dict) else {}
    texts = ([single] if isinstance(single, str) and single else []) + list(given.values())
    langs = list(given)
    return list(dict.fromkeys(texts))[:20], str(langs[0]) if len(langs) == 1 else None


def _mentions(item: Object) -> dict[str, Person]:
    found: dict[str, Person] = {}
    for tag in several(item.tag):
        if isinstance(tag, dict) and tag.get("type") == "Mention" and isinstance(tag.get("href"), str):
            name = tag.get("name")
            handle = name.lstrip("@") if isinstance(name, str) else None
            found[tag["href"]] = fediverse.person(tag["href"], handle)
    return found


def _page(item: Object) -> str | None:
    """The page that people open: the HTML one where there are several."""
    links = several(item.url)
    for link in links:
        if isinstance(link, dict) and link.get("mediaType") == "text/html" and isinstance(link.get("href"), str):
            return str(link["href"])
    found = address(links[:1])
    return found if found and fediverse.URI.fullmatch(found) else None


def _medium(part: dict[str, Any], warnings: list[ReadWarning]) -> Medium:
    given = part.get("mediaType")
    kind = str(part.get("type"))
    name = part.get("name") or part.get("summary")
    return Medium(
        url=address(part.get("url")) or address(part.get("href")),
        mime=closed_words.media_type(given, warnings, "mediaType") or _TYPES.get(kind),
        width=side(part.get("width")),
        height=side(part.get("height")),
        alt_text=name if isinstance(name, str) else None,
    )


def _choices(item: Object) -> list[dict[str, Any]]:
    return [choice for choice in several(item.one_of) + several(item.any_of) if isinstance(choice, dict)]


def _metrics(item: Object) -> tuple[Metric, ...]:
    given = (("replies", total(item.replies)), ("likes", total(item.likes)), ("reposts", total(item.shares)))
    found = [Metric(name, value) for name, value in given if value is not None]
    if item.voters_count is not msgspec.UNSET and item.voters_count is not None:
        found.append(Metric("poll voters", count(item.voters_count)))
    return tuple(found)
