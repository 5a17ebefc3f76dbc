"""Items on their way through a procedure: what is done, what is left, and whose count that is.

Rules kept here:

1. The steps of an item are those of its type, in their order; the last one eliminates it. Of a lot a part may go on.
2. What a party states as eliminated counts for itself; for another party only where that one accepts it. What it
   disputes, and what it has not spoken of (open), are told apart, and never added to what is accepted.
3. What is left of a lot is what it held less what was eliminated, as its own party states both.

Source: the research on joint programmes, 1.4 and 5.1; design, idea 7.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.elimination.statements import ACCEPTED, Attribute, Item, ItemType, Step, View


@dataclass(frozen=True)
class Progress:
    """An item as its party states it: the amount that each step was done to, and how others see its elimination."""

    item: Claim[Item]
    type: Claim[ItemType]
    done: dict[str, Decimal]
    steps: tuple[Claim[Step], ...]
    views: dict[str, Claim[View]] = field(default_factory=dict)
    attributes: tuple[Claim[Attribute], ...] = ()

    @property
    def amount(self) -> Decimal:
        """What it holds, in the unit of its type."""
        return Decimal(self.item.said.amount)

    @property
    def eliminated(self) -> Decimal:
        """What went through the last step."""
        return self.done.get(self.type.said.steps[-1], Decimal(0)) if self.type.said.steps else Decimal(0)

    @property
    def left(self) -> Decimal:
        """What is not eliminated (rule 3)."""
        return self.amount - self.eliminated

    @property
    def next_step(self) -> str:
        """The first step that was not done to all of it; blank where all were."""
        return next((each for each in self.type.said.steps if self.done.get(each, Decimal(0)) < self.amount), "")

    def position(self, party: str) -> str:
        """How a party sees its elimination: its own, accepted, disputed or open; blank where nothing is eliminated."""
        if not self.eliminated:
            return ""
        if party == self.item.party:
            return "own"
        return self.views[party].said.position if party in self.views else "open"


def progress(claims: Claims) -> list[Progress]:
    """Every item, in the order of its code."""
    types = {each.code: each for each in claims.of(ItemType)}
    steps, views, attributes = claims.by_thing(Step), claims.by_thing(View), claims.by_thing(Attribute)
    found = []
    for item in sorted(claims.of(Item), key=lambda each: (each.code, each.known)):
        if item.said.type in types:
            own = [each for each in steps.get(item.thing, []) if each.party == item.party]
            seen = {each.said.viewer or each.party: each for each in views.get(item.thing, [])}
            measured = tuple(attributes.get(item.thing, []))
            found.append(Progress(item, types[item.said.type], done(item.said, own), tuple(own), seen, measured))
    return found


def done(item: Item, steps: Sequence[Claim[Step]]) -> dict[str, Decimal]:
    """The amount that each step was done to, in the order in which they were done."""
    found: dict[str, Decimal] = {}
    for each in sorted(steps, key=lambda each: (each.said.day, each.number)):
        before = found.get(each.said.step, Decimal(0))
        found[each.said.step] = before + (
            Decimal(each.said.amount) if each.said.amount else Decimal(item.amount) - before
        )
    return found


@dataclass(frozen=True)
class Tally:
    """The items of a type in the eyes of a party: what is declared, and of what is eliminated that which is its own or
    accepted, that which it disputes, that which is open."""

    type: Claim[ItemType]
    viewer: str
    declared: Decimal
    accepted: Decimal
    disputed: Decimal
    open: Decimal


def tallies(items: Sequence[Progress], parties: Sequence[str]) -> list[Tally]:
    """The items by type, in the eyes of each party."""
    found = []
    for code in dict.fromkeys(each.item.said.type for each in items):
        own = [each for each in items if each.item.said.type == code]
        for party in parties:
            sums = {"own": Decimal(0), ACCEPTED: Decimal(0), "disputed": Decimal(0), "open": Decimal(0)}
            for each in own:
                if standing := each.position(party):
                    sums[standing] += each.eliminated
            declared = sum((each.amount for each in own), Decimal(0))
            mine = sums["own"] + sums[ACCEPTED]
            found.append(Tally(own[0].type, party, declared, mine, sums["disputed"], sums["open"]))
    return found
