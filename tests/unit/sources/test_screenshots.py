"""Pictures beside a record: taken in if they are pictures inside the folder, within limits; else it is said why not."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import sources_files
from hypothesis import given
from hypothesis import strategies as st

from dalil.sources.screenshots import is_picture, screenshot

LIMIT = 1 << 20
PICTURES = {
    "png": sources_files.PNG,
    "jpg": b"\xff\xd8\xff\xe0" + bytes(20),
    "gif": b"GIF89a" + bytes(20),
    "bmp": b"BM" + bytes(20),
    "webp": b"RIFF\x00\x00\x00\x00WEBPVP8 ",
    "heic": b"\x00\x00\x00\x18ftypheic" + bytes(8),
    "avif": b"\x00\x00\x00\x18ftypavif" + bytes(8),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_what_phones_and_screens_make_is_taken_in(tmp_path: Path, kind: str) -> None:
    (tmp_path / "shot").write_bytes(PICTURES[kind])
    shot = screenshot(tmp_path, "shot", limit=LIMIT)
    assert shot.media is not None
    assert shot.media.data == PICTURES[kind]
    assert shot.ref.sha256 == shot.media.sha256 == hashlib.sha256(PICTURES[kind]).hexdigest()
    assert shot.problem == ""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"BEGIN PRIVATE KEY",
        b"PK\x03\x04",
        b"%PDF-1.7",
        b"\x00\x00\x00\x18ftypmp42",
        b"RIFF\x00\x00\x00\x00WAVE",
        b"<svg></svg>",
    ],
)
def test_any_other_file_is_left_where_it_is(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "id").write_bytes(data)
    shot = screenshot(tmp_path, "id", limit=LIMIT)
    assert shot.media is None
    assert shot.ref.not_included == shot.problem == "media-no-picture"


@pytest.mark.parametrize(
    "name", ["missing.png", "../outside.png", "/etc/hostname", "", "folder", "a\x00b", "x" * 5000, "link.png"]
)
def test_what_is_not_there_or_not_inside_is_not_found(tmp_path: Path, name: str) -> None:
    (tmp_path / "outside.png").write_bytes(sources_files.PNG)
    root = tmp_path / "in"
    (root / "folder").mkdir(parents=True)
    (root / "link.png").symlink_to(tmp_path / "outside.png")
    shot = screenshot(root, name, limit=LIMIT)
    assert shot.media is None
    assert shot.problem == "media-not-found"


def test_without_a_folder_there_are_no_pictures(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(sources_files.PNG)
    assert screenshot(None, str(tmp_path / "a.png"), limit=LIMIT).problem == "media-not-found"


def test_one_that_is_too_large_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(sources_files.PNG)
    assert screenshot(tmp_path, "a.png", limit=len(sources_files.PNG)).media is not None
    assert screenshot(tmp_path, "a.png", limit=len(sources_files.PNG) - 1).problem == "media-too-large"


@given(st.binary(max_size=40))
def test_no_bytes_raise(data: bytes) -> None:
    assert is_picture(data) in (True, False)
