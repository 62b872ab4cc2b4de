"""A message's text with its marks: spans in code points, private names replaced."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from dalil.schema.records import Span, Url
from dalil.sources.redaction import Edit, Scope, Shift, apply, over
from dalil.sources.telegram.ids import PLATFORM, Peer

_HASHTAG: Final = re.compile(r"(?<!\w)#(\w+)")
KEPT: Final = frozenset(
    {"bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "code", "pre", "cashtag", "hashtag"}
)


class Mark(NamedTuple):
    """A stretch of a text with a meaning, in code points: a link, a mention, a style.

    Args:
        type: `link`, `text_link` (with its `href`), `mention`, `mention_name` (of the user `who`), or of `KEPT`.
    """

    start: int
    end: int
    type: str
    href: str | None = None
    who: Peer | None = None


class Text(NamedTuple):
    """What became of one text."""

    text: str
    spans: tuple[Span, ...] = ()
    urls: tuple[Url, ...] = ()
    hashtags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    named: tuple[tuple[int, int, str], ...] = ()
    """(start, end, id) of the names of public accounts that are marked without showing a handle."""


def read(written: str, marks: Sequence[Mark], scope: Scope) -> Text:
    """Redact a text and carry its marks over.

    Everything is searched on the whole text, because an address may be broken by a style in its
    middle. A mention by name (`mention_name`) shows a display name: it becomes `@h:<hash>` whole.
    """
    edits = scope.edits(written)
    for mark in marks:
        if mark.type == "mention_name" and mark.end > mark.start:
            edits = over(edits, Edit(mark.start, mark.end, _named(written, mark, scope), "mention"))
    text = apply(written, edits) if edits else written
    hashtags = tuple(_HASHTAG.findall(text)) if "#" in text else ()
    if not marks and not edits:
        return Text(text, hashtags=hashtags)
    shift = Shift(edits)
    spans: list[Span] = []
    urls: list[Url] = []
    for mark in marks:
        at, to = (shift.start(mark.start), shift.end(mark.end)) if edits else (mark.start, mark.end)
        kind = mark.type
        if kind in ("link", "text_link"):
            shown = text[at:to]
            target = scope.clean(mark.href) if mark.href else shown
            spans.append(Span(at, to, "url", target))
            urls.append(Url(shown, target))
        elif kind in ("mention", "mention_name"):
            spans.append(Span(at, to, "mention", text[at:to]))
        elif kind in KEPT:
            spans.append(Span(at, to, kind, text[at:to].lstrip("#$") if kind.endswith("tag") else ""))
    named = [(shift.start(edit.start), edit.new) for edit in edits if edit.kind == "mention"]
    named += [(span.start, span.target) for span in spans if span.type == "mention"]
    mentions = tuple(dict.fromkeys(name for _, name in sorted(named)))
    who = ((shift.start(mark.start), shift.end(mark.end), mark.who.native_id) for mark in marks if mark.who is not None)
    public = tuple(one for one in who if scope.privacy.is_public(PLATFORM, native_id=one[2]))
    return Text(text, tuple(spans), tuple(urls), hashtags, mentions, public)


def code_points(text: str, marks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """(start, length) in UTF-16 code units, as Telegram counts, to (start, end) in code points, within the text."""
    if not marks:
        return []
    if text.isascii() or max(text) <= "\uffff":
        most = len(text)
        return [(min(max(start, 0), most), min(max(start + length, start, 0), most)) for start, length in marks]
    units = [0]
    for char in text:
        units.append(units[-1] + (2 if char > "\uffff" else 1))
    place = {unit: index for index, unit in enumerate(units)}
    most = units[-1]

    def at(unit: int) -> int:
        unit = min(max(unit, 0), most)
        found = place.get(unit)
        return found if found is not None else place[unit - 1]  # within a pair: its character's start

    return [(at(start), max(at(start), at(start + length))) for start, length in marks]


def _named(written: str, mark: Mark, scope: Scope) -> str:
    shown = written[mark.start : mark.end]
    if mark.who is None:
        return "@" + scope.privacy.stand_in(PLATFORM, "name", shown)
    who = scope.privacy.account(PLATFORM, mark.who.native_id)
    return shown if who.public else "@" + who.native_id
