"""The board of transit and the State's totals *as reported*: from the entries of reports that were made, sent or
acknowledged, not from the book.

Rules kept here:

1. An entry counts as its report says it, corrections applied; days are those of the events.
2. What an area holds is its last balance or listing and the changes since (`queries.balance_of`). Transit and the
   subsidiary accounts are the sums of their codes over all entries, so what was in them before the first report is not
   there.
3. Reports name no obligation, programme, owner or place, and no shipment that a receipt belongs to; a batch is known by
   its name alone. What rests on these is not told from reports.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import polars as pl

from openmpca.accounting import accounts, totals
from openmpca.accounting.queries import View
from openmpca.accounting.reporting.area import area_of, areas_with_books
from openmpca.accounting.reporting.queries import balance_of, moved
from openmpca.accounting.reporting.standing import EntryKey, Reported, ReportedEntry, State, reported_by
from openmpca.accounting.transit.board import OTHER_SIDE, Board, by_category, from_other_side
from openmpca.accounting.transit.consignments import RECEIPTS, SHIPMENTS, Transfer, consign
from openmpca.formats.code10.records import ChangeEntry, Place
from openmpca.nuclear.categories import split_key

By = Literal["category", "mba", "facility"]
DIMENSIONS: Final[tuple[By, ...]] = ("category", "mba", "facility")
_ROW: Final = {"mba": pl.String, "category": pl.String, "nuclide": pl.String, "ug": pl.Int64}


@dataclass(frozen=True)
class AsReported:
    """All that the State's areas, or some of them, reported, at a view, of the reports that had come so far."""

    view: View
    state: State = "made"
    mbas: tuple[str, ...] | None = None

    @cached_property
    def areas(self) -> list[Reported]:
        """What each area reported."""
        known, using = self.view.number, self.view.using
        return [
            reported_by(mba, known, state=self.state, profile=area_of(mba, known, using=using).profile, using=using)
            for mba in areas_with_books(known, using)
            if self.mbas is None or mba in self.mbas
        ]

    def board(self, other_side: pl.DataFrame | None = None) -> Board:
        """The consignments of the reports; ``other_side`` as in `transit.board`."""
        theirs = from_other_side(other_side if other_side is not None else pl.DataFrame(schema=OTHER_SIDE))
        own = [part for said in self.areas for part in self._transfers(said)]
        return Board(tuple(consign([*own, *theirs], accounts.date_of(self.view.day))))

    def _transfers(self, said: Reported) -> Iterator[Transfer]:
        claimed = {key: number for number, key in said.claims.items()}
        for key, entry in self._changes(said, SHIPMENTS | RECEIPTS):
            typed = said.typed(entry)
            assert isinstance(typed, ChangeEntry)  # noqa: S101  entries of reports of changes are nothing else
            yield from _transfer(said.mba, entry, typed, entry.about or claimed.get(key, 0))

    def held(self, by: By = "category") -> pl.DataFrame:
        """What areas hold, by a dimension: that dimension, category, nuclide, ug."""
        day = accounts.date_of(self.view.day)
        rows = [(said.mba, *split_key(key), ug) for said in self.areas for key, ug in balance_of(said, day).items()]
        return totals.by_dimension(_frame(rows), by, self.view)

    def of_state(self) -> pl.DataFrame:
        """The whole State as reported: the columns of `totals.STATE`."""
        parts = [self.held().with_columns(where=pl.lit("inventory"))]
        for group in ("transit", *totals.SUBSIDIARY):
            rows = totals.by_dimension(_frame(self._group(group)), "category", self.view)
            parts.append(rows.with_columns(where=pl.lit(group)))
        return pl.concat([each.select(list(totals.STATE)) for each in parts])

    def _group(self, group: str) -> Iterator[tuple[str, str, str, int]]:
        """What the entries of a group of codes put on its accounts: the other side of what they did to the areas."""
        for said in self.areas:
            for _, entry in self._changes(said, accounts.group(group)):
                for key, ug in entry.weights.items():
                    yield said.mba, *split_key(key), -moved(entry.code, key, ug)

    def _changes(self, said: Reported, codes: Iterable[str]) -> Iterator[tuple[EntryKey, ReportedEntry]]:
        wanted = frozenset(codes)
        for key, entry in said.live.items():
            if entry.sort == "I" and entry.code in wanted and entry.day is not None and entry.day <= self.view.day:
                yield key, entry


def _frame(rows: Iterable[tuple[str, str, str, int]]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=_ROW, orient="row")


def _transfer(mba: str, entry: ReportedEntry, typed: ChangeEntry, number: int) -> list[Transfer]:
    """The shipment or receipt that an entry reports, one for each category."""
    ships = entry.code in SHIPMENTS
    weights = {split_key(key): ug for key, ug in entry.weights.items()}
    if typed.items and entry.weights:
        weights[split_key(next(iter(entry.weights)))[0], accounts.ITEMS] = typed.items
    row = {
        "number": number,
        "root": number,
        "code": entry.code,
        "mba": mba,
        "other": _side(typed.receiver if ships else typed.shipper),
        "batch": entry.batch,
        "key": entry.batch if ships else typed.shippers_batch or entry.batch,
        "day": typed.day,
        "shipment": None,
        "description": typed.description,
    }
    return by_category(row, weights)


def _side(place: Place | None) -> str:
    if place is None:
        return ""
    return f"{place.country}/{place.mba}" if place.mba else place.country
