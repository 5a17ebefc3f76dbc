"""Checks across rows: names on a date, changes stated twice, parents, loss with production (rules 333 to 345).

They compare the statements of a writing with each other and with what the book holds already.
"""

from typing import Final

import polars as pl

from openmpca.accounting.accounts import AFTER_CUTOFF, INDEX, ISOTOPE, MAIN, PHASES, SPAN
from openmpca.accounting.book import NEGATED
from openmpca.accounting.rules import declared as rules
from openmpca.accounting.rules.checking import Check, run, text
from openmpca.nuclear.mass_columns import ug_from_grams
from openmpca.problems import Problem
from openmpca.record.frames import weights
from openmpca.record.known import Known, placeholders

_PART: Final = 2_000
_NAMED: Final = pl.when(pl.col("name") != "").then("name").otherwise("batch")

_CHANGE: Final = (
    Check(
        rules.NAME_OF_ONE,
        "name",
        pl.col("batches") > 1,
        pl.format("{} stands for {} batches of {} on {}.", *text("named", "batches", "mba", "day")),
    ),
    Check(
        rules.STATED_TWICE,
        "batch",
        pl.col("nth") > 0,
        pl.format("{} of {} in {} on {} stands in these statements before.", *text("code", "batch", "mba", "day")),
    ),
    Check(
        rules.STATED_TWICE,
        "batch",
        pl.col("stands").is_not_null(),
        pl.format("Statement {} is {} of {} in {} on {} too.", *text("stands", "code", "batch", "mba", "day")),
    ),
    Check(
        rules.LOSS_AND_PRODUCTION,
        "code",
        pl.col("alone"),
        pl.format("{} of {} on {} stands alone.", *text("code", "batch", "day")),
    ),
)
_PARENT: Final = (
    Check(rules.PARENTS, "parents", ~pl.col("is_known"), pl.format("No batch is called {}.", *text("parent"))),
)


def check_change(frame: pl.DataFrame, kind: str, known: Known) -> list[Problem]:
    """The problems of changes among themselves and beside the book."""
    frame = _with_twins_in_book(_with_twins_here(_with_names(frame)), known)
    return run(_CHANGE, _with_partner(frame, known), kind) + _parents(frame, kind, known)


def _with_names(frame: pl.DataFrame) -> pl.DataFrame:
    """With how many batches the name of each stands for on its day; one where no batch has another name."""
    if (frame["name"] == "").all():
        return frame.with_columns(named="batch", batches=pl.lit(1))
    frame = frame.with_columns(named=_NAMED)
    return frame.with_columns(batches=pl.col("batch").n_unique().over("mba", "day", "named"))


def _with_twins_here(frame: pl.DataFrame) -> pl.DataFrame:
    """With how many of the same changes stand before each; amounts are compared only where all else is the same."""
    same = ["mba", "day", "code", "batch", "after_cutoff"]
    alike = frame.filter(pl.col("corrects").is_null()).select("row", *same, "weights")
    alike = alike.filter(alike.select(same).is_duplicated())
    if not alike.height:
        return frame.with_columns(nth=pl.lit(0))
    nth = alike.select("row", nth=pl.int_range(pl.len()).over(*same, "weights"))
    return frame.join(nth, on="row", how="left")


def _with_twins_in_book(frame: pl.DataFrame, known: Known) -> pl.DataFrame:
    """With the number of a standing statement of the same area, code, day, batch and amount."""
    fresh = frame.filter(pl.col("corrects").is_null() & ~pl.col("reported"))
    there = batches_known(fresh["batch"].unique().to_list(), known)
    alike = fresh.filter(pl.col("batch").is_in(there)) if there else fresh.clear()
    if not alike.height:
        return frame.with_columns(stands=pl.lit(None, pl.Int64))
    standing = _standing(alike, known).group_by("row").agg(stands=pl.col("number").min())
    return frame.join(standing, on="row", how="left")


def _standing(alike: pl.DataFrame, known: Known) -> pl.DataFrame:
    """The rows with the numbers of standing statements that moved the same amount of the same batch on the same day."""
    first = weights(alike.select("row", "mba", "code", "day", "batch", "weights")).unique("row", keep="first")
    split = pl.col("key").str.split_exact("/", 1).struct
    asked = first.join(_accounts(first, known), on=["mba", "code"]).select(
        "row",
        "account",
        "batch",
        on=pl.col("day").cast(pl.Int32).cast(pl.Int64),
        category=split.field("field_0"),
        nuclide=split.field("field_1").fill_null(""),
        size=ug_from_grams("value").abs(),
    )
    names = asked["batch"].unique().to_list()
    found = [_of_batches(asked, names[start : start + _PART], known) for start in range(0, len(names), _PART)]
    return pl.concat([asked.select("row", number="on").clear(), *found])


def _accounts(rows: pl.DataFrame, known: Known) -> pl.DataFrame:
    mbas = rows["mba"].unique().to_list()
    return known.frame(
        f"SELECT mba, code, id FROM accounting_account WHERE mba IN {placeholders(mbas)}",  # noqa: S608
        mbas,
        {"mba": pl.String, "code": pl.String, "account": pl.Int64},
    )


def _of_batches(asked: pl.DataFrame, names: list[str], known: Known) -> pl.DataFrame:
    part = asked.filter(pl.col("batch").is_in(names))
    first, last = int(part["on"].min()), int(part["on"].max())  # type: ignore[arg-type]
    rows = known.frame(
        "SELECT p.number, p.account, p.day, p.batch, p.category, p.nuclide, ABS(p.ug) FROM accounting_posting p"  # noqa: S608
        f" WHERE p.batch IN {placeholders(names)} AND p.day >= %s AND p.day <= %s AND p.line < %s"
        " AND NOT EXISTS (SELECT 1 FROM accounting_correction c WHERE c.corrects = p.number)",
        [*names, first * PHASES, last * PHASES + AFTER_CUTOFF, NEGATED],
        {
            "number": pl.Int64,
            "account": pl.Int64,
            "on": pl.Int64,
            "batch": pl.String,
            "category": pl.String,
            "nuclide": pl.String,
            "size": pl.Int64,
        },
    )
    rows = rows.with_columns(pl.col("on") // PHASES)
    return part.join(rows, on=["account", "on", "batch", "category", "nuclide", "size"]).select("row", "number")


def _with_partner(frame: pl.DataFrame, known: Known) -> pl.DataFrame:
    """Whether a nuclear loss of uranium or thorium, or a production, lacks the other for its batch and day."""
    both = frame.filter(pl.col("code").is_in(["LN", "NP"]))
    if not both.height:
        return frame.with_columns(alone=pl.lit(False))
    heavy = weights(both.select("row", "weights")).filter(~pl.col("key").str.starts_with("P"))["row"].unique()
    both = both.filter((pl.col("code") == "NP") | pl.col("row").is_in(heavy.implode()))
    pair = ["mba", "day", "batch"]
    alone = both.with_columns(codes=pl.col("code").n_unique().over(pair)).filter(pl.col("codes") == 1)
    alone = alone.select("row", "mba", "batch", "code", "day")
    if alone.height:
        alone = alone.join(_partners(alone, known), on=["row"], how="anti")
    return frame.with_columns(alone=pl.col("row").is_in(alone["row"].implode()))


def _partners(alone: pl.DataFrame, known: Known) -> pl.DataFrame:
    """The rows whose other half stands in the book."""
    partner = {"LN": "NP", "NP": "LN"}
    on = pl.col("day").cast(pl.Int32).cast(pl.Int64)
    asked = alone.with_columns(on=on, code=pl.col("code").replace(partner))
    asked = asked.join(_accounts(alone, known), on=["mba", "code"])
    names = asked["batch"].unique().to_list()
    found = [asked.select("row").clear()]
    for start in range(0, len(names), _PART):
        part = names[start : start + _PART]
        rows = known.frame(
            f"SELECT DISTINCT account, batch, day FROM accounting_posting WHERE batch IN {placeholders(part)}",  # noqa: S608
            part,
            {"account": pl.Int64, "batch": pl.String, "on": pl.Int64},
        )
        rows = rows.with_columns(pl.col("on") // PHASES)
        found.append(asked.join(rows, on=["account", "batch", "on"], how="semi").select("row"))
    return pl.concat(found)


def _parents(frame: pl.DataFrame, kind: str, known: Known) -> list[Problem]:
    named = frame.filter(pl.col("parents").list.len() > 0).select("row", "reported", parent="parents").explode("parent")
    if not named.height:
        return []
    here = set(frame["batch"])
    unknown = [parent for parent in named["parent"].unique().to_list() if parent not in here]
    there = here | set(batches_known(unknown, known))
    return run(_PARENT, named.with_columns(is_known=pl.col("parent").is_in(list(there))), kind)


def batches_known(names: list[str], known: Known) -> list[str]:
    """Which of some batches stand anywhere in the book."""
    found: list[str] = []
    if not known.frame("SELECT 1 FROM accounting_posting LIMIT 1", [], {"one": pl.Int64}).height:
        return found
    for start in range(0, len(names), _PART):
        part = names[start : start + _PART]
        rows = known.frame(
            f"SELECT DISTINCT batch FROM accounting_posting WHERE batch IN {placeholders(part)}",  # noqa: S608
            part,
            {"batch": pl.String},
        )
        found += rows["batch"].to_list()
    return found


def on_book(frame: pl.DataFrame, known: Known) -> pl.Series:
    """The rows of a frame (row, mba, batch) whose batch has ever stood on the main account of its area."""
    found: list[int] = []
    for part in frame.select("row", "mba", "batch").partition_by("mba"):
        names = part["batch"].unique().to_list()
        few = f" AND p.batch IN {placeholders(names)}" if len(names) <= _PART else ""
        rows = known.frame(
            "SELECT DISTINCT p.batch FROM accounting_posting p JOIN accounting_account a ON a.id = p.account"  # noqa: S608
            f" WHERE a.mba = %s AND a.code = %s{few}",
            [part["mba"][0], MAIN, *(names if few else [])],
            {"batch": pl.String},
        )
        found += part.join(rows, on="batch", how="semi")["row"].to_list()
    return pl.Series("row", found, dtype=pl.Int64)


def counter_code(account: str = "account") -> pl.Expr:
    """The code of an account identifier."""
    codes = {index: code for code, index in INDEX.items()}
    return (pl.col(account) % SPAN).replace_strict(codes, return_dtype=pl.String)


NOT_OWN: Final = (INDEX[MAIN], INDEX[ISOTOPE])
