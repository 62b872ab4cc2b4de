"""Sealed raw segments: redacted raw records, compressed, with an index at the end, in one of two formats.

A segment is named by its SHA-256 and never changes ("sealed"); it can be read without the manifest, and one
record without the others. What is written is the second format (`raw_blocks`); the first (`raw_records`)
stays readable. A pointer means what its segment's format says: it is for `read_record` only.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from dalil.archive import raw_blocks, raw_records
from dalil.errors import EvidenceDamaged

MAGIC: Final = raw_blocks.MAGIC
_FORMATS: Final = {raw_records.MAGIC: raw_records, raw_blocks.MAGIC: raw_blocks}
_DAMAGE: Final = (OSError, struct.error, ValueError, KeyError, pa.ArrowException)


@dataclass(frozen=True, slots=True)
class RawSegment:
    """A segment ready to be written: its bytes, their SHA-256, and each record's pointer, in order."""

    data: bytes
    sha256: str
    pointers: tuple[int, ...]


def build(records: Sequence[tuple[bytes, bytes, bytes]]) -> RawSegment:
    """Make a segment; the same records give the same bytes.

    Args:
        records: (observation id of 32 bytes, SHA-256 of the record, record).
    """
    data = raw_blocks.build(records)
    return RawSegment(data, sha256_of(data), tuple(range(len(records))))


def read_record(path: Path, pointer: int) -> bytes:
    """One record, checked against its own hash.

    Raises:
        EvidenceDamaged: the segment is missing, cut, or the record no longer has its hash.
    """
    try:
        with path.open("rb") as file:
            sha256, record = _FORMATS[file.read(len(MAGIC))].read_one(file, pointer)
        return _checked(sha256, record)
    except _DAMAGE as error:
        raise EvidenceDamaged("archive-damaged", part=path.name) from error


def read_all(path: Path) -> Iterator[tuple[bytes, bytes]]:
    """(observation id, record) of a whole segment, by its own index.

    Raises:
        EvidenceDamaged: the segment is missing or damaged.
    """
    try:
        data = path.read_bytes()
        for obs_id, sha256, record in _FORMATS[data[: len(MAGIC)]].read_all(data):
            yield obs_id, _checked(sha256, record)
    except _DAMAGE as error:
        raise EvidenceDamaged("archive-damaged", part=path.name) from error


def without(path: Path, gone: Collection[bytes]) -> RawSegment:
    """A segment without some of its records; what points at the others still does.

    Raises:
        EvidenceDamaged: the segment is missing or damaged.
    """
    try:
        data = path.read_bytes()
        fresh, pointers = _FORMATS[data[: len(MAGIC)]].without(data, gone)
    except _DAMAGE as error:
        raise EvidenceDamaged("archive-damaged", part=path.name) from error
    return RawSegment(fresh, sha256_of(fresh), pointers) if pointers else build([])


def pointers_of(data: bytes) -> list[tuple[bytes, int]]:
    """(observation id, pointer) of each record of a segment of the second format, as its own index tells."""
    return raw_blocks.numbered(data)


def sha256_of(data: bytes) -> str:
    """SHA-256 of some bytes, 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def _checked(sha256: bytes, record: bytes) -> bytes:
    if hashlib.sha256(record).digest() != sha256:
        raise ValueError("the record does not have its hash")
    return record
