"""Damage of every kind: what is lost is told, what can be made again goes, what a backup holds comes back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import search_posts
from archive_chunks import NOW, File, FixedKeys
from search_posts import Made

from dalil.archive import backing_up, compacting, doctor, keys, mending, merging, workspace
from dalil.archive.reading import Archive
from dalil.archive.search import building
from dalil.archive.search.index import SearchIndex
from dalil.archive.workspace import Workspace
from dalil.archive.writing import Writer
from dalil.errors import InputError
from dalil.schema.results import Finding, Method


@pytest.fixture
def full(house: Workspace, archive: Archive) -> Workspace:
    writer = Writer(house, keys=FixedKeys(), now=NOW)
    file = File(0, 60, 10)
    intake = writer.begin(file.begin, "blue")
    for chunk in file.chunks():
        writer.chunk(intake, chunk)
    writer.end(intake, file.end)
    search_posts.store(house, [Made(f"word {n}", "en", number=n) for n in range(50)])
    building.refresh(archive)
    writer.save_index("pictures", {"one": np.arange(5), "two": np.arange(9)})
    finding = Finding(
        finding_id="week-1",
        kind="week",
        method=Method(name="m", version="1"),
        as_of=NOW,
        zone="UTC",
        manifest_head=archive.manifest_head(),
        summary={},
    )
    writer.save_finding(finding, {"result": pa.table({"n": [1, 2]})})
    return house


@pytest.fixture
def backup(full: Workspace, tmp_path: Path) -> Path:
    backing_up.back_up(full, tmp_path / "copy", desk=False, plain_ok=True)
    return tmp_path / "copy"


def harm(path: Path, how: str) -> None:
    if how == "missing":
        path.unlink()
    else:
        path.write_bytes(b"x" * path.stat().st_size)


def one_of(folder: Path, pattern: str) -> Path:
    return min(path for path in folder.glob(pattern) if path.is_file())


@pytest.mark.parametrize("how", ["missing", "changed"])
@pytest.mark.parametrize(
    ("pattern", "lost"),
    [
        ("archive/posts/*/*.parquet", "rows of posts captured in 2026-0"),
        ("archive/edges/*/*.parquet", "rows of edges captured in"),
        ("raw/*", "raw records"),
        ("media/*/*/*", "one media file"),
    ],
)
def test_facts_come_back_from_a_backup_alone(full: Workspace, backup: Path, how: str, pattern: str, lost: str) -> None:
    path = one_of(full.folder, pattern)
    harm(path, how)
    (found,) = doctor.verify(full)
    assert (found.part, found.what, found.again) == (path.relative_to(full.folder).as_posix(), how, False)
    assert lost in found.lost
    assert mending.mend(full, [found], backup=None) == []
    assert doctor.verify(full) == [found], "nothing recorded is forgotten"
    (mended,) = mending.mend(full, [found], backup=backup)
    assert (mended.part, mended.how) == (found.part, "backup")
    assert doctor.examine(full) == []


@pytest.mark.parametrize("how", ["missing", "changed"])
@pytest.mark.parametrize("pattern", ["indexes/pictures-one-*", "archive/findings/*/*.parquet"])
def test_what_was_made_from_the_facts_is_thrown_away(full: Workspace, how: str, pattern: str) -> None:
    harm(one_of(full.folder, pattern), how)
    damages = doctor.verify(full)
    assert [item.again for item in damages] == [True]
    assert [item.how for item in mending.mend(full, damages, backup=None)] == ["again"]
    assert doctor.verify(full) == []
    doctor.repair(full)
    assert doctor.examine(full) == []
    with Archive(full, memory_mib=256, threads=1) as archive:
        assert (archive.index("pictures") is None) == ("pictures" in pattern)
        assert (archive.findings("week") == []) == ("findings" in pattern)


def test_a_broken_search_index_is_thrown_away_and_made_again(full: Workspace, archive: Archive) -> None:
    harm(SearchIndex(full).path, "changed")
    damages = doctor.verify(full)
    assert [(item.part, item.again) for item in damages] == [("indexes/search.db", True)]
    assert mending.mend(full, damages, backup=None)[0].how == "again"
    assert doctor.examine(full) == []
    assert building.refresh(archive) == 50


def test_a_backup_that_does_not_hold_it_brings_nothing(full: Workspace, backup: Path) -> None:
    path = one_of(full.folder, "raw/*")
    (backup / "raw" / path.name).unlink()
    harm(path, "missing")
    damages = doctor.verify(full)
    assert mending.mend(full, damages, backup=backup) == []
    (backup / "raw" / path.name).write_bytes(b"something else")
    assert mending.mend(full, damages, backup=backup) == []
    assert doctor.verify(full) == damages
    assert not path.exists()


def test_a_backup_of_another_workspace_is_refused(full: Workspace, tmp_path: Path) -> None:
    other = workspace.create(
        tmp_path / "other", zone="UTC", passphrase="p", encrypted_ok=True, cost=keys.Cost(1, 64, 1)
    )
    backing_up.back_up(other, tmp_path / "others", desk=False, plain_ok=True)
    harm(one_of(full.folder, "raw/*"), "missing")
    with pytest.raises(InputError) as raised:
        mending.mend(full, doctor.verify(full), backup=tmp_path / "others")
    assert raised.value.code == "backup-of-another"


def test_a_backup_from_before_a_merge_still_brings_raw_records_and_media(
    full: Workspace, archive: Archive, backup: Path
) -> None:
    later = datetime(2026, 8, 1, tzinfo=UTC)
    for group in merging.plan(archive.all_segments(), month="2026-08", fences={}):
        compacting.compact(archive, group, now=later)
    compacting.forget_merged_away(full, now=datetime(2026, 9, 1, tzinfo=UTC))
    harm(one_of(full.folder, "raw/*"), "changed")
    harm(one_of(full.folder, "archive/posts/*/*.parquet"), "missing")
    damages = doctor.verify(full)
    assert len(damages) == 2
    mended = mending.mend(full, damages, backup=backup)
    assert [item.part.partition("/")[0] for item in mended] == ["raw"]
    left = doctor.verify(full)
    assert [item.part.partition("/")[0] for item in left] == ["archive"]


def test_custody_and_the_manifest_are_beyond_mending(full: Workspace, backup: Path) -> None:
    full.manifest.path.write_bytes(b"x" * 5000)
    (found,) = doctor.verify(full)
    assert found.part == "archive/manifest.db"
    assert not found.again
