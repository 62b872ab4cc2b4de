"""The migrations of people, audit and jobs go up and down again, with data in the tables."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest


def migrate(app: str, to: str | None) -> None:
    from django.core.management import call_command

    call_command("migrate", app, *([to] if to else []), verbosity=0)


def test_nothing_is_left_to_migrate(database: Any) -> None:
    from django.core.management import call_command

    call_command("makemigrations", "people", "audit", "jobs", check=True, dry_run=True, verbosity=0)


def test_the_triggers_come_and_go_with_their_migration_and_the_entries_stay(each_database: str, now: datetime) -> None:
    from django.db import DatabaseError, connection, transaction

    from dalil.audit import queries
    from dalil.audit.recording import record
    from dalil.people.actor import LOCAL

    with transaction.atomic():
        record(LOCAL, "test.written", "one", {}, now)

    def forge() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE audit_entry SET subject = subject")

    with pytest.raises(DatabaseError):
        forge()
    migrate("audit", "0001")
    forge()
    migrate("audit", None)
    with pytest.raises(DatabaseError):
        forge()
    assert queries.verify() == []
    assert queries.count() == 1


@pytest.mark.parametrize("app", ["people", "jobs", "audit"])
def test_each_app_goes_down_to_nothing_and_up_again(each_database: str, keys: Any, now: datetime, app: str) -> None:
    from django.db import connection

    from dalil.actions import people
    from dalil.jobs import queue

    people.add_circle("blue", now=now, keys=keys)
    queue.enqueue("count", {}, now)
    migrate(app, "zero")
    assert not [name for name in connection.introspection.table_names() if name.startswith(f"{app}_")]
    migrate(app, None)
    people.add_circle("green", now=now, keys=keys)
    queue.enqueue("count", {}, now)
