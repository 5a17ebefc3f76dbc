"""Significant quantities and effective kilograms of very many materials at once, in columns.

Rules kept here:

* The rules are those of `quantities`, whose exact fractions are the twin of what is here; a property test holds both
  against each other. Significant quantities are sums of whole micrograms by class and stay exact; effective kilograms,
  which go by the square of the enrichment, are floating point.
* A material of which `quantities` cannot tell is ``unknown`` and counts nothing.

Source: as for `quantities`.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

import polars as pl

from openmpca.nuclear.categories import CATEGORIES, FISSILE
from openmpca.nuclear.mass import UG_PER_KG
from openmpca.nuclear.quantities import BOUNDARIES, SIGNIFICANT

_ELEMENTS: Final = {code: each.element for code, each in CATEGORIES.items() if each.agency}
_EITHER: Final = "U233+U235"
_PARTS: Final = {"fissile": FISSILE, "either": _EITHER, "u233": "U233", "u235": "U235", "pu238": "Pu238"}


def _share(code: str) -> float:
    return float(BOUNDARIES[code].share)


def categories_of(weights: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """The reported categories of materials, a row each: ``by``, category, element, ug, enrichment, ``unknown``, parts.

    ``weights`` has the columns ``by``, which tell materials apart, and category, nuclide and ug.
    """
    parts = {name: pl.col("ug").filter(pl.col("nuclide") == nuclide).first() for name, nuclide in _PARTS.items()}
    element = pl.col("ug").filter(pl.col("nuclide") == "")
    rows = weights.filter(pl.col("nuclide") != "#").group_by(*by, "category").agg(ug=element.first(), **parts)
    weighed = pl.col("u233").is_not_null() | pl.col("u235").is_not_null()
    both = pl.when(weighed).then(pl.col("u233").fill_null(0) + pl.col("u235").fill_null(0))
    known = pl.coalesce("fissile", "either", both)
    fissile = pl.when(pl.col("ug") > 0).then(known / pl.col("ug"))
    natural = pl.when(pl.col("category") == "N").then(_share("natural"))
    depleted = pl.when(pl.col("category") == "D").then((_share("half_percent") + _share("natural")) / 2)
    rows = rows.with_columns(
        element=pl.col("category").replace_strict(_ELEMENTS, default="", return_dtype=pl.String),
        enrichment=pl.coalesce(fissile, natural, depleted),
    )
    nameless = ~pl.col("category").is_in(list(CATEGORIES)) | pl.col("ug").is_null()
    uranium = (pl.col("element") == "U") & (pl.col("ug") != 0)
    unknown = nameless | (uranium & pl.col("enrichment").is_null())
    rows = rows.with_columns(unknown=unknown.any().over(list(by)))
    return rows.filter(pl.col("unknown") | ((pl.col("element") != "") & (pl.col("ug") != 0)))


def effective_kilograms(rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """The effective kilograms of materials (`categories_of`): ``by``, effective, unknown."""
    e = pl.when(pl.col("element") == "U").then("enrichment").otherwise(0.0)
    factor = (
        pl.when(pl.col("element") == "Pu")
        .then(1.0)
        .when(e >= _share("percent"))
        .then(e * e)
        .when(e > _share("half_percent"))
        .then(1 / 10_000)
        .otherwise(1 / 20_000)
    )
    counted = pl.when(~pl.col("unknown")).then(pl.col("ug") / UG_PER_KG * factor).otherwise(0.0)
    return rows.group_by(by).agg(effective=counted.sum(), unknown=pl.col("unknown").any())


def significant_quantities(rows: pl.DataFrame, by: str) -> dict[str, Fraction]:
    """How many significant quantities materials hold (`categories_of`), exactly, by one of their columns."""
    high = pl.col("enrichment") >= _share("high")
    plain = pl.col("element").is_in(["Pu", "Th"]) | pl.col("category").is_in(["N", "D"])
    hot = pl.col("pu238").fill_null(0) / pl.col("ug") >= _share("heat")
    limit = (
        pl.when(pl.col("element") == "Pu")
        .then(pl.lit("Pu"))
        .when(pl.col("element") == "Th")
        .then(pl.lit("Th"))
        .when(pl.col("category").is_in(["N", "D"]))
        .then("category")
        .when(high)
        .then(pl.lit("HEU"))
        .otherwise(pl.lit("LEU"))
    )
    u233 = pl.col("u233").fill_null(0)
    u235 = pl.max_horizontal(pl.col("u235").fill_null(0), pl.col("either").fill_null(0) - u233)
    kept = rows.filter(~pl.col("unknown") & ~((pl.col("element") == "Pu") & hot))
    both = [
        kept.select(by, limit=limit, ug=pl.when(plain).then("ug").otherwise(u235)),
        kept.filter(~plain).select(by, limit=pl.lit("U233"), ug=u233),
    ]
    found: dict[str, Fraction] = {}
    for name, code, ug in pl.concat(both).group_by(by, "limit").agg(pl.col("ug").sum()).iter_rows():
        found[name] = found.get(name, Fraction(0)) + Fraction(ug, SIGNIFICANT[code].ug)
    return found
