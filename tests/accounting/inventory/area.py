"""One area to take inventories of: ZZA1 with two inventory points and a few places; and who states."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import polars as pl

from openmpca.accounting import balance
from openmpca.accounting.inventory import taking as inventory
from openmpca.accounting.inventory.differences import Differences, Inventory, differences
from openmpca.accounting.inventory.fields import Row, rows_of, write_list
from openmpca.accounting.inventory.tick_list import tick_list
from openmpca.accounting.statements import Change, Country, Facility, Kmp, Listed, Mba, Place
from openmpca.accounting.statements import Inventory as Taking
from openmpca.nuclear.mass import format_grams
from openmpca.record import commands
from openmpca.record.act import Act
from tests.state import alone, founded, told_once

AREA = "ZZA1"
BEGIN = date(2024, 1, 1)
FRESH = "BQ2F"


def weights(**given: str) -> dict[str, str]:
    """Weights by short names: ``weights(E="10", E_U235="1")``."""
    return {key.replace("_", "/"): text for key, text in given.items()}


def line(batch: str, **fields: Any) -> Listed:
    """A line found in an opening, before it has a number."""
    told = {"description": FRESH, "basis": "N", "kmp": "A", **fields}
    return Listed(day=told.pop("day", BEGIN), mba=AREA, inventory=-1, batch=batch, **told)


@dataclass(frozen=True)
class Story:
    """Those who state: ``both`` together, ``anna`` alone."""

    both: Act
    anna: Act

    def state(self, *statements: Any) -> list[int]:
        return list(commands.state(list(statements), self.both).numbers)

    def happened(self, day: date, code: str, batch: str, held: dict[str, str], **fields: Any) -> int:
        """One change, stated."""
        told = {"description": FRESH, "basis": "N", "kmp": "1", **fields}
        if code in ("RD", "SD"):
            told.setdefault("counterpart", "ZZ/ZZB1")
        if code in ("RF", "SF"):
            told.setdefault("counterpart", "YY/YYB1")
        if code in ("RD", "RF"):
            told.setdefault("shipper_batch", batch)
        return self.state(Change(day=day, mba=AREA, code=code, batch=batch, weights=held, **told))[0]

    def opened(self, *lines: Listed, day: date = BEGIN) -> int:
        """The area is opened by both; gives the number of the opening inventory."""
        dated = [msgspec.structs.replace(each, day=day) for each in lines]
        return inventory.open_area(AREA, day, dated, self.both, empty=not lines).numbers[0]

    def frozen(self, day: date) -> int:
        return inventory.freeze(AREA, day, self.anna).numbers[0]

    def all_found(self, number: int) -> None:
        """Everything is found as booked."""
        frame = tick_list(Inventory.of(number))
        ticked = frame.with_columns(found=pl.lit("yes"))
        inventory.take(number, rows_of(ticked, AREA, Inventory.of(number).day), self.anna)

    def found(self, number: int, batch: str, **told: Any) -> int:
        """What was found of a batch; after the closing it takes ``both``."""
        measured, act = told.pop("measured", False), told.pop("act", self.anna)
        return inventory.found(number, batch, act, told, measured=measured).numbers[0]

    def closed(self, number: int, **given: Any) -> int:
        return inventory.close(number, self.both, **given).numbers[0]

    def differences(self, number: int) -> Differences:
        return differences(Inventory.of(number))


def balanced(begin: date | None, end: date, known: int | None = None, items: bool = False) -> dict[str, dict[str, str]]:
    """The material balance in grams: ``{"E": {"PB": "10"}, "E/U235": {}}``; items under ``#`` only when asked."""
    found: dict[str, dict[str, str]] = {}
    for code, category, nuclide, ug in balance.material_balance(AREA, begin, end, known).iter_rows():
        if nuclide == "#":
            if items:
                found.setdefault("#", {})[code] = str(ug)
        else:
            found.setdefault(f"{category}/{nuclide}".rstrip("/"), {})[code] = format_grams(ug)
    return found


def saved(number: int, path: Path, **changes: dict[str, Any]) -> Path:
    """The list to tick as a CSV file, every row found but for ``changes`` by batch."""
    frame = tick_list(Inventory.of(number)).to_dicts()
    rows = [{**row, "found": "yes", **changes.pop(row["batch"], {})} for row in frame] + list(changes.values())
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("wb") as target:
        write_list(
            pl.DataFrame([{name: row.get(name) for name in names} for row in rows], infer_schema_length=None),
            path.suffix[1:],
            target,
        )
    return path


def begun(**fields: Any) -> Story:
    """The State that is open, founded and registered; ``fields`` are given to the area."""
    return told_once(f"reactor {fields}", lambda: registered(**fields))


def registered(**fields: Any) -> Story:
    """The State that is open, founded and registered now."""
    both = founded()
    commands.state(
        [Country(day=BEGIN, code="ZZ", name="Zet", own=True), Facility(day=BEGIN, code="ZZA-", name="Reactor")], both
    )
    told = {"country": "ZZ", **fields}
    commands.state(
        [
            Mba(day=BEGIN, code=AREA, facility="ZZA-", name="Reactor", **told),
            Mba(day=BEGIN, code="ZZB1", facility="ZZA-", name="Store", country="ZZ"),
        ],
        both,
    )
    points = [Kmp(day=BEGIN, mba=AREA, code=code, name=code, inventory=code in "AB") for code in ("1", "2", "A", "B")]
    commands.state(points, both)
    places = [Place(day=BEGIN, mba=AREA, code="VAULT", name="Vault", level="room", kmp="A")]
    places += [Place(day=BEGIN, mba=AREA, code=code, name=code, within="VAULT") for code in ("V1", "V2")]
    places += [Place(day=BEGIN, mba=AREA, code="POND", name="Pond", level="room", kmp="B")]
    for place in places:
        commands.state([place], both)
    return Story(both, alone(both))


__all__ = ["AREA", "BEGIN", "Row", "Story", "Taking", "balanced", "begun", "line", "saved", "weights"]
