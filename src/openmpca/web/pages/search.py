"""Search from anywhere: batches, areas, places, reports, shipments, statements by number, texts and serial numbers.

Rules kept here:

1. Only what may be read is found, shown and counted; nothing tells whether there is more beyond.
2. What has an index is found in the whole book; texts from the last statement back, as far as the time allows, and the
   page says how far that was and leads on from there.
"""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting import finding
from openmpca.accounting.pages.asked import areas, view_of
from openmpca.accounting.pages.heads import heads
from openmpca.accounting.pages.stated import REPORTS
from openmpca.accounting.queries import View
from openmpca.pages.blocks import LINKS, Block, Button, Field, Form, Link, Page, Row, Table, Text
from openmpca.pages.reach import readable_statement
from openmpca.pages.routes import Asking, NotFound, Open, page
from openmpca.pages.stored import statement_of
from openmpca.pages.told import worded
from openmpca.record import texts
from openmpca.record.reading import Stored
from openmpca.record.rooms import ROOMS
from openmpca.web.pages.statement_fields import FIELDS

SHORTEST: Final = 2
SHOWN: Final = 25
_AROUND: Final = 40


@page("search", title=gettext_lazy("Search"), needs=Open.READER)
def search(asking: Asking, text: str = "", before: int | None = None) -> Page:
    """What may be read and is called so, or has the text in it."""
    wanted = " ".join(text.split())
    question = Form([Field("text", _("Search"), text, "search")], [Button(_("Find"), main=True)], "/search", "get")
    if len(wanted) < SHORTEST and not wanted.isdecimal():
        lead = _(
            "A batch, a serial number, a report, a shipment, an area, the number of a statement, a word of a note."
        )
        return Page(_("Search"), [question], lead=lead)
    view = view_of(asking)
    mbas = areas(asking, view)
    named = [] if before is not None else [each for each in _named(asking, wanted, view, mbas) if each.rows]
    until = view.number + 1 if before is None else max(0, min(before, view.number + 1))
    hits = texts.find(wanted, until, SHOWN, lambda each: readable_statement(asking.reach, each))
    blocks: list[Block] = [question, *named]
    if hits.found:
        blocks.append(_texts(asking, wanted, hits.found))
    if not named and not hits.found:
        blocks.append(Text(_("Nothing that you may read is called so."), name="nothing"))
    ways = []
    if hits.back_to:
        said = _("Texts were searched back to statement %(number)d.") % {"number": hits.back_to}
        blocks.append(Text(said, name="searched"))
        ways = [Link(_("Search further back"), asking.to("search", text=wanted, before=hits.back_to))]
    return Page(_("Search: %(text)s") % {"text": wanted}, blocks, links=ways)


def _named(asking: Asking, wanted: str, view: View, mbas: list[str]) -> Iterator[Table]:
    """What is called so, sort by sort."""
    yield _statement(asking, wanted)
    yield _batches(asking, finding.batches(wanted, view, mbas)[:SHOWN])
    yield _transfers(asking, finding.transfers(wanted, view, mbas)[:SHOWN])
    yield _reports(asking, finding.reports(wanted, view, mbas)[:SHOWN])
    yield _areas(asking, wanted, view)
    yield _parts(asking, finding.parts(wanted, view, mbas)[:SHOWN])


def _statement(asking: Asking, wanted: str) -> Table:
    rows: list[Row] = []
    if wanted.isascii() and wanted.isdecimal() and len(wanted) < len(str(2**62)):
        try:
            rows = [_of_statement(asking, statement_of(asking, int(wanted)))]
        except NotFound:
            rows = []
    return Table(rows, heads(["statement", "what"]), name="statement", caption=_("Statement"))


def _of_statement(asking: Asking, stored: Stored) -> Row:
    return {
        "statement": stored.number,
        "what": worded(ROOMS[stored.kind.room].words(stored.kind.name, stored.fields)),
        LINKS: {"statement": asking.to("record/statement", number=stored.number)},
    }


def _batches(asking: Asking, found: list[finding.Batch]) -> Table:
    rows: list[Row] = [
        {"batch": each.batch, "mba": each.mbas, LINKS: {"batch": asking.to("accounting/batch", batch=each.batch)}}
        for each in found
    ]
    return Table(rows, heads(["batch", "mba"]), name="batches", caption=_("Batches"))


def _transfers(asking: Asking, found: list[finding.Transfer]) -> Table:
    rows: list[Row] = [
        {
            "key": each.key,
            "code": each.code,
            "day": str(each.day),
            "mba": each.mba,
            "batch": each.batch,
            "statement": each.number,
            LINKS: {
                "key": asking.to("accounting/consignment", number=each.number),
                "batch": asking.to("accounting/batch", batch=each.batch, mba=each.mba),
                "statement": asking.to("record/statement", number=each.number),
            },
        }
        for each in found
    ]
    names = {"key": _("Shipper's batch"), **heads(["code", "day", "mba", "batch", "statement"])}
    return Table(rows, names, name="shipments", caption=_("Shipments and receipts"))


def _reports(asking: Asking, found: list[finding.Report]) -> Table:
    rows: list[Row] = [
        {
            "report": f"{REPORTS.get(each.sort, each.sort)} {each.report}",
            "mba": each.mba,
            "day": str(each.end),
            LINKS: {
                "report": asking.to("accounting/report", number=each.number),
                "mba": asking.to("accounting/mba", mba=each.mba),
            },
        }
        for each in found
    ]
    names = {"report": _("Report"), **heads(["mba"]), "day": _("Until")}
    return Table(rows, names, name="reports", caption=_("Reports"))


def _areas(asking: Asking, wanted: str, view: View) -> Table:
    found: list[Row] = [
        {
            "mba": each.code,
            "name": each.name,
            "facility": each.facility,
            LINKS: {"mba": asking.to("accounting/mba", mba=each.code)},
        }
        for each in finding.areas(wanted, asking.times.as_of, view)
        if asking.reach.covers(f"mba:{each.code}")
    ]
    return Table(found[:SHOWN], heads(["mba", "name", "facility"]), name="areas", caption=_("Areas"))


def _parts(asking: Asking, found: list[finding.Part]) -> Table:
    rows: list[Row] = [
        {
            "code": each.code,
            "sort": each.thing,
            "mba": each.mba,
            "statement": each.number,
            LINKS: {
                "code": _of_part(asking, each),
                "statement": asking.to("record/statement", number=each.number),
            },
        }
        for each in found
    ]
    names = heads(["code", "sort", "mba", "statement"])
    return Table(rows, names, name="register", caption=_("In the register"))


def _of_part(asking: Asking, part: finding.Part) -> str:
    if part.thing == "place":
        return asking.to("accounting/batches", mba=part.mba, place=part.code)
    return asking.to("accounting/register", thing=part.thing, mba=part.mba)


def _texts(asking: Asking, wanted: str, found: list[texts.Hit]) -> Table:
    rows = [
        {
            **_of_statement(asking, each.stored),
            "field": str(FIELDS.get(each.field, each.field)),
            "text": _excerpt(each.text, wanted),
        }
        for each in found
    ]
    names = heads(["statement", "what"]) | {"field": _("Field"), "text": _("Text")}
    return Table(rows, names, name="texts", caption=_("In the text of statements"))


def _excerpt(text: str, wanted: str) -> str:
    """What stands around the wanted text."""
    at = text.casefold().find(wanted.casefold())
    begin, end = max(0, at - _AROUND), at + len(wanted) + _AROUND
    return f"{'… ' if begin else ''}{text[begin:end]}{' …' if end < len(text) else ''}"
