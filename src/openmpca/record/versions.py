"""Which version made the tables: migrations not applied, and the fingerprint of the derived tables.

The fingerprint covers the columns of every derived table and the version of every room's derivation. It is kept
beside the tables when they are made; where it differs from this version's, the figures are not to be trusted until a
rebuild.
"""

from functools import cache
from hashlib import sha256

from django.db import connections, router
from django.db.migrations.executor import MigrationExecutor

from openmpca.record import clock
from openmpca.record.models import Setting
from openmpca.record.noted import noted
from openmpca.record.rooms import ROOMS, Room

_DERIVED = "derived_by"
_MADE = "derived_us"


def fingerprint() -> str:
    """What identifies the derived tables of this version."""
    return _fingerprint(tuple(ROOMS.values()))


@cache
def _fingerprint(rooms: tuple[Room, ...]) -> str:
    parts = []
    for room in rooms:
        parts.append(f"{room.name} {room.version}")
        for model in room.models:
            fields = [f"{each.column} {each.get_internal_type()} {each.null}" for each in model._meta.concrete_fields]
            parts.append(f"{model._meta.db_table}: {', '.join(fields)}")
    return sha256("\n".join(parts).encode()).hexdigest()


def derived_by_this(using: str = "default") -> bool:
    """Whether the derived tables were made by this version."""
    return noted(_DERIVED, using) == fingerprint()


def mark_derived(using: str = "default") -> None:
    """Note that this version made the derived tables, and when."""
    for name, value in ((_DERIVED, fingerprint()), (_MADE, clock.now_us())):
        Setting.objects.using(using).update_or_create(name=name, defaults={"value": value})


def made_us(using: str = "default") -> int:
    """When the derived tables were made last; 0 where nobody noted it."""
    found = noted(_MADE, using)
    return found if isinstance(found, int) else 0


def not_migrated(using: str = "default") -> list[str]:
    """The migrations that this version has and the database has not; of applications that live elsewhere none."""
    executor = MigrationExecutor(connections[using])
    return [f"{each.app_label}.{each.name}" for each, _ in executor.migration_plan(_ends(executor, using))]


def migrate(using: str = "default") -> None:
    """Bring the tables that are kept in a database to this version."""
    executor = MigrationExecutor(connections[using])
    executor.migrate(_ends(executor, using))


def _ends(executor: MigrationExecutor, using: str) -> list[tuple[str, str]]:
    """The last migrations of the applications that keep tables in a database."""
    return [end for end in executor.loader.graph.leaf_nodes() if router.allow_migrate(using, end[0])]


def missing_tables(using: str = "default") -> list[str]:
    """Derived tables that are not there."""
    present = set(connections[using].introspection.table_names())
    wanted = [model._meta.db_table for room in ROOMS.values() for model in room.models]
    return [table for table in wanted if table not in present]
