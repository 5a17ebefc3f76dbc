"""Figures on the command line: masses as exact text in grams, items as whole numbers, nuclides as columns in order."""

from typing import TYPE_CHECKING

from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.accounting.queries import View

ITEMS = "#"


def must_know_area(mba: str, view: "View") -> None:
    """End the command where the book has no area of that code."""
    if mba not in set(view.accounts()["mba"]):
        console.not_found(f"There is no area {mba}.", "See `openmpca register mba`.")


def amount(nuclide: str, value: int | None) -> object:
    """The amount of a nuclide: a mass in grams, or a number of items as it is; None where there is none."""
    from openmpca.nuclear.mass import format_grams

    return value if value is None or nuclide == ITEMS else format_grams(value)


def heading(nuclide: str) -> str:
    """The head of a column of a nuclide: the element, an isotope, items."""
    return {"": "element g", ITEMS: "items"}.get(nuclide, f"{nuclide} g")


def in_order(nuclides: set[str]) -> list[str]:
    """Nuclides as columns: the element, its isotopes, items."""
    return sorted(nuclides, key=lambda each: (each == ITEMS, each != "", each))
