"""Which of their columns fills which of our fields, and how it is to be read: a mapping that can be remembered.

Rules kept:

* What could be read in two ways is declared, never guessed from values: the unit of a mass, the format of a date, the
  decimal comma. ``guess`` proposes by names alone, and leaves a unit open that the column's name does not tell.
* Values are trimmed of blanks at both ends; blank stays blank and is never zero.
* A constant is written as we write it: a mass in grams with a decimal point, a date YYYY-MM-DD.
* Fitting reports every problem of the mapping and of every cell; what cannot be read is null in the frame.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from openmpca.formats.tables.fields import DECIMALS, TableField
from openmpca.formats.tables.layout import Layout
from openmpca.formats.tables.rules import (
    FILLED_TWICE,
    NOT_FILLED,
    NOT_USED,
    UNCLEAR_COLUMN,
    UNKNOWN_COLUMN,
    UNKNOWN_FIELD,
    UNREADABLE_MAPPING,
)
from openmpca.formats.tables.values import ISO, date_pattern
from openmpca.problems import Problem

PERCENT: Final = "%"
_UNIT_AT_END: Final = re.compile(
    r"^(.*?)[\s_]*(?:[(\[,_/ ]\s*|\bin\s+)(kg|g|mg|%|percent|kilograms?|grams?|milligrams?)\s*[)\]]?$"
)
_UNITS: Final = {"percent": PERCENT, "kilogram": "kg", "gram": "g", "milligram": "mg"}


class ColumnMapping(msgspec.Struct, frozen=True, kw_only=True):
    """One column of theirs and the field it fills.

    ``unit`` of a mass is g, kg, mg or %; a percentage says in ``of`` which field's mass it is a part of.
    ``date_format`` is made of YYYY, MM or M, DD or D. ``thousands`` is what sets thousands apart (a blank, a comma, a
    point, an apostrophe). ``translations`` turn their words into our codes first.
    """

    column: str
    field: str
    unit: str = ""
    of: str = ""
    date_format: str = ISO
    decimal_comma: bool = False
    thousands: str = ""
    translations: dict[str, str] = {}


class Mapping(msgspec.Struct, frozen=True, kw_only=True):
    """Columns to fields, fields that have the same value in every row, and how the sheet is laid out."""

    columns: tuple[ColumnMapping, ...]
    constants: dict[str, str] = {}
    layout: Layout = Layout()


def to_json(mapping: Mapping) -> bytes:
    """The mapping as JSON, to be remembered."""
    return msgspec.json.format(msgspec.json.encode(mapping), indent=2)


def from_json(data: bytes) -> tuple[Mapping | None, list[Problem]]:
    """A remembered mapping, or why it cannot be read."""
    try:
        return msgspec.json.decode(data, type=Mapping), []
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return None, [UNREADABLE_MAPPING.problem(f"The mapping cannot be read: {error}.")]


def from_toml(data: bytes) -> tuple[Mapping | None, list[Problem]]:
    """A mapping that a person wrote as TOML, or why it cannot be read."""
    try:
        return msgspec.toml.decode(data, type=Mapping), []
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return None, [UNREADABLE_MAPPING.problem(f"The mapping cannot be read: {error}.")]


def guess(columns: Iterable[str], fields: Sequence[TableField]) -> Mapping:
    """The mapping that the names suggest; the first column that fits a field gets it."""
    names = _names(fields)
    found: dict[str, ColumnMapping] = {}
    for column in columns:
        stem, unit = _split_unit(column)
        field_of_stem = names.get(_plain(column)) or names.get(_plain(stem))
        if field_of_stem and field_of_stem.name not in found:
            kept = unit if field_of_stem.kind == "mass" else ""
            found[field_of_stem.name] = ColumnMapping(column=column, field=field_of_stem.name, unit=kept)
    return Mapping(columns=tuple(found.values()))


def _names(fields: Sequence[TableField]) -> dict[str, TableField]:
    names: dict[str, TableField] = {}
    for field in fields:
        for name in (field.name, field.title, *field.synonyms):
            names.setdefault(_plain(name), field)
            if field.kind == "mass":
                names.setdefault(_plain(_split_unit(name)[0]), field)
    return names


def known(cells: Sequence[str], fields: Sequence[TableField]) -> list[str]:
    """Those of some cells that name a field, for finding the row of the heading."""
    names = _names(fields)
    return [each for each in cells if each and (_plain(each) in names or _plain(_split_unit(each)[0]) in names)]


def _plain(name: str) -> str:
    """A name without case, accents, blanks and punctuation."""
    return "".join(character for character in unicodedata.normalize("NFKD", name.casefold()) if character.isalnum())


def _split_unit(name: str) -> tuple[str, str]:
    match = _UNIT_AT_END.match(name.casefold().strip())
    if not match:
        return name, ""
    unit = match[2]
    return match[1], _UNITS.get(unit.removesuffix("s"), unit)


def check(mapping: Mapping, columns: Sequence[str], fields: Sequence[TableField]) -> list[Problem]:
    """What is wrong with the mapping itself, for a table with these columns."""
    kinds: dict[str, str] = {field.name: field.kind for field in fields}
    problems = _unknown(mapping, columns, kinds)
    filled = [column.field for column in mapping.columns] + list(mapping.constants)
    for name in sorted({name for name in filled if filled.count(name) > 1}):
        problems.append(FILLED_TWICE.problem(f"{filled.count(name)} columns or constants fill {name}.", field=name))
    for field in fields:
        if field.required and field.name not in filled:
            problems.append(NOT_FILLED.problem(f"Nothing fills {field.title}.", field=field.name))
    for column in mapping.columns:
        if message := unclear(column, mapping, kinds):
            problems.append(UNCLEAR_COLUMN.problem(message, field=column.column))
    return problems


def unusable(mapping: Mapping, fields: Sequence[TableField]) -> list[Problem]:
    """What is wrong with a mapping whatever table it is for: unknown fields, fields filled twice, unclear columns."""
    found = check(mapping, [column.column for column in mapping.columns], fields)
    return [each for each in found if each.rule != NOT_FILLED.number]


def _unknown(mapping: Mapping, columns: Sequence[str], kinds: dict[str, str]) -> list[Problem]:
    mapped = {column.column: column for column in mapping.columns}
    problems = [
        UNKNOWN_COLUMN.problem(f"The table has no column {name!r}.", field=name)
        for name in mapped
        if name not in columns
    ]
    for name in [*(column.field for column in mapping.columns), *mapping.constants]:
        if name not in kinds:
            problems.append(UNKNOWN_FIELD.problem(f"There is no field {name!r}.", field=name))
    for name in columns:
        if name not in mapped and name != "row":
            problems.append(NOT_USED.problem("The column fills no field.", field=name))
    return problems


def unclear(column: ColumnMapping, mapping: Mapping, kinds: dict[str, str]) -> str:
    """Why the column cannot be read as its field demands; empty if it can."""
    kind = kinds.get(column.field)
    if kind == "date" and date_pattern(column.date_format) is None:
        return f"{column.date_format!r} is not a format of dates made of YYYY, MM or M, DD or D."
    if kind != "mass" or column.unit in DECIMALS:
        return ""
    if column.unit != PERCENT:
        return f"The unit of the mass is {column.unit!r}; it must be g, kg, mg or %."
    percentages = {other.field for other in mapping.columns if other.unit == PERCENT}
    masses = {other.field for other in mapping.columns} | set(mapping.constants)
    if column.of in percentages or column.of not in masses or kinds.get(column.of) != "mass":
        return f"It is a percentage of {column.of!r}, which is not a mass that the table gives."
    return ""
