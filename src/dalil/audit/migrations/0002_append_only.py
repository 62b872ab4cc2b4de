"""Triggers that keep entries as they were written, and let a head only move forward by one."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SQLITE = {
    "audit_entry_no_update": (
        "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END"
    ),
    "audit_entry_no_delete": (
        "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry "
        "BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END"
    ),
    # INSERT OR REPLACE would delete the old row without asking the trigger above.
    "audit_entry_no_replace": (
        "CREATE TRIGGER audit_entry_no_replace BEFORE INSERT ON audit_entry WHEN EXISTS (SELECT 1 FROM audit_entry "
        "WHERE id = NEW.id OR (circle = NEW.circle AND (position = NEW.position OR (day = NEW.day AND seq = NEW.seq)))) "
        "BEGIN SELECT RAISE(ABORT, 'audit entries are append-only'); END"
    ),
    "audit_head_no_replace": (
        "CREATE TRIGGER audit_head_no_replace BEFORE INSERT ON audit_head "
        "WHEN EXISTS (SELECT 1 FROM audit_head WHERE circle = NEW.circle) "
        "BEGIN SELECT RAISE(ABORT, 'an audit head stays'); END"
    ),
    "audit_head_forward": (
        "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head "
        "WHEN NEW.circle <> OLD.circle OR NEW.position <> OLD.position + 1 "
        "BEGIN SELECT RAISE(ABORT, 'an audit head moves forward by one'); END"
    ),
    "audit_head_no_delete": (
        "CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head "
        "BEGIN SELECT RAISE(ABORT, 'an audit head stays'); END"
    ),
}
POSTGRESQL = [
    (
        "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit entries are append-only'; END $$"
    ),
    (
        "CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry "
        "FOR EACH ROW EXECUTE FUNCTION audit_refuse()"
    ),
    (
        "CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
    ),
    (
        "CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head FOR EACH ROW "
        "WHEN (NEW.circle <> OLD.circle OR NEW.position <> OLD.position + 1) EXECUTE FUNCTION audit_refuse()"
    ),
    "CREATE TRIGGER audit_head_no_delete BEFORE DELETE ON audit_head FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
    (
        "CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()"
    ),
]
POSTGRESQL_BACK = [
    "DROP TRIGGER audit_entry_no_change ON audit_entry",
    "DROP TRIGGER audit_entry_no_truncate ON audit_entry",
    "DROP TRIGGER audit_head_forward ON audit_head",
    "DROP TRIGGER audit_head_no_delete ON audit_head",
    "DROP TRIGGER audit_head_no_truncate ON audit_head",
    "DROP FUNCTION audit_refuse()",
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

    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(add, drop)]
