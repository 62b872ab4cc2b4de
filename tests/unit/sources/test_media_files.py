"""Media beside an export: within its folder, within the limit, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dalil.sources.media_files import beside


def folder(tmp_path: Path) -> Path:
    (tmp_path / "export" / "media").mkdir(parents=True)
    (tmp_path / "export" / "media" / "p.png").write_bytes(b"data")
    (tmp_path / "secret").write_bytes(b"secret")
    return tmp_path / "export"


def test_a_file_of_the_export(tmp_path: Path) -> None:
    root = folder(tmp_path)
    assert beside(root, "media/p.png", limit=4) == (b"data", "")
    assert beside(root, "media/../media/p.png", limit=4) == (b"data", "")
    assert beside(root, "media/p.png", limit=3) == (None, "media-too-large")


@pytest.mark.parametrize(
    "named", ["gone.png", "media", "", ".", "..", "../secret", "\x00", "a" * 5000, "media/p.png/x"]
)
def test_what_is_no_file_of_it(tmp_path: Path, named: str) -> None:
    assert beside(folder(tmp_path), named, limit=100) == (None, "media-not-found")


def test_links_and_absolute_paths_lead_nowhere(tmp_path: Path) -> None:
    root = folder(tmp_path)
    (root / "link").symlink_to(tmp_path / "secret")
    (root / "up").symlink_to(tmp_path)
    for named in ("link", "up/secret", str(tmp_path / "secret")):
        assert beside(root, named, limit=100) == (None, "media-not-found")
    assert beside(None, "media/p.png", limit=100) == (None, "media-not-found")
    assert beside(tmp_path / "gone", "media/p.png", limit=100) == (None, "media-not-found")


@given(st.text(max_size=30))
def test_no_name_reaches_outside(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    root = folder(tmp_path_factory.mktemp("outer"))
    for named in (name, f"../{name}", f"media/../../{name}secret", f"{root}/../secret"):
        assert beside(root, named, limit=100)[0] != b"secret"
