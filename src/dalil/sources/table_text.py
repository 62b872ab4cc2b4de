"""Plain tables as UTF-8 text: which encoding and which delimiter a file has, told from its first bytes.

Spreadsheets write UTF-16 with tabs, semicolons where the comma parts decimals, and Windows-1256 where
the computer speaks Arabic. What cannot be told for sure is told from what the text then looks like.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

DELIMITERS: Final = ",;\t|"
_LOOKED_AT: Final = 40
_STEP: Final = 1 << 16
_SEPARATOR_LINE: Final = re.compile(r"sep=(.)\r?\n")
"""Excel's own first line, which names the delimiter."""
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ARABIC: Final = re.compile(r"[\u0620-\u064a\u0679-\u06d5]{2,}")
_BINARY: Final = re.compile(r"[\x00-\x08\x0e-\x1f]")


class Shape(NamedTuple):
    """How a table is written. `encoding` is a name of Python's codecs."""

    encoding: str
    delimiter: str


def shape_of(head: bytes, *, encoding: str = "", delimiter: str = "") -> Shape | None:
    """How the table that begins with `head` is written; None where it is no table of two columns or more.

    Args:
        encoding, delimiter: what is known already; with a known delimiter one column is enough.
    """
    found = encoding_of(head, known=encoding)
    text = decoded(head, found)
    if text is None or _BINARY.search(text) or text.lstrip()[:1] in ("", "{", "[", "<"):
        return None
    named = _SEPARATOR_LINE.match(text)
    if delimiter or named:
        return Shape(found, delimiter or (named[1] if named else ""))
    scores = {sign: _score(text, sign) for sign in DELIMITERS}
    best = max(DELIMITERS, key=lambda sign: scores[sign])
    return Shape(found, best) if scores[best] > (0, 0) else None


def first_records(head: bytes, shape: Shape, *, most: int = _LOOKED_AT) -> list[list[str]]:
    """The first records that are whole in `head`, without Excel's line that names the delimiter.

    The last one is left out unless a line end closes it.
    """
    text = decoded(head, shape.encoding) or ""
    return _records(_SEPARATOR_LINE.sub("", text, count=1), shape.delimiter, most)


def opened(stream: BinaryIO, encoding: str) -> BinaryIO:
    """The same text as UTF-8 bytes; a byte that means nothing becomes U+FFFD. UTF-8 is handed on as it is."""
    if encoding in ("utf-8", "utf-8-sig"):
        return stream
    return io.BufferedReader(_AsUtf8(stream, encoding), _STEP)


def encoding_of(head: bytes, *, known: str = "") -> str:
    """The encoding: by its mark, by where its zero bytes lie, UTF-8 where it is valid, else the Windows code
    page whose letters form words."""
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if known:
        return "utf-16-le" if known == "utf-16" and head[1::2].count(0) >= head[::2].count(0) else _full(known)
    half = max(1, len(head) // 2)
    for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if head[start::2].count(0) > 0.3 * half and head[1 - start :: 2].count(0) < 0.05 * half:
            return name
    if decoded(head, "utf-8") is not None:
        return "utf-8"
    arabic = head.decode("cp1256", "replace")
    in_words = sum(len(match[0]) for match in _ARABIC.finditer(arabic))
    high = sum(byte >= 0x80 for byte in head)
    return "cp1256" if in_words > 0.5 * high else "cp1252"


def decoded(head: bytes, encoding: str) -> str | None:
    """The text of first bytes, whose last character may be cut; None where they are not in that encoding."""
    strict = encoding in ("utf-8", "utf-8-sig")
    try:
        return codecs.getincrementaldecoder(encoding)("strict" if strict else "replace").decode(head)
    except UnicodeError:
        return None


def _full(name: str) -> str:
    return "utf-16-be" if name == "utf-16" else name


def _score(text: str, delimiter: str) -> tuple[float, int]:
    """(share of the first records that are as wide as most, how wide); (0, 0) where most have one cell."""
    records = _records(text, delimiter, _LOOKED_AT)
    whole, _, cut = text.rpartition("\n")
    if len(records) < 2 and not (whole and delimiter in cut):
        return 0, 0  # one line with a comma in it is no table; a header before a row longer than `head` is one
    width, count = Counter(map(len, records)).most_common(1)[0]
    if width < 2 or len(records[0]) != width:
        return 0, 0
    return round(count / len(records), 1), width


def _records(text: str, delimiter: str, most: int) -> list[list[str]]:
    found: list[list[str]] = []
    whole = text[: text.rfind("\n") + 1] or text
    try:
        for record in csv.reader(io.StringIO(whole, newline=""), delimiter=delimiter):
            if any(cell.strip() for cell in record):
                found.append(record)
            if len(found) >= most:
                break
    except csv.Error:
        pass
    return found


class _AsUtf8(io.RawIOBase):
    """A stream decoded and encoded again, a step at a time."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._rest = b""
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        while not self._rest and not self._ended:
            step = self._stream.read(_STEP)
            self._ended = not step
            self._rest = self._decoder.decode(step, self._ended).encode("utf-8", "replace")
        taken = min(len(self._rest), len(view))
        view[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        return taken
