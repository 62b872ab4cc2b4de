"""Sealed raw segments, first format, read only: each record compressed on its own, an index at the end.

    MAGIC · record … · index · index offset (8) · count (4) · MAGIC
    record: compressed length (4) · length (4) · SHA-256 (32) · zstd bytes
    index entry: observation id (32) · offset of the record (8)

A record's pointer is its offset. Nothing writes it any more but `without`; see `raw_blocks`.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator
from typing import BinaryIO, Final

import pyarrow as pa

MAGIC: Final = b"DALILRAW1\n"
_RECORD: Final = struct.Struct(">II32s")
_ENTRY: Final = struct.Struct(">32sQ")
_TAIL: Final = struct.Struct(">QI")
_LONGEST: Final = 1 << 31


def read_one(file: BinaryIO, pointer: int) -> tuple[bytes, bytes]:
    """(SHA-256, record) at an offset.

    Raises:
        ValueError, struct.error, pa.ArrowException, OSError: it is not there, or the segment is damaged.
    """
    file.seek(pointer)
    packed_length, length, sha256 = _RECORD.unpack(file.read(_RECORD.size))
    return sha256, _unpack(file.read(packed_length), length)


def read_all(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """(observation id, SHA-256, record) of a whole segment, by its own index.

    Raises:
        ValueError, struct.error, pa.ArrowException: it is damaged.
    """
    start, tail = _index_of(data)
    for obs_id, offset in _ENTRY.iter_unpack(data[start:tail]):
        packed_length, length, sha256 = _RECORD.unpack_from(data, min(offset, tail))
        begin = offset + _RECORD.size
        yield obs_id, sha256, _unpack(data[begin : begin + packed_length], length)


def without(data: bytes, gone: Collection[bytes]) -> tuple[bytes, tuple[int, ...]]:
    """The segment without some records, and the pointers of the others, which stay.

    In the place of one that went lie zeros, and the index does not name it.

    Raises:
        ValueError, struct.error: it is damaged.
    """
    start, tail = _index_of(data)
    body = bytearray(data[:start])
    kept: list[tuple[bytes, int]] = []
    for obs_id, offset in _ENTRY.iter_unpack(data[start:tail]):
        if obs_id not in gone:
            kept.append((obs_id, offset))
            continue
        size = _RECORD.size + _RECORD.unpack_from(body, offset)[0]
        body[offset : offset + size] = bytes(size)
    index = b"".join(_ENTRY.pack(obs_id, offset) for obs_id, offset in kept)
    return bytes(body) + index + _TAIL.pack(start, len(kept)) + MAGIC, tuple(offset for _, offset in kept)


def _index_of(data: bytes) -> tuple[int, int]:
    """Where the index begins and ends."""
    tail = len(data) - len(MAGIC) - _TAIL.size
    start, count = _TAIL.unpack_from(data, tail)
    if not data.endswith(MAGIC) or start + count * _ENTRY.size != tail:
        raise ValueError("not a raw segment")
    return start, tail


def _unpack(packed: bytes, length: int) -> bytes:
    if length > _LONGEST:
        raise ValueError("longer than any record")
    record: bytes = pa.Codec("zstd").decompress(packed, decompressed_size=length, asbytes=True)
    return record
