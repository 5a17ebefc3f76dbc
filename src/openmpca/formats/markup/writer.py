"""Frozen structs to the bytes of a file, the same bytes each time.

Rules kept:

1. Children stand in the order of the fields, each kept element behind the child that it followed when it was read.
2. UTF-8, one element a line, two blanks a level, a line feed at the end. Text is never padded, kept elements never
   touched inside.
3. What no XML can say (control characters, numbers that are none) raises ``ValueError``; nothing is dropped silently.
"""

from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from openmpca.formats.markup import fragment, safe, values
from openmpca.formats.markup.shape import LANGUAGE, XML, Node, Shape, Slot, shape_of

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_STEP: Final = "  "
_Places = dict[tuple[str, str], list[str]]


def write(node: Node, root: str, namespace: str = "") -> bytes:
    """The file whose root element is the struct; raises ``ValueError`` for what cannot be written."""
    return f"{_HEAD}{_Writer(namespace).node(node, root, 0)}\n".encode()


class _Writer:
    """The writing of one file in one namespace, which is its default one."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace

    def node(self, node: Node, name: str, level: int) -> str:
        """The element of a struct with all that it holds."""
        shape = shape_of(type(node))
        attributes = fragment.attribute("xmlns", self.namespace) if self.namespace and not level else ""
        attributes += "".join(
            fragment.attribute("xml:lang" if name == LANGUAGE else name, values.written(value))
            for name, slot in shape.attributes.items()
            if (value := getattr(node, slot.field)) is not None
        )
        attributes += "".join(_foreign(number, *each) for number, each in enumerate(node.kept_attributes))
        children = list(self.children(node, shape, level + 1))
        if shape.text is None:
            return fragment.element(name, attributes, _lines(children, level))
        text = fragment.text(values.written(getattr(node, shape.text.field)))
        return fragment.element(name, attributes, text + "".join(children))

    def children(self, node: Node, shape: Shape, level: int) -> Iterator[str]:
        """The children in their order (rule 1); a kept one whose neighbour this class does not know stands last."""
        kept = self.kept(node)
        yield from kept.pop(("", ""), ())
        for name in dict.fromkeys(within or name for within, name in shape.children):
            if name in shape.wrappers:
                yield from self.wrapped(node, shape, name, level, kept)
            else:
                yield from self.of_slot(node, shape.children["", name], level)
            yield from kept.pop(("", name), ())
        for rest in kept.values():
            yield from rest

    def wrapped(self, node: Node, shape: Shape, wrapper: str, level: int, kept: _Places) -> Iterator[str]:
        """A wrapper with what stands in it, where anything does."""
        inside = kept.pop((wrapper, ""), [])
        for (within, name), slot in shape.children.items():
            if within == wrapper:
                inside += [*self.of_slot(node, slot, level + 1), *kept.pop((within, name), ())]
        if inside:
            yield fragment.element(wrapper, "", _lines(inside, level))

    def of_slot(self, node: Node, slot: Slot, level: int) -> Iterator[str]:
        """The elements that say what a field holds."""
        held = getattr(node, slot.field)
        for each in held if slot.repeated else () if held is None else (held,):
            yield self.child(each, slot, level)

    def child(self, value: Any, slot: Slot, level: int) -> str:
        """One child that says one value."""
        if isinstance(value, Node):
            return self.node(value, slot.name, level)
        text = values.written(value)
        if slot.attribute:
            return fragment.element(slot.name, fragment.attribute(slot.attribute, text), "")
        return fragment.element(slot.name, "", fragment.text(text))

    def kept(self, node: Node) -> _Places:
        """The kept elements of a node by the place where each stands; raises ``ValueError`` for what is no element."""
        places: _Places = {}
        for each in node.kept:
            places.setdefault((each.within, each.after), []).append(each.xml)
        if places:
            self.check("".join(each.xml for each in node.kept), len(node.kept))
        return places

    def check(self, text: str, count: int) -> None:
        """That a text is so many elements and nothing else."""
        around = fragment.attribute("xmlns", self.namespace) if self.namespace else ""
        elements = safe.local(fragment.element("kept", around, text).encode())
        if len(elements) != count or elements.text or any(each.tail for each in elements):
            raise ValueError("what is kept is not one element each")


def _foreign(number: int, name: str, value: str) -> str:
    """A kept attribute, with the namespace that its name says."""
    found = etree.QName(name)
    if not found.namespace:
        return fragment.attribute(name, value)
    if found.namespace == XML:
        return fragment.attribute(f"xml:{found.localname}", value)
    prefix = f"n{number}"
    return fragment.attribute(f"xmlns:{prefix}", found.namespace) + fragment.attribute(
        f"{prefix}:{found.localname}", value
    )


def _lines(children: list[str], level: int) -> str:
    """Children on lines of their own; those within them are so already."""
    if not children:
        return ""
    begin = "\n" + _STEP * (level + 1)
    return f"{begin}{begin.join(children)}\n{_STEP * level}"
