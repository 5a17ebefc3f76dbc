"""What every batch holds on some accounts, as of a day and as known at a statement.

Rules kept here:

1. What is zero is left out. Masses are whole micrograms, items are pieces.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from openmpca.accounting.accounts import ITEMS, MAIN
from openmpca.accounting.kept import Kept, by_area, with_more
from openmpca.accounting.queries import View
from openmpca.record.known import placeholders, query

CONTENTS: Final[dict[str, Any]] = {
    "mba": pl.String,
    "code": pl.String,
    "batch": pl.String,
    "category": pl.String,
    "nuclide": pl.String,
    "ug": pl.Int64,
}


@dataclass(frozen=True)
class Material:
    """One batch on one account: its weights in ug by weight key, and its items."""

    mba: str
    code: str
    batch: str
    weights: dict[str, int]
    items: int


def contents(
    view: View, codes: Iterable[str] = (MAIN,), mbas: Sequence[str] | None = None, *, after: int = -1
) -> pl.DataFrame:
    """What every batch holds on some accounts: the columns of `CONTENTS`, zero ones left out. With ``after`` what the
    statements after that one add to it.
    """
    wanted = view.accounts(mbas, list(codes))
    ids = wanted["account"].to_list()
    found = [
        pl.DataFrame(schema={"account": pl.Int64, **{k: v for k, v in CONTENTS.items() if k not in ("mba", "code")}})
    ]
    for start in range(0, len(ids), 400):
        part = ids[start : start + 400]
        some = (
            f"account IN {placeholders(part)}"
            if after < 0
            else f"+account IN {placeholders(part)} AND number > {after}"
        )
        sql = (
            "SELECT account, batch, category, nuclide, CAST(SUM(ug) AS BIGINT) FROM accounting_posting"  # noqa: S608
            f" WHERE {some} AND day <= %s AND number <= %s"
            " GROUP BY account, batch, category, nuclide HAVING SUM(ug) <> 0"
        )
        found.append(query(sql, [*part, view.day, view.number], found[0].schema, view.using))
    rows = pl.concat(found).join(wanted, on="account").select(list(CONTENTS))
    return rows.sort("mba", "batch", "code", "category", "nuclide")


def held(view: View, mbas: Sequence[str] | None = None) -> dict[str, pl.DataFrame]:
    """What every batch of areas holds on their inventory, by area (`CONTENTS`), without summing all of it anew."""
    return _HELD.of(view, mbas)


def _held(view: View, mbas: Sequence[str], after: int = -1) -> dict[str, pl.DataFrame]:
    return by_area(contents(view, (MAIN,), mbas, after=after), mbas)


_HELD: Final = Kept(_held, grow=with_more(_held, whatever=True))


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
