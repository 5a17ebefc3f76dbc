"""Batches in the browser: those of an area with where they lie, and one with its history, lineage and items.

Rules kept here:

1. A batch is shown as far as it was in areas that may be read; one that never was answers as one that there is not.
2. A long list is shown in parts; as a file, and to programs, it is whole.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting import book_rows
from openmpca.accounting.accounts import ITEMS, MAIN
from openmpca.accounting.batch_history import POTS, Event, Holding, history
from openmpca.accounting.book_rows import Cells
from openmpca.accounting.inventory.batches import Standing, standings
from openmpca.accounting.pages.asked import areas, must_know, one_of, question, told_by_the_book, view_of
from openmpca.accounting.pages.descent import ancestors, descendants
from openmpca.accounting.pages.heads import heads, of_keys, of_nuclides
from openmpca.accounting.pages.parts import at_once, told, ways, whole
from openmpca.accounting.queries import View
from openmpca.pages.blocks import LINKS, Block, Facts, Field, Link, Page, Row, Table
from openmpca.pages.routes import Asking, NotFound, page, place
from openmpca.pages.told import worded
from openmpca.record.known import query

_TOLD: Final = (
    *("name", "place", "kmp", "description", "basis", "method", "measured_at", "uncertainty", "obligation"),
    *("programme", "owner", "operator_code", "operator_text", "item_numbers", "seals", "holdup"),
)


@page("accounting/batches", title=gettext_lazy("Batches"), needs=place("mba"))
def batches(asking: Asking, mba: str, text: str = "", place: str = "", begin: int = 0) -> Page:
    """What each batch of an area holds and where it lies; those whose name has a text in it, or in one place."""
    view = view_of(asking)
    must_know(asking, view, mba)
    cells = _matching(book_rows.of_batches(view, mba, MAIN), text)
    if place:
        cells = _in_place(cells, mba, place, view)
    shown, begin = list(cells), max(0, begin)
    if not whole(asking):
        shown = shown[begin : begin + at_once()]
    table = _table(asking, mba, cells, shown, view)
    fields = [
        Field("mba", _("Area"), mba, choices=one_of(areas(asking, view))),
        Field("text", _("In the name of the batch"), text),
        Field("place", _("Place"), place),
    ]
    return Page(
        _("Batches of %(mba)s") % {"mba": mba},
        [table, question(asking, "accounting/batches", fields)],
        lead=" ".join(filter(None, [told_by_the_book(asking), told(begin, len(shown), len(cells))])),
        above=[Link(mba, asking.to("accounting/mba", mba=mba))],
        links=[
            *ways(asking, "accounting/batches", begin, len(cells), mba=mba, text=text, place=place),
            *_labels(asking, [mba] if cells else []),
        ],
    )


def _matching(cells: Cells, text: str) -> Cells:
    wanted = text.casefold()
    return {of: amounts for of, amounts in cells.items() if wanted in of[0].casefold()}


def _in_place(cells: Cells, mba: str, place: str, view: View) -> Cells:
    """The cells of batches that lie in a place now: of those that were ever put there."""
    rows = query(
        "SELECT DISTINCT batch FROM accounting_location WHERE mba = %s AND place = %s AND number <= %s",
        [mba, place, view.number],
        {"batch": pl.String},
        view.using,
    )
    named = {of[0] for of in cells} & set(rows["batch"])
    there = {name for name, each in standings(mba, view, named).items() if each.place == place}
    return {of: amounts for of, amounts in cells.items() if of[0] in there}


def _table(asking: Asking, mba: str, cells: Cells, shown: list[tuple[str, ...]], view: View) -> Table:
    columns = book_rows.nuclides(cells)
    known = standings(mba, view, {of[0] for of in shown})
    part = {of: cells[of] for of in shown}
    rows = [
        {
            **row,
            **_lies(known.get(str(row["batch"]))),
            LINKS: {"batch": asking.to("accounting/batch", batch=row["batch"], mba=mba)},
        }
        for row in book_rows.rows(part, ("batch", "category"), columns)
    ]
    totals = book_rows.rows(book_rows.totals(cells, _("total")), ("batch", "category"), columns) if rows else []
    names = heads(["batch", "category"]) | of_nuclides(columns) | heads(["place", "kmp", "description"])
    return Table(rows, names, totals, name="batches", empty=_("No batch of the inventory is like that."))


def _lies(standing: Standing | None) -> Row:
    found = standing or Standing(batch="")
    return {"place": found.place, "kmp": found.kmp, "description": found.description}


@page("accounting/batch", title=gettext_lazy("Batch"), needs=place("mba"))
def batch(asking: Asking, batch: str, mba: str = "") -> Page:
    """Where a batch is, what happened to it, from which it came and what came of it."""
    view = view_of(asking)
    found = history(batch, view, mba=mba or None)
    holdings = [each for each in found.holdings if asking.reach.covers(f"mba:{each.mba}")]
    events = [each for each in found.events if asking.reach.covers(f"mba:{each.mba}")]
    if not holdings and not events:
        raise NotFound(_("There is no batch %(batch)s that you may read.") % {"batch": batch})
    where = list(dict.fromkeys([each.mba for each in holdings] or [each.mba for each in events[-1:]]))
    blocks: list[Block] = [
        _holdings(asking, holdings),
        *(_told(asking, area, batch, view, len(where) > 1) for area in where),
        _events(asking, events),
        ancestors(asking, batch, view),
        descendants(asking, batch, view),
    ]
    ways = [Link(_("Batches of %(mba)s") % {"mba": each}, asking.to("accounting/batches", mba=each)) for each in where]
    held = dict.fromkeys(each.mba for each in holdings if each.account == POTS[MAIN])
    return Page(batch, blocks, lead=told_by_the_book(asking), above=ways, links=_labels(asking, list(held), batch))


def _labels(asking: Asking, held: Sequence[str], batch: str = "") -> list[Link]:
    """The ways to the labels of what areas hold."""
    return [
        Link(_("Labels, %(mba)s (PDF)") % {"mba": mba}, asking.to("accounting/labels-file", mba=mba, batch=batch))
        for mba in held
    ]


def _holdings(asking: Asking, holdings: list[Holding]) -> Table:
    keys = _keys(each.weights for each in holdings)
    rows: list[Row] = [
        {
            "mba": each.mba,
            "account": worded(each.account),
            "place": each.place,
            "kmp": each.kmp,
            **book_rows.keyed(each.weights),
            LINKS: _leads(asking, each.mba, each.place),
        }
        for each in holdings
    ]
    names = heads(["mba", "account", "place", "kmp"]) | of_keys(keys)
    return Table(rows, names, name="holdings", caption=_("Held"), empty=_("Nothing of it is left."))


def _leads(asking: Asking, mba: str, place: str) -> dict[str, str]:
    led = {"mba": asking.to("accounting/mba", mba=mba)}
    return led | ({"place": asking.to("accounting/batches", mba=mba, place=place)} if place else {})


def _keys(weights: Iterable[dict[str, int]]) -> list[str]:
    found = {key for each in weights for key in each}
    return sorted(found, key=lambda key: (key.endswith(ITEMS), key))


def _told(asking: Asking, mba: str, batch: str, view: View, several: bool) -> Facts:
    """What the record says of a batch in an area beside its mass."""
    standing = standings(mba, view, batch).get(batch, Standing(batch=batch))
    facts = {name: value for name in _TOLD if (value := getattr(standing, name)) not in ("", [], False)}
    caption = _("What is known of it in %(mba)s") % {"mba": mba} if several else _("What is known of it")
    links = {"place": asking.to("accounting/batches", mba=mba, place=standing.place)} if standing.place else {}
    return Facts(facts, f"known_{mba}" if several else "known", caption, links, heads(facts))


def _events(asking: Asking, events: list[Event]) -> Table:
    keys = _keys(each.weights for each in events)
    rows: list[Row] = [
        {
            "statement": each.number,
            "day": str(each.day),
            "mba": each.mba,
            "what": worded(each.what),
            **book_rows.keyed(each.weights),
            "place": each.place,
            "standing": worded(each.standing),
            LINKS: {"statement": asking.to("record/statement", number=each.number)} | _leads(asking, each.mba, ""),
        }
        for each in events
    ]
    names = heads(["statement", "day", "mba", "what"]) | of_keys(keys) | heads(["place", "standing"])
    return Table(rows, names, name="history", caption=_("What happened to it"))
