"""What a form knows of its area before anything is typed: allowed codes, batches, points, places, weights, shipments.

Rules kept here:

1. Nothing is offered that lies beyond the reach of who asks.
2. Offers are a help: whatever else is typed, the rules answer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from django.utils.translation import gettext as _

from openmpca.accounting import operations, register
from openmpca.accounting.accounts import ITEMS, MAIN
from openmpca.accounting.figures import amount
from openmpca.accounting.queries import View
from openmpca.accounting.statements import Change, Mba
from openmpca.accounting.transit.consignments import Consignment
from openmpca.accounting.transit.unmatched import unmatched
from openmpca.nuclear.basis import BASES
from openmpca.nuclear.categories import CATEGORIES, split_key
from openmpca.nuclear.changes import CHANGES
from openmpca.nuclear.mass import format_grams
from openmpca.pages.blocks import Choice, Field
from openmpca.pages.routes import Asking
from openmpca.record import clock
from openmpca.record.reading import stored

MOST: Final = 1000
USUAL: Final = ("N", "D", "E", "P", "T")
NUCLIDES: Final = ("", "fissile", "U233", "U235", "Pu239", "Pu240", "Pu241")
"""What is offered where neither the batch nor the area says more: the Agency's categories, and these of each."""


def areas(asking: Asking, codes: Sequence[str] = ()) -> list[Mba]:
    """The areas with a book of their own that who asks may read, which allow one of some codes."""
    today = clock.day(clock.now_us())
    return [
        each.fields
        for each in register.register(Mba, today)
        if not each.fields.reference_only
        and asking.reach.covers(f"mba:{each.fields.code}")
        and (not each.fields.codes or not codes or set(codes) & set(each.fields.codes))
    ]


@dataclass(frozen=True)
class Scene:
    """An area that somebody states about, on a day."""

    asking: Asking
    area: Mba
    day: date

    @property
    def mba(self) -> str:
        """The code of the area."""
        return self.area.code

    @cached_property
    def view(self) -> View:
        """The book at the end of the day, with all that is known."""
        return View.of(self.day)

    @property
    def checking(self) -> bool:
        """Whether only the effect is asked for, by a page that has its form already."""
        return bool(self.asking.request.headers.get("HX-Request"))

    def codes(self) -> list[Choice]:
        """The inventory changes that the area is allowed."""
        allowed = self.area.codes or list(CHANGES)
        return [Choice(code, f"{code} {_(CHANGES[code].title)}") for code in CHANGES if code in allowed]

    def batches(self, codes: Sequence[str] = (MAIN,)) -> list[Choice]:
        """The batches that the area holds, with their element weights."""
        if self.checking:
            return []
        held: dict[str, list[str]] = {}
        rows = self.view.batches(self.mba, codes)
        for batch, category, nuclide, ug in rows.select("batch", "category", "nuclide", "ug").iter_rows():
            held.setdefault(batch, []).extend([f"{category} {format_grams(ug)} g"] if not nuclide else [])
        return [Choice(batch, ", ".join(weights)) for batch, weights in list(held.items())[:MOST]]

    def kmps(self) -> list[Choice]:
        """The key measurement points of the area."""
        return [Choice(each.fields.code, each.fields.name) for each in register.kmps(self.mba, self.day)]

    def places(self) -> list[Choice]:
        """The places of the area, each under what is around it."""
        return list(_flat(register.places(self.mba, self.day), ""))[:MOST]

    def others(self) -> list[Choice]:
        """The other areas of our State that who asks may read."""
        country = self.area.country
        return [Choice(f"{country}/{each.code}", each.name) for each in areas(self.asking) if each.code != self.mba]

    def keys(self, held: Sequence[str] = ()) -> list[str]:
        """The weight keys that a form offers: of what is held, else of the area's categories, else the usual ones."""
        if held:
            return [key for key in held if key != ITEMS]
        codes = self.area.categories or [*(each for each in USUAL if not (self.area.unified and each in "NDE"))]
        codes = [*codes, "U"] if self.area.unified and "U" not in codes else codes
        named = [key for code in codes if code in CATEGORIES for key in CATEGORIES[code].keys]
        return [key for key in named if split_key(key)[1] in NUCLIDES]

    def held(self, batch: str, codes: Sequence[str] = (MAIN,)) -> dict[str, int]:
        """What a batch holds, by weight key."""
        return operations.contents(self.mba, batch, self.view, codes) if batch else {}

    def shipments(self) -> list[Choice]:
        """The shipments of our State that are on their way to the area."""
        if self.checking:
            return []
        found = [each.shipment.number for each in unmatched(self.view) if each.shipment and self._comes(each)]
        return [Choice(str(number), _on_its_way(number)) for number in dict.fromkeys(found)]

    def _comes(self, consignment: Consignment) -> bool:
        shipment = consignment.shipment
        open_here = consignment.standing != "matched" and consignment.first.receiver.area == self.mba
        return shipment is not None and open_here

    def shipped(self, number: int | None) -> Change | None:
        """A shipment to the area; None for one that goes elsewhere, and where there is none."""
        try:
            found = stored(number).statement if number is not None else None
        except KeyError:
            return None
        to_here = isinstance(found, Change) and found.code == "SD" and found.counterpart.endswith(f"/{self.mba}")
        return found if isinstance(found, Change) and to_here else None


def _flat(nodes: Sequence[register.Node], around: str) -> Iterator[Choice]:
    for node in nodes:
        name = f"{around} · {node.place.name}" if around else node.place.name
        yield Choice(node.place.code, name)
        yield from _flat(node.within, name)


def _on_its_way(number: int) -> str:
    shipped = stored(number).statement
    told = {name: getattr(shipped, name, "") for name in ("batch", "mba", "day")}
    return _("%(batch)s from %(mba)s on %(day)s") % told


def weight_parts(name: str, keys: Sequence[str], texts: Mapping[str, str], held: Mapping[str, int]) -> list[Field]:
    """The small fields of weights: one for each key offered, and for each that is typed already."""
    before = f"{name}:"
    typed = [each.removeprefix(before) for each, text in texts.items() if each.startswith(before) and text.strip()]
    found = []
    for key in dict.fromkeys([*keys, *typed]):
        there = _("%(key)s, holds %(grams)s") % {"key": key, "grams": amount(key, held[key])} if key in held else key
        found.append(Field(f"{before}{key}", there, texts.get(f"{before}{key}", ""), "decimal"))
    return found


def bases() -> list[Choice]:
    """The measurement bases of Code 10."""
    return [Choice("", ""), *(Choice(each.code, f"{each.code} {each.name}") for each in BASES.values())]
