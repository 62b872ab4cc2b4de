"""What a file is, from its first bytes; its name and what others say about it count for nothing."""

from __future__ import annotations

from typing import Final

OTHER: Final = "application/octet-stream"
HEAD: Final = 4096
"""Bytes that are enough."""

_BEGINNINGS: Final = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\xff\x0a", "image/jxl"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "image/jxl"),
    (b"%PDF-", "application/pdf"),
    (b"fLaC", "audio/flac"),
    (b"#!AMR", "audio/amr"),
    (b"ID3", "audio/mpeg"),
    (b"FLV\x01", "video/x-flv"),
    (b"\x00\x00\x01\xba", "video/mpeg"),
    (b"\x00\x00\x01\xb3", "video/mpeg"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
)
_RIFF: Final = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
_BRANDS: Final = {
    b"avif": "image/avif", b"avis": "image/avif",
    b"heic": "image/heic", b"heix": "image/heic", b"heim": "image/heic", b"hevc": "image/heic", b"mif1": "image/heic",
    b"M4A ": "audio/mp4", b"M4B ": "audio/mp4",
    b"qt  ": "video/quicktime",
}  # fmt: skip
_BMP_HEADERS: Final = frozenset({12, 40, 52, 56, 64, 108, 124})


def sniff(data: bytes) -> str:
    """The media type of a file, or `application/octet-stream`; needs its first `HEAD` bytes only."""
    head = data[:HEAD]
    for beginning, mime in _BEGINNINGS:
        if head.startswith(beginning):
            return mime
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], OTHER)
    if head[4:8] == b"ftyp":
        return _brand(head)
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return "image/bmp"
    return _stream(head)


def _brand(head: bytes) -> str:
    """The ISO family (MP4, HEIF, QuickTime, 3GP) by its major brand."""
    brand = head[8:12]
    if brand.startswith(b"3g"):
        return "video/3gpp"
    return _BRANDS.get(brand, "video/mp4")


def _stream(head: bytes) -> str:
    """Containers that begin with what many files could begin with: a second mark is asked for."""
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "video/webm" if b"webm" in head[:64] else "video/x-matroska"
    if head[:4] == b"OggS":
        return "video/ogg" if b"\x80theora" in head[:512] else "audio/ogg"
    if len(head) > 188 and head[0] == 0x47 and head[188] == 0x47:
        return "video/mp2t"
    if len(head) > 3 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        layer = head[1] >> 1 & 3
        if layer == 0:
            return "audio/aac" if head[1] & 0xF0 == 0xF0 else OTHER
        return "audio/mpeg" if head[2] >> 4 != 15 and head[2] >> 2 & 3 != 3 else OTHER
    return OTHER
