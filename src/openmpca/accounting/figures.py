"""Figures as people see them: masses as exact text in grams, items as whole numbers, nuclides in order."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

ITEMS = "#"


def amount(nuclide: str, value: int | None) -> object:
    """The amount of a nuclide: a mass in grams, or a number of items as it is; None where there is none."""
    from openmpca.nuclear.mass import format_grams

    return value if value is None or nuclide == ITEMS else format_grams(value)


def by_key(category: str, amounts: Mapping[str, int]) -> dict[str, object]:
    """Amounts by nuclide as JSON holds them: by weight key, masses as text in grams, items under ``E/#``."""
    return {f"{category}/{each}" if each else category: amount(each, value) for each, value in amounts.items()}


def in_units(rows: Iterable[Mapping[str, object]], amounts: Collection[str]) -> list[dict[str, object]]:
    """Rows as JSON holds them: what a column of ``amounts`` holds is told by its name.

    A mass, as text in grams, gets a name that ends in ``_g``, a number of items one in ``_items``; an amount that has
    no other name is ``grams`` or ``items``.
    """
    return [
        {_with_unit(name, value) if name in amounts else name: value for name, value in row.items()} for row in rows
    ]


def _with_unit(name: str, value: object) -> str:
    stem, counted = name.removesuffix("ug").removesuffix("_"), isinstance(value, int)
    if not stem:
        return "items" if counted else "grams"
    return f"{stem}_{'items' if counted else 'g'}"


def heading(nuclide: str) -> str:
    """The head of a column of a nuclide: the element, an isotope, items."""
    return {"": "element g", ITEMS: "items"}.get(nuclide, f"{nuclide} g")


def in_order(nuclides: set[str]) -> list[str]:
    """Nuclides as columns: the element, its isotopes, items."""
    return sorted(nuclides, key=lambda each: (each == ITEMS, each != "", each))


def rows_of(frame: "pl.DataFrame", masses: Sequence[str]) -> list[dict[str, object]]:
    """Rows with their weight key, masses as text in grams, numbers of items as they are."""
    return told(frame.iter_rows(named=True), masses)


def told(rows: Iterable[dict[str, Any]], masses: Sequence[str]) -> list[dict[str, object]]:
    """The same of rows that stand in no frame."""
    from openmpca.nuclear.mass import format_grams

    made: list[dict[str, object]] = []
    for row in rows:
        category, nuclide = row.pop("category"), row.pop("nuclide", "")
        key = f"{category}/{nuclide}" if nuclide else category
        row["weight"] = f"{category} items" if nuclide == ITEMS else key
        for name in masses:
            row[name] = int(row[name]) if nuclide == ITEMS else format_grams(row[name])
        made.append(row)
    return made
