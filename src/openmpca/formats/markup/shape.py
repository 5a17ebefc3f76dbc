"""How a frozen struct and an element say the same: each field says where its value stands.

A class of elements derives from `Node`. Its fields stand in the order in which the format wants the children, each
annotated with its place; a field without one is no part of the file. A tuple is a child that may be repeated; a field
without a default is one that the element cannot be without.

>>> from decimal import Decimal
>>> class Money(Node, frozen=True, kw_only=True):
...     currency: Annotated[str | None, Attribute("currency")] = None
...     amount: Annotated[Decimal, Text()]
>>> [(slot.field, slot.required) for slot in shape_of(Money).slots]
[('currency', False), ('amount', True)]

What an element has besides is kept as it came (`Kept`), so that a file that is read, changed and written loses
nothing that this program does not know.
"""

from collections.abc import Iterator
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

import msgspec

from openmpca.formats.markup.values import Value

XML: Final = "http://www.w3.org/XML/1998/namespace"
LANGUAGE: Final = f"{{{XML}}}lang"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """An element that no field takes, as a fragment: ``after`` which child it stood, ``within`` which wrapper."""

    xml: str
    after: str = ""
    within: str = ""


class Node(msgspec.Struct, frozen=True, kw_only=True):
    """An element: what no field takes stands in ``kept`` and ``kept_attributes``."""

    kept: tuple[Kept, ...] = ()
    kept_attributes: tuple[tuple[str, str], ...] = ()


class Attribute(msgspec.Struct, frozen=True):
    """The value of an attribute, in its namespace if it has one: ``{uri}name``."""

    name: str


class Text(msgspec.Struct, frozen=True):
    """The text of the element itself."""


class Child(msgspec.Struct, frozen=True):
    """A child: a node, or a value that is its text or, where named, its one ``attribute``; ``within`` a wrapper."""

    name: str
    attribute: str = ""
    within: str = ""


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """A field and its place: ``node`` or ``value`` is the class of what stands there."""

    field: str
    name: str = ""
    attribute: str = ""
    within: str = ""
    node: type[Node] | None
    value: type[Value]
    repeated: bool
    required: bool

    @property
    def called(self) -> str:
        """The place in words of the format."""
        return "/".join(part for part in (self.within, self.name, self.attribute) if part) or "text"


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """The slots of a class of elements in their order, by where they stand."""

    slots: tuple[Slot, ...]
    text: Slot | None
    attributes: dict[str, Slot]
    children: dict[tuple[str, str], Slot]
    wrappers: frozenset[str]
    order: dict[tuple[str, str], int]
    """Where kept elements can stand, as wrapper and neighbour, in the order of a file."""


@cache
def shape_of(cls: type[Node]) -> Shape:
    """The shape of a class of elements."""
    hints = get_type_hints(cls, include_extras=True)
    placed = [
        (get_args(hints[field.name])[1], _slot(field, *get_args(hints[field.name])))
        for field in msgspec.structs.fields(cls)
        if get_origin(hints[field.name]) is Annotated
    ]
    children = {(slot.within, slot.name): slot for place, slot in placed if isinstance(place, Child)}
    return Shape(
        slots=tuple(slot for _, slot in placed),
        text=next((slot for place, slot in placed if isinstance(place, Text)), None),
        attributes={slot.name: slot for place, slot in placed if isinstance(place, Attribute)},
        children=children,
        wrappers=frozenset(within for within, _ in children if within),
        order={place: number for number, place in enumerate(_places(list(children)))},
    )


def _places(children: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    yield "", ""
    for outer in dict.fromkeys(within or name for within, name in children):
        if ("", outer) not in children:
            yield outer, ""
            yield from (each for each in children if each[0] == outer)
        yield "", outer


def _slot(field: msgspec.structs.FieldInfo, hint: Any, place: Attribute | Text | Child) -> Slot:
    repeated = get_origin(hint) is tuple
    of = get_args(hint)[0] if repeated else _without_none(hint)
    node = of if issubclass(of, Node) else None
    return Slot(
        field=field.name,
        **msgspec.structs.asdict(place),
        node=node,
        value=str if node else of,
        repeated=repeated,
        required=field.required,
    )


def _without_none(hint: Any) -> Any:
    if get_origin(hint) is UnionType:
        return next(each for each in get_args(hint) if each is not NoneType)
    return hint
