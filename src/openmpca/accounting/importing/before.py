"""What the record has of the areas of a history before it comes in: their reports, their entries, their books."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from openmpca.accounting.accounts import MAIN
from openmpca.accounting.reporting.standing import EntryKey, reported_by, reports_of
from openmpca.accounting.statements import Report
from openmpca.record.known import placeholders, query
from openmpca.record.reading import stored
from openmpca.record.record import head
from openmpca.record.statements import Fields

_PART: Final = 500


class Before:
    """The record as it stands; every question is asked once."""

    def __init__(self, mbas: Sequence[str]) -> None:
        self.known = head()[0] - 1
        self.mbas = list(mbas)
        self.reports = {(each.mba, each.report): each for each in reports_of(None, self.known)}
        self.inventories = self._inventories()
        self.books = self._books()

    def text(self, mba: str, report: int) -> str | None:
        """The text of a report, None where the record does not have it."""
        found = self.reports.get((mba, report))
        if found is None:
            return None
        statement = stored(found.number).statement
        return statement.text if isinstance(statement, Report) else None

    def entries(self, mba: str) -> dict[EntryKey, int]:
        """The statement behind each entry of an area that still counts."""
        if not any(of == mba for of, _ in self.reports):
            return {}
        found = reported_by(mba, self.known).by_statement
        return {key: number for number, key in found.items()}

    def fields(self, number: int) -> tuple[str, Fields]:
        """Kind and fields of a statement."""
        found = stored(number)
        return found.kind.name, found.fields

    def _inventories(self) -> dict[tuple[str, date], int]:
        rows = query(
            "SELECT mba, day, number FROM accounting_inventory ORDER BY number",
            [],
            {"mba": pl.String, "day": pl.Date, "number": pl.Int64},
        )
        return {(mba, day): number for mba, day, number in rows.iter_rows() if mba in self.mbas}

    def _books(self) -> frozenset[str]:
        """The areas that have something on their book."""
        found: set[str] = set()
        for start in range(0, len(self.mbas), _PART):
            part = self.mbas[start : start + _PART]
            sql = (
                f"SELECT a.mba FROM accounting_account a WHERE a.code = %s AND a.mba IN {placeholders(part)}"  # noqa: S608
                " AND EXISTS (SELECT 1 FROM accounting_cell c WHERE c.account = a.id)"
            )
            found |= set(query(sql, [MAIN, *part], {"mba": pl.String})["mba"])
        return frozenset(found)
