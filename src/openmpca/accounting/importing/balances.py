"""Material balance reports of a history against the book that it made: every figure that differs is an open problem.

Rules kept here:

1. A figure counts with its rounding adjustment (RA), which makes it what the other reports say; corrected figures count
   as corrected. What is printed in whole grams or kilograms may differ from the book by the rounding.
2. Terms that only the book or only the report has are differences too, unless they are zero.

Source: Code 10, section 3 (MBR); INFCIRC/153, paragraph 67.
"""

from collections.abc import Iterator
from typing import Final

from openmpca.accounting.balance import material_balance, periods
from openmpca.accounting.importing.received import Received
from openmpca.accounting.importing.rules import FIGURE_DIFFERS, NOT_CLOSED
from openmpca.formats.code10.corrections import Ledger
from openmpca.formats.code10.records import BalanceEntry
from openmpca.nuclear.categories import agency_key, join_key, unit_of
from openmpca.nuclear.changes import ROUNDING_PREFIX, rounded_code
from openmpca.nuclear.mass import UG_PER_G, UG_PER_KG, format_grams
from openmpca.problems import Problem
from openmpca.record.known import Known

Figures = dict[tuple[str, str], int]
OPTIONAL: Final = "BE"
SHOWN: Final = 20
_MILLIGRAM: Final = 1000


def compare(found: list[Received], known: Known) -> list[Problem]:
    """The differences between the balances reported and the book as known."""
    problems: list[Problem] = []
    for mba in dict.fromkeys(each.mba for each in found if each.sort == "M"):
        problems += _of_area([each for each in found if each.mba == mba], mba, known.number - 1, known.using)
    return problems


def _of_area(found: list[Received], mba: str, number: int, using: str) -> Iterator[Problem]:
    ledger = Ledger()
    for each in sorted(found, key=lambda received: received.number):
        ledger.apply(each.report)
    closed = {period.end: period for period in periods(mba, number, using=using)}
    for each in found:
        if each.sort != "M":
            continue
        record = f"{each.file}: {each.report.name}"
        printed = _figures([line for line in ledger.of_report(each.number) if isinstance(line, BalanceEntry)])
        if printed and each.end not in closed:
            yield NOT_CLOSED.problem(f"No listing of {each.end} was reported.", record=record, field="015")
        elif printed:
            period = closed[each.end]
            yield from _differences(printed, book_figures(mba, period.begin, period.end, number, using), record)


def book_figures(mba: str, begin: object, end: object, number: int, using: str = "default") -> Figures:
    """The terms of the book's balance in the Agency's categories: code and weight key to micrograms."""
    rows = material_balance(mba, begin, end, number, using=using)  # type: ignore[arg-type]
    figures: Figures = {}
    for code, category, nuclide, ug in rows.iter_rows():
        key = "" if nuclide == "#" else agency_key(join_key(category, nuclide))
        if key:
            figures[code, key] = figures.get((code, key), 0) + ug
    return figures


def _figures(lines: list[BalanceEntry]) -> Figures:
    figures: Figures = {}
    for line in lines:
        code = rounded_code(line.code) or line.code
        if line.code.removeprefix(ROUNDING_PREFIX) == OPTIONAL:
            continue
        for key, ug in line.weights.items():
            figures[code, key] = figures.get((code, key), 0) + ug
    return figures


def _differences(printed: Figures, book: Figures, record: str) -> Iterator[Problem]:
    keys = {key for _, key in printed}
    whole = sorted({*printed, *(each for each in book if each[0] != OPTIONAL and each[1] in keys)})
    differing = [
        (code, key) for code, key in whole if _differs(printed.get((code, key), 0), book.get((code, key), 0), key)
    ]
    for code, key in differing[:SHOWN]:
        says, has = printed.get((code, key), 0), book.get((code, key), 0)
        message = f"{code} of {key}: the report has {format_grams(says)} g, the book {format_grams(has)} g."
        yield FIGURE_DIFFERS.problem(message, record=record, field="411")
    if len(differing) > SHOWN:
        first = FIGURE_DIFFERS.problem(f"{len(differing) - SHOWN} more figures differ.", record=record, field="411")
        yield first


def _differs(printed: int, book: int, key: str) -> bool:
    unit = UG_PER_KG if unit_of(key) == "K" else UG_PER_G
    step = unit if printed % unit == 0 else _MILLIGRAM
    return abs(printed - book) * 2 > step
