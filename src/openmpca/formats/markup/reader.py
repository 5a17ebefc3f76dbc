"""Elements to frozen structs: whatever is there comes back, as a value of a field or kept as it came.

Rules kept:

1. Nothing raises, nothing stops at the first: what cannot be read is a problem (rules 1004 to 1009), at most ``SHOWN``.
2. An element whose value cannot be read, or that says more than its field holds, is kept whole and means nothing here.
3. Of an element that may stand once, the first that can be read counts; others are kept behind it.
4. An element of another namespace than that of the root is nobody's field and is kept.
"""

import datetime
from decimal import Decimal
from typing import Any, Final, Generic, TypeVar

import msgspec
from lxml import etree

from openmpca.formats.markup import fragment, safe, values
from openmpca.formats.markup.rules import MISSING, MORE, OTHER_ROOT, SHOWN, TEXT_BETWEEN, TWICE, UNREADABLE
from openmpca.formats.markup.shape import Kept, Node, Shape, Slot, shape_of
from openmpca.formats.tables.rules import Refused
from openmpca.problems import Problem, Rule

_SHORT: Final = 60
_NAMES: Final[dict[type[values.Value], str]] = {
    str: "a text that is given",
    int: "a whole number",
    bool: "yes or no, written 1 or 0",
    Decimal: "a decimal number",
    datetime.date: "a day, written YYYY-MM-DD",
    datetime.datetime: "a day and time, written YYYY-MM-DDThh:mm:ss",
    datetime.time: "a time of day, written hh:mm:ss",
    datetime.timedelta: "a length of time, written PT8H0M0S",
}

T = TypeVar("T")
N = TypeVar("N", bound=Node)


class Reading(msgspec.Struct, Generic[T], frozen=True):
    """What a file says, or None where it cannot be told, every problem of reading it, the namespace of its root."""

    value: T | None
    problems: list[Problem]
    namespace: str = ""


def read(
    data: bytes, cls: type[N], root: str, namespaces: tuple[str, ...] = ("",), limits: safe.Limits = safe.LIMITS
) -> Reading[N]:
    """The root element of a file as a struct; ``namespaces`` are those under which the format goes."""
    try:
        element = safe.parse(data, limits)
    except Refused as refused:
        return Reading(None, [refused.problem])
    name = etree.QName(element)
    if name.localname != root or (name.namespace or "") not in namespaces:
        return Reading(None, [OTHER_ROOT.problem(f"The file holds {_short(str(element.tag))}, not {root}.")])
    reader = _Reader(name.namespace or "")
    value = reader.node(element, cls)
    return Reading(value, reader.told(), reader.namespace)


class _Reader:
    """The reading of one file: its namespace, and the problems so far."""

    def __init__(self, namespace: str) -> None:
        self.namespace = namespace
        self.problems: list[Problem] = []
        self.count = 0

    def told(self) -> list[Problem]:
        """The problems, and how many more there are."""
        if self.count > SHOWN:
            return [*self.problems, MORE.problem(f"{self.count - SHOWN} more problems are not listed.")]
        return self.problems

    def tell(self, rule: Rule, element: etree._Element, message: str) -> None:
        """Note a problem of an element, by its line."""
        self.count += 1
        if self.count <= SHOWN:
            self.problems.append(
                rule.problem(message, record=f"line {element.sourceline}", field=_short(self.name(element)))
            )

    def name(self, element: etree._Element) -> str:
        """The name of an element of the file's namespace; one of another has its own before it and is no field's."""
        name = etree.QName(element)
        return (
            name.localname
            if (name.namespace or "") == self.namespace
            else f"{{{name.namespace or ''}}}{name.localname}"
        )

    def node(self, element: etree._Element, cls: type[N]) -> N | None:
        """The element as a struct, or None where it lacks what it must have; that is told."""
        shape = shape_of(cls)
        found: dict[str, Any] = {}
        self.attributes(element, shape, found)
        self.text(element, shape, found)
        kept = self.children(element, shape, found)
        lacking = [slot for slot in shape.slots if slot.required and slot.field not in found]
        for slot in lacking:
            self.tell(MISSING, element, f"{self.name(element)} has no {slot.called}.")
        if lacking:
            return None
        rows = {field: tuple(row) if isinstance(row, list) else row for field, row in found.items()}
        return cls(**rows, kept=tuple(sorted(kept, key=lambda each: shape.order[each.within, each.after])))

    def attributes(self, element: etree._Element, shape: Shape, found: dict[str, Any]) -> None:
        """The values of attributes; others, and those that cannot be read, are kept."""
        others = []
        for name, text in element.attrib.items():
            slot = shape.attributes.get(name)
            value = values.read(slot.value, text) if slot else None
            if slot and value is not None:
                found[slot.field] = value
                continue
            others.append((name, text))
            if slot:
                self.tell(UNREADABLE, element, f"{_short(text)} is not {_NAMES[slot.value]}: {slot.called}.")
        if others:
            found["kept_attributes"] = tuple(others)

    def text(self, element: etree._Element, shape: Shape, found: dict[str, Any]) -> None:
        """The element's own text, where it has one; any other is told."""
        for text in _texts(element, tails_only=shape.text is not None):
            self.tell(TEXT_BETWEEN, element, f"{_short(text)} stands between elements and is lost.")
        if shape.text is None:
            return
        value = values.read(shape.text.value, element.text or "")
        if value is None:
            self.tell(UNREADABLE, element, f"{_short(element.text or '')} is not {_NAMES[shape.text.value]}.")
            return
        found[shape.text.field] = value

    def children(self, element: etree._Element, shape: Shape, found: dict[str, Any], within: str = "") -> list[Kept]:
        """Fill the fields of children; gives those that no field takes."""
        kept: list[Kept] = []
        opened: set[str] = set()
        after = ""
        for child in element:
            name = self.name(child)
            slot = shape.children.get((within, name))
            if slot is not None and self.take(child, slot, found):
                after = name
            elif not within and name in shape.wrappers and self.plain(child, opened):
                kept += self.children(child, shape, found, name)
                after = name
            else:
                once = (slot is not None and not slot.repeated) or (not within and name in shape.wrappers)
                after = name if once else after
                kept.append(Kept(xml=fragment.rendered(child, self.namespace), after=after, within=within))
        return kept

    def plain(self, wrapper: etree._Element, opened: set[str]) -> bool:
        """Whether a wrapper has nothing but children and is the first that has any; else it is kept, which is told."""
        name = self.name(wrapper)
        if wrapper.attrib or any(_texts(wrapper)):
            self.tell(UNREADABLE, wrapper, f"{name} says more than its children do.")
            return False
        if name in opened and len(wrapper):
            self.tell(TWICE, wrapper, f"{name} stands more than once.")
            return False
        if len(wrapper):
            opened.add(name)
        return True

    def take(self, child: etree._Element, slot: Slot, found: dict[str, Any]) -> bool:
        """Fill a field from a child; False where it has to be kept instead, which is told."""
        if not slot.repeated and slot.field in found:
            self.tell(TWICE, child, f"{self.name(child)} stands more than once.")
            return False
        value = self.node(child, slot.node) if slot.node else self.value(child, slot)
        if value is None:
            return False
        if slot.repeated:
            found.setdefault(slot.field, []).append(value)
        else:
            found[slot.field] = value
        return True

    def value(self, child: etree._Element, slot: Slot) -> values.Value | None:
        """The value of a child that is nothing but a value, or None, which is told."""
        name = slot.attribute
        text, besides = (child.get(name), child.text) if name else (child.text or "", None)
        if len(child) or set(child.attrib) - {name} or (besides and besides.strip()):
            self.tell(UNREADABLE, child, f"{self.name(child)} says more than can be kept beside its value.")
            return None
        value = None if text is None else values.read(slot.value, text)
        if value is None:
            self.tell(UNREADABLE, child, f"{_short(text or '')} is not {_NAMES[slot.value]}: {slot.called}.")
        return value


def _texts(element: etree._Element, *, tails_only: bool = False) -> list[str]:
    """The texts beside the children of an element, but for blanks."""
    texts = [None if tails_only else element.text, *(child.tail for child in element)]
    return [text.strip() for text in texts if text and text.strip()]


def _short(text: str) -> str:
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
