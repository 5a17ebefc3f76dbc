"""What the pages of a physical inventory share: the inventory as far as it may be read, its ways, its figures.

Rule kept here: a physical inventory is shown to whoever may read its area; to others it is as one that there is not.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from openmpca.accounting.inventory.differences import Inventory, NoInventory
from openmpca.accounting.inventory.progress import Line, Progress
from openmpca.accounting.statements import Listed
from openmpca.pages.blocks import LINKS, Link, Row
from openmpca.pages.routes import Asking, NotFound


def inventory_of(asking: Asking, number: int) -> Inventory:
    """A physical inventory as known at the asked time."""
    missing = NotFound(_("There is no physical inventory %(number)s that you may read.") % {"number": number})
    try:
        found = Inventory.of(number, asking.times.known_at)
    except NoInventory:
        raise missing from None
    if not asking.reach.covers(f"mba:{found.mba}"):
        raise missing
    return found


def progress_of(asking: Asking, number: int) -> Progress:
    """How far a physical inventory has come, as known at the asked time."""
    return Progress(inventory_of(asking, number))


def titled(text: str, inventory: Inventory) -> str:
    """A heading that says of which inventory; ``text`` takes ``mba`` and ``day``."""
    return text % {"mba": inventory.mba, "day": inventory.day}


def above(asking: Asking, inventory: Inventory) -> list[Link]:
    """The ways from a page of an inventory up to it."""
    own = titled(_("Physical inventory of %(mba)s on %(day)s"), inventory)
    return [
        Link(_("Physical inventories"), asking.to("accounting/inventories", mba=inventory.mba)),
        Link(own, asking.to("accounting/inventory", number=inventory.number)),
    ]


def to_line(asking: Asking, inventory: Inventory, batch: str) -> str:
    """The page that takes in one batch."""
    return asking.to("accounting/inventory-line", number=inventory.number, batch=batch)


def to_spot(asking: Asking, inventory: Inventory, kmp: str, place: str) -> str:
    """The page of one place of the list."""
    return asking.to("accounting/inventory-place", number=inventory.number, kmp=kmp, place=place)


HELD = ("batch", "name", "items", "item_numbers", "seals", "description")


def row(asking: Asking, inventory: Inventory, line: Line) -> Row:
    """A batch of the list as a row, with a column for each weight."""
    told = line.told
    links: Mapping[str, str] = {"batch": to_line(asking, inventory, line.batch)}
    if line.statement is not None:
        links = {**links, "statement": asking.to("record/statement", number=line.statement)}
    return {
        **held(told),
        **{f"{key} g": text for key, text in told.weights.items()},
        "statement": line.statement if line.statement is not None else "",
        "state": state(line),
        LINKS: links,
    }


def held(line: Listed) -> dict[str, object]:
    """What a line says of a batch beside its weights."""
    found = {name: getattr(line, name) for name in HELD}
    return {**found, "items": line.items or "", "item_numbers": "; ".join(line.item_numbers)} | {
        "seals": "; ".join(line.seals)
    }


def state(line: Line) -> str:
    """How a batch of the list stands, in words."""
    if line.found is None:
        return _("to be found")
    return _("found, not in the book") if line.expected is None else _("taken in")
