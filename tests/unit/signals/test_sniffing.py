"""What a file is, told from bytes as the formats' own standards begin them."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from dalil.signals.sniffing import HEAD, OTHER, sniff


def made(name: str, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (20, 10), 90 if mode == "L" else (90, 20, 200)).save(out, name)
    return out.getvalue()


def box(brand: bytes) -> bytes:
    return struct.pack(">I4s4sI", 24, b"ftyp", brand, 512) + b"isomavif" + b"\0" * 40


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "a")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "mime"),
    [
        ("JPEG", "image/jpeg"), ("PNG", "image/png"), ("GIF", "image/gif"), ("BMP", "image/bmp"),
        ("WEBP", "image/webp"), ("TIFF", "image/tiff"), ("PDF", "application/pdf"),
    ],
)  # fmt: skip
def test_what_pillow_writes(name: str, mime: str) -> None:
    assert sniff(made(name)) == mime


@pytest.mark.parametrize(
    ("head", "mime"),
    [
        (box(b"isom"), "video/mp4"),
        (box(b"mp42"), "video/mp4"),
        (box(b"qt  "), "video/quicktime"),
        (box(b"M4A "), "audio/mp4"),
        (box(b"3gp5"), "video/3gpp"),
        (box(b"heic"), "image/heic"),
        (box(b"avif"), "image/avif"),
        (b"\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x1f\x42\x82\x84webm", "video/webm"),
        (b"\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x23\x42\x82\x88matroska", "video/x-matroska"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
        (b"RIFF\x24\0\0\0AVI LIST", "video/x-msvideo"),
        (b"RIFF\x24\0\0\0xxxx", OTHER),
        (b"OggS\0\x02" + b"\0" * 22 + b"OpusHead", "audio/ogg"),
        (b"OggS\0\x02" + b"\0" * 22 + b"\x80theora", "video/ogg"),
        (b"fLaC\0\0\0\x22", "audio/flac"),
        (b"ID3\x04\0\0\0\0\0\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64" + b"\0" * 60, "audio/mpeg"),
        (b"\xff\xf1\x50\x80" + b"\0" * 60, "audio/aac"),
        (b"#!AMR\n", "audio/amr"),
        ((b"G" + b"\0" * 187) * 3, "video/mp2t"),
        (b"\x00\x00\x01\xba\x44", "video/mpeg"),
        (b"FLV\x01\x05", "video/x-flv"),
        (b"\xff\x0a\xfa\x7f", "image/jxl"),
        (zipped(), "application/zip"),
        (b"\x1f\x8b\x08\0", "application/gzip"),
        (b"\x28\xb5\x2f\xfd\x04", "application/zstd"),
    ],
)
def test_other_media_by_their_first_bytes(head: bytes, mime: str) -> None:
    assert sniff(head) == mime


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"B",
        b"BM and other words",
        b"<svg xmlns='x'/>",
        b"<html>",
        b"GIF",
        b"\xff\xff\xff\xff",
        b"ftyp",
        "صورة".encode(),
    ],
)
def test_what_is_nothing_we_know(data: bytes) -> None:
    assert sniff(data) == OTHER


@given(st.binary(max_size=300))
def test_any_bytes_have_an_answer_and_only_the_head_counts(data: bytes) -> None:
    assert "/" in sniff(data)
    assert sniff(data.ljust(HEAD, b"\0") + b"ID3") == sniff(data.ljust(HEAD, b"\0"))
