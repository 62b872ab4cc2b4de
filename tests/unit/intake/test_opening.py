"""Files, folders and archives as the child opens them: by content, in groups of one format, each with its hash."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
import sources_archives as archives
import sources_files

from dalil.errors import InputError, LimitReached
from dalil.intake.opening import Input, Opened
from dalil.sources.reading import SourceFile, beside, inside


def opened(path: Path, **changes: Any) -> list[Opened]:
    return list(Input(sources_files.order_of(path, **changes)).opened())


def only(path: Path, **changes: Any) -> Opened:
    [found] = opened(path, **changes)
    return found


def skipped(path: Path, **changes: Any) -> list[tuple[str, str, int]]:
    return [(row.code, row.inner, row.count) for row in Input(sources_files.order_of(path, **changes)).told()]


def x_file(path: Path, count: int = 1) -> Path:
    values = [sources_files.x_response([sources_files.x_tweet(n, 55, "x")]) for n in range(1, count + 1)]
    return sources_files.write_lines(path, values)


def x_bytes(number: int = 1) -> bytes:
    return sources_files.json.dumps(sources_files.x_response([sources_files.x_tweet(number, 55, "x")])).encode() + b"\n"


def names(found: Opened) -> list[str]:
    return [source.path.name for source in found.files]


def test_a_file_is_itself_with_its_folder_for_media(tmp_path: Path) -> None:
    path = x_file(tmp_path / "anything")
    found = only(path)
    assert found.importer.manifest.name == "x-api-v2"
    assert [(source.path, source.root, source.label) for source in found.files] == [(path, tmp_path, "")]
    begin = found.begin
    assert begin.received_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert begin.received_bytes == begin.input_bytes == path.stat().st_size
    assert (begin.source_format, begin.importer_version) == ("x-api-v2", "1")
    assert (begin.inner, begin.container_sha256, begin.before_bytes, begin.files) == ("", "", 0, 1)
    assert beside(found.files[0].root) == (), "what else lies in the folder was not handed over"


def test_the_name_of_a_file_changes_nothing(tmp_path: Path) -> None:
    for name in ("a.csv", "a.zip", "result.json", "a"):
        assert only(x_file(tmp_path / name)).importer.manifest.name == "x-api-v2"


def test_a_folder_holds_its_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        x_file(tmp_path / name)
    found = only(tmp_path)
    assert names(found) == ["a", "b", "c"]
    assert [source.label for source in found.files] == ["file 1 ", "file 2 ", "file 3 "]
    assert found.begin.files == 3


def test_the_hash_of_a_folder_names_its_files_and_their_places(tmp_path: Path) -> None:
    x_file(tmp_path / "a")
    before = only(tmp_path).begin
    assert only(tmp_path).begin == before
    assert before.received_sha256 == hashlib.sha256((tmp_path / "a").read_bytes()).hexdigest()
    (tmp_path / "a").rename(tmp_path / "b")
    moved = only(tmp_path).begin
    assert moved.received_sha256 == before.received_sha256, "a single file is named by its own bytes"
    assert moved.container_sha256 != before.container_sha256
    (tmp_path / "b").rename(tmp_path / "a")
    assert only(tmp_path).begin == before
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "p").write_bytes(b"x")
    assert only(tmp_path).begin.container_sha256 != before.container_sha256


def test_the_hash_of_several_files_is_of_their_places_and_hashes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        x_file(tmp_path / name)
    before = only(tmp_path).begin.received_sha256
    (tmp_path / "b").rename(tmp_path / "c")
    assert only(tmp_path).begin.received_sha256 != before


def test_a_folder_of_several_formats_is_read_format_by_format(tmp_path: Path) -> None:
    x_file(tmp_path / "a")
    sources_files.write_ct(tmp_path / "b", [sources_files.ct_row(1)])
    sources_files.write_ct(tmp_path / "c", [sources_files.ct_row(2)])
    first, second = opened(tmp_path)
    assert (first.importer.manifest.name, names(first)) == ("x-api-v2", ["a"])
    assert (second.importer.manifest.name, names(second)) == ("crowdtangle-csv", ["b", "c"])
    assert second.begin.before_bytes == first.begin.received_bytes
    assert (
        first.begin.input_bytes
        == second.begin.input_bytes
        == sum(begin.received_bytes for begin in (first.begin, second.begin))
    )
    assert names(only(tmp_path, format="x-api-v2")) == ["a"]


def test_what_is_done_is_not_opened_again(tmp_path: Path) -> None:
    x_file(tmp_path / "a")
    sources_files.write_ct(tmp_path / "b", [sources_files.ct_row(1)])
    first, second = opened(tmp_path)
    [left] = opened(tmp_path, done=(first.begin.key,))
    assert left.begin == second.begin
    assert opened(tmp_path, done=(first.begin.key, second.begin.key)) == []


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    outside = x_file(tmp_path / "outside")
    folder = tmp_path / "folder"
    folder.mkdir()
    x_file(folder / "a")
    (folder / "b").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    assert names(only(folder)) == ["a"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"file_bytes": 10}, "file-too-large"),
        ({"folder_files": 1}, "too-many-files"),
    ],
)
def test_limits_on_a_folder(tmp_path: Path, changes: dict[str, object], code: str) -> None:
    x_file(tmp_path / "a")
    x_file(tmp_path / "b")
    with pytest.raises(LimitReached) as caught:
        opened(tmp_path, **changes)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("make", "changes", "code"),
    [
        (lambda path: None, {}, "path-missing"),
        (lambda path: path.write_bytes(b"words"), {}, "format-unknown"),
        (lambda path: path.write_bytes(b"words"), {"format": "x-api-v2"}, "format-unknown"),
        (lambda path: path.write_bytes(b"words"), {"format": "none"}, "value-wrong"),
        (lambda path: path.mkdir(), {}, "format-unknown"),
        (lambda path: path.mkdir(), {"format": "x-api-v2"}, "format-unknown"),
        (lambda path: path.write_bytes(archives.zip_bytes({})), {}, "format-unknown"),
        (lambda path: path.write_bytes(archives.zip_bytes({"a": b"words"})), {}, "format-unknown"),
        (lambda path: path.write_bytes(b"PK\x03\x04rest"), {}, "archive-broken"),
        (lambda path: path.write_bytes(archives.gzip_bytes(x_bytes())[:40]), {}, "archive-broken"),
        (
            lambda path: path.write_bytes(archives.encrypted(archives.zip_bytes({"a": x_bytes()}))),
            {},
            "archive-encrypted",
        ),
        (
            lambda path: path.write_bytes(archives.zip_bytes({"a": x_bytes()})),
            {"format": "hand-capture"},
            "format-unknown",
        ),
    ],
)
def test_what_cannot_be_opened_says_why(tmp_path: Path, make: Any, changes: dict[str, object], code: str) -> None:
    path = tmp_path / "given"
    make(path)
    with pytest.raises(InputError) as caught:
        opened(path, **changes)
    assert caught.value.code == code
    assert str(tmp_path) not in str(caught.value)


def test_a_device_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        opened(Path("/dev/null"))
    assert caught.value.code == "path-missing"


def test_a_file_may_be_read_by_an_importer_that_is_named_though_another_is_surer(tmp_path: Path) -> None:
    path = x_file(tmp_path / "a")
    assert only(path, format="x-api-v2").importer.manifest.name == "x-api-v2"
    with pytest.raises(InputError):
        opened(path, format="hand-capture")


# Archives


def test_an_archive_is_read_format_by_format_and_each_row_says_where(tmp_path: Path) -> None:
    path = tmp_path / "everything.zip"
    pages = sources_files.write_ct(tmp_path / "pages", [sources_files.ct_row(1)]).read_bytes()
    files = {"data/tweets.json": x_bytes(), "data/pages.csv": pages, "readme.txt": b"nothing to see"}
    path.write_bytes(archives.zip_bytes(files))
    first, second = opened(path)
    assert [found.importer.manifest.name for found in (first, second)] == ["crowdtangle-csv", "x-api-v2"]
    assert [found.begin.inner for found in (first, second)] == ["data/pages.csv", "data/tweets.json"]
    assert first.begin.received_sha256 == hashlib.sha256(pages).hexdigest()
    for found in (first, second):
        assert found.begin.container_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
        assert found.begin.container_bytes == path.stat().st_size
    assert skipped(path) == [("format-unknown", "readme.txt", 1)]


def test_several_files_of_one_format_are_one_group_named_by_what_is_around_them(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(archives.zip_bytes({"data/x/1": x_bytes(1), "data/y/2": x_bytes(2)}))
    found = only(path)
    assert (found.begin.inner, found.begin.files) == ("data", 2)


def test_archives_inside_archives_are_groups_of_their_own(tmp_path: Path) -> None:
    inner = archives.zip_bytes({"one": x_bytes(1)})
    path = tmp_path / "a.tar.gz"
    path.write_bytes(archives.gzip_bytes(archives.tar_bytes({"a.zip": inner, "two": x_bytes(2)})))
    assert sorted(found.begin.inner for found in opened(path)) == ["a.zip/one", "two"]


def test_a_packed_file_lies_where_its_package_lies(tmp_path: Path) -> None:
    """So that it is read with the others of its folder, and finds its media there."""
    (tmp_path / "one.json.gz").write_bytes(archives.gzip_bytes(x_bytes(1)))
    (tmp_path / "two.json.zst").write_bytes(archives.zstd_bytes(x_bytes(2)))
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xffphoto")
    found = only(tmp_path)
    assert names(found) == ["one.json", "two.json"]
    root = found.files[0].root
    assert root is not None
    assert inside(root, "photo.jpg") is not None
    alone = only(tmp_path / "one.json.gz")
    assert alone.begin.received_sha256 == hashlib.sha256(x_bytes(1)).hexdigest()
    assert alone.begin.container_sha256 == hashlib.sha256((tmp_path / "one.json.gz").read_bytes()).hexdigest()


def test_media_are_found_beside_a_file_and_in_the_folders_around_it(tmp_path: Path) -> None:
    files = {
        "export/posts/1.json": x_bytes(),
        "export/posts/near.jpg": b"near",
        "export/far.jpg": b"far",
        "top": b"top",
    }
    folder = tmp_path / "folder"
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    (tmp_path / "outside").write_bytes(b"outside")
    packed = tmp_path / "a.zip"
    packed.write_bytes(archives.zip_bytes(files))
    for given in (folder, packed):
        source = only(given).files[0]
        assert read(source, "near.jpg") == b"near"
        assert read(source, "export/far.jpg") == read(source, "../far.jpg") == read(source, "far.jpg") == b"far"
        assert read(source, "top") == b"top"
        for out in ("../../../outside", "/etc/passwd", "outside", "", "near.jpg/x", "C:\\x", "a\0b", "../../../../x"):
            assert read(source, out) is None, out
        assert [file.name for file in beside(source.root)] == ["1.json", "near.jpg"]


def read(source: SourceFile, relative: str) -> bytes | None:
    assert source.root is not None
    found = inside(source.root, relative)
    if found is None:
        return None
    with found.open("rb") as stream:
        return stream.read()
