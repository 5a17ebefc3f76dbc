"""Rules 230 to 237: the lines of one material balance report among themselves.

The arithmetic is exact: each figure with its rounding adjustment must be what the printed figures above it give. A
report that corrects single lines of an earlier one is not looked at here but where the two are put together
(``sequence.py``). Source: SG-FM-1172, rounding adjustments; INFCIRC/153 paragraph 67.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from openmpca.formats.code10 import consistency_rules as rules
from openmpca.formats.code10.arithmetic import derived
from openmpca.formats.code10.records import BalanceEntry, Report, line_name
from openmpca.nuclear.categories import split_key, unit_of
from openmpca.nuclear.changes import CHANGES, MBR_ENTRIES, ROUNDING_PREFIX, rounded_code
from openmpca.nuclear.mass import UG_PER_G, UG_PER_KG, format_grams
from openmpca.problems import Problem

Figures = dict[str, int]

_RULES: Final = {"BE": rules.ENDING_BOOK, "BA": rules.ADJUSTED_BOOK, "MF": rules.MUF}


def check_balance(report: Report) -> Iterator[Problem]:
    """What does not add up in a balance whose lines are all new."""
    if report.balance and all(line.status == "N" for line in report.balance):
        yield from check_lines(report, report.balance)


def check_lines(report: Report, lines: tuple[BalanceEntry, ...]) -> Iterator[Problem]:
    """What does not add up in these lines of the balance of the report."""
    yield from _repeated(report, lines)
    figures = figures_of(lines)
    for category in dict.fromkeys(split_key(key)[0] for key in figures):
        codes = [line.code for line in lines if category in line.categories]
        yield from _lines_of(report, category, codes)
    for key, column in figures.items():
        yield from _column(report, key, column)


def figures_of(lines: tuple[BalanceEntry, ...]) -> dict[str, Figures]:
    """Weight key to code to micrograms; of a line that stands twice the first counts."""
    figures: dict[str, Figures] = {}
    for line in lines:
        for key, ug in line.weights.items():
            figures.setdefault(key, {}).setdefault(line.code, ug)
    return figures


def adjusted(column: Mapping[str, int], code: str) -> int:
    """A figure with its rounding adjustment; a line that is not there counts as zero."""
    return column.get(code, 0) + column.get(ROUNDING_PREFIX + code, 0)


def _repeated(report: Report, lines: tuple[BalanceEntry, ...]) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    for line in lines:
        for category in line.categories:
            if (line.code, category) in seen:
                message = f"{line.code} of {category} stands twice."
                yield rules.BALANCE_LINE_TWICE.problem(message, record=line_name(report.header, line), field="411")
            seen.add((line.code, category))


def _lines_of(report: Report, category: str, codes: list[str]) -> Iterator[Problem]:
    if "PB" in codes and codes[0] != "PB":
        message = f"{category} begins with {codes[0]}."
        yield rules.BEGINNING_FIRST.problem(message, record=report.name, field="411")
    for code, entry in MBR_ENTRIES.items():
        if code not in codes and not entry.optional:
            message = f"{category} has no {code}."
            yield rules.BALANCE_LINE_MISSING.problem(message, record=report.name, field="411")
    for code in codes:
        if (line := rounded_code(code)) and line not in codes:
            message = f"{category} has {code} and no {line}."
            yield rules.BALANCE_WITHOUT_ADJUSTED.problem(message, record=report.name, field="411")


def _column(report: Report, key: str, column: Figures) -> Iterator[Problem]:
    category = split_key(key)[0]
    unit = UG_PER_G if unit_of(key) == "G" else UG_PER_KG
    terms = sum(code in CHANGES or code in MBR_ENTRIES for code in column)
    for code, wanted in derived(column, category).items():
        if code not in column:
            continue
        if adjusted(column, code) != wanted:
            message = (
                f"{code} of {key} is {format_grams(column[code])} g, "
                f"with its rounding adjustment {format_grams(adjusted(column, code))} g; "
                f"the lines above give {format_grams(wanted)} g."
            )
            yield _RULES[code].problem(message, record=report.name, field="411")
        if abs(column.get(ROUNDING_PREFIX + code, 0)) * 2 > unit * (terms + 1):
            message = f"{ROUNDING_PREFIX}{code} of {key} is {format_grams(column[ROUNDING_PREFIX + code])} g."
            yield rules.LARGE_ROUNDING.problem(message, record=report.name, field="411")
