"""Reading statements back: one, some, or the whole record in segments for a rebuild."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Final

import msgspec
import polars as pl

from openmpca.record import clock
from openmpca.record.frames import Segment, frame
from openmpca.record.known import placeholders, query
from openmpca.record.models import Row
from openmpca.record.statements import ENVELOPE, KINDS, Fields, Kind, Statement, read_fields
from openmpca.tlog.disclosure import Body, fields_of
from openmpca.tlog.merkle import leaf_hash

CHUNK: Final = 20_000
READ_AGAIN: Final = 4096
WITHHELD: Final = "(withheld)"


@dataclass(frozen=True)
class Stored:
    """A statement as stored: its number and all that its body discloses, lifted to the newest version of its kind."""

    number: int
    body: Fields

    @property
    def kind(self) -> Kind:
        """The kind of the statement."""
        return KINDS[str(self.body["kind"])]

    @cached_property
    def fields(self) -> Fields:
        """The statement's own fields, newest version."""
        own = {name: value for name, value in self.body.items() if name not in ENVELOPE}
        return _completed(self.kind.name, read_fields(self.kind.name, int(str(self.body["version"])), own))

    @cached_property
    def statement(self) -> Statement:
        """The statement as its typed struct; a withheld field stands at its default or as `WITHHELD`."""
        return msgspec.convert(self.fields, self.kind.struct)

    @property
    def party(self) -> str:
        """The party that states."""
        return str(self.body["party"])

    @property
    def prepared_by(self) -> str:
        """Who prepared it."""
        return str(self.body["prepared_by"])

    @property
    def approved_by(self) -> list[str]:
        """Who approved it."""
        return msgspec.convert(self.body.get("approved_by", []), list[str])

    @property
    def recorded(self) -> str:
        """When it was recorded, in UTC."""
        return str(self.body["recorded"])


@cache
def _blanks(name: str) -> Fields:
    required = {each.name for each in msgspec.structs.fields(KINDS[name].struct) if each.required}
    return dict.fromkeys(sorted(required & KINDS[name].erasable), WITHHELD)


def _completed(name: str, fields: Fields) -> Fields:
    blanks = _blanks(name)
    return {**blanks, **fields} if blanks else fields


def stored(number: int, using: str = "default") -> Stored:
    """The statement with this number; KeyError when there is none."""
    for each in stored_many([number], using):
        return each
    raise KeyError(f"there is no statement {number}")


def stored_many(numbers: Iterable[int], using: str = "default") -> Iterator[Stored]:
    """The statements with these numbers, in the order of their numbers."""
    return (Stored(number, fields_of(body)) for number, body in _bodies(numbers, using))


def statements(numbers: Iterable[int], using: str = "default") -> dict[int, Statement]:
    """The typed statements with these numbers; one is read again only where its body is another, as after withholding.

    It is for what is asked again and again, as the register: what is read stays in memory.
    """
    return {number: _read(number, body) for number, body in _bodies(numbers, using)}


@lru_cache(maxsize=READ_AGAIN)
def _read(number: int, body: str) -> Statement:
    return Stored(number, fields_of(body)).statement


def _bodies(numbers: Iterable[int], using: str) -> Iterator[tuple[int, str]]:
    wanted = sorted(set(numbers))
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        sql = f"SELECT number, body FROM record_statement WHERE number IN {placeholders(part)} ORDER BY number"  # noqa: S608  placeholders only
        yield from query(sql, part, {"number": pl.Int64, "body": pl.String}, using).iter_rows()


def last(count: int, before: int | None = None, kind: str = "", using: str = "default") -> list[Stored]:
    """The newest statements, oldest first: those before a number, of a kind, else of all kinds that say something."""
    where, parameters = ["number >= 0"], list[object]()
    if before is not None:
        where, parameters = [*where, "number < %s"], [*parameters, before]
    if kind:
        where, parameters = [*where, "kind = %s"], [*parameters, kind]
    elif silent := [each.name for each in KINDS.values() if each.silent]:
        where, parameters = [*where, f"kind NOT IN {placeholders(silent)}"], [*parameters, *silent]
    sql = f"SELECT number, body FROM record_statement WHERE {' AND '.join(where)} ORDER BY number DESC LIMIT %s"  # noqa: S608  placeholders only
    found = query(sql, [*parameters, count], {"number": pl.Int64, "body": pl.String}, using)
    return [Stored(number, fields_of(body)) for number, body in reversed(found.rows())]


def commitment_of(number: int) -> dict[str, object]:
    """The entry and the leaf hash of a statement, and how many of its lines are withheld."""
    row = Row.objects.get(number=number)
    entry = bytes(row.entry)
    return {"entry": entry.hex(), "leaf": leaf_hash(entry).hex(), "withheld": len(Body.parse(row.body).withheld)}


def by_kind(name: str, using: str = "default") -> Iterator[Stored]:
    """All statements of a kind, in order."""
    sql = "SELECT number, body FROM record_statement WHERE kind = %s ORDER BY number"
    for number, body in query(sql, [name], {"number": pl.Int64, "body": pl.String}, using).iter_rows():
        yield Stored(number, fields_of(body))


def segments(start: int, end: int, using: str = "default") -> Iterator[Segment]:
    """The statements from ``start`` up to ``end`` as numbered segments, as they were when derived."""
    for begin in range(start, end, CHUNK):
        rows = query(
            "SELECT number, kind, recorded_us, body FROM record_statement"
            " WHERE number >= %s AND number < %s ORDER BY number",
            [begin, min(begin + CHUNK, end)],
            {"number": pl.Int64, "kind": pl.String, "recorded_us": pl.Int64, "body": pl.String},
            using,
        )
        runs = rows.with_columns(run=pl.col("kind").rle_id()).partition_by("run", maintain_order=True)
        for run in runs:
            yield numbered(run["kind"][0], run.select("number", "recorded_us", "body").rows())


def numbered(name: str, rows: Sequence[tuple[int, int, str]]) -> Segment:
    """A segment of stored statements of one kind, given as (number, recorded_us, body), as a derivation sees it."""
    read = [Stored(number, fields_of(body)) for number, _, body in rows]
    made = frame(name, [each.fields for each in read]).with_columns(
        pl.Series("number", [row[0] for row in rows], pl.Int64),
        pl.Series("recorded_us", [row[1] for row in rows], pl.Int64),
        pl.Series("party", [each.party for each in read], pl.String),
        pl.Series("prepared_by", [each.prepared_by for each in read], pl.String),
    )
    return Segment(KINDS[name], made)


def moment(text: str) -> int:
    """The number last known at a time written as text."""
    from openmpca.record.record import number_at

    return number_at(clock.from_text(text))
