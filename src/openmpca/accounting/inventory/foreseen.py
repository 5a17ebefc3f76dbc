"""What a closing that waits for a second person would make of the book now: the MUF that both sign.

Source: design, idea 1 (two persons see every balance that is closed); `differences`.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress

import polars as pl

from openmpca.accounting.accounts import ITEMS
from openmpca.accounting.inventory.differences import Inventory, NoInventory, differences
from openmpca.nuclear.categories import join_key
from openmpca.nuclear.mass import format_grams, parse_grams
from openmpca.record.frames import Segment
from openmpca.record.rooms import Foreseen

HEADS = {"weight": "Weight", "book_g": "Book, g", "found_g": "Found, g", "muf_g": "Difference (MUF), g"}

OPENED = {"weight": "Weight", "batches": "Batches", "found_g": "Found, g"}

_MASSES = {"book_g": "book", "found_g": "found", "muf_g": "ug"}


def foreseen(segment: Segment) -> Foreseen | None:
    """The balance that closings would give now; of an opening that waits with its lines, what the lines come to."""
    if segment.kind.name == "accounting.listed":
        lines = segment.frame.filter(pl.col("inventory") < 0)
        weights = ({each["key"]: each["value"] for each in pairs} for pairs in lines["weights"])
        return Foreseen(OPENED, weighed(weights)) if lines.height else None
    if segment.kind.name != "accounting.closing":
        return None
    rows: list[dict[str, object]] = []
    for number in segment.frame["inventory"]:
        with suppress(NoInventory):
            totals = differences(Inventory.of(number)).totals
            rows += [_row(row) for row in totals.filter(pl.col("nuclide") != ITEMS).iter_rows(named=True)]
    return Foreseen(HEADS, rows) if rows else None


def weighed(lines: Iterable[Mapping[str, str]]) -> list[dict[str, object]]:
    """What lines with these weights come to, a row a weight: how many batches have it, and the sum."""
    sums: dict[str, tuple[int, int]] = {}
    for weights in lines:
        for key, grams in weights.items():
            batches, ug = sums.get(key, (0, 0))
            sums[key] = batches + 1, ug + parse_grams(grams)
    return [
        {"weight": key, "batches": batches, "found_g": format_grams(ug)} for key, (batches, ug) in sorted(sums.items())
    ]


def _row(row: dict[str, object]) -> dict[str, object]:
    weight = join_key(str(row["category"]), str(row["nuclide"]))
    masses = {name: format_grams(int(str(row[of]))) for name, of in _MASSES.items()}
    return {"weight": weight, **masses}
