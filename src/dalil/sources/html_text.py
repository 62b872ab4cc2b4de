"""HTML as platforms and feeds write it, made plain text, with where its links, mentions and hashtags stand.

A scanner of our own in one pass: Python's `html.parser` takes minutes over 256 KiB of `<a <a <a`,
and raises on some declarations. This one looks at every character a bounded number of times,
never raises, and knows of HTML only what text needs: where a block ends, what is not shown, what an
anchor points at.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Final, NamedTuple

MOST: Final = 1 << 20
"""Characters of HTML that are read of one text; the rest is left out and `cut` says so."""
_LONGEST_TAG: Final = 8_192
_DEEPEST: Final = 100
_PENDING: Final = -1
_TAG: Final = re.compile(r"""<(/?)([A-Za-z][A-Za-z0-9:-]{0,30}+)((?:[^>"']|"[^"]*"|'[^']*')*+)>""")
_ATTRIBUTE: Final = re.compile(r"""([^\s"'<>/=]+)(?:\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+)))?""")
_START: Final = re.compile(r"<(?=/?[A-Za-z]|[!?])")
_SPACE: Final = re.compile(r"[ \t\r\n\f]+")
_MARKUP: Final = re.compile(r"</?[A-Za-z][^<>]*>|&(?:#\d|#[xX]|[A-Za-z])[0-9A-Za-z]{0,31};")
_LINES: Final = frozenset(
    [
        "div",
        "li",
        "tr",
        "td",
        "th",
        "dt",
        "dd",
        "figcaption",
        "address",
        "article",
        "section",
        "header",
        "footer",
        "main",
        "aside",
        "nav",
    ]
)
_PARAGRAPHS: Final = frozenset(
    ["p", "blockquote", "pre", "ul", "ol", "dl", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "figure"]
)
_UNSEEN: Final = frozenset({"script", "style", "template", "head", "noscript", "iframe", "object", "svg", "math"})


class Mark(NamedTuple):
    """A stretch of a text, in code points, end exclusive; `kind` is link, mention or hashtag."""

    start: int
    end: int
    kind: str
    target: str


class HtmlText(NamedTuple):
    """What is shown of a piece of HTML; `cut` where it was longer than what is read of it."""

    text: str
    marks: tuple[Mark, ...]
    cut: bool


def is_markup(text: str) -> bool:
    """Whether a text holds a tag or an entity."""
    return ("<" in text or "&" in text) and _MARKUP.search(text) is not None


def unescape(text: str) -> str:
    """Entities as their characters; a number of thousands of digits stays as it is."""
    if "&" not in text:
        return text
    try:
        return html.unescape(text)
    except ValueError:
        return text


def plain(source: str, *, most: int = MOST) -> HtmlText:
    """The text that a reader sees.

    `<br>` and blocks end lines, paragraphs are set apart by an empty line, white space is one space
    except in `<pre>`, scripts and styles are left out, a picture is its alternative text. Of an
    anchor the target is kept as written.
    """
    cut = len(source) > most
    writer = _Writer()
    _scan(source[:most], writer)
    return HtmlText(*writer.result(), cut)


def _scan(source: str, writer: _Writer) -> None:
    at, size = 0, len(source)
    while at < size:
        found = _START.search(source, at)
        writer.words(source[at : found.start() if found else size])
        if found is None:
            return
        at = _markup(source, found.start(), writer)


def _markup(source: str, start: int, writer: _Writer) -> int:
    """Take in what begins with `<` at `start`; where to go on."""
    if source.startswith("<!--", start):
        return _after(source, "-->", start + 4)
    if source.startswith("<![CDATA[", start):
        end = source.find("]]>", start)
        writer.words(source[start + 9 : end if end >= 0 else len(source)])
        return end + 3 if end >= 0 else len(source)
    if source[start + 1 : start + 2] in ("!", "?"):
        return _after(source, ">", start)
    match = _TAG.match(source, start, start + _LONGEST_TAG)
    if match is None:  # no end within reach: cut off, or a quote that does not close
        end = source.find(">", start, start + _LONGEST_TAG)
        return end + 1 if end >= 0 else start + _LONGEST_TAG
    name = match[2].lower()
    if match[1]:
        writer.closed(name)
        return match.end()
    if name in _UNSEEN and not match[3].endswith("/"):
        return _after_element(source, name, match.end())
    writer.opened(name, _attributes(match[3]) if name in ("a", "img") else {})
    return match.end()


def _after(source: str, mark: str, at: int) -> int:
    end = source.find(mark, at)
    return end + len(mark) if end >= 0 else len(source)


def _after_element(source: str, name: str, at: int) -> int:
    found = re.compile(rf"</{name}\b[^>]{{0,100}}>", re.IGNORECASE).search(source, at)
    return found.end() if found else len(source)


def _attributes(written: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(written):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found


class _Writer:
    """Puts the text together; `_size` is its length so far."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._size = 0
        self._breaks = 0
        self._space = False
        self._pre = 0
        self._open: list[tuple[int, str, str]] = []
        self._marks: list[Mark] = []

    def words(self, written: str) -> None:
        """Text between tags."""
        if not written:
            return
        text = unescape(written).replace("\x00", "\ufffd")
        if self._pre:
            self._put(text.replace("\r\n", "\n"))
            return
        text = _SPACE.sub(" ", text)
        if text == " ":
            self._space = True
            return
        self._space = self._space or text.startswith(" ")
        ends = text.endswith(" ")
        self._put(text.strip(" "))
        self._space = ends

    def opened(self, name: str, attributes: Mapping[str, str]) -> None:
        """A start tag."""
        if name == "br":
            self._break(self._breaks + 1 if self._breaks < 2 else 2)
        elif name == "img":
            self.words(attributes.get("alt", ""))
        elif name == "a" and len(self._open) < _DEEPEST:
            classes = f"{attributes.get('class', '')} {attributes.get('rel', '')}".lower().split()
            kind = (
                "hashtag" if "hashtag" in classes or "tag" in classes else "mention" if "mention" in classes else "link"
            )
            self._open.append((_PENDING, kind, attributes.get("href", "").strip()))
        else:
            self._block(name)
            self._pre += name == "pre"

    def closed(self, name: str) -> None:
        """An end tag."""
        if name == "a":
            if self._open:
                start, kind, target = self._open.pop()
                if start != _PENDING:
                    self._marks.append(Mark(start, self._size, kind, target))
            return
        self._pre -= bool(name == "pre" and self._pre)
        self._block(name)

    def result(self) -> tuple[str, tuple[Mark, ...]]:
        """The text without white space at its end, and the marks within it, in order."""
        while self._open:
            self.closed("a")
        whole = "".join(self._parts)
        text = whole.rstrip()
        marks = [mark._replace(end=min(mark.end, len(text))) for mark in self._marks if mark.start < len(text)]
        return text, tuple(sorted(marks))

    def _block(self, name: str) -> None:
        if name in _PARAGRAPHS:
            self._break(2)
        elif name in _LINES:
            self._break(1)

    def _break(self, lines: int) -> None:
        if self._size:
            self._breaks = max(self._breaks, lines)
        self._space = False

    def _flush(self) -> None:
        """Write the white space that is due before what comes next."""
        gap = "\n" * self._breaks if self._breaks else " " if self._space and self._size else ""
        self._breaks, self._space = 0, False
        self._parts.append(gap)
        self._size += len(gap)

    def _put(self, text: str) -> None:
        if not text:
            return
        self._flush()
        for at in range(len(self._open) - 1, -1, -1):  # an anchor begins with its first words
            if self._open[at][0] != _PENDING:
                break
            self._open[at] = (self._size, *self._open[at][1:])
        self._parts.append(text)
        self._size += len(text)
