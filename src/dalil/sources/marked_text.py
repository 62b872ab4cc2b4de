"""A text whose links, mentions and hashtags are marked, made fit to store: private names replaced, marks moved.

For the formats that say where things stand in a text (HTML, facets) or whose texts are plain. Names
and addresses are searched in the whole text as well, because marks may be absent, cut, or lie.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from dalil.schema.records import Span, Url
from dalil.sources.addresses import TRAILING
from dalil.sources.html_text import Mark
from dalil.sources.redaction import STAND_IN, Edit, Scope, Shift, apply, over

MOST_MARKS: Final = 500
LINK: Final = re.compile(r"https?://[^\s<>\"\u200b-\u200f\u202a-\u202e\u2066-\u2069]{1,4000}", re.IGNORECASE)
HASHTAG: Final = re.compile(r"(?<![\w&/])[#＃](\w{1,140})")
_LEFT: Final = re.compile(rf"(?:[@＠]|(?<![\w/])u/|(?<=h:[0-9a-f]{{32}})u/){STAND_IN.pattern}")
"""A mention that was replaced before, in a text that is read again: it stays one."""
_WEB: Final = re.compile(r"https?://\S", re.IGNORECASE)
_SPANS: Final = {"link": "url", "mention": "mention", "hashtag": "hashtag"}


class Named(NamedTuple):
    """Whom a mention means: how it may be written (`@name` or `@h:<hash>`), the account, and if it is public."""

    shown: str
    uid: str | None
    public: bool


class MarkedText(NamedTuple):
    """What became of one text; `mentioned` are the accounts whose ids are known."""

    text: str = ""
    spans: tuple[Span, ...] = ()
    urls: tuple[Url, ...] = ()
    hashtags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()


def links_in(text: str) -> list[Mark]:
    """The links of a plain text, without the marks of punctuation that follow them."""
    if "://" not in text:
        return []
    found = []
    for match in LINK.finditer(text):
        written = match[0].rstrip(TRAILING)
        found.append(Mark(match.start(), match.start() + len(written), "link", written))
    return found


def read(
    text: str,
    marks: Sequence[Mark],
    scope: Scope,
    *,
    who: Callable[[str, str], Named | None] | None = None,
    more: Sequence[Edit] = (),
) -> MarkedText:
    """Redact and place.

    Args:
        marks: sorted; of more than 500 the first are kept.
        who: for a mention's text and target, whom it means; None where it cannot be told.
        more: what else is to be replaced, such as names that this platform writes in its own way.
    """
    edits = scope.edits(text)
    for edit in more:
        edits = over(edits, edit)
    marks = marks[:MOST_MARKS]
    named: dict[Mark, Named] = {}
    for mark in marks:
        meant = who(text[mark.start : mark.end], mark.target) if who and mark.kind == "mention" else None
        if meant is not None:
            named[mark] = meant
            written = text[mark.start : mark.end] if meant.public else meant.shown
            edits = over(edits, Edit(mark.start, mark.end, written, "mention"))
    shift = Shift(edits)
    plain = apply(text, edits)
    spans: list[Span] = []
    urls: list[Url] = []
    tags: list[str] = []
    for mark in marks:
        at, to = shift.start(mark.start), shift.end(mark.end)
        kind = "link" if mark.kind == "mention" and mark not in named else mark.kind
        target = _target(mark, kind, named, plain[at:to], scope)
        if kind == "link":
            if not target:
                continue
            urls.append(Url(plain[at:to], target))
        elif kind == "hashtag":
            tags.append(target)
        spans.append(Span(at, to, _SPANS[kind], target))
    tags += HASHTAG.findall(plain)
    mentions = [(shift.start(edit.start), edit.new) for edit in edits if edit.kind == "mention" and edit.new]
    mentions += [(shift.start(at), name) for at, name in _left_before(text, edits)]
    return MarkedText(
        plain,
        tuple(spans),
        tuple(dict.fromkeys(urls)),
        tuple(dict.fromkeys(tag for tag in tags if tag)),
        tuple(dict.fromkeys(new for _, new in sorted(mentions))),
        tuple(dict.fromkeys(meant.uid for meant in named.values() if meant.uid)),
    )


def marks_of(spans: Sequence[Span]) -> list[Mark]:
    """The marks that give these spans of a text that is fit to store already."""
    return [Mark(span.start, span.end, "link" if span.type == "url" else span.type, span.target) for span in spans]


def _left_before(text: str, edits: Sequence[Edit]) -> list[tuple[int, str]]:
    if "h:" not in text:
        return []
    return [
        (match.start(), match[0].replace("＠", "@"))
        for match in _LEFT.finditer(text)
        if not any(edit.start < match.end() and match.start() < edit.end for edit in edits)
    ]


def _target(mark: Mark, kind: str, named: dict[Mark, Named], shown: str, scope: Scope) -> str:
    if kind == "mention":
        return named[mark].shown
    if kind == "hashtag":
        return shown.strip().lstrip("#＃")
    return scope.clean(mark.target) if _WEB.match(mark.target) else ""
