"""Cells that were fitted to fields, as statements in columns: texts to lists and truth values, masses to weights.

Everything works on a part of a table, so that a table of a million rows never stands twice in memory.
"""

import polars as pl

from openmpca.accounting.importing.fields import (
    CATEGORY,
    ELEMENT,
    FISSILE,
    ISOTOPE,
    ISOTOPE_LETTERS,
    KEYS,
    USUAL_ISOTOPE,
    WEIGHTS,
    YES,
)
from openmpca.accounting.importing.rules import GIVEN_TWICE, NO_CATEGORY, NO_MASS, NO_SUCH_WEIGHT
from openmpca.formats.tables.rules import SHOWN, found
from openmpca.problems import Problem, Rule
from openmpca.record.frames import PAIRS, conform, defaults, schema


def statements_of(name: str, part: pl.DataFrame) -> pl.DataFrame:
    """The statements of a kind that rows of fitted cells make."""
    types, given = schema(name), defaults(name)
    columns = [_column(field, types[field], given.get(field)).alias(field) for field in part.columns if field in types]
    made = part.select(columns)
    return conform(name, made.with_columns(weights(part)) if WEIGHTS in types else made)


def _column(field: str, of: pl.DataType, default: object) -> pl.Expr:
    value = pl.col(field)
    if of == pl.Boolean:
        return (value == YES).fill_null(bool(default))
    if of == pl.List(pl.String):
        parts = value.fill_null("").str.replace_all("\n", ";").str.split(";")
        return parts.list.eval(pl.element().str.strip_chars()).list.eval(pl.element().filter(pl.element() != ""))
    return value if default is None else value.fill_null(pl.lit(default))


def weights(part: pl.DataFrame) -> pl.Series:
    """The masses of each row as pairs of weight key and grams."""
    given = [(pl.lit(key, pl.String), key) for key in KEYS if key in part.columns]
    given += [(key, column) for column, key in category_columns(part)]
    row = pl.int_range(pl.len(), dtype=pl.UInt32).alias("row")
    # One row a mass, then gathered again: many times quicker than lists made of columns.
    masses = [part.select(row, key=key.cast(pl.String), value=pl.col(column)) for key, column in given]
    rows = pl.DataFrame(schema={"row": pl.UInt32, "key": pl.String, "value": pl.String})
    each = pl.concat([rows, *masses]).drop_nulls().sort("row", maintain_order=True)
    pairs = (
        each.select("row", pl.struct("key", "value").alias(WEIGHTS)).group_by("row", maintain_order=True).agg(WEIGHTS)
    )
    found = part.select(row).join(pairs, on="row", how="left", maintain_order="left")[WEIGHTS]
    return found.fill_null([]).cast(PAIRS)


def category_columns(part: pl.DataFrame) -> list[tuple[str, pl.Expr]]:
    """The columns whose category another column tells, each with its weight key."""
    category = pl.col(CATEGORY) if CATEGORY in part.columns else pl.lit(None, pl.String)
    usual = category.replace_strict(USUAL_ISOTOPE, default="U235", return_dtype=pl.String)
    isotope = pl.col(ISOTOPE).replace(ISOTOPE_LETTERS).fill_null(usual) if ISOTOPE in part.columns else usual
    keys = {ELEMENT: category, FISSILE: pl.concat_str(category, isotope, separator="/")}
    return [(column, key) for column, key in keys.items() if column in part.columns]


def wrong_masses(part: pl.DataFrame, columns: dict[str, str]) -> list[Problem]:
    """Rows without a mass, masses without a category, isotopes that a category has not (rules 950 to 952).

    ``columns`` tells what the table calls a field.
    """
    masses = [name for name in (*KEYS, ELEMENT, FISSILE) if name in part.columns]
    if not masses:
        return [NO_MASS.problem("The table has no column of masses.")]
    wrong = _rows(NO_MASS, "", part, pl.all_horizontal(pl.col(masses).is_null()), "No mass is given.")
    for column, key in category_columns(part):
        title = columns.get(column, column)
        given = pl.col(column).is_not_null()
        wrong += _rows(NO_CATEGORY, title, part, given & key.is_null(), "The row names no category.")
        unknown = given & key.is_not_null() & ~key.is_in(KEYS)
        wrong += _rows(NO_SUCH_WEIGHT, title, part, unknown, "The category of the row has no such isotope.")
        others = [pl.col(each).is_not_null() & (key == each) for each in KEYS if each in part.columns]
        if others:
            twice = given & pl.any_horizontal(others)
            wrong += _rows(GIVEN_TWICE, title, part, twice, "Its weight stands in a column of its own too.")
    return wrong


def _rows(rule: Rule, field: str, part: pl.DataFrame, wrong: pl.Expr, message: str) -> list[Problem]:
    rows = part.filter(wrong)["row"]
    return found(rule, [(row, message) for row in rows.head(SHOWN)], field, rows.len())
