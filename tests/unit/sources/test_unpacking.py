"""Archives of every kind, read where they lie: the bytes that went in, and nothing that climbs, links or swells."""

from __future__ import annotations

import io
import os
import stat
import tarfile
import zipfile
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sources_archives as archives
from hypothesis import given, settings
from hypothesis import strategies as st

from dalil.errors import DalilError, InputError, LimitReached
from dalil.sources.reading import hash_file, head_of
from dalil.sources.unpacking.containers import UnpackLimits, is_container, open_container
from dalil.sources.unpacking.member_names import folder_of, inner_path, resolved
from dalil.sources.unpacking.packed import inner_name
from dalil.sources.unpacking.streams import FREE, allowance, held, watched
from dalil.sources.unpacking.tars import is_tar
from dalil.sources.unpacking.zips import is_document

FILES = {"a.txt": b"first", "deep/er/b.bin": bytes(range(256)) * 40, "empty": b"", "deep/c.txt": b"third\n" * 900}


def contents(path: Path, **limits: int) -> dict[str, bytes]:
    archive = archives.opened(path, **limits)
    found = {}
    for member in archive.members():
        with member.open("rb") as stream:
            found[member.path] = stream.read()
    archive.rest()
    return found


def refused(path: Path, data: bytes) -> dict[str, int]:
    path.write_bytes(data)
    return dict(archives.opened(path).refused)


@pytest.mark.parametrize("kind", archives.KINDS)
def test_what_went_in_comes_out(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "any name"
    path.write_bytes(archives.KINDS[kind](FILES))
    assert is_container(head_of(path))
    assert contents(path) == FILES
    archive = archives.opened(path)
    assert {member.path: member.size for member in archive.members()} == {
        name: len(data) for name, data in FILES.items()
    }
    assert archive.refused == {}
    names = [member.path for member in archive.members()]
    assert names == (sorted(FILES) if "zip" in kind else list(FILES))


@pytest.mark.parametrize("kind", archives.KINDS)
def test_members_are_open_side_by_side_sought_in_and_opened_again(tmp_path: Path, kind: str) -> None:
    """As an importer does that reads an export and its media in turn, or begins a file twice."""
    chance = Random(7)
    path = tmp_path / "archive"
    path.write_bytes(archives.KINDS[kind](FILES))
    archive = archives.opened(path)
    members = {member.path: member for member in archive.members()}
    streams = {name: member.open("rb") for name, member in members.items()}
    for _ in range(300):
        name = chance.choice(list(FILES))
        stream, whole = streams[name], io.BytesIO(FILES[name])
        whole.seek(stream.tell())
        match chance.randrange(4):
            case 0:
                place = chance.randint(0, len(FILES[name]))
                assert stream.seek(place) == place
            case 1:
                assert stream.readline() == whole.readline()
            case 2:
                streams[name].close()
                streams[name] = members[name].open("rb")
            case _:
                count = chance.randint(0, 4000)
                assert stream.read(count) == whole.read(count)
    big = streams["deep/er/b.bin"]
    assert big.seek(-3, io.SEEK_END) == len(FILES["deep/er/b.bin"]) - 3
    assert big.read() == FILES["deep/er/b.bin"][-3:]
    assert big.seek(10) == 10
    assert big.seek(2, io.SEEK_CUR) == 12


def test_a_packed_tar_that_is_too_large_to_hold_is_read_in_passes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dalil.sources.unpacking.containers.FREE", 1000)
    files = {f"{number:03}": os.urandom(700) for number in range(60)}
    path = tmp_path / "a.tgz"
    path.write_bytes(archives.gzip_bytes(archives.tar_bytes(files)))
    archive = archives.opened(path)
    passes = count_opens(archive, monkeypatch)
    order = list(archive.members())
    for member in order:
        with member.open("rb") as stream:
            assert stream.read() == files[member.path]
    assert len(passes) == 1, "in the archive's order one pass is enough"
    for member in reversed(order):
        with member.open("rb") as stream:
            assert stream.read() == files[member.path]


def count_opens(archive: Any, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    made: list[int] = []
    opener = archive.store._opener

    def counting() -> Any:
        made.append(1)
        return opener()

    monkeypatch.setattr(archive.store, "_opener", counting)
    return made


@pytest.mark.parametrize("pack", [archives.gzip_bytes, archives.zstd_bytes])
def test_a_single_packed_file(tmp_path: Path, pack: Any) -> None:
    path = tmp_path / "tweets.jsonl.gz"
    path.write_bytes(pack(b"line\n" * 5000))
    assert contents(path) == {"tweets.jsonl": b"line\n" * 5000}


def test_gzip_of_several_parts_is_one_file(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(archives.gzip_bytes(b"one") + archives.gzip_bytes(b"two"))
    assert contents(path) == {"a": b"onetwo"}


@pytest.mark.parametrize(
    ("name", "inner"),
    [("a.gz", "a"), ("a.json.zst", "a.json"), ("a.TGZ", "a.tar"), ("a", "a"), (".gz", ".gz"), ("a.zip", "a.zip")],
)
def test_what_a_packed_file_is_called_inside(name: str, inner: str) -> None:
    assert inner_name(name) == inner


# Names


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("a/b", "a/b"),
        ("./a//b/./c", "a/b/c"),
        ("a\\b", "a/b"),
        ("\u202egnp.exe", "\u202egnp.exe"),
        ("../a", None),
        ("a/../../b", None),
        ("a\\..\\..\\b", None),
        ("/etc/passwd", None),
        ("\\\\host\\share", None),
        ("C:\\a", None),
        ("c:a", None),
        ("a\0b", None),
        ("", None),
        (".", None),
        ("a" * 5000, None),
    ],
)
def test_which_names_stay_inside(name: str, path: str | None) -> None:
    assert inner_path(name) == path


@given(st.text(st.sampled_from("ab./\\:"), max_size=12), st.text(st.sampled_from("ab./\\:"), max_size=12))
def test_nothing_resolves_to_a_place_outside(at: str, relative: str) -> None:
    """Held against what a file system would say."""
    base = inner_path(at) or ""
    found = resolved(base, relative)
    plain = relative.replace("\\", "/")
    if found is None:
        return
    assert ".." not in found.split("/")
    assert not found.startswith("/")
    assert os.path.normpath("/top/" + base + "/" + plain) in ("/top/" + found, "/top") or found == ""


def test_folders_of_paths() -> None:
    assert [folder_of(path) for path in ("a", "a/b", "a/b/c", "")] == ["", "a", "a/b", ""]


def test_names_that_climb_are_counted_and_never_read(tmp_path: Path) -> None:
    files = {"../out": b"x", "/abs": b"x", "a/../../out": b"x", "..\\out": b"x", "good": b"good"}
    for make in (archives.zip_bytes, archives.tar_bytes):
        path = tmp_path / "archive"
        assert refused(path, make(files)) == {"name-unsafe": 4}
        assert contents(path) == {"good": b"good"}


def test_of_two_members_of_one_name_the_later_one_counts(tmp_path: Path) -> None:
    """As it does for whoever unpacks; the earlier one is told."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("same", b"one")
        for data in (b"two", b"three"):
            with pytest.warns(UserWarning, match="Duplicate"):
                archive.writestr("same", data)
    path = tmp_path / "archive"
    assert refused(path, stream.getvalue()) == {"name-twice": 2}
    assert contents(path) == {"same": b"three"}
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for data in (b"one", b"two"):
            info = tarfile.TarInfo("./same")
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    assert refused(path, stream.getvalue()) == {"name-twice": 1}
    assert contents(path) == {"same": b"two"}


def test_links_devices_and_folders_are_no_files(tmp_path: Path) -> None:
    path = tmp_path / "archive"
    assert refused(path, archives.link_in_zip("a", "/etc/passwd")) == {"not-a-file": 1}
    kinds = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)
    entries = [archives.tar_entry(f"a{number}", kind, "/etc/passwd") for number, kind in enumerate(kinds)]
    entries.append(archives.tar_entry("folder", tarfile.DIRTYPE))
    assert refused(path, archives.tar_of(*entries)) == {"not-a-file": len(kinds)}
    assert contents(path) == {}


def test_a_zip_says_by_its_mode_what_is_no_file(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, mode in (("plain", stat.S_IFREG), ("device", stat.S_IFCHR), ("none", 0)):
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, (mode | 0o644) << 16
            archive.writestr(info, b"x")
        archive.mkdir("folder")
    assert refused(tmp_path / "archive", stream.getvalue()) == {"not-a-file": 1}
    assert set(contents(tmp_path / "archive")) == {"plain", "none"}


def test_members_under_a_password_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "archive"
    assert refused(path, archives.encrypted(archives.zip_bytes({"a": b"x", "b": b"y"}))) == {"archive-encrypted": 2}


# Bombs and damage


@pytest.mark.parametrize("kind", ["zip", "tar.gz", "tar.zst", "bzip2 zip", "lzma zip"])
def test_far_more_than_the_packed_bytes_explain_is_refused_while_it_comes_out(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dalil.sources.unpacking.streams.FREE", 1 << 20)
    monkeypatch.setattr("dalil.sources.unpacking.containers.FREE", 1 << 10)
    path = tmp_path / "archive"
    path.write_bytes(archives.KINDS[kind]({"bomb": bytes(30 << 20)}))
    assert path.stat().st_size < 200_000
    with pytest.raises(LimitReached) as caught:
        contents(path, ratio=10)
    assert caught.value.code == "archive-ratio"
    assert len(contents(path, ratio=1_000_000)["bomb"]) == 30 << 20


def test_a_single_packed_file_that_swells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dalil.sources.unpacking.streams.FREE", 1 << 20)
    path = tmp_path / "bomb.gz"
    path.write_bytes(archives.gzip_bytes(bytes(8 << 20)))
    [member] = archives.opened(path, ratio=10).members()
    with pytest.raises(LimitReached):
        hash_file(member, limit=1 << 40)
    with member.open("rb") as stream:
        assert stream.read(1000) == bytes(1000), "the beginning may be looked at"


def test_the_size_that_a_zip_says_is_not_believed(tmp_path: Path) -> None:
    """A member that says it is small gives no more than it says; one that gives less is broken."""
    data = archives.zip_bytes({"a": b"x" * 5000}, packing=zipfile.ZIP_STORED)
    path = tmp_path / "archive"
    small = data.replace((5000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    path.write_bytes(small)
    with pytest.raises(InputError) as caught:
        contents(path)
    assert caught.value.code == "archive-broken"
    path.write_bytes(data.replace((5000).to_bytes(4, "little"), (50_000).to_bytes(4, "little")))
    with pytest.raises(InputError):
        contents(path)


def test_so_many_members(tmp_path: Path) -> None:
    files = {f"{number}": b"" for number in range(30)}
    path = tmp_path / "archive"
    for make in (archives.zip_bytes, archives.tar_bytes):
        path.write_bytes(make(files))
        assert len(contents(path, files=30)) == 30
        with pytest.raises(LimitReached) as caught:
            contents(path, files=29)
        assert caught.value.code == "archive-files"


def test_a_zip_inside_another_is_held_up_to_its_limit(tmp_path: Path) -> None:
    inner = archives.zip_bytes(FILES)
    path = tmp_path / "outer.zip"
    path.write_bytes(archives.zip_bytes({"inner.zip": inner}))
    [member] = archives.opened(path).members()
    found = open_container(member, head_of(member), member.size, UnpackLimits(nested_bytes=len(inner)))
    assert [one.path for one in found.members()] == sorted(FILES)
    with pytest.raises(LimitReached) as caught:
        open_container(member, head_of(member), member.size, UnpackLimits(nested_bytes=len(inner) - 1))
    assert caught.value.code == "archive-nested"


@pytest.mark.parametrize("kind", archives.KINDS)
def test_cut_off_anywhere_it_raises_only_our_errors(tmp_path: Path, kind: str) -> None:
    chance = Random(11)
    whole = archives.KINDS[kind]({"a": b"some words " * 40, "b/c": os.urandom(900)})
    path = tmp_path / "archive"
    for _ in range(60):
        path.write_bytes(whole[: chance.randrange(4, len(whole))])
        outcome(path)


@settings(deadline=None, max_examples=120)
@given(st.sampled_from(sorted(archives.KINDS)), st.data())
def test_changed_anywhere_it_raises_only_our_errors(
    tmp_path_factory: pytest.TempPathFactory, kind: str, data: st.DataObject
) -> None:
    changed = bytearray(archives.KINDS[kind]({"a": b"some words " * 20, "b/c": bytes(700)}))
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("changed") / "archive"
    path.write_bytes(bytes(changed))
    outcome(path)


@settings(deadline=None, max_examples=120)
@given(
    st.sampled_from([b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08\x00", b"\x28\xb5\x2f\xfd", b""]),
    st.binary(max_size=900),
)
def test_garbage_raises_only_our_errors(
    tmp_path_factory: pytest.TempPathFactory, begins: bytes, garbage: bytes
) -> None:
    path = tmp_path_factory.mktemp("garbage") / "archive"
    path.write_bytes(begins + garbage)
    outcome(path)


def outcome(path: Path) -> None:
    """Open it and read what it gives; any error but ours fails the test."""
    if not is_container(head_of(path)):
        return
    try:
        archive = archives.opened(path)
    except DalilError:
        return
    for member in archive.members():
        try:
            hash_file(member, limit=1 << 20)
        except DalilError as error:
            assert error.code in ("archive-broken", "archive-ratio", "file-too-large")  # noqa: PT017 - which of ours


def test_what_is_a_tar_and_what_is_not() -> None:
    assert is_tar(archives.tar_bytes({"a": b"x"}))
    for data in (b"", bytes(512), b"x" * 600, archives.tar_bytes({"a": b"x"})[:511], b"words\n" * 200):
        assert not is_tar(data)


def test_documents_that_happen_to_be_zips() -> None:
    assert is_document(["[Content_Types].xml", "word/document.xml"]) == "document"
    assert is_document(["META-INF/MANIFEST.MF", "a.class"]) == "document"
    assert is_document(["mimetype", "content.xml"]) == "document"
    assert is_document(["datapackage.json", "archive/data.warc.gz", "pages/pages.jsonl"]) == "web-archive"
    assert is_document(["data/tweets.js", "mimetype"]) == ""


def test_streams_by_themselves() -> None:
    assert allowance(10, 200) == FREE
    assert allowance(FREE, 3) == 3 * FREE
    assert held(lambda: io.BytesIO(b"12345"), most=5) == b"12345"
    assert held(lambda: io.BytesIO(b"12345"), most=4) is None
    stream = watched(lambda: io.BytesIO(b"abc"), allowed=3, name="a")
    assert (stream.readable(), stream.seekable(), stream.read()) == (True, True, b"abc")
    stream.close()
    stream.close()

    def fails() -> Any:
        raise zipfile.BadZipFile

    with pytest.raises(InputError):
        watched(fails, allowed=3, name="a")
