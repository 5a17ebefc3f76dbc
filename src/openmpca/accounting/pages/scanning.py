"""Scanning at a physical inventory: a code is typed, read by a keyboard scanner or by the camera, and answered.

Rules kept here:

1. The field takes a code and Enter, as a keyboard scanner sends it; it works without a script. The camera is offered
   where the browser can read codes by itself; a picture never leaves the device.
2. A scan tells what a code names and how it stands. It is taken in, as booked and where one stands, when that is asked
   for: with the code, or after it was looked at.
3. A batch with several items is not taken in by the code of one of them alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.documents.codes import read
from openmpca.accounting.inventory import taking
from openmpca.accounting.inventory.progress import Line, Progress
from openmpca.accounting.pages import taken
from openmpca.pages import acting
from openmpca.pages.blocks import LINKS, Block, Button, Facts, Field, Form, Page, Problems, Table, Text
from openmpca.pages.routes import Asking, Open, Sent, page
from openmpca.record.record import Refused


@dataclass(frozen=True)
class Scanning(Form):
    """The form of a scan: its first field takes the code, and the camera can fill it."""

    template: ClassVar[str] = "accounting/scanning.html"


@page("accounting/inventory-scan", title=gettext_lazy("Scan"), needs=Open.READER)
def scan(asking: Asking, number: int, place: str = "", code: str = "", sent: Sent | None = None) -> Page:
    """What a scanned code names, and how it stands; taken in where that is asked."""
    progress = taken.progress_of(asking, number)
    given = sent if sent is not None else {"code": code, "place": place}
    text = str(given.get("code", "")).strip()
    found = progress.named(text) if text else []
    answered: list[Block] = []
    status = 200
    if text:
        answered, status = _answered(asking, progress, text, found, given)
    lead = _("Scan a label, an item number or a seal, or type it and press Enter.")
    title = taken.titled(_("Scan: physical inventory of %(mba)s on %(day)s"), progress.inventory)
    blocks = [_form(asking, given, place), *answered, _left(Progress(taken.inventory_of(asking, number)))]
    return Page(title, blocks, lead=lead, above=taken.above(asking, progress.inventory), status=status)


def _form(asking: Asking, given: Sent, place: str) -> Scanning:
    here = str(given.get("place", "")).strip() or place
    fields = [
        Field("code", _("Code"), required=True),
        Field("place", _("Where you stand"), here, help=_("Blank: where the book says that the batch is.")),
        Field("at_once", _("Take in at once, as booked"), str(given.get("at_once", "")), "checkbox"),
        *acting.fields(asking, given),
    ]
    return Scanning(fields, [Button(_("Look up"), main=True)], name="scan")


def _left(progress: Progress) -> Text:
    told = {"left": len(progress.left), "all": len(progress.lines)}
    return Text(_("Left to be found: %(left)d of %(all)d.") % told, name="left")


def _answered(
    asking: Asking, progress: Progress, text: str, found: Sequence[Line], given: Sent
) -> tuple[list[Block], int]:
    """What a code names, with what came of taking it in, and the status of the answer."""
    if not found:
        return [_unknown(progress, text)], 200
    if len(found) > 1:
        return [_several(asking, progress, found)], 200
    (line,) = found
    wanted = str(given.get("step", "")) == "take" or bool(given.get("at_once"))
    if not wanted or line.found is not None or progress.inventory.closing is not None:
        return [*_one(progress, line), *_ways(asking, progress, line, text, given)], 200
    if str(given.get("step", "")) != "take" and _one_of_several(progress, line, text):
        said = Text(_("This is one item of several: take the batch in when all of them are there."), name="said")
        return [said, *_one(progress, line), *_ways(asking, progress, line, text, given)], 200
    return _taken(asking, progress, line, given)


def _unknown(progress: Progress, text: str) -> Text:
    told = {"code": text, "mba": progress.inventory.mba}
    said = _(
        "Nothing in the book of %(mba)s at the cut-off is called %(code)s. If it is there, take it in by its name."
    )
    return Text(said % told, name="said")


def _several(asking: Asking, progress: Progress, found: Sequence[Line]) -> Table:
    rows = [
        {
            "batch": each.batch,
            "place": each.told.place,
            "state": taken.state(each),
            LINKS: {"batch": taken.to_line(asking, progress.inventory, each.batch)},
        }
        for each in found
    ]
    heads = {"batch": _("Batch"), "place": _("Place"), "state": _("State")}
    return Table(rows, heads, name="several", caption=_("Several batches are called so"))


def _one(progress: Progress, line: Line) -> list[Block]:
    told = line.told
    facts: dict[str, object] = {
        _("Batch"): line.batch,
        _("State"): taken.state(line),
        _("KMP"): told.kmp,
        _("Place"): told.place or _("no place"),
        _("Items"): told.items,
        _("Item numbers"): told.item_numbers,
        _("Seals"): told.seals,
        _("Description"): told.description,
        **{f"{key}, g": text for key, text in told.weights.items()},
    }
    if line.statement is not None:
        facts[_("Statement")] = line.statement
    return [Facts(facts, name="batch", caption=line.batch)]


def _ways(asking: Asking, progress: Progress, line: Line, text: str, given: Sent) -> list[Block]:
    """What can be done with a batch that was looked up."""
    if line.found is not None or progress.inventory.closing is not None:
        return []
    hidden = [
        Field("code", "", text, "hidden"),
        Field("place", "", str(given.get("place", "")), "hidden"),
        Field("at_once", "", str(given.get("at_once", "")), "hidden"),
    ]
    buttons = [Button(_("Take in as booked"), "take", main=True)]
    return [Form([*hidden, *acting.fields(asking, given)], buttons, name="take")]


def _one_of_several(progress: Progress, line: Line, text: str) -> bool:
    """Whether a code names one item of a batch that has several (rule 3)."""
    item = read(text).item or (text if text in line.told.item_numbers else "")
    return bool(item) and max(line.told.items, len(line.told.item_numbers)) > 1


def _taken(asking: Asking, progress: Progress, line: Line, given: Sent) -> tuple[list[Block], int]:
    place = str(given.get("place", "")).strip()
    told: dict[str, object] = {"place": place} if place and place != line.told.place else {}
    number = progress.inventory.number
    try:
        taking.found(number, line.batch, acting.act(asking, given), told)
    except Refused as refused:
        return [Problems(refused.problems), *_one(progress, line)], 422
    after = Progress(taken.inventory_of(asking, number))
    said = _("%(batch)s is taken in.") % {"batch": line.batch}
    if told:
        said += " " + _("The book says that it stands at %(place)s.") % {"place": line.told.place or _("no place")}
    return [Text(said, name="said"), *_one(after, after.lines[line.batch])], 200
