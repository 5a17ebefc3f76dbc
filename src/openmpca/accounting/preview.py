"""What statements would do to the book, shown before they are stated, and stating them.

The postings are those that the derivation makes; nothing is guessed. What a statement posts and takes back on the same
day, as a correction does with all that it leaves as it was, is not shown. Balances are those of the batches that the
statements touch, over all days, before and after; MUF is that of the periods closed already.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from openmpca.accounting import accounts, book, models
from openmpca.accounting.accounts import MAIN, MUF
from openmpca.accounting.consequences import Owed, areas_corrected, owed
from openmpca.problems import Problem
from openmpca.record.act import Act
from openmpca.record.commands import NOW, Circumstances, Stated, Stream, state
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
    """Postings (`POSTINGS`) and balances (mba, batch, category, nuclide, before, after) of statements.

    ``muf`` (mba, day, category, nuclide, before, after) is that of the closed periods where it moves.
    """

    postings: pl.DataFrame
    balances: pl.DataFrame
    muf: pl.DataFrame


@dataclass(frozen=True)
class Done:
    """What came of stating, or of trying to, what it does to the book, and what it makes due in reports."""

    stated: Stated
    preview: Preview
    owed: list[Owed]


def perform(statements: Sequence[Statement], act: Act, *, when: Circumstances = NOW, dry_run: bool = False) -> Done:
    """State an operation, all or nothing; with ``dry_run`` only check it. Raises `Refused` with every problem."""
    shown, areas = preview(statements), areas_corrected(statements)
    before, due = owed(areas, head()[0] - 1), list[Owed]()

    def ask(known: Known) -> list[Problem]:
        due[:] = [each for each in owed(areas, known.number - 1) if each not in before]
        return []

    parts = segments(statements)
    stream = Stream(tuple({part.kind.name: None for part in parts}), lambda: iter(parts), afterwards=ask)
    stated = state(stream, act, when=when, dry_run=dry_run)
    return Done(stated, shown, due)


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
    postings = _named(_net(pl.concat(made)))
    return Preview(postings.select(list(POSTINGS)), _balances(postings), _muf(postings))


def _net(rows: pl.DataFrame) -> pl.DataFrame:
    same = [name for name in book.POSTING if name not in ("line", "ug")]
    net = rows.group_by(same, maintain_order=True).agg(pl.col("line").min(), pl.col("ug").sum())
    return net.filter(pl.col("ug") != 0).select(list(book.POSTING))


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


def _muf(postings: pl.DataFrame) -> pl.DataFrame:
    key = ["at", "day", "category", "nuclide"]
    moved = postings.filter(pl.col("account") == MUF).group_by("mba", *key).agg(pl.col("ug").sum())
    moved = moved.filter(pl.col("ug") != 0)
    ids = sorted(set(moved["at"]))
    stood = query(
        "SELECT account, day, category, nuclide, CAST(SUM(ug) AS BIGINT) FROM accounting_posting"  # noqa: S608
        f" WHERE account IN {placeholders(ids)} GROUP BY account, day, category, nuclide",
        ids,
        {"at": pl.Int64, "posted": pl.Int64, "category": pl.String, "nuclide": pl.String, "before": pl.Int64},
    )
    days = pl.col("posted").map_elements(accounts.date_of, return_dtype=pl.Date)
    before = stood.with_columns(day=days).group_by(key).agg(pl.col("before").sum())
    both = moved.join(before, on=key, how="left").with_columns(pl.col("before").fill_null(0))
    found = both.with_columns(after=pl.col("before") + pl.col("ug"))
    return found.select("mba", "day", "category", "nuclide", "before", "after").sort(
        pl.all().exclude("before", "after")
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
