"""Streams of unpacked bytes: counted against their limit, seekable though the packed bytes are not.

A packed file's header may say anything; what counts is what comes out.
"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO, Final

import pyarrow as pa

from dalil.errors import InputError, LimitReached

BROKEN: Final = (
    EOFError,
    MemoryError,
    OSError,
    RuntimeError,
    ValueError,
    NotImplementedError,
    lzma.LZMAError,
    pa.ArrowException,
    zipfile.BadZipFile,
    zlib.error,
)
"""What the unpacking libraries raise over bytes that are damaged, or packed in a way that they do not know, or whose
headers ask for more memory than there is."""
FREE: Final = 64 << 20
"""So much may come out of anything, however small it is: 64 MiB."""
BUFFER: Final = 256 << 10
Opener = Callable[[], BinaryIO]


def allowance(packed: int, ratio: int) -> int:
    """How many bytes may come out of `packed` ones."""
    return max(FREE, packed * ratio)


class _Watched(io.RawIOBase):
    """Reads another stream, counts, and tells damage and excess by our own errors."""

    def __init__(self, opener: Opener, allowed: int, name: str) -> None:
        self._opener = opener
        self._allowed = allowed
        self._name = name
        self._at = 0
        self._stream = self._opened()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        piece = self._read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_CUR:
            offset += self._at
        elif whence == io.SEEK_END:
            while self._read(BUFFER):
                pass
            offset += self._at
        if offset < self._at:  # packed bytes can be read forwards only: begin again
            self._stream.close()
            self._stream, self._at = self._opened(), 0
        while self._at < offset and self._read(min(BUFFER, offset - self._at)):
            pass
        return self._at

    def close(self) -> None:
        if not self.closed:
            with suppress(*BROKEN):
                self._stream.close()
        super().close()

    def _opened(self) -> BinaryIO:
        try:
            return self._opener()
        except BROKEN:
            raise InputError("archive-broken", name=self._name) from None

    def _read(self, count: int) -> bytes:
        try:
            piece = self._stream.read(count)
        except BROKEN:
            raise InputError("archive-broken", name=self._name) from None
        self._at += len(piece)
        if self._at > self._allowed:
            raise LimitReached("archive-ratio", name=self._name, limit=self._allowed)
        return bytes(piece)


def watched(opener: Opener, *, allowed: int, name: str) -> BinaryIO:
    """A buffered, seekable stream of what `opener` gives; seeking backwards begins again.

    Args:
        allowed: bytes that may come out of it.
        name: of the archive or member, made safe to show, for the errors.
    Raises:
        InputError: `archive-broken`, here or while it is read.
        LimitReached: `archive-ratio`, while it is read.
    """
    return io.BufferedReader(_Watched(opener, allowed, name), BUFFER)


class Part(io.RawIOBase):
    """`size` bytes of another seekable stream, from `start`; the stream is its own and is handed back by `done`."""

    def __init__(self, stream: BinaryIO, start: int, size: int, done: Callable[[BinaryIO], None]) -> None:
        self._stream = stream
        self._start = start
        self._size = size
        self._done = done
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        count = min(len(buffer), self._size - self._at)
        if count <= 0:
            return 0
        self._stream.seek(self._start + self._at)
        piece = self._stream.read(count)
        if not piece:
            raise InputError("archive-broken", name="tar")
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def close(self) -> None:
        if not self.closed:
            self._done(self._stream)
        super().close()


def held(opener: Opener, *, most: int) -> bytes | None:
    """All bytes of a stream; None where there are more than `most`."""
    pieces, size = [], 0
    with opener() as stream:
        while piece := stream.read(BUFFER):  # in steps: who reads at once takes the memory of the most there may be
            size += len(piece)
            if size > most:
                return None
            pieces.append(piece)
    return b"".join(pieces)
