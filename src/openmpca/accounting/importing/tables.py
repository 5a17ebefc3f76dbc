"""A table of statements brought in: read, fitted to the fields of their kind, checked, and recorded in one transaction.

Rules kept here:

1. All problems are told at once, by the row and the column as the file has them; nothing is recorded unless all is.
2. What a column means is said by a mapping: the one given, the one last used for a table with these columns, or the one
   that the names suggest. It is remembered when the import succeeds.
3. A table stands in memory once, as fitted; statements are made of it part by part while they are recorded.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import msgspec
import polars as pl

from openmpca.accounting.importing import mappings, sound
from openmpca.accounting.importing.columns import statements_of, wrong_masses
from openmpca.accounting.importing.fields import WEIGHTS, fields_of, kind_named
from openmpca.accounting.importing.rules import NO_MASS, NO_ROWS
from openmpca.formats.tables.limits import LIMITS, Limits
from openmpca.formats.tables.mapping import Mapping, guess
from openmpca.formats.tables.read import read_table
from openmpca.formats.tables.rules import NOT_A_MASS, TOO_FINE, TOO_HEAVY
from openmpca.formats.tables.sheet import Sheet
from openmpca.problems import Problem
from openmpca.record import commands
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.record import Refused, head
from openmpca.record.statements import KINDS

_UNREAD_MASS: Final = frozenset({NOT_A_MASS.number, TOO_FINE.number, TOO_HEAVY.number})
PART: Final = 100_000
_RECORD: Final = re.compile(r"accounting\.[a-z_]+ ([0-9]+)")


@dataclass(frozen=True)
class Source:
    """A table to bring in: the file, its sheet, what its columns mean, and fields that are the same in every row."""

    path: Path
    kind: str
    sheet: str | None = None
    mapping: Mapping | None = None
    constants: dict[str, str] = field(default_factory=dict)
    limits: Limits = LIMITS


@dataclass(frozen=True)
class Imported:
    """What came of an import: how many rows, what was stated, and the mapping that was used."""

    rows: int
    stated: commands.Stated
    mapping: Mapping


@dataclass(frozen=True)
class Fitted:
    """A table fitted to the fields of its kind: the frame with ``row``, the mapping used, and every problem."""

    frame: pl.DataFrame
    mapping: Mapping
    problems: list[Problem]
    left_out: pl.DataFrame = field(default_factory=pl.DataFrame)
    columns: list[str] = field(default_factory=list)


def import_table(
    source: Source,
    act: Act,
    *,
    when: commands.Circumstances = commands.NOW,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Imported:
    """Bring a table in. Raises `Refused` with every problem when one is an error; KeyError for an unknown kind."""
    name = kind_named(source.kind)
    fitted = fit(source)
    frame = fitted.frame
    if not frame.height:
        raise Refused(fitted.problems or [NO_ROWS.problem(f"{source.path.name} has column names and nothing else.")])
    required = [each.name for each in _struct(name) if each.required]
    rows = sound.readable(frame, fitted.problems, required)
    first = head()[0]
    try:
        stated = commands.state(_stream(name, fitted, rows), act, when=when, dry_run=dry_run, progress=progress)
    except Refused as refused:
        told = [sound.by_row(each, rows["row"], first) for each in refused.problems]
        told = sound.without_echoes(told, fitted.problems)
        raise Refused([*told, *_against_the_book(name, fitted, told, act, when)]) from None
    if not dry_run:
        mappings.remember(name, fitted.columns, fitted.mapping)
    return Imported(frame.height, stated, fitted.mapping)


def _stream(name: str, fitted: Fitted, rows: pl.DataFrame) -> commands.Stream:
    segments = partial(_segments, name, rows, _columns(fitted.mapping))
    return commands.Stream((name,), segments, before=tuple(fitted.problems))


def _against_the_book(
    name: str, fitted: Fitted, told: list[Problem], act: Act, when: commands.Circumstances
) -> list[Problem]:
    """What is wrong besides with the rows that nothing was told of, had they been stated alone."""
    rows = sound.alone(fitted.frame, told)
    if not rows.height or rows.height == fitted.frame.height:
        return []
    first = head()[0]
    try:
        commands.state(_stream(name, Fitted(rows, fitted.mapping, []), rows), act, when=when, dry_run=True)
    except Refused as refused:
        found = [sound.by_row(each, rows["row"], first) for each in refused.problems]
        return [each for each in found if each not in told]
    return []


def fit(source: Source) -> Fitted:
    """The table as the fields of its kind, with every problem of file, mapping and cells."""
    sheet = sheet_of(source)
    mapping = _with(source.constants, source.mapping or _proposed(source, sheet))
    read = sheet.fitted(mapping)
    if not read.columns:
        problems = read.problems or [NO_ROWS.problem("The file has no columns.")]
        return Fitted(read.frame, Mapping(columns=()), problems, read.left_out, read.columns)
    wrong: list[Problem] = []
    if any(each.name == WEIGHTS for each in _struct(source.kind)):
        unread = {each.record for each in read.problems if each.rule in _UNREAD_MASS}
        masses = wrong_masses(read.frame, _columns(mapping))
        wrong = [each for each in masses if each.rule != NO_MASS.number or each.record not in unread]
    return Fitted(read.frame, mapping, read.problems + wrong, read.left_out, read.columns)


def sheet_of(source: Source) -> Sheet:
    """The sheet that is brought in, with the fields of its kind."""
    return Sheet(source.path, fields_of(source.kind), source.sheet, source.limits)


def _proposed(source: Source, sheet: Sheet) -> Mapping:
    """How a table is read whose mapping is not given: its first row is the heading, every other one a line."""
    columns = read_table(source.path, source.sheet, source.limits)[0].columns[1:]
    return mappings.recalled(kind_named(source.kind), columns, sheet.fields) or guess(columns, sheet.fields)


def _struct(kind: str) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(KINDS[kind_named(kind)].struct)


def _with(constants: dict[str, str], mapping: Mapping) -> Mapping:
    """The mapping with constants that come before what it says itself."""
    columns = tuple(each for each in mapping.columns if each.field not in constants)
    return Mapping(columns=columns, constants={**mapping.constants, **constants}) if constants else mapping


def _columns(mapping: Mapping) -> dict[str, str]:
    return {each.field: each.column for each in mapping.columns}


def _segments(name: str, frame: pl.DataFrame, columns: dict[str, str]) -> Iterator[Segment]:
    for part in frame.iter_slices(PART):
        yield Segment(KINDS[name], statements_of(name, part), partial(_told, part["row"], columns))


def _told(rows: pl.Series, columns: dict[str, str], problem: Problem) -> Problem:
    """The problem of a statement, by row and column of the table."""
    match = _RECORD.fullmatch(problem.record)
    record = f"row {rows[int(match[1]) - 1]}" if match and 0 < int(match[1]) <= rows.len() else problem.record
    return msgspec.structs.replace(problem, record=record, field=columns.get(problem.field, problem.field))
