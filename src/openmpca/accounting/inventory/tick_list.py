"""The list to tick at a physical inventory: what the book holds at the cut-off, by key measurement point and place.

Source: issue of the book (physical inventory); Code 10, labels of a physical inventory listing (PIL).
"""

from collections.abc import Iterator
from typing import Final

import msgspec
import polars as pl

from openmpca.accounting.accounts import ITEMS
from openmpca.accounting.importing.fields import KEYS
from openmpca.accounting.inventory.batches import Standing, standings
from openmpca.accounting.inventory.differences import Inventory
from openmpca.accounting.inventory.fields import TICKED_FIELDS, YES
from openmpca.accounting.statements import Listed
from openmpca.nuclear.categories import join_key
from openmpca.nuclear.mass import format_grams
from openmpca.record.statements import Fields

ALWAYS: Final = ("found", "counted", "kmp", "place", "batch", "name", "items", "item_numbers", "seals", "description")
ALSO: Final = ("basis", "method", "measured_at", "uncertainty", "holdup", "obligation", "programme", "owner")
SHOWN: Final = ("kmp", "place", "batch", "items", "item_numbers", "seals", "description", "basis")
_TYPES: Final = {each.name: pl.Int64 if each.kind == "integer" else pl.String for each in TICKED_FIELDS}
APART: Final = "; "


def expected_lines(inventory: Inventory) -> dict[str, Listed]:
    """The line that each batch of the book would make if it is found as booked and not measured again."""
    standing = standings(inventory.mba, inventory.before)
    amounts: dict[str, dict[str, int]] = {}
    for batch, category, nuclide, ug in inventory.book().iter_rows():
        key = ITEMS if nuclide == ITEMS else join_key(category, nuclide)
        held = amounts.setdefault(batch, {})
        held[key] = held.get(key, 0) + ug
    blank = Standing(batch="")
    return {batch: _line(inventory, batch, standing.get(batch, blank), held) for batch, held in amounts.items()}


def _line(inventory: Inventory, batch: str, standing: Standing, held: dict[str, int]) -> Listed:
    return Listed(
        day=inventory.day,
        mba=inventory.mba,
        inventory=inventory.number,
        batch=batch,
        weights={key: format_grams(held[key]) for key in KEYS if key in held},
        items=held.get(ITEMS, 0),
        basis=standing.basis_unmeasured,
        name=standing.name,
        kmp=standing.kmp,
        place=standing.place,
        description=standing.description,
        item_numbers=standing.item_numbers,
        seals=standing.seals,
        method=standing.method,
        measured_at=standing.measured_at,
        uncertainty=standing.uncertainty if standing.holdup else "",
        holdup=standing.holdup,
        obligation=standing.obligation,
        programme=standing.programme,
        owner=standing.owner,
        operator_code=standing.operator_code,
        operator_text=standing.operator_text,
    )


def tick_list(inventory: Inventory) -> pl.DataFrame:
    """The list to tick: one row a batch, by key measurement point, place and batch, masses as text in grams.

    The columns are those of `inventory_fields.TICKED_FIELDS` that have something to say, so that the list can be filled
    in and taken back as it is.
    """
    rows = [_row(line) for line in expected_lines(inventory).values()]
    told = {name for row in rows for name, value in row.items() if value not in (None, "")}
    names = [
        *ALWAYS,
        *(name for name in ALSO if name in told | {"basis"}),
        *(key for key in KEYS if key in told),
        "note",
    ]
    frame = pl.DataFrame(
        {name: pl.Series([row.get(name) for row in rows], dtype=_TYPES[name]) for name in names},
    )
    return frame.sort("kmp", "place", "batch")


def _row(line: Listed) -> Fields:
    row: Fields = {name: value for name, value in msgspec.structs.asdict(line).items() if name in _TYPES}
    return {
        **row,
        **line.weights,
        "found": "",
        "counted": None,
        "item_numbers": APART.join(line.item_numbers),
        "seals": APART.join(line.seals),
        "holdup": YES if line.holdup else "",
    }


def by_place(frame: pl.DataFrame) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """The list in parts to print: key measurement point, place, and the rows that stand there."""
    for part in frame.partition_by("kmp", "place", maintain_order=True):
        shown = [name for name in part.columns if name in SHOWN[2:] or name in KEYS]
        yield part["kmp"][0], part["place"][0], part.select(shown)
