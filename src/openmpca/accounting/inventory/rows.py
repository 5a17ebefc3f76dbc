"""A physical inventory and a material balance in rows, as the command line and the pages show them.

Masses are text in grams, a number of items is a number; both stand under their weight key.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

from openmpca.accounting import figures
from openmpca.nuclear.categories import CATEGORIES
from openmpca.nuclear.changes import mbr_order
from openmpca.nuclear.mass import format_grams

MUF: Final = ("book", "found", "ug")
DIFFERING: Final = ("book", "found", "difference")
Row = dict[str, object]


def weighed(frame: pl.DataFrame, columns: Sequence[str]) -> list[Row]:
    """The rows with their weight key, masses as text in grams; the number of items as a number."""

    def shown(row: Row, name: str) -> object:
        value = int(str(row[name]))
        return value if row["nuclide"] == "#" else format_grams(value)

    rows = []
    for row in frame.iter_rows(named=True):
        nuclide, category = str(row["nuclide"]), str(row["category"])
        key = f"{category} items" if nuclide == "#" else f"{category}/{nuclide}".rstrip("/")
        kept = {name: value for name, value in row.items() if name not in ("category", "nuclide", *columns)}
        rows.append({"weight": key, **kept, **{name: shown(row, name) for name in columns}})
    return rows


def mufs(totals: Sequence[Row]) -> list[Row]:
    """The totals of a comparison as JSON holds them; their difference is the MUF that closing would give."""
    named = [{"muf" if name == "ug" else name: value for name, value in row.items()} for row in totals]
    return figures.in_units(named, ("book", "found", "muf"))


def differs(row: Row) -> Row:
    """A difference as JSON holds it: amounts under their weight key, places, seals and item numbers as they are."""
    key = row.pop("key")
    if not key:
        return row
    told = row | (as_items(row) if key == figures.ITEMS else {}) | {"key": key}
    (made,) = figures.in_units([told], DIFFERING)
    return {"weight" if name == "key" else name: value for name, value in made.items()}


def as_items(row: Row) -> Row:
    """A difference of a number of items: its amounts as numbers."""
    return {"key": "items", **{name: int(str(row[name])) for name in ("book", "found", "difference")}}


def amounts_and_facts(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """What differs batch by batch: amounts, numbers of items among them; and places, seals and item numbers."""
    amounts = [each | (as_items(each) if each["key"] == figures.ITEMS else {}) for each in rows if each["key"]]
    return amounts, [each for each in rows if not each["key"]]


def by_entry(terms: Sequence[Mapping[str, object]], category: str) -> list[Row]:
    """The terms of a balance with a row for each entry, in the order of a report, and a column for each weight."""
    agency = CATEGORIES[category].agency or category
    rows: dict[str, Row] = {}
    for term in terms:
        code = str(term["code"])
        rows.setdefault(code, {"code": code})[str(term["weight"])] = term["ug"]
    return [rows[code] for code in sorted(rows, key=lambda code: mbr_order(code, agency))]


def to_tick(row: Row) -> Row:
    """A row of the list to tick as JSON holds it: with its weights by key."""
    masses = {name: value for name, value in row.items() if name[:1].isupper() and value is not None}
    return {name: value for name, value in row.items() if not name[:1].isupper()} | {"weights": masses}
