"""The list to tick of a physical inventory on paper, a part for each place, each batch with its code to scan."""

import polars as pl
from django.utils.translation import gettext as _

from openmpca.accounting.documents import words
from openmpca.accounting.documents.codes import written
from openmpca.accounting.documents.made import Document, NoDocument, must_fit, of_paper
from openmpca.accounting.inventory.differences import Inventory, NoInventory
from openmpca.accounting.inventory.tick_list import by_place, tick_list
from openmpca.accounting.register import register
from openmpca.accounting.statements import Place
from openmpca.pages.documents.matrix import drawn
from openmpca.pages.documents.paper import Paper, Part, Signature, Sort, facts, listed

MARKS: dict[str, Sort] = {"tick": "tick", "qr": "matrix", "seen": "blank"}


def to_tick(number: int, known: int | None = None, place: str = "", most: int | None = None) -> Document:
    """The list of the inventory with this number, or the part of one place.

    Raises `NoDocument`, and `TooLong` beyond ``most`` batches.
    """
    try:
        inventory = Inventory.of(number, known)
    except NoInventory:
        raise NoDocument(_("Statement %(number)s is no physical inventory.") % {"number": number}) from None
    found = [each for each in by_place(tick_list(inventory)) if place in ("", each[1])]
    must_fit(sum(part.height for _kmp, _place, part in found), most)
    parts = _parts(inventory, found)
    if place and not parts:
        raise NoDocument(_("The book has nothing at %(place)s.") % {"place": place})
    name = "-".join(filter(None, [inventory.mba, inventory.day.isoformat(), "inventory", place]))
    return of_paper(name, inventory.mba, _paper(inventory, parts))


def _paper(inventory: Inventory, parts: list[Part]) -> Paper:
    given = {"mba": inventory.mba, "day": words.day(inventory.day)}
    heading = facts(
        {
            _("Facility"): words.facility_of(inventory.mba, inventory.day, inventory.known),
            _("Material balance area"): words.area(inventory.mba, inventory.day, inventory.known),
            _("Cut-off"): _("%(day)s at 24:00") % given,
            _("Statement"): inventory.number,
            _("Batches"): sum(len(each.rows) for each in parts),
        }
    )
    told = [] if parts else [Part(empty=_("The book is empty at the cut-off."))]
    duties = [Signature(_("Counted by")), Signature(_("Witnessed by"))]
    return Paper(
        _("Physical inventory of %(mba)s, %(day)s") % given,
        _("Tick what was found as booked; write beside it what differs."),
        [Part(facts=heading), *parts, *told],
        duties,
    )


def _parts(inventory: Inventory, found: list[tuple[str, str, pl.DataFrame]]) -> list[Part]:
    places = register(Place, inventory.day, inventory.known, mba=inventory.mba, ended=True)
    names = {each.fields.code: each.fields.name for each in places}
    return [_part(inventory.mba, kmp, place, names.get(place, ""), part.to_dicts()) for kmp, place, part in found]


def _part(mba: str, kmp: str, place: str, name: str, found: list[dict[str, object]]) -> Part:
    shown = [each for each in found[0] if any(row[each] not in ("", None) for row in found)]
    masses = {each: f"{each} g" for each in shown if each[:1].isupper()}
    rows: list[dict[str, object]] = [
        {**{masses.get(each, each): row[each] for each in shown}, "qr": drawn(written(mba, str(row["batch"])))}
        for row in found
    ]
    columns = words.heads([masses.get(each, each) for each in shown])
    heads = {"tick": _("Found"), "qr": "", **columns, "seen": _("What differs")}
    return listed(heads, rows, sorts=MARKS, caption=_where(kmp, place, name))


def _where(kmp: str, place: str, name: str) -> str:
    told = " · ".join(filter(None, [place, name if name != place else ""]))
    point = _("KMP %(kmp)s") % {"kmp": kmp} if kmp else _("no KMP")
    return f"{point}: {told or _('no place')}"
