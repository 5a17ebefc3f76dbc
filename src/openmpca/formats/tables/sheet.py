"""Somebody's sheet under a mapping: read as it is laid out, fitted to fields, its totals compared with its rows.

``Sheet.proposed`` says how it could be read, for whoever looks to change; ``Sheet.fitted`` reads it as a mapping says.
What was remembered of a table with the same columns comes before what their names suggest.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import msgspec
import polars as pl

from openmpca.formats.tables.fields import TableField
from openmpca.formats.tables.fitting import apply
from openmpca.formats.tables.layout import (
    Layout,
    Numbers,
    dates_of,
    heading_of,
    no_lines,
    numbers_of,
    wrong_totals,
)
from openmpca.formats.tables.limits import LIMITS, Limits
from openmpca.formats.tables.mapping import PERCENT, ColumnMapping, Mapping, guess, known
from openmpca.formats.tables.read import first_rows, read_whole
from openmpca.problems import Problem

Whole = tuple[pl.DataFrame, pl.DataFrame, list[Problem]]
Recall = Callable[[Sequence[str]], Mapping | None]


class Read(NamedTuple):
    """A sheet as it was read: fitted to the fields, the rows left out as they stand there, every problem."""

    frame: pl.DataFrame
    left_out: pl.DataFrame
    problems: list[Problem]
    columns: list[str]


def _nothing(columns: Sequence[str]) -> Mapping | None:
    return None


@dataclass(frozen=True)
class Sheet:
    """A file that holds a table, and the fields that it is to fill; of a spreadsheet one sheet. It is read once for
    each way of laying it out."""

    path: Path
    fields: tuple[TableField, ...]
    title: str | None = None
    limits: Limits = LIMITS
    _read: dict[Layout, Whole] = field(default_factory=dict, repr=False, compare=False)

    def _whole(self, layout: Layout) -> Whole:
        if layout not in self._read:
            self._read[layout] = read_whole(self.path, self.title, self.limits, layout)
        return self._read[layout]

    def table(self, layout: Layout) -> pl.DataFrame:
        """The sheet as text, laid out in a way."""
        return self._whole(layout)[0]

    def columns(self, layout: Layout) -> list[str]:
        """The names of its columns."""
        return self.table(layout).columns[1:]

    def fitted(self, mapping: Mapping) -> Read:
        """The sheet read as a mapping says; of the fields those that are required or filled."""
        table, left_out, problems = self._whole(mapping.layout)
        if table.width < 2:
            return Read(table, left_out, problems, [])
        wanted = {each.field for each in mapping.columns} | set(mapping.constants)
        frame, wrong = apply(table, mapping, [each for each in self.fields if each.required or each.name in wanted])
        totals = wrong_totals(table, left_out, self._masses(mapping, table.columns)) if left_out.height else []
        return Read(frame, left_out, [*problems, *wrong, *totals], table.columns[1:])

    def _masses(self, mapping: Mapping, columns: Sequence[str]) -> dict[str, Numbers]:
        return {
            each.column: Numbers("", each.decimal_comma, each.thousands)
            for each in mapping.columns
            if self._kind(each) == "mass" and each.unit != PERCENT and each.column in columns
        }

    def proposed(self, recall: Recall = _nothing, layout: Layout | None = None) -> Mapping:
        """How the sheet could be read: with the layout given, else with the one that it seems to have."""
        given = layout or Layout(heading=self._heading())
        if layout is None:
            given = msgspec.structs.replace(given, left_out=no_lines(self.table(given)))
        columns = self.columns(given)
        found = recall(columns) or guess(columns, self.fields)
        return self.written(msgspec.structs.replace(found, layout=given))

    def _heading(self) -> int:
        rows = first_rows(self.path, self.title, self.limits)
        names = [name for _, cells in rows for name in known(cells, self.fields)]
        return heading_of(rows, names)

    def written(self, mapping: Mapping, way: Numbers | None = None, told: frozenset[str] = frozenset()) -> Mapping:
        """The mapping with the ways in which its numbers and days are written: as is said, else where the cells tell.

        ``told`` are the columns of which is said how their days are written.
        """
        found = way or self._way(mapping)
        comma = found.decimal_comma if found else mapping.layout.decimal_comma
        layout = msgspec.structs.replace(mapping.layout, decimal_comma=comma)
        table = self.table(layout)
        columns = tuple(self._told(each, table, found, told) for each in mapping.columns)
        return msgspec.structs.replace(mapping, columns=columns, layout=layout)

    def _way(self, mapping: Mapping) -> Numbers | None:
        """The one way in which all masses can be read; numbers of a spreadsheet are no texts, and take either sign."""
        names = [each.column for each in mapping.columns if self._kind(each) == "mass"]
        for comma in (False, True):
            table = self.table(msgspec.structs.replace(mapping.layout, decimal_comma=comma))
            way = numbers_of(table[name] for name in names if name in table.columns)
            if way is not None and (way.decimal_comma or not comma):
                return way
        return None

    def _kind(self, column: ColumnMapping) -> str:
        return next((each.kind for each in self.fields if each.name == column.field), "")

    def _told(
        self, column: ColumnMapping, table: pl.DataFrame, way: Numbers | None, told: frozenset[str]
    ) -> ColumnMapping:
        if column.column not in table.columns:
            return column
        if self._kind(column) in ("mass", "integer") and way is not None:
            return as_written(column, way)
        if self._kind(column) == "date" and column.column not in told:
            form = dates_of(table[column.column])
            return msgspec.structs.replace(column, date_format=form) if form else column
        return column


def as_written(column: ColumnMapping, way: Numbers) -> ColumnMapping:
    """A column whose numbers are written in a way."""
    return msgspec.structs.replace(column, decimal_comma=way.decimal_comma, thousands=way.thousands)
