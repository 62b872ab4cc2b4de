"""Sealed raw segments, second format: records packed together in blocks, one index entry for each at the end.

    MAGIC · block … · index · index offset (8) · count (4) · MAGIC
    block: compressed length (4) · length (4) · zstd bytes of some records, one after the other
    index entry: observation id (32) · SHA-256 (32) · offset of the block (8) · place within it (4) · length (4)

Numbers are big-endian. A record's pointer is its number in the index. Records of one file are much alike,
so that a block of many is a third of the bytes and a fifth of the time of as many blocks of one. Decision 0129.
"""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator, Sequence
from typing import BinaryIO, Final, NamedTuple

import pyarrow as pa

MAGIC: Final = b"DALILRAW2\n"
BLOCK_BYTES: Final = 64 << 10
"""A block is closed once its records are so many bytes: what must be unpacked to read one of them."""
_HEAD: Final = struct.Struct(">II")
_ENTRY: Final = struct.Struct(">32s32sQII")
_TAIL: Final = struct.Struct(">QI")
_LEVEL: Final = 1
_LONGEST: Final = 1 << 31
_GAP: Final = bytes(_ENTRY.size)


class Entry(NamedTuple):
    """One line of the index. Of a record that was taken out, all is zero: no block begins there."""

    obs_id: bytes
    sha256: bytes
    block: int
    place: int
    length: int


def build(records: Sequence[tuple[bytes, bytes, bytes] | None]) -> bytes:
    """A segment of (observation id, SHA-256, record); None leaves a gap in the numbers."""
    codec = pa.Codec("zstd", compression_level=_LEVEL)
    parts = [MAGIC]
    index: list[bytes] = []
    block: list[bytes] = []
    offset = len(MAGIC)
    held = 0
    for number, item in enumerate(records, start=1):
        if item is None:
            index.append(_GAP)
        else:
            obs_id, sha256, record = item
            index.append(_ENTRY.pack(obs_id, sha256, offset, held, len(record)))
            block.append(record)
            held += len(record)
        if held >= BLOCK_BYTES or (block and number == len(records)):
            packed = codec.compress(b"".join(block), asbytes=True)
            parts += (_HEAD.pack(len(packed), held), packed)
            offset += _HEAD.size + len(packed)
            held = 0
            block.clear()
    parts += (*index, _TAIL.pack(offset, len(index)), MAGIC)
    return b"".join(parts)


def read_one(file: BinaryIO, number: int) -> tuple[bytes, bytes]:
    """(SHA-256, record) of one number.

    Raises:
        ValueError, struct.error, pa.ArrowException, OSError: it is not there, or the segment is damaged.
    """
    end = file.seek(-(len(MAGIC) + _TAIL.size), 2)
    start, count = _TAIL.unpack(file.read(_TAIL.size))
    if not 0 <= number < count or start + count * _ENTRY.size != end:
        raise ValueError("no such record")
    file.seek(start + number * _ENTRY.size)
    entry = Entry._make(_ENTRY.unpack(file.read(_ENTRY.size)))
    if not entry.block:
        raise ValueError("the record was taken out")
    file.seek(entry.block)
    packed, length = _HEAD.unpack(file.read(_HEAD.size))
    return entry.sha256, _cut(_unpack(file.read(packed), length), entry)


def read_all(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """(observation id, SHA-256, record) of a whole segment, in the order of its index.

    Raises:
        ValueError, struct.error, pa.ArrowException: it is damaged.
    """
    return ((entry.obs_id, entry.sha256, record) for entry, record in _entries(data) if entry.block)


def numbered(data: bytes) -> list[tuple[bytes, int]]:
    """(observation id, number) of a whole segment.

    Raises:
        ValueError, struct.error, pa.ArrowException: it is damaged.
    """
    return [(entry.obs_id, number) for number, (entry, _) in enumerate(_entries(data)) if entry.block]


def without(data: bytes, gone: Collection[bytes]) -> tuple[bytes, tuple[int, ...]]:
    """The segment without some records, and the numbers of the others, which stay.

    Raises:
        ValueError, struct.error, pa.ArrowException: it is damaged.
    """
    kept = [
        None if not entry.block or entry.obs_id in gone else (entry.obs_id, entry.sha256, record)
        for entry, record in _entries(data)
    ]
    return build(kept), tuple(number for number, item in enumerate(kept) if item)


def _entries(data: bytes) -> Iterator[tuple[Entry, bytes]]:
    """Each line of the index with its record, gaps as they are."""
    tail = len(data) - len(MAGIC) - _TAIL.size
    start, count = _TAIL.unpack_from(data, tail)
    if not data.endswith(MAGIC) or start + count * _ENTRY.size != tail:
        raise ValueError("not a raw segment")
    at, block = 0, b""
    for entry in map(Entry._make, _ENTRY.iter_unpack(data[start:tail])):
        if entry.block not in (0, at):
            at = entry.block
            packed, length = _HEAD.unpack_from(data, min(at, tail))
            block = _unpack(data[at + _HEAD.size : at + _HEAD.size + packed], length)
        yield entry, _cut(block, entry)


def _cut(block: bytes, entry: Entry) -> bytes:
    record = block[entry.place : entry.place + entry.length]
    if len(record) != entry.length:
        raise ValueError("the record is cut off")
    return record


def _unpack(packed: bytes, length: int) -> bytes:
    if length > _LONGEST:
        raise ValueError("longer than any block")
    block: bytes = pa.Codec("zstd").decompress(packed, decompressed_size=length, asbytes=True)
    return block
