"""The questions to the book, each as of a day and as known at a number.

A sum over postings is answered from three parts: cells of whole months before the day and whole epochs before the
number, the postings of the day's month, and the postings of the number's epoch. So it costs no more than one month
and one epoch however long the history is. Since tables only grow, a query that pins the number is a stable picture
while others write.

Source: the measured sketch of the spine.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import polars as pl

from openmpca.accounting import accounts, of_record
from openmpca.accounting.accounts import EPOCH_BITS, MAIN, SPAN
from openmpca.record.known import placeholders, query

SUMS: Final = {"account": pl.Int64, "category": pl.String, "nuclide": pl.String, "ug": pl.Int64}
_ACCOUNTS: Final = {"account": pl.Int64, "mba": pl.String, "code": pl.String}


@dataclass(frozen=True)
class Opened:
    """The accounts that stand in the book up to a statement: account, mba, code."""

    number: int
    accounts: pl.DataFrame

    @cached_property
    def areas(self) -> tuple[str, ...]:
        """The areas with books, by code."""
        return tuple(sorted(self.accounts["mba"].unique()))

    @cached_property
    def _named(self) -> frozenset[str]:
        return frozenset(self.areas)

    def has(self, mba: str) -> bool:
        """Whether an area has a book."""
        return mba in self._named


@dataclass(frozen=True)
class View:
    """A point in the two times: everything up to posting day ``day`` as known at statement ``number``."""

    day: int
    number: int
    using: str = "default"

    @classmethod
    def of(
        cls, day: date, number: int | None = None, *, phase: int = accounts.AFTER_CUTOFF, using: str = "default"
    ) -> "View":
        """The view as of the end of a date (or another phase of it), as known at a number: the latest when
        not given.
        """
        return cls(accounts.day_number(day, phase), latest(using) if number is None else number, using)

    @cached_property
    def record(self) -> Hashable:
        """Which record it is a view of, for what is kept of it."""
        return of_record.record()

    @cached_property
    def _entries(self) -> dict[int, bytes]:
        return {}

    def entry(self, number: int) -> bytes:
        """What the record committed to with a statement."""
        if number not in self._entries:
            self._entries[number] = of_record.entry_of(number)
        return self._entries[number]

    @cached_property
    def opened(self) -> Opened:
        """The accounts of the view."""
        return _opened(self)

    def accounts(self, mbas: Sequence[str] | None = None, codes: Sequence[str] | None = None) -> pl.DataFrame:
        """The accounts (account, mba, code) of some areas and codes, all when not given."""
        found = self.opened.accounts
        if mbas is not None:
            found = found.filter(pl.col("mba").is_in(list(mbas)))
        return found if codes is None else found.filter(pl.col("code").is_in(list(codes)))

    def balances(
        self, mbas: Sequence[str] | None = None, codes: Sequence[str] | None = (MAIN,), *, after: int = -1
    ) -> pl.DataFrame:
        """The balances of accounts: mba, code, category, nuclide (``""`` the element, ``#`` items), ug; zero
        ones left out. With ``after`` what the statements after that one add to them.
        """
        wanted = self.accounts(mbas, codes)
        ids = wanted["account"].to_list()
        found = (self._sums(ids) if after < 0 else self._added(ids, after)).join(wanted, on="account")
        return found.select("mba", "code", "category", "nuclide", "ug").sort("mba", "code", "category", "nuclide")

    def _added(self, ids: list[int], after: int) -> pl.DataFrame:
        return query(
            "SELECT account, category, nuclide, CAST(SUM(ug) AS BIGINT) FROM accounting_posting"  # noqa: S608  numbers
            f" WHERE number > %s AND number <= %s AND day <= %s AND +account IN ({', '.join(map(str, ids)) or 'NULL'})"
            " GROUP BY account, category, nuclide HAVING SUM(ug) <> 0",
            [after, self.number, self.day],
            SUMS,
            self.using,
        )

    def _sums(self, ids: list[int]) -> pl.DataFrame:
        found = [pl.DataFrame(schema=SUMS)]
        for start in range(0, len(ids), 10_000):
            found.append(self._some_sums(ids[start : start + 10_000]))
        return pl.concat(found)

    def _some_sums(self, ids: list[int]) -> pl.DataFrame:
        # The unary plus keeps planners from walking all numbers instead of one month of the account.
        month, epoch = accounts.month_number(self.day), (self.number + 1) >> EPOCH_BITS
        edge = epoch << EPOCH_BITS
        inside = f"account IN ({', '.join(map(str, ids)) or 'NULL'})"
        sql = (
            "SELECT account, category, nuclide, CAST(SUM(ug) AS BIGINT) FROM ("  # noqa: S608  whole numbers of our own
            f"SELECT account, category, nuclide, ug FROM accounting_cell WHERE {inside} AND month < %s AND epoch < %s"
            " UNION ALL SELECT account, category, nuclide, ug FROM accounting_posting"
            f" WHERE {inside} AND day >= %s AND day <= %s AND +number < %s"
            " UNION ALL SELECT account, category, nuclide, ug FROM accounting_posting"
            f" WHERE number >= %s AND number <= %s AND day <= %s AND {inside}"
            ") AS parts GROUP BY account, category, nuclide HAVING SUM(ug) <> 0"
        )
        parameters = [month, epoch, accounts.first_day(month), self.day, edge, edge, self.number, self.day]
        return query(sql, parameters, SUMS, self.using)

    def batches(self, mba: str, codes: Sequence[str] = (MAIN,)) -> pl.DataFrame:
        """What each batch holds: batch, category, nuclide, ug; zero ones left out."""
        ids = self.accounts([mba], codes)["account"].to_list()
        return query(
            "SELECT batch, category, nuclide, CAST(SUM(ug) AS BIGINT) FROM accounting_posting"  # noqa: S608
            f" WHERE account IN {placeholders(ids)} AND day <= %s AND number <= %s"
            " GROUP BY batch, category, nuclide HAVING SUM(ug) <> 0 ORDER BY batch, category, nuclide",
            [*ids, self.day, self.number],
            {"batch": pl.String, "category": pl.String, "nuclide": pl.String, "ug": pl.Int64},
            self.using,
        )


_kept: Final[dict[str, tuple[Hashable, bytes, Opened]]] = {}


def _opened(view: View) -> Opened:
    """The accounts of a view. They only grow, so those that were read last hold until an area is introduced."""
    if not of_record.may_keep(view.using, view.number):
        return _read(view)
    record, entry, found = _kept.get("last") or (None, b"", Opened(-1, pl.DataFrame(schema=_ACCOUNTS)))
    if record != view.record or entry != view.entry(found.number) or _more(view, found.number):
        found = _read(view)
        _kept["last"] = (view.record, view.entry(view.number), found)
    later = pl.col("account") >= (view.number + 1) * SPAN
    if view.number >= found.number or not found.accounts.select(later.any()).item():
        return found
    return Opened(view.number, found.accounts.filter(~later))


def _more(view: View, number: int) -> bool:
    """Whether an account was opened after a number and up to a view's: it is numbered by the statement that did it."""
    rows = query(
        "SELECT id FROM accounting_account WHERE id >= %s AND id < %s LIMIT 1",
        [(number + 1) * SPAN, (view.number + 1) * SPAN],
        {"id": pl.Int64},
    )
    return bool(rows.height)


def _read(view: View) -> Opened:
    sql = "SELECT id, mba, code FROM accounting_account WHERE number <= %s"
    return Opened(view.number, query(sql, [view.number], _ACCOUNTS, view.using))


def latest(using: str = "default") -> int:
    """The number of the last statement, -1 when there is none."""
    found = query("SELECT size FROM record_head WHERE id = 1", [], {"size": pl.Int64}, using)
    return int(found["size"][0]) - 1 if found.height else -1


def known_or_latest(known_at: int | None) -> int:
    """The statement up to which is asked: the last one where none is given."""
    return latest() if known_at is None else known_at


def flows(mba: str, after: View, until: View, codes: Sequence[str] | None = None) -> pl.DataFrame:
    """What moved through the accounts of an area after one view and until another: code, category, nuclide, ug.

    Counter-accounts hold the opposite of what the main account gained.
    """
    first, last = (view.balances([mba], codes).drop("mba") for view in (after, until))
    both = pl.concat([last, first.with_columns(ug=-pl.col("ug"))])
    summed = both.group_by("code", "category", "nuclide").agg(pl.col("ug").sum())
    return summed.filter(pl.col("ug") != 0).sort("code", "category", "nuclide")
