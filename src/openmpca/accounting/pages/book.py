"""The book in the browser: what areas hold, and the general ledger of one of them.

Rules kept here:

1. A figure of an area leads to the lines that it is the sum of, one of a batch to the batch.
2. A ledger of very many lines shows the last of them, says so and leads to the earlier ones; as a file it is whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting import book_rows, figures
from openmpca.accounting.accounts import INDEX, MAIN
from openmpca.accounting.book_rows import Cells
from openmpca.accounting.ledger import Ledger, Line
from openmpca.accounting.ledger import ledger as ledger_of
from openmpca.accounting.pages.asked import (
    accounted,
    areas,
    blanked,
    must_know,
    one_of,
    question,
    told_by_the_book,
    view_of,
)
from openmpca.accounting.pages.heads import heads, of_nuclide, of_nuclides
from openmpca.accounting.pages.parts import at_once, told, whole
from openmpca.accounting.queries import View
from openmpca.nuclear.categories import CATEGORIES
from openmpca.pages.blocks import LINKS, Block, Field, Link, Page, Row, Table
from openmpca.pages.routes import Asking, NotFound, page, place
from openmpca.pages.times import TimesError
from openmpca.pages.told import worded


@page("accounting/book", title=gettext_lazy("Book"), needs=place("mba"), menu=10)
def book(asking: Asking, mba: str = "", account: str = MAIN, by_batch: bool = False) -> Page:
    """What the book holds, or what reports told: by area and category, or by batch."""
    view = view_of(asking)
    if mba:
        must_know(asking, view, mba)
    if account not in INDEX:
        raise NotFound(_("There is no account %(code)s.") % {"code": account})
    cells = _cells(asking, view, mba, account, by_batch and bool(mba))
    by = ("batch", "category") if by_batch and mba else ("mba", "category")
    columns = book_rows.nuclides(cells)
    rows = [_linked(asking, row, mba, account, columns) for row in book_rows.rows(cells, by, columns)]
    several = by[0] == "batch" or len({of[0] for of in cells}) > 1
    totals = book_rows.rows(book_rows.totals(cells, _("total")), by, columns) if several else []
    summed = [accounted(row, columns) for row in totals]
    shown = Table(rows, heads(by) | of_nuclides(columns), summed, name="book", empty=_("The book holds nothing there."))
    ways = [Link(_("The ledger"), asking.to("accounting/ledger", mba=mba))] if mba else []
    return Page(_("Book"), [shown, _asked(asking, view, mba, account, by_batch)], lead=_said(asking), links=ways)


def _said(asking: Asking) -> str:
    if asking.times.as_reported:
        return _("As reported, in the categories of the reports, on %(day)s.") % {"day": asking.times.as_of}
    return _("At the end of %(day)s.") % {"day": asking.times.as_of}


def _cells(asking: Asking, view: View, mba: str, account: str, by_batch: bool) -> Cells:
    wanted = [mba] if mba else areas(asking, view)
    if asking.times.as_reported:
        if by_batch or account != MAIN:
            raise TimesError("as_reported", _("Reports tell what areas hold, by category: no batches, no accounts."))
        state = asking.times.as_reported
        return book_rows.as_reported(wanted, asking.times.as_of, state, view.number)  # type: ignore[arg-type]
    return book_rows.of_batches(view, mba, account) if by_batch else book_rows.of_areas(view, wanted, account)


def _linked(asking: Asking, row: Row, mba: str, account: str, columns: list[str]) -> Row:
    batch = row.get("batch")
    if batch is not None:
        leads = {"batch": asking.to("accounting/batch", batch=batch, mba=mba)}
        made_of = leads["batch"]
    else:
        leads = {"mba": asking.to("accounting/mba", mba=row["mba"])}
        made_of = _made_of(asking, row, account)
    return accounted({**row, LINKS: leads | dict.fromkeys(map(book_rows.column, columns), made_of)}, columns)


def _made_of(asking: Asking, row: Row, account: str) -> str:
    if asking.times.as_reported:
        return asking.to("accounting/reports", mba=row["mba"])
    if account == MAIN:
        return asking.to("accounting/ledger", mba=row["mba"], category=row["category"])
    return asking.to("accounting/book", mba=row["mba"], account=account, by_batch="yes")


def _asked(asking: Asking, view: View, mba: str, account: str, by_batch: bool) -> Block:
    meaning = _("MAIN is the book inventory; every other account counts one code of inventory change.")
    fields = [
        Field("mba", _("Area"), mba, choices=one_of(areas(asking, view), _("all"))),
        Field("account", _("Account"), account, choices=one_of(list(INDEX)), help=meaning, example="TW"),
        Field("by_batch", _("By batch, of one area"), "yes" if by_batch else "", "checkbox"),
    ]
    return question(asking, "accounting/book", fields)


@page("accounting/ledger", title=gettext_lazy("Ledger"), needs=place("mba"))
def ledger(
    asking: Asking, mba: str, category: str = "", since: date | None = None, by_booking: bool = False, back: int = 0
) -> Page:
    """The general ledger of an area: every line, with its statement and the balance after it."""
    view = view_of(asking)
    must_know(asking, view, mba)
    parts = _parts(asking, mba, category, since, by_booking, max(0, back))
    blocks: list[Block] = [_lines(asking, mba, each, by_booking) for each in parts]
    if not parts:
        blocks = [Table([], heads(["statement", "day"]), name="ledger", empty=_("No lines."))]
    fields = [
        Field("mba", _("Area"), mba, choices=one_of(areas(asking, view))),
        Field("category", _("Category"), category, choices=one_of(list(CATEGORIES), _("all"))),
        Field("since", _("From this day on"), since.isoformat() if since else "", "date"),
        Field("by_booking", _("By date of booking"), "yes" if by_booking else "", "checkbox"),
    ]
    asked = {"mba": mba, "category": category, "since": since, "by_booking": "yes" if by_booking else ""}
    return Page(
        _("Ledger of %(mba)s") % {"mba": mba},
        [*blocks, question(asking, "accounting/ledger", fields)],
        lead=told_by_the_book(asking),
        above=[Link(mba, asking.to("accounting/mba", mba=mba))],
        links=[
            *_earlier_and_later(asking, parts, max(0, back), asked),
            Link(_("The batches"), asking.to("accounting/batches", mba=mba)),
        ],
    )


@dataclass(frozen=True)
class Part:
    """The lines of a category that are shown: from which one, and of how many."""

    category: str
    lines: list[Line]
    first: int
    count: int


def _parts(asking: Asking, mba: str, category: str, since: date | None, by_booking: bool, back: int) -> list[Part]:
    """The last lines of each category, or those ``back`` from there; all where the whole is asked for (rule 2)."""
    view = view_of(asking)
    if since is not None and by_booking:
        lines = ledger_of(mba, view, since=since, by_booking=True)
        of_each = {
            name: [each for each in lines if each.category == name] for name in {each.category for each in lines}
        }
        parts = [(name, len(own), partial(_slice, own)) for name, own in sorted(of_each.items())]
    else:
        book = Ledger.of(mba, view, by_booking=by_booking)
        begins = {name: 0 if since is None else book.before(name, since) for name in book.counts}
        parts = [
            (name, count - begins[name], partial(_some, book, name, begins[name]))
            for name, count in sorted(book.counts.items())
        ]
    found = []
    for name, count, some in parts:
        end = count if whole(asking) else count - back
        first = 0 if whole(asking) else max(0, end - at_once())
        if category in ("", name) and end > 0:
            found.append(Part(name, some(first, end), first, count))
    return found


def _some(book: Ledger, category: str, begin: int, first: int, end: int) -> list[Line]:
    return book.lines(category, begin + first, begin + end)


def _slice(lines: list[Line], first: int, end: int) -> list[Line]:
    return lines[first:end]


def _earlier_and_later(asking: Asking, parts: list[Part], back: int, asked: Mapping[str, object]) -> list[Link]:
    def to(at: int) -> str:
        return asking.to("accounting/ledger", **asked, back=at or None)

    earlier = [Link(_("Earlier"), to(back + at_once()))] if any(each.first for each in parts) else []
    return earlier + ([Link(_("Later"), to(max(0, back - at_once())))] if back else [])


def _lines(asking: Asking, mba: str, part: Part, by_booking: bool) -> Table:
    """The lines of a category as a table (rule 2)."""
    nuclides = figures.in_order({nuclide for each in part.lines for nuclide in each.balance})
    columns = {book_rows.moved(each): _("± %(of)s") % {"of": of_nuclide(each)} for each in nuclides}
    columns |= {book_rows.balance(each): _("balance, %(of)s") % {"of": of_nuclide(each)} for each in nuclides}
    rows = [_line(asking, mba, each, by_booking, nuclides) for each in part.lines]
    names = heads(["statement", "day", "code", "batch", "about"]) | columns
    caption = ", ".join(filter(None, [_category(part.category), told(part.first, len(rows), part.count)]))
    return Table(rows, names, name=part.category, caption=caption)


def _category(code: str) -> str:
    known = CATEGORIES.get(code)
    return f"{code} · {_(known.name)}" if known else code


def _line(asking: Asking, mba: str, line: Line, by_booking: bool, nuclides: list[str]) -> Row:
    stated = asking.to("record/statement", number=line.number)
    leads = {"statement": stated} | {book_rows.moved(each): stated for each in nuclides}
    if line.batch:
        leads["batch"] = asking.to("accounting/batch", batch=line.batch, mba=mba)
    if line.corrects is not None:
        leads["about"] = asking.to("record/statement", number=line.corrects)
    told = book_rows.line_in_columns(line, by_booking, nuclides)
    row = {**told, "about": worded(str(told["about"])), LINKS: leads}
    return blanked(row, [book_rows.moved(each) for each in nuclides if each not in line.moved])
