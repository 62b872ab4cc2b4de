"""One SQLite file, many readers, one writer: states, versions, forks and another file at the same path."""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from dalil.archive.database import Database, snapshot
from dalil.errors import ConfigError, EvidenceDamaged


class Notes(Database):
    """A database of one table."""

    VERSION = 3
    PRAGMAS = ("synchronous=NORMAL",)

    @classmethod
    def script(cls, found: int) -> str:
        assert found == 0
        return "BEGIN IMMEDIATE; CREATE TABLE notes (n INTEGER); PRAGMA user_version=3; COMMIT;"


@pytest.fixture
def notes(tmp_path: Path) -> Notes:
    made = Notes(tmp_path / "notes.db")
    made.create()
    return made


def put(notes: Notes, *numbers: int) -> None:
    with notes.writing() as connection:
        connection.executemany("INSERT INTO notes VALUES (?)", [(number,) for number in numbers])


def held(notes: Notes) -> list[int]:
    with notes.reading() as connection:
        return [row[0] for row in connection.execute("SELECT n FROM notes ORDER BY n")]


def test_a_reader_sees_one_state(notes: Notes) -> None:
    put(notes, 1)
    with notes.reading() as connection:
        assert connection.execute("SELECT count(*) FROM notes").fetchone() == (1,)
        put(notes, 2)
        assert connection.execute("SELECT count(*) FROM notes").fetchone() == (1,)
    assert held(notes) == [1, 2]


def test_what_is_raised_undoes_the_writing(notes: Notes) -> None:
    def fail() -> None:
        with notes.writing() as connection:
            connection.execute("INSERT INTO notes VALUES (1)")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert held(notes) == []


def test_writers_of_many_threads_take_turns(notes: Notes) -> None:
    threads = [threading.Thread(target=lambda n=n: [put(notes, 10 * n + i) for i in range(10)]) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert held(notes) == list(range(60))


def test_making_it_again_changes_nothing(notes: Notes) -> None:
    put(notes, 7)
    notes.create()
    assert held(notes) == [7]


@pytest.mark.parametrize(("found", "code"), [(2, "workspace-older"), (4, "workspace-newer")])
def test_other_versions_are_refused(notes: Notes, found: int, code: str) -> None:
    with closing(sqlite3.connect(notes.path)) as connection:
        connection.execute(f"PRAGMA user_version = {found}")
    assert notes.version() == found
    with pytest.raises(ConfigError) as raised:
        held(notes)
    assert raised.value.code == code


def test_what_is_missing_or_no_database_is_damage(tmp_path: Path) -> None:
    nothing = Notes(tmp_path / "nothing.db")
    for ask in (nothing.version, lambda: held(nothing)):
        with pytest.raises(EvidenceDamaged):
            ask()
    assert not nothing.path.exists()
    (tmp_path / "text.db").write_bytes(b"not a database " * 500)
    text = Notes(tmp_path / "text.db")
    for ask in (text.version, lambda: held(text)):
        with pytest.raises(EvidenceDamaged):
            ask()


def test_another_file_at_the_path_is_seen(notes: Notes, tmp_path: Path) -> None:
    put(notes, 1)
    other = Notes(tmp_path / "other.db")
    other.create()
    put(other, 5)
    other.close()
    assert held(notes) == [1]
    notes.close()
    for end in ("-wal", "-shm"):
        notes.path.with_name(notes.path.name + end).unlink(missing_ok=True)
    os.replace(other.path, notes.path)  # noqa: PTH105 - as a restore does
    assert held(notes) == [5]


def test_a_copy_is_of_one_moment_and_replaces_an_older_one(notes: Notes, tmp_path: Path) -> None:
    put(notes, 1, 2)
    with notes.writing() as connection:
        connection.execute("INSERT INTO notes VALUES (99)")
        notes.copy_to(tmp_path / "copy.db")
    (tmp_path / "copy.db.part").write_bytes(b"left by a crash")
    assert held(Notes(tmp_path / "copy.db")) == [1, 2]
    notes.copy_to(tmp_path / "copy.db")
    assert held(Notes(tmp_path / "copy.db")) == [1, 2, 99]
    assert not (tmp_path / "copy.db.part").exists()


def test_a_snapshot_of_somebody_elses_file(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "desk.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE work (a)")
        connection.execute("INSERT INTO work VALUES (1)")
        connection.commit()
        snapshot(tmp_path / "desk.db", tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        assert connection.execute("SELECT a FROM work").fetchall() == [(1,)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_no_connection_is_used_across_a_fork(notes: Notes) -> None:
    put(notes, 1)
    child = os.fork()
    if child == 0:
        put(notes, 2)
        os._exit(0 if held(notes) == [1, 2] else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert held(notes) == [1, 2]
