"""Documents in the browser: what can be printed, and each of it as a PDF in the reader's language.

Rules kept here:

1. A document is for whoever may read the area of which it speaks; to others it is as one that there is not.
2. What a document tells of another area than its own is cut to the reach too.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.documents import inventories as on_inventories
from openmpca.accounting.documents import labels as on_labels
from openmpca.accounting.documents import moves, words
from openmpca.accounting.documents import reports as on_reports
from openmpca.accounting.documents.made import Document, NoDocument
from openmpca.accounting.inventory.differences import Inventory, inventories
from openmpca.accounting.pages.asked import areas, must_know, one_of, question, view_of
from openmpca.accounting.queries import View
from openmpca.accounting.reporting.queries import all_reports
from openmpca.pages.blocks import LINKS, Field, Page, Row, Table, Text
from openmpca.pages.documents.paper import TooLong
from openmpca.pages.routes import Answer, Asking, File, NotFound, Open, page, place

KIND: Final = "application/pdf"
YEAR: Final = 366
MOST: Final = 500
"""How many codes to scan a document of the pages may have: that takes some seconds."""


@page("accounting/documents", title=gettext_lazy("Documents"), needs=place("mba"), menu=95)
def documents(asking: Asking, mba: str = "", since: date | None = None) -> Page:
    """What can be printed: labels of areas, then reports, lists to tick and move sheets of a year, the last first."""
    view = view_of(asking)
    if mba:
        must_know(asking, view, mba)
    found = [mba] if mba else areas(asking, view)
    begin = since or date.fromordinal(max(1, asking.times.as_of.toordinal() - YEAR))
    dated = sorted(_dated(asking, found, view, begin), key=lambda each: (each[0], each[1]["statement"]), reverse=True)
    rows = [*_labels(asking, found), *(row for _day, row in dated)]
    heads = {"document": _("Document"), "mba": _("MBA"), "day": _("Day"), "statement": _("Statement")}
    title = _("Documents of %(mba)s") % {"mba": mba} if mba else _("Documents")
    told = _("Each is a PDF in the language of these pages, made when it is asked for.")
    fields = [
        Field("mba", _("Area"), mba, choices=one_of(areas(asking, view), _("all"))),
        Field("since", _("From this day on"), begin.isoformat(), "date"),
    ]
    table = Table(rows, heads, name="documents", empty=_("There is nothing to print yet."))
    return Page(title, [table, question(asking, "accounting/documents", fields)], lead=told)


def _labels(asking: Asking, found: Sequence[str]) -> list[Row]:
    return [
        {
            "document": _("Labels"),
            "mba": area,
            "day": "",
            "statement": "",
            LINKS: {"document": asking.to("accounting/labels-file", mba=area)},
        }
        for area in found
    ]


def _dated(asking: Asking, found: Sequence[str], view: View, begin: date) -> Iterator[tuple[date, dict[str, object]]]:
    """What was dated in the time asked for, by its day."""
    end = asking.times.as_of
    for report in all_reports(None, view.number):
        if report.mba in found and begin <= report.day <= end:
            title = str(words.SORTS.get(report.sort, report.sort))
            yield report.day, _row(asking, title, report.mba, report.day, report.number, "report-paper")
    for each in inventories(None, view.number):
        if each.mba in found and begin <= each.day <= end:
            yield each.day, _row(asking, _("List to tick"), each.mba, each.day, each.number, "tick-list-file")
    for number, area, _to, day in moves.shipments(view, found, begin):
        yield day, _row(asking, _("Move sheet"), area, day, number, "move-sheet-file")


def _row(asking: Asking, title: str, mba: str, day: date, number: int, path: str) -> dict[str, object]:
    link = asking.to(f"accounting/{path}", number=number)
    return {"document": title, "mba": mba, "day": day, "statement": number, LINKS: {"document": link}}


@page("accounting/report-paper", title=gettext_lazy("Report to sign"), needs=Open.READER)
def report_paper(asking: Asking, number: int) -> File:
    """A report as a form to sign."""
    return _file(asking, number, lambda: on_reports.report(number, asking.times.known_at))


@page("accounting/tick-list-file", title=gettext_lazy("List to tick"), needs=Open.READER)
def tick_list_file(asking: Asking, number: int, at: str = "") -> Answer:
    """The list to tick of a physical inventory, or of what stands at one place."""
    known = asking.times.known_at
    try:
        return _file(asking, number, lambda: on_inventories.to_tick(number, known, at, MOST))
    except TooLong as error:
        if not _covers(asking, Inventory.of(number, known).mba):
            raise _missing(number) from None
        return _too_long(error)


@page("accounting/move-sheet-file", title=gettext_lazy("Move sheet"), needs=Open.READER)
def move_sheet_file(asking: Asking, number: int) -> File:
    """The move sheet of the transport to which a shipment belongs."""
    return _file(asking, number, lambda: moves.move(number, view_of(asking), lambda mba: _covers(asking, mba)))


@page("accounting/labels-file", title=gettext_lazy("Labels"), needs=place("mba"))
def labels_file(asking: Asking, mba: str, batch: str = "", by_item: bool = False) -> Answer:
    """Labels of what an area holds, or of one batch."""
    try:
        made = on_labels.labels(mba, view_of(asking), batch, by_item=by_item, most=MOST)
    except NoDocument as missing:
        raise NotFound(str(missing)) from None
    except TooLong as error:
        return _too_long(error)
    return File(made.file_name, made.drawn(), KIND)


def _file(asking: Asking, number: int, made: Callable[[], Document]) -> File:
    """A document that a statement names; NotFound in the same words where there is none and beyond the reach."""
    try:
        document = made()
    except NoDocument:
        raise _missing(number) from None
    if not _covers(asking, document.mba):
        raise _missing(number)
    return File(document.file_name, document.drawn(), KIND)


def _missing(number: int) -> NotFound:
    return NotFound(_("Statement %(number)s has no such document that you may read.") % {"number": number})


def _too_long(error: TooLong) -> Page:
    return Page(_("Too long for paper"), [Text(str(error))], status=422)


def _covers(asking: Asking, mba: str) -> bool:
    return asking.reach.covers(f"mba:{mba}")
