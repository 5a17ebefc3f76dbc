"""What statements would do to the book, shown before they are stated, and stating them.

The postings are those that the derivation makes; nothing is guessed. Balances are those of the batches that the
statements touch, over all days, before and after.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from openmpca.accounting import accounts, book, models
from openmpca.accounting.accounts import MAIN
from openmpca.record.act import Act
from openmpca.record.commands import NOW, Circumstances, Stated, state
from openmpca.record.frames import Segment, segments
from openmpca.record.known import Known, placeholders, query
from openmpca.record.record import head
from openmpca.record.references import resolved
from openmpca.record.statements import Statement

POSTINGS: Final[dict[str, Any]] = {
    "statement": pl.Int64,
    "mba": pl.String,
    "account": pl.String,
    "day": pl.Date,
    "batch": pl.String,
    "category": pl.String,
    "nuclide": pl.String,
    "ug": pl.Int64,
}
_KEY: Final = ["mba", "batch", "category", "nuclide"]


@dataclass(frozen=True)
class Preview:
    """Postings (`POSTINGS`) and balances (mba, batch, category, nuclide, before, after) of statements."""

    postings: pl.DataFrame
    balances: pl.DataFrame


@dataclass(frozen=True)
class Done:
    """What came of stating, or of trying to, and what it does to the book."""

    stated: Stated
    preview: Preview


def perform(statements: Sequence[Statement], act: Act, *, when: Circumstances = NOW, dry_run: bool = False) -> Done:
    """State an operation, all or nothing; with ``dry_run`` only check it. Raises `Refused` with every problem."""
    shown = preview(statements)
    return Done(state(statements, act, when=when, dry_run=dry_run), shown)


def preview(statements: Sequence[Statement]) -> Preview:
    """What statements would do to the book as it is now."""
    number = first = head()[0]
    made = [pl.DataFrame(schema=book.POSTING)]
    for segment in segments(statements):
        part = resolved(segment, first)
        numbered = part.frame.with_columns(pl.int_range(number, number + part.frame.height).alias("number"))
        derived = book.derive(Segment(part.kind, numbered), Known("default", first))
        made.append(derived.get(models.Posting, made[0]))
        number += part.frame.height
    postings = _named(pl.concat(made))
    return Preview(postings.select(list(POSTINGS)), _balances(postings))


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    ids = sorted(set(rows["account"]))
    named = query(
        f"SELECT id, mba, code FROM accounting_account WHERE id IN {placeholders(ids)}",  # noqa: S608
        ids,
        {"account": pl.Int64, "mba": pl.String, "code": pl.String},
    )
    days = pl.col("day").map_elements(accounts.date_of, return_dtype=pl.Date)
    return (
        rows.join(named, on="account")
        .sort("number", "line")
        .with_columns(statement="number", at="account", account="code", day=days)
    )


def _balances(postings: pl.DataFrame) -> pl.DataFrame:
    main = postings.filter(pl.col("account") == MAIN)
    moved = main.group_by(_KEY).agg(pl.col("ug").sum().alias("moved"))
    batches, ids = sorted(set(main["batch"])), sorted(set(main["at"]))
    stood = query(
        "SELECT a.mba, p.batch, p.category, p.nuclide, CAST(SUM(p.ug) AS BIGINT) FROM accounting_posting p"  # noqa: S608
        f" JOIN accounting_account a ON a.id = p.account WHERE p.batch IN {placeholders(batches)}"
        f" AND p.account IN {placeholders(ids)} GROUP BY a.mba, p.batch, p.category, p.nuclide",
        [*batches, *ids],
        {**dict.fromkeys(_KEY, pl.String), "before": pl.Int64},
    )
    both = stood.join(moved, on=_KEY, how="full", coalesce=True).with_columns(pl.col("before", "moved").fill_null(0))
    found = both.with_columns(after=pl.col("before") + pl.col("moved"))
    return found.filter((pl.col("before") != 0) | (pl.col("after") != 0)).select(*_KEY, "before", "after").sort(*_KEY)
