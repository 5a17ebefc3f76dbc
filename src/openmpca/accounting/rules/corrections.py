"""Checks of corrections and deletions: what they correct stands, and may be corrected so (rules 370 to 375).

Statements may correct earlier ones of the same segment: the n-th of them gets the number of what is known plus n.
"""

from typing import Final

import polars as pl

from openmpca.accounting.book import NEGATED
from openmpca.accounting.rules import declared as rules
from openmpca.accounting.rules.batches import NOT_OWN, counter_code
from openmpca.accounting.rules.checking import Check, run, text
from openmpca.accounting.statements import Change
from openmpca.problems import Problem
from openmpca.record.known import Known, placeholders
from openmpca.record.reading import stored_many

DELETION: Final = "accounting.deletion"
_PART: Final = 500
_TARGET: Final = {
    "corrects": pl.Int64,
    "target_kind": pl.String,
    "target_mba": pl.String,
    "target_day": pl.Int64,
    "target_code": pl.String,
    "target_batch": pl.String,
    "target_inventory": pl.Int64,
}

_EACH: Final = (
    Check(
        rules.CORRECTED,
        "corrects",
        pl.col("target_kind").is_null(),
        pl.format("There is no statement {} before.", *text("corrects")),
        hard=True,
    ),
    Check(
        rules.CORRECTED_KIND,
        "corrects",
        pl.col("target_kind").is_not_null() & ~pl.col("fitting"),
        pl.format("Statement {} is {}.", *text("corrects", "target_kind")),
        hard=True,
    ),
    Check(
        rules.CORRECTED_AREA,
        "mba",
        pl.col("target_mba") != pl.col("mba"),
        pl.format("Statement {} is of {}, not of {}.", *text("corrects", "target_mba", "mba")),
        hard=True,
    ),
    Check(
        rules.CORRECTED_AREA,
        "inventory",
        pl.col("target_inventory") != pl.col("inventory"),
        pl.format("Statement {} is of inventory {}, not {}.", *text("corrects", "target_inventory", "inventory")),
        hard=True,
    ),
    Check(
        rules.CORRECTED_LIVE,
        "corrects",
        pl.col("by").is_not_null(),
        pl.format("Statement {} is corrected or deleted by statement {}.", *text("corrects", "by")),
        hard=True,
    ),
    Check(
        rules.REASON,
        "reason",
        pl.col("reason").str.strip_chars() == "",
        pl.format("No reason is given for correcting statement {}.", *text("corrects")),
    ),
    Check(
        rules.IN_PLACE,
        "corrects",
        pl.col("moved") != "",
        pl.format("The correction of statement {} changes{}.", *text("corrects", "moved")),
    ),
)  # fmt: skip


def check(frame: pl.DataFrame, kind: str, known: Known) -> list[Problem]:
    """The problems of the corrections among changes, listed lines or deletions."""
    numbered = frame.with_columns(number=pl.col("row") + (known.number - 1))
    aims = numbered.filter(pl.col("corrects").is_not_null())
    if not aims.height:
        return []
    wanted = aims["corrects"].unique().to_list()
    targets = pl.concat([_recorded(wanted, known), _here(numbered, wanted, kind)])
    aims = aims.join(targets, on="corrects", how="left")
    ahead = pl.col("corrects") >= pl.col("number")
    aims = aims.with_columns(pl.when(ahead).then(None).otherwise("target_kind").alias("target_kind"))
    aims = _with_fate(aims, wanted, known)
    fits = pl.col("target_kind").is_in(["accounting.change", "accounting.listed"] if kind == DELETION else [kind])
    inventory = pl.col("inventory") if "inventory" in aims.columns else pl.lit(None, pl.Int64)
    return run(_EACH, aims.with_columns(fitting=fits, moved=_moved(kind), inventory=inventory), kind)


def _moved(kind: str) -> pl.Expr:
    if kind == DELETION:
        return pl.lit("")
    pairs = [("batch", pl.col("batch") != pl.col("target_batch"))]
    if kind == "accounting.change":
        day = pl.col("day").cast(pl.Int32).cast(pl.Int64)
        pairs += [("day", day != pl.col("target_day")), ("code", pl.col("code") != pl.col("target_code"))]
    return pl.concat_str(
        [pl.when(each.fill_null(False)).then(pl.lit(f" {name}")).otherwise(pl.lit("")) for name, each in pairs]
    )


def _recorded(numbers: list[int], known: Known) -> pl.DataFrame:
    found = [pl.DataFrame(schema=_TARGET)]
    for start in range(0, len(numbers), _PART):
        found.append(_recorded_part(numbers[start : start + _PART], known))
    return pl.concat(found)


def _recorded_part(numbers: list[int], known: Known) -> pl.DataFrame:
    marks = placeholders(numbers)
    kinds = known.frame(
        f"SELECT number, kind FROM record_statement WHERE number IN {marks}",  # noqa: S608
        numbers,
        {"corrects": pl.Int64, "target_kind": pl.String},
    )
    changed = known.frame(
        "SELECT p.number, p.account, a.mba, p.day, p.batch FROM accounting_posting p"  # noqa: S608
        " JOIN accounting_account a ON a.id = p.account"
        f" WHERE p.line < %s AND p.number IN {marks} ORDER BY p.number, p.line",
        [NEGATED, *numbers],
        {"corrects": pl.Int64, "account": pl.Int64, "mba": pl.String, "day": pl.Int64, "batch": pl.String},
    )
    changed = changed.filter(~(pl.col("account") % 64).is_in(list(NOT_OWN))).unique("corrects", keep="first")
    changed = changed.with_columns(pl.col("day") // 4, code=counter_code(), inventory=pl.lit(None, pl.Int64))
    listed = known.frame(
        "SELECT DISTINCT l.number, i.mba, l.batch, l.inventory FROM accounting_listed l"  # noqa: S608
        f" JOIN accounting_inventory i ON i.number = l.inventory WHERE l.number IN {marks}",
        numbers,
        {"corrects": pl.Int64, "mba": pl.String, "batch": pl.String, "inventory": pl.Int64},
    ).with_columns(day=pl.lit(None, pl.Int64), code=pl.lit(None, pl.String))
    columns = ["corrects", "mba", "day", "code", "batch", "inventory"]
    changed = changed.join(listed, on="corrects", how="anti")
    told = pl.concat([changed.select(columns), listed.select(columns)])
    told = pl.concat([told, _weightless(kinds, told).select(columns)])
    return kinds.join(told, on="corrects", how="left").rename(
        {name: f"target_{name}" for name in columns[1:]}
    ).select(list(_TARGET))  # fmt: skip


def _weightless(kinds: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Changes that posted nothing, as they were stated."""
    silent = kinds.filter(pl.col("target_kind") == "accounting.change").join(told, on="corrects", how="anti")
    read = [(each.number, each.statement) for each in stored_many(silent["corrects"])]
    rows = [(number, of.mba, of.day, of.code, of.batch, None) for number, of in read if isinstance(of, Change)]
    schema = {name.removeprefix("target_"): dtype for name, dtype in _TARGET.items() if name != "target_kind"}
    made = pl.DataFrame(rows, schema={**schema, "day": pl.Date}, orient="row")
    return made.with_columns(pl.col("day").cast(pl.Int32).cast(pl.Int64))


def _here(numbered: pl.DataFrame, wanted: list[int], kind: str) -> pl.DataFrame:
    rows = numbered.filter(pl.col("number").is_in(wanted))
    given = rows.columns
    return rows.select(
        corrects="number",
        target_kind=pl.lit(kind),
        target_mba="mba",
        target_day=pl.col("day").cast(pl.Int32).cast(pl.Int64),
        target_code="code" if "code" in given else pl.lit(None, pl.String),
        target_batch="batch" if "batch" in given else pl.lit(None, pl.String),
        target_inventory="inventory" if "inventory" in given else pl.lit(None, pl.Int64),
    )


def _with_fate(aims: pl.DataFrame, wanted: list[int], known: Known) -> pl.DataFrame:
    """With the statement, recorded or earlier in this segment, that corrected the same one before."""
    found = [pl.DataFrame(schema={"corrects": pl.Int64, "dead_by": pl.Int64})]
    for start in range(0, len(wanted), _PART):
        part = wanted[start : start + _PART]
        found.append(
            known.frame(
                f"SELECT corrects, number FROM accounting_correction WHERE corrects IN {placeholders(part)}",  # noqa: S608
                part,
                {"corrects": pl.Int64, "dead_by": pl.Int64},
            )
        )
    dead = pl.concat(found).unique("corrects")
    earlier = pl.when(pl.int_range(pl.len()).over("corrects") > 0).then(pl.col("number").first().over("corrects"))
    return aims.sort("row").join(dead, on="corrects", how="left", maintain_order="left").with_columns(
        by=pl.coalesce("dead_by", earlier)
    )  # fmt: skip
