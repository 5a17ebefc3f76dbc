"""The page on one mistake and its correction shows what the program computes."""

import re
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from openmpca.accounting.balance import material_balance
from openmpca.accounting.queries import View
from openmpca.accounting.statements import Change, Closing, Country, Facility, Inventory, Listed, Mba
from openmpca.record import clock, commands
from openmpca.record.act import Act
from openmpca.record.record import number_at
from openmpca.record.statements import Statement
from tests.state import State, at, founded

PAGE = Path(__file__).resolve().parents[2] / "docs" / "corrections.md"
AREA = "XTA1"


def table(heading: str) -> tuple[list[date], list[list[str]]]:
    """The days in the heads of a table that begins with ``heading``, and its rows."""
    text = PAGE.read_text(encoding="utf-8").split(f"| {heading}", 1)[1]
    lines = text.splitlines()
    found = [line for line in lines[2 : lines.index("")] if line.startswith("|")]
    known = [date.fromisoformat(each) for each in re.findall(r"known on (\S+)", lines[0])]
    return known, [[cell.strip().replace(",", "") for cell in line.strip("|").split("|")] for line in found]


def known_on(day: date) -> int:
    return number_at(clock.from_text(day.isoformat()))


@pytest.fixture(autouse=True)
def story(state_home: State) -> None:
    """The mistake and its correction, stated on the days of the page's first table."""
    act = founded()
    register = [
        Country(day=date(2026, 1, 1), code="XT", name="Tavena", own=True),
        Country(day=date(2026, 1, 1), code="XP", name="Partner"),
        Facility(day=date(2026, 1, 1), code="XTA-", name="Reactor"),
        Mba(day=date(2026, 1, 1), code=AREA, facility="XTA-", name="Reactor", country="XT"),
    ]
    commands.state(register, act, when=at("2026-01-02"))
    _inventory(act, date(2026, 2, 28), "34840", "2026-02-28T23:00:00", opening=True)
    (receipt,) = _state(act, "2026-04-02", _receipt("9851"))
    _inventory(act, date(2026, 5, 20), "44421", "2026-05-21")
    _state(act, "2026-06-10", _receipt("9581", corrects=receipt))


def _state(act: Act, when: str, *statements: Statement) -> range:
    return commands.state(statements, act, when=at(when)).numbers


def _receipt(grams: str, corrects: int | None = None) -> Change:
    return Change(
        day=date(2026, 3, 29),
        mba=AREA,
        code="RF",
        batch="CRR",
        counterpart="XP/XPB1",
        shipper_batch="P-41",
        description="BQ2F",
        basis="N",
        items=11,
        weights={"E": grams, "E/U235": "1892"},
        corrects=corrects,
        reason="digits swapped" if corrects else "",
    )


def _inventory(act: Act, day: date, grams: str, when: str, *, opening: bool = False) -> None:
    number = _state(act, when, Inventory(day=day, mba=AREA, opening=opening))[0]
    line = Listed(
        day=day,
        mba=AREA,
        inventory=number,
        batch="CRR",
        description="BQ2F",
        basis="T",
        weights={"E": grams, "E/U235": "6880" if opening else "8772"},
    )
    _state(act, when, line)
    _state(act, when, Closing(day=day, mba=AREA, inventory=number))


def test_the_page_shows_the_book_of_each_day_as_known_on_each_day() -> None:
    known, rows = table("Book as of")
    for as_of, *cells in rows:
        for when, cell in zip(known, cells, strict=True):
            if date.fromisoformat(as_of) > when:
                assert cell == "–"
                continue
            held = View.of(date.fromisoformat(as_of), known_on(when)).balances([AREA])
            grams = held.filter(pl.col("nuclide") == "")["ug"].sum() // 1_000_000
            assert str(grams) == cell, (as_of, when)


def test_the_page_shows_the_material_balance_as_known_before_and_after() -> None:
    known, rows = table("Balance of")
    for term, *cells in rows:
        for when, cell in zip(known, cells, strict=True):
            balance = material_balance(AREA, date(2026, 2, 28), date(2026, 5, 20), known_on(when))
            wanted = pl.col("code").eq(term.split(",")[0].split()[0]) & pl.col("nuclide").eq("")
            assert str(balance.filter(wanted)["ug"].sum() // 1_000_000) == cell, (term, when)
