"""Tar archives, packed or not: members found in one pass, then read by their place in the stream.

Of a packed tar the bytes before a member must be unpacked to reach it. So a few streams are kept at
where they are, and a member is read through the nearest one before it: reading in the archive's order
costs one pass, however many members there are.
"""

from __future__ import annotations

import io
import tarfile
from collections import Counter
from typing import IO, BinaryIO, Final, NamedTuple, cast

from dalil.errors import InputError, LimitReached
from dalil.sources.names import shown
from dalil.sources.unpacking.member_names import inner_path
from dalil.sources.unpacking.streams import BROKEN, BUFFER, Opener, Part

HEADER: Final = 512
_IDLE: Final = 4
_LARGEST_HEADER: Final = 1 << 20
"""Of a long name or of PAX's own fields."""


class _Headers:
    """What `tarfile` reads headers from: none is as large as it may say, or its memory would be asked for at once."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.tell = stream.tell
        self.seek = stream.seek

    def read(self, count: int) -> bytes:
        """So many bytes of headers.

        Raises:
            tarfile.ReadError: there are too many.
        """
        if count > _LARGEST_HEADER:
            raise tarfile.ReadError("header too large")
        return self._stream.read(count)


class _Span(NamedTuple):
    start: int
    size: int


class Tar:
    """One opened tar. `paths` in the archive's own order.

    Args:
        opener: gives its unpacked bytes, under their limit; called for each stream that is needed.
        most: members that it may have.
    Raises:
        InputError: `archive-broken`.
        LimitReached: `archive-files`, or the limit of the stream.
    """

    def __init__(self, opener: Opener, name: str, *, most: int) -> None:
        self._opener = opener
        self.refused: Counter[str] = Counter()
        self._members: dict[str, _Span] = {}
        self._idle: list[BinaryIO] = []
        try:
            self._list(name, most)
        except (*BROKEN, tarfile.TarError):
            raise InputError("archive-broken", name=shown(name)) from None
        self.paths = list(self._members)

    def _list(self, name: str, most: int) -> None:
        stream = self._opener()
        with stream, tarfile.open(fileobj=cast("IO[bytes]", _Headers(stream)), mode="r:") as archive:
            for number, info in enumerate(archive, 1):
                if number > most:
                    raise LimitReached("archive-files", name=shown(name), limit=most)
                self._take(info)
                archive.members = []  # type: ignore[attr-defined]  # each would be kept, and memory grow with them

    def _take(self, info: tarfile.TarInfo) -> None:
        if info.isdir():
            return
        path = inner_path(info.name)
        if path is None:
            self.refused["name-unsafe"] += 1
        elif not info.isreg() or info.issparse():
            self.refused["not-a-file"] += 1
        else:
            if self._members.pop(path, None) is not None:
                self.refused["name-twice"] += 1
            self._members[path] = _Span(info.offset_data, info.size)

    def size(self, path: str) -> int:
        """A member's bytes, as the archive says."""
        return self._members[path].size

    def open(self, path: str) -> BinaryIO:
        """A member's bytes."""
        span = self._members[path]
        return io.BufferedReader(Part(self._nearest(span.start), span.start, span.size, self._give_back), BUFFER)

    def _nearest(self, start: int) -> BinaryIO:
        """A stream that stands before `start`, as near as there is one; a new one where there is none."""
        before = [stream for stream in self._idle if stream.tell() <= start]
        if not before:
            return self._opener()
        found = max(before, key=lambda stream: stream.tell())
        self._idle.remove(found)
        return found

    def _give_back(self, stream: BinaryIO) -> None:
        self._idle.append(stream)
        while len(self._idle) > _IDLE:
            self._idle.pop(0).close()

    def rest(self) -> None:
        """Let go of the streams; others are opened when a member is."""
        while self._idle:
            self._idle.pop().close()


def is_tar(head: bytes) -> bool:
    """Whether a file's first bytes are a tar's: a header with its checksum."""
    if len(head) < HEADER:
        return False
    try:
        tarfile.TarInfo.frombuf(head[:HEADER], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True
