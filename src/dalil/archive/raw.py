"""Sealed raw segments: redacted raw records, each compressed on its own, with an index at the end.

    MAGIC · record … · index · index offset (8) · count (4) · MAGIC
    record: compressed length (4) · length (4) · SHA-256 (32) · zstd bytes
    index entry: observation id (32) · offset of the record (8)

Numbers are big-endian. A segment is named by its SHA-256 and never changes ("sealed"); it can be read
without the manifest, and one record without the others.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from dalil.errors import EvidenceDamaged

MAGIC: Final = b"DALILRAW1\n"
_RECORD: Final = struct.Struct(">II32s")
_ENTRY: Final = struct.Struct(">32sQ")
_TAIL: Final = struct.Struct(">QI")
_LEVEL: Final = 3
_LONGEST: Final = 1 << 31


@dataclass(frozen=True, slots=True)
class RawSegment:
    """A segment ready to be written: its bytes, their SHA-256, and each record's offset, in order."""

    data: bytes
    sha256: str
    pointers: tuple[int, ...]


def build(records: Sequence[tuple[bytes, bytes, bytes]]) -> RawSegment:
    """Make a segment; the same records give the same bytes.

    Args:
        records: (observation id of 32 bytes, SHA-256 of the record, record).
    """
    codec = pa.Codec("zstd", compression_level=_LEVEL)
    parts = [MAGIC]
    offset = len(MAGIC)
    index: list[bytes] = []
    pointers: list[int] = []
    for obs_id, sha256, record in records:
        packed = codec.compress(record, asbytes=True)
        parts += (_RECORD.pack(len(packed), len(record), sha256), packed)
        index.append(_ENTRY.pack(obs_id, offset))
        pointers.append(offset)
        offset += _RECORD.size + len(packed)
    parts += (*index, _TAIL.pack(offset, len(index)), MAGIC)
    data = b"".join(parts)
    return RawSegment(data, hashlib.sha256(data).hexdigest(), tuple(pointers))


def read_record(path: Path, pointer: int) -> bytes:
    """One record, checked against its own hash.

    Raises:
        EvidenceDamaged: the segment is missing, cut, or the record no longer has its hash.
    """
    try:
        with path.open("rb") as file:
            file.seek(pointer)
            packed_length, length, sha256 = _RECORD.unpack(file.read(_RECORD.size))
            return _unpack(file.read(packed_length), length, sha256)
    except (OSError, struct.error, ValueError, pa.ArrowException) as error:
        raise EvidenceDamaged("archive-damaged", part=path.name) from error


def read_all(path: Path) -> Iterator[tuple[bytes, bytes]]:
    """(observation id, record) of a whole segment, by its own index.

    Raises:
        EvidenceDamaged: the segment is missing or damaged.
    """
    try:
        data = path.read_bytes()
        tail = len(data) - len(MAGIC) - _TAIL.size
        start, count = _TAIL.unpack_from(data, tail)
        if not data.startswith(MAGIC) or not data.endswith(MAGIC) or start + count * _ENTRY.size != tail:
            raise ValueError("not a raw segment")
        for obs_id, offset in _ENTRY.iter_unpack(data[start:tail]):
            packed_length, length, sha256 = _RECORD.unpack_from(data, min(offset, tail))
            begin = offset + _RECORD.size
            yield obs_id, _unpack(data[begin : begin + packed_length], length, sha256)
    except (OSError, struct.error, ValueError, pa.ArrowException) as error:
        raise EvidenceDamaged("archive-damaged", part=path.name) from error


def without(path: Path, gone: Collection[bytes]) -> RawSegment:
    """A segment without some of its records.

    Every other record stays where it is, so that what points at it still does: in the place of one that
    went lie zeros, and the index does not name it.

    Raises:
        EvidenceDamaged: the segment is missing or damaged.
    """
    try:
        data = bytearray(path.read_bytes())
        tail = len(data) - len(MAGIC) - _TAIL.size
        start, count = _TAIL.unpack_from(data, tail)
        if not data.endswith(MAGIC) or start + count * _ENTRY.size != tail:
            raise ValueError("not a raw segment")
        kept: list[tuple[bytes, int]] = []
        for obs_id, offset in list(_ENTRY.iter_unpack(bytes(data[start:tail]))):
            if obs_id not in gone:
                kept.append((obs_id, offset))
                continue
            packed_length, _, _ = _RECORD.unpack_from(data, offset)
            data[offset : offset + _RECORD.size + packed_length] = bytes(_RECORD.size + packed_length)
    except (OSError, struct.error, ValueError) as error:
        raise EvidenceDamaged("archive-damaged", part=path.name) from error
    if not kept:
        return build([])
    index = b"".join(_ENTRY.pack(obs_id, offset) for obs_id, offset in kept)
    fresh = bytes(data[:start]) + index + _TAIL.pack(start, len(kept)) + MAGIC
    return RawSegment(fresh, sha256_of(fresh), tuple(offset for _, offset in kept))


def pointers_of(data: bytes) -> list[tuple[bytes, int]]:
    """(observation id, offset of its record) of a segment's own index."""
    tail = len(data) - len(MAGIC) - _TAIL.size
    start, _ = _TAIL.unpack_from(data, tail)
    return list(_ENTRY.iter_unpack(data[start:tail]))


def sha256_of(data: bytes) -> str:
    """SHA-256 of some bytes, 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def _unpack(packed: bytes, length: int, sha256: bytes) -> bytes:
    if length > _LONGEST:
        raise ValueError("longer than any record")
    record: bytes = pa.Codec("zstd").decompress(packed, decompressed_size=length, asbytes=True)
    if hashlib.sha256(record).digest() != sha256:
        raise ValueError("the record does not have its hash")
    return record
