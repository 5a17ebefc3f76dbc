"""Labels as data: what the template `labels` draws, each with the QR code that names what it is stuck on."""

from collections.abc import Mapping

import msgspec

from openmpca.pages.documents.matrix import drawn
from openmpca.pages.documents.paper import Cell, Fact, cell, facts


class Label(msgspec.Struct):
    """A label: a name, that of the item where it is of one, facts, and the text of its code with the drawing of it."""

    name: Cell
    item: Cell
    facts: list[Fact]
    code: str
    matrix: str


def label(name: str, code: str, told: Mapping[str, object], item: str = "") -> Label:
    """The label of a thing that a code names."""
    return Label(cell(name), cell(item), facts(told), code, drawn(code))
