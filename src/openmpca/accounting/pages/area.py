"""One area in the browser: what it holds, what it may hold and do, its measurement points, holders, and the ways on."""

from typing import Any, Final

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting import book_rows
from openmpca.accounting import register as book
from openmpca.accounting.accounts import MAIN
from openmpca.accounting.pages.asked import accounted, told_by_the_book, view_of
from openmpca.accounting.pages.heads import heads, of_nuclides
from openmpca.nuclear.changes import CHANGES
from openmpca.pages.blocks import LINKS, Block, Facts, Link, Page, Row, Table, Text
from openmpca.pages.routes import Asking, NotFound, page, place

_TOLD: Final = (
    *("name", "facility", "country", "custodian", "profile", "forms", "categories", "precision", "reference_only"),
    *("unified", "follow_up", "items_only", "ended", "note"),
)


@page("accounting/mba", title=gettext_lazy("Area"), needs=place("mba"))
def mba(asking: Asking, mba: str) -> Page:
    """An area as it stood on a day: its book, its register entry, allowed codes, measurement points, holders."""
    day, known = asking.times.as_of, asking.times.known_at
    found = book.mba(mba, day, known)
    if found is None:
        raise NotFound(_("There is no MBA %(mba)s that you may read.") % {"mba": mba})
    fields = msgspec.structs.asdict(found.fields)
    blocks: list[Block] = [_held(asking, mba), _facts(asking, fields, found.number), _codes(fields["codes"])]
    blocks += [
        _part(_("Key measurement points"), "kmps", ("code", "name", "inventory"), book.kmps(mba, day, known)),
        _part(_("Holders"), "holders", ("code", "name", "for_party", "note"), book.holders(mba, day, known)),
    ]
    return Page(
        f"{mba} · {found.fields.name}",
        blocks,
        lead=told_by_the_book(asking),
        above=[Link(_("Register"), asking.to("accounting/register"))],
        links=_ways(asking, mba),
    )


def _held(asking: Asking, mba: str) -> Table:
    cells = book_rows.of_areas(view_of(asking), [mba], MAIN)
    columns = book_rows.nuclides(cells)
    rows: list[Row] = []
    for row in book_rows.rows(cells, ("mba", "category"), columns):
        made_of = asking.to("accounting/ledger", mba=mba, category=row["category"])
        linked = {**row, LINKS: dict.fromkeys(map(book_rows.column, columns), made_of)}
        rows.append(accounted(linked, columns))
    names = heads(["category"]) | of_nuclides(columns)
    return Table(rows, names, name="held", caption=_("Book inventory"), empty=_("The book holds nothing there."))


def _facts(asking: Asking, fields: dict[str, Any], number: int) -> Facts:
    told = {name: fields[name] for name in _TOLD if fields[name] not in ("", [], {})}
    links = {"facility": asking.to("accounting/register", thing="mba", facility=fields["facility"])}
    if asking.reach.everywhere:
        told["statement"] = number
        links["statement"] = asking.to("record/statement", number=number)
    return Facts(told, "area", _("In the register"), links, heads(told))


def _codes(codes: list[str]) -> Block:
    if not codes:
        return Text(_("Every code of inventory change is allowed."), name="codes", caption=_("Allowed codes"))
    rows = [{"code": each, "title": CHANGES[each].title if each in CHANGES else ""} for each in codes]
    return Table(rows, heads(["code", "title"]), name="codes", caption=_("Allowed codes"))


def _part(caption: str, name: str, names: tuple[str, ...], found: list[Any]) -> Table:
    rows = [{each: getattr(entry.fields, each) for each in names} for entry in found]
    shown = heads(names)
    if "inventory" in shown:
        shown["inventory"] = _("Of inventory, not of flow")
    return Table(rows, shown, name=name, caption=caption, empty=_("None."))


def _ways(asking: Asking, mba: str) -> list[Link]:
    ways = {
        "accounting/ledger": _("The ledger"),
        "accounting/batches": _("The batches"),
        "accounting/items": _("The items"),
        "accounting/places": _("The places"),
        "accounting/balance": _("The material balance"),
        "accounting/reports": _("The reports"),
        "accounting/obligations": _("The obligations"),
    }
    return [Link(text, asking.to(path, mba=mba)) for path, text in ways.items()]
