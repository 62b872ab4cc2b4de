"""Members packed with bzip2 or LZMA: the same bytes as `zipfile` gives, and never many of them at once."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import sources_archives as archives
from hypothesis import given
from hypothesis import strategies as st

from dalil.errors import InputError, LimitReached
from dalil.sources.unpacking import packed_members
from dalil.sources.unpacking.streams import BROKEN, BUFFER

PACKINGS = {"bzip2": zipfile.ZIP_BZIP2, "lzma": zipfile.ZIP_LZMA}
MEMBERS = pytest.mark.parametrize("packing", PACKINGS.values(), ids=PACKINGS)


def read(data: bytes, count: int = BUFFER) -> bytes:
    """The one member of a zip, read in pieces; none may be longer than was asked for."""
    pieces = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        stream = packed_members.opened(archive, archive.infolist()[0])
        while piece := stream.read(count):
            assert len(piece) <= count
            pieces.append(piece)
        stream.close()
    return b"".join(pieces)


@MEMBERS
@given(data=st.binary(max_size=3000), times=st.integers(1, 200), count=st.integers(1, 5000))
def test_the_same_bytes_come_out_whatever_the_pieces(packing: int, data: bytes, times: int, count: int) -> None:
    packed = archives.zip_bytes({"a": data * times}, packing=packing)
    assert read(packed, max(count, len(data) * times // 50)) == data * times
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.read("a") == data * times


@MEMBERS
def test_a_bomb_is_stopped_by_what_may_come_out_of_it(
    packing: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """24 MiB out of some hundred bytes: `zipfile` makes all of it of its first piece."""
    monkeypatch.setattr("dalil.sources.unpacking.streams.FREE", 1 << 20)
    path = tmp_path / "z"
    path.write_bytes(archives.zip_bytes({"bomb": bytes(24 << 20)}, packing=packing))
    [member] = archives.opened(path, ratio=10).members()
    tracemalloc.start()
    with pytest.raises(LimitReached) as caught, member.open("rb") as stream:
        all(iter(lambda: stream.read(BUFFER), b""))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.code == "archive-ratio"
    assert peak < 12 << 20  # LZMA's window alone is 8 MiB


@MEMBERS
@given(at=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_one_byte_changed_is_damage_or_the_same_bytes(packing: int, at: int, byte: int) -> None:
    data = b"The bridge at Tel Nahr stands. " * 9
    packed = bytearray(archives.zip_bytes({"a": data}, packing=packing))
    packed[at % len(packed)] = byte
    try:
        assert read(bytes(packed)) == data
    except (*BROKEN, IndexError):  # IndexError: the directory at the end lost its entry
        pass


@MEMBERS
def test_a_member_that_is_cut_is_broken(packing: int, tmp_path: Path) -> None:
    packed = archives.zip_bytes({"a": bytes(range(256)) * 40}, packing=packing)
    size = struct.unpack("<I", packed[18:22])[0]
    end = packed.rindex(b"PK\x01\x02")
    directory = bytearray(packed[end:])
    struct.pack_into("<I", directory, 20, size - 30)
    (tmp_path / "z").write_bytes(packed[:end] + bytes(directory))
    [member] = archives.opened(tmp_path / "z").members()
    with pytest.raises(InputError) as caught, member.open("rb") as stream:
        stream.read()
    assert caught.value.code == "archive-broken"


@pytest.mark.parametrize("window", [0xFFFFFFFF, (128 << 20) + 1])
def test_a_window_of_gigabytes_is_not_made(window: int) -> None:
    packed = bytearray(archives.zip_bytes({"a": b"here" * 50}, packing=zipfile.ZIP_LZMA))
    struct.pack_into("<I", packed, 30 + len("a") + 5, window)
    with pytest.raises(MemoryError):
        read(bytes(packed))


@pytest.mark.parametrize("head", [b"", b"\x09\x04", b"\x09\x04\x05\x00\xff\x00\x00\x01\x00", b"\x09\x04\x06\x00abcdef"])
def test_properties_that_are_none_are_damage(head: bytes) -> None:
    packed = bytearray(archives.zip_bytes({"a": b"here" * 50}, packing=zipfile.ZIP_LZMA))
    start = 30 + len("a")
    packed[start : start + len(head)] = head
    if not head:
        packed[start : start + 9] = bytes(9)
    with pytest.raises(zipfile.BadZipFile):
        read(bytes(packed)) if len(head) != 2 else read(bytes(packed[: start + 2]))


def test_another_way_of_packing_is_not_read() -> None:
    with zipfile.ZipFile(io.BytesIO(archives.zip_bytes({"a": b"here"}))) as archive:
        info = archive.infolist()[0]
        info.compress_type = 93
        with pytest.raises(NotImplementedError):
            packed_members.opened(archive, info)
