"""The chain in a database: written with its change, kept by triggers, and every tampering found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

MEMBER = "a" * 32
CIRCLE = "c" * 32


def actor(circle: str = CIRCLE, member: str = MEMBER) -> Any:
    from dalil.people.actor import Actor, Role, Status

    return Actor(member, circle, Role.EDITOR, "oak-17", Status.ACTIVE)


def write(now: datetime, count: int = 1, who: Any = None, **facts: Any) -> None:
    from django.db import transaction

    from dalil.audit.recording import record

    with transaction.atomic():
        for number in range(count):
            record(who or actor(), "claim.logged", f"claim{number}", facts, now)


def run(*statements: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def drop_triggers() -> None:
    """What whoever holds the file can do; after this raw SQL may change anything."""
    from importlib import import_module

    from django.db import connection

    with connection.schema_editor() as editor:
        import_module("dalil.audit.migrations.0002_append_only").drop(None, editor)


@pytest.fixture
def three_days(each_database: str, now: datetime) -> datetime:
    """Three days of two entries each."""
    for day in range(3):
        write(now + timedelta(days=day), 2)
    return now


def codes() -> set[str]:
    from dalil.audit.queries import verify

    return {damage.code for damage in verify()}


def test_an_untouched_chain_verifies(three_days: datetime) -> None:
    assert codes() == set()


def test_days_and_circles_have_their_own_counts(three_days: datetime) -> None:
    from dalil.audit.models import Entry

    write(three_days, 2, actor(circle="d" * 32))
    rows = Entry.objects.filter(circle=CIRCLE).order_by("position").values_list("position", "seq")
    assert list(rows) == [(1, 1), (2, 2), (3, 1), (4, 2), (5, 1), (6, 2)]
    assert list(Entry.objects.filter(circle="d" * 32).order_by("position").values_list("position", "seq")) == [
        (1, 1),
        (2, 2),
    ]
    assert codes() == set()


def test_a_clock_that_went_back_does_not_break_the_chain(three_days: datetime) -> None:
    from dalil.audit.models import Entry

    write(three_days - timedelta(days=5))
    write(three_days)
    assert codes() == set()
    assert Entry.objects.filter(day=three_days.date()).count() == 3


def test_the_day_is_the_day_in_utc_and_nothing_finer_is_kept(each_database: str) -> None:
    from datetime import timezone

    from django.db import models

    from dalil.audit.models import Entry

    write(datetime(2026, 5, 18, 1, 0, tzinfo=timezone(timedelta(hours=3))))
    assert Entry.objects.get().day == date(2026, 5, 17)
    assert not [field for field in Entry._meta.fields if isinstance(field, (models.DateTimeField, models.TimeField))]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET subject = 'other'",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_entry WHERE position = 6",
        "UPDATE audit_head SET position = 2",
        "UPDATE audit_head SET hash = '0'",
        "UPDATE audit_head SET circle = 'x', position = position + 1",
        "DELETE FROM audit_head",
    ],
)
def test_the_database_itself_refuses_to_change_the_chain(three_days: datetime, statement: str) -> None:
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError), transaction.atomic():
        run(statement)
    assert codes() == set()


# What only one of the two can be told, and would slip past the plain triggers.
DETOURS = {
    "sqlite": (
        "INSERT OR REPLACE INTO audit_entry SELECT * FROM audit_entry WHERE position = 2",
        "INSERT OR REPLACE INTO audit_head SELECT circle, 1, hash FROM audit_head",
    ),
    "postgresql": ("TRUNCATE audit_entry", "TRUNCATE audit_head"),
}


def test_the_detours_of_each_database_are_closed_too(three_days: datetime, each_database: str) -> None:
    from django.db import DatabaseError, transaction

    for statement in DETOURS[each_database]:
        with pytest.raises(DatabaseError, match=r"append-only|stays"), transaction.atomic():
            run(statement)
    assert codes() == set()


TAMPERING: dict[str, Callable[[], None]] = {
    "a changed subject": lambda: run("UPDATE audit_entry SET subject = 'other' WHERE position = 3"),
    "changed facts": lambda: run("UPDATE audit_entry SET facts = '{\"n\":1}' WHERE position = 3"),
    "another actor": lambda: run("UPDATE audit_entry SET actor = 'f' WHERE position = 3"),
    "another day": lambda: run("UPDATE audit_entry SET day = '2026-01-01' WHERE position = 3"),
    "a removed entry": lambda: run("DELETE FROM audit_entry WHERE position = 3"),
    "a removed last entry": lambda: run("DELETE FROM audit_entry WHERE position = 6"),
    "a removed day": lambda: run("DELETE FROM audit_entry WHERE position IN (3, 4)"),
    "a removed last day": lambda: run("DELETE FROM audit_entry WHERE position IN (5, 6)"),
    "a removed first day": lambda: run("DELETE FROM audit_entry WHERE position IN (1, 2)"),
    "everything removed": lambda: run("DELETE FROM audit_entry"),
    "a removed head": lambda: run("DELETE FROM audit_head"),
    "two that changed places": lambda: run(
        "UPDATE audit_entry SET position = 99 WHERE position = 3",
        "UPDATE audit_entry SET position = 3 WHERE position = 4",
        "UPDATE audit_entry SET position = 4 WHERE position = 99",
    ),
    "an inserted entry": lambda: run(
        "INSERT INTO audit_entry (circle, position, day, seq, actor, event, subject, facts, prev, hash) "
        "SELECT circle, 7, day, 3, actor, event, 'planted', facts, hash, prev FROM audit_entry WHERE position = 6"
    ),
    "a whole planted circle": lambda: run(
        "INSERT INTO audit_entry (circle, position, day, seq, actor, event, subject, facts, prev, hash) "
        "SELECT 'x', 1, day, 1, actor, event, subject, facts, prev, hash FROM audit_entry WHERE position = 1"
    ),
    "a closed gap": lambda: run(
        "DELETE FROM audit_entry WHERE position = 3",
        "UPDATE audit_entry SET position = 3 WHERE position = 4",
        "UPDATE audit_entry SET position = 4 WHERE position = 5",
        "UPDATE audit_entry SET position = 5 WHERE position = 6",
    ),
}


@pytest.mark.parametrize("tampering", TAMPERING.values(), ids=TAMPERING.keys())
def test_tampering_past_the_triggers_is_found(three_days: datetime, tampering: Callable[[], None]) -> None:
    drop_triggers()
    tampering()
    assert codes()


def test_a_forger_who_makes_the_whole_end_anew_is_found_by_a_head_noted_elsewhere(three_days: datetime) -> None:
    from dalil.audit.queries import heads, verify

    noted = {row.circle: (row.position, row.hash) for row in heads()}
    drop_triggers()
    run(
        "DELETE FROM audit_entry WHERE position = 6",
        "UPDATE audit_head SET position = 5, hash = (SELECT hash FROM audit_entry WHERE position = 5)",
    )
    assert verify() == []  # nothing in the file itself can show it
    assert [damage.code for damage in verify(noted)] == ["head"]
    assert [damage.code for damage in verify({"z" * 32: (4, "0" * 64)})] == ["head"]


def test_an_entry_is_undone_with_its_change_and_refused_without_one(each_database: str, now: datetime) -> None:
    from django.db import transaction

    from dalil.audit.models import Entry
    from dalil.audit.recording import record

    class ChangeFailed(Exception):
        pass

    def change() -> None:
        with transaction.atomic():
            record(actor(), "claim.logged", "claim", {}, now)
            raise ChangeFailed

    with pytest.raises(ChangeFailed):
        change()
    assert not Entry.objects.exists()
    with pytest.raises(ValueError, match="transaction"):
        record(actor(), "claim.logged", "claim", {}, now)


@pytest.mark.parametrize(
    ("event", "subject", "facts"),
    [
        ("Claim logged", "x", {}),
        ("claim", "x", {}),
        ("claim.logged", "two words", {}),
        ("claim.logged", "x", {"sentence": "the bridge is held"}),
        ("claim.logged", "x", {"text": "الجسر"}),
        ("claim.logged", "x", {"two words": 1}),
        ("claim.logged", "x", {"share": 0.5}),
        ("claim.logged", "x", {"list": ["a"]}),
        ("claim.logged", "x" * 200, {}),
    ],
)
def test_content_cannot_be_recorded(database: Any, now: datetime, event: str, subject: str, facts: Any) -> None:
    from django.db import transaction

    from dalil.audit.recording import record

    with pytest.raises(ValueError, match=r"audit|event"), transaction.atomic():
        record(actor(), event, subject, facts, now)


def test_a_naive_time_is_refused(database: Any) -> None:
    with pytest.raises(ValueError, match="aware"):
        write(datetime(2026, 5, 17))  # noqa: DTZ001 - what is refused


def test_a_token_joins_a_day_s_entries_of_a_member_and_no_more(each_database: str, now: datetime) -> None:
    from dalil.audit.models import Entry

    write(now, 2)
    write(now + timedelta(days=1))
    write(now, 1, actor(member="b" * 32))
    write(now, 1, actor(circle="d" * 32))
    one, same, other_day, other_member, other_circle = Entry.objects.order_by("pk").values_list("actor", flat=True)
    assert one == same
    assert len({one, other_day, other_member, other_circle}) == 4
    assert MEMBER not in (one, other_day)


def test_after_thirty_days_nobody_can_tell_whose_an_entry_was(each_database: str, now: datetime) -> None:
    from dalil.audit import erasing, queries
    from dalil.audit.models import DayKey

    write(now)
    row = queries.entries(actor())[0]
    assert queries.may_be(row, MEMBER) is True
    assert queries.may_be(row, "b" * 32) is False
    assert erasing.expire(now + timedelta(days=30)) == 0
    assert erasing.expire(now + timedelta(days=31)) == 1
    assert not DayKey.objects.exists()
    assert queries.may_be(row, MEMBER) is None
    assert queries.verify() == []
    write(now + timedelta(days=31))
    assert queries.verify() == []


def test_a_destroyed_key_is_nowhere_in_the_database_s_files(database: Any, now: datetime) -> None:
    from django.db import connection

    from dalil.audit import erasing
    from dalil.audit.models import DayKey

    write(now, 50)
    key = bytes(DayKey.objects.get().key)
    files = [database, database.with_name("dalil.db-wal")]
    assert any(key in path.read_bytes() for path in files if path.exists())
    assert erasing.expire(now + timedelta(days=31)) == 1
    assert not any(key in path.read_bytes() for path in files if path.exists())
    connection.close()
    assert key not in database.read_bytes()


def test_keys_are_not_destroyed_inside_a_transaction(database: Any, now: datetime) -> None:
    from django.db import transaction

    from dalil.audit import erasing

    with pytest.raises(ValueError, match="transaction"), transaction.atomic():
        erasing.expire(now)


def test_one_reads_the_entries_of_one_s_own_circle(each_database: str, now: datetime) -> None:
    from dalil.audit import queries
    from dalil.people.actor import LOCAL

    write(now, 3)
    write(now + timedelta(days=1), 1)
    write(now, 1, LOCAL)
    assert [row.circle for row in queries.entries(actor())] == [CIRCLE] * 4
    assert queries.entries(actor(), limit=1)[0].day == now.date() + timedelta(days=1)
    assert len(queries.entries(actor(), day=now.date(), limit=2)) == 2
    assert [row.circle for row in queries.entries(LOCAL)] == [""]
    assert queries.entries(actor(circle="d" * 32)) == []
    assert queries.count() == 5


def test_the_newest_word_about_the_archive_is_found_in_whatever_chain(each_database: str, now: datetime) -> None:
    from django.db import transaction

    from dalil.audit.queries import last_archive_head
    from dalil.audit.recording import record
    from dalil.people.actor import LOCAL

    assert last_archive_head() is None
    for who, head in ((LOCAL, "a" * 64), (actor(), "b" * 64)):
        with transaction.atomic():
            record(who, "import.done", "archive", {"head": head}, now)
    write(now, 1, head="c" * 64)
    assert last_archive_head() == "b" * 64
