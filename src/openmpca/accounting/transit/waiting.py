"""Shipments at home that nobody has received: the short list, without the board.

Rules kept here:

1. A shipment that stands waits while no receipt that stands has its batch, on its day or later. What was received in
   part or with a difference is on the board (`board`), not here.
2. The answer takes one look at the shipments and one by batch at the receipts, however long the history is.

Source: as for `board`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import polars as pl

from openmpca.accounting import accounts
from openmpca.accounting.queries import View
from openmpca.accounting.transit.consignments import side
from openmpca.record.known import query

_SHIPMENT = {"number": pl.Int64, "day": pl.Date, "mba": pl.String, "other": pl.String, "batch": pl.String}


@dataclass(frozen=True)
class Waiting:
    """A shipment that waits: its statement, its day, how old it is, from where and to where, its batch."""

    number: int
    day: date
    days: int
    shipper: str
    receiver: str
    batch: str


def waiting(view: View, mbas: Collection[str] | None = None) -> list[Waiting]:
    """The shipments that wait at a view, the oldest first; with ``mbas`` only those from or to one of them."""
    on = accounts.date_of(view.day)
    rows = query(
        "SELECT t.number, t.day, t.mba, t.other, t.batch FROM accounting_transfer t"
        " WHERE t.code = 'SD' AND t.number <= %s AND t.day <= %s AND NOT EXISTS"
        " (SELECT 1 FROM accounting_transfer r WHERE r.key = t.key AND r.code = 'RD' AND r.day >= t.day"
        " AND r.day <= %s AND r.number <= %s AND NOT EXISTS"
        " (SELECT 1 FROM accounting_correction d WHERE d.corrects = r.number AND d.number <= %s))"
        " AND NOT EXISTS (SELECT 1 FROM accounting_correction c WHERE c.corrects = t.number AND c.number <= %s)"
        " ORDER BY t.day, t.number",
        [view.number, on, on, view.number, view.number, view.number],
        _SHIPMENT,
        view.using,
    )
    found = [
        Waiting(number, day, (on - day).days, mba, side(other, domestic=True).area, batch)
        for number, day, mba, other, batch in rows.iter_rows()
    ]
    return [each for each in found if mbas is None or each.shipper in mbas or each.receiver in mbas]
