"""The text of a post, plain and as written, with its spans; both without private names.

Offsets of the API are code points of the text as sent, in which `&`, `<` and `>` stand as entities.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Final

from msgspec import UNSET, UnsetType

from dalil.schema.records import ReadWarning, Span, Url
from dalil.schema.words import Completeness
from dalil.sources.entity_texts import ESCAPE, ESCAPES, HASHTAG
from dalil.sources.formats.x_api_v2.batches import PLATFORM, Batch
from dalil.sources.formats.x_api_v2.shapes import Entities, Link, Mention, Tag, Tweet
from dalil.sources.ids import key_of
from dalil.sources.privacy import Pseudonymiser
from dalil.sources.redaction import Edit, Scope, Shift, apply
from dalil.sources.x_status.texts import CUT, Text

_UNKNOWN: Final = Completeness.UNKNOWN
_YES: Final = Completeness.YES
_PLACE: Final = attrgetter("start", "end")


def scope_of(tweet: Tweet, batch: Batch, privacy: Pseudonymiser, *, public: bool) -> Scope:
    """What is known while this post is redacted.

    A t.co link is made anew for each post, so that one in a private person's post would lead to it:
    there, all are replaced. In a public post one stays that is known to lead to nobody private.
    """
    if batch.scope is None:
        batch.scope = Scope(privacy, PLATFORM, ids=batch.ids)
    if not public:
        return batch.scope
    links: dict[str, str] = {}
    for entities in (tweet.entities, tweet.note_tweet.entities if tweet.note_tweet else None):
        for link in entities.urls or () if entities else ():
            target = link.expanded_url
            if link.url and target and batch.scope.clean(target) == target:
                links[link.url] = link.url
    return Scope(privacy, PLATFORM, ids=batch.ids, links=links)


def read(tweet: Tweet, scope: Scope, warnings: list[ReadWarning]) -> Text:
    """Read and redact the texts of a post, in place; the long form is the text where there is one."""
    note = tweet.note_tweet or None
    if not isinstance(tweet.text, str):
        tweet.entities = UNSET  # they point into a text that is not there, and name whom it named
    if note is None:
        if not isinstance(tweet.text, str):
            return Text()
        complete = _UNKNOWN if _may_be_cut(tweet.text) else _YES
        found, tweet.text = _read(tweet.text, tweet.entities, scope, complete, warnings)
        return found
    found, note.text = _read(note.text, note.entities, scope, Completeness.YES, warnings)
    if isinstance(tweet.text, str):
        _, tweet.text = _read(tweet.text, tweet.entities, scope, Completeness.TRUNCATED, [])
    return found


def _may_be_cut(text: str) -> bool:
    return ("…" in text or "..." in text) and CUT.search(text) is not None


def _read(
    text: str,
    entities: Entities | UnsetType | None,
    scope: Scope,
    complete: Completeness,
    warnings: list[ReadWarning],
) -> tuple[Text, str]:
    edits = scope.edits(text)
    plain = edits
    if "&" in text:
        escapes = [Edit(m.start(), m.end(), ESCAPES[m[0]]) for m in ESCAPE.finditer(text)]
        covered = [e for e in escapes if not any(x.start < e.end and e.start < x.end for x in edits)]
        plain = sorted([*edits, *covered])
    raw = apply(text, edits)
    found = Text(apply(text, plain), None, complete)
    found.raw = raw if raw != found.text else None
    if entities:
        shift = Shift(edits)
        _take_entities(found, entities, scope, text, shift if plain is edits else Shift(plain), shift, warnings)
    elif entities is UNSET:
        found.hashtags = tuple(HASHTAG.findall(text)) if "#" in text or "＃" in text else ()
    if not found.mentions and edits:
        found.mentions = tuple(dict.fromkeys(e.new for e in edits if e.kind == "mention"))
    return found, raw


def _take_entities(
    found: Text,
    entities: Entities,
    scope: Scope,
    text: str,
    plain: Shift,
    raw: Shift,
    warnings: list[ReadWarning],
) -> None:
    spans: list[Span] = []

    def place(entity: Mention | Link | Tag, kind: str, target: str) -> None:
        start, end = entity.start, entity.end
        if not isinstance(start, int) or not isinstance(end, int):
            return
        if not 0 <= start < end <= len(text):
            warnings.append(ReadWarning("span-wrong", f"entities.{kind}"))
            entity.start = entity.end = UNSET
            return
        spans.append(Span(plain.start(start), plain.end(end), kind, target))
        entity.start, entity.end = raw.start(start), raw.end(end)

    mentions: list[str] = []
    mentioned: list[str] = []
    for mention in entities.mentions or ():
        shown, uid = _redact_mention(mention, scope)
        if shown:
            mentions.append(shown)
            place(mention, "mention", shown)
        if uid:
            mentioned.append(uid)
    urls: list[Url] = []
    for link in entities.urls or ():
        url = _redact_link(link, scope)
        urls.append(url)
        place(link, "url", url.expanded or url.as_written)
    for tag in entities.hashtags or ():
        place(tag, "hashtag", tag.tag)
    for tag in entities.cashtags or ():
        place(tag, "cashtag", tag.tag)
    found.spans = tuple(sorted(spans, key=_PLACE) if len(spans) > 1 else spans)
    found.urls = tuple(urls)
    found.hashtags = tuple(tag.tag for tag in entities.hashtags or ())
    found.mentions = tuple(dict.fromkeys(mentions))
    found.mentioned = tuple(dict.fromkeys(mentioned))


def _redact_mention(mention: Mention, scope: Scope) -> tuple[str, str | None]:
    """`@name` as it may be stored, and the account's uid where its id is known; changes it in place."""
    if not mention.username:
        mention.id = UNSET
        return "", None
    key = key_of(mention.id) if mention.id else scope.ids.get(mention.username.casefold())
    shown = scope.privacy.mention(PLATFORM, mention.username, key)
    who = scope.privacy.account(PLATFORM, key, handle=mention.username) if key else None
    mention.username = shown[1:]
    mention.id = who.native_id if who else UNSET  # also where only the includes tell it, as flattening does
    return shown, who.uid if who else None


def _redact_link(link: Link, scope: Scope) -> Url:
    """A link as it may be stored; changes it in place."""
    if link.url:
        link.url = scope.clean(link.url)
    written = link.expanded_url
    if written:
        link.expanded_url = scope.clean(written)
    if link.unwound_url:
        link.unwound_url = link.expanded_url if link.unwound_url == written else scope.clean(link.unwound_url)
    if link.title:
        link.title = scope.clean(link.title)
    if link.description:
        link.description = scope.clean(link.description)
    link.media_key = UNSET
    return Url(link.url or "", link.expanded_url or None, link.unwound_url or None)
