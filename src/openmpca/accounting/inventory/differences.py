"""A physical inventory against the book: what is missing, unexpected or different, and the MUF that closing would give.

Rules kept here:

1. The book is that just before the cut-off, the lines are those that stand: both as known at one statement.
2. The sum of the differences of mass in a category, book minus physical, is the MUF that closing gives, exactly.
3. Place, seals and item numbers are compared where either side tells them; they move no mass.
4. A count of another day is rolled to the cut-off by the changes of the batch in between: those after the cut-off are
   taken back from a later count, those before it are added to an earlier one. A count holds as of the end of its day.

Source: design, idea 2; issue of the book (physical inventory).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Final

import msgspec
import polars as pl

from openmpca.accounting import accounts
from openmpca.accounting.accounts import AFTER_CUTOFF, BEFORE_CUTOFF, CUTOFF, ITEMS, MAIN
from openmpca.accounting.inventory.batches import Standing, standings
from openmpca.accounting.queries import View, latest
from openmpca.accounting.statements import Listed
from openmpca.nuclear.categories import CATEGORIES, join_key
from openmpca.nuclear.mass import format_grams, parse_grams
from openmpca.record.known import query
from openmpca.record.reading import stored_many

AMOUNTS: Final = {"batch": pl.String, "category": pl.String, "nuclide": pl.String, "ug": pl.Int64}
KEY: Final = ["batch", "category", "nuclide"]
ITEM: Final = {
    "batch": pl.String,
    "what": pl.String,
    "key": pl.String,
    "book": pl.String,
    "found": pl.String,
    "difference": pl.String,
}
TOTAL: Final = {"category": pl.String, "nuclide": pl.String, "book": pl.Int64, "found": pl.Int64, "ug": pl.Int64}


class NoInventory(KeyError):  # noqa: N818
    """There is no physical inventory with this number."""


@dataclass(frozen=True)
class Inventory:
    """A physical inventory taking as known at a statement; ``closing`` is the statement that closed it."""

    number: int
    mba: str
    day: date
    opening: bool = False
    closing: int | None = None
    using: str = "default"
    known: int = -1

    @classmethod
    def of(cls, number: int, known: int | None = None, using: str = "default") -> "Inventory":
        """The inventory with this number; `NoInventory` when there is none."""
        for each in _inventories("i.number = %s", "c.inventory = %s", number, known, using):
            return each
        raise NoInventory(f"Statement {number} is no physical inventory.")

    @property
    def before(self) -> View:
        """The book just before the cut-off."""
        return View.of(self.day, self.known, phase=BEFORE_CUTOFF, using=self.using)

    def book(self) -> pl.DataFrame:
        """What each batch holds on the book just before the cut-off: batch, category, nuclide, ug."""
        return self.before.batches(self.mba)

    @cached_property
    def numbers(self) -> list[int]:
        """The statements of the lines that stand."""
        rows = query(
            "SELECT DISTINCT number FROM accounting_listed l WHERE inventory = %s AND number <= %s AND NOT EXISTS"
            " (SELECT 1 FROM accounting_correction c WHERE c.corrects = l.number AND c.number <= %s) ORDER BY number",
            [self.number, self.known, self.known],
            {"number": pl.Int64},
            self.using,
        )
        return rows["number"].to_list()


def inventories(mba: str | None = None, known: int | None = None, using: str = "default") -> list[Inventory]:
    """The physical inventories of an area, or of all, in the order of their days."""
    if mba is None:
        return _inventories("%s = 1", "%s = 1", 1, known, using)
    return _inventories("i.mba = %s", "c.mba = %s", mba, known, using)


def _inventories(which: str, closed: str, value: str | int, known: int | None, using: str) -> list[Inventory]:
    number = latest(using) if known is None else known
    rows = query(
        "SELECT i.number, i.mba, i.day, i.opening FROM accounting_inventory i"  # noqa: S608  our own conditions
        f" WHERE {which} AND i.number <= %s ORDER BY i.day, i.number",
        [value, number],
        {"number": pl.Int64, "mba": pl.String, "day": pl.Date, "opening": pl.Boolean},
        using,
    )
    closings = query(
        "SELECT c.inventory, MIN(c.number) FROM accounting_closing c"  # noqa: S608  our own conditions
        f" WHERE {closed} AND c.number <= %s GROUP BY c.inventory",
        [value, number],
        {"number": pl.Int64, "closing": pl.Int64},
        using,
    )
    joined = rows.join(closings, on="number", how="left", maintain_order="left")
    return [Inventory(**row, using=using, known=number) for row in joined.iter_rows(named=True)]


def lines_by_number(inventory: Inventory) -> dict[int, Listed]:
    """The lines of an inventory that stand, by their statements."""
    read = ((each.number, each.statement) for each in stored_many(inventory.numbers, inventory.using))
    return {number: line for number, line in read if isinstance(line, Listed)}


def lines_of(inventory: Inventory) -> list[Listed]:
    """The lines of an inventory that stand."""
    return list(lines_by_number(inventory).values())


def amounts_of(inventory: Inventory) -> pl.DataFrame:
    """What the lines that stand hold: batch, category, nuclide, ug."""
    return query(
        "SELECT batch, category, nuclide, CAST(SUM(ug) AS BIGINT) FROM accounting_listed l WHERE inventory = %s"
        " AND number <= %s AND NOT EXISTS (SELECT 1 FROM accounting_correction c WHERE c.corrects = l.number"
        " AND c.number <= %s) GROUP BY batch, category, nuclide",
        [inventory.number, inventory.known, inventory.known],
        AMOUNTS,
        inventory.using,
    )


@dataclass(frozen=True)
class Differences:
    """The differences of an inventory: ``items`` one a row, as text; ``totals`` per category and nuclide in ug."""

    inventory: Inventory
    items: pl.DataFrame
    totals: pl.DataFrame


def differences(inventory: Inventory, known: int | None = None) -> Differences:
    """What was found against the book, item by item, and the MUF by category, as known at a statement."""
    at = inventory if known is None else replace(inventory, known=known)
    both = _both(at.book(), amounts_of(at))
    totals = both.group_by("category", "nuclide").agg(pl.col("book", "found", "ug").sum()).sort(_category(), "nuclide")
    items = [*_amounts(both), *_facts(at, set(both["batch"]))]
    frame = pl.DataFrame(items, schema=ITEM, orient="row").sort("batch", maintain_order=True)
    return Differences(at, frame, totals.select(list(TOTAL)))


def _both(book: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    both = book.rename({"ug": "book"}).join(found.rename({"ug": "found"}), on=KEY, how="full", coalesce=True)
    flags = both.with_columns(
        booked=pl.col("book").is_not_null().any().over("batch"), seen=pl.col("found").is_not_null().any().over("batch")
    )
    return flags.with_columns(pl.col("book", "found").fill_null(0)).with_columns(ug=pl.col("book") - pl.col("found"))


def _category() -> pl.Expr:
    ranks = {code: rank for rank, code in enumerate(CATEGORIES)}
    return pl.col("category").replace_strict(ranks, default=len(ranks), return_dtype=pl.Int64)


def _amounts(both: pl.DataFrame) -> list[tuple[str, ...]]:
    differing = _items_together(both).filter(pl.col("ug") != 0).sort("batch", _category(), "nuclide")
    found = []
    for row in differing.iter_rows(named=True):
        is_items = row["nuclide"] == ITEMS
        what = "unexpected" if not row["booked"] else "missing" if not row["seen"] else "items" if is_items else "mass"
        shown = [str(row[name]) if is_items else format_grams(row[name]) for name in ("book", "found", "ug")]
        found.append((row["batch"], what, ITEMS if is_items else join_key(row["category"], row["nuclide"]), *shown))
    return found


def _items_together(both: pl.DataFrame) -> pl.DataFrame:
    """The items of a batch counted once: a category change leaves them under the category they came in."""
    items = pl.col("nuclide") == ITEMS
    together = both.filter(items).group_by("batch", maintain_order=True).agg(
        pl.col("category", "nuclide", "booked", "seen").first(), pl.col("book", "found", "ug").sum()
    )  # fmt: skip
    return pl.concat([both.filter(~items), together.select(both.columns)])


def _facts(inventory: Inventory, batches: set[str]) -> list[tuple[str, ...]]:
    standing = standings(inventory.mba, inventory.before)
    lines = {line.batch: line for line in lines_of(inventory)}
    found = []
    for batch in sorted(batches & set(standing) & set(lines)):
        found += _compared(standing[batch], lines[batch])
    return found


def _compared(book: Standing, line: Listed) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    if book.place != line.place and book.place and line.place:
        found.append((line.batch, "place", "", book.place, line.place, ""))
    for what, before, now in (
        ("seals", book.seals, line.seals),
        ("item numbers", book.item_numbers, line.item_numbers),
    ):
        gone, new = sorted(set(before) - set(now)), sorted(set(now) - set(before))
        if (gone or new) and (now or what == "seals"):
            found.append((line.batch, what, "", "; ".join(gone), "; ".join(new), ""))
    return found


def changes_between(inventory: Inventory, counted: date) -> pl.DataFrame:
    """What rolls a count to the cut-off: batch, category, nuclide, ug.

    It is what the batches of the area gained between the cut-off and the end of the day of the count: taken back from a
    later count, added to an earlier one.
    """
    cut = accounts.day_number(inventory.day, CUTOFF)
    count = accounts.day_number(counted, AFTER_CUTOFF)
    later = counted > inventory.day
    main = inventory.before.accounts([inventory.mba], [MAIN])["account"].to_list()
    rows = query(
        "SELECT batch, category, nuclide, CAST(SUM(ug) AS BIGINT) FROM accounting_posting"
        " WHERE account = %s AND day > %s AND day <= %s AND number <= %s AND (day & 3) <> %s"
        " GROUP BY batch, category, nuclide HAVING SUM(ug) <> 0",
        [main[0] if main else -1, min(cut, count), max(cut, count), inventory.known, CUTOFF],
        AMOUNTS,
        inventory.using,
    )
    return rows.with_columns(ug=-pl.col("ug")) if later else rows


class CannotRoll(ValueError):  # noqa: N818
    """The amounts of a count and the changes since do not fit together."""


def rolled(line: Listed, moved: Iterable[tuple[str, str, int]]) -> Listed:
    """A counted line as it was at the cut-off; ``moved`` is (category, nuclide, ug) as `changes_between` gives it."""
    weights = {key: parse_grams(text) for key, text in line.weights.items()}
    items = line.items
    for category, nuclide, ug in moved:
        key = join_key(category, nuclide)
        if nuclide == ITEMS:
            items += ug
        elif line.weights.get(category) is not None and key not in weights:
            raise CannotRoll(f"The batch changed in {key} since, which the count does not give.")
        else:
            weights[key] = weights.get(key, 0) + ug
    wrong = next((key for key, ug in weights.items() if ug < 0), "" if items >= 0 else "the number of items")
    if wrong:
        raise CannotRoll(f"Rolled to the cut-off, {wrong} would be less than nothing.")
    kept = {key: format_grams(ug) for key, ug in weights.items()}
    return msgspec.structs.replace(line, weights=kept if any(weights.values()) else {}, items=items)
