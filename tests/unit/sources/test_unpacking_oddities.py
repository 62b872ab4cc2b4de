"""Archives as tools really write them, odd but honest; and tricks that need knowledge of the format."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest
import sources_archives
from unit.sources.test_unpacking import contents

from dalil.errors import DalilError, InputError
from dalil.sources.reading import SourceFile, beside, inside
from dalil.sources.unpacking.containers import MemberPlace

DATA = b"Bulletin from Tel Nahr\n" * 50


def written(tmp_path: Path, data: bytes) -> Path:
    path = tmp_path / "archive"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("format_", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
@pytest.mark.parametrize("name", ["short", "d/" * 20 + "x" * 90, "قناة/منشورات.json", "ﻗ.json"])
def test_every_dialect_of_tar_with_long_and_arabic_names(tmp_path: Path, format_: int, name: str) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=format_, encoding="utf-8") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(DATA)
        archive.addfile(info, io.BytesIO(DATA))
    assert contents(written(tmp_path, stream.getvalue())) == {name: DATA}


def test_names_that_are_no_utf_8_are_read_all_the_same(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT, encoding="latin-1") as archive:
        info = tarfile.TarInfo("caf\xe9")
        info.size = len(DATA)
        archive.addfile(info, io.BytesIO(DATA))
    [(name, data)] = contents(written(tmp_path, stream.getvalue())).items()
    assert (name.encode("utf-8", "surrogateescape"), data) == (b"caf\xe9", DATA)


def test_a_header_of_pax_that_names_a_place_outside_is_refused(tmp_path: Path) -> None:
    """The short name is harmless; the long one, which counts, climbs."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("harmless")
        info.pax_headers = {"path": "../../climbs"}
        archive.addfile(info, io.BytesIO(b""))
    archive_ = sources_archives.opened(written(tmp_path, stream.getvalue()))
    assert (archive_.refused, list(archive_.members())) == ({"name-unsafe": 1}, [])


def test_a_sparse_file_is_not_read(tmp_path: Path) -> None:
    """It may say that it is of any size, and holds nothing that was not there."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("sparse")
        body = b"1\n0\n10\n".ljust(512, b"\0") + b"0123456789"
        info.size = len(body)
        info.pax_headers = {
            "GNU.sparse.major": "1",
            "GNU.sparse.minor": "0",
            "GNU.sparse.name": "sparse",
            "GNU.sparse.realsize": "1099511627776",
        }
        archive.addfile(info, io.BytesIO(body))
    archive_ = sources_archives.opened(written(tmp_path, stream.getvalue()))
    assert archive_.refused == {"not-a-file": 1}


def test_a_tar_with_its_end_missing_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = sources_archives.tar_bytes({"a": DATA, "b": DATA})
    end = len(whole.rstrip(b"\0"))
    assert contents(written(tmp_path, whole[: end + (-end % 512)])) == {"a": DATA, "b": DATA}
    path = written(tmp_path, whole[: 512 + 100])
    with pytest.raises(DalilError):
        contents(path)


def test_a_zip_with_a_comment_an_empty_one_and_one_of_the_large_kind(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.comment = b"made by a tool that says so"
        archive.writestr("a", DATA)
    assert contents(written(tmp_path, stream.getvalue())) == {"a": DATA}
    assert contents(written(tmp_path, sources_archives.zip_bytes({}))) == {}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive, archive.open("large", "w", force_zip64=True) as member:
        member.write(DATA)
    assert contents(written(tmp_path, stream.getvalue())) == {"large": DATA}


def test_a_zip_written_as_a_stream_says_its_sizes_after_the_data(tmp_path: Path) -> None:
    class Pipe(io.RawIOBase):
        def __init__(self) -> None:
            self.data = bytearray()

        def writable(self) -> bool:
            return True

        def write(self, piece: bytes) -> int:  # type: ignore[override]
            self.data += piece
            return len(piece)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        archive.writestr("a", DATA)
    assert contents(written(tmp_path, bytes(pipe.data))) == {"a": DATA}


def test_names_of_a_zip_in_utf_8_and_in_the_old_way(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("قناة.json", DATA)
        archive.writestr("plain.json", DATA)
    assert set(contents(written(tmp_path, stream.getvalue()))) == {"قناة.json", "plain.json"}
    broken = stream.getvalue().replace("قناة".encode(), b"\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8")
    with pytest.raises(InputError):
        contents(written(tmp_path, broken))


def test_members_that_share_their_bytes_are_not_read_twice(tmp_path: Path) -> None:
    """A flat bomb: a thousand entries of the directory that all point at one member's bytes."""
    data = sources_archives.zip_bytes({"a": DATA, "b": DATA}, packing=zipfile.ZIP_STORED)
    at = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    both = data[: at + 42] + struct.pack("<I", 0) + data[at + 46 :]
    archive = sources_archives.opened(written(tmp_path, both))
    outcomes = []
    for member in archive.members():
        try:
            with member.open("rb") as stream:
                outcomes.append(stream.read() == DATA)
        except InputError:
            outcomes.append(False)
    assert outcomes.count(True) <= 1


def test_a_member_whose_local_name_is_another_one_is_broken(tmp_path: Path) -> None:
    """The directory says one thing, the member itself another: whom a scanner believes is anybody's guess."""
    data = sources_archives.zip_bytes({"good.json": DATA})
    at = data.index(b"good.json")
    path = written(tmp_path, data[:at] + b"evil.json" + data[at + 9 :])
    with pytest.raises(InputError) as caught:
        contents(path)
    assert caught.value.code == "archive-broken"


def test_a_packed_file_with_rubbish_behind_it(tmp_path: Path) -> None:
    path = written(tmp_path, sources_archives.gzip_bytes(DATA) + b"rubbish")
    with pytest.raises(InputError) as caught:
        contents(path)
    assert caught.value.code == "archive-broken"
    assert contents(written(tmp_path, sources_archives.gzip_bytes(DATA) + bytes(512))) == {"archive": DATA}, "padding"


def test_zstd_in_several_frames(tmp_path: Path) -> None:
    path = written(tmp_path, sources_archives.zstd_bytes(DATA) + sources_archives.zstd_bytes(DATA))
    [member] = sources_archives.opened(path).members()
    with member.open("rb") as stream:
        assert stream.read() == DATA + DATA


def test_places_inside_an_archive(tmp_path: Path) -> None:
    files = {"a/b/c": b"1", "a/c": b"2", "c": b"3", "a/b/d": b"4"}
    archive = sources_archives.opened(written(tmp_path, sources_archives.zip_bytes(files)))
    deep = MemberPlace(archive, "a/b")
    nearest = [inside(place, "c") for place in (deep, MemberPlace(archive, "a"), MemberPlace(archive, ""))]
    assert [found.path for found in nearest if found is not None] == ["a/b/c", "a/c", "c"]  # type: ignore[attr-defined]
    assert [file.name for file in beside(deep)] == ["c", "d"]
    assert [file.name for file in beside(MemberPlace(archive, ""))] == ["c"]
    assert inside(deep, "../c") == inside(MemberPlace(archive, "a"), "c")
    assert inside(deep, "nothing") is None
    [member] = [member for member in archive.members() if member.path == "a/b/d"]
    assert (member.name, member.size, member.place) == ("d", 1, deep)
    with SourceFile(member, member.place).open() as stream:
        assert stream.read() == b"4"
