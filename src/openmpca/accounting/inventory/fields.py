"""The columns of a list of a physical inventory: as printed to be ticked, as filled in, as brought for an opening.

Rules kept here:

1. A list that was printed is read back with nothing declared: the same columns, masses in grams, dates YYYY-MM-DD,
   several items or seals in one cell set apart by semicolons.
2. One column a weight, under its weight key (``E/U235``); for an opening also columns *Element* and *Fissile* beside
   a *Category*. A blank weight is not given, which is not zero.
3. Every problem of every row is collected; nothing is built of a table that has one.

Source: Code 10, labels of a physical inventory listing (PIL).
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import IO, Final

import msgspec
import polars as pl

from openmpca.accounting.importing.columns import weights, wrong_masses
from openmpca.accounting.importing.fields import CATEGORY, ELEMENT, FISSILE, KEYS, WEIGHTS, weight_fields
from openmpca.accounting.importing.rules import NO_MASS
from openmpca.accounting.statements import Listed
from openmpca.formats.tables.fields import TableField
from openmpca.formats.tables.layout import Layout
from openmpca.formats.tables.limits import LIMITS, Limits
from openmpca.formats.tables.mapping import Mapping, guess
from openmpca.formats.tables.sheet import Sheet
from openmpca.formats.tables.write import Column, Value, write_csv, write_json, write_xlsx
from openmpca.problems import Problem

UNNUMBERED: Final = -1
"""The first statement of the act: see `record.references`."""
YES: Final = "yes"
NO: Final = "no"
_APART: Final = re.compile(r"[;\n]")

FOUND: Final = TableField(
    name="found",
    title="Found",
    allowed=(YES, NO),
    meaning="yes: found with the amounts of this row; no: not found",
    example=YES,
)
COUNTED: Final = TableField(
    name="counted",
    title="Counted on",
    kind="date",
    synonyms=("counted", "date counted"),
    meaning="The day of the count when it was not the day of the cut-off: the amounts are rolled to the cut-off",
    example="2026-05-19",
)
TEXTS: Final = (
    TableField(
        name="kmp", title="KMP", synonyms=("key measurement point",), meaning="Key measurement point of inventory"
    ),
    TableField(name="place", title="Place", synonyms=("location", "position", "место"), meaning="Where it stands"),
    TableField(
        name="batch",
        title="Batch",
        required=True,
        synonyms=("batch id", "identifier", "batch no", "batch number", "партия", "номер партии"),
        meaning="The batch's identifier, used for no other batch",
        example="CRR41-51",
    ),
    TableField(name="name", title="Batch name", synonyms=("name",), meaning="Its name on reports where that differs"),
    TableField(
        name="items",
        title="Items",
        kind="integer",
        synonyms=("number of items", "pcs", "qty", "количество", "штук"),
        meaning="0 for bulk",
    ),
    TableField(
        name="item_numbers",
        title="Item numbers",
        synonyms=("serial numbers",),
        meaning="Set apart by semicolons",
        example="CRR41; CRR42",
    ),
    TableField(name="seals", title="Seals", synonyms=("seal numbers",), meaning="Set apart by semicolons"),
    TableField(
        name="description",
        title="Description",
        synonyms=("material description", "mdc"),
        meaning="Four keywords of Code 10",
        example="BQ2F",
    ),
    TableField(
        name="basis",
        title="Basis",
        synonyms=("measurement basis",),
        meaning="M, N: first reported so; T, L: not measured again. After a measurement here write M",
        example="T",
    ),
    TableField(name="method", title="Method", synonyms=("measurement method",)),
    TableField(name="measured_at", title="Measured at", meaning="Where it was measured, if not at the KMP"),
    TableField(name="uncertainty", title="Uncertainty", meaning="Of hold-up above all, for example 5 %"),
    TableField(name="holdup", title="Hold-up", allowed=(YES, NO), meaning="yes where material is held up in equipment"),
    TableField(name="obligation", title="Obligation"),
    TableField(name="programme", title="Programme"),
    TableField(name="owner", title="Owner"),
    TableField(name="operator_code", title="Operator's code"),
    TableField(name="operator_text", title="Operator's text"),
    TableField(name="note", title="Note", synonyms=("remarks",)),
)
MASSES: Final = tuple(TableField(name=key, title=key, kind="mass") for key in KEYS)

LISTED_FIELDS: Final = (*TEXTS, *weight_fields())
"""The columns of a list of lines, for an opening: weights also beside a column of their category."""

TICKED_FIELDS: Final = (FOUND, COUNTED, *TEXTS, *MASSES)
"""The columns of a list that was ticked."""

_SHARED: Final = tuple(each.name for each in TEXTS if each.name not in {"item_numbers", "seals", "holdup", "items"})


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a list: the line it makes, its number in the table, what was ticked and when it was counted."""

    row: int
    line: Listed
    found: str = ""

    @property
    def record(self) -> str:
        """How problems name the row."""
        return f"row {self.row}"


def read_rows(
    path: Path,
    mba: str,
    day: date,
    fields: Sequence[TableField],
    mapping: Mapping | None = None,
    sheet: str | None = None,
    limits: Limits = LIMITS,
) -> tuple[list[Row], list[Problem]]:
    """The rows of a file and every problem of reading it; ``mapping`` where the columns have names of their own."""
    listed = Sheet(path, tuple(fields), sheet, limits)
    read = listed.fitted(mapping or guess(listed.columns(Layout()), fields))
    wrong = _wrong_weights(read.frame, mapping) if read.columns else []
    return rows_of(read.frame, mba, day), read.problems + wrong


def _wrong_weights(frame: pl.DataFrame, mapping: Mapping | None) -> list[Problem]:
    """Weights beside a category that is blank or has none such; a row without any weight may be one of items."""
    titles = {each.field: each.column for each in mapping.columns} if mapping else {}
    if not {CATEGORY, ELEMENT, FISSILE} & set(frame.columns):
        return []
    return [each for each in wrong_masses(frame, titles) if each.rule != NO_MASS.number]


def rows_of(frame: pl.DataFrame, mba: str, day: date) -> list[Row]:
    """The rows of a frame that has some of the columns; without a column ``row`` they count from 1."""
    numbered = frame if "row" in frame.columns else frame.with_row_index("row", 1)
    if "batch" not in numbered.columns:
        return []
    weighed = numbered.with_columns(weights(numbered))
    return [
        Row(row=each["row"], found=str(each.get("found") or ""), line=_line(each, mba, day))
        for each in weighed.iter_rows(named=True)
    ]


def _line(row: dict[str, object], mba: str, day: date) -> Listed:
    return Listed(
        day=day,
        mba=mba,
        inventory=UNNUMBERED,
        weights={each["key"]: each["value"] for each in row[WEIGHTS]},  # type: ignore[attr-defined]
        items=int(str(row.get("items") or 0)),
        item_numbers=apart(row.get("item_numbers")),
        seals=apart(row.get("seals")),
        holdup=row.get("holdup") == YES,
        counted=row.get("counted"),  # type: ignore[arg-type]
        **{name: str(row.get(name) or "") for name in _SHARED},  # type: ignore[arg-type]
    )


def apart(cell: object) -> list[str]:
    """The parts of a cell that names several.

    >>> apart("CRR41; CRR42;"), apart(None)
    (['CRR41', 'CRR42'], [])
    """
    return [part.strip() for part in _APART.split(str(cell or "")) if part.strip()]


def columns_of(frame: pl.DataFrame) -> list[Column]:
    """The columns of a list as they are written: a mass with its unit in the title."""
    known = {each.name: each for each in TICKED_FIELDS}
    return [
        Column(
            name=name, title=f"{known[name].title} (g)" if name in KEYS else known[name].title, kind=known[name].kind
        )
        for name in frame.columns
    ]


def write_list(frame: pl.DataFrame, form: str, target: IO[bytes]) -> None:
    """Write a list as ``csv``, ``xlsx`` or ``json``."""
    rows: Iterable[Sequence[Value]] = frame.iter_rows()
    {"csv": write_csv, "xlsx": write_xlsx, "json": write_json}[form](columns_of(frame), rows, target)
