"""What the page of a statement shows of the book: where it led, what corrected it, which reports carry it.

All of it is cut to the reach: what a statement did in an area beyond it is not shown.
"""

from typing import Final

from django.utils.translation import gettext as _

from openmpca.accounting import figures
from openmpca.accounting.book_rows import column
from openmpca.accounting.of_statement import Correction, carried, corrections, postings
from openmpca.accounting.pages.asked import to_statement
from openmpca.accounting.pages.heads import heads, of_nuclides
from openmpca.accounting.queries import known_or_latest
from openmpca.pages.blocks import LINKS, Block, Row, Table
from openmpca.pages.routes import Asking
from openmpca.record.reading import Stored

REPORTS: Final = {"I": "ICR", "P": "PIL", "M": "MBR"}


def blocks(asking: Asking, stored: Stored) -> list[Block]:
    """What the book made of a statement, as known at the asked time; nothing where it made nothing."""
    known = known_or_latest(asking.times.known_at)
    made = [_corrections(asking, stored, known), _postings(asking, stored), _carried(asking, stored, known)]
    return [each for each in made if each.rows]


def leads(asking: Asking, stored: Stored) -> dict[str, str]:
    """Where the fields of a statement lead: to its area, batch and place."""
    fields = stored.fields
    mba, batch = str(fields.get("mba", "")), str(fields.get("batch", ""))
    if not mba:
        return {}
    found = {"mba": asking.to("accounting/mba", mba=mba)}
    if batch:
        found["batch"] = asking.to("accounting/batch", batch=batch, mba=mba)
    if fields.get("place"):
        found["place"] = asking.to("accounting/batches", mba=mba, place=fields["place"])
    return found


def _corrections(asking: Asking, stored: Stored, known: int) -> Table:
    rows: list[Row] = [
        {
            "statement": each.number,
            "what": _does(each),
            LINKS: {"statement": to_statement(asking, each.number), "what": to_statement(asking, each.corrects)},
        }
        for each in corrections(stored.number, known)
    ]
    return Table(rows, heads(["statement", "what"]), name="corrections", caption=_("Corrections"))


def _does(each: Correction) -> str:
    words = _("deletes statement %(number)d") if each.deletes else _("corrects statement %(number)d")
    return words % {"number": each.corrects}


def _postings(asking: Asking, stored: Stored) -> Table:
    lines: dict[tuple[object, ...], dict[str, int]] = {}
    for mba, account, day, batch, category, nuclide, ug in postings(stored.number).iter_rows():
        if asking.reach.covers(f"mba:{mba}"):
            of = lines.setdefault((mba, account, str(day), batch, category), {})
            of[nuclide] = of.get(nuclide, 0) + ug
    nuclides = figures.in_order({nuclide for amounts in lines.values() for nuclide in amounts})
    names = ("mba", "account", "day", "batch", "category")
    rows = [
        dict(zip(names, of, strict=True))
        | {column(each): figures.amount(each, amounts[each]) if each in amounts else "" for each in nuclides}
        | {LINKS: _led(asking, str(of[0]), str(of[1]), str(of[3]))}
        for of, amounts in lines.items()
    ]
    return Table(rows, heads(names) | of_nuclides(nuclides), name="postings", caption=_("In the book"))


def _led(asking: Asking, mba: str, account: str, batch: str) -> dict[str, str]:
    led = {"mba": asking.to("accounting/mba", mba=mba)}
    if account == "MAIN":
        led["account"] = asking.to("accounting/ledger", mba=mba)
    if batch:
        led["batch"] = asking.to("accounting/batch", batch=batch, mba=mba)
    return led


def _carried(asking: Asking, stored: Stored, known: int) -> Table:
    rows: list[Row] = [
        {
            "report": f"{REPORTS.get(each.sort, each.sort)} {each.report}",
            "mba": each.mba,
            "entry": each.entry,
            "sort": each.status,
            "day": str(each.day),
            "statement": each.number,
            LINKS: {
                "report": asking.to("accounting/report", number=each.number),
                "mba": asking.to("accounting/mba", mba=each.mba),
                "statement": to_statement(asking, each.number),
            },
        }
        for each in carried(stored.number, known)
        if asking.reach.covers(f"mba:{each.mba}")
    ]
    names = {"report": _("Report"), **heads(["mba"]), "entry": _("Entry"), "sort": _("Status")}
    names |= heads(["day", "statement"])
    return Table(rows, names, name="reports", caption=_("Carried by reports"))
