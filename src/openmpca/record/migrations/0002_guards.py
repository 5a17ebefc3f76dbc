"""Triggers that refuse to change or delete what is recorded; only the body's text may be withheld in place."""

from django.db import migrations

FROZEN = {"record_statement": "number kind recorded_us entry", "record_tile": "level n hashes"}


def _sqlite(table: str, columns: str) -> list[str]:
    same = " AND ".join(f"NEW.{name} IS OLD.{name}" for name in columns.split())
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    return [
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} WHEN NOT ({same}) {refuse}",
    ]


def _postgresql(table: str, columns: str) -> list[str]:
    same = " AND ".join(f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in columns.split())
    function = (
        f"CREATE FUNCTION {table}_guard() RETURNS trigger LANGUAGE plpgsql AS $$"
        f" BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    return [
        function,
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_guard()",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW WHEN (NOT ({same}))"
        f" EXECUTE FUNCTION {table}_guard()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {table}_guard()",
    ]


def guard(apps, schema_editor):  # type: ignore[no-untyped-def]
    """Make the triggers in the words of the database."""
    make = _sqlite if schema_editor.connection.vendor == "sqlite" else _postgresql
    with schema_editor.connection.cursor() as cursor:
        for table, columns in FROZEN.items():
            for sql in make(table, columns):
                cursor.execute(sql)


class Migration(migrations.Migration):
    """Guards of the record."""

    dependencies = [("record", "0001_record")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
