"""Fitting a table to fields under a mapping: the frame with our names and values, and every cell that does not fit.

The frame has ``row`` and one column for each field, in their order: text and masses (decimal grams) as String, dates as
Date, whole numbers as Int64; a field that nothing fills is null throughout.
"""

from collections.abc import Callable, Sequence
from typing import Final

import polars as pl

from openmpca.formats.tables.fields import DECIMALS, TableField
from openmpca.formats.tables.mapping import PERCENT, ColumnMapping, Mapping, check, unclear
from openmpca.formats.tables.rules import (
    BLANK,
    CONTROL_CHARACTERS,
    NOT_A_DATE,
    NOT_A_MASS,
    NOT_ALLOWED,
    NOT_AN_INTEGER,
    ROUNDED,
    SHOWN,
    found,
)
from openmpca.formats.tables.values import (
    ISO,
    PERCENT_DECIMALS,
    date_pattern,
    dates,
    grams,
    integers,
    micrograms,
    percentages,
    ungrouped,
    why_not_a_mass,
)
from openmpca.problems import Problem, Rule

TYPES: Final = {"text": pl.String, "mass": pl.String, "integer": pl.Int64, "date": pl.Date}
_WITH_COMMA: Final = (
    "Write digits with a decimal comma, as the mapping says, such as 1500,25; no exponent, no thousands separator."
)
_CONTROL: Final = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x{9F}]"


def apply(frame: pl.DataFrame, mapping: Mapping, fields: Sequence[TableField]) -> tuple[pl.DataFrame, list[Problem]]:
    """Fit a frame of text with ``row`` (as ``read_table`` gives it) to the fields; returns every problem with it."""
    fitting = _Fitting(frame, mapping, fields)
    usable = [
        column
        for column in mapping.columns
        if column.column in frame.columns
        and column.field in fitting.fields
        and not unclear(column, mapping, fitting.kinds)
    ]
    for name, value in mapping.constants.items():
        if name in fitting.fields:
            fitting.fill_constant(fitting.fields[name], value)
    for column in sorted(usable, key=lambda column: column.unit == PERCENT):
        fitting.fill(column)
    return fitting.result(), check(mapping, frame.columns, fields) + fitting.problems


class _Fitting:
    """One table on its way: the values found so far and the problems met."""

    def __init__(self, frame: pl.DataFrame, mapping: Mapping, fields: Sequence[TableField]) -> None:
        self.frame = frame
        self.rows = frame["row"]
        self.fields = {field.name: field for field in fields}
        self.kinds: dict[str, str] = {field.name: field.kind for field in fields}
        self.values: dict[str, pl.Series] = {}
        self.masses: dict[str, pl.Series] = {}
        self.problems: list[Problem] = []

    def fill(self, column: ColumnMapping) -> None:
        """Fill the field of a column, and name every cell that does not fit."""
        field = self.fields[column.field]
        self.rows = self.frame["row"]
        text = _trimmed(self.frame[column.column])
        if column.translations:
            text = text.replace(column.translations)
        if field.required:
            self._name(BLANK, column.column, text.is_null(), text, lambda _: "The cell is blank.")
        self._fill(field, text, column)

    def fill_constant(self, field: TableField, value: str) -> None:
        """Fill a field with one value for all rows."""
        self.rows = pl.Series([0])
        text = _trimmed(pl.Series([value]))
        self._fill(field, text, ColumnMapping(column=f"constant {field.name}", field=field.name, unit="g"))
        for values in (self.values, self.masses):
            if field.name in values:
                values[field.name] = values[field.name].new_from_index(0, self.frame.height)

    def _fill(self, field: TableField, text: pl.Series, column: ColumnMapping) -> None:
        {"mass": self._mass, "date": self._date, "integer": self._integer, "text": self._text}[field.kind](
            field, text, column
        )
        if field.allowed:
            wrong = text.is_not_null() & ~text.is_in(field.allowed)
            self._name(
                NOT_ALLOWED,
                column.column,
                wrong,
                text,
                lambda value: f"{value!r} is not one of {', '.join(field.allowed[:30])}.",
            )

    def _text(self, field: TableField, text: pl.Series, column: ColumnMapping) -> None:
        wrong = text.str.contains(_CONTROL).fill_null(False)
        self._name(CONTROL_CHARACTERS, column.column, wrong, text, lambda value: f"{value!r} has control characters.")
        self.values[field.name] = text

    def _date(self, field: TableField, text: pl.Series, column: ColumnMapping) -> None:
        days = dates(text, str(date_pattern(column.date_format)))
        wrong = text.is_not_null() & days.is_null()
        self._name(
            NOT_A_DATE,
            column.column,
            wrong,
            text,
            lambda value: f"{value!r} is not a day written as {column.date_format}.",
            mend="" if column.date_format == ISO else f"Write {column.date_format}, as the mapping says, or {ISO}.",
        )
        self.values[field.name] = days

    def _integer(self, field: TableField, text: pl.Series, column: ColumnMapping) -> None:
        numbers = integers(ungrouped(text, column))
        wrong = text.is_not_null() & numbers.is_null()
        self._name(NOT_AN_INTEGER, column.column, wrong, text, lambda value: f"{value!r} is not a whole number.")
        self.values[field.name] = numbers

    def _mass(self, field: TableField, text: pl.Series, column: ColumnMapping) -> None:
        text = ungrouped(text, column)
        mass = micrograms(text, DECIMALS.get(column.unit, PERCENT_DECIMALS), column.decimal_comma)
        self._name_masses(column, text, text.is_not_null() & mass.is_null())
        if column.unit == PERCENT:
            mass, rounded = percentages(self.masses.get(column.of, pl.Series([None] * len(mass), dtype=pl.Int64)), mass)
            if rounded:
                message = f"{rounded} masses were rounded to the microgram."
                self.problems.append(ROUNDED.problem(message, field=column.column))
        self.masses[field.name] = mass
        self.values[field.name] = grams(mass)

    def _name_masses(self, column: ColumnMapping, text: pl.Series, wrong: pl.Series) -> None:
        whys = [why_not_a_mass(value, column.unit, column.decimal_comma) for value in text.filter(wrong)]
        numbers = self.rows.filter(wrong)
        for rule in dict.fromkeys(rule for rule, _ in whys):
            named = [(row, why) for row, (broken, why) in zip(numbers, whys, strict=True) if broken is rule]
            mend = _WITH_COMMA if column.decimal_comma and rule is NOT_A_MASS else ""
            self.problems += found(rule, named[:SHOWN], column.column, len(named), mend=mend)

    def _name(
        self,
        rule: Rule,
        column: str,
        wrong: pl.Series,
        text: pl.Series,
        message: Callable[[str], str],
        mend: str = "",
    ) -> None:
        shown = zip(self.rows.filter(wrong).head(SHOWN), text.filter(wrong).head(SHOWN), strict=True)
        told = [(row, message(value)) for row, value in shown]
        self.problems += found(rule, told, column, int(wrong.sum()), mend=mend)

    def result(self) -> pl.DataFrame:
        """``row`` and every field, in order."""
        columns = [
            self.values.get(name, pl.Series([], dtype=TYPES[field.kind]).extend_constant(None, self.frame.height))
            for name, field in self.fields.items()
        ]
        named = [column.alias(name) for column, name in zip(columns, self.fields, strict=True)]
        return pl.DataFrame([self.frame["row"], *named])


def _trimmed(text: pl.Series) -> pl.Series:
    trimmed = text.str.strip_chars()
    return trimmed.set(trimmed == "", None) if (trimmed == "").any() else trimmed
