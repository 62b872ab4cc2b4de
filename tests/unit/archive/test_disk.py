"""The order in which bytes become safe, seen from the system's side."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import pytest

from dalil.archive import disk
from dalil.errors import Conflict, LimitReached


@pytest.fixture
def calls(monkeypatch):
    """What is asked of the system, in order: (what, name)."""
    seen: list[tuple[str, str]] = []
    names: dict[int, str] = {}
    sync, rename, opening = os.fsync, Path.replace, os.open

    def named(path: Path | str, flags: int, *args: int) -> int:
        handle = opening(path, flags, *args)
        names[handle] = Path(path).name
        return handle

    def noted_sync(handle: int) -> None:
        folder = Path(f"/proc/self/fd/{handle}")
        seen.append(("sync", folder.resolve().name if folder.exists() else names.get(handle, "file")))
        sync(handle)

    def noted_rename(path: Path, target: Path) -> Path:
        seen.append(("rename", target.name))
        return rename(path, target)

    monkeypatch.setattr(os, "open", named)
    monkeypatch.setattr(os, "fsync", noted_sync)
    monkeypatch.setattr(Path, "replace", noted_rename)
    return seen


def test_the_file_is_synced_before_its_name_and_its_name_before_we_go_on(tmp_path, calls):
    (tmp_path / "tmp").mkdir()
    disk.replace_file(tmp_path / "facts", b"new", temporary=tmp_path / "tmp" / "1")
    assert calls == [("sync", "1"), ("rename", "facts"), ("sync", tmp_path.name)]
    assert (tmp_path / "facts").read_bytes() == b"new"


def test_folders_that_are_made_are_synced_into_their_parents(tmp_path, calls):
    disk.write_synced(tmp_path / "1", b"x")
    disk.place([(tmp_path / "1", tmp_path / "media" / "ab" / "cd" / "name")])
    synced = {name for what, name in calls if what == "sync"}
    assert synced == {"1", tmp_path.name, "media", "ab", "cd"}
    assert calls.index(("rename", "name")) < min(
        index for index, call in enumerate(calls) if call[0] == "sync" and call[1] != "1"
    )


def test_each_folder_is_synced_once_for_many_files(tmp_path, calls):
    for name in "abc":
        disk.write_synced(tmp_path / name, name.encode())
    (tmp_path / "raw").mkdir()
    calls.clear()
    disk.place([(tmp_path / name, tmp_path / "raw" / name) for name in "abc"])
    assert [what for what, _ in calls] == ["rename"] * 3 + ["sync"]


def test_a_file_is_never_written_over(tmp_path):
    disk.write_synced(tmp_path / "1", b"first")
    with pytest.raises(FileExistsError):
        disk.write_synced(tmp_path / "1", b"second")
    assert (tmp_path / "1").read_bytes() == b"first"


def test_windows_syncs_no_folders(tmp_path, calls, monkeypatch):
    monkeypatch.setattr(disk.os, "name", "nt")
    disk.sync_folder(tmp_path)
    assert calls == []


def test_folders_are_for_the_owner_alone(tmp_path):
    disk.write_synced(tmp_path / "1", b"x")
    disk.place([(tmp_path / "1", tmp_path / "new" / "name")])
    if os.name != "nt":
        assert (tmp_path / "new").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, LimitReached),
        (errno.EDQUOT, LimitReached),
        (errno.EROFS, LimitReached),
        (errno.EFBIG, LimitReached),
        (errno.EIO, LimitReached),
        (errno.EPERM, LimitReached),
        (errno.ENOENT, FileNotFoundError),
        (errno.EEXIST, FileExistsError),
        (errno.ENAMETOOLONG, OSError),
    ],
)
def test_what_means_that_nothing_can_be_written_is_told_as_such(number, kind):
    with pytest.raises(kind), disk.disk_errors():
        raise OSError(number, os.strerror(number))


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_FULL, LimitReached),
        (sqlite3.SQLITE_IOERR_WRITE, LimitReached),
        (sqlite3.SQLITE_IOERR_FSYNC, LimitReached),
        (sqlite3.SQLITE_READONLY_DBMOVED, LimitReached),
        (sqlite3.SQLITE_BUSY, Conflict),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, Conflict),
        (sqlite3.SQLITE_LOCKED, Conflict),
        (sqlite3.SQLITE_ERROR, sqlite3.OperationalError),
    ],
)
def test_what_sqlite_says_is_told_the_same_way(code, kind):
    error = sqlite3.OperationalError("as it comes")
    error.sqlite_errorcode = code
    with pytest.raises(kind), disk.disk_errors():
        raise error


def test_our_own_errors_pass_through_as_they_are():
    with pytest.raises(LimitReached) as raised, disk.disk_errors(), disk.disk_errors():
        raise LimitReached("engine-memory")
    assert raised.value.code == "engine-memory"
