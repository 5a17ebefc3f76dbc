"""Statements in columns: the form in which rules and derivations see one statement or a million.

A frame holds statements of one kind, a column a field, in the order of the record. Fields that hold a mapping of text
to text become a list of pairs (key, value), lists of text stay lists, anything deeper is JSON text.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import islice, repeat
from typing import Any, Final, get_args, get_type_hints

import msgspec
import polars as pl

from openmpca.problems import Problem
from openmpca.record.statements import KINDS, Fields, Kind, Statement, kind_of

PAIRS: Final = pl.List(pl.Struct({"key": pl.String, "value": pl.String}))
MANY: Final = 256
_SCALARS: Final[dict[object, Any]] = {str: pl.String, int: pl.Int64, bool: pl.Boolean, date: pl.Date}


def _as_it_is(problem: Problem) -> Problem:
    return problem


@dataclass(frozen=True)
class Segment:
    """Consecutive statements of one kind.

    ``told`` turns a problem of a row (``accounting.change 17``) into one that names where the row came from.
    """

    kind: Kind
    frame: pl.DataFrame
    told: Callable[[Problem], Problem] = _as_it_is


@cache
def schema(name: str) -> dict[str, Any]:
    """The column types of a kind's fields."""
    return {
        field: _column(hint) for field, hint in get_type_hints(KINDS[name].struct).items() if not field.startswith("__")
    }


def _column(hint: object) -> Any:
    arguments = [each for each in get_args(hint) if each is not type(None)]
    if hint in _SCALARS:
        return _SCALARS[hint]
    if len(arguments) == 1 and arguments[0] in _SCALARS and type(None) in get_args(hint):
        return _SCALARS[arguments[0]]
    if hint == dict[str, str]:
        return PAIRS
    if hint == list[str]:
        return pl.List(pl.String)
    if hint == list[int]:
        return pl.List(pl.Int64)
    return pl.String


@cache
def _deep(name: str) -> frozenset[str]:
    hints = get_type_hints(KINDS[name].struct)
    return frozenset(
        field
        for field, column in schema(name).items()
        if column == pl.String and hints[field] is not str and str not in get_args(hints[field])
    )


@cache
def defaults(name: str) -> Fields:
    """The default of each field that has one."""
    found: Fields = {}
    for each in msgspec.structs.fields(KINDS[name].struct):
        if each.default is not msgspec.NODEFAULT:
            found[each.name] = each.default
        elif each.default_factory is not msgspec.NODEFAULT:
            found[each.name] = each.default_factory()
    return found


def frame(name: str, rows: Sequence[Fields]) -> pl.DataFrame:
    """Rows of plain JSON values of the newest version (dates may be text) to a typed frame, with defaults filled in."""
    types, given, deep = schema(name), defaults(name), _deep(name)
    columns = []
    for field, column in types.items():
        default = given.get(field)
        values = [row.get(field, default) for row in rows]
        if column == PAIRS:
            pairs = [[{"key": k, "value": v} for k, v in value.items()] if value else [] for value in values]  # type: ignore[attr-defined]
            columns.append(pl.Series(field, pairs, dtype=column))
        elif column == pl.Date and any(isinstance(value, str) for value in values):
            columns.append(pl.Series(field, values, dtype=pl.String, strict=False).str.to_date("%Y-%m-%d"))
        elif field in deep:
            texts = [None if value is None else msgspec.json.encode(value).decode() for value in values]
            columns.append(pl.Series(field, texts, dtype=pl.String))
        else:
            columns.append(pl.Series(field, values, dtype=column))
    return pl.DataFrame(columns)


def segments(statements: Iterable[Statement]) -> list[Segment]:
    """Group statements, in their order, into segments of one kind each."""
    groups: list[tuple[Kind, list[Fields]]] = []
    for statement in statements:
        of = kind_of(statement)
        if not groups or groups[-1][0] is not of:
            groups.append((of, []))
        groups[-1][1].append({name: getattr(statement, name) for name in statement.__struct_fields__})
    return [Segment(of, frame(of.name, rows)) for of, rows in groups]


def conform(name: str, given: pl.DataFrame) -> pl.DataFrame:
    """A frame with some of a kind's columns completed to all of them, with defaults, in the kind's order."""
    blank = frame(name, [{**dict.fromkeys(schema(name)), **defaults(name)}])
    return given.select(
        pl.col(field).cast(column)
        if field in given.columns
        else pl.lit(blank[field].first() if column != PAIRS else None, dtype=column).alias(field)
        for field, column in schema(name).items()
    )


def lines(name: str, given: pl.DataFrame) -> Iterator[list[tuple[str, object]]]:
    """The (field, JSON value) lines of each statement of a frame; what is empty or at its default is left out."""
    types, given_defaults, deep = schema(name), defaults(name), _deep(name)
    # Of many statements of a kind, most leave most fields out.
    few = given.height < MANY
    stated = [each for each in types if few or each in deep or _says(given[each], given_defaults.get(each))]
    columns = [_values(given[each], given_defaults.get(each), each in deep) for each in stated]
    for row in zip(*columns, strict=True) if stated else repeat((), given.height):
        yield [(field, value) for field, value in zip(stated, row, strict=True) if value is not None]


def _values(column: pl.Series, default: object, deep: bool) -> list[Any]:
    """The JSON value of each statement, or None where it is left out."""
    if column.dtype == PAIRS:
        inner = column.explode(empty_as_null=False, keep_nulls=False).struct
        pairs = zip(inner.field("key").to_list(), inner.field("value").to_list(), strict=True)
        return [dict(islice(pairs, count)) if count else None for count in column.list.len().to_list()]
    values = column.to_list()
    if deep:
        return [None if value is None else msgspec.Raw(value.encode()) for value in values]
    return values if default is None else [None if value == default else value for value in values]


def _says(values: pl.Series, default: object) -> bool:
    """Whether any statement of a column has more there than its default, or the column has none."""
    if default is None:
        return True
    if isinstance(values.dtype, pl.List):
        return values.list.len().max() != 0
    return not (values == default).fill_null(True).all()


def weights(given: pl.DataFrame, field: str = "weights") -> pl.DataFrame:
    """The pairs of one field as rows: the frame's other columns, with ``key`` and ``value``."""
    return given.explode(field).drop_nulls(field).unnest(field)
