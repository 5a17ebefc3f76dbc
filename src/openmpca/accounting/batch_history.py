"""The history of a batch: where it is, and every statement about it, those that no longer count too.

Rules kept here:

1. What is held is the sum of postings, by area and account of batches: book inventory, retained waste, exempted.
2. Where it stands, place and key measurement point, is what the list of a physical inventory would say (`standings`).
3. A statement that was corrected or deleted by then is told with what did so.
4. A name that is unknown is held against those of the book in small letters, and the nearest are told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Final

import polars as pl

from openmpca.accounting.accounts import ITEMS, MAIN, date_of
from openmpca.accounting.inventory.batches import Standing, standings
from openmpca.accounting.queries import View, latest
from openmpca.nuclear.categories import join_key
from openmpca.record.known import placeholders, query
from openmpca.record.reading import Stored, stored_many

Weights = dict[str, int]

POTS: Final = {
    MAIN: "book inventory",
    "TW": "retained waste",
    "FW": "retained waste",
    "EU": "exempted, use",
    "DU": "exempted, use",
    "EQ": "exempted, quantity",
    "DQ": "exempted, quantity",
}


LOOKED_AT: Final = 10_000


def alike(name: str, view: View, mba: str = "") -> str:
    """The batches of the book, or of an area, whose names are nearest to one that is not there; empty for none."""
    places = view.accounts([mba] if mba else None, list(POTS))["account"].to_list()
    found = query(
        f"SELECT DISTINCT batch FROM accounting_posting WHERE account IN {placeholders(places)}"  # noqa: S608
        f" AND batch <> %s AND number <= %s LIMIT {LOOKED_AT}",
        [*places, name, view.number],
        {"batch": pl.String},
        view.using,
    )["batch"]
    names = {each.casefold(): each for each in found.sort(descending=True)}
    near = get_close_matches(name.casefold(), names, n=3, cutoff=0.75)
    return ", ".join(names[each] for each in near)


@dataclass(frozen=True)
class Holding:
    """What an area holds of a batch on one of its accounts, in micrograms by weight key; items under ``CATEGORY/#``."""

    mba: str
    account: str
    weights: Weights
    place: str
    kmp: str


@dataclass(frozen=True)
class Event:
    """One statement about the batch; ``standing`` says what became of it, empty while it counts."""

    number: int
    day: date
    mba: str
    what: str
    weights: Weights
    place: str
    standing: str


@dataclass(frozen=True)
class History:
    """Where a batch is and what happened to it."""

    holdings: list[Holding]
    events: list[Event]


def history(batch: str, view: View, *, mba: str | None = None) -> History:
    """The history of a batch as of a view, in all areas or one."""
    return History(_holdings(batch, view, mba), _events(batch, view, mba))


def _holdings(batch: str, view: View, mba: str | None) -> list[Holding]:
    rows = query(
        "SELECT a.mba, a.code, p.category, p.nuclide, CAST(SUM(p.ug) AS BIGINT) FROM accounting_posting p"
        " JOIN accounting_account a ON a.id = p.account WHERE p.batch = %s AND p.day <= %s AND p.number <= %s"
        " GROUP BY a.mba, a.code, p.category, p.nuclide",
        [batch, view.day, view.number],
        {"mba": pl.String, "code": pl.String, "category": pl.String, "nuclide": pl.String, "ug": pl.Int64},
        view.using,
    ).filter(pl.col("code").is_in(list(POTS)) & (pl.lit(mba is None) | (pl.col("mba") == (mba or ""))))
    held: dict[tuple[str, str], Weights] = {}
    for area, code, category, nuclide, ug in rows.sort("mba", "category", "nuclide").iter_rows():
        weights = held.setdefault((area, POTS[code]), {})
        key = join_key(category, nuclide)
        weights[key] = weights.get(key, 0) + ug
    places = {area: _place(area, batch, view) for area, _ in held}
    left = {of: {key: ug for key, ug in weights.items() if ug} for of, weights in held.items()}
    return [
        Holding(area, account, weights, *places[area]) for (area, account), weights in sorted(left.items()) if weights
    ]


def areas_of(batches: Sequence[str], view: View) -> dict[str, set[str]]:
    """The areas whose books ever moved some batches, as known at a view, by batch."""
    found: dict[str, set[str]] = {each: set() for each in batches}
    rows = query(
        f"SELECT DISTINCT batch, account FROM accounting_posting WHERE batch IN {placeholders(batches)}"  # noqa: S608
        " AND number <= %s",
        [*batches, view.number],
        {"batch": pl.String, "account": pl.Int64},
        view.using,
    ).join(view.accounts(), on="account")
    for batch, mba in rows.select("batch", "mba").unique().iter_rows():
        found[batch].add(mba)
    return found


def _place(mba: str, batch: str, view: View) -> tuple[str, str]:
    standing = standings(mba, view, batch).get(batch, Standing(batch=batch))
    return standing.place, standing.kmp


def _events(batch: str, view: View, mba: str | None) -> list[Event]:
    numbers: set[int] = set()
    for table in ("accounting_posting", "accounting_listed", "accounting_location"):
        rows = query(
            f"SELECT DISTINCT number FROM {table} WHERE batch = %s AND number <= %s",  # noqa: S608  names of our own
            [batch, view.number],
            {"number": pl.Int64},
            view.using,
        )
        numbers |= set(rows["number"])
    fates = _fates(sorted(numbers), view)
    made = [
        _event(each, fates.get(each.number, "")) for each in stored_many(numbers, view.using) if each.fields.get("mba")
    ]
    until = date_of(view.day)
    return sorted(
        (each for each in made if each.day <= until and mba in (None, each.mba)),
        key=lambda each: (each.day, each.number),
    )


def _fates(numbers: list[int], view: View) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(numbers), 500):
        part = numbers[start : start + 500]
        rows = query(
            "SELECT corrects, number, deletes FROM accounting_correction"  # noqa: S608  placeholders only
            f" WHERE number <= %s AND corrects IN {placeholders(part)}",
            [view.number, *part],
            {"corrects": pl.Int64, "number": pl.Int64, "deletes": pl.Boolean},
            view.using,
        )
        for corrects, number, deletes in rows.iter_rows():
            found[corrects] = f"deleted by {number}" if deletes else f"corrected by {number}"
    return found


def fate(number: int) -> str:
    """What corrected or deleted a statement, as all is known; empty while it stands."""
    return _fates([number], View(0, latest())).get(number, "")


def _event(stored: Stored, standing: str) -> Event:
    from openmpca.nuclear.mass import parse_grams

    fields = stored.fields
    kind = stored.kind.name.partition(".")[2]
    what = str(fields["code"]) if kind == "change" else kind
    given: dict[str, str] = fields.get("weights") or {}  # type: ignore[assignment]
    corrects = fields.get("corrects")
    weights = {key: parse_grams(text) for key, text in given.items()}
    if fields.get("items") and given:
        weights[join_key(next(iter(given)).partition("/")[0], ITEMS)] = int(str(fields["items"]))
    return Event(
        number=stored.number,
        day=date.fromisoformat(str(fields["day"])),
        mba=str(fields["mba"]),
        what=f"{what}, of {corrects}" if corrects is not None else what,
        weights=weights,
        place=str(fields.get("place", "")),
        standing=standing,
    )
