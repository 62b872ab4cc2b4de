"""Files and folders as the child opens them: by content, with one hash for what was received."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import sources_files

from dalil.errors import InputError, LimitReached
from dalil.intake.opening import open_input


def opened(path: Path, **changes: object):  # type: ignore[no-untyped-def]
    return open_input(sources_files.order_of(path, **changes))


def x_file(path: Path, count: int = 1) -> Path:
    values = [sources_files.x_response([sources_files.x_tweet(n, 55, "x")]) for n in range(1, count + 1)]
    return sources_files.write_lines(path, values)


def test_a_file_is_itself_with_its_folder_for_media(tmp_path: Path) -> None:
    path = x_file(tmp_path / "anything")
    found = opened(path)
    assert found.importer.manifest.name == "x-api-v2"
    assert [(source.path, source.root, source.label) for source in found.files] == [(path, tmp_path, "")]
    assert found.begin.received_sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert found.begin.received_bytes == path.stat().st_size
    assert (found.begin.source_format, found.begin.importer_version) == ("x-api-v2", "1")


def test_the_name_of_a_file_changes_nothing(tmp_path: Path) -> None:
    for name in ("a.csv", "a.zip", "result.json", "a"):
        assert opened(x_file(tmp_path / name)).importer.manifest.name == "x-api-v2"


def test_a_folder_holds_its_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        x_file(tmp_path / name)
    found = opened(tmp_path)
    assert [source.path.name for source in found.files] == ["a", "b", "c"]
    assert [source.label for source in found.files] == ["file 1 ", "file 2 ", "file 3 "]
    assert {source.root for source in found.files} == {tmp_path}
    assert found.others == 0


def test_the_hash_of_a_folder_names_its_files_and_their_places(tmp_path: Path) -> None:
    x_file(tmp_path / "a")
    before = opened(tmp_path).begin.received_sha256
    assert opened(tmp_path).begin.received_sha256 == before
    (tmp_path / "a").rename(tmp_path / "b")
    moved = opened(tmp_path).begin.received_sha256
    (tmp_path / "b").rename(tmp_path / "a")
    assert opened(tmp_path).begin.received_sha256 == before != moved
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "p").write_bytes(b"x")
    assert opened(tmp_path).begin.received_sha256 != before


def test_a_folder_of_several_formats_is_the_one_of_most_files(tmp_path: Path) -> None:
    x_file(tmp_path / "a")
    sources_files.write_ct(tmp_path / "b", [sources_files.ct_row(1)])
    sources_files.write_ct(tmp_path / "c", [sources_files.ct_row(2)])
    found = opened(tmp_path)
    assert found.importer.manifest.name == "crowdtangle-csv"
    assert found.others == 1
    named = opened(tmp_path, format="x-api-v2")
    assert [source.path.name for source in named.files] == ["a"]


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    outside = x_file(tmp_path / "outside")
    folder = tmp_path / "folder"
    folder.mkdir()
    x_file(folder / "a")
    (folder / "b").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    assert [source.path.name for source in opened(folder).files] == ["a"]


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
    ],
)
def test_what_cannot_be_opened_says_why(tmp_path: Path, make, changes: dict[str, object], code: str) -> None:  # type: ignore[no-untyped-def]
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
    assert opened(path, format="x-api-v2").importer.manifest.name == "x-api-v2"
    with pytest.raises(InputError):
        opened(path, format="hand-capture")
