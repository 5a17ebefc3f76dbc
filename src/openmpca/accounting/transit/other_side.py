"""What the other States stated of consignments, as a table of text; and a consignment as an officer sees it.

A row is one category of one shipment or receipt: code, day, shipper, receiver, batch, category, grams.
"""

import csv
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

import polars as pl

from openmpca.accounting.transit.board import OTHER_SIDE
from openmpca.nuclear.mass import MassError, parse_grams

ROW: Final = (*(name for name in OTHER_SIDE if name != "ug"), "grams")


class OtherSideError(ValueError):
    """The table cannot be read: which column or row, and what is wrong."""


def read_other_side(lines: Iterable[str]) -> pl.DataFrame:
    """The other side's statements (`OTHER_SIDE`) from the lines of a CSV file. Raises `OtherSideError`."""
    try:
        read = list(csv.DictReader(lines))
    except csv.Error as error:
        raise OtherSideError(f"It is no CSV file: {error}.") from None
    if missing := [name for name in ROW if read and name not in read[0]]:
        raise OtherSideError(f"There is no column {', '.join(missing)}.")
    return pl.DataFrame([_row(number, row) for number, row in enumerate(read, 2)], schema=OTHER_SIDE)


def _row(number: int, row: Mapping[str, str]) -> dict[str, object]:
    if any(row[name] is None for name in ROW):
        raise OtherSideError(f"Line {number}: it has too few cells.")
    try:
        amounts = {"day": date.fromisoformat(row["day"]), "ug": parse_grams(row["grams"])}
    except (MassError, ValueError, TypeError) as error:
        raise OtherSideError(f"Line {number}: {error}") from None
    return {**{name: row[name] for name in ROW if name not in ("day", "grams")}, **amounts}


def seen(row: dict[str, object]) -> dict[str, object]:
    """A row of the board as an officer sees it: of what came from abroad nothing is open, the shipper's word is
    missing."""
    if row["standing"] != "received" or row["shipment"] is not None:
        return row
    return row | {"state": "received, no word of the shipper", "open_ug": None}
