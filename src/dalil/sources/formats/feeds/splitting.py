"""A feed cut into its head and its entries, so that memory does not grow with it.

feedparser reads a whole document at once. Here the bytes are scanned for where entries begin and
end, past comments and CDATA sections, and given to it a few entries at a time, each time under the
feed's own head. The document type is taken out: what it declares (entities that grow, addresses to
fetch) never reaches a parser.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

_STEP: Final = 256 << 10
_LARGEST_HEAD: Final = 1 << 20
LARGEST_ENTRY: Final = 1 << 20
_PREFIX: Final = rb"(?:[A-Za-z_][\w.-]{0,30}:)?"
_TOKEN: Final = re.compile(
    rb"<!--|<!\[CDATA\[|<!DOCTYPE|<"
    + _PREFIX
    + rb"(?:item|entry)(?:\s[^<>]{0,200})?/>|<"
    + _PREFIX
    + rb"(?:item|entry)(?=[\s>/])|</"
    + _PREFIX
    + rb"(?:item|entry)\s{0,10}>",
    re.IGNORECASE,
)
_ENDS: Final = {b"<!--": b"-->", b"<![CDATA[": b"]]>"}
_LONGEST_TOKEN: Final = 300
_HALVES: Final = re.compile(
    rb"&#(?:[xX]([dD][89aAbB][0-9A-Fa-f]{2})|(5[56]\d{3}));&#(?:[xX]([dD][c-fC-F][0-9A-Fa-f]{2})|(5[67]\d{3}));"
)
_HALF: Final = re.compile(
    rb"&#(?:[xX]0{0,5}[dD][89A-Fa-f][0-9A-Fa-f]{2}|0{0,5}5(?:529[6-9]|5[3-9]\d\d|6\d{3}|7[0-2]\d\d|73[0-3]\d|734[0-3]));"
)
_ROOT: Final = re.compile(
    rb"<(/?)((?:[A-Za-z_][\w.-]{0,30}:)?(?:rss|rdf|feed|channel))(?=[\s>/])([^>]*)>", re.IGNORECASE
)
_DOCTYPE: Final = re.compile(rb"<!DOCTYPE(?:[^\[>]|\[(?:[^\]\"']|\"[^\"]*\"|'[^']*')*+\])*+>", re.IGNORECASE)
_ENTITY: Final = re.compile(rb"<!ENTITY", re.IGNORECASE)
_DECLARED: Final = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_DECLARATION: Final = re.compile(rb"\s*<\?xml[^>]{0,400}\?>")
_DECLARED_WITHIN: Final = 500
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<", "utf-32-be"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)
_NOT_ASCII: Final = re.compile(r"(?:utf|ucs)[_-]?(?:7|16|32|2|4)|iso-?2022|hz|utf_7", re.IGNORECASE)


class Piece(NamedTuple):
    """The head (`entry` is 0), or one entry's own bytes; `data` is None where it was too long or cut off."""

    entry: int
    data: bytes | None
    problem: str = ""
    sha256: str = ""
    done: int = 0


class Head(NamedTuple):
    """What stands around entries: `opening` before them, `closing` after. `entities` where some were declared;
    `root` where there is a feed at all."""

    opening: bytes
    closing: bytes
    entities: bool
    root: bool


def as_ascii(stream: BinaryIO, head: bytes) -> BinaryIO:
    """The stream itself, or, where its letters are not those of ASCII (UTF-16 …), its text as UTF-8."""
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    declared = _DECLARED.search(head[:1_000])
    if encoding is None and declared and _NOT_ASCII.match(declared[1].decode("ascii")):
        encoding = declared[1].decode("ascii")
        encoding = encoding if encoding.lower().startswith(("iso-2022", "iso2022", "hz")) else None
    if encoding is None:
        return stream
    try:
        return _Recoded(stream, codecs.getincrementaldecoder(encoding)("replace"))  # type: ignore[return-value]
    except LookupError:
        return stream


class _Recoded:
    """Reads a stream of another encoding as UTF-8, without the declaration that names the other."""

    def __init__(self, stream: BinaryIO, decoder: codecs.IncrementalDecoder) -> None:
        self._stream = stream
        self._decoder = decoder
        self._first = True

    def read(self, size: int) -> bytes:
        text = b""
        while True:
            step = self._stream.read(size)
            text += self._decoder.decode(step, final=not step).encode("utf-8", "replace")
            if self._first and (len(text) > _DECLARED_WITHIN or not step):
                self._first = False
                text = _DECLARATION.sub(b"", text.removeprefix(codecs.BOM_UTF8), count=1)
            if not step or (text and not self._first):
                return text

    def tell(self) -> int:
        return self._stream.tell()


def pieces(stream: BinaryIO) -> Iterator[Piece]:
    """The head, then each entry; what stands between entries and after them is passed over."""
    scanner = _Scanner(stream)
    yield Piece(0, scanner.until_entry(_LARGEST_HEAD), done=stream.tell())
    number = 0
    while scanner.at_entry:
        number += 1
        data, problem, digest = scanner.entry(LARGEST_ENTRY)
        yield Piece(number, data, problem, digest, stream.tell())
        scanner.until_entry(0)


def whole_characters(data: bytes) -> bytes:
    """An entry in which characters beyond the first plane, written as two halves (`&#55357;&#56832;`), are whole."""
    if b"&#" not in data:
        return data
    return _HALF.sub(b"&#xFFFD;", _HALVES.sub(_joined, data))


def _joined(match: re.Match[bytes]) -> bytes:
    first = int(match[1], 16) if match[1] else int(match[2])
    second = int(match[3], 16) if match[3] else int(match[4])
    if not (0xD800 <= first < 0xDC00 <= second < 0xE000):
        return match[0]
    return b"&#%d;" % (0x10000 + ((first - 0xD800) << 10) + second - 0xDC00)


def head_of(data: bytes) -> Head:
    """The head without its document type, and what closes it."""
    opening = _DOCTYPE.sub(b"", data)
    cut = opening.upper().find(b"<!DOCTYPE")
    if cut >= 0:  # one that does not end: everything up to the root is its
        root = _ROOT.search(opening, cut)
        opening = opening[:cut] + (opening[root.start() :] if root else b"")
    open_tags: list[bytes] = []
    for slash, name, rest in _ROOT.findall(re.sub(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", b"", opening, flags=re.DOTALL)):
        if slash:
            if name in open_tags:
                del open_tags[len(open_tags) - 1 - open_tags[::-1].index(name) :]
        elif not rest.endswith(b"/"):
            open_tags.append(name)
    closing = b"".join(b"</" + name + b">" for name in reversed(open_tags))
    return Head(opening, closing, _ENTITY.search(data) is not None, _ROOT.search(opening) is not None)


class _Scanner:
    """Walks the tokens of a stream; holds no more than it is asked to."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._buffer = b""
        self._at = 0
        self._over = False
        self.at_entry = False

    def until_entry(self, keep: int) -> bytes:
        """Go to the next entry's beginning; the first `keep` bytes of what is passed."""
        kept: list[bytes] = []
        size = 0
        self.at_entry = False
        while True:
            found = self._next_token()
            passed = self._buffer[self._at : found.start() if found else len(self._buffer)]
            whole = found is not None or self._over
            if not whole:
                passed = passed[: max(0, len(passed) - _LONGEST_TOKEN)]
            if size < keep:
                kept.append(passed[: keep - size])
                size += len(passed)
            self._at += len(passed)
            if found is None:
                if self._over:
                    return b"".join(kept)
                self._fill()
                continue
            token = found[0]
            if token in _ENDS:
                part = self._section(token)
                kept.append(part[: max(0, keep - size)])
                size += len(part)
            elif token.startswith(b"</") or token.upper() == b"<!DOCTYPE":
                kept.append(token if size < keep else b"")
                self._at = found.end()
            else:
                self.at_entry = True
                return b"".join(kept)

    def entry(self, limit: int) -> tuple[bytes | None, str, str]:
        """From an entry's beginning to its end: its bytes, or the problem and the hash of what there was."""
        kept: list[bytes] = []
        digest = hashlib.sha256()
        size = 0

        def take(data: bytes) -> None:
            nonlocal size
            size += len(data)
            digest.update(data)
            if size <= limit:
                kept.append(data)

        started = False
        while True:
            found = self._next_token()
            if found is None:
                rest = self._buffer[self._at :]
                safe = rest if self._over else rest[: max(0, len(rest) - _LONGEST_TOKEN)]
                take(safe)
                self._at += len(safe)
                if self._over:
                    return None, "xml-truncated", digest.hexdigest()
                self._fill()
                continue
            token = found[0]
            if token.startswith(b"</"):
                take(self._buffer[self._at : found.end()])
                self._at = found.end()
                break
            if started and token not in _ENDS and token.upper() != b"<!DOCTYPE":
                take(self._buffer[self._at : found.start()])  # another begins: this one was not closed
                self._at = found.start()
                break
            started = True
            take(self._buffer[self._at : found.start()])
            if token.endswith(b"/>"):
                take(token)
                self._at = found.end()
                break
            self._at = found.start()
            if token in _ENDS:
                take(self._section(token))
            else:
                take(token)
                self._at = found.end()
        if size > limit:
            return None, "record-too-long", digest.hexdigest()
        return b"".join(kept), "", ""

    def _section(self, token: bytes) -> bytes:
        """A comment or CDATA section whole; of one that is longer than an entry may be, its beginning."""
        mark = _ENDS[token]
        kept: list[bytes] = []
        size = 0
        self._at += len(token)
        kept.append(token)
        while True:
            end = self._buffer.find(mark, self._at)
            stop = end + len(mark) if end >= 0 else max(self._at, len(self._buffer) - len(mark))
            if end < 0 and self._over:
                stop = len(self._buffer)
            if size <= LARGEST_ENTRY:
                kept.append(self._buffer[self._at : stop])
            size += stop - self._at
            self._at = stop
            if end >= 0 or self._over:
                return b"".join(kept)
            self._fill()

    def _next_token(self) -> re.Match[bytes] | None:
        found = _TOKEN.search(self._buffer, self._at)
        if found is not None and found.end() > len(self._buffer) - _LONGEST_TOKEN and not self._over:
            self._fill()
            found = _TOKEN.search(self._buffer, self._at)
        return found

    def _fill(self) -> None:
        step = self._stream.read(_STEP)
        self._over = not step
        self._buffer = self._buffer[self._at :] + step
        self._at = 0
