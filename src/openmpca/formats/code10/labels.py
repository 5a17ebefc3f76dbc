"""The labels of Code 10: what each is called, how long it may be, in which record it stands, which weight it carries.

The table itself is data: ``labels.toml`` beside this file (source: SG-FM-1172 of 02-11-2011, sections 3 and 4). The
labels of weights are those of the categories of material in ``openmpca.nuclear``.
"""

import tomllib
from collections.abc import Container
from importlib.resources import files
from typing import Final, Literal, cast

import msgspec

from openmpca.nuclear.categories import LABELS as WEIGHT_LABELS
from openmpca.nuclear.categories import Unit, key_of, unit_of

RecordKind = Literal["change", "listing", "balance", "note", "text"]
Need = Literal["M", "O", "C", "-"]

RECORD_KINDS: Final[tuple[RecordKind, ...]] = ("change", "listing", "balance", "note", "text")
"""Entries of an ICR, a PIL, an MBR, a note inside one of these, an entry of a textual report."""


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """One label that carries anything but a weight."""

    number: str
    name: str
    mask: str
    composition: str
    length: int | None = None
    fixed: bool = False
    text: bool = False

    def need(self, kind: RecordKind) -> Need:
        """Whether a record of this kind must (M), may (O), must under a condition (C) or cannot (-) carry the label."""
        return cast(Need, self.composition[RECORD_KINDS.index(kind)])


class _Table(msgspec.Struct, frozen=True):
    label: tuple[Label, ...]


def _read() -> _Table:
    text = files("openmpca.formats.code10").joinpath("labels.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _Table)


LABELS: Final[dict[str, Label]] = {label.number: label for label in _read().label}

WEIGHTS: Final[dict[str, Unit]] = {label: unit_of(key) for key, label in WEIGHT_LABELS.items()}
"""Label of each weight to the unit that the format demands."""

_SHARED: Final = frozenset(label for label in WEIGHTS if list(WEIGHT_LABELS.values()).count(label) > 1)


def weight_key(number: str, present: Container[str]) -> str:
    """The weight key of a weight label in an entry that carries the labels ``present``.

    Labels 640 to 690 speak of enriched or of unified uranium; which of them, the element's label tells (unified only
    where 600 stands and 630 does not).

    >>> weight_key("670", {"630", "670"}), weight_key("670", {"600", "670"}), weight_key("610", ())
    ('E/U235', 'U/U235', 'N')
    """
    if number not in _SHARED:
        return key_of(number)
    return key_of(number, "U" if "600" in present and "630" not in present else "E")


def is_known(number: str) -> bool:
    """Whether Code 10 has such a label."""
    return number in LABELS or number in WEIGHTS


def need_of(number: str, kind: RecordKind) -> Need:
    """Whether a record of this kind carries the label; any one weight is optional, at least one is mandatory."""
    if number in WEIGHTS:
        return "O" if kind in ("change", "listing", "balance") else "-"
    return LABELS[number].need(kind)


def mandatory(kind: RecordKind) -> tuple[str, ...]:
    """The labels that every complete record of this kind carries, weights aside."""
    return tuple(number for number, label in LABELS.items() if label.need(kind) == "M")
