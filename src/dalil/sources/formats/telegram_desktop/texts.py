"""A message's text: its pieces joined, spans in code points, private names replaced."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from dalil.schema.records import Span, Url
from dalil.sources.formats.telegram_desktop.ids import peer
from dalil.sources.formats.telegram_desktop.shapes import Piece
from dalil.sources.redaction import Edit, Scope, Shift, apply, over

PLATFORM: Final = "telegram"
_HASHTAG: Final = re.compile(r"(?<!\w)#(\w+)")
_KEPT: Final = frozenset(
    {"bold", "italic", "underline", "strikethrough", "spoiler", "blockquote", "code", "pre", "cashtag", "hashtag"}
)


class Text(NamedTuple):
    """What became of one text."""

    text: str
    spans: tuple[Span, ...]
    urls: tuple[Url, ...]
    hashtags: tuple[str, ...]
    mentions: tuple[str, ...]


def read(pieces: str | list[str | Piece], scope: Scope) -> Text:
    """Join and redact.

    Everything is searched on the joined text, because an address may be broken by a style in its
    middle. A mention by name (`mention_name`) shows a display name: it becomes `@h:<hash>` whole.
    """
    joined, marked = _join([pieces] if isinstance(pieces, str) else pieces)
    edits = scope.edits(joined)
    for start, end, piece in marked:
        if piece.type == "mention_name" and end > start:
            edits = over(edits, Edit(start, end, _named(piece, scope), "mention"))
    shift = Shift(edits)
    text = apply(joined, edits)
    spans: list[Span] = []
    urls: list[Url] = []
    for start, end, piece in marked:
        at, to = shift.start(start), shift.end(end)
        if piece.type in ("link", "text_link"):
            written = text[at:to]
            target = scope.clean(piece.href) if piece.href else written
            spans.append(Span(at, to, "url", target))
            urls.append(Url(written, target))
        elif piece.type in ("mention", "mention_name"):
            spans.append(Span(at, to, "mention", text[at:to]))
        elif piece.type in _KEPT:
            spans.append(Span(at, to, piece.type, text[at:to].lstrip("#$") if piece.type.endswith("tag") else ""))
    named = [(shift.start(edit.start), edit.new) for edit in edits if edit.kind == "mention"]
    named += [(span.start, span.target) for span in spans if span.type == "mention"]
    mentions = tuple(dict.fromkeys(name for _, name in sorted(named)))
    return Text(text, tuple(spans), tuple(urls), tuple(_HASHTAG.findall(text)), mentions)


def _join(pieces: list[str | Piece]) -> tuple[str, list[tuple[int, int, Piece]]]:
    parts: list[str] = []
    marked: list[tuple[int, int, Piece]] = []
    length = 0
    for piece in pieces:
        part = piece if isinstance(piece, str) else piece.text
        if isinstance(piece, Piece):
            marked.append((length, length + len(part), piece))
        parts.append(part)
        length += len(part)
    return "".join(parts), marked


def _named(piece: Piece, scope: Scope) -> str:
    named = peer(piece.user_id) or peer(f"user{piece.user_id}")
    if named is None:
        return "@" + scope.privacy.stand_in(PLATFORM, "name", piece.text)
    who = scope.privacy.account(PLATFORM, named.native_id)
    return piece.text if who.public else "@" + who.native_id
