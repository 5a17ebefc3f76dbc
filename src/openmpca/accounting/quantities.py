"""Significant quantities, effective kilograms, and what is exempted against the limits of paragraph 37.

Rules kept here:

1. They go by enrichment, so they are summed batch by batch. What cannot be said of a batch, its enrichment being
   unknown, is listed and not counted as zero.
2. What an area holds is counted anew only when something was stated of it since (`kept`).

Source: INFCIRC/153, paragraphs 36, 37, 104.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import polars as pl

from openmpca.accounting import accounts
from openmpca.accounting.accounts import MAIN
from openmpca.accounting.contents import Material, held, materials
from openmpca.accounting.kept import Kept, OfRows
from openmpca.accounting.queries import View
from openmpca.accounting.totals import of_group
from openmpca.nuclear import quantity_columns as columns
from openmpca.nuclear.quantities import (
    EXEMPTION,
    ExemptionTotal,
    QuantityError,
    effective_kilograms,
    exemption_total,
    significant_quantities,
)
from openmpca.nuclear.quantity_columns import categories_of
from openmpca.problems import WARNING, Problem, rule

OVER_LIMIT: Final = rule(
    482,
    "The State's exempted quantities stay within the limits",
    severity=WARNING,
    source="INFCIRC/153, paragraph 37",
    mend="De-exempt material (DQ), or ask the Agency before more is exempted.",
)


@dataclass(frozen=True)
class Quantities:
    """Significant quantities and effective kilograms, exact; and the batches of which neither can be said."""

    significant: Fraction
    effective_kg: Fraction
    unknown: list[str]


def quantities(view: View, mbas: list[str] | None = None) -> Quantities:
    """How many significant quantities and effective kilograms are on inventory, batch by batch."""
    found = quantities_by_area(view, mbas).values()
    unknown = [text for each in found for text in each.unknown]
    return Quantities(
        total([each.significant for each in found]), total([each.effective_kg for each in found]), unknown
    )


def quantities_by_area(view: View, mbas: list[str] | None = None) -> dict[str, Quantities]:
    """The same by area; those that hold nothing are left out."""
    return {mba: each for mba, each in _BY_AREA.of(view, mbas).items() if each is not None}


def _by_area(view: View, mbas: Sequence[str]) -> dict[str, Quantities | None]:
    found: dict[str, list[Material]] = {}
    for each in materials(view, (MAIN,), list(mbas)):
        found.setdefault(each.mba, []).append(each)
    return {mba: _counted(found[mba]) if mba in found else None for mba in mbas}


_BY_AREA: Final = Kept(_by_area)


@dataclass(frozen=True)
class Significant:
    """Significant quantities, exact, and of how many batches they cannot be said."""

    quantities: Fraction
    unknown: int


def significant_by_area(view: View, mbas: Sequence[str] | None = None) -> dict[str, Significant]:
    """How many significant quantities areas hold; those that hold nothing are left out."""
    return _SIGNIFICANT.of({mba: rows for mba, rows in held(view, mbas).items() if rows.height})


def _significant(by_area: Mapping[str, pl.DataFrame]) -> dict[str, Significant]:
    rows = categories_of(pl.concat(by_area.values()), ["mba", "batch"])
    counted = columns.significant_quantities(rows, "mba")
    batches = rows.filter("unknown").select("mba", "batch").unique()
    unknown = dict(batches.group_by("mba").len().iter_rows())
    return {mba: Significant(counted.get(mba, Fraction(0)), unknown.get(mba, 0)) for mba in by_area}


_SIGNIFICANT: Final = OfRows(_significant)


def _counted(batches: Iterable[Material]) -> Quantities:
    significant, effective, unknown = list[Fraction](), list[Fraction](), list[str]()
    for each in batches:
        try:
            counted, kilograms = significant_quantities(each.weights), effective_kilograms(each.weights)
        except QuantityError as error:
            unknown.append(f"{each.mba} {each.batch}: {error}")
        else:
            significant.append(counted)
            effective.append(kilograms)
    return Quantities(total(significant), total(effective), unknown)


def total(parts: Sequence[Fraction]) -> Fraction:
    """The exact sum, by halves: denominators grow with each step, so there should be few steps with large ones.

    >>> total([Fraction(1, 3), Fraction(1, 6), Fraction(1, 2)])
    Fraction(1, 1)
    """
    if len(parts) < 2:
        return parts[0] if parts else Fraction(0)
    half = len(parts) // 2
    return total(parts[:half]) + total(parts[half:])


@dataclass(frozen=True)
class Exemptions:
    """Exempted material: by use and on quantity, batch by batch, and what the latter counts against paragraph 37."""

    use: pl.DataFrame
    quantity: pl.DataFrame
    total: ExemptionTotal
    unknown: list[str]
    problems: list[Problem]

    def limits(self) -> pl.DataFrame:
        """The limits with what counts against them: limit, name, counted_ug (rounded up), limit_ug."""
        counted = {code: getattr(self.total, code) for code in EXEMPTION}
        rows = [(code, each.name, -(-counted[code] // 1), each.ug) for code, each in EXEMPTION.items()]
        schema = {"limit": pl.String, "name": pl.String, "counted_ug": pl.Int64, "limit_ug": pl.Int64}
        return pl.DataFrame(rows, schema=schema, orient="row")


def exemptions(view: View, mbas: list[str] | None = None) -> Exemptions:
    """What is exempted in the State, live, against the limits of paragraph 37; or in some of its areas."""
    known, unknown = [], []
    for each in _exempted(view, mbas):
        try:
            exemption_total([each.weights])
        except QuantityError as error:
            unknown.append(f"{each.mba} {each.batch}: {error}")
        else:
            known.append(each.weights)
    total = exemption_total(known)
    over = [
        OVER_LIMIT.problem(f"More is exempted than the limit of {each.grams} g: {each.name}.", field=each.code)
        for each in total.exceeded()
    ]
    use, quantity = (of_group(view, group, mbas) for group in ("exempted_use", "exempted_quantity"))
    return Exemptions(use, quantity, total, unknown, over)


def _exempted(view: View, mbas: list[str] | None) -> list[Material]:
    """The batches exempted on quantity: both accounts of an area together."""
    found: dict[tuple[str, str], Material] = {}
    for each in materials(view, accounts.group("exempted_quantity"), mbas):
        one = found.setdefault((each.mba, each.batch), Material(each.mba, "EQ", each.batch, {}, 0))
        for key, ug in each.weights.items():
            one.weights[key] = one.weights.get(key, 0) + ug
    return [
        Material(each.mba, each.code, each.batch, {key: ug for key, ug in each.weights.items() if ug}, 0)
        for each in found.values()
    ]
