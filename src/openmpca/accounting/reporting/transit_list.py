"""The Agency's list of unmatched transits as a table: its columns, and its rows as statements of one side each.

A row is one category of one shipment or receipt that nobody has answered. Its form is not published, so that columns
are mapped; a list is known from a statement of book inventories by its columns.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import msgspec
import polars as pl

from openmpca.accounting.reporting.reconcile import FISSILE_OF, in_grams
from openmpca.accounting.transit.consignments import DOMESTIC, SHIPMENTS, Side
from openmpca.formats.tables.fields import TableField
from openmpca.formats.tables.layout import Layout
from openmpca.formats.tables.mapping import Mapping, guess
from openmpca.formats.tables.read import read_table
from openmpca.formats.tables.sheet import Sheet
from openmpca.nuclear.categories import CATEGORIES
from openmpca.nuclear.mass import parse_grams
from openmpca.problems import Problem, errors

FIELDS: Final = (
    TableField(
        name="code",
        title="Code",
        required=True,
        synonyms=("ic code", "type of change", "change type", "type", "inventory change"),
        allowed=("SF", "RF", "SD", "RD"),
        meaning="What was reported: the shipment (SF, SD) or the receipt (RF, RD)",
    ),
    TableField(
        name="day",
        title="Date",
        kind="date",
        required=True,
        synonyms=("date of change", "ic date", "change date", "day"),
        meaning="The date of the change, as reported",
    ),
    TableField(
        name="shipper",
        title="Shipper",
        required=True,
        synonyms=("shipping state", "shipper state", "from state", "from country", "from"),
        meaning="The State that ships, or STATE/AREA",
    ),
    TableField(
        name="shipper_mba",
        title="Shipper area",
        synonyms=("shipping mba", "shipper mba", "from mba", "mba from"),
        meaning="The area that ships",
    ),
    TableField(
        name="receiver",
        title="Receiver",
        required=True,
        synonyms=("receiving state", "receiver state", "to state", "to country", "to"),
        meaning="The State that receives, or STATE/AREA",
    ),
    TableField(
        name="receiver_mba",
        title="Receiver area",
        synonyms=("receiving mba", "receiver mba", "to mba", "mba to"),
        meaning="The area that receives",
    ),
    TableField(
        name="batch",
        title="Batch",
        required=True,
        synonyms=("batch name", "shippers batch", "shipper's batch", "name of batch"),
        meaning="The shipper's name of the batch (446 of a shipment, 447 of a receipt)",
    ),
    TableField(
        name="category",
        title="Category",
        required=True,
        synonyms=("element", "material", "element code", "category code"),
        allowed=tuple(code for code, each in CATEGORIES.items() if each.agency == code),
        meaning="The category of the Agency",
    ),
    TableField(
        name="weight",
        title="Weight",
        kind="mass",
        required=True,
        synonyms=("element weight", "quantity"),
        meaning="The element weight, in the unit of the column or of the column Unit",
    ),
    TableField(
        name="fissile",
        title="Fissile",
        kind="mass",
        synonyms=("fissile weight", "isotope weight", "u-235", "u235"),
        meaning="The fissile weight, in grams",
    ),
    TableField(name="unit", title="Unit", synonyms=("unit of weight",), allowed=("g", "kg", "G", "K", "KG")),
)


class Stated(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a transit: a row of the list, or one of our statements (``number``). Masses in micrograms.

    ``rest`` is what is still open of it where something of it was answered.
    """

    number: int
    code: str
    day: date
    shipper: Side
    receiver: Side
    batch: str
    category: str
    ug: int
    fissile: int | None = None
    rest: int | None = None

    @property
    def ships(self) -> bool:
        """Whether this is the shipper's side."""
        return self.code in SHIPMENTS

    @property
    def domestic(self) -> bool:
        """Whether it stays within one State."""
        return self.code in DOMESTIC

    @property
    def own(self) -> Side:
        """The side that stated it."""
        return self.shipper if self.ships else self.receiver


def is_transit_list(path: Path, mapping: Mapping | None = None, sheet: str | None = None) -> bool:
    """Whether a table has a shipper and a receiver, as the mapping or the names of its columns say."""
    if mapping is None:
        frame, _ = read_table(path, sheet)
        mapping = guess([name for name in frame.columns if name != "row"], FIELDS)
    return {"shipper", "receiver"} <= {each.field for each in mapping.columns} | set(mapping.constants)


def read_transits(
    path: Path, mapping: Mapping | None = None, sheet: str | None = None
) -> tuple[list[Stated], list[Problem]]:
    """The rows of the list, numbered as in the table, and every problem of it; with an error there are no rows."""
    listed = Sheet(path, FIELDS, sheet)
    read = listed.fitted(mapping or in_grams(guess(listed.columns(Layout()), FIELDS)))
    return ([], read.problems) if errors(read.problems) else (list(_rows(read.frame)), read.problems)


def _rows(fitted: pl.DataFrame) -> Iterator[Stated]:
    for row in fitted.iter_rows(named=True):
        scale = 1000 if str(row.get("unit") or "").lower() in ("kg", "k") else 1
        known = row.get("fissile") is not None and row["category"] in FISSILE_OF
        yield Stated(
            number=row["row"],
            code=row["code"],
            day=row["day"],
            shipper=_side(row["shipper"], row.get("shipper_mba")),
            receiver=_side(row["receiver"], row.get("receiver_mba")),
            batch=row["batch"],
            category=row["category"],
            ug=parse_grams(row["weight"]) * scale,
            fissile=parse_grams(row["fissile"]) if known else None,
        )


def _side(state: str, area: str | None) -> Side:
    """A side of a row, its State and area in two columns or in one.

    >>> str(_side("ZZ", "ZZA1")), str(_side("ZZ/ZZA1", None)), str(_side("YY", None))
    ('ZZ/ZZA1', 'ZZ/ZZA1', 'YY')
    """
    country, _, own = state.partition("/")
    return Side(country.strip(), (area or own).strip())
