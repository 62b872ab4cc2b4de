"""A text with the platform's own marks in it, redacted and made plain, and where each mark went.

The marks' positions count code points of the text as sent, in which `&`, `<` and `>` may stand as
entities of HTML.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from dalil.schema.records import Span
from dalil.sources.redaction import Edit, Scope, Shift, apply, over

ESCAPES: Final = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}
ESCAPE: Final = re.compile("|".join(ESCAPES))
HASHTAG: Final = re.compile(r"(?<!\w)[#＃](\w+)")


class Mark(NamedTuple):
    """One entity of the platform: its place in the text as sent, what it is, what to write for it."""

    start: int
    end: int
    kind: str
    target: str


class Marked(NamedTuple):
    """A text after redaction.

    `raw` is as written, redacted. `places` are the marks' positions in `raw`, None for one that lies
    outside the text. `mentions` are what replaced the handles that were found.
    """

    text: str
    raw: str
    spans: tuple[Span, ...]
    places: tuple[tuple[int, int] | None, ...]
    mentions: tuple[str, ...]

    @property
    def text_raw(self) -> str | None:
        """The raw text where it differs from the plain one."""
        return self.raw if self.raw != self.text else None


def read(
    text: str, scope: Scope, marks: Sequence[Mark] = (), *, escaped: bool = True, more: Sequence[Edit] = ()
) -> Marked:
    """Redact a text.

    Args:
        escaped: entities of HTML may stand in it.
        more: what the marks tell to be replaced, whatever it looks like; laid over what is found by pattern.
    """
    edits = scope.edits(text)
    for edit in more:
        edits = over(edits, edit)
    plain = edits
    if escaped and "&" in text:
        found = [Edit(m.start(), m.end(), ESCAPES[m[0]]) for m in ESCAPE.finditer(text)]
        plain = sorted([*edits, *(e for e in found if not any(x.start < e.end and e.start < x.end for x in edits))])
    in_raw = Shift(edits)
    in_plain = in_raw if plain is edits else Shift(plain)
    spans: list[Span] = []
    places: list[tuple[int, int] | None] = []
    for mark in marks:
        if not 0 <= mark.start < mark.end <= len(text):
            places.append(None)
            continue
        spans.append(Span(in_plain.start(mark.start), in_plain.end(mark.end), mark.kind, mark.target))
        places.append((in_raw.start(mark.start), in_raw.end(mark.end)))
    spans.sort(key=lambda span: (span.start, span.end))
    mentions = tuple(dict.fromkeys(edit.new for edit in edits if edit.kind == "mention"))
    return Marked(apply(text, plain), apply(text, edits), tuple(spans), tuple(places), mentions)
