"""The lists of the room by name, each a table as of a day and as known at a statement: what is shown and what goes out.

Masses are micrograms in columns ending in ``ug``; `exporting.export_list` writes them as grams.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import msgspec
import polars as pl

from openmpca.accounting import register
from openmpca.accounting.accounts import MAIN
from openmpca.accounting.queries import View, latest
from openmpca.accounting.statements import Change
from openmpca.nuclear.categories import join_key
from openmpca.nuclear.mass import format_grams
from openmpca.problems import Problem
from openmpca.record.known import query
from openmpca.record.reading import Stored, by_kind

_PLAIN: Final = (str, int, bool, date, type(None))


@dataclass(frozen=True)
class Asked:
    """What a list is to show: as of a day, as known at a number, of one area or (empty) of all."""

    day: date
    known: int | None = None
    mba: str = ""

    @property
    def view(self) -> View:
        """The two times as one view."""
        return View.of(self.day, self.known)

    @property
    def mbas(self) -> list[str] | None:
        """The area asked for; None for all."""
        return [self.mba] if self.mba else None

    @property
    def at(self) -> int:
        """The number as known at which the list is."""
        return latest() if self.known is None else self.known


Rows = pl.DataFrame | list[dict[str, object]]


def _book(asked: Asked) -> Rows:
    return asked.view.balances(asked.mbas, [MAIN]).drop("code")


def _accounts(asked: Asked) -> Rows:
    return asked.view.balances(asked.mbas)


def _areas(asked: Asked) -> list[str]:
    from openmpca.accounting.reporting.area import areas_with_books

    return [asked.mba] if asked.mba else areas_with_books(asked.at)


def _batches(asked: Asked) -> Rows:
    from openmpca.accounting.inventory.batches import standings

    rows: list[dict[str, object]] = []
    for mba in _areas(asked):
        known = standings(mba, asked.view)
        held: dict[str, dict[str, object]] = {}
        for batch, category, nuclide, ug in asked.view.batches(mba).iter_rows():
            weights = held.setdefault(batch, {})
            weights["items" if nuclide == "#" else join_key(category, nuclide)] = (
                ug if nuclide == "#" else format_grams(ug)
            )
        for batch, weights in held.items():
            standing = known.get(batch)
            more = _flat(standing) if standing is not None else {}
            rows.append({"mba": mba, "batch": batch, **more, **weights})
    return rows


def _register(asked: Asked) -> Rows:
    rows: list[dict[str, object]] = []
    for name, struct in register.THINGS.items():
        for each in register.register(struct, asked.day, asked.known):
            if not asked.mba or asked.mba in (getattr(each.fields, "mba", ""), getattr(each.fields, "code", "")):
                rows.append({"thing": name, "number": each.number, **_flat(each.fields)})
    return rows


def _transit(asked: Asked) -> Rows:
    from openmpca.accounting.transit.board import board

    frame = board(asked.view).frame()
    return (
        frame.filter(pl.any_horizontal(pl.col("shipper", "receiver").str.ends_with(asked.mba))) if asked.mba else frame
    )


def _reports(asked: Asked) -> Rows:
    from openmpca.accounting.reporting.standing import reports_of

    found = [each for each in reports_of(asked.mba or None, asked.at) if each.day <= asked.day]
    return [{**_flat(each), "state": each.state} for each in found]


def _due(asked: Asked) -> Rows:
    from openmpca.accounting.reporting.due import due

    return [_flat(each) for each in due(asked.day, asked.known, mba=asked.mba or None)]


def _problems(asked: Asked) -> Rows:
    from openmpca.accounting.obligations.ledger import ledger
    from openmpca.accounting.reporting.due import due, problems

    found: list[Problem] = problems(due(asked.day, asked.known, mba=asked.mba or None))
    owed = ledger(asked.view)
    found += (owed.of(asked.mba) if asked.mba else owed).problems
    return [_flat(each) for each in found]


def _obligations(asked: Asked) -> Rows:
    from openmpca.accounting.obligations.ledger import ledger

    found = ledger(asked.view).balances
    return found.filter(pl.col("mba") == asked.mba) if asked.mba else found


def _changes(asked: Asked) -> Rows:
    """Every change that stands, in columns that an import of changes takes."""
    gone = query("SELECT corrects FROM accounting_correction WHERE number <= %s", [asked.at], {"corrects": pl.Int64})
    dead = set(gone["corrects"])
    standing = (each for each in by_kind("accounting.change") if each.number <= asked.at and each.number not in dead)
    return [_change_row(each) for each in standing if _is_asked(each, asked)]


def _is_asked(each: Stored, asked: Asked) -> bool:
    return asked.mba in ("", each.fields["mba"]) and str(each.fields["day"]) <= asked.day.isoformat()


def _change_row(each: Stored) -> dict[str, object]:
    given = {name: each.fields[name] for name in Change.__struct_fields__ if name in each.fields}
    weights = given.pop("weights", {})
    return {"number": each.number, **given, **(weights if isinstance(weights, dict) else {})}


def _ledger(asked: Asked) -> Rows:
    from openmpca.accounting.ledger import ledger

    return [
        {
            "mba": mba,
            "number": line.number,
            "day": line.day,
            "booked": line.booked,
            "code": line.code,
            "batch": line.batch,
            "category": line.category,
            "nuclide": nuclide,
            "moved_ug": line.moved.get(nuclide, 0),
            "balance_ug": ug,
        }
        for mba in _areas(asked)
        for line in ledger(mba, asked.view)
        for nuclide, ug in sorted(line.balance.items() | {(name, 0) for name in line.moved if name not in line.balance})
    ]


def _flat(value: Any) -> dict[str, object]:
    """The fields of a struct as cells: plain values as they are, several in one, anything deeper left to the writer."""
    return {name: _cell(getattr(value, name)) for name in msgspec.structs.asdict(value)}


def _cell(value: object) -> object:
    if isinstance(value, _PLAIN):
        return value
    return [str(each) for each in value] if isinstance(value, (list, tuple)) else msgspec.to_builtins(value)


LISTS: Final[dict[str, Callable[[Asked], Rows]]] = {
    "accounts": _accounts,
    "batches": _batches,
    "book": _book,
    "changes": _changes,
    "due": _due,
    "ledger": _ledger,
    "obligations": _obligations,
    "problems": _problems,
    "register": _register,
    "reports": _reports,
    "transit": _transit,
}
"""Name of a list to what makes it."""


def made(name: str, asked: Asked) -> Rows:
    """A list by its name; KeyError names those there are."""
    if name not in LISTS:
        raise KeyError(f"there is no list {name!r}; there are {', '.join(LISTS)}")
    return LISTS[name](asked)


def names() -> Iterable[str]:
    """The names of all lists."""
    return tuple(LISTS)
