"""Archives made for tests: honest ones, and ones that nobody honest would make."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from dalil.sources.reading import head_of
from dalil.sources.unpacking.containers import Unpacked, UnpackLimits, open_container

Files = Mapping[str, bytes]


def zip_bytes(files: Files, *, packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, packing)
    return stream.getvalue()


def tar_bytes(files: Files) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def gzip_bytes(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


def zstd_bytes(data: bytes) -> bytes:
    packed: bytes = pa.Codec("zstd").compress(data, asbytes=True)
    return packed


KINDS = {
    "zip": zip_bytes,
    "stored zip": lambda files: zip_bytes(files, packing=zipfile.ZIP_STORED),
    "bzip2 zip": lambda files: zip_bytes(files, packing=zipfile.ZIP_BZIP2),
    "lzma zip": lambda files: zip_bytes(files, packing=zipfile.ZIP_LZMA),
    "tar": tar_bytes,
    "tar.gz": lambda files: gzip_bytes(tar_bytes(files)),
    "tar.zst": lambda files: zstd_bytes(tar_bytes(files)),
}
"""Every kind of archive that holds several files: name → how it is made."""


def opened(path: Path, **limits: int) -> Unpacked:
    return open_container(path, head_of(path), path.stat().st_size, UnpackLimits(**limits))


def link_in_zip(name: str, target: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.create_system = 3
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, target)
    return stream.getvalue()


def tar_of(*infos: tarfile.TarInfo) -> bytes:
    """A tar of bare headers: links, devices, folders."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for info in infos:
            archive.addfile(info)
    return stream.getvalue()


def tar_entry(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def encrypted(data: bytes) -> bytes:
    """The same zip with the mark of encryption on every member, in both of its headers."""
    changed = bytearray(data)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := changed.find(mark, at + 1)) >= 0:
            (found,) = struct.unpack_from("<H", changed, at + flags)
            struct.pack_into("<H", changed, at + flags, found | 1)
    return bytes(changed)


def renamed(data: bytes, old: bytes, new: bytes) -> bytes:
    """The same archive with another name of the same length in it."""
    assert len(old) == len(new)
    assert old in data
    return data.replace(old, new)


def damaged_member(data: bytes, name: bytes) -> bytes:
    """The same zip with one bit of a member's packed bytes turned over."""
    at = data.index(name) + len(name) + 12
    return data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :]
