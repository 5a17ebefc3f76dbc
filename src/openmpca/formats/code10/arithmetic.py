"""The material balance in whole micrograms, with the rounding adjustments of a printed report.

Signs: BE = PB + increases - decreases; BA = BE - DI with DI shipper minus receiver; MF = BA - PE, book minus physical.
Figures of changes are positive, the code says which way they go; a category change takes from its first category and
gives to its second; rebatching is no term of the balance.

Rounding: every figure is printed once, rounded from its exact total (half away from zero). A consolidated figure and PE
get RAxx = (sum of the figures already reported, as reported) - (figure printed); RABE, RABA and RAMF are what the
printed figures above them give, less the figure printed. All are stated only where they are not zero.

Sources: SG-FM-1172 (2011), rounding adjustments and formulas; INFCIRC/153 paragraph 67 for the order of lines.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from openmpca.nuclear.categories import split_key
from openmpca.nuclear.changes import CHANGES, ROUNDING_PREFIX, mbr_order
from openmpca.nuclear.mass import round_half_up


class Total(msgspec.Struct, frozen=True):
    """The total of one code and weight key in micrograms.

    ``exact`` is what the book knows; ``reported`` the sum of the figures that the receiver already got, rounded as they
    were sent (None: sent unrounded, the same as exact).
    """

    exact: int
    reported: int | None = None


class BalanceLine(msgspec.Struct, frozen=True):
    """One line of a material balance: a code and its weights in micrograms by weight key of one category."""

    code: str
    weights: dict[str, int]


Totals = Mapping[str, Mapping[str, Total]]
"""Code (PB, the inventory changes, DI, PE) to weight key to total."""


def effect(code: str, category: str) -> Literal[-1, 0, 1]:
    """What a positive figure of an inventory change does to the book balance of a category; DI and rebatching give 0.

    >>> effect("RF", "E"), effect("LN", "E"), effect("EN", "E"), effect("EN", "N"), effect("RM", "E"), effect("DI", "E")
    (1, -1, -1, 1, 0, 0)
    """
    change = CHANGES[code]
    if change.kind == "category":
        return (-1 if category == change.from_category else 1) if category in code else 0
    return 0 if change.kind in ("adjustment", "rebatch") else change.effect


def book_ending(figures: Mapping[str, int], category: str) -> int:
    """BE: PB and the signed changes among the figures (code to micrograms) of one category."""
    changes = (effect(code, category) * ug for code, ug in figures.items() if code in CHANGES)
    return figures.get("PB", 0) + sum(changes)


def adjusted_ending(figures: Mapping[str, int], category: str) -> int:
    """BA: BE less the shipper/receiver differences."""
    return book_ending(figures, category) - figures.get("DI", 0)


def unaccounted(figures: Mapping[str, int]) -> int:
    """MF: BA among the figures less PE."""
    return figures.get("BA", 0) - figures.get("PE", 0)


def derived(figures: Mapping[str, int], category: str) -> dict[str, int]:
    """BE, BA and MF as the other figures give them: BE and BA from the changes, MF from the BA among the figures.

    >>> derived({"PB": 100, "RD": 50, "SD": 20, "BA": 131, "PE": 131}, "E")
    {'BE': 130, 'BA': 130, 'MF': 0}
    """
    return {
        "BE": book_ending(figures, category),
        "BA": adjusted_ending(figures, category),
        "MF": unaccounted(figures),
    }


def printed_figures(totals: Mapping[str, Total], category: str, step: int, *, with_ending: bool) -> dict[str, int]:
    """The figures and rounding adjustments of one weight key in the order of the report; ``step`` is one printed unit.

    ``totals`` holds PB, PE, the changes and DI by code. BE stands only ``with_ending``.
    """
    exact = {code: total.exact for code, total in {"PB": Total(0), "PE": Total(0), **totals}.items()}
    exact["BE"] = book_ending(exact, category)
    exact["BA"] = adjusted_ending(exact, category)
    exact["MF"] = unaccounted(exact)
    if not with_ending:
        del exact["BE"]
    printed = {code: round_half_up(ug, step) for code, ug in exact.items()}
    wanted = derived(printed, category)
    for code, total in totals.items():
        wanted[code] = total.exact if total.reported is None else total.reported
    adjustments = {ROUNDING_PREFIX + code: wanted.get(code, ug) - ug for code, ug in printed.items()}
    figures = printed | {code: ug for code, ug in adjustments.items() if ug}
    return {code: figures[code] for code in sorted(figures, key=lambda code: _order(code, category))}


def _order(code: str, category: str) -> tuple[int, str, bool]:
    adjusted = code.removeprefix(ROUNDING_PREFIX)
    return mbr_order(adjusted, category), adjusted, code != adjusted


def balance_lines(
    totals: Totals, *, steps: Mapping[str, int] | None = None, with_ending: bool = False
) -> list[BalanceLine]:
    """The lines of a material balance report: one block a category in the order of their appearance, PB first.

    ``totals``: PB, PE, the inventory changes and DI, each by weight key; a key that a code lacks counts as zero there.
    ``steps``: printed unit in micrograms by category (``{"E": UG_PER_G, "N": UG_PER_KG}``), or by weight key where an
    isotope is printed finer; without one the figures are printed exactly. Rebatching is left out.

    A rounding adjustment stands behind the line that it adjusts, with those weights that need it.

    >>> lines = balance_lines({"PB": {"T": Total(100)}, "SD": {"T": Total(20)}, "PE": {"T": Total(79)}})
    >>> [(line.code, line.weights["T"]) for line in lines]
    [('PB', 100), ('SD', 20), ('BA', 80), ('PE', 79), ('MF', 1)]
    """
    kept = {code: weights for code, weights in totals.items() if code not in CHANGES or CHANGES[code].in_balance}
    keys = list(dict.fromkeys(key for weights in kept.values() for key in weights))
    lines: list[BalanceLine] = []
    for category in dict.fromkeys(split_key(key)[0] for key in keys):
        own = [key for key in keys if split_key(key)[0] == category]
        codes = [code for code, weights in kept.items() if any(key in weights for key in own)]
        columns = {}
        for key in own:
            column = {code: kept[code].get(key, Total(0)) for code in codes}
            columns[key] = printed_figures(column, category, _step(key, steps or {}), with_ending=with_ending)
        lines += _joined(columns, category)
    return lines


def _step(key: str, steps: Mapping[str, int]) -> int:
    return steps.get(key, steps.get(split_key(key)[0], 1))


def _joined(columns: Mapping[str, Mapping[str, int]], category: str) -> Iterable[BalanceLine]:
    """The figures of the weight keys of one category side by side."""
    codes = {code for column in columns.values() for code in column}
    for code in sorted(codes, key=lambda code: _order(code, category)):
        yield BalanceLine(code, {key: column[code] for key, column in columns.items() if code in column})
