"""A pull reader of JSON that holds one value at a time and never more than its limit of it.

It walks objects and arrays as its caller asks, hands out whole values as bytes for msgspec to
decode, and passes over what nobody wants without holding it. It finds where a value ends by
brackets and strings alone, without recursion, so that neither depth nor a 2 GB string can hurt;
whether the value is sound is for the decoder to say.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import BinaryIO, Final, NamedTuple

import msgspec

from dalil.sources.reading import BOM

_STEP: Final = 256 << 10
_TOKEN: Final = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]"]', re.DOTALL)
_STRING_END: Final = re.compile(rb'["\\]')
_SPACE: Final = re.compile(rb"[ \t\r\n]*+")
_SCALAR_END: Final = re.compile(rb"[,\]}\[{\" \t\r\n:]")
_STRING: Final = rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_BETWEEN: Final = rb'[^"{}\[\]]*+'
_DEEPEST: Final = 8


def _nested(depth: int) -> bytes:
    """A whole object or array with at most so many levels below it, in one possessive pattern."""
    inner = b"" if depth == 0 else b"|" + _nested(depth - 1)
    return rb"[{\[](?:" + _BETWEEN + b"(?:" + _STRING + inner + b"))*+" + _BETWEEN + rb"[}\]]"


_WHOLE: Final = re.compile(_nested(_DEEPEST), re.DOTALL)
"""Most records in one match: a tenth of the time of going from bracket to bracket. It cannot backtrack."""


def whole(data: bytes, at: int = 0) -> bytes | None:
    """The object or array that begins at `at`; None where it does not end in `data`, or is deeper than eight levels."""
    match = _WHOLE.match(data, at)
    return match[0] if match else None


class Captured(NamedTuple):
    """One value. `data` is None where it was too long or cut off: then `problem` says which, and
    `sha256` is the hash of its bytes."""

    data: bytes | None
    problem: str = ""
    sha256: str = ""


class _Sink:
    """Collects a value's bytes up to a limit; past it, only their hash."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pieces: list[bytes] = []
        self._size = 0
        self._hash: hashlib._Hash | None = None

    def add(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._hash is None and self._size > self._limit:
            self._hash = hashlib.sha256(b"".join(self._pieces))
            self._pieces = []
        if self._hash is not None:
            self._hash.update(piece)
        else:
            self._pieces.append(piece)

    def result(self, *, whole: bool) -> Captured:
        if self._hash is not None:
            return Captured(None, "record-too-long", self._hash.hexdigest())
        data = b"".join(self._pieces)
        if not whole:
            return Captured(None, "json-truncated", hashlib.sha256(data).hexdigest())
        return Captured(data)


class JsonReader:
    """Reads one stream from its beginning.

    Args:
        stream: bytes of UTF-8 JSON, with or without a byte order mark.
        limit: largest value that `value` hands out, in bytes.
    """

    def __init__(self, stream: BinaryIO, *, limit: int) -> None:
        self._stream = stream
        self._limit = limit
        self._buffer = stream.read(_STEP).removeprefix(BOM)
        self._at = 0
        self._before = len(BOM) if stream.tell() > len(self._buffer) else 0
        self.broken = ""
        """`json-truncated` or `json-broken` once an object or array did not end as it should."""

    @property
    def offset(self) -> int:
        """Bytes read so far, near enough to show progress."""
        return self._before + self._at

    def peek(self) -> bytes:
        """The next byte that is not white space, as bytes of length 1; empty at the end."""
        while True:
            match = _SPACE.match(self._buffer, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._buffer):
                return self._buffer[self._at : self._at + 1]
            if not self._refill():
                return b""

    def take(self) -> bytes:
        """`peek`, and go past it."""
        found = self.peek()
        self._at += len(found)
        return found

    def value(self) -> Captured:
        """The next value as bytes."""
        match = _WHOLE.match(self._buffer, self._at)
        if match is None and self.peek() in (b"{", b"["):
            match = _WHOLE.match(self._buffer, self._at)
        if match is not None and match.end() - self._at <= self._limit:
            self._at = match.end()
            return Captured(match[0])
        sink = _Sink(self._limit)
        whole = self._scan(sink)
        return sink.result(whole=whole)

    def skip(self) -> bool:
        """Pass over the next value; False where the stream ends within it."""
        self.peek()
        match = _WHOLE.match(self._buffer, self._at)
        if match is not None:
            self._at = match.end()
            return True
        return self._scan(None)

    def fields(self) -> Iterator[str]:
        """Enter an object and give the name of each field; the caller reads or skips each value before the next.

        Ends at the object's end, at the stream's, and where no key can be read. A value that is no
        object is passed over.
        """
        if self.peek() != b"{":
            self.broken = self.broken if self.skip() else "json-truncated"
            return
        self.take()
        while self.peek() == b'"':
            try:
                key = msgspec.json.decode(self.value().data or b'""', type=str)
            except (msgspec.DecodeError, UnicodeDecodeError):
                key = ""
            if self.peek() == b":":
                self.take()
            yield key
            if self.peek() == b",":
                self.take()
        self._close(b"}")

    def elements(self) -> Iterator[int]:
        """Enter an array and give the index of each element; the caller reads or skips each one.

        Ends at the array's end and at the stream's. What cannot begin a value is passed over, and so
        is a value that is no array.
        """
        if self.peek() != b"[":
            self.broken = self.broken if self.skip() else "json-truncated"
            return
        self.take()
        index = 0
        while (found := self.peek()) not in (b"]", b""):
            if found in (b",", b"}", b":"):
                self.take()
                continue
            yield index
            index += 1
        self._close(b"]")

    def recover(self, pattern: re.Pattern[bytes], after: int) -> bool:
        """Go to the next place that `pattern` matches after the offset `after`; False where there is none.

        For an element whose brackets do not close: it would swallow all that follows. The stream
        must be seekable, and what `pattern` matches no longer than a few hundred bytes.
        """
        self._stream.seek(after)
        self._buffer, self._before, self._at = b"", after, 0
        kept = b""
        while step := self._stream.read(_STEP):
            self._buffer = kept + step
            match = pattern.search(self._buffer)
            if match:
                self._at = match.start()
                self.broken = ""
                return True
            kept = self._buffer[-1024:]
            self._before += len(self._buffer) - len(kept)
        self._buffer = b""
        return False

    def _close(self, mark: bytes) -> None:
        found = self.peek()
        if found == mark:
            self.take()
        elif not self.broken:
            self.broken = "json-broken" if found else "json-truncated"

    def _scan(self, sink: _Sink | None) -> bool:
        """Go to the end of the value that begins here; False where the stream ends first."""
        first = self.peek()
        if first == b'"':
            return self._scan_string(sink)
        if first not in (b"{", b"["):
            return self._scan_scalar(sink)
        depth = 0
        while True:
            match = _TOKEN.search(self._buffer, self._at)
            if match is None:
                if not self._pass(len(self._buffer), sink) or not self._refill():
                    return False
                continue
            token = match[0]
            if token == b'"':  # a string that goes on past the buffer
                self._pass(match.start(), sink)
                if not self._scan_string(sink):
                    return False
                continue
            self._pass(match.end(), sink)
            if token in (b"{", b"["):
                depth += 1
            elif token in (b"}", b"]"):
                depth -= 1
                if depth == 0:
                    return True

    def _scan_string(self, sink: _Sink | None) -> bool:
        self._pass(self._at + 1, sink)
        while True:
            match = _STRING_END.search(self._buffer, self._at)
            if match is None:
                self._pass(len(self._buffer), sink)
                if not self._refill():
                    return False
                continue
            self._pass(match.end(), sink)
            if match[0] == b'"':
                return True
            if self._at == len(self._buffer) and not self._refill():
                return False
            self._pass(self._at + 1, sink)

    def _scan_scalar(self, sink: _Sink | None) -> bool:
        started = False
        while True:
            match = _SCALAR_END.search(self._buffer, self._at)
            end = match.start() if match else len(self._buffer)
            started = started or end > self._at
            self._pass(end if started else min(end + 1, len(self._buffer)), sink)
            if match is not None:
                return True
            if not self._refill():
                return started

    def _pass(self, end: int, sink: _Sink | None) -> bool:
        if sink is not None and end > self._at:
            sink.add(self._buffer[self._at : end])
        self._at = end
        return True

    def _refill(self) -> bool:
        self._before += len(self._buffer)
        self._buffer = self._stream.read(_STEP)
        self._at = 0
        return bool(self._buffer)
