"""The book computed anew from the statements by the plainest means, to hold the real one against.

It knows nothing of postings, negations and twins. As of a day and as known at a number:

* a statement counts unless one known by then corrects or deletes it;
* the inventory of an area is what its last closed physical inventory lists, and the changes after that;
* MUF of a closing is the inventory before it, less what it lists;
* an account of a code holds the opposite of what its changes did to the inventory.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

INCREASES = {"RF", "RD", "RS", "RN", "NP", "DU", "DQ", "GA", "FW", "RP"}
COUNTED = {
    "RF",
    "RD",
    "RS",
    "RN",
    "DU",
    "DQ",
    "GA",
    "FW",
    "RP",
    "SF",
    "SD",
    "SN",
    "LD",
    "TW",
    "EU",
    "EQ",
    "TU",
    "LA",
    "RM",
}
COUNTED_UNDER = ["N", "D", "E", "U", "HEU", "LEU", "P", "T"]
BOTH = {"EN", "ED", "NE", "ND", "DE", "DN"}

Amount = tuple[str, str, str]  # batch, category, nuclide
Told = list[tuple[int, Any]]
Moment = tuple[date, int]  # a date and the side of the cut-off: 1 before, 2 at, 3 after


@dataclass(frozen=True)
class NaiveBook:
    """The statements with their numbers, those known at ``number`` only."""

    told: Told
    number: int

    def _known(self, kind: str) -> Told:
        dead = {
            each.corrects for n, each in self.told if n <= self.number and getattr(each, "corrects", None) is not None
        }
        return [
            (n, each) for n, each in self.told if n <= self.number and n not in dead and type(each).__name__ == kind
        ]

    def closings(self, mba: str) -> list[tuple[date, int, bool]]:
        """The closed inventories of an area: day, number of the inventory, whether it is the opening."""
        closed = {each.inventory for _, each in self._known("Closing")}
        taken = [(each.day, n, each.opening) for n, each in self._known("Inventory") if n in closed and each.mba == mba]
        return sorted(taken)

    def listed(self, inventory: int) -> "Counter[Amount]":
        """What an inventory lists."""
        found: Counter[Amount] = Counter()
        for _, each in self._known("Listed"):
            if each.inventory == inventory:
                add(found, amounts(each, items=True))
        return found

    def moves(self, mba: str) -> list[tuple[Moment, str, "Counter[Amount]"]]:
        """What each change that counts did to the inventory of an area."""
        found = []
        for _, each in self._known("Change"):
            if each.mba == mba:
                found.append(((each.day, 3 if each.after_cutoff else 1), each.code, moved(each)))
        return found

    def inventory(self, mba: str, moment: Moment) -> "Counter[Amount]":
        """The book inventory of an area."""
        past = [each for each in self.closings(mba) if (each[0], 2) <= moment]
        since: Moment = (past[-1][0], 2) if past else (date.min, 0)
        found: Counter[Amount] = self.listed(past[-1][1]) if past else Counter()
        for when, _, amount in self.moves(mba):
            if since < when <= moment:
                add(found, amount)
        return cleared(found)

    def account(self, mba: str, code: str, moment: Moment) -> "Counter[Amount]":
        """What the counter-account of a code holds."""
        found: Counter[Amount] = Counter()
        if code in ("MF", "OP"):
            for day, inventory, opening in self.closings(mba):
                if (day, 2) <= moment and opening == (code == "OP"):
                    add(found, self.inventory(mba, (day, 1)))
                    add(found, self.listed(inventory), -1)
            return cleared(found)
        for when, of, amount in self.moves(mba):
            if when <= moment and code == of:
                add(found, amount, -1)
            if when <= moment and of in BOTH and code in (of, "ISO"):
                add(found, unaccounted(amount), -1 if code == of else 1)
        return cleared(found)


def amounts(statement: Any, *, items: bool) -> "Counter[Amount]":
    found: Counter[Amount] = Counter()
    for key, text in statement.weights.items():
        category, _, nuclide = key.partition("/")
        found[statement.batch, category, nuclide] += int(Decimal(text) * 1_000_000)
    if items and statement.items:
        given = {key.partition("/")[0] for key in statement.weights}
        found[statement.batch, min(given, key=COUNTED_UNDER.index), "#"] += statement.items
    return found


def moved(change: Any) -> "Counter[Amount]":
    stated = amounts(change, items=change.code in COUNTED)
    if change.code in BOTH:
        return Counter({of: -ug if of[1] == change.code[0] else ug for of, ug in stated.items()})
    sign = 1 if change.code in INCREASES else -1
    return Counter({of: sign * ug for of, ug in stated.items()})


def unaccounted(amount: "Counter[Amount]") -> "Counter[Amount]":
    """The isotopes that a category change loses (or finds), in the category that does not account them."""
    net: Counter[tuple[str, str]] = Counter()
    for (batch, _, nuclide), ug in amount.items():
        if nuclide:
            net[batch, nuclide] += ug
    found: Counter[Amount] = Counter()
    for (batch, category, nuclide), ug in amount.items():
        if not nuclide:
            continue
        (other,) = {of for _, of, _ in amount} - {category}
        if net[batch, nuclide] and ug:
            found[batch, other, nuclide] -= net[batch, nuclide]
    return found


def add(found: "Counter[Amount]", amount: "Counter[Amount]", times: int = 1) -> None:
    for of, ug in amount.items():
        found[of] += times * ug


def cleared(found: "Counter[Amount]") -> "Counter[Amount]":
    return Counter({of: ug for of, ug in found.items() if ug})


def without_batches(found: "Counter[Amount]") -> dict[tuple[str, str], int]:
    summed: Counter[tuple[str, str]] = Counter()
    for (_, category, nuclide), ug in found.items():
        summed[category, nuclide] += ug
    return {of: ug for of, ug in summed.items() if ug}
