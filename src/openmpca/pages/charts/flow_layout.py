"""Where the places of a flow stand, and where each band begins and ends.

Rules kept here:

1. Places stand in columns, so that most of what flows goes forward. Bands that would close a circle go back: they
   are chosen by a greedy order of the places (Eades, Lin and Smyth), the lightest ones as a rule.
2. A place stands one column after the last that feeds it forward; one that nothing feeds stands just before the first
   that it feeds.
3. The height of a place is the larger of what comes and what goes, to one scale for all; a place too small for its
   label still gets the room of one.
4. Within a column places are ordered by the middle of those before and after them, a few times over; ties by key.
   Nothing is by chance: the same flows give the same picture.

Source: P. Eades, X. Lin, W. F. Smyth, A fast and effective heuristic for the feedback arc set problem (1993).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

SWEEPS: Final = 6
Amounts = dict[tuple[str, str], float]


@dataclass
class Placed:
    """A place: its column, its top and its height, how much room it takes from above to below."""

    key: str
    column: int
    amount: float
    height: float = 0.0
    top: float = 0.0
    room: float = 0.0

    @property
    def middle(self) -> float:
        """The middle of it."""
        return self.top + self.height / 2


@dataclass
class Band:
    """What flows from one place to another: its thickness, and the middle of its ends; ``back`` against the rest."""

    source: str
    target: str
    kind: str
    amount: float
    back: bool = False
    thick: float = 0.0
    begin: float = 0.0
    end: float = 0.0


@dataclass
class Layout:
    """Places and bands, placed; the lowest edge of the places."""

    places: dict[str, Placed]
    bands: list[Band]
    columns: list[list[Placed]] = field(default_factory=list)

    @property
    def bottom(self) -> float:
        """The lowest edge of any place."""
        return max((each.top + each.height for each in self.places.values()), default=0.0)


def lay_out(flows: Iterable[tuple[str, str, str, float]], tall: float, room: float, thin: float) -> Layout:
    """Place flows of (source, target, kind, amount).

    The busiest column is about ``tall`` high, each place takes at least ``room``, no band is thinner than ``thin``.
    """
    bands = [Band(*each) for each in flows if each[0] != each[1] and each[3] > 0]
    amounts: Amounts = {}
    for each in bands:
        amounts[each.source, each.target] = amounts.get((each.source, each.target), 0.0) + each.amount
    order = {key: at for at, key in enumerate(_order(amounts))}
    for each in bands:
        each.back = order[each.source] > order[each.target]
    columns = _columns(order, [(each.source, each.target) for each in bands if not each.back])
    places = {key: Placed(key, columns[key], _through(key, amounts)) for key in sorted(columns)}
    layout = Layout(places, bands, _by_column(places))
    _scale(layout, tall, room, thin)
    _arrange(layout)
    _attach(layout)
    return layout


def _through(key: str, amounts: Amounts) -> float:
    return max(
        sum(each for (source, _), each in amounts.items() if source == key),
        sum(each for (_, target), each in amounts.items() if target == key),
    )


def _order(amounts: Amounts) -> list[str]:
    """The places in an order in which little flows back."""
    left: list[str] = []
    right: list[str] = []
    rest = sorted({key for pair in amounts for key in pair})
    while rest:
        inside = {pair: each for pair, each in amounts.items() if pair[0] in rest and pair[1] in rest}
        comes = {key: sum(each for (_, target), each in inside.items() if target == key) for key in rest}
        goes = {key: sum(each for (source, _), each in inside.items() if source == key) for key in rest}
        sink = next((key for key in reversed(rest) if not goes[key]), None)
        source = next((key for key in rest if not comes[key]), None)
        if source is None and sink is None:
            source = max(rest, key=lambda key: (goes[key] - comes[key], -rest.index(key)))
        chosen = source if source is not None else sink
        (left if source is not None else right).append(str(chosen))
        rest.remove(str(chosen))
    return left + right[::-1]


def _columns(order: dict[str, int], forward: Sequence[tuple[str, str]]) -> dict[str, int]:
    columns = dict.fromkeys(order, 0)
    for key in sorted(order, key=order.__getitem__):
        columns[key] = max((columns[source] + 1 for source, target in forward if target == key), default=0)
    fed = {target for _, target in forward}
    for key in sorted(order, key=order.__getitem__):
        after = [columns[target] for source, target in forward if source == key]
        if key not in fed and after:
            columns[key] = min(after) - 1
    return columns


def _by_column(places: dict[str, Placed]) -> list[list[Placed]]:
    last = max((each.column for each in places.values()), default=-1)
    return [[each for each in places.values() if each.column == at] for at in range(last + 1)]


def _scale(layout: Layout, tall: float, room: float, thin: float) -> None:
    busiest = max((sum(each.amount for each in column) for column in layout.columns), default=0.0)
    per = tall / busiest if busiest else 0.0
    for band in layout.bands:
        band.thick = max(band.amount * per, thin)
    for key, place in layout.places.items():
        comes = sum(each.thick for each in layout.bands if each.target == key)
        goes = sum(each.thick for each in layout.bands if each.source == key)
        place.height = max(comes, goes, 3.0)
        place.room = max(place.height + 10, room)


def _arrange(layout: Layout) -> None:
    for column in layout.columns:
        column.sort(key=lambda each: (-each.amount, each.key))
    _stack(layout)
    for sweep in range(SWEEPS):
        for column in layout.columns if sweep % 2 == 0 else layout.columns[::-1]:
            wanted = {each.key: _pull(each, layout) for each in column}
            column.sort(key=lambda each: (wanted[each.key], each.key))
            _stack(layout)


def _pull(place: Placed, layout: Layout) -> float:
    """The middle of the places that a place is bound to, weighed by how much flows."""
    bound = [(each.target, each.amount) for each in layout.bands if each.source == place.key and not each.back]
    bound += [(each.source, each.amount) for each in layout.bands if each.target == place.key and not each.back]
    total = sum(amount for _, amount in bound)
    return sum(layout.places[key].middle * amount for key, amount in bound) / total if total else place.middle


def _stack(layout: Layout) -> None:
    """Stand the places of each column below each other, all columns around one middle."""
    tallest = max((sum(each.room for each in column) for column in layout.columns), default=0.0)
    for column in layout.columns:
        at = (tallest - sum(each.room for each in column)) / 2
        for each in column:
            each.top = at + (each.room - each.height) / 2
            at += each.room


def _attach(layout: Layout) -> None:
    """Give each band its place on the edges that it joins: in the order of the other ends, returns below."""
    for key, place in layout.places.items():
        goes = [each for each in layout.bands if each.source == key]
        comes = [each for each in layout.bands if each.target == key]
        goes.sort(key=lambda each: (each.back, layout.places[each.target].middle, each.target, each.kind))
        comes.sort(key=lambda each: (each.back, layout.places[each.source].middle, each.source, each.kind))
        at = place.middle - sum(each.thick for each in goes) / 2
        for each in goes:
            each.begin, at = at + each.thick / 2, at + each.thick
        at = place.middle - sum(each.thick for each in comes) / 2
        for each in comes:
            each.end, at = at + each.thick / 2, at + each.thick
