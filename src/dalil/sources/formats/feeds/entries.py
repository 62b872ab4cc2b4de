"""One entry of a feed as a post of its outlet. Who wrote it is not read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from urllib.parse import urljoin

import msgspec
from msgspec.structs import replace

from dalil.schema.identity import canonical_bytes, content_version
from dalil.schema.records import MediaRef, Post, ReadWarning
from dalil.schema.words import Completeness, IdQuality, Kind, Precision, State, TextFormat, Visibility, ZoneBasis
from dalil.sources import closed_words, marked_text
from dalil.sources.decoding import count, side
from dalil.sources.formats.feeds import moments
from dalil.sources.formats.feeds.outlets import PLATFORM, Outlet, names_a_person, outlet_of, scope_of, text_of, web
from dalil.sources.formats.feeds.sites import sites_in, without_sites
from dalil.sources.html_text import HtmlText, Mark, is_markup, plain
from dalil.sources.importer import Record
from dalil.sources.privacy import Pseudonymiser, Who
from dalil.sources.reddit_names import names_in

_GLOBAL: Final = re.compile(r"(?:https?://|tag:|urn:)\S{3,2000}", re.IGNORECASE)
_COMMENT: Final = re.compile(r"#(?:comment|respond|c\d)", re.IGNORECASE)
_MOST_MEDIA: Final = 20


class Told(msgspec.Struct, kw_only=True):
    """What is told of one entry. `of` is whose it is, None where a person wrote it; `feed` where it stood."""

    key: str
    quality: IdQuality = IdQuality.EXACT
    of: Who | None
    feed: Who
    link: str = ""
    text: str = ""
    marks: tuple[Mark, ...] = ()
    complete: Completeness = Completeness.UNKNOWN
    created: moments.Read = moments.Read(None, ZoneBasis.UNKNOWN, Precision.SECOND)
    edited_at: datetime | None = None
    lang: str | None = None
    media: tuple[MediaRef, ...] = ()
    categories: tuple[str, ...] = ()
    warnings: tuple[ReadWarning, ...] = ()

    @property
    def public(self) -> bool:
        return self.of is not None and self.of.public


def told_of(
    entry: Mapping[str, Any],
    feed: Mapping[str, Any],
    outlet: Outlet,
    privacy: Pseudonymiser,
    warnings: list[ReadWarning],
) -> Told:
    """An entry as feedparser gives it, read."""
    link = _link(entry, outlet)
    source = entry.get("source")
    of = outlet_of(source, privacy) if isinstance(source, Mapping) and (source.get("link") or source.get("id")) else outlet  # fmt: skip
    given = text_of(entry.get("id")).strip()
    by_person = bool(_COMMENT.search(link)) or any(names_a_person(found, privacy) for found in (link, web(given)) if found)  # fmt: skip
    shown, marks, complete = _words(entry, outlet.link, with_title=not _COMMENT.search(link))
    key, quality = _key(given, link, outlet, shown.text)
    when = _times(entry, warnings)
    if shown.cut:
        warnings.append(ReadWarning("text-cut", "content"))
    lang = closed_words.language(text_of(feed.get("language")) or text_of(entry.get("language")), warnings, "language")
    media = _media(entry, outlet.link, warnings)
    tags = [text_of(tag.get("term")) for tag in entry.get("tags") or () if isinstance(tag, Mapping)]
    return Told(
        key=key,
        quality=quality,
        of=None if by_person else of.who,
        feed=outlet.who,
        link=link,
        text=shown.text,
        marks=tuple(marks),
        complete=complete,
        created=when.created,
        edited_at=when.edited_at,
        lang=lang,
        media=media,
        categories=tuple(tag[:200] for tag in tags[:50] if tag),
        warnings=tuple(warnings),
    )


def record_of(told: Told, privacy: Pseudonymiser) -> Record:
    """The entry as a post."""
    native = privacy.post(PLATFORM, told.key, public=told.public)
    refs = tuple(_ref(ref, privacy, public=told.public) for ref in told.media)
    post = _post(native, told, _text(told, privacy), refs)
    return Record(
        kind=Kind.POST,
        uid=post.uid,
        version=content_version(post.text, *(ref.native_key for ref in refs), post.state.value),
        raw=canonical_bytes({"entry": _raw(told, post, privacy)}),
        post=post,
        author_ref=post.author_ref,
        author_public=told.public,
        signal_text=post.text,
        locators=privacy.take_locators(),
        warnings=told.warnings,
    )


def _text(told: Told, privacy: Pseudonymiser) -> marked_text.MarkedText:
    """The words; addresses of an outlet that is a person's are replaced as a whole, since they name it."""
    more = names_in(told.text, privacy) + sites_in(told.text, privacy)
    marks = [mark._replace(target=without_sites(mark.target, privacy)) for mark in told.marks]
    return marked_text.read(told.text, marks, scope_of(privacy), more=more)


def _link(entry: Mapping[str, Any], outlet: Outlet) -> str:
    """The entry's address. feedparser takes a `guid` for one that does not say that it is none."""
    written = text_of(entry.get("link")).strip()
    if written == text_of(entry.get("id")).strip() and not _GLOBAL.fullmatch(written):
        return ""
    return web(_absolute(written, outlet.link))


class _Times(NamedTuple):
    created: moments.Read
    edited_at: datetime | None


def _times(entry: Mapping[str, Any], warnings: list[ReadWarning]) -> _Times:
    """When it was published and, where it was changed since, when; Atom's `updated` alone is when it was published."""
    created = _moment(entry, "published", warnings)
    updated = _moment(entry, "updated", warnings)
    if created.at is None:
        created, updated = updated, moments.Read(None, ZoneBasis.UNKNOWN, updated.precision)
    changed = created.at is not None and updated.at is not None and updated.at > created.at
    return _Times(created, updated.at if changed else None)


def _post(native: str, told: Told, text: marked_text.MarkedText, refs: tuple[MediaRef, ...]) -> Post:
    return Post(
        uid=f"{PLATFORM}:{native}",
        platform=PLATFORM,
        native_id=native,
        uri=told.link or None if told.public else None,
        id_quality=told.quality if told.public else IdQuality.HASHED,
        author_ref=told.of.uid if told.of else None,
        container_ref=told.feed.uid,
        created_at=told.created.at,
        created_precision=told.created.precision,
        created_zone_basis=told.created.basis if told.created.at else ZoneBasis.UNKNOWN,
        claimed_at=told.created.at,
        edited_at=told.edited_at,
        state=State.EDITED if told.edited_at else State.LIVE,
        state_at=told.edited_at,
        visibility=Visibility.PUBLIC,
        text=text.text,
        text_format=TextFormat.HTML,
        text_complete=told.complete,
        lang=told.lang,
        spans=text.spans,
        urls=text.urls,
        hashtags=text.hashtags,
        mentions=text.mentions,
        media=refs,
    )


def _key(given: str, link: str, outlet: Outlet, text: str) -> tuple[str, IdQuality]:
    """Its id where it is one for the whole world, else within its feed, else its address, else derived."""
    if _GLOBAL.fullmatch(given):
        return given, IdQuality.EXACT
    if given and not link:
        return f"{outlet.who.native_id}#{given[:500]}", IdQuality.EXACT
    if link:
        return link, IdQuality.EXACT
    return "d:" + content_version("entry", outlet.who.native_id, text), IdQuality.DERIVED


def _words(entry: Mapping[str, Any], base: str, *, with_title: bool) -> tuple[HtmlText, list[Mark], Completeness]:
    """Title and content; the summary where there is no content."""
    title = _read(text_of(entry.get("title"))).text if with_title else ""
    contents = [item for item in entry.get("content") or () if isinstance(item, Mapping)]
    whole = next((text_of(item.get("value")) for item in contents if text_of(item.get("value")).strip()), "")
    body = _read(whole or text_of(entry.get("summary")))
    if not title or body.text.startswith(title):
        found = body
    elif not body.text:
        found = HtmlText(title, (), body.cut)
    else:
        moved = tuple(m._replace(start=m.start + len(title) + 2, end=m.end + len(title) + 2) for m in body.marks)
        found = HtmlText(f"{title}\n\n{body.text}", moved, body.cut)
    marks = [mark._replace(target=_absolute(mark.target, base)) for mark in found.marks]
    return found, marks or marked_text.links_in(found.text), Completeness.YES if whole else Completeness.UNKNOWN


def _read(text: str) -> HtmlText:
    return plain(text) if is_markup(text) else HtmlText(text.strip(), (), cut=False)


def _absolute(address: str, base: str) -> str:
    try:
        return urljoin(base, address) if base and address else address
    except ValueError:
        return ""


def _moment(entry: Mapping[str, Any], name: str, warnings: list[ReadWarning]) -> moments.Read:
    """A time of the entry. feedparser answers `updated` with `published` where there is none: not asked that way."""
    written = text_of(dict.get(entry, name) if isinstance(entry, dict) else None).strip()
    if not written:
        return moments.Read(None, ZoneBasis.UNKNOWN, Precision.SECOND)
    found = moments.read(written, dict.get(entry, f"{name}_parsed") if isinstance(entry, dict) else None)
    if found.at is None:
        warnings.append(ReadWarning("time-unreadable", name))
    elif found.basis is ZoneBasis.UNKNOWN:
        warnings.append(ReadWarning("zone-unknown", name, written[:40]))
    return found


def _media(entry: Mapping[str, Any], base: str, warnings: list[ReadWarning]) -> tuple[MediaRef, ...]:
    """Enclosures, media of Media RSS and previews, each address once."""
    found: dict[str, MediaRef] = {}
    for name, field in (("enclosures", "href"), ("media_content", "url"), ("media_thumbnail", "url")):
        items = entry.get(name)
        for item in items[:_MOST_MEDIA] if isinstance(items, list) else ():
            address = web(_absolute(text_of(item.get(field)), base)) if isinstance(item, Mapping) else ""
            if not address or address in found:
                continue
            kind = closed_words.media_type(text_of(item.get("type")), warnings, "type")
            length = text_of(item.get("duration"))
            found[address] = MediaRef(
                native_key=address,
                source_url=address,
                mime=kind or ("image/*" if name == "media_thumbnail" else None),
                width=side(count(text_of(item.get("width")))),
                height=side(count(text_of(item.get("height")))),
                duration_s=float(length) if length.isascii() and length.isdigit() and len(length) < 7 else None,
            )
    return tuple(found.values())[:_MOST_MEDIA]


def _ref(ref: MediaRef, privacy: Pseudonymiser, *, public: bool) -> MediaRef:
    if public:
        return ref
    return replace(ref, native_key=privacy.stand_in(PLATFORM, "media", ref.native_key or ""), source_url=None)


def _raw(told: Told, post: Post, privacy: Pseudonymiser) -> dict[str, object]:
    return {
        "id": post.native_id,
        "feed": post.container_ref,
        "author": post.author_ref,
        "link": post.uri,
        "text": post.text,
        "spans": post.spans,
        "published": post.created_at,
        "updated": post.edited_at,
        "language": post.lang,
        "media": post.media,
        "categories": [scope_of(privacy).clean(without_sites(tag, privacy)) for tag in told.categories],
    }
