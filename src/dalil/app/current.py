"""What Django needs to know of one workspace, and which one this process runs on; read by the settings module."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from dalil.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Configuration:
    """What Django needs to know of the workspace."""

    database: dict[str, Any]
    secret_key: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)
    allowed_hosts: list[str] = field(default_factory=lambda: ["127.0.0.1", "localhost", "[::1]"])
    session_seconds: int = 8 * 3600
    upload_folder: str | None = None


SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
    ),
}


def sqlite(path: Path | str) -> dict[str, Any]:
    """Django's database entry for the desk in one SQLite file, or `:memory:`."""
    return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": SQLITE_OPTIONS}


def postgresql(url: str) -> dict[str, Any]:
    """Django's database entry for `postgresql://user:secret@host:port/name`; `?host=/folder` for a socket.

    Raises:
        ConfigError: it is not such an address.
    """
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in ("postgresql", "postgres") or not name:
        raise ConfigError("setting-wrong", name="database_url", value="…", kind="a PostgreSQL address")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "OPTIONS": query,
    }


_in_force = [Configuration(database=sqlite(":memory:"))]


def current() -> Configuration:
    """The configuration in force."""
    return _in_force[0]


def use(configuration: Configuration) -> None:
    """Put a configuration in force; before Django reads its settings module."""
    _in_force[0] = configuration
