"""The columns of a table of statements: derived from the kind of statement, so that no field can be forgotten.

Rules kept here:

1. A field of a statement is a column of the same name; several items or seals stand in one cell, set apart by
   semicolons.
2. Masses stand either in columns named by their weight key (``E``, ``E/U235``), or in the columns *Element* and
   *Fissile* beside a *Category* and, where it is not the usual one, an *Isotope*. Both may stand in one table, not for
   one weight.
3. A blank cell is not given, which is not zero.

Source: Code 10, labels 370 to 800; the docstrings of `accounting.statements`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, get_args, get_type_hints

import msgspec

from openmpca.accounting import statements  # noqa: F401  registers the kinds
from openmpca.formats.tables.fields import FieldKind, TableField
from openmpca.nuclear.basis import AGENCY_BASIS
from openmpca.nuclear.categories import CATEGORIES
from openmpca.nuclear.changes import CHANGES
from openmpca.record.statements import KINDS

YES: Final = "yes"
NO: Final = "no"
WEIGHTS: Final = "weights"
KEYS: Final = tuple(key for category in CATEGORIES.values() for key in category.keys)
NUCLIDES: Final = tuple(dict.fromkeys(weight.nuclide for each in CATEGORIES.values() for weight in each.weights))
ISOTOPE_LETTERS: Final = {"G": "U235", "K": "U233", "J": "U233+U235"}
USUAL_ISOTOPE: Final = {"N": "fissile", "D": "fissile", "P": "Pu239"}
"""The isotope meant where none is named; U235 for all other categories."""

CATEGORY: Final = "category"
ELEMENT: Final = "element"
ISOTOPE: Final = "isotope"
FISSILE: Final = "fissile"

TABLES: Final = (
    "change",
    "listed",
    "deletion",
    "placement",
    "exchange",
    "inventory",
    "country",
    "facility",
    "mba",
    "kmp",
    "place",
    "holder",
    "document",
    "sending",
)
"""The kinds of statement that a table may hold."""

_TYPES: Final[dict[Any, FieldKind]] = {str: "text", bool: "text", int: "integer", date: "date", list[str]: "text"}


@dataclass(frozen=True)
class Words:
    """What people call a field, and what it means."""

    title: str = ""
    synonyms: tuple[str, ...] = ()
    meaning: str = ""
    example: str = ""


_WORDS: Final[dict[str, Words]] = {
    "day": Words("Date", ("date", "event date", "date of change", "valid from"), "When it happened", "2026-03-29"),
    "mba": Words("MBA", ("material balance area", "mba code"), "Code of the material balance area", "ZZA1"),
    "code": Words("Code", ("type of change", "inventory change", "change code", "ic code"), "Code of the list", "RF"),
    "batch": Words("Batch", ("batch id", "identifier"), "Identifier of the batch, used for no other", "CRR41-51"),
    "name": Words("Name", ("batch name",), "Its name, on reports where that differs from the identifier"),
    "after_cutoff": Words("After cut-off", (), "yes: on the day of a physical inventory, after its cut-off", NO),
    "kmp": Words("KMP", ("key measurement point", "kmp code"), "Key measurement point", "1"),
    "description": Words("Description", ("material description", "mdc"), "Four keywords of Code 10", "BQ2F"),
    "basis": Words("Basis", ("measurement basis",), "M, N, T or L of Code 10", "M"),
    "items": Words("Items", ("number of items",), "0 for bulk material", "11"),
    "counterpart": Words("Other side", ("counterparty", "from/to", "other mba"), "COUNTRY/MBA or COUNTRY", "YY/YYB1"),
    "shipper_batch": Words("Shipper's batch", ("shippers batch name",), "The shipper's name for a batch received"),
    "shipment": Words("Shipment", (), "Number of the statement of the shipment that is received"),
    "parents": Words("Parents", ("parent batches",), "Batches it came from, set apart by semicolons"),
    "place": Words("Place", ("location", "position"), "Where it stands"),
    "item_numbers": Words("Item numbers", ("serial numbers",), "Set apart by semicolons", "CRR41; CRR42"),
    "seals": Words("Seals", ("seal numbers",), "Set apart by semicolons"),
    "method": Words("Method", ("measurement method",), "How it was measured"),
    "measured_at": Words("Measured at", (), "Where it was measured, if not at the key measurement point"),
    "holdup": Words("Hold-up", (), "yes where material is held up in equipment"),
    "corrects": Words("Corrects", (), "Number of the statement that this one replaces"),
    "reason": Words("Reason", (), "Why it is corrected"),
    "reported": Words("Reported", (), "Report and entry that reported it, in a history brought in", "7/1"),
    "booked": Words("Booked", ("booking date",), "When the books were changed"),
    "reference_date": Words("Reference date", (), "The date for which the composition holds"),
    "inventory": Words("Inventory", (), "The number of the statement of the physical inventory"),
    "operator_code": Words("Operator's code", (), "The operator's own description code"),
    "operator_text": Words("Operator's text", (), "The operator's own description"),
    "note": Words("Note", ("remarks", "comment"), "Whatever else is to be said"),
}
_OTHERWISE: Final[dict[tuple[str, str], Words]] = {
    ("kmp", "inventory"): Words("Inventory", (), "yes: a point of inventory; no: one of flow", YES),
    **{(kind, "code"): Words("Code", (), "Its code", "ZZA1") for kind in TABLES if kind != "change"},
}

_CATEGORY_COLUMNS: Final = (
    TableField(
        name=CATEGORY,
        title="Category",
        synonyms=("material category", "element category", "element code"),
        allowed=tuple(CATEGORIES),
        meaning="Category of the masses in the columns Element and Fissile",
        example="E",
    ),
    TableField(
        name=ELEMENT,
        title="Element",
        kind="mass",
        synonyms=("element weight", "element mass", "weight of element", "mass", "weight"),
        meaning="Mass of the element, in the category of the row",
        example="9581",
    ),
    TableField(
        name=ISOTOPE,
        title="Isotope",
        synonyms=("isotope code",),
        allowed=(*NUCLIDES, *ISOTOPE_LETTERS),
        meaning="Which isotope stands in the column Fissile; blank: U235 (fissile for N and D, Pu239 for P)",
        example="U235",
    ),
    TableField(
        name=FISSILE,
        title="Fissile",
        kind="mass",
        synonyms=("isotope weight", "isotope mass", "fissile weight", "fissile mass", "u235", "u-235"),
        meaning="Mass of the isotope",
        example="1892",
    ),
)


def kind_named(kind: str) -> str:
    """The full name of a kind that tables may hold; KeyError names those there are.

    >>> kind_named("change"), kind_named("accounting.mba")
    ('accounting.change', 'accounting.mba')
    """
    short = kind.removeprefix("accounting.")
    if short not in TABLES:
        raise KeyError(f"no table holds {kind!r}; tables hold {', '.join(TABLES)}")
    return f"accounting.{short}"


def fields_of(kind: str, allowed: Mapping[str, Iterable[str]] | None = None) -> tuple[TableField, ...]:
    """The columns of a kind; ``allowed`` gives lists of values, of the register say, by field."""
    name = kind_named(kind)
    struct = KINDS[name].struct
    hints = get_type_hints(struct)
    known = {key: tuple(values) for key, values in (allowed or {}).items()}
    made = [
        _field(name, each, plain, known)
        for each in msgspec.structs.fields(struct)
        if (plain := _plain(hints[each.name])) in _TYPES
    ]
    return (*made, *weight_fields()) if WEIGHTS in hints else tuple(made)


def weight_fields() -> tuple[TableField, ...]:
    """The columns of masses: by category, and one for each weight key."""
    return (*_CATEGORY_COLUMNS, *(TableField(name=key, title=key, kind="mass", meaning=_meaning(key)) for key in KEYS))


def _meaning(key: str) -> str:
    category, _, nuclide = key.partition("/")
    return f"{nuclide or 'Element'} of {CATEGORIES[category].name}"


def _plain(hint: Any) -> Any:
    """The type of a field that may be None, without the None."""
    rest = [each for each in get_args(hint) if each is not type(None)]
    return rest[0] if type(None) in get_args(hint) else hint


def _field(kind: str, each: msgspec.structs.FieldInfo, plain: Any, known: Mapping[str, tuple[str, ...]]) -> TableField:
    short = kind.removeprefix("accounting.")
    words = _OTHERWISE.get((short, each.name)) or _WORDS.get(each.name, Words())
    return TableField(
        name=each.name,
        title=words.title or each.name.replace("_", " ").capitalize(),
        kind=_TYPES[plain],
        required=each.required,
        synonyms=words.synonyms,
        allowed=known.get(each.name, _allowed(short, each.name, plain)),
        meaning=words.meaning,
        example=words.example,
    )


def _allowed(kind: str, name: str, plain: Any) -> tuple[str, ...]:
    if plain is bool:
        return (YES, NO)
    if (kind, name) == ("change", "code"):
        return tuple(CHANGES)
    return tuple(AGENCY_BASIS) if name == "basis" else ()
