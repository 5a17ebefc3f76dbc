"""The material balance of an area in the browser: its terms exact, MUF where the period is closed, every figure linked.

Rules kept here:

1. The terms are those of the book; nothing is rounded. A period that is not closed has no ending and no MUF.
2. A beginning and an ending lead to the book of that day, MUF to the comparison that it comes from, every other term to
   the ledger of the period.

Source: Code 10, entries of the material balance report; INFCIRC/153, paragraph 67.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.accounts import MUF
from openmpca.accounting.balance import Period, material_balance, open_period, periods
from openmpca.accounting.inventory.rows import by_entry, weighed
from openmpca.accounting.pages.asked import areas, must_know, view_of
from openmpca.accounting.reporting.queries import beside_book
from openmpca.accounting.reporting.standing import STATES
from openmpca.accounting.statements import Closing
from openmpca.pages.blocks import LINKS, Facts, Link, Page, Row, Table
from openmpca.pages.routes import Asking, address, page, place
from openmpca.record.reading import stored


@page("accounting/balance", title=gettext_lazy("Material balance"), needs=place("mba"), menu=60)
def balance(asking: Asking, mba: str = "", period: date | None = None) -> Page:
    """The material balance of a period: the one that ends on a day, else the one that the asked day lies in."""
    view = view_of(asking)
    if not mba:
        return _of_which_area(asking, areas(asking, view))
    must_know(asking, view, mba)
    at = open_period(mba, period or asking.times.as_of, asking.times.known_at)
    frame = material_balance(mba, at.begin, at.end, asking.times.known_at)
    tables = [_terms(asking, at, category, frame) for category in frame["category"].unique(maintain_order=True)]
    if not tables:
        tables = [Table([], {}, name="terms", empty=_("Nothing was ever there."))]
    lead = "" if at.closing is not None else _("The period is open: it has no ending inventory and no MUF yet.")
    links = [Link(_("Physical inventories"), asking.to("accounting/inventories", mba=mba))]
    blocks = [_facts(asking, at), *tables, *_beside_reports(asking, at), _periods(asking, mba)]
    return Page(_("Material balance of %(mba)s") % {"mba": mba}, blocks, lead=lead, links=links)


def _of_which_area(asking: Asking, codes: Sequence[str]) -> Page:
    rows = [{"mba": each, LINKS: {"mba": asking.to("accounting/balance", mba=each)}} for each in codes]
    nothing = _("There is no area with a book that you may read.")
    return Page(_("Material balance"), [Table(rows, {"mba": _("MBA")}, name="areas", empty=nothing)])


def inventory_of(closing: int) -> int | None:
    """The physical inventory that a statement closed on."""
    found = stored(closing).statement
    return found.inventory if isinstance(found, Closing) else None


def _facts(asking: Asking, at: Period) -> Facts:
    closed = at.closing is not None
    facts: dict[str, object] = {
        _("From"): at.begin or _("the beginning of the book"),
        _("To"): at.end,
        _("State"): _("closed by statement %(number)s") % {"number": at.closing} if closed else _("open"),
    }
    links = {_("State"): asking.to("record/statement", number=at.closing)} if closed else {}
    return Facts(facts, name="period", links=links)


def _terms(asking: Asking, at: Period, category: str, frame: pl.DataFrame) -> Table:
    terms = weighed(frame.filter(frame["category"] == category), ["ug"])
    return terms_table(terms, category, lambda code: _made_of(asking, at, category, code))


def terms_table(
    terms: Sequence[Row], category: str, to: Callable[[str], str] = lambda _: "", name: str = "terms"
) -> Table:
    """The terms of a balance in a category: a row an entry, a column a weight; ``to`` leads on from a code."""
    columns = sorted(dict.fromkeys(str(row["weight"]) for row in terms), key=lambda each: each.endswith(" items"))
    heads = {"code": _("Entry"), **{key: key if key.endswith(" items") else f"{key}, g" for key in columns}}
    rows = [{**row, LINKS: dict.fromkeys(row, to(str(row["code"])))} for row in by_entry(terms, category)]
    return Table(rows, heads, name=f"{name}_{category}", caption=category)


def _made_of(asking: Asking, at: Period, category: str, code: str) -> str:
    """Where a term is seen in what it is made of (rule 2)."""
    known: Mapping[str, str] = {"known_at": asking.times.given["known_at"]}
    if code == "PB" and at.begin is not None:
        return address("accounting/book", mba=at.mba, as_of=at.begin, **known)
    if code == "PE":
        return address("accounting/book", mba=at.mba, as_of=at.end, **known)
    if code == MUF and at.closing is not None and (taken := inventory_of(at.closing)) is not None:
        return address("accounting/inventory-differences", number=taken, **known)
    return address("accounting/ledger", mba=at.mba, category=category, since=at.begin, as_of=at.end, **known)


def _beside_reports(asking: Asking, at: Period) -> Iterator[Table]:
    """What the area holds as reported beside its book, where that is asked."""
    state = next((each for each in STATES if each == asking.times.as_reported), None)
    if state is None:
        return
    rows = beside_book(at.mba, at.end, state, asking.times.known_at)
    heads = {"weight": _("Weight"), "reported_g": _("Reported, g"), "book_g": _("Book, g")}
    heads["difference_g"] = _("Difference, g")
    yield Table(rows, heads, name="reported", caption=_("As reported, beside the book"))


def _periods(asking: Asking, mba: str) -> Table:
    rows: list[Row] = [
        {
            "end": each.end,
            "begin": each.begin,
            "closing": each.closing,
            LINKS: {
                "end": asking.to("accounting/balance", mba=mba, period=each.end),
                "closing": asking.to("record/statement", number=each.closing),
            },
        }
        for each in reversed(periods(mba, asking.times.known_at))
    ]
    heads = {"end": _("To"), "begin": _("From"), "closing": _("Closed by")}
    return Table(rows, heads, name="periods", caption=_("Closed periods"), empty=_("No period is closed yet."))
