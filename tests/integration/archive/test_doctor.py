"""The doctor finds every kind of damage, tells it from what a crash left over, and removes only that."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pytest
from archive_chunks import NOW, File, FixedKeys, picture, sha256

from dalil.archive import doctor
from dalil.archive.rows import Damage, Orphan
from dalil.archive.scratch import Scratch, abandoned, exclusive
from dalil.archive.workspace import Workspace
from dalil.archive.writing import Writer
from dalil.errors import Conflict, EvidenceDamaged
from dalil.schema.results import Finding, Method


@pytest.fixture
def full(house: Workspace, circles) -> Workspace:
    writer = Writer(house, keys=FixedKeys(), now=NOW)
    file = File(0, 60, 20)
    intake = writer.begin(file.begin, "blue")
    for chunk in file.chunks():
        writer.chunk(intake, chunk)
    writer.end(intake, file.end)
    finding = Finding(
        finding_id="f1", kind="k", method=Method("m", "1"), as_of=NOW, zone="UTC", manifest_head=house.manifest.head()
    )
    writer.save_finding(finding, {"rows": pa.table({"a": [1]})})
    import numpy as np

    writer.save_index("pictures", {"hashes": np.zeros(4)})
    assert doctor.examine(house) == []
    return house


def recorded_files(house: Workspace) -> list[Path]:
    folders = (house.archive, house.raw, house.media, house.indexes)
    return [p for folder in folders for p in sorted(folder.rglob("*")) if p.is_file() and "manifest" not in p.name]


def test_each_recorded_file_is_missed_and_its_change_noticed(full):
    files = recorded_files(full)
    assert {path.relative_to(full.folder).parts[0] for path in files} == {"archive", "raw", "media", "indexes"}
    for path in files:
        name = path.relative_to(full.folder).as_posix()
        data = path.read_bytes()
        path.unlink()
        assert (name, "missing") in {(found.part, found.what) for found in doctor.verify(full)}
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        assert (name, "changed") in {(found.part, found.what) for found in doctor.verify(full)}
        path.write_bytes(data)
    assert doctor.verify(full) == []


def edit(house: Workspace, *statements: str) -> None:
    """Change the manifest behind our own code's back, as somebody with the file could."""
    with closing(sqlite3.connect(house.manifest.path, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER custody_is_never_changed")
        connection.execute("DROP TRIGGER custody_is_never_removed")
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "part"),
    [
        ("UPDATE custody SET circle = 'green' WHERE seq = 2", "custody #2"),
        ("UPDATE custody SET day = '2020-01-01' WHERE seq = 5", "custody #5"),
        ("DELETE FROM custody WHERE seq = 1", "custody #1"),
        ("DELETE FROM known WHERE obs_id = (SELECT min(obs_id) FROM known)", "archive/manifest.db"),
        ("UPDATE known SET raw_segment = 2 WHERE raw_segment = 1", "raw/"),
        ("INSERT INTO known VALUES (zeroblob(32), 1, 10)", "archive/manifest.db"),
        ("DELETE FROM media WHERE sha256 = (SELECT min(sha256) FROM media)", "custody #"),
    ],
)
def test_a_manifest_that_was_edited_does_not_verify(full, statement, part):
    edit(full, statement)
    assert any(damage.part.startswith(part) for damage in doctor.verify(full)), doctor.verify(full)


def test_a_raw_segment_exchanged_together_with_its_hash_does_not_verify(full):
    """Whoever changes a record must also change its segment's hash, and then custody speaks against it."""
    from dalil.archive import raw

    old = next(full.raw.iterdir())
    records = [(obs_id, bytes.fromhex(sha256(b"forged")), b"forged") for obs_id, _ in raw.read_all(old)]
    forged = raw.build(records)
    (full.raw / forged.sha256).write_bytes(forged.data)
    old.unlink()
    edit(
        full, f"UPDATE raw_segments SET path = '{forged.sha256}', sha256 = '{forged.sha256}' WHERE path = '{old.name}'"
    )
    assert [damage.what for damage in doctor.verify(full)] == ["broken"]


def test_orphans_are_listed_and_removed_and_nothing_else(full):
    before = {path: path.read_bytes() for path in recorded_files(full)}
    left = [
        full.archive / "posts/month=2026-05/ffff.parquet",
        full.raw / "eeee",
        full.media_path(sha256(b"never recorded")),
        full.indexes / "old.npy",
    ]
    for path in left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"left by a crash")
    found = doctor.examine(full)
    assert sorted(item.path for item in found if isinstance(item, Orphan)) == sorted(
        path.relative_to(full.folder).as_posix() for path in left
    )
    assert all(isinstance(item, Orphan) and item.bytes == 15 for item in found)
    assert sorted(map(str, doctor.repair(full))) == sorted(map(str, found))
    assert doctor.examine(full) == []
    assert {path: path.read_bytes() for path in recorded_files(full)} == before
    assert full.media_path(sha256(picture(5))).exists()


def test_temporary_files_of_the_living_are_left_alone(full):
    with Scratch(full.tmp) as living:
        living.name().write_bytes(b"in use")
        dead = Scratch(full.tmp)
        dead.name().write_bytes(b"left")
        dead._lock.close()  # what the end of a process does, however it ends
        assert abandoned(full.tmp) == [dead.folder]
        assert [orphan.bytes for orphan in doctor.orphans(full)] == [4]
        doctor.repair(full)
        assert not dead.folder.exists()
        assert living.folder.exists()
    assert list(full.tmp.glob("s-*")) == []


def test_a_lock_is_for_one_at_a_time(tmp_path):
    with exclusive(tmp_path / "lock"):
        with pytest.raises(Conflict) as raised, exclusive(tmp_path / "lock", wait_seconds=0):
            pass
        assert raised.value.code == "workspace-busy"
    with exclusive(tmp_path / "lock", wait_seconds=0):
        pass


def test_a_damaged_manifest_is_one_clear_damage(full):
    for path in full.archive.glob("manifest.db*"):
        path.unlink()
    assert doctor.verify(full) == [Damage("archive/manifest.db", "missing")]
    with pytest.raises(EvidenceDamaged):
        doctor.orphans(full)
