"""A desk database for each test: Django is configured once, migrated once, and every test gets a fresh copy.

`database` is SQLite; `each_database` runs the test on SQLite and on a private PostgreSQL server,
skipped by name where there is no server binary or no driver.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from postgres_server import Server, start

NOW = datetime(2026, 5, 17, 11, 20, tzinfo=UTC)


class Keys(dict[str, bytes]):
    """A key ring in memory, with the two methods that actions use."""

    def put(self, name: str, value: bytes) -> None:
        self[name] = value

    def get(self, name: str) -> bytes:  # type: ignore[override]  # a ring has no default: a missing key is an error
        return self[name]


@pytest.fixture
def now() -> datetime:
    """Sunday 2026-05-17 14:20 in Sahlara."""
    return NOW


@pytest.fixture
def keys() -> Keys:
    """A key ring that holds what the door needs; circles' keys are put in by the tests that need them."""
    from dalil.people.sealing import SECRET, new_secret

    return Keys({SECRET: new_secret()})


@pytest.fixture(scope="session")
def sqlite_template(django_workspace: Path) -> Path:
    """A migrated, empty database that is copied for each test."""
    from django.core.management import call_command
    from django.db import connection, connections

    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections.close_all()
    template = django_workspace / "template.db"
    shutil.copyfile(django_workspace / "dalil.db", template)
    return template


@pytest.fixture
def database(django_workspace: Path, sqlite_template: Path) -> Iterator[Path]:
    """A fresh SQLite desk; gives the path of its file."""
    yield from _fresh_sqlite(django_workspace, sqlite_template)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A private server on a socket in a folder of its own, stopped at the end."""
    yield from start()


@pytest.fixture(params=["sqlite", "postgresql"])
def each_database(request: pytest.FixtureRequest, django_workspace: Path) -> Iterator[str]:
    """A fresh desk on each kind of database; gives the kind."""
    if request.param == "sqlite":
        for _path in _fresh_sqlite(django_workspace, request.getfixturevalue("sqlite_template")):
            yield request.param
        return
    from dalil.app.configuration import postgresql, sqlite

    server: Server = request.getfixturevalue("postgresql_server")
    _point_at(postgresql(server.fresh_database(_migrate)))
    yield request.param
    _point_at(sqlite(django_workspace / "dalil.db"))


def _fresh_sqlite(folder: Path, template: Path) -> Iterator[Path]:
    from django.db import connections

    path = folder / "dalil.db"
    connections.close_all()
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    shutil.copyfile(template, path)
    yield path
    connections.close_all()


def _point_at(entry: dict[str, object]) -> None:
    from django.db import connections

    connections.close_all()
    fresh = connections.configure_settings({"default": dict(entry)})["default"]
    connections.settings["default"] = fresh
    with contextlib.suppress(AttributeError):  # no connection was opened yet
        del connections["default"]


def _migrate(url: str) -> None:
    from django.core.management import call_command

    from dalil.app.configuration import postgresql

    _point_at(postgresql(url))
    call_command("migrate", verbosity=0)
    from django.db import connections

    connections.close_all()
