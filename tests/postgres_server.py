"""A private PostgreSQL server for the tests: on a socket in a temporary folder, by a user that is not root."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest

USER = "desk"


@dataclass
class Server:
    """A running server; databases are copied from a migrated template."""

    folder: Path
    _template: bool = field(default=False)

    def url(self, name: str) -> str:
        """Address of one of its databases."""
        return f"postgresql://{USER}@/{name}?host={quote(str(self.folder), safe='')}"

    def fresh_database(self, migrate: Callable[[str], None]) -> str:
        """The address of an empty, migrated database; the one of the test before is gone."""
        if not self._template:
            self._run("CREATE DATABASE template_desk")
            migrate(self.url("template_desk"))
            self._template = True
        self._run("DROP DATABASE IF EXISTS desk WITH (FORCE)", "CREATE DATABASE desk TEMPLATE template_desk")
        return self.url("desk")

    def _run(self, *statements: str) -> None:
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


def start() -> Iterator[Server]:
    """Start a server and stop it at the end; the test is skipped where that cannot be."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("needs a PostgreSQL server binary (initdb, pg_ctl), which is not installed")
    if importlib.util.find_spec("psycopg") is None:
        pytest.skip("needs the PostgreSQL driver: the extra 'postgres' (psycopg)")
    # Not in pytest's own folder: that is closed to other users, and the server may have to be one.
    with tempfile.TemporaryDirectory(prefix="desk-pg-", ignore_cleanup_errors=True) as name:
        yield from _start(Path(name), binaries)


def _start(folder: Path, binaries: Path) -> Iterator[Server]:
    prefix, data = _as_other_user(folder), folder / "data"

    def quietly(*words: str | Path) -> None:
        # To a file, not a pipe: the server inherits it and would keep a pipe open.
        with (folder / "out").open("ab") as out:
            subprocess.run([*prefix, *words], check=True, stdout=out, stderr=out, cwd=folder)

    quietly(binaries / "initdb", "-D", data, "-U", USER, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
    options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c max_connections=20"
    quietly(binaries / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    try:
        yield Server(folder)
    finally:
        quietly(binaries / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def _binaries() -> Path | None:
    for place in [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), shutil.which("initdb")]:
        folder = Path(place).resolve().parent if isinstance(place, str) else place
        if folder is not None and (folder / "initdb").is_file() and (folder / "pg_ctl").is_file():
            return folder
    return None


def _as_other_user(folder: Path) -> list[str]:
    """The server refuses to run as root: then it runs as another user, who must reach the folder."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return []
    import pwd  # not on Windows

    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        user = pwd.getpwnam("nobody")
    if shutil.which("runuser") is None:
        pytest.skip("needs 'runuser' to start PostgreSQL as another user than root")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return ["runuser", "-u", user.pw_name, "--"]
