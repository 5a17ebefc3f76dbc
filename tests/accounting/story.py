"""A small State to tell stories in: areas ZZA1, ZZB1, ZZC1 of one facility, and who states."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.state import founded, told_once

AREAS = ("ZZA1", "ZZB1", "ZZC1")
BEGIN = date(2024, 1, 1)
LATER = date(2030, 1, 1)


def grams(**weights: str) -> dict[str, str]:
    """Weights by short names: ``grams(E="10", E_U235="1")``."""
    return {key.replace("_", "/"): text for key, text in weights.items()}


@dataclass(frozen=True)
class Story:
    """Those who state, and shorthand for what they state."""

    act: Any

    def state(self, *statements: Any, overrides: dict[str, str] | None = None, when: str = "") -> list[int]:
        """State; gives the numbers."""
        return list(self.stated(*statements, overrides=overrides, when=when).numbers)

    def stated(self, *statements: Any, overrides: dict[str, str] | None = None, when: str = "") -> Any:
        import msgspec

        from openmpca.record import commands
        from tests.state import at

        act = msgspec.structs.replace(self.act, overrides=overrides or {})
        given = {"when": at(when)} if when else {}
        return commands.state(list(statements), act, **given)

    def change(self, code: str, mba: str, batch: str, day: date, weights: dict[str, str], **others: Any) -> Any:
        from openmpca.accounting.statements import Change

        return Change(day=day, mba=mba, code=code, batch=batch, weights=weights, **others)

    def happened(self, code: str, mba: str, batch: str, day: date, weights: dict[str, str], **others: Any) -> int:
        """One change, stated."""
        return self.state(self.change(code, mba, batch, day, weights, **others))[0]

    def view(self, day: date = LATER, number: int | None = None) -> Any:
        from openmpca.accounting.queries import View

        return View.of(day, number)

    def held(self, mba: str, day: date = LATER) -> dict[str, int]:
        """The book inventory of an area in grams by weight key; items left out."""
        found = self.view(day).balances([mba])
        rows = [row for row in found.iter_rows(named=True) if row["nuclide"] != "#"]
        return {f"{row['category']}/{row['nuclide']}".rstrip("/"): row["ug"] / 1e6 for row in rows}


def begun(**fields: Any) -> Story:
    """The State that is open, founded and registered; ``fields`` are given to area ZZC1."""
    return told_once(f"areas {fields}", lambda: registered(**fields))


def registered(**fields: Any) -> Story:
    """The State that is open, founded and registered now."""
    from openmpca.accounting.statements import Country, Facility, Mba
    from openmpca.record import commands

    act = founded()
    areas = [
        Mba(day=BEGIN, code=code, facility="ZZF-", name=code, country="ZZ", **(fields if code == "ZZC1" else {}))
        for code in AREAS
    ]
    commands.state(
        [Country(day=BEGIN, code="ZZ", name="Zet", own=True), Facility(day=BEGIN, code="ZZF-", name="F")], act
    )
    commands.state(areas, act)
    return Story(act)
