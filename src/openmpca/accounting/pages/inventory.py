"""One physical inventory on a tablet: its places, the list of a place to tick, a batch that was found differently.

Rules kept here:

1. What is ticked is taken in as booked, all of a place's ticks or none of them.
2. A batch that differs, or that nobody expected, is taken in on a form of its own; what was taken in already is
   corrected there, with a reason.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openmpca.accounting.inventory import taking
from openmpca.accounting.inventory.differences import Inventory
from openmpca.accounting.inventory.fields import YES
from openmpca.accounting.inventory.fields import Row as Ticked
from openmpca.accounting.inventory.progress import Line, Progress, Spot
from openmpca.accounting.pages import taken
from openmpca.pages import acting
from openmpca.pages.answering import refused_as
from openmpca.pages.blocks import LINKS, Cell, Facts, Field, Link, Page, Row, Table
from openmpca.pages.routes import Answer, Asking, Open, Sent, page
from openmpca.problems import Problem
from openmpca.record.once import new_mark
from openmpca.record.record import Refused

TICK = "found:"


class Tick(NamedTuple):
    """A row to tick: the name of its box (blank: nothing is to be ticked), whether it is ticked, what it is, cells."""

    name: str
    ticked: bool
    batch: str
    cells: list[Cell]


@dataclass(frozen=True)
class Ticking(Table):
    """A list whose rows can be ticked and sent."""

    template: ClassVar[str] = "accounting/ticking.html"
    ticked: frozenset[str] = frozenset()
    fields: Sequence[Field] = ()
    button: str = ""
    mark: str = field(default_factory=new_mark)

    @property
    def ticks(self) -> Iterator[Tick]:
        """The rows with their boxes."""
        for row, cells in zip(self.rows, self.lines, strict=True):
            batch = str(row["batch"])
            open_to_tick = row["statement"] == ""
            yield Tick(TICK + batch if open_to_tick else "", batch in self.ticked, batch, cells)


@page("accounting/inventory", title=gettext_lazy("Physical inventory"), needs=Open.READER)
def inventory(asking: Asking, number: int) -> Page:
    """One physical inventory: how far it has come, place by place."""
    progress = taken.progress_of(asking, number)
    of = progress.inventory
    heads = {"kmp": _("KMP"), "place": _("Place"), "batches": _("Batches"), "taken": _("Taken in"), "left": _("Left")}
    rows = [_spot(asking, of, each) for each in progress.spots()]
    none = _("The book is empty at the cut-off, and nothing was taken in.")
    spots = Table(rows, heads, name="places", caption=_("List per place"), empty=none)
    scan = Link(_("Scan"), asking.to("accounting/inventory-scan", number=number))
    links = [
        Link(_("Differences"), asking.to("accounting/inventory-differences", number=number)),
        Link(_("A batch that is not on the list"), asking.to("accounting/inventory-line", number=number)),
        Link(_("Close the balance"), asking.to("accounting/inventory-closing", number=number)),
        Link(_("Take in a ticked list"), asking.to("accounting/inventory-take", number=number)),
        Link(_("The whole list"), asking.to("accounting/inventory-list", number=number)),
        Link(_("The list to print (PDF)"), asking.to("accounting/tick-list-file", number=number)),
    ]
    title = taken.titled(_("Physical inventory of %(mba)s on %(day)s"), of)
    return Page(
        title,
        [_facts(asking, progress), spots],
        action=scan if of.closing is None else None,
        links=links if of.closing is None else [links[0], *links[4:]],
        above=taken.above(asking, of)[:1],
    )


def _facts(asking: Asking, progress: Progress) -> Facts:
    of = progress.inventory
    expected = [each for each in progress.lines.values() if each.expected is not None]
    facts: dict[str, object] = {
        _("Statement"): of.number,
        _("Expected"): ngettext("%(count)d batch", "%(count)d batches", len(expected)) % {"count": len(expected)},
        _("Taken in"): sum(each.found is not None for each in progress.lines.values()),
        _("Left"): len(progress.left),
        _("Not in the book"): sum(each.expected is None for each in progress.lines.values()),
        _("State"): _("open") if of.closing is None else _("closed by statement %(number)s") % {"number": of.closing},
    }
    links = {_("Statement"): asking.to("record/statement", number=of.number)}
    if of.closing is not None:
        links[_("State")] = asking.to("record/statement", number=of.closing)
    return Facts(facts, name="inventory", links=links)


def _spot(asking: Asking, of: Inventory, spot: Spot) -> Row:
    to = taken.to_spot(asking, of, spot.kmp, spot.place)
    return {
        "kmp": spot.kmp or _("none"),
        "place": spot.place or _("no place"),
        "batches": spot.batches,
        "taken": spot.taken,
        "left": spot.batches - spot.taken,
        LINKS: {"kmp": to, "place": to, "left": to},
    }


@page("accounting/inventory-list", title=gettext_lazy("List to tick"), needs=Open.READER)
def whole_list(asking: Asking, number: int) -> Page:
    """The whole list, to be printed or taken along as a file."""
    progress = taken.progress_of(asking, number)
    lines = sorted(progress.lines.values(), key=lambda each: (each.told.kmp, each.told.place, each.batch))
    rows = [
        {"kmp": each.told.kmp, "place": each.told.place, **taken.row(asking, progress.inventory, each)}
        for each in lines
    ]
    heads = {"kmp": _("KMP"), "place": _("Place"), **_heads(rows)}
    title = taken.titled(_("List of the physical inventory of %(mba)s on %(day)s"), progress.inventory)
    none = _("The book is empty at the cut-off.")
    above = taken.above(asking, progress.inventory)
    return Page(title, [Table(rows, heads, name="list", empty=none)], above=above)


def _heads(rows: Sequence[Row]) -> dict[str, str]:
    """The heads of the columns in which something stands."""
    keys = dict.fromkeys(name for row in rows for name in row if name.endswith(" g"))
    every = {
        "batch": _("Batch"),
        "name": _("Name"),
        "items": _("Items"),
        "item_numbers": _("Item numbers"),
        "seals": _("Seals"),
        "description": _("Description"),
        **{key: key for key in keys},
        "state": _("State"),
        "statement": _("Statement"),
    }
    return {name: head for name, head in every.items() if any(row.get(name, "") != "" for row in rows)}


@page("accounting/inventory-place", title=gettext_lazy("List of a place"), needs=Open.READER)
def one_place(asking: Asking, number: int, kmp: str = "", place: str = "", sent: Sent | None = None) -> Answer:
    """The batches of one place, to be ticked as they are found."""
    progress = taken.progress_of(asking, number)
    if sent is None:
        return _ticking(asking, progress, kmp, place, {})
    ticked = [each for each in progress.at(kmp, place) if each.found is None and sent.get(TICK + each.batch)]
    rows = [Ticked(row=at, line=each.told, found=YES) for at, each in enumerate(ticked, 1)]
    try:
        made = taking.take(number, rows, acting.act(asking, sent))
    except Refused as refused:
        named = [_named(each, rows) for each in refused.problems]
        return refused_as(named, _ticking(asking, progress, kmp, place, sent, refused.problems))
    said = _("Taken in as booked: %(count)d.") % {"count": len(made.numbers)}
    return acting.gone(made, taken.to_spot(asking, progress.inventory, kmp, place), said)


def _named(problem: Problem, rows: Sequence[Ticked]) -> Problem:
    """A problem of a row, with the batch of that row."""
    import msgspec

    names = {row.record: row.line.batch for row in rows}
    return msgspec.structs.replace(problem, record=names.get(problem.record, problem.record))


def _ticking(
    asking: Asking, progress: Progress, kmp: str, place: str, sent: Sent, problems: Sequence[Problem] = ()
) -> Page:
    of = progress.inventory
    rows = [taken.row(asking, of, each) for each in progress.at(kmp, place)]
    block = Ticking(
        rows,
        _heads(rows),
        name="place",
        empty=_("Nothing belongs here."),
        ticked=frozenset(name.removeprefix(TICK) for name in sent if name.startswith(TICK)),
        fields=list(acting.fields(asking, sent, problems)),
        button=_("Take in what is ticked, as booked") if of.closing is None else "",
    )
    where = " · ".join(part for part in (kmp and f"KMP {kmp}", place) if part) or _("no place")
    title = _("%(mba)s on %(day)s: %(where)s") % {"mba": of.mba, "day": of.day, "where": where}
    scan = Link(_("Scan here"), asking.to("accounting/inventory-scan", number=of.number, place=place))
    lead = _("Tick what you find as it is written here. What differs is taken in by its name.")
    return Page(title, [block], lead=lead, action=scan if of.closing is None else None, above=taken.above(asking, of))


@page("accounting/inventory-line", title=gettext_lazy("A batch that was found"), needs=Open.READER)
def line(asking: Asking, number: int, batch: str = "", sent: Sent | None = None) -> Answer:
    """Take in one batch: as booked, but for what is told; or correct what was taken in."""
    from openmpca.accounting.pages.found import asked_line, told_of

    progress = taken.progress_of(asking, number)
    name = batch or str((sent or {}).get("batch", "")).strip()
    known = progress.lines.get(name)
    if sent is None:
        return asked_line(asking, progress, known, name, {})
    try:
        told, measured = told_of(known, sent)
        made = taking.found(number, name, acting.act(asking, sent), told, measured=measured)
    except Refused as refused:
        return refused_as(refused.problems, asked_line(asking, progress, known, batch, sent, refused.problems))
    except acting.Unfit as unfit:
        return replace(asked_line(asking, progress, known, batch, sent, wrong=unfit), status=422)
    said = _("%(batch)s is taken in.") % {"batch": name}
    return acting.gone(made, _after(asking, progress.inventory, known), said)


def _after(asking: Asking, of: Inventory, known: Line | None) -> str:
    if known is None:
        return asking.to("accounting/inventory", number=of.number)
    return taken.to_spot(asking, of, known.told.kmp, known.told.place)
