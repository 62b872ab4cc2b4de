"""Hands one workspace's settings to Django, once per process.

`configure(settings)` must come before anything imports a model; `current` is what the Django
settings module reads.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import django
from django.conf import settings as django_settings

from dalil.errors import ConfigError
from dalil.settings import Settings


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


_current = Configuration(database=sqlite(":memory:"))


def current() -> Configuration:
    """The configuration in force."""
    return _current


def configure(settings: Settings, *, secret_key: str | None = None) -> None:
    """Start Django on a workspace. A second call in one process must name the same workspace.

    Args:
        secret_key: signs the session cookies; a random one (sessions end with the process) if None.
    Raises:
        RuntimeError: Django already runs on another workspace.
    """
    global _current  # noqa: PLW0603 - Django reads its settings from a module, once
    folder = Path(settings.workspace)
    wanted = postgresql(settings.database_url) if settings.database_url else sqlite(folder / "dalil.db")
    if django_settings.configured:
        if django_settings.DATABASES["default"]["NAME"] != wanted["NAME"]:
            raise RuntimeError("Django already runs on another workspace")
        return
    _current = Configuration(
        database=wanted,
        allowed_hosts=["127.0.0.1", "localhost", "[::1]", settings.host],
        session_seconds=settings.session_minutes * 60,
        upload_folder=str(folder / "tmp"),
        **({"secret_key": secret_key} if secret_key else {}),
    )
    django_settings.configure(**_uppercase())
    django.setup()


def use_session_key(key: str | None) -> None:
    """Sign session cookies with `key` from now on; None keeps the process's own random one."""
    if key is not None:
        django_settings.SECRET_KEY = key


def _uppercase() -> dict[str, Any]:
    from dalil.app import django_settings as module

    return {name: getattr(module, name) for name in dir(module) if name.isupper()}
