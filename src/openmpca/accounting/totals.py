"""Totals of the State, as of a day and as known at a statement.

Rules kept here:

1. What is on inventory, in transit, retained as waste and exempted are told apart; nothing is counted twice.
2. Significant quantities, effective kilograms and the exemptions of paragraph 37 go by enrichment, so they are summed
   batch by batch. What cannot be said of a batch, its enrichment being unknown, is listed and not counted as zero.
3. A batch belongs to the programme and owner that the last statement about it named, and to the holder in whose place
   it lies: a place, or a place around it, with the holder's code.
4. Masses are whole micrograms in frames, named `_ug`; items are pieces.

Sources: INFCIRC/153, paragraphs 36, 37, 104; national summaries by organisation (kind, enrichment class, programme,
owner).
"""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

import msgspec
import polars as pl

from openmpca.accounting import accounts, register
from openmpca.accounting.accounts import ITEMS, MAIN
from openmpca.accounting.queries import View
from openmpca.accounting.statements import Facility, Holder, Mba, Place
from openmpca.accounting.transit import board as transit
from openmpca.accounting.transit.consignments import agency_category
from openmpca.nuclear.categories import CATEGORIES, enrichment, fissile_ug
from openmpca.nuclear.quantities import (
    EXEMPTION,
    ExemptionTotal,
    QuantityError,
    effective_kilograms,
    exemption_total,
    significant_quantities,
)
from openmpca.problems import WARNING, Problem, rule
from openmpca.record.known import placeholders, query

By = Literal["category", "mba", "facility", "holder", "programme", "owner", "batch"]

OVER_LIMIT: Final = rule(
    482,
    "The State's exempted quantities stay within the limits",
    severity=WARNING,
    source="INFCIRC/153, paragraph 37",
    mend="De-exempt material (DQ), or ask the Agency before more is exempted.",
)

CONTENTS: Final[dict[str, Any]] = {
    "mba": pl.String,
    "code": pl.String,
    "batch": pl.String,
    "category": pl.String,
    "nuclide": pl.String,
    "ug": pl.Int64,
}
_WHOLE: Final = ["category", "nuclide", "ug"]


class Class(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A class of enrichment of the national summary."""

    code: str
    name: str
    lower: str
    source: str
    unverified: bool = False


@cache
def classes() -> tuple[Class, ...]:
    """The classes of `data/summary.toml`, from the lowest on."""
    text = files("openmpca.accounting").joinpath("data", "summary.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text)["class"], tuple[Class, ...])


@dataclass(frozen=True)
class Material:
    """One batch on one account: its weights in ug by weight key, and its items."""

    mba: str
    code: str
    batch: str
    weights: dict[str, int]
    items: int


def contents(view: View, codes: Iterable[str] = (MAIN,), mbas: list[str] | None = None) -> pl.DataFrame:
    """What every batch holds on some accounts: the columns of `CONTENTS`, zero ones left out."""
    wanted = view.accounts(mbas, list(codes))
    ids = wanted["account"].to_list()
    found = [
        pl.DataFrame(schema={"account": pl.Int64, **{k: v for k, v in CONTENTS.items() if k not in ("mba", "code")}})
    ]
    for start in range(0, len(ids), 400):
        part = ids[start : start + 400]
        sql = (
            "SELECT account, batch, category, nuclide, CAST(SUM(ug) AS BIGINT) FROM accounting_posting"  # noqa: S608
            f" WHERE account IN {placeholders(part)} AND day <= %s AND number <= %s"
            " GROUP BY account, batch, category, nuclide HAVING SUM(ug) <> 0"
        )
        found.append(query(sql, [*part, view.day, view.number], found[0].schema, view.using))
    rows = pl.concat(found).join(wanted, on="account").select(list(CONTENTS))
    return rows.sort("mba", "batch", "code", "category", "nuclide")


def materials(view: View, codes: Iterable[str] = (MAIN,), mbas: list[str] | None = None) -> list[Material]:
    """The batches on some accounts, each with its weights."""
    found: dict[tuple[str, str, str], Material] = {}
    for mba, code, batch, category, nuclide, ug in contents(view, codes, mbas).iter_rows():
        held = found.setdefault((mba, code, batch), Material(mba, code, batch, {}, 0))
        if nuclide == ITEMS:
            found[mba, code, batch] = Material(mba, code, batch, held.weights, held.items + ug)
        else:
            held.weights[f"{category}/{nuclide}" if nuclide else category] = ug
    return list(found.values())


def held(view: View, by: By = "category", mbas: list[str] | None = None) -> pl.DataFrame:
    """What is on inventory, by a dimension: that dimension, category, nuclide (``""`` element, ``#`` items), ug."""
    if by in ("category", "mba", "facility"):
        rows = view.balances(mbas, [MAIN]).drop("code")
    else:
        rows = contents(view, (MAIN,), mbas).drop("code")
    return by_dimension(rows, by, view)


def by_dimension(rows: pl.DataFrame, by: By, view: View) -> pl.DataFrame:
    """Rows of mba (and batch, where the dimension is told by batches), category, nuclide, ug, summed by a dimension."""
    if by == "category":
        return _summed(rows, [])
    named = rows.with_columns(_DIMENSIONS[by](rows, view).alias(by)) if by not in ("mba", "batch") else rows
    return _summed(named, ["mba", "batch"] if by == "batch" else [by])


def _summed(rows: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    summed = rows.group_by(*by, "category", "nuclide").agg(pl.col("ug").sum())
    return summed.filter(pl.col("ug") != 0).select(*by, *_WHOLE).sort(*by, "category", "nuclide")


def _facility(rows: pl.DataFrame, view: View) -> pl.Series:
    day = accounts.date_of(view.day)
    found = {
        each.fields.code: each.fields.facility
        for each in register.register(Mba, day, view.number, ended=True, using=view.using)
    }
    return rows["mba"].replace_strict(found, default="", return_dtype=pl.String)


def _holder(rows: pl.DataFrame, view: View) -> pl.Series:
    day = accounts.date_of(view.day)
    holders = {
        (each.fields.mba, each.fields.code)
        for each in register.register(Holder, day, view.number, ended=True, using=view.using)
    }
    around = {
        (each.fields.mba, each.fields.code): each.fields.within
        for each in register.register(Place, day, view.number, ended=True, using=view.using)
    }
    places = _places(view)
    found = [_holder_of(mba, places.get((mba, batch), ""), holders, around) for mba, batch in _pairs(rows)]
    return pl.Series("holder", found, dtype=pl.String)


def _holder_of(mba: str, place: str, holders: set[tuple[str, str]], around: dict[tuple[str, str], str]) -> str:
    seen: set[str] = set()
    while place and place not in seen:
        if (mba, place) in holders:
            return place
        seen.add(place)
        place = around.get((mba, place), "")
    return ""


def _places(view: View) -> dict[tuple[str, str], str]:
    """The place where each batch lies, by area and batch."""
    rows = query(
        "SELECT l.mba, l.batch, l.place FROM accounting_location l WHERE l.number <= %s AND l.day <= %s AND NOT EXISTS"
        " (SELECT 1 FROM accounting_correction c WHERE c.corrects = l.number AND c.number <= %s)"
        " ORDER BY l.day, l.number",
        [view.number, accounts.date_of(view.day), view.number],
        {"mba": pl.String, "batch": pl.String, "place": pl.String},
        view.using,
    )
    return {(mba, batch): place for mba, batch, place in rows.iter_rows()}


def _pairs(rows: pl.DataFrame) -> Iterable[tuple[str, str]]:
    return rows.select("mba", "batch").iter_rows()


def _labelled(field: str) -> Callable[[pl.DataFrame, View], pl.Series]:
    def labelled(rows: pl.DataFrame, view: View) -> pl.Series:
        found = labels(view, field)
        return pl.Series(field, [found.get(pair, "") for pair in _pairs(rows)], dtype=pl.String)

    return labelled


def labels(view: View, field: str) -> dict[tuple[str, str], str]:
    """The programme or owner of each batch by area and batch, as the last statement that named one has it."""
    rows = query(
        f"SELECT l.mba, l.batch, l.{field} FROM accounting_label l WHERE l.{field} <> '' AND l.number <= %s"  # noqa: S608
        " AND l.day <= %s AND NOT EXISTS"
        " (SELECT 1 FROM accounting_correction c WHERE c.corrects = l.number AND c.number <= %s)"
        " ORDER BY l.day, l.number",
        [view.number, accounts.date_of(view.day), view.number],
        {"mba": pl.String, "batch": pl.String, field: pl.String},
        view.using,
    )
    return {(mba, batch): name for mba, batch, name in rows.iter_rows()}


_DIMENSIONS: Final[dict[str, Callable[[pl.DataFrame, View], pl.Series]]] = {
    "facility": _facility,
    "holder": _holder,
    "programme": _labelled("programme"),
    "owner": _labelled("owner"),
}


@dataclass(frozen=True)
class Quantities:
    """Significant quantities and effective kilograms, exact; and the batches of which neither can be said."""

    significant: Fraction
    effective_kg: Fraction
    unknown: list[str]


def quantities(view: View, mbas: list[str] | None = None) -> Quantities:
    """How many significant quantities and effective kilograms are on inventory, batch by batch."""
    return _counted(materials(view, (MAIN,), mbas))


def quantities_by_area(view: View, mbas: list[str] | None = None) -> dict[str, Quantities]:
    """The same by area; those that hold nothing are left out."""
    held: dict[str, list[Material]] = {}
    for each in materials(view, (MAIN,), mbas):
        held.setdefault(each.mba, []).append(each)
    return {mba: _counted(batches) for mba, batches in held.items()}


def _counted(batches: Iterable[Material]) -> Quantities:
    significant = effective = Fraction(0)
    unknown = []
    for each in batches:
        try:
            counted, kilograms = significant_quantities(each.weights), effective_kilograms(each.weights)
        except QuantityError as error:
            unknown.append(f"{each.mba} {each.batch}: {error}")
        else:
            significant, effective = significant + counted, effective + kilograms
    return Quantities(significant, effective, unknown)


def of_group(view: View, group: str, mbas: list[str] | None = None) -> pl.DataFrame:
    """What the accounts of a group hold by area and batch (`retained_waste`, `exempted_use`, `exempted_quantity`,
    ...)."""
    rows = contents(view, accounts.group(group), mbas)
    return _summed(rows, ["mba", "batch"])


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


STATE: Final[dict[str, Any]] = {"where": pl.String, "category": pl.String, "nuclide": pl.String, "ug": pl.Int64}
SUBSIDIARY: Final = ("retained_waste", "exempted_use", "exempted_quantity", "terminated")


def of_state(view: View, mbas: list[str] | None = None) -> pl.DataFrame:
    """The whole State: inventory, transit and the subsidiary accounts, by category and nuclide (`STATE`).

    Of some areas the same without transit, which lies between areas.
    """
    parts = [held(view, "category", mbas).with_columns(where=pl.lit("inventory"))]
    if mbas is None:
        parts.append(transit.balance(view).with_columns(where=pl.lit("transit")))
    for group in SUBSIDIARY:
        rows = view.balances(mbas, accounts.group(group))
        parts.append(_summed(rows, []).with_columns(where=pl.lit(group)))
    return pl.concat([each.select(list(STATE)) for each in parts])


SUMMARY: Final[dict[str, Any]] = {
    "organisation": pl.String,
    "kind": pl.String,
    "enrichment_class": pl.String,
    "programme": pl.String,
    "owner": pl.String,
    "element_ug": pl.Int64,
    "fissile_ug": pl.Int64,
    "items": pl.Int64,
    "batches": pl.Int64,
}


def summary(view: View, mbas: list[str] | None = None) -> pl.DataFrame:
    """The national summary: what each organisation holds by kind, enrichment class, programme and owner (`SUMMARY`).

    An organisation is the party that answers for the facility, or the facility where none is named. Items count with
    the first category of a batch.
    """
    organisations = _organisations(view)
    programmes, owners = labels(view, "programme"), labels(view, "owner")
    rows = []
    for each in materials(view, (MAIN,), mbas):
        pair = (each.mba, each.batch)
        for at, category in enumerate(dict.fromkeys(key.partition("/")[0] for key in each.weights)):
            rows.append(
                (
                    organisations.get(each.mba, ""),
                    category,
                    enrichment_class(category, each.weights),
                    programmes.get(pair, ""),
                    owners.get(pair, ""),
                    each.weights.get(category, 0),
                    fissile_ug(category, each.weights) or 0,
                    each.items if at == 0 else 0,
                    1,
                )
            )
    found = pl.DataFrame(rows, schema=SUMMARY, orient="row")
    names = list(SUMMARY)[:5]
    return found.group_by(names).agg(pl.col(list(SUMMARY)[5:]).sum()).sort(names)


def _organisations(view: View) -> dict[str, str]:
    day = accounts.date_of(view.day)
    facilities = register.register(Facility, day, view.number, ended=True, using=view.using)
    parties = {each.fields.code: each.fields.for_party or each.fields.code for each in facilities}
    areas = register.register(Mba, day, view.number, ended=True, using=view.using)
    return {each.fields.code: parties.get(each.fields.facility, each.fields.facility) for each in areas}


def by_class(summed: pl.DataFrame) -> pl.DataFrame:
    """A national summary by kind and enrichment class alone."""
    names = ["kind", "enrichment_class"]
    return summed.group_by(names).agg(pl.col(list(SUMMARY)[5:]).sum()).sort(names)


def enrichment_class(category: str, weights: dict[str, int]) -> str:
    """The class of a batch's uranium; empty for other elements, ``unknown`` where its enrichment is not accounted.

    >>> enrichment_class("E", {"E": 100, "E/U235": 4}), enrichment_class("P", {"P": 1}), enrichment_class("N", {"N": 1})
    ('up-to-5', '', 'natural')
    """
    known = CATEGORIES.get(category)
    if known is None or known.element != "U":
        return ""
    enriched = enrichment(category, weights)
    if enriched is None:
        return {"N": "natural", "D": "below-natural"}.get(agency_category(category), "unknown")
    return [each.code for each in classes() if Fraction(each.lower) <= enriched][-1] if enriched >= 0 else "unknown"
