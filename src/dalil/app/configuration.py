"""Starts Django on one workspace, once per process, before anything imports a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django
from django.conf import settings as django_settings

from dalil.app.current import Configuration, postgresql, sqlite, use
from dalil.settings import Settings

__all__ = ["configure", "postgresql", "sqlite", "use_session_key"]


def configure(settings: Settings, *, secret_key: str | None = None) -> None:
    """Start Django on a workspace. A second call in one process must name the same workspace.

    Args:
        secret_key: signs the session cookies; a random one (sessions end with the process) if None.
    Raises:
        RuntimeError: Django already runs on another workspace.
    """
    folder = Path(settings.workspace)
    wanted = postgresql(settings.database_url) if settings.database_url else sqlite(folder / "dalil.db")
    if django_settings.configured:
        if django_settings.DATABASES["default"]["NAME"] != wanted["NAME"]:
            raise RuntimeError("Django already runs on another workspace")
        return
    made = Configuration(
        database=wanted,
        allowed_hosts=["127.0.0.1", "localhost", "[::1]", settings.host],
        session_seconds=settings.session_minutes * 60,
        upload_folder=str(folder / "tmp"),
        **({"secret_key": secret_key} if secret_key else {}),
    )
    use(made)
    django_settings.configure(**_uppercase())
    django.setup()


def use_session_key(key: str | None) -> None:
    """Sign session cookies with `key` from now on; None keeps the process's own random one."""
    if key is not None:
        django_settings.SECRET_KEY = key


def _uppercase() -> dict[str, Any]:
    from dalil.app import django_settings as module

    return {name: getattr(module, name) for name in dir(module) if name.isupper()}
