"""The text of a status with its entities, redacted in place and as the post will show it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from msgspec import UNSET

from dalil.schema.records import ReadWarning, Span, Url
from dalil.schema.words import Completeness
from dalil.sources.entity_texts import HASHTAG, Mark, read
from dalil.sources.ids import native
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.redaction import Scope
from dalil.sources.rereading import mentions_in
from dalil.sources.x_status.around import PLATFORM, Around
from dalil.sources.x_status.links import Standing, links_of
from dalil.sources.x_status.numbers import span_of
from dalil.sources.x_status.shapes import Entities, Link, Medium, Mention, Status, Tag, said, texts

CUT: Final = re.compile(r"(?:…|\.\.\.)(?:\s*https://t\.co/\S+)?\s*\Z")
"""Where a text that was cut ends: its sign, and the link to the whole."""
_TAGS: Final = re.compile(r"<[^>]*>")
_NO_NAME: Final = re.compile(r"[@＠/\\]")
_REPOST: Final = re.compile(r"RT [@＠](?P<name>[A-Za-z0-9_]{1,50})(?::\s?|\s)")


@dataclass(slots=True)
class Text:
    """What became of one text of X. `raw` is as written, redacted; None where it is the same as `text`."""

    text: str = ""
    raw: str | None = None
    complete: Completeness = Completeness.UNKNOWN
    spans: tuple[Span, ...] = ()
    urls: tuple[Url, ...] = ()
    hashtags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()
    """Account uids, where the id is known."""


def choose(status: Status) -> None:
    """Make the whole text with its entities the only one: `full_text`, `entities`, `extended_entities`."""
    extended = status.extended_tweet or None
    if extended is not None and extended.full_text:
        status.full_text, status.entities = extended.full_text, extended.entities
        status.extended_entities = extended.extended_entities or status.extended_entities
        status.truncated = UNSET
    elif not isinstance(status.full_text, str):
        status.full_text = status.text
    else:
        status.truncated = UNSET
    status.text = status.extended_tweet = UNSET


def repeats(text: object) -> str | None:
    """The handle in `RT @name: `, where a text begins so."""
    match = _REPOST.match(text) if isinstance(text, str) else None
    return match["name"] if match else None


def without_prefix(text: str) -> str:
    """What follows `RT @name: ` in a text whose handle may have been replaced."""
    return re.sub(r"\ART [@＠]\S+?:?\s", "", text, count=1)


def client_of(source: object) -> str | None:
    """The client's name out of its link; one that looks like an address or a handle is none."""
    name = _TAGS.sub("", source).strip()[:100].strip() if isinstance(source, str) else ""
    return name if name and not _NO_NAME.search(name) else None


def scope_of(status: Status, around: Around, privacy: Pseudonymiser, *, public: bool, again: bool = False) -> Scope:
    """What is known while this post is redacted.

    In a private person's post all t.co links are replaced, because each finds the post again; in a
    public one those stay that are known to lead to nobody private.

    Args:
        again: the status is one that was redacted before; see `links.Standing`.
    """
    scope = Scope(privacy, PLATFORM, ids=around.ids)
    if public:
        links, hidden = links_of(status, scope)
        scope.links = Standing(links, hidden, privacy) if again else links
    return scope


def of_status(status: Status, scope: Scope, complete: Completeness | None, warnings: list[ReadWarning]) -> Text:
    """Read and redact `full_text` and `entities` in place.

    Args:
        complete: what the format knows of it; None where that is to be told from the text.
    """
    text = status.full_text if isinstance(status.full_text, str) else ""
    entities = status.entities or None
    found = Text(complete=complete or _completeness(status, text))
    marked: list[Mention | Link | Tag | Medium] = []
    marks: list[Mark] = []
    if entities:
        _take(entities, found, scope, marked, marks)
    placed = [(item, mark) for item, mark in zip(marked, marks, strict=True) if mark.end > 0]
    done = read(text, scope, [mark for _, mark in placed])
    for (item, mark), place in zip(placed, done.places, strict=True):
        if place is None:
            warnings.append(ReadWarning("span-wrong", f"entities.{mark.kind}"))
        item.indices = UNSET if place is None else list(place)
    found.text, found.raw, found.spans = done.text, done.text_raw, done.spans
    found.mentions = found.mentions or mentions_in(done.raw)
    if not entities and ("#" in text or "＃" in text):
        found.hashtags = tuple(HASHTAG.findall(done.raw))
    if isinstance(status.full_text, str):
        status.full_text = done.raw
    return found


def _completeness(status: Status, text: str) -> Completeness:
    if said(status.truncated):
        return Completeness.TRUNCATED
    if not texts(status.full_text):
        return Completeness.UNKNOWN
    return Completeness.UNKNOWN if CUT.search(text) else Completeness.YES


def _take(
    entities: Entities,
    found: Text,
    scope: Scope,
    marked: list[Mention | Link | Tag | Medium],
    marks: list[Mark],
) -> None:
    """Redact the entities and list them with their marks; one without a place has a mark of no length."""

    def mark(item: Mention | Link | Tag | Medium, kind: str, target: str) -> None:
        place = span_of(item.indices)
        if place is None:
            item.indices = UNSET
        start, end = place or (0, 0)
        marked.append(item)
        marks.append(Mark(start, end, kind, target))

    mentions: list[str] = []
    mentioned: list[str] = []
    for mention in entities.user_mentions or ():
        shown, uid = _redact_mention(mention, scope)
        if shown:
            mentions.append(shown)
            mark(mention, "mention", shown)
        if uid:
            mentioned.append(uid)
    urls: list[Url] = []
    for link in entities.urls or ():
        url = _redact_link(link, scope)
        urls.append(url)
        mark(link, "url", url.expanded or url.as_written)
    for kind, tags in (("hashtag", entities.hashtags), ("cashtag", entities.symbols)):
        for tag in tags or ():
            tag.text = scope.clean(tag.text)
            mark(tag, kind, tag.text)
    entities.media = UNSET  # what hangs on the post is read apart
    found.urls = tuple(urls)
    found.hashtags = tuple(tag.text for tag in entities.hashtags or ())
    found.mentions = tuple(dict.fromkeys(mentions))
    found.mentioned = tuple(dict.fromkeys(mentioned))


def _redact_mention(mention: Mention, scope: Scope) -> tuple[str, str | None]:
    """`@name` as it may be stored, and the account's uid where its id is known; changes it in place."""
    key = native(mention.id_str)[0] if mention.id_str else None
    if not mention.screen_name:
        who = scope.privacy.account(PLATFORM, key) if key else None
        mention.id_str = who.native_id if who else UNSET
        return "", who.uid if who else None
    key = key or scope.ids.get(mention.screen_name.casefold())
    shown = scope.privacy.mention(PLATFORM, mention.screen_name, key)
    who = scope.privacy.account(PLATFORM, key, handle=mention.screen_name) if key else None
    mention.screen_name = shown[1:]
    mention.id_str = who.native_id if who else UNSET
    return shown, who.uid if who else None


def _redact_link(link: Link, scope: Scope) -> Url:
    """A link as it may be stored; changes it in place."""
    link.url, link.expanded_url = _clean(link.url, scope), _clean(link.expanded_url, scope)
    if link.unwound:
        link.unwound.url = _clean(link.unwound.url, scope)
    final = link.unwound.url if link.unwound else None
    return Url(link.url or link.expanded_url or "", link.expanded_url or None, final or None)


def _clean(value: object, scope: Scope) -> str | None:
    return scope.clean(value) if isinstance(value, str) else None
