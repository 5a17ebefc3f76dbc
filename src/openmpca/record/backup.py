"""Backup and restore: the record and the operational tables in one file, which either database takes back.

Rules kept here:

1. A backup shows the record at one moment, while others go on writing. It is written under another name and takes its
   own only when it is whole and on the disk; it never replaces a file. Only its owner may read it.
2. It holds statements, tiles, head, names of persons, proposals and settings, what the rooms keep beside the record
   (`Room.kept`), and a manifest with size and root. It holds no key, no secret and no derived table.
3. Restoring begins with verifying the file. It goes into a home with an empty record only, in one transaction, and ends
   with the derived tables made from the record. So a State moves between SQLite and PostgreSQL.

Source: issue, "The record"; spine, "Measured".
"""

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
from django.core.management.color import no_style
from django.db import DatabaseError, connection, connections, transaction
from django.db.models import Model

from openmpca.problems import Problem, rule
from openmpca.record import clock, tables, versions
from openmpca.record.databases import attached, rows, snapshot, sqlite_file
from openmpca.record.home import configuration, home
from openmpca.record.models import Head, PersonName, Proposal, Row, Setting, Tile
from openmpca.record.rebuild import derive
from openmpca.record.record import Refused, head
from openmpca.record.rooms import kept_models
from openmpca.record.verify import Verdict, verify

MODELS: Final[tuple[type[Model], ...]] = (Row, Tile, Head, PersonName, Proposal, Setting)
FORMAT: Final = "openmpca-backup-1"
LAST: Final = "last_backup"
OWN: Final = frozenset({LAST, "derived_by", "derived_us"})

BACKUP: Final = rule(
    50,
    "A backup is whole, and of a version that is understood",
    source="design idea 1",
    mend="Use another backup, or a newer OpenMPCA.",
)
EMPTY: Final = rule(
    51,
    "A backup is restored into an empty home",
    source="design idea 1",
    mend="Name a new folder with --home; move it in place of the old one when it is as you want it.",
)

Progress = Callable[[int], None]


class Manifest(msgspec.Struct, frozen=True):
    """What a backup says about itself."""

    format: str
    size: int
    root: str
    made: str


@dataclass(frozen=True)
class Restored:
    """What was restored: where the record stands, and what verification found in the file."""

    size: int
    root: bytes
    verdict: Verdict


def backup(file: Path, progress: Progress | None = None) -> Manifest:
    """Write a backup; gives its manifest. `FileExistsError` when there is such a file."""
    if file.exists():
        raise FileExistsError(f"{file} is there already; a backup replaces nothing.")
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(file.name + ".partial")
    partial.unlink(missing_ok=True)
    try:
        partial.touch(mode=0o600, exist_ok=False)
        with snapshot() as seen, attached(sqlite_file(partial), "backup") as made:
            manifest = _write(seen, made, progress)
        _to_disk(partial)
        partial.rename(file)
    finally:
        partial.unlink(missing_ok=True)
    last = {"us": clock.now_us(), "file": str(file.resolve()), "size": manifest.size, "root": manifest.root}
    Setting.objects.update_or_create(name=LAST, defaults={"value": last})
    return manifest


def _write(seen: str, made: str, progress: Progress | None) -> Manifest:
    with transaction.atomic(using=made), connections[made].cursor() as cursor:
        for model in (*MODELS, *kept_models()):
            _make(model, made)
            _copy(model, seen, made, progress if model is Row else None)
        cursor.execute("SELECT size, root FROM record_head")
        row = cursor.fetchone() or (0, b"")
        manifest = Manifest(FORMAT, row[0], bytes(row[1]).hex(), clock.to_text(clock.now_us()))
        cursor.execute("CREATE TABLE manifest (text TEXT NOT NULL)")
        cursor.execute("INSERT INTO manifest VALUES (%s)", [msgspec.json.encode(manifest).decode()])
    return manifest


def _make(model: type[Model], made: str) -> None:
    key = tables.key(model)
    columns = ", ".join(f'"{name}"' for name in tables.columns(model))
    primary = ", ".join(f'"{name}"' for name in key)
    with connections[made].cursor() as cursor:
        cursor.execute(f'CREATE TABLE "{model._meta.db_table}" ({columns}, PRIMARY KEY ({primary}))')


def _copy(model: type[Model], source: str, into: str, progress: Progress | None = None) -> None:
    names = tables.columns(model)
    for part in _parts(model, source, names):
        tables.insert_rows(model._meta.db_table, names, part, into)
        if progress is not None:
            progress(len(part))


def _parts(model: type[Model], source: str, names: list[str]) -> Iterator[list[tuple[Any, ...]]]:
    chosen = ", ".join(_column(model, name, source) for name in names)
    order = ", ".join(f'"{name}"' for name in tables.key(model))
    sql = f'SELECT {chosen} FROM "{model._meta.db_table}" ORDER BY {order}'  # noqa: S608  names of our own tables
    binary = [at for at, field in enumerate(model._meta.concrete_fields) if field.get_internal_type() == "BinaryField"]
    for part in rows(source, sql, 8 if model in kept_models() else 4000):
        made = [_texts(row, binary) for row in part]
        yield [row for row in made if model is not Setting or row[0] not in OWN]


def _column(model: type[Model], name: str, source: str) -> str:
    """JSON goes as the text it is; psycopg would take it apart."""
    field = next(each for each in model._meta.concrete_fields if each.column == name)
    as_text = field.get_internal_type() == "JSONField" and connections[source].vendor == "postgresql"
    return f'"{name}"::text' if as_text else f'"{name}"'


def _texts(row: Sequence[Any], binary: list[int]) -> tuple[Any, ...]:
    """SQLite's text came as bytes; PostgreSQL's bytes may come as a view."""
    return tuple(
        (bytes(value) if at in binary else bytes(value).decode()) if isinstance(value, (bytes, memoryview)) else value
        for at, value in enumerate(row)
    )


def _to_disk(path: Path) -> None:
    with path.open("rb+") as written:
        os.fsync(written.fileno())


def restore(file: Path, progress: Progress | None = None) -> Restored:
    """Restore a backup into the open home, whose tables are made and whose record is empty. `Refused` when the file
    does not verify or the record is not empty; then nothing was changed."""
    if not file.is_file():
        raise FileNotFoundError(f"There is no backup {file}.")
    if head()[0] or Row.objects.exists():
        raise Refused([EMPTY.problem(f"The record here has {head()[0]} statements.", record=str(file))])
    with attached(sqlite_file(file, read_only=True), "backup") as source:
        manifest = _manifest(file, source)
        verdict = verify((manifest.size, bytes.fromhex(manifest.root)), using=source)
        if not verdict.holds:
            raise Refused(verdict.problems)
        with transaction.atomic(durable=True), transaction.atomic(using=source):
            Head.objects.all().delete()
            there = set(connections[source].introspection.table_names())
            kept = [model for model in kept_models() if model._meta.db_table in there]
            for model in (*MODELS, *kept):
                _copy(model, source, "default", progress if model is Row else None)
            _count_on([Proposal, *kept])
            tables.drop_rows()
            derive(0, verdict.size, "default", "default")
            versions.mark_derived()
    return Restored(*head(), verdict)


def check(file: Path, expect: tuple[int, bytes] | None = None, progress: Progress | None = None) -> Verdict:
    """Verify a backup as it lies; `Refused` when it is none."""
    if not file.is_file():
        raise FileNotFoundError(f"There is no backup {file}.")
    with attached(sqlite_file(file, read_only=True), "backup") as source:
        _manifest(file, source)
        return verify(expect, progress, using=source)


def default_file() -> Path:
    """A new name in the folder for backups, with the time in UTC."""
    stamp = clock.to_text(clock.now_us())[:19].replace(":", "").replace("-", "")
    return home() / configuration().backups / f"openmpca-{stamp}Z.backup"


def _manifest(file: Path, source: str) -> Manifest:
    try:
        with connections[source].cursor() as cursor:
            cursor.execute("SELECT text FROM manifest")
            read = msgspec.json.decode(cursor.fetchone()[0], type=Manifest)
    except (DatabaseError, msgspec.MsgspecError, TypeError) as error:
        raise _unfit(file, f"It is no backup of OpenMPCA: {error}") from error
    if read.format != FORMAT:
        raise _unfit(file, f"Its format is {read.format}, not {FORMAT}.")
    return read


def _unfit(file: Path, message: str) -> Refused:
    found: Problem = BACKUP.problem(message, record=str(file))
    return Refused([found])


def _count_on(restored: list[type[Model]]) -> None:
    """Let PostgreSQL number the next row after the restored ones."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), restored):
            cursor.execute(sql)
