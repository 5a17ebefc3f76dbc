"""The fields that a table is to fill: names, kinds and allowed values, for a template to print and a mapping to use."""

from typing import Final, Literal

import msgspec

FieldKind = Literal["text", "mass", "integer", "date"]
Unit = Literal["g", "kg", "mg", "%"]

#: Digits after the point that a mass in this unit has at most, down to the microgram.
DECIMALS: Final[dict[str, int]] = {"kg": 9, "g": 6, "mg": 3}


class TableField(msgspec.Struct, frozen=True, kw_only=True):
    """One field: ``name`` in our frames, ``title`` on a template, ``synonyms`` by which others may call it.

    A mass is in grams wherever it is ours. ``allowed`` empty means that any value may stand.
    """

    name: str
    title: str
    kind: FieldKind = "text"
    required: bool = False
    synonyms: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()
    meaning: str = ""
    example: str = ""
