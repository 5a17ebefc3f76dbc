"""Shipments at home that nobody has received: the short list, without the board.

Rules kept here:

1. A shipment that stands waits while no receipt that stands has its batch, on its day or later. What was received in
   part or with a difference is on the board (`board`), not here.
2. Only names that are not plainly matched are looked at (`unmatched`): a plain one has its receipt.

Source: as for `board`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import polars as pl

from openmpca.accounting import accounts
from openmpca.accounting.queries import View
from openmpca.accounting.transit.consignments import side
from openmpca.accounting.transit.unmatched import judged
from openmpca.record.known import placeholders, query

_PART = 400
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
    found = [pl.DataFrame(schema=_SHIPMENT)]
    names = judged(view).open(on)
    for start in range(0, len(names), _PART):
        part = names[start : start + _PART]
        found.append(
            query(
                "SELECT t.number, t.day, t.mba, t.other, t.batch FROM accounting_transfer t"  # noqa: S608
                f" WHERE t.key IN {placeholders(part)} AND t.code = 'SD' AND t.number <= %s AND t.day <= %s"
                " AND NOT EXISTS (SELECT 1 FROM accounting_transfer r"
                " WHERE r.key = t.key AND r.code = 'RD' AND r.day >= t.day AND r.day <= %s AND r.number <= %s"
                " AND NOT EXISTS (SELECT 1 FROM accounting_correction d"
                " WHERE d.corrects = r.number AND d.number <= %s))"
                " AND NOT EXISTS (SELECT 1 FROM accounting_correction c"
                " WHERE c.corrects = t.number AND c.number <= %s)",
                [*part, view.number, on, on, view.number, view.number, view.number],
                _SHIPMENT,
                view.using,
            )
        )
    rows = pl.concat(found).sort("day", "number")
    waits = [
        Waiting(number, day, (on - day).days, mba, side(other, domestic=True).area, batch)
        for number, day, mba, other, batch in rows.iter_rows()
    ]
    return [each for each in waits if mbas is None or each.shipper in mbas or each.receiver in mbas]
