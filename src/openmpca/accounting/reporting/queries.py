"""The questions to reports: what an area holds *as reported*, what was said of it, and how a report stands.

Rules kept here:

1. As reported, an area holds the ending inventory of its last balance (before there is one, its first listing) and
   what the reports of changes say happened since, corrections of all of them applied.
2. *As reported* may mean made, sent or acknowledged; each as known at a statement number.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from openmpca.accounting.accounts import CUTOFF, day_number
from openmpca.accounting.queries import View, known_or_latest
from openmpca.accounting.reporting.standing import (
    Reported,
    ReportedEntry,
    ReportedReport,
    State,
    reported_by,
    reports_of,
)
from openmpca.formats.code10.arithmetic import effect
from openmpca.nuclear.categories import CATEGORIES, agency_key, join_key, split_key
from openmpca.nuclear.changes import CHANGES
from openmpca.nuclear.mass import format_grams
from openmpca.record.known import query

Weights = dict[str, int]


def reported(mba: str, as_of: date, state: State = "made", known_at: int | None = None) -> Weights:
    """What an area holds as reported, in micrograms by weight key of the Agency; zero ones left out."""
    known = known_or_latest(known_at)
    return balance_of(reported_by(mba, known, state=state), as_of)


def balance_of(said: Reported, as_of: date) -> Weights:
    """The same from reports already read (rule 1)."""
    begin, sums = _beginning(said, as_of)
    first = 0 if begin is None else day_number(begin, CUTOFF)
    for entry in said.live.values():
        if entry.sort == "I" and entry.day is not None and first < entry.day <= day_number(as_of):
            for key, ug in entry.weights.items():
                sums[key] = sums.get(key, 0) + moved(entry.code, key, ug)
    return {key: ug for key, ug in sorted(sums.items()) if ug}


def _beginning(said: Reported, as_of: date) -> tuple[date | None, Weights]:
    """The day and the figures of the last ending inventory, or of the first listing where there is no balance."""
    ends = {each.report: each.end for each in said.reports}
    for sort, code in (("M", "PE"), ("P", "")):
        entries = [
            (ends[key.report], entry)
            for key, entry in said.live.items()
            if entry.sort == sort and entry.code in (code, "") and key.report in ends and ends[key.report] <= as_of
        ]
        if entries:
            day = max(day for day, _ in entries) if sort == "M" else min(day for day, _ in entries)
            return day, _sum(entry for on, entry in entries if on == day and entry.status != "U")
    return None, {}


def _sum(entries: Iterable[ReportedEntry]) -> Weights:
    sums: Weights = {}
    for entry in entries:
        for key, ug in entry.weights.items():
            sums[key] = sums.get(key, 0) + ug
    return sums


def moved(code: str, key: str, ug: int) -> int:
    """What a figure of an inventory change does to the holding of its area, DI reducing it.

    >>> moved("RF", "E", 5), moved("LN", "E", 5), moved("DI", "E", 5), moved("EN", "N", 5), moved("RM", "E", 5)
    (5, -5, -5, 5, 0)
    """
    if code not in CHANGES:
        return 0
    return -ug if code == "DI" else effect(code, split_key(key)[0]) * ug


def in_book(mba: str, as_of: date, known_at: int | None = None) -> Weights:
    """What the book holds in the Agency's categories, as figures of reports: by weight key, zero ones left out."""
    sums: Weights = {}
    for category, nuclide, ug in (
        View.of(as_of, known_at).balances([mba]).select("category", "nuclide", "ug").iter_rows()
    ):
        key = join_key(category, nuclide)
        if nuclide != "#" and (wanted := agency_key(key)) and wanted in CATEGORIES[split_key(wanted)[0]].keys:
            sums[wanted] = sums.get(wanted, 0) + ug
    return {key: ug for key, ug in sorted(sums.items()) if ug}


def beside_book(mba: str, as_of: date, state: State, known_at: int | None = None) -> list[dict[str, str]]:
    """What an area holds as reported beside its book, a row a weight key, in grams."""
    said, book = reported(mba, as_of, state, known_at), in_book(mba, as_of, known_at)
    return [
        {
            "weight": key,
            "reported_g": format_grams(said.get(key, 0)),
            "book_g": format_grams(book.get(key, 0)),
            "difference_g": format_grams(book.get(key, 0) - said.get(key, 0)),
        }
        for key in sorted({*said, *book})
    ]


@dataclass(frozen=True)
class Remark:
    """What an answer says of an entry of a report (0: the whole), and the statement that the entry reports (0:
    none)."""

    answer: int
    report: int
    entry: int
    about: int
    text: str


def remarks(number: int, known_at: int | None = None) -> list[Remark]:
    """The remarks on a report, or on the entries that reported a change or a listed line, by statement number."""
    known = known_or_latest(known_at)
    rows = query(
        "SELECT DISTINCT r.number, r.of_report, r.entry, COALESCE(e.about, 0), r.remark FROM accounting_remark r"
        " LEFT JOIN accounting_entry e ON e.number = r.of_report AND e.entry = r.entry"
        " WHERE r.number <= %s AND (r.of_report = %s OR e.about = %s) ORDER BY r.number, r.entry",
        [known, number, number],
        {"number": pl.Int64, "of": pl.Int64, "entry": pl.Int64, "about": pl.Int64, "text": pl.String},
    )
    return [Remark(*row) for row in rows.iter_rows()]


def reporting_of(number: int, known_at: int | None = None) -> list[tuple[ReportedReport, ReportedEntry]]:
    """The entries that reported a statement, with their reports: reported dates beside event and booking dates."""
    known = known_or_latest(known_at)
    rows = query(
        "SELECT DISTINCT mba FROM accounting_entry WHERE about = %s AND number <= %s",
        [number, known],
        {"mba": pl.String},
    )
    found = []
    for mba in rows["mba"]:
        said = reported_by(mba, known)
        by_number = {each.number: each for each in said.reports}
        found += [(by_number[entry.of], entry) for entry in said.entries if entry.about == number]
    return found


def all_reports(mba: str | None = None, known_at: int | None = None) -> list[ReportedReport]:
    """The reports of an area, or of all, with their states."""
    return reports_of(mba, known_or_latest(known_at))
