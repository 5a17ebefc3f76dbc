"""What was found against the book, item by item, with the MUF that closing gives; and the closing of the balance.

Rules kept here:

1. Both who sign see the same: the differences, the MUF by weight, the batches that nobody found.
2. Closing always takes two persons: what one states here is a proposal.

Source: INFCIRC/153, paragraphs 62 to 67.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.inventory import taking
from openmpca.accounting.inventory.differences import Differences, Inventory, differences
from openmpca.accounting.inventory.rows import MUF, amounts_and_facts, weighed
from openmpca.accounting.pages import taken
from openmpca.accounting.pages.words import DIFFERENCE, word
from openmpca.pages import acting
from openmpca.pages.answering import refused_as
from openmpca.pages.blocks import LINKS, Block, Button, Field, Form, Link, Page, Row, Table, Text
from openmpca.pages.routes import Answer, Asking, Open, Sent, page
from openmpca.problems import Problem
from openmpca.record.record import Refused


@page("accounting/inventory-differences", title=gettext_lazy("Differences"), needs=Open.READER)
def differing(asking: Asking, number: int) -> Page:
    """What was found against the book just before the cut-off."""
    of = taken.inventory_of(asking, number)
    close = Link(_("Close the balance"), asking.to("accounting/inventory-closing", number=number))
    title = taken.titled(_("Differences of %(mba)s on %(day)s"), of)
    action = close if of.closing is None else None
    return Page(title, _compared(asking, of, differences(of)), action=action, above=taken.above(asking, of))


def _compared(asking: Asking, of: Inventory, made: Differences) -> list[Block]:
    amounts, facts = amounts_and_facts(made.items.to_dicts())
    told = {"batch": _("Batch"), "what": _("What"), "book": _("Book"), "found": _("Found")}
    heads = {"batch": _("Batch"), "what": _("What"), "key": _("Of"), "book": _("Book: items, or g")}
    heads |= {"found": _("Found: items, or g"), "difference": _("Difference: items, or g")}
    rows = [_row(asking, of, each) for each in amounts]
    none = _("Everything is as booked.")
    blocks: list[Block] = [
        _muf(made),
        Table(rows, heads, name="amounts", caption=_("Batches that differ"), empty=none),
    ]
    if facts:
        seen = [_row(asking, of, each) for each in facts]
        blocks.append(Table(seen, told, name="facts", caption=_("Places, seals and item numbers that differ")))
    return blocks


def _row(asking: Asking, of: Inventory, row: Row) -> Row:
    batch = str(row["batch"])
    return {
        **row,
        "what": word(asking, DIFFERENCE, str(row["what"])),
        LINKS: {"batch": taken.to_line(asking, of, batch)},
    }


def _muf(made: Differences) -> Table:
    rows = [
        {"muf" if name == "ug" else name: value for name, value in row.items()} for row in weighed(made.totals, MUF)
    ]
    heads = {"weight": _("Weight"), "book": _("Book: items, or g"), "found": _("Found: items, or g")}
    heads["muf"] = _("Difference (MUF): items, or g")
    none = _("The book is empty, and nothing was found.")
    return Table(rows, heads, name="muf", caption=_("MUF that closing gives"), empty=none)


@page("accounting/inventory-closing", title=gettext_lazy("Close the balance"), needs=Open.READER)
def closing(asking: Asking, number: int, sent: Sent | None = None) -> Answer:
    """Close the balance on a physical inventory: what it makes of the book, and stating it."""
    of = taken.inventory_of(asking, number)
    if sent is None:
        return _asked(asking, of, {})
    try:
        note, empty = str(sent.get("note", "")).strip(), bool(sent.get("empty"))
        made = taking.close(number, acting.act(asking, sent), empty=empty, note=note)
    except Refused as refused:
        return refused_as(refused.problems, _asked(asking, of, sent, refused.problems))
    return acting.gone(made, asking.to("accounting/inventory", number=number), _("The balance is closed."))


def _asked(asking: Asking, of: Inventory, sent: Sent, problems: Sequence[Problem] = ()) -> Page:
    title = taken.titled(_("Close the balance of %(mba)s on %(day)s"), of)
    above = taken.above(asking, of)
    if of.closing is not None:
        said = Text(_("Statement %(number)s closed it.") % {"number": of.closing}, name="closed")
        return Page(title, [said], above=above)
    made = differences(of)
    fields = [Field("note", _("Note"), str(sent.get("note", "")))]
    if not of.numbers:
        fields.append(Field("empty", _("Nothing was found at all"), str(sent.get("empty", "")), "checkbox"))
    fields += acting.fields(asking, sent, problems)
    form = Form(fields, [Button(_("Close the balance"), main=True)], name="close")
    lead = _("What the book holds and nobody found is missing then. A second person approves it.")
    return Page(title, [*_missing(made), *_compared(asking, of, made), form], lead=lead, above=above)


def _missing(made: Differences) -> list[Text]:
    batches = made.items.filter(made.items["what"] == "missing")["batch"].unique().sort().to_list()
    said = _("Not found: %(batches)s.") % {"batches": ", ".join(batches)}
    return [Text(said, name="missing")] if batches else []
