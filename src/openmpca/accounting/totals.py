"""Totals of the State, as of a day and as known at a statement.

Rules kept here:

1. What is on inventory, in transit, retained as waste and exempted are told apart; nothing is counted twice.
2. A batch belongs to the programme and owner that the last statement about it named, and to the holder in whose place
   it lies: a place, or a place around it, with the holder's code.
3. Masses are whole micrograms in frames, named `_ug`; items are pieces.

Source: national summaries by organisation (kind, enrichment class, programme, owner).
"""

import tomllib
from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal

import msgspec
import polars as pl

from openmpca.accounting import accounts, register
from openmpca.accounting.accounts import MAIN
from openmpca.accounting.contents import contents, materials
from openmpca.accounting.kept import balances
from openmpca.accounting.queries import View
from openmpca.accounting.statements import Facility, Holder, Mba, Place
from openmpca.accounting.transit import board as transit
from openmpca.accounting.transit.consignments import agency_category
from openmpca.nuclear.categories import CATEGORIES, enrichment, fissile_ug
from openmpca.record.known import query

By = Literal["category", "mba", "facility", "holder", "programme", "owner", "batch"]

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


def held(view: View, by: By = "category", mbas: list[str] | None = None) -> pl.DataFrame:
    """What is on inventory, by a dimension: that dimension, category, nuclide (``""`` element, ``#`` items), ug."""
    if by in ("category", "mba", "facility"):
        rows = balances(view, mbas).drop("code")
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


def of_group(view: View, group: str, mbas: list[str] | None = None) -> pl.DataFrame:
    """What the accounts of a group hold by area and batch (`retained_waste`, `exempted_use`, `exempted_quantity`,
    ...)."""
    rows = contents(view, accounts.group(group), mbas)
    return _summed(rows, ["mba", "batch"])


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
        rows = balances(view, mbas, accounts.group(group))
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
