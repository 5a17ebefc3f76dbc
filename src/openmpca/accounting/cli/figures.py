"""Figures on the command line: masses as exact text in grams, items as whole numbers, nuclides as columns in order."""

ITEMS = "#"


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
