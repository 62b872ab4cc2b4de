"""Single files packed with gzip or zstd, unpacked as a stream."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import BinaryIO, Final, cast

import pyarrow as pa

from dalil.sources.reading import ForeignFile

GZIP: Final = b"\x1f\x8b"
ZSTD: Final = b"\x28\xb5\x2f\xfd"
SUFFIXES: Final = {".gz": "", ".zst": "", ".zstd": "", ".tgz": ".tar", ".tzst": ".tar"}


def unpacker(head: bytes) -> Callable[[BinaryIO], BinaryIO] | None:
    """What unpacks a stream that begins with these bytes; None where it is not packed so."""
    if head.startswith(GZIP):
        return lambda stream: cast("BinaryIO", gzip.GzipFile(fileobj=stream, mode="rb"))
    if head.startswith(ZSTD):
        return _zstd
    return None


def unpacked(file: ForeignFile, unpack: Callable[[BinaryIO], BinaryIO]) -> Callable[[], BinaryIO]:
    """Opens the unpacked bytes of a file from their beginning, each time anew."""
    return lambda: unpack(file.open("rb"))


def inner_name(name: str) -> str:
    """What the file inside is called: the name without the ending that says how it is packed."""
    stem, dot, ending = name.rpartition(".")
    known = SUFFIXES.get(f"{dot}{ending}".lower())
    return name if known is None or not stem else stem + known


def _zstd(stream: BinaryIO) -> BinaryIO:
    return cast("BinaryIO", pa.CompressedInputStream(pa.PythonFile(stream, mode="r"), "zstd"))
