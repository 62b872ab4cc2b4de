"""Destroys the keys that tie entries to members, so that the chain never becomes a diary of a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import connection

from dalil.audit.models import DayKey

KEPT: Final = timedelta(days=30)


def expire(now: datetime) -> int:
    """Delete every day key older than thirty days; after that nobody can tell whose an entry was.

    SQLite overwrites the row (`secure_delete`) and then empties its log, which still holds it;
    PostgreSQL rewrites the table, but its own log keeps the bytes until it is recycled.

    Returns:
        how many keys were destroyed.
    Raises:
        ValueError: called inside a transaction, where the log cannot be emptied.
    """
    if connection.in_atomic_block:
        raise ValueError("keys are destroyed outside of a transaction")
    oldest = now.astimezone(UTC).date() - KEPT
    count, _by_model = DayKey.objects.filter(day__lt=oldest).delete()
    if count:
        _wipe()
    return count


def _wipe() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        elif connection.vendor == "postgresql":
            cursor.execute("VACUUM FULL audit_daykey")
