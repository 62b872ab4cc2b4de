"""Backup and restore: everything, read once more; mirrors that keep what they had; refusals in words."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from archive_chunks import NOW, File, FixedKeys
from hypothesis import given
from hypothesis import strategies as st

from dalil.archive import backing_up, backups, compacting, doctor, keys, manifest_tables, merging, restoring, workspace
from dalil.archive.backups import Entry, Listing
from dalil.archive.reading import Archive
from dalil.archive.workspace import Workspace
from dalil.archive.writing import Writer
from dalil.errors import ConfigError, EvidenceDamaged, InputError
from dalil.schema.tables import STORED

LATER = datetime(2026, 8, 1, tzinfo=UTC)
PASSPHRASE = "seven dry wells near the bridge"


def fill(house: Workspace, first: int = 0, last: int = 60) -> None:
    writer = Writer(house, keys=FixedKeys(), now=NOW)
    file = File(first, last, 10)
    intake = writer.begin(file.begin, "blue")
    for chunk in file.chunks():
        writer.chunk(intake, chunk)
    writer.end(intake, file.end)


def desk(house: Workspace, rows: int = 3) -> None:
    with closing(sqlite3.connect(house.database)) as connection, connection:
        connection.execute("CREATE TABLE IF NOT EXISTS work (id INTEGER PRIMARY KEY)")
        connection.executemany("INSERT INTO work DEFAULT VALUES", [()] * rows)


@pytest.fixture
def full(house: Workspace, circles: dict[str, str]) -> Workspace:
    del circles
    fill(house)
    desk(house)
    return house


def back_up(house: Workspace, target: Path, **options: bool) -> backing_up.Made:
    return backing_up.back_up(house, target, **{"desk": True, "plain_ok": True, **options})


def rows(house: Workspace) -> dict[str, list[str]]:
    with Archive(house, memory_mib=256, threads=1) as archive:
        return {name: sorted(map(str, archive.table(name).to_pyarrow().to_pylist())) for name in STORED}


def merge(house: Workspace) -> None:
    with Archive(house, memory_mib=256, threads=1) as archive:
        for group in merging.plan(archive.all_segments(), month="2026-08", fences={}):
            compacting.compact(archive, group, now=LATER)
    compacting.forget_merged_away(house, now=LATER + timedelta(days=2))


@pytest.mark.parametrize("name", ["copy", "copy.tar"])
def test_what_comes_back_is_what_was(full: Workspace, tmp_path: Path, name: str) -> None:
    made = back_up(full, tmp_path / name)
    listing, damaged = restoring.restore(tmp_path / name, tmp_path / "again", plain_ok=True)
    again = workspace.open_workspace(tmp_path / "again")
    assert damaged == []
    assert listing == made.listing
    assert rows(again) == rows(full)
    assert again.manifest.custody() == full.manifest.custody()
    assert again.id == full.id
    assert again.recipients() == full.recipients()
    assert again.unlock(PASSPHRASE).identity == full.unlock(PASSPHRASE).identity
    with closing(sqlite3.connect(again.database)) as connection:
        assert connection.execute("SELECT count(*) FROM work").fetchone() == (3,)
    fill(again, 60, 70)  # it is a workspace like any other
    assert doctor.examine(again) == []


def test_keys_are_in_it_wrapped_and_no_other_way(full: Workspace, tmp_path: Path) -> None:
    secret = full.unlock(PASSPHRASE).identity
    back_up(full, tmp_path / "copy.tar")
    data = (tmp_path / "copy.tar").read_bytes()
    assert secret not in data
    assert PASSPHRASE.encode() not in data
    names = [entry.path for entry in backups.verify(tmp_path / "copy.tar").files if entry.path.startswith("keys")]
    assert names == [f"keys/{keys.FILE}"]


def test_the_next_backup_copies_what_is_missing_and_removes_what_went(full: Workspace, tmp_path: Path) -> None:
    first = back_up(full, tmp_path / "copy")
    assert first.copied == first.listing.total
    fill(full, 100, 120)
    merge(full)
    second = back_up(full, tmp_path / "copy")
    assert 0 < second.copied < second.listing.total
    held = {path.relative_to(tmp_path / "copy").as_posix() for path in (tmp_path / "copy").rglob("*") if path.is_file()}
    assert held == {entry.name for entry in second.listing.files} | {backups.LIST}
    restoring.restore(tmp_path / "copy", tmp_path / "again", plain_ok=True)
    assert rows(workspace.open_workspace(tmp_path / "again")) == rows(full)


def test_work_goes_on_meanwhile(full: Workspace, tmp_path: Path) -> None:
    stop = threading.Event()

    def work() -> None:
        number = 1000
        while not stop.is_set():
            fill(full, number, number + 20)
            merge(full)
            number += 20

    busy = threading.Thread(target=work)
    busy.start()
    try:
        for number in range(3):
            back_up(full, tmp_path / "copy")
            back_up(full, tmp_path / f"copy-{number}.tar")
    finally:
        stop.set()
        busy.join()
    for number, name in enumerate(["copy", "copy-0.tar", "copy-2.tar"]):
        _, damaged = restoring.restore(tmp_path / name, tmp_path / f"again-{number}", plain_ok=True)
        assert damaged == []


def test_a_damaged_file_is_left_out_and_told_and_a_good_copy_is_kept(full: Workspace, tmp_path: Path) -> None:
    back_up(full, tmp_path / "before")
    raw = next(path for path in full.raw.iterdir())
    medium = next(path for path in full.media.rglob("*") if path.is_file())
    raw.write_bytes(b"x" * raw.stat().st_size)
    medium.unlink()
    kept = back_up(full, tmp_path / "before")
    assert kept.listing.missing == ()
    for name in ("new", "new.tar"):
        made = back_up(full, tmp_path / name)
        assert set(made.listing.missing) == {path.relative_to(full.folder).as_posix() for path in (raw, medium)}
        _, damaged = restoring.restore(tmp_path / name, tmp_path / f"from-{name}", plain_ok=True)
        assert {(item.part, item.what) for item in damaged} == {(part, "missing") for part in made.listing.missing}
    _, damaged = restoring.restore(tmp_path / "before", tmp_path / "whole", plain_ok=True)
    assert damaged == []


@pytest.mark.parametrize("name", ["copy", "copy.tar"])
def test_a_damaged_backup_makes_no_workspace(full: Workspace, tmp_path: Path, name: str) -> None:
    made = back_up(full, tmp_path / name)
    entry = next(one for one in made.listing.files if one.path.startswith("raw/"))
    if name == "copy":
        (tmp_path / name / entry.name).write_bytes(b"x" * entry.bytes)
    else:
        data = (tmp_path / name).read_bytes()
        raw = (full.folder / entry.path).read_bytes()
        (tmp_path / name).write_bytes(data.replace(raw, b"x" * len(raw)))
    with pytest.raises(EvidenceDamaged) as raised:
        backups.verify(tmp_path / name)
    assert raised.value.code == "backup-damaged"
    with pytest.raises(EvidenceDamaged):
        restoring.restore(tmp_path / name, tmp_path / "again", plain_ok=True)
    with pytest.raises(ConfigError):
        workspace.open_workspace(tmp_path / "again")


def test_a_restore_that_was_cut_off_goes_on(full: Workspace, tmp_path: Path) -> None:
    back_up(full, tmp_path / "copy")

    def stop(done: int, total: int) -> None:
        if done * 2 > total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restoring.restore(tmp_path / "copy", tmp_path / "again", plain_ok=True, progress=stop)
    with pytest.raises(ConfigError):
        workspace.open_workspace(tmp_path / "again")
    fill(full, 90, 95)
    back_up(full, tmp_path / "other")
    with pytest.raises(InputError):  # another backup does not go on where this one stopped
        restoring.restore(tmp_path / "other", tmp_path / "again", plain_ok=True)
    restoring.restore(tmp_path / "copy", tmp_path / "again", plain_ok=True)
    assert doctor.examine(workspace.open_workspace(tmp_path / "again")) == []


def test_where_it_may_not_go(full: Workspace, tmp_path: Path) -> None:
    def refused(target: Path) -> str:
        with pytest.raises((InputError, ConfigError)) as raised:
            back_up(full, target)
        return raised.value.code

    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine").write_text("mine")
    (tmp_path / "there.tar").write_text("mine")
    assert refused(full.folder / "tmp" / "copy") == "backup-inside"
    assert refused(tmp_path / "file") == "folder-not-empty"
    assert refused(tmp_path / "folder") == "folder-not-empty"
    assert refused(tmp_path / "there.tar") == "folder-not-empty"
    assert (tmp_path / "there.tar").read_text() == "mine"
    other = workspace.create(
        tmp_path / "other", zone="UTC", passphrase="p", encrypted_ok=True, cost=keys.Cost(1, 64, 1)
    )
    back_up(other, tmp_path / "others", desk=False)
    assert refused(tmp_path / "others") == "backup-of-another"


def test_an_unencrypted_volume_needs_the_words(
    full: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for answer, code in ((False, "volume-plain"), (None, "volume-unknown")):
        monkeypatch.setattr("dalil.archive.volume.is_encrypted", lambda path, answer=answer: answer)
        with pytest.raises(ConfigError) as raised:
            back_up(full, tmp_path / "copy", plain_ok=False)
        assert raised.value.code == code
        assert not (tmp_path / "copy").exists()
    monkeypatch.setattr("dalil.archive.volume.is_encrypted", lambda path: True)
    back_up(full, tmp_path / "copy", plain_ok=False)
    monkeypatch.setattr("dalil.archive.volume.is_encrypted", lambda path: False)
    with pytest.raises(ConfigError):
        restoring.restore(tmp_path / "copy", tmp_path / "again", plain_ok=False)
    assert not (tmp_path / "again").exists()


def test_a_restore_needs_an_empty_folder(full: Workspace, tmp_path: Path) -> None:
    back_up(full, tmp_path / "copy")
    for folder in (full.folder, tmp_path / "copy"):
        with pytest.raises((InputError, ConfigError)):
            restoring.restore(tmp_path / "copy", folder, plain_ok=True)
    assert doctor.examine(full) == []


def test_a_desk_on_a_server_is_not_in_it(house: Workspace, tmp_path: Path) -> None:
    fill(house)
    made = back_up(house, tmp_path / "copy", desk=False)
    assert made.listing.desk is False
    assert "dalil.db" not in {entry.path for entry in made.listing.files}


def test_a_backup_of_an_older_version_comes_back_and_waits_for_its_upgrade(full: Workspace, tmp_path: Path) -> None:
    back_up(full, tmp_path / "copy")
    listing = backups.decode((tmp_path / "copy" / backups.LIST).read_bytes())
    entry = next(one for one in listing.files if one.path == "archive/manifest.db")
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript(manifest_tables.TABLES_1 + "PRAGMA user_version = 1;")
    with old.open("rb") as stream:
        sha256 = backups.hash_of(stream)
    (tmp_path / "copy" / "state" / sha256).write_bytes(old.read_bytes())
    files = tuple(
        msgspec.structs.replace(one, sha256=sha256, bytes=old.stat().st_size) if one == entry else one
        for one in listing.files
    )
    (tmp_path / "copy" / backups.LIST).write_bytes(backups.encode(msgspec.structs.replace(listing, files=files)))
    restoring.restore(tmp_path / "copy", tmp_path / "again", plain_ok=True)
    again = workspace.open_workspace(tmp_path / "again")
    assert again.manifest.version() == 1
    with pytest.raises(ConfigError) as raised:
        again.manifest.head()
    assert raised.value.code == "workspace-older"


# Nothing in a list is trusted.


def listing(*files: Entry, **changes: object) -> bytes:
    made = Listing(format=1, workspace="a", demo=False, head="b", desk=True, files=files)
    return backups.encode(msgspec.structs.replace(made, **changes))


@pytest.mark.parametrize(
    "path",
    [
        "../evil",
        "/etc/passwd",
        "archive/../../evil",
        "archive/./x",
        "keys/../workspace.json",
        "tmp/x",
        "C:/x",
        "archive\\x",
        "indexes/x",
        "",
        ".",
        "raw//x",
        "RESTORING",
        "archive",
    ],
)
def test_a_list_that_leads_out_of_the_workspace_is_none(path: str) -> None:
    with pytest.raises(InputError) as raised:
        backups.decode(listing(Entry(path, "0" * 64, 1)))
    assert raised.value.code == "backup-unreadable"


@pytest.mark.parametrize("sha256", ["", "x" * 64, "../" + "0" * 61, "0" * 63, "A" * 64])
def test_a_list_with_hashes_that_are_none(sha256: str) -> None:
    with pytest.raises(InputError):
        backups.decode(listing(Entry("dalil.db", sha256, 1, changes=True)))


def test_a_list_of_a_newer_format_or_with_sizes_below_nothing() -> None:
    for data in (listing(format=2), listing(Entry("dalil.db", "0" * 64, -1))):
        with pytest.raises(InputError):
            backups.decode(data)


@given(st.binary(max_size=300))
def test_rubbish_is_no_list(data: bytes) -> None:
    with pytest.raises(InputError):
        backups.decode(data)


def test_what_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text").write_text("not a tar")
    with tarfile.open(tmp_path / "other.tar", "w") as tar:
        member = tarfile.TarInfo("first")
        member.size = 3
        tar.addfile(member, io.BytesIO(b"abc"))
    for name, code in (
        ("empty", "backup-unreadable"),
        ("text", "backup-unreadable"),
        ("other.tar", "backup-unreadable"),
        ("nothing", "path-missing"),
    ):
        with pytest.raises(InputError) as raised:
            backups.verify(tmp_path / name)
        assert raised.value.code == code
        with pytest.raises(InputError):
            restoring.restore(tmp_path / name, tmp_path / "again", plain_ok=True)


def test_a_list_without_its_files_and_without_a_workspace(tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / backups.LIST).write_bytes(listing(Entry("workspace.json", "0" * 64, 1, changes=True)))
    with pytest.raises(EvidenceDamaged):
        restoring.restore(tmp_path / "copy", tmp_path / "again", plain_ok=True)
    (tmp_path / "copy" / backups.LIST).write_bytes(listing())
    with pytest.raises(InputError):
        restoring.restore(tmp_path / "copy", tmp_path / "another", plain_ok=True)


def test_the_list_is_plain_json_that_others_can_read(full: Workspace, tmp_path: Path) -> None:
    made = back_up(full, tmp_path / "copy")
    told = json.loads((tmp_path / "copy" / backups.LIST).read_text())
    assert told["format"] == 1
    assert len(told["files"]) == len(made.listing.files)
    assert made.listing.digest == back_up_digest(tmp_path / "copy" / backups.LIST)


def back_up_digest(path: Path) -> str:
    with path.open("rb") as stream:
        return backups.hash_of(stream)
