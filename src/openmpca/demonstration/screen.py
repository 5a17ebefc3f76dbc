"""What the demonstration shows when it stands: its book, what is due, and a report of each type, checked and as a
file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from openmpca.accounting.accounts import ITEMS
from openmpca.accounting.exporting.files import export_history, report_bytes
from openmpca.accounting.queries import View
from openmpca.accounting.register import register
from openmpca.accounting.reporting.check import check_file
from openmpca.accounting.reporting.derivation import profile_of
from openmpca.accounting.reporting.due import Due, due
from openmpca.accounting.reporting.make import TITLES
from openmpca.accounting.reporting.queries import all_reports
from openmpca.accounting.reporting.recorded import report_stated
from openmpca.accounting.reporting.standing import ReportedReport
from openmpca.accounting.statements import Mba
from openmpca.accounting.transit.board import overdue, transfers
from openmpca.formats.code10.profile import Profile
from openmpca.formats.code10.records import Report
from openmpca.nuclear.mass import format_grams
from openmpca.problems import Problem
from openmpca.record.known import Known

TODAY: Final = date(2026, 1, 15)
"""The last day of the story: what is due and late is told as of this day."""
SHOWN: Final = "XTF2"
UNTIL: Final = date(2025, 6, 13)
WITHIN_DAYS: Final = 31
NOT_BOOKED_ABROAD: Final = "SCR-23"


Row = dict[str, object]


@dataclass(frozen=True)
class Shown:
    """A report that is shown: what became of it, its contents, its file and the problems of checking that."""

    report: ReportedReport
    contents: Report
    profile: Profile
    path: Path
    problems: list[Problem]


def book(day: date = TODAY) -> list[Row]:
    """The State's book: a row for each area and category."""
    names = {each.fields.code: each.fields.name for each in register(Mba, day)}
    rows = View.of(day).balances().filter(pl.col("ug") != 0)
    found: dict[tuple[str, str], Row] = {}
    for mba, _, category, nuclide, ug in rows.sort("mba", "category", "nuclide").iter_rows():
        row = found.setdefault(
            (mba, category),
            {
                "area": mba,
                "name": names.get(mba, ""),
                "category": category,
                "items": 0,
                "element_g": "",
                "fissile_g": "",
            },
        )
        if nuclide == ITEMS:
            row["items"] = ug
        elif nuclide:
            row["fissile_g"] = format_grams(ug)
        else:
            row["element_g"] = format_grams(ug)
    return list(found.values())


def late(day: date = TODAY) -> list[Due]:
    """What is late, and what is due within a month; what only waits for an answer is left out."""
    return [each for each in due(day) if each.state != "waiting" and each.days <= WITHIN_DAYS]


def transits(day: date = TODAY) -> list[Row]:
    """Consignments that are overdue within the State."""
    return [
        {
            "from": str(each.first.shipper),
            "to": str(each.first.receiver).rpartition("/")[2],
            "batch": each.first.key,
            "shipped": str(each.first.day),
            "days": each.age_days,
            "open_g": format_grams(each.open_ug),
        }
        for each in overdue(View.of(day), day)
        if each.scope == "domestic"
    ]


def write_reports(folder: Path) -> list[Path]:
    """All reports as Code 10 files, one for each area."""
    return [each.path for each in export_history(folder, replace=True)]


def write_other_side(path: Path) -> Path:
    """What Perion says of its shipments and receipts, as a table: its books agree with ours, save that it lacks one
    receipt.
    """
    rows = [
        {
            "code": "RF" if each.ships else "SF",
            "day": each.day,
            "shipper": f"XT/{each.mba}" if each.ships else each.other,
            "receiver": each.other if each.ships else f"XT/{each.mba}",
            "batch": each.key,
            "category": each.category,
            "grams": format_grams(each.element_ug),
        }
        for each in transfers(View.of(TODAY), ["SF", "RF"])
        if each.key != NOT_BOOKED_ABROAD
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    pl.DataFrame(rows).write_csv(path)
    return path


def one_of_each(folder: Path) -> Iterator[Shown]:
    """An inventory change report, a listing and a balance of the process area, each checked as the file that was
    sent.
    """
    for sort in ("I", "P", "M"):
        candidates = [each for each in all_reports(SHOWN) if each.sort == sort and each.end <= UNTIL]
        last = max(each.end for each in candidates)
        yield _shown(next(each for each in candidates if each.end == last), folder)


def _shown(report: ReportedReport, folder: Path) -> Shown:
    profile = profile_of(report.mba, Known("default", report.number))
    path = folder / f"{report.mba}-{report.report:04d}-{TITLES[report.sort]}.c10"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(report_bytes(report_stated(report.number).text, profile))
    checked, between = check_file(path, profile=profile)
    contents = next(each.report for each in checked if each.report is not None)
    return Shown(
        report, contents, profile, path, [*between, *(problem for each in checked for problem in each.problems)]
    )


def heads(rows: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """The heads of a table: its columns with a capital letter, the unit as a word of its own."""
    return {name: (name[:1].upper() + name[1:]).replace("_", " ") for name in rows[0]} if rows else {}
