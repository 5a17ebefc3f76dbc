"""The book in rows, as the command line and the pages show it: a cell for each nuclide, lines with their balance.

Rules kept here:

1. Weights are told as text in grams, in columns by nuclide: the element, its isotopes, items.
2. What there is in several areas or batches is summed by category, nuclide by nuclide.
3. As reported means from the entries of reports, in the Agency's categories; reports tell no accounts and no batches.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from openmpca.accounting import figures

if TYPE_CHECKING:
    from openmpca.accounting.ledger import Line
    from openmpca.accounting.queries import View
    from openmpca.accounting.reporting.standing import State

Row = dict[str, object]
Cells = dict[tuple[str, ...], dict[str, int]]


def of_areas(view: "View", mbas: Sequence[str] | None, account: str) -> Cells:
    """What areas hold on an account, by area and category; all areas when none are named."""
    cells: Cells = {}
    from openmpca.accounting.kept import balances

    found = balances(view, mbas, [account])
    for area, category, nuclide, ug in found.select("mba", "category", "nuclide", "ug").iter_rows():
        cells.setdefault((area, category), {})[nuclide] = ug
    return cells


def of_batches(view: "View", mba: str, account: str) -> Cells:
    """What the batches of an area hold on an account, by batch and category."""
    from openmpca.accounting.accounts import MAIN
    from openmpca.accounting.contents import held

    cells: Cells = {}
    found = held(view, [mba])[mba] if account == MAIN else view.batches(mba, [account])
    rows = found.select("batch", "category", "nuclide", "ug").sort("batch", "category", "nuclide")
    for name, category, nuclide, ug in rows.iter_rows():
        cells.setdefault((name, category), {})[nuclide] = ug
    return cells


def as_reported(mbas: Iterable[str], day: date, state: "State", known: int | None) -> Cells:
    """What areas hold as reported, by area and category (rule 3)."""
    from openmpca.accounting.reporting.queries import reported
    from openmpca.nuclear.categories import split_key

    cells: Cells = {}
    for area in mbas:
        for key, ug in reported(area, day, state, known).items():
            category, nuclide = split_key(key)
            cells.setdefault((area, category), {})[nuclide] = ug
    return cells


def totals(cells: Cells, name: str = "total") -> Cells:
    """The sums by category (rule 2), under a name."""
    found: Cells = {}
    for (_, category), amounts in cells.items():
        of = found.setdefault((name, category), {})
        for nuclide, ug in amounts.items():
            of[nuclide] = of.get(nuclide, 0) + ug
    return dict(sorted(found.items()))


def nuclides(cells: Cells) -> list[str]:
    """The nuclides of cells, in the order of columns."""
    return figures.in_order({nuclide for amounts in cells.values() for nuclide in amounts})


def column(nuclide: str) -> str:
    """The name of the column of a nuclide."""
    return {"": "element", figures.ITEMS: "items"}.get(nuclide, nuclide)


def rows(cells: Cells, heads: tuple[str, str], columns: Sequence[str]) -> list[Row]:
    """A row for each cell, with a column for each nuclide."""
    return [
        dict(zip(heads, of, strict=True))
        | {column(each): figures.amount(each, amounts.get(each, 0)) for each in columns}
        for of, amounts in cells.items()
    ]


def corrects(line: "Line") -> str:
    """What a line of the ledger corrects or deletes, in words."""
    if line.corrects is None:
        return ""
    return f"deletes {line.corrects}" if line.deletes else f"corrects {line.corrects}"


def entry(line: "Line", by_booking: bool) -> Row:
    """What a line of the ledger says beside its figures."""
    return {
        "statement": line.number,
        "day": str(line.booked if by_booking else line.day),
        "code": line.code,
        "batch": line.batch,
        "about": corrects(line),
    }


def moved(nuclide: str) -> str:
    """The name of the column of what a line moved."""
    return f"± {figures.heading(nuclide)}"


def balance(nuclide: str) -> str:
    """The name of the column of the balance after a line."""
    return f"balance {figures.heading(nuclide)}"


def line_in_columns(line: "Line", by_booking: bool, columns: Sequence[str]) -> Row:
    """A line of the ledger with columns for nuclides: what moved, and the balance after it."""
    changed = {moved(each): figures.amount(each, line.moved.get(each)) for each in columns}
    held = {balance(each): figures.amount(each, line.balance.get(each, 0)) for each in columns}
    return entry(line, by_booking) | changed | held


def keyed(weights: dict[str, int]) -> Row:
    """Weights by key as text in grams, numbers of items as they are."""
    return {key: figures.amount(key.rpartition("/")[2], ug) for key, ug in weights.items()}
