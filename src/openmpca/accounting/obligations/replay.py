"""The replay of an area's changes that tells under which obligations each gram stands. Pure: events in, ledger out.

Rules kept here:

1. A gram stands under a *set* of obligations (``A+S``; ``""`` where there are none). The sets of a batch sum to its
   book balance, those of an area to the area's, always.
2. What comes in under a stated set stands under it. A domestic receipt without one inherits the sets of its shipment;
   retained waste and exempted material come back under the sets under which they went; a rebatched batch inherits
   those of its parents.
3. What goes out under a stated set is taken from it: from the batch, and where the batch has too little of it, by
   changing places with other batches of the area, for a set is owed by the area and not by a lump. What the area
   lacks is a shortfall: the set goes below zero, the change is recorded all the same.
4. What goes out without a set, is lost, produced, missing or different takes its share of all sets: of the batch, or
   of the area where the batch has not enough. Shares are exact, the largest remainder first.
5. Nuclear production inherits the sets of the uranium consumed with it in the batch, else of the uranium of the
   batch, else of the area.
6. At a closing, what was found beyond the book takes over the sets of what was not found; the rest is shared.

Sources: obligation codes and sets of Euratom regulation 2025/974; the wishes of users of foreign-obligation ledgers
(proportionality, exchanges without movement, early warning). Proportional inheritance is customary, but unverified.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from openmpca.accounting.shares import proportional
from openmpca.accounting.transit.consignments import agency_category
from openmpca.nuclear.categories import CATEGORIES
from openmpca.nuclear.changes import ACCOUNT_GROUPS

NONE: Final = ""
CLOSING: Final = "MF"
EXCHANGE: Final = "exchange"
_RETURNS: Final = frozenset({"FW", "DU", "DQ"})
_GOES_ASIDE: Final = frozenset({"TW", "EU", "EQ"})

Sets = dict[str, int]


class Part(msgspec.Struct, frozen=True):
    """What a change did to one category of one batch of its area: ``ug`` is positive where it came in."""

    batch: str
    category: str
    ug: int
    stated: str = NONE


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """A change, a closing or an exchange of an area, in its place in time.

    ``shipment`` is the shipment that a receipt answers, ``parents`` the batches that a batch came from. In an
    exchange the first part gives and the second takes.
    """

    number: int
    day: int
    mba: str
    code: str
    parts: tuple[Part, ...]
    parents: tuple[str, ...] = ()
    shipment: int | None = None


class Move(msgspec.Struct, frozen=True):
    """What an event did to one set of one batch."""

    number: int
    day: int
    mba: str
    code: str
    batch: str
    category: str
    obligation: str
    ug: int


class Shortfall(msgspec.Struct, frozen=True):
    """More was taken from a set than the area held of it."""

    number: int
    mba: str
    category: str
    obligation: str
    ug: int


def obligation_set(text: str) -> str:
    """A set as it is written: its codes once each, in order, joined by ``+``.

    >>> obligation_set("S+A"), obligation_set("A + S + A"), obligation_set("")
    ('A+S', 'A+S', '')
    """
    return "+".join(sorted({part.strip() for part in text.split("+")} - {""}))


class Replay:
    """The sets of every batch as events are applied to them in order."""

    def __init__(self) -> None:
        self.batches: dict[tuple[str, str], dict[str, Sets]] = defaultdict(dict)
        self.totals: dict[tuple[str, str], Sets] = defaultdict(lambda: defaultdict(int))
        self.peaks: dict[tuple[str, str], Sets] = defaultdict(lambda: defaultdict(int))
        self.moves: list[Move] = []
        self.shortfalls: list[Shortfall] = []
        self._aside: dict[tuple[object, ...], Sets] = defaultdict(lambda: defaultdict(int))
        self._event = Event(number=-1, day=0, mba="", code="", parts=())

    def apply(self, events: Iterable[Event]) -> None:
        """Apply events, which stand in the order in which they happened."""
        for each in events:
            self._event = each
            if each.code == EXCHANGE:
                self._exchange(each)
            elif each.code == CLOSING:
                self._close(each)
            else:
                self._change(each)

    def _change(self, event: Event) -> None:
        moved: Sets = {}
        for part in event.parts:
            if part.ug < 0:
                shares = self._take(part)
                self._set_aside(event, part, shares)
                _add(moved, shares)
        for part in event.parts:
            if part.ug > 0:
                self._book(part, self._inherited(event, part, moved))

    def _set_aside(self, event: Event, part: Part, shares: Sets) -> None:
        """Remember the sets of what may come again: in transit, aside, rebatched, or consumed in production."""
        if event.code in _GOES_ASIDE:
            _add(self._aside[_aside_key(event, part)], shares)
        elif event.code == "SD":
            _add(self._aside["transit", event.number, agency_category(part.category)], shares)
        elif event.code == "RM":
            _add(self._aside["RM", event.mba, event.day, part.category, part.batch], shares)
        elif event.code == "LN" and _element(part.category) == "U":
            _add(self._aside["LN", event.mba, event.day, part.batch], shares)

    def _inherited(self, event: Event, part: Part, moved: Sets) -> Sets:
        pools = self._pools(event, part)
        if part.stated:
            for pool in pools:
                pool[part.stated] = max(0, pool[part.stated] - part.ug)
            return {part.stated: part.ug}
        if moved:
            return _scaled(moved, part.ug)
        drawn, left = _draw(pools, part.ug)
        if left:
            _add(drawn, _scaled(drawn or self._likely(event, part), left))
        return drawn

    def _pools(self, event: Event, part: Part) -> list[Sets]:
        if event.code == "RD":
            return [self._aside["transit", event.shipment, agency_category(part.category)]]
        if event.code in _RETURNS:
            return [self._aside[_aside_key(event, part)]]
        if event.code == "RP":
            return [
                pool
                for key, pool in list(self._aside.items())
                if key[:4] == ("RM", event.mba, event.day, part.category) and key[4] in (event.parents or (key[4],))
            ]
        return []

    def _likely(self, event: Event, part: Part) -> Sets:
        """The sets in whose proportion something comes in that does not say and that nothing tells."""
        if event.code == "NP":
            consumed = self._aside.get(("LN", event.mba, event.day, part.batch), {})
            return _positive(consumed) or self._uranium(event.mba, part.batch) or self._uranium(event.mba)
        if event.code in ("DI", CLOSING, "RP"):
            own = self.batches[event.mba, part.category].get(part.batch, {})
            return _positive(own) or _positive(self.totals[event.mba, part.category])
        return {}

    def _uranium(self, mba: str, batch: str | None = None) -> Sets:
        found: Sets = {}
        for (area, category), batches in self.batches.items():
            if area == mba and _element(category) == "U":
                _add(found, batches.get(batch, {}) if batch is not None else self.totals[area, category])
        return _positive(found)

    def _take(self, part: Part) -> Sets:
        if part.stated:
            self._book(part, {part.stated: part.ug})
            self._change_places(part)
            return {part.stated: -part.ug}
        mba = self._event.mba
        own = _positive(self.batches[mba, part.category].get(part.batch, {}))
        amount = -part.ug
        shares = _scaled(own, min(amount, sum(own.values()))) if own else {}
        if left := amount - sum(shares.values()):
            mix = dict(self.totals[mba, part.category])
            _add(mix, {name: -ug for name, ug in shares.items()})
            _add(shares, _scaled(_positive(mix), left))
        self._book(part, {name: -ug for name, ug in shares.items()})
        return shares

    def _change_places(self, part: Part) -> None:
        """Rule 3: other batches of the area give of the set and take of the others, until the batch owes none."""
        mba, name = self._event.mba, part.stated
        area = self.batches[mba, part.category]
        for batch in sorted(area):
            owed = -area[part.batch].get(name, 0)
            if owed <= 0:
                return
            others = {each: ug for each, ug in _positive(area[part.batch]).items() if each != name}
            amount = min(owed, area[batch].get(name, 0), sum(others.values()))
            if batch != part.batch and amount > 0:
                exchanged = _scaled(others, amount)
                self._swap(part.category, part.batch, {**{k: -v for k, v in exchanged.items()}, name: amount})
                self._swap(part.category, batch, {**exchanged, name: -amount})
        if (short := -self.totals[mba, part.category][name]) > 0:
            missing = min(short, -part.ug)
            self.shortfalls.append(Shortfall(self._event.number, mba, part.category, name, missing))

    def _swap(self, category: str, batch: str, sets: Mapping[str, int]) -> None:
        _add(self.batches[self._event.mba, category][batch], sets)

    def _book(self, part: Part, sets: Mapping[str, int]) -> None:
        event, key = self._event, (self._event.mba, part.category)
        _add(self.batches[key].setdefault(part.batch, {}), sets)
        for name, ug in sets.items():
            self.totals[key][name] += ug
            self.peaks[key][name] = max(self.peaks[key][name], self.totals[key][name])
            if ug:
                move = Move(event.number, event.day, event.mba, event.code, part.batch, part.category, name, ug)
                self.moves.append(move)

    def _close(self, event: Event) -> None:
        for category in sorted({part.category for part in event.parts}):
            parts = [part for part in event.parts if part.category == category]
            pool: Sets = defaultdict(int)
            for part in parts:
                if part.ug < 0:
                    _add(pool, self._take(part))
            found = [part for part in parts if part.ug > 0]
            for part in sorted(found, key=lambda each: not each.stated):
                self._book(part, self._found(event, part, pool))

    def _found(self, event: Event, part: Part, pool: Sets) -> Sets:
        if part.stated:
            pool[part.stated] = max(0, pool[part.stated] - part.ug)
            return {part.stated: part.ug}
        drawn, left = _draw([pool], part.ug)
        if left:
            _add(drawn, _scaled(self._likely(event, part), left))
        return drawn

    def _exchange(self, event: Event) -> None:
        given, taken = event.parts
        key, amount = (event.mba, given.category), -given.ug
        if given.stated == taken.stated:
            return
        holding = {batch: sets.get(given.stated, 0) for batch, sets in sorted(self.batches[key].items())}
        holding = {batch: ug for batch, ug in holding.items() if ug > 0}
        held = min(amount, sum(holding.values()))
        for batch, ug in zip(holding, proportional(held, list(holding.values())) if holding else (), strict=True):
            self._book(Part(batch, given.category, 0), {given.stated: -ug, taken.stated: ug})
        if missing := amount - held:
            self._book(Part(NONE, given.category, 0), {given.stated: -missing, taken.stated: missing})
            self.shortfalls.append(Shortfall(event.number, event.mba, given.category, given.stated, missing))


def _aside_key(event: Event, part: Part) -> tuple[object, ...]:
    return "aside", ACCOUNT_GROUPS[event.code], event.mba, part.category, part.batch


def _add(sets: Sets, more: Mapping[str, int]) -> None:
    for name, ug in more.items():
        sets[name] = sets.get(name, 0) + ug


def _positive(sets: Mapping[str, int]) -> Sets:
    return {name: ug for name, ug in sorted(sets.items()) if ug > 0}


def _scaled(sets: Mapping[str, int], ug: int) -> Sets:
    """A mass in the proportion of some sets; under none where there are none."""
    given = _positive(sets)
    if not given:
        return {NONE: ug}
    return {name: share for name, share in zip(given, proportional(ug, list(given.values())), strict=True) if share}


def _draw(pools: Iterable[Sets], ug: int) -> tuple[Sets, int]:
    """Draw a mass from pools, in proportion; what they gave, and what they lacked."""
    drawn: Sets = {}
    left = ug
    for pool in pools:
        amount = min(left, sum(_positive(pool).values()))
        if amount:
            shares = _scaled(pool, amount)
            _add(pool, {name: -share for name, share in shares.items()})
            _add(drawn, shares)
            left -= amount
    return drawn, left


def _element(category: str) -> str:
    known = CATEGORIES.get(category)
    return known.element if known else ""
