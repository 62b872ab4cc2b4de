"""Members of a zip that are packed with bzip2 or LZMA, unpacked in pieces of a bounded size.

`zipfile` bounds what comes out of deflate at once; of these two it unpacks a whole piece of what is packed, of
which a bomb makes gigabytes before anybody can count them.
"""

from __future__ import annotations

import bz2
import copy
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import BinaryIO, Final, Protocol

_PIECE: Final = 64 << 10
_LARGEST_WINDOW: Final = 128 << 20
"""Bytes that an LZMA member may ask to have kept in memory; packers ask for 64 MiB at most."""
_WHOLE: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int = -1) -> bytes: ...


def opened(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> BinaryIO:
    """The bytes of a member, of which at most as many as are asked for are in memory.

    Raises:
        NotImplementedError: it is packed in another way.
    """
    if info.compress_type in _WHOLE:
        return archive.open(info)  # type: ignore[return-value]  # IO[bytes], as typeshed has it
    begin = _KINDS.get(info.compress_type)
    if begin is None:
        raise NotImplementedError("no way of packing that we read")
    as_packed = copy.copy(info)
    as_packed.compress_type, as_packed.file_size = zipfile.ZIP_STORED, info.compress_size
    as_packed.CRC = None  # type: ignore[assignment]  # of what is packed there is none; `zipfile` then compares nothing
    packed: BinaryIO = archive.open(as_packed)  # type: ignore[assignment]  # the same
    return _Pieces(packed, begin(packed), info)  # type: ignore[return-value]  # what of it is used


class _Pieces:
    def __init__(self, packed: BinaryIO, unpacker: _Unpacker, info: zipfile.ZipInfo) -> None:
        self._packed = packed
        self._unpacker = unpacker
        self._left = info.file_size
        self._expected = info.CRC
        self._crc = 0

    def read(self, count: int) -> bytes:
        """At most so many bytes; none at its end.

        Raises:
            EOFError: what is packed is cut.
            BadZipFile: what came out is not what went in.
        """
        piece = b""
        while not piece and self._left and not self._unpacker.eof:
            data = self._packed.read(_PIECE) if self._unpacker.needs_input else b""
            if not data and self._unpacker.needs_input:
                raise EOFError("cut")
            piece = self._unpacker.decompress(data, min(count, self._left))
        self._left -= len(piece)
        self._crc = zlib.crc32(piece, self._crc)
        if not piece and (self._left or self._crc != self._expected):
            raise zipfile.BadZipFile("damaged")
        return piece

    def close(self) -> None:
        self._packed.close()


def _bzip2(packed: BinaryIO) -> _Unpacker:
    del packed
    return bz2.BZ2Decompressor()


def _lzma(packed: BinaryIO) -> _Unpacker:
    """By the properties that stand before the packed bytes: version, their length, one byte, the window's size."""
    head = packed.read(4)
    size = struct.unpack("<HH", head)[1] if len(head) == 4 else 0
    properties = packed.read(size)
    if size != 5 or len(properties) != 5 or properties[0] >= 9 * 5 * 5:
        raise zipfile.BadZipFile("no LZMA")
    window = int.from_bytes(properties[1:], "little")
    if window > _LARGEST_WINDOW:
        raise MemoryError("window")
    rest, lc = divmod(properties[0], 9)
    pb, lp = divmod(rest, 5)
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": max(window, 4096), "lc": lc, "lp": lp, "pb": pb}]
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=filters)


_KINDS: Final[dict[int, Callable[[BinaryIO], _Unpacker]]] = {zipfile.ZIP_BZIP2: _bzip2, zipfile.ZIP_LZMA: _lzma}
