"""Charts as data: what a picture says is told once, and drawn on the page, saved to a file, read as a table.

Rules kept here:

1. A chart has a title, a summary in words, a unit, and its exact figures as a table; the picture adds nothing to them.
2. Values are whole numbers or exact fractions in the unit. Only pixels are floating-point.
3. A colour stands for a kind of material (`colours.py`), the same in every chart; a label always stands beside it.

Source: house style, "How it looks": pictures that say one thing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from openmpca.pages.blocks import Table

Value = int | Fraction


@dataclass(frozen=True, kw_only=True)
class Chart:
    """What all charts have."""

    title: str
    summary: str
    unit: str
    table: Table


@dataclass(frozen=True)
class Series:
    """One quantity through time: its name, its kind of material, its values by day in order."""

    name: str
    kind: str
    points: Sequence[tuple[date, Value]]


@dataclass(frozen=True)
class Limit:
    """A value that is not to be passed; ``of`` names the series it is for, where each has a scale of its own."""

    name: str
    value: Value
    of: str = ""


@dataclass(frozen=True, kw_only=True)
class Lines(Chart):
    """Quantities through time on one scale."""

    series: Sequence[Series]
    limits: Sequence[Limit] = ()


@dataclass(frozen=True, kw_only=True)
class Areas(Chart):
    """Quantities through time that cannot be added up: a small field for each, with its own scale from zero."""

    series: Sequence[Series]
    limits: Sequence[Limit] = ()


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its value, its kind of material (empty: none)."""

    name: str
    value: Value
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class Bars(Chart):
    """Values side by side, with limits across them."""

    bars: Sequence[Bar]
    limits: Sequence[Limit] = ()


@dataclass(frozen=True)
class Node:
    """A place that something flows from and to: its key in the flows, its name; ``outside`` is drawn fainter."""

    key: str
    name: str
    outside: bool = False


@dataclass(frozen=True)
class Flow:
    """How much of a kind of material went from one place to another."""

    source: str
    target: str
    value: Value
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class Sankey(Chart):
    """How much flowed between places; what returns is drawn as a return."""

    nodes: Sequence[Node]
    flows: Sequence[Flow]


@dataclass(frozen=True)
class Shaded:
    """What stands where a row and a column meet: a text, and how dark it is, from 0 to 1."""

    text: str
    share: Value


@dataclass(frozen=True, kw_only=True)
class Matrix(Chart):
    """What several say of the same things: rows and columns by name, a field where something was said."""

    rows: Sequence[str]
    columns: Sequence[str]
    fields: Mapping[tuple[str, str], Shaded]


@dataclass(frozen=True)
class Span:
    """A piece of work: its name, from when to when it goes now and by the baseline, how much is done (0 to 1).

    A ``point`` is a milestone: it stands on the last of its days.
    """

    name: str
    now: tuple[date, date]
    baseline: tuple[date, date] | None = None
    done: Value = 0
    point: bool = False
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class Gantt(Chart):
    """Work through time, one piece below the other, with the day that is today."""

    spans: Sequence[Span]
    today: date | None = None
