"""The move sheet of a shipment: what leaves for where, its items and seals, room for who hands over and who takes.

Statements belong to one sheet when they ship from the same area to the same receiver on the same day under the same
document; so a transport of many batches has one sheet.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

import polars as pl
from django.utils.translation import gettext as _

from openmpca.accounting.accounts import date_of
from openmpca.accounting.documents import words
from openmpca.accounting.documents.codes import written
from openmpca.accounting.documents.made import Document, NoDocument, of_paper
from openmpca.accounting.documents.reports import summed
from openmpca.accounting.queries import View
from openmpca.accounting.statements import Change
from openmpca.accounting.transit.consignments import SHIPMENTS, side
from openmpca.pages.documents.matrix import drawn
from openmpca.pages.documents.paper import Paper, Part, Signature, Sort, facts, listed
from openmpca.record.known import placeholders, query
from openmpca.record.reading import stored_many

MARKS: dict[str, Sort] = {"qr": "matrix", "intact": "tick", "weighed": "blank"}
Shipped = tuple[int, Change]


class Shipment(NamedTuple):
    """A shipment that stands: its statement, from where, to where as stated, and when."""

    number: int
    mba: str
    other: str
    day: date


def shipments(view: View, mbas: Sequence[str], since: date) -> Iterator[Shipment]:
    """The shipments of some areas from a day on that stand at a view."""
    if mbas:
        yield from _standing(view, f"t.mba IN {placeholders(mbas)} AND t.day >= %s", [*mbas, since])


def _standing(view: View, condition: str, parameters: Sequence[object]) -> Iterator[Shipment]:
    codes = sorted(SHIPMENTS)
    sql = (
        "SELECT t.number, t.mba, t.other, t.day FROM accounting_transfer t"  # noqa: S608  our own conditions
        " LEFT JOIN accounting_correction c ON c.number = t.number"
        f" WHERE t.code IN {placeholders(codes)} AND t.number <= %s AND t.day <= %s AND NOT EXISTS"
        " (SELECT 1 FROM accounting_correction r WHERE r.corrects = t.number AND r.number <= %s)"
        f" AND {condition} ORDER BY t.number"
    )
    given = [*codes, view.number, date_of(view.day), view.number, *parameters]
    columns = {"number": pl.Int64, "mba": pl.String, "other": pl.String, "day": pl.Date}
    yield from map(Shipment._make, query(sql, given, columns, view.using).iter_rows())


def everywhere(_mba: str) -> bool:
    """Whoever has the machine reads everything."""
    return True


def move(number: int, view: View, reads: Callable[[str], bool] = everywhere) -> Document:
    """The sheet of the transport to which a shipment belongs. Raises `NoDocument`.

    ``reads`` says whose register may be told: the receiver of another is shown as the shipper states it.
    """
    own = next(_standing(view, "(t.number = %s OR c.first = %s)", [number, number]), None)
    if own is None:
        raise NoDocument(_("Statement %(number)s is no shipment that stands.") % {"number": number})
    alike = "t.mba = %s AND t.other = %s AND t.day = %s"
    beside = {each.number for each in _standing(view, alike, [own.mba, own.other, own.day])}
    read = {each.number: each.statement for each in stored_many(beside)}
    changes = [(at, each) for at, each in read.items() if isinstance(each, Change)]
    document = next(each.document for at, each in changes if at == own.number)
    shipped = [(at, each) for at, each in changes if each.document == document and (document or at == own.number)]
    return of_paper(f"{own.mba}-{own.day.isoformat()}-move-{own.number}", own.mba, _paper(shipped, view, reads))


def _paper(shipped: Sequence[Shipped], view: View, reads: Callable[[str], bool]) -> Paper:
    first = shipped[0][1]
    return Paper(
        _("Move sheet: %(from)s to %(to)s") % {"from": first.mba, "to": first.counterpart},
        parts=[Part(facts=facts(_heading(shipped, view, reads))), _batches(shipped)],
        signatures=[
            Signature(_("Handed over by the shipper")),
            Signature(_("Taken over by the carrier")),
            Signature(_("Received by")),
        ],
    )


def _heading(shipped: Sequence[Shipped], view: View, reads: Callable[[str], bool]) -> dict[str, object]:
    first = shipped[0][1]
    receiver = side(first.counterpart, domestic=first.code == "SD")
    at_home = first.code == "SD" and receiver.area and reads(receiver.area)
    return {
        _("Shipper"): words.area(first.mba, first.day, view.number),
        _("Facility"): words.facility_of(first.mba, first.day, view.number),
        _("Receiver"): words.area(receiver.area, first.day, view.number) if at_home else first.counterpart,
        _("Facility of the receiver"): words.facility_of(receiver.area, first.day, view.number) if at_home else "",
        _("Shipped"): words.day(first.day),
        _("Document"): first.document,
        _("Batches"): len(shipped),
        _("Statements"): [at for at, _each in shipped],
    }


def _batches(shipped: Sequence[Shipped]) -> Part:
    rows = [_row(each) for _at, each in shipped]
    masses = list(dict.fromkeys(name for row in rows for name in row if name.endswith(" g")))
    names = ("batch", "description", "items", "item_numbers", "seals")
    shown = [name for name in names if any(row[name] for row in rows)]
    heads = {"qr": "", **words.heads([*shown, *masses]), "intact": _("Seals intact"), "weighed": _("Weight received")}
    totals = [{"batch": _("Total"), **summed(rows, masses)}] if len(rows) > 1 else []
    return listed(heads, rows, totals=totals, sorts=MARKS, caption=_("What is moved"))


def _row(each: Change) -> dict[str, object]:
    return {
        "qr": drawn(written(each.mba, each.batch)),
        "batch": each.name or each.batch,
        "description": each.description,
        "items": each.items or None,
        "item_numbers": each.item_numbers,
        "seals": each.seals,
        **words.weighed(each.weights),
    }
