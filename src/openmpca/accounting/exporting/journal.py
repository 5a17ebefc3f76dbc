"""The book as a journal that hledger and ledger read, as known at a statement, for whoever checks the sums elsewhere.

Rules kept here:

1. One transaction for each statement and day that it posts on; its number is the transaction's code. Amounts are exact
   grams, numbers of items are pieces of a commodity of their own (``items E``).
2. The journal is in the order of the days, and within a day in that of the book: changes, the cut-off of a physical
   inventory, changes after it. The side of the cut-off stands as a tag.
3. Accounts are named from the area: ``MBA:ZZA1``, ``Transit:ZZA1:SD``, ``Foreign:ZZA1:RF`` and so on by groups of
   codes.
4. Postings are read in parts, so that millions of them take no more memory than one statement and one part.

Source: design idea 2; the hledger manual, journal format.
"""

from collections.abc import Callable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

import polars as pl
from django.db import connections

from openmpca.accounting import accounts
from openmpca.accounting.accounts import AFTER_CUTOFF, BEFORE_CUTOFF, CUTOFF, ITEMS, MAIN
from openmpca.accounting.queries import latest
from openmpca.formats.hledger import write_journal
from openmpca.formats.journal import GRAM_DECIMALS, Posting, Transaction
from openmpca.nuclear.categories import join_key
from openmpca.nuclear.changes import ACCOUNT_GROUPS
from openmpca.record.known import query

AREAS: Final = "MBA"
SIDES: Final = {BEFORE_CUTOFF: "", CUTOFF: "cut-off", AFTER_CUTOFF: "after the cut-off"}
_PART: Final = 20_000
_PHASES: Final = 4


def journal(known: int | None = None, *, using: str = "default") -> Iterator[str]:
    """The text of the journal, transaction by transaction, as known at a number (the latest when not given)."""
    at = latest(using) if known is None else known
    yield f"; The book as known at statement {at}, in grams.\n\n"
    yield from write_journal(transactions(at, using))


def transactions(known: int, using: str = "default") -> Iterator[Transaction]:
    """What each statement posts on each day, in order (rules 1 and 2)."""
    names = account_names(known, using)
    for (day, number), rows in groupby(_postings(known, using), key=itemgetter(0, 1)):
        side = SIDES.get(day % _PHASES, "")
        yield Transaction(
            date=accounts.date_of(day),
            code=number,
            description=f"statement {number}",
            postings=tuple(_posting(row, names) for row in rows),
            tags={"side": side} if side else {},
        )


def account_names(known: int, using: str = "default") -> dict[int, tuple[str, ...]]:
    """The readable name of every account, from the top down (rule 3)."""
    rows = query(
        "SELECT id, mba, code FROM accounting_account WHERE number <= %s",
        [known],
        {"id": pl.Int64, "mba": pl.String, "code": pl.String},
        using,
    )
    return {account: account_name(mba, code) for account, mba, code in rows.iter_rows()}


def account_name(mba: str, code: str) -> tuple[str, ...]:
    """The name of an account of an area.

    >>> account_name("ZZA1", "MAIN"), account_name("ZZA1", "SD"), account_name("ZZA1", "MF")
    (('MBA', 'ZZA1'), ('Transit', 'ZZA1', 'SD'), ('Muf', 'ZZA1', 'MF'))
    """
    if code == MAIN:
        return (AREAS, mba)
    group = ACCOUNT_GROUPS[code].replace("_", " ").capitalize()
    return (group, mba, code)


def commodity(category: str, nuclide: str) -> str:
    """The commodity of a posting: its weight key, or the items of its category.

    >>> commodity("E", ""), commodity("E", "U235"), commodity("E", "#")
    ('E', 'E/U235', 'items E')
    """
    return f"items {category}" if nuclide == ITEMS else join_key(category, nuclide)


def _posting(row: tuple[Any, ...], names: dict[int, tuple[str, ...]]) -> Posting:
    _, _, account, batch, category, nuclide, ug = row
    return Posting(
        account=names[account],
        commodity=commodity(category, nuclide),
        units=ug,
        decimals=0 if nuclide == ITEMS else GRAM_DECIMALS,
        tags={"batch": batch},
    )


def _postings(known: int, using: str) -> Iterator[tuple[Any, ...]]:
    """The postings in the order of day, number and line; the database sorts, and hands over a part at a time."""
    sql = (
        "SELECT day, number, account, batch, category, nuclide, ug FROM accounting_posting WHERE number <= %s"
        " ORDER BY day, number, line"
    )
    with connections[using].chunked_cursor() as cursor:
        cursor.execute(sql, [known])
        while rows := cursor.fetchmany(_PART):
            yield from rows


def write(
    target: Callable[[str], object], known: int | None = None, progress: Callable[[int], None] | None = None
) -> int:
    """Write the journal piece by piece; gives the number of transactions."""
    count = -1
    for count, text in enumerate(journal(known)):  # noqa: B007
        target(text)
        if progress is not None:
            progress(1)
    return count
