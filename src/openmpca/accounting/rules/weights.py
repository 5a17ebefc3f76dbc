"""Checks of weights: keys, masses, categories, isotopes within elements, category changes (rules 350 to 364).

Weights are looked at twice: one row for each weight (is it a weight at all?), then one row for each category of a
statement (do its weights agree?). Sums of isotopes count a declared sum (U233+U235) once, whether or not its parts are
given too.
"""

from fractions import Fraction
from typing import Final

import polars as pl

from openmpca.accounting.rules import declared as rules
from openmpca.accounting.rules.checking import SHOWN, Check, problems, run, text
from openmpca.nuclear.categories import CATEGORIES, ELEMENT, FISSILE, join_key
from openmpca.nuclear.changes import CHANGES
from openmpca.nuclear.mass import MassError, parse_grams
from openmpca.nuclear.mass_columns import grams_from_ug, ug_from_grams
from openmpca.problems import Problem
from openmpca.record.frames import weights
from openmpca.record.known import Known, placeholders

LIMIT: Final = 2.0**63 * 0.99
LOOKED_UP_FROM: Final = LIMIT / 10_000
"""Statements that together move less than this cannot fill 64 bits within an epoch: the book is not looked up."""


def _keys() -> pl.DataFrame:
    rows = [
        {
            "key": join_key(category.code, nuclide),
            "category": category.code,
            "nuclide": nuclide,
            "element": category.element,
            "agency": category.agency,
            "needs_fissile": bool(category.required_one_of),
            "counts_as_fissile": nuclide in category.required_one_of,
            "declared": "+" in nuclide or nuclide == FISSILE,
            "part": any(nuclide in each.nuclide.split("+") for each in category.weights if "+" in each.nuclide),
            "low": float(Fraction(category.window.lower)) if category.window else None,
            "low_included": category.window.lower_included if category.window else None,
            "high": float(Fraction(category.window.upper)) if category.window else None,
            "high_included": category.window.upper_included if category.window else None,
        }
        for category in CATEGORIES.values()
        for nuclide in (ELEMENT, *(weight.nuclide for weight in category.weights))
    ]
    return pl.DataFrame(rows, schema_overrides={"low": pl.Float64, "high": pl.Float64})


_WINDOW: Final = ["low", "low_included", "high", "high_included", "needs_fissile"]
_ALL: Final = _keys()
KEYS: Final = _ALL.drop(_WINDOW)
_WINDOWS: Final = _ALL.select("category", *_WINDOW).unique("category")
_CODES: Final = pl.DataFrame(
    {
        "code": list(CHANGES),
        "signed": [each.signed for each in CHANGES.values()],
        "from_category": [each.from_category for each in CHANGES.values()],
        "to_category": [each.to_category for each in CHANGES.values()],
    }
)

_ELEMENT: Final = pl.col("nuclide") == ELEMENT
_EACH: Final = (
    Check(
        rules.WEIGHT_KEY,
        "weights",
        pl.col("category").is_null(),
        pl.format("{} is no weight key.", *text("key")),
        hard=True,
    ),
    Check(
        rules.POSITIVE,
        "weights",
        (pl.col("ug") < 0)
        & ~pl.col("signed").fill_null(False)
        & ~((pl.col("code") == "LN") & (pl.col("nuclide") != "")),
        pl.format("{} has {} g.", *text("key", "value")),
    ),
    Check(
        rules.UNIFIED,
        "weights",
        _ELEMENT & (pl.col("element") == "U") & ((pl.col("category") == "U") != pl.col("unified")),
        pl.when("unified")
        .then(pl.format("{} in area {}, which keeps all uranium as U.", *text("key", "mba")))
        .otherwise(pl.format("{} in area {}, which does not unify its uranium.", *text("key", "mba"))),
    ),
    Check(
        rules.CATEGORY_ALLOWED,
        "weights",
        _ELEMENT
        & (pl.col("categories").list.len() > 0)
        & ~pl.col("categories").list.contains(pl.col("category"))
        & ~pl.col("categories").list.contains(pl.col("agency")),
        pl.format("{} of area {}, which takes {}.", *text("category", "mba"), pl.col("categories").list.join(", ")),
    ),
)

_GIVEN: Final = pl.col("element_ug").is_not_null() & pl.col("weighed")
_ENRICHED: Final = pl.col("fissile_ug") / pl.col("element_ug")
_ABOVE: Final = _ENRICHED.gt(pl.col("low")) | (_ENRICHED.eq(pl.col("low")) & pl.col("low_included"))
_BELOW: Final = _ENRICHED.lt(pl.col("high")) | (_ENRICHED.eq(pl.col("high")) & pl.col("high_included"))

_TOGETHER: Final = (
    Check(
        rules.ELEMENT,
        "weights",
        pl.col("element_ug").is_null(),
        pl.format("Isotopes of {} stand without their element.", *text("category")),
    ),
    Check(
        rules.FISSILE,
        "weights",
        pl.col("needs_fissile") & ~pl.col("has_fissile"),
        pl.format("{} has no fissile weight.", *text("category")),
    ),
    Check(
        rules.ISOTOPE,
        "weights",
        _GIVEN & (pl.col("element_ug") >= 0) & (pl.col("largest_ug") > pl.col("element_ug")),
        pl.format(
            "Of {} an isotope has {} g, the element {} g.",
            *text("category"),
            grams_from_ug("largest_ug"),
            grams_from_ug("element_ug"),
        ),
    ),
    Check(
        rules.ISOTOPES,
        "weights",
        _GIVEN
        & (pl.col("element_ug") >= 0)
        & (pl.col("isotopes_ug") > pl.col("element_ug"))
        & (pl.col("largest_ug") <= pl.col("element_ug")),
        pl.format(
            "The isotopes of {} have {} g, the element {} g.",
            *text("category"),
            grams_from_ug("isotopes_ug"),
            grams_from_ug("element_ug"),
        ),
    ),
    Check(
        rules.DECLARED_SUM,
        "weights",
        (pl.col("parts") > 0)
        & (
            (pl.col("declared_ug") < pl.col("parts_ug"))
            | ((pl.col("parts") > 1) & (pl.col("declared_ug") != pl.col("parts_ug")))
        ),
        pl.format(
            "The declared sum of {} is {} g, its parts have {} g.",
            *text("category"),
            grams_from_ug("declared_ug"),
            grams_from_ug("parts_ug"),
        ),
    ),
    Check(
        rules.ENRICHMENT,
        "weights",
        (pl.col("element_ug") > 0) & pl.col("weighed") & (_ENRICHED <= 1) & ~(_ABOVE & _BELOW),
        pl.format("{} with {} % of fissile uranium.", *text("category"), (_ENRICHED * 100).round(4)),
    ),
)

_GIVEN_AT_ALL: Final = (
    Check(rules.WEIGHTS, "weights", pl.col("weights").list.len().fill_null(0) == 0, pl.lit("No weight is given.")),
)

_SIDES: Final = (
    Check(
        rules.BOTH_CATEGORIES,
        "weights",
        (pl.col("takers") == 0) | (pl.col("givers") == 0),
        pl.format("{} has weights of one side only.", *text("code")),
    ),
    Check(
        rules.SAME_ELEMENT,
        "weights",
        (pl.col("takers") > 0) & (pl.col("givers") > 0) & (pl.col("taken_ug") != pl.col("given_ug")),
        pl.format("{} takes {} g and gives {} g.", *text("code"), grams_from_ug("taken_ug"), grams_from_ug("given_ug")),
    ),
    Check(
        rules.OTHER_CATEGORY,
        "weights",
        pl.col("others") > 0,
        pl.format(
            "{} holds weights of another category than {} and {}.", *text("code", "from_category", "to_category")
        ),
        hard=True,
    ),
)


def check(frame: pl.DataFrame, kind: str, known: Known) -> list[Problem]:
    """The problems of the weights of changes or listed lines.

    ``frame`` has row, mba, weights, reported, unified, categories, and code where there are codes.
    """
    found = run(_GIVEN_AT_ALL, frame, kind)
    each = weights(frame.select("row", "weights"))
    if not each.height:
        return found
    of = _of(frame)
    parsed = each.lazy().with_columns(ug_from_grams("value").alias("ug")).join(KEYS.lazy(), on="key", how="left")
    each = _with_allowed(parsed.join(of.lazy(), on="row"), frame).collect()
    found += _masses(each, kind) + run(_EACH, each, kind)
    unread = each.filter(pl.col("category").is_null() | pl.col("ug").is_null())["row"]
    if unread.len():
        each = each.filter(~pl.col("row").is_in(unread.implode()))
    found += run(_TOGETHER, _by_category(each, of), kind)
    changed = each.filter((pl.col("from_category") != "") & (pl.col("nuclide") == ELEMENT))
    if changed.height:
        found += run(_SIDES, _sides(changed), kind)
    return found + _too_large(each, kind, known)


def _of(frame: pl.DataFrame) -> pl.DataFrame:
    """What the weights of a row belong to; a net loss or a difference is no material that could be weighed."""
    code = pl.col("code") if "code" in frame.columns else pl.lit("", pl.String).alias("code")
    of = frame.select("row", "mba", code, "reported", "unified", weighed=~code.is_in(["LN", "DI"]).fill_null(False))
    return of.join(_CODES, on="code", how="left")


def _with_allowed(each: pl.LazyFrame, frame: pl.DataFrame) -> pl.LazyFrame:
    """With the categories that each row's area takes, where it does not take all."""
    narrow = frame.filter(pl.col("categories").list.len() > 0).select("row", "categories")
    if not narrow.height:
        return each.with_columns(categories=pl.lit(None, pl.List(pl.String)))
    return each.join(narrow.lazy(), on="row", how="left")


def _masses(each: pl.DataFrame, kind: str) -> list[Problem]:
    wrong = each.filter(pl.col("ug").is_null()).sort("row")
    told = (
        (f"{kind} {row}", f"{key}: {_fault(value)}", False)
        for row, key, value in wrong.select("row", "key", "value").head(SHOWN).iter_rows()
    )
    return problems(rules.MASS, told, field="weights", more=pl.Series([False] * max(0, wrong.height - SHOWN)))


def _fault(text: str) -> str:
    """Why a text is no mass."""
    try:
        return f"{parse_grams(text)} ug."
    except MassError as error:
        return str(error)


def _by_category(each: pl.DataFrame, of: pl.DataFrame) -> pl.DataFrame:
    """Element and isotopes of each category of a row; a weight stands once, so that its sum is the weight itself."""
    element, declared, part = pl.col("nuclide") == ELEMENT, pl.col("declared"), pl.col("part")

    def only(which: pl.Expr) -> pl.Expr:
        return pl.when(which).then("ug")

    masked = each.lazy().select(
        "row",
        "category",
        element_ug=only(element),
        fissile=pl.col("counts_as_fissile"),
        largest_ug=only(~element),
        declared_ug=only(declared),
        parts_ug=only(part),
        parts=part,
        rest_ug=only(~element & ~declared & ~part),
    )
    summed = masked.group_by("row", "category").agg(
        pl.col("element_ug", "largest_ug", "declared_ug").max(),
        pl.col("parts_ug", "parts", "rest_ug").sum(),
        has_fissile=pl.col("fissile").max(),
    )
    whole = summed.join(_WINDOWS.lazy(), on="category").join(of.lazy().select("row", "reported", "weighed"), on="row")
    fissile = pl.coalesce("declared_ug", pl.when(pl.col("parts") > 0).then("parts_ug"))
    isotopes = pl.col("rest_ug") + pl.max_horizontal(pl.col("declared_ug").fill_null(0), "parts_ug")
    return whole.with_columns(fissile_ug=fissile, isotopes_ug=isotopes).collect()


def _sides(changed: pl.DataFrame) -> pl.DataFrame:
    taken, given = pl.col("agency") == pl.col("from_category"), pl.col("agency") == pl.col("to_category")
    return changed.group_by("row").agg(
        pl.col("reported", "code", "from_category", "to_category").first(),
        takers=taken.sum(),
        givers=given.sum(),
        others=(~taken & ~given).sum(),
        taken_ug=pl.col("ug").filter(taken).sum(),
        given_ug=pl.col("ug").filter(given).sum(),
    )


def _too_large(each: pl.DataFrame, kind: str, known: Known) -> list[Problem]:
    """Rule 364, before anything is added in whole numbers: the sums in floating point, which cannot overflow."""
    sums = each.group_by("mba", "category").agg(
        pl.col("ug").cast(pl.Float64).abs().sum().alias("size"), pl.col("row").max()
    )
    large = sums.filter(pl.col("size") > LOOKED_UP_FROM)
    if not large.height:
        return []
    mbas = large["mba"].unique().to_list()
    before = known.frame(
        "SELECT a.mba, c.category, SUM(ABS(CAST(c.ug AS DOUBLE PRECISION))) FROM accounting_cell c"  # noqa: S608
        " JOIN accounting_account a ON a.id = c.account"
        f" WHERE a.mba IN {placeholders(mbas)} GROUP BY a.mba, c.category",
        mbas,
        {"mba": pl.String, "category": pl.String, "before": pl.Float64},
    )
    whole = large.join(before, on=["mba", "category"], how="left")
    over = whole.filter(pl.col("size") + pl.col("before").fill_null(0) > LIMIT).sort("mba", "category")
    told = (
        (f"{kind} {row}", f"The masses of {category} of {area} no longer fit.", False)
        for row, area, category in over.select("row", "mba", "category").iter_rows()
    )
    return problems(rules.TOO_LARGE, told, field="weights")
