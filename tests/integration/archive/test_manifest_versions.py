"""A manifest that version 1 made: refused in words, copied, brought to ours, and then like any other."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from archive_chunks import NOW, File, FixedKeys
from older_manifests import as_version_one

from dalil.archive import compacting, doctor, manifest_tables, merging
from dalil.archive.database import snapshot
from dalil.archive.manifest import Manifest, expunged_ids
from dalil.archive.reading import Archive
from dalil.archive.search import building
from dalil.archive.workspace import Workspace
from dalil.archive.writing import Writer
from dalil.errors import ConfigError, EvidenceDamaged


def fill(house: Workspace, first: int, last: int) -> None:
    writer = Writer(house, keys=FixedKeys(), now=NOW)
    file = File(first, last, 10)
    intake = writer.begin(file.begin, "blue")
    for chunk in file.chunks():
        writer.chunk(intake, chunk)
    writer.end(intake, file.end)


@pytest.fixture
def old(house: Workspace) -> Workspace:
    """A workspace with sixty posts whose manifest is as version 1 left it."""
    fill(house, 0, 60)
    as_version_one(house.manifest.path)
    return house


def shape(path: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            (row[0], " ".join((row[1] or "").split()))
            for row in connection.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
        }


def test_it_is_refused_by_whoever_reads_or_writes(old: Workspace) -> None:
    for call in (old.manifest.head, lambda: Writer(old, keys=FixedKeys(), now=NOW).begin(File(0, 1, 1).begin, "blue")):
        with pytest.raises(ConfigError) as raised:
            call()
        assert raised.value.code == "workspace-older"
        assert raised.value.facts == {"found": 1, "ours": manifest_tables.VERSION}


def test_it_is_copied_then_brought_to_ours(old: Workspace, tmp_path: Path) -> None:
    before = shape(old.manifest.path)
    assert old.manifest.migrate(tmp_path / "copy.db")
    assert shape(tmp_path / "copy.db") == before
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    fresh = Manifest(tmp_path / "fresh.db")
    fresh.create()
    assert {name for name, _ in shape(old.manifest.path)} == {name for name, _ in shape(fresh.path)}
    assert not old.manifest.migrate(tmp_path / "other.db")
    assert not (tmp_path / "other.db").exists()


def test_afterwards_it_is_like_any_other(old: Workspace, tmp_path: Path) -> None:
    old.manifest.migrate(tmp_path / "copy.db")
    assert doctor.examine(old) == []
    assert {row.step_to for row in old.manifest.segments()} == {0}
    fill(old, 60, 120)
    steps = [row.step_from for row in old.manifest.segments("posts")]
    assert steps == sorted(steps)
    assert steps[-1] > 0
    with Archive(old, memory_mib=256, threads=1) as archive:
        before = sorted(archive.table("posts").obs_id.to_pyarrow().to_pylist())
        assert building.refresh(archive) == 0  # these have no search keys
        later = datetime(2026, 8, 1, tzinfo=UTC)
        for group in merging.plan(archive.all_segments(), month="2026-08", fences={}):
            assert compacting.compact(archive, group, now=later)
        assert sorted(archive.table("posts").obs_id.to_pyarrow().to_pylist()) == before
        assert len(before) == 120
    assert doctor.examine(old) == []


def test_a_copy_that_is_there_is_kept(old: Workspace, tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_bytes(b"from the first try")
    assert old.manifest.migrate(tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_bytes() == b"from the first try"


def test_a_step_that_fails_changes_nothing(old: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = shape(old.manifest.path)
    monkeypatch.setitem(manifest_tables.STEPS, 2, "CREATE TABLE half (a INTEGER); CREATE TABLE half (a INTEGER);")
    with pytest.raises(sqlite3.OperationalError):
        old.manifest.migrate(tmp_path / "copy.db")
    assert shape(old.manifest.path) == before
    assert old.manifest.version() == 1


def test_a_newer_one_is_left_alone(house: Workspace, tmp_path: Path) -> None:
    with closing(sqlite3.connect(house.manifest.path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(ConfigError) as raised:
        house.manifest.migrate(tmp_path / "copy.db")
    assert raised.value.code == "workspace-newer"


def test_a_snapshot_of_what_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(EvidenceDamaged):
        snapshot(tmp_path / "missing.db", tmp_path / "copy.db")
    (tmp_path / "text.db").write_bytes(b"not a database " * 400)
    with pytest.raises(EvidenceDamaged):
        snapshot(tmp_path / "text.db", tmp_path / "copy.db")
    assert not (tmp_path / "copy.db").exists()


def test_steps_follow_each_other_without_a_gap() -> None:
    assert sorted(manifest_tables.STEPS) == list(range(2, manifest_tables.VERSION + 1))
    assert "CREATE TABLE segments" in manifest_tables.script(0)
    assert "CREATE TABLE segments" not in manifest_tables.script(1)
    assert "merged_away" not in manifest_tables.script(manifest_tables.VERSION)


def test_a_tombstone_of_version_five_stays_one_and_has_no_mark(tmp_path: Path) -> None:
    made = Manifest(tmp_path / "manifest.db")
    steps = "".join(step for version, step in sorted(manifest_tables.STEPS.items()) if version < 6)
    with closing(sqlite3.connect(made.path)) as connection:
        connection.executescript(f"{manifest_tables.TABLES_1}{steps}PRAGMA user_version = 5;")
        entry = (1, "0" * 64, "2026-05-17", "blue", "expunged", "0" * 64, "t", "", "1" * 64)
        connection.execute(f"INSERT INTO custody VALUES ({', '.join('?' * 9)})", entry)
        tomb = (bytes(32), 1, "ab" * 32, "asked", "2026-05-17", "blue", 1)
        connection.execute("INSERT INTO expunged VALUES (?, ?, ?, ?, ?, ?, ?)", tomb)
        connection.commit()
    assert made.migrate(tmp_path / "copy.db")
    assert made.version() == 6
    with made.reading() as connection:
        assert connection.execute("SELECT * FROM expunged").fetchall() == [(*tomb, None)]
        assert expunged_ids(connection, [bytes(32), bytes(31) + b"1"]) == {bytes(32)}
    fresh = Manifest(tmp_path / "fresh.db")
    fresh.create()
    assert shape(made.path) == shape(fresh.path)
