"""The words of a TikTok post, its hashtags and mentions.

Positions are said to count UTF-16 units; captures are seen that count code points. A position is
believed where the text there is what it should be.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import UNSET

from dalil.schema.records import ReadWarning, Span
from dalil.sources.counts import whole
from dalil.sources.entity_texts import HASHTAG, Mark
from dalil.sources.entity_texts import read as read_text
from dalil.sources.formats.tiktok_zeeschuimer.accounts import PLATFORM, text_id
from dalil.sources.formats.tiktok_zeeschuimer.shapes import Extra, Item
from dalil.sources.redaction import Edit, Scope
from dalil.sources.rereading import mentions_in


@dataclass(slots=True)
class Text:
    """What became of the words. `raw` is None where it is the same as `text`."""

    text: str
    raw: str | None
    spans: tuple[Span, ...]
    hashtags: tuple[str, ...]
    mentions: tuple[str, ...]
    mentioned: tuple[str, ...]


def read(item: Item, scope: Scope, warnings: list[ReadWarning], *, again: bool = False) -> Text:
    """Read and redact `desc` and `textExtra`, in place.

    Args:
        again: they were redacted before: their positions are ours, and count code points.
    """
    words = item.desc if isinstance(item.desc, str) else ""
    marks: list[Mark] = []
    marked: list[Extra] = []
    more: list[Edit] = []
    tags: list[str] = []
    mentions: list[str] = []
    mentioned: list[str] = []
    for extra in item.text_extra or ():
        if extra.hashtag_name:
            wanted = f"#{extra.hashtag_name}"
            extra.hashtag_name = scope.clean(extra.hashtag_name)
            tags.append(extra.hashtag_name)
            kind, target = "hashtag", extra.hashtag_name
        elif extra.user_unique_id or text_id(extra.user_id):
            wanted = f"@{extra.user_unique_id or ''}"
            target, uid = _redact_mention(extra, scope)
            kind = "mention"
            mentions.append(target)
            if uid:
                mentioned.append(uid)
        else:
            extra.start = extra.end = UNSET
            continue
        place = _place_again(words, extra) if again else _place(words, extra, wanted)
        if place is None:
            warnings.append(ReadWarning("span-wrong", f"textExtra.{kind}"))
            extra.start = extra.end = UNSET
            continue
        if kind == "mention" and (wanted if again else words[place[0] : place[1]]) != target:
            more.append(Edit(*place, target, "mention"))
        marks.append(Mark(*place, kind, target))
        marked.append(extra)
    done = read_text(words, scope, marks, escaped=False, more=more)
    for extra, new in zip(marked, done.places, strict=True):
        extra.start, extra.end = new or (UNSET, UNSET)
    if isinstance(item.desc, str):
        item.desc = done.raw
    for challenge in item.challenges or ():
        if challenge.title:
            challenge.title = scope.clean(challenge.title)
            tags.append(challenge.title)
    if not tags:
        tags = HASHTAG.findall(done.raw)
    return Text(
        done.text,
        done.text_raw,
        done.spans,
        tuple(dict.fromkeys(tags)),
        tuple(dict.fromkeys(mentions)) or mentions_in(done.raw),
        tuple(dict.fromkeys(mentioned)),
    )


def _redact_mention(extra: Extra, scope: Scope) -> tuple[str, str | None]:
    """`@name` as it may be stored, and the account's uid where its id is known; changes it in place."""
    key = text_id(extra.user_id)
    handle = extra.user_unique_id or None
    who = scope.privacy.account(PLATFORM, key, handle=handle) if key else None
    shown = f"@{who.native_id}" if who else ""
    if handle:
        shown = scope.privacy.mention(PLATFORM, handle, key)
    extra.user_id = who.native_id if who else UNSET
    extra.user_unique_id = shown[1:]
    return shown, who.uid if who else None


def _place(text: str, extra: Extra, wanted: str) -> tuple[int, int] | None:
    """Where a mark stands, in code points; None where neither way of counting finds its sign there."""
    start, end = whole(extra.start), whole(extra.end)
    if start is None or end is None or not start < end <= 2 * len(text):
        return None
    ways = [(start, end), (_code_points(text, start), _code_points(text, end))]
    for first, last in ways:
        if text[first:last].casefold() == wanted.casefold():
            return first, last
    for first, last in reversed(ways):
        if first < last and text[first : first + 1] == wanted[:1]:
            return first, last
    return None


def _place_again(text: str, extra: Extra) -> tuple[int, int] | None:
    """Where a mark stands in a text that was redacted before."""
    start, end = whole(extra.start), whole(extra.end)
    return (start, end) if start is not None and end is not None and start < end <= len(text) else None


def _code_points(text: str, units: int) -> int:
    """The position in code points of one in UTF-16 units."""
    seen = 0
    for at, char in enumerate(text):
        if seen >= units:
            return at
        seen += 2 if ord(char) > 0xFFFF else 1
    return len(text)
