"""What must be the same in two States that keep the same book: balances, material balances, transits, reports.

`picture` takes it from the State that is open; two pictures are compared as they are. Only what is reported to the
Agency is in it: its categories, elements and isotopes. Batches go by the names that reports give them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Picture:
    """What a State's book says, latest knowledge."""

    balances: dict[tuple[date, str, str], int]
    material_balances: dict[tuple[str, Any, Any], dict[tuple[str, str], int]]
    unmatched: list[tuple[Any, ...]]
    reports: dict[tuple[str, int], str]


def picture(days: Iterable[date]) -> Picture:
    """The picture of the State that is open, with its balances at the end of each day."""
    return Picture(balances(days), material_balances(), unmatched(max(days)), report_texts())


def balances(days: Iterable[date]) -> dict[tuple[date, str, str], int]:
    """Micrograms by day, area and weight key of the Agency; nothing that is zero."""
    from openmpca.accounting.queries import View
    from openmpca.nuclear.categories import agency_key, join_key

    found: dict[tuple[date, str, str], int] = {}
    for day in days:
        for mba, _, category, nuclide, ug in View.of(day).balances(None, ["MAIN"]).iter_rows():
            key = "" if nuclide == "#" else agency_key(join_key(category, nuclide))
            if key:
                found[day, mba, key] = found.get((day, mba, key), 0) + ug
    return {key: ug for key, ug in found.items() if ug}


def material_balances() -> dict[tuple[str, Any, Any], dict[tuple[str, str], int]]:
    """The terms of every closed period of every area."""
    from openmpca.accounting.balance import periods
    from openmpca.accounting.importing.balances import book_figures
    from openmpca.accounting.queries import latest
    from openmpca.accounting.reporting.area import areas_with_books

    known = latest()
    return {
        (mba, period.begin, period.end): {
            term: ug for term, ug in book_figures(mba, period.begin, period.end, known).items() if ug
        }
        for mba in areas_with_books(known)
        for period in periods(mba, known)
    }


def unmatched(day: date) -> list[tuple[Any, ...]]:
    """The consignments that are not matched, as of a day."""
    from openmpca.accounting.queries import View
    from openmpca.accounting.transit.board import board

    columns = ["scope", "shipper", "receiver", "batch", "category", "shipped_day", "received_day", "open_ug"]
    rows = board(View.of(day)).frame().filter(standing_open())
    return sorted(rows.select(columns).iter_rows(), key=str)


def standing_open() -> Any:
    import polars as pl

    return pl.col("standing") != "matched"


def report_texts() -> dict[tuple[str, int], str]:
    """The texts of all reports."""
    from openmpca.record.reading import by_kind

    return {
        (str(each.fields["mba"]), int(str(each.fields["report"]))): str(each.fields["text"])
        for each in by_kind("accounting.report")
    }


def without_differences(ours: Picture, theirs: Picture) -> None:
    """Assert that two pictures are the same, each part by itself, so that what differs is what is shown."""
    assert ours.balances == theirs.balances
    assert ours.material_balances == theirs.material_balances
    assert ours.unmatched == theirs.unmatched
    assert ours.reports == theirs.reports
