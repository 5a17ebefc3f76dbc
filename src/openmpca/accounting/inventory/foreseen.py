"""What a closing that waits for a second person would make of the book now: the MUF that both sign.

Source: design, idea 1 (two persons see every balance that is closed); `differences`.
"""

from contextlib import suppress

import polars as pl

from openmpca.accounting.accounts import ITEMS
from openmpca.accounting.inventory.differences import Inventory, NoInventory, differences
from openmpca.nuclear.categories import join_key
from openmpca.nuclear.mass import format_grams
from openmpca.record.frames import Segment
from openmpca.record.rooms import Foreseen

HEADS = {"weight": "Weight", "book_g": "Book, g", "found_g": "Found, g", "muf_g": "Difference (MUF), g"}

_MASSES = {"book_g": "book", "found_g": "found", "muf_g": "ug"}


def foreseen(segment: Segment) -> Foreseen | None:
    """The balance that closings would give now; of an opening that waits with its lines there is none yet."""
    if segment.kind.name != "accounting.closing":
        return None
    rows: list[dict[str, object]] = []
    for number in segment.frame["inventory"]:
        with suppress(NoInventory):
            totals = differences(Inventory.of(number)).totals
            rows += [_row(row) for row in totals.filter(pl.col("nuclide") != ITEMS).iter_rows(named=True)]
    return Foreseen(HEADS, rows) if rows else None


def _row(row: dict[str, object]) -> dict[str, object]:
    weight = join_key(str(row["category"]), str(row["nuclide"]))
    masses = {name: format_grams(int(str(row[of]))) for name, of in _MASSES.items()}
    return {"weight": weight, **masses}
