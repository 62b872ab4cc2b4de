"""Triggers that keep events as they were signed: no change, no removal, no replacement."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = {
    "desk_event_no_update": (
        "CREATE TRIGGER desk_event_no_update BEFORE UPDATE ON desk_deskevent "
        "BEGIN SELECT RAISE(ABORT, 'desk events are append-only'); END"
    ),
    "desk_event_no_delete": (
        "CREATE TRIGGER desk_event_no_delete BEFORE DELETE ON desk_deskevent "
        "BEGIN SELECT RAISE(ABORT, 'desk events are append-only'); END"
    ),
    # INSERT OR REPLACE would delete the old row without asking the trigger above.
    "desk_event_no_replace": (
        "CREATE TRIGGER desk_event_no_replace BEFORE INSERT ON desk_deskevent "
        "WHEN EXISTS (SELECT 1 FROM desk_deskevent WHERE event_id = NEW.event_id) "
        "BEGIN SELECT RAISE(ABORT, 'desk events are append-only'); END"
    ),
}
POSTGRESQL = [
    (
        "CREATE FUNCTION desk_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'desk events are append-only'; END $$"
    ),
    (
        "CREATE TRIGGER desk_event_no_change BEFORE UPDATE OR DELETE ON desk_deskevent "
        "FOR EACH ROW EXECUTE FUNCTION desk_refuse()"
    ),
    (
        "CREATE TRIGGER desk_event_no_truncate BEFORE TRUNCATE ON desk_deskevent "
        "FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse()"
    ),
]
POSTGRESQL_BACK = [
    "DROP TRIGGER desk_event_no_change ON desk_deskevent",
    "DROP TRIGGER desk_event_no_truncate ON desk_deskevent",
    "DROP FUNCTION desk_refuse()",
]


def add(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django's signature
    """Make the triggers of this database."""
    by_vendor = {"sqlite": list(SQLITE.values()), "postgresql": POSTGRESQL}
    for statement in by_vendor[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:  # noqa: ARG001 - Django's signature
    """Remove them again."""
    by_vendor = {"sqlite": [f"DROP TRIGGER {name}" for name in SQLITE], "postgresql": POSTGRESQL_BACK}
    for statement in by_vendor[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    """After the tables."""

    dependencies = [("desk", "0001_initial")]
    operations = [migrations.RunPython(add, drop)]
