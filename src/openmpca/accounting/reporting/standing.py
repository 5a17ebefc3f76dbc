"""What has been reported of an area: its reports, their entries, and which entries count after corrections.

Rules kept here:

1. An entry is known by report and entry number. A correction takes the place of the entry it names and has its own
   number from then on; a deletion takes the entry away; an addition has the number that it asks for.
2. Statements that a history brought in claims as reported count as reported under the entry claimed.
3. Only reports up to the statement number *known* count; of those, where it is asked, only the sent or the
   acknowledged ones.

Sources: Code 10, label 309; INFCIRC/153 paragraph 103.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final, Literal, NamedTuple

import msgspec
import polars as pl

from openmpca.accounting.reporting.derivation import entries_of
from openmpca.accounting.statements import Report as ReportStatement
from openmpca.formats.code10.profile import AGENCY, Profile
from openmpca.formats.code10.records import AccountingEntry
from openmpca.nuclear.categories import join_key
from openmpca.record.known import query
from openmpca.record.reading import stored

State = Literal["made", "sent", "acknowledged"]
STATES: Final = ("made", "sent", "acknowledged")


class EntryKey(NamedTuple):
    """Report and entry number."""

    report: int
    entry: int


class ReportedReport(msgspec.Struct, frozen=True):
    """One report and what became of it. ``number`` is that of its statement, ``report`` that of the report."""

    number: int
    mba: str
    sort: str
    report: int
    begin: date
    end: date
    day: date
    known: int
    origin: str
    sent: date | None = None
    answered: date | None = None
    acknowledged: bool | None = None

    @property
    def state(self) -> str:
        """made, sent, acknowledged or returned (received, for what came from elsewhere and was neither)."""
        if self.acknowledged is not None:
            return "acknowledged" if self.acknowledged else "returned"
        if self.sent is not None:
            return "sent"
        return self.origin

    def counts(self, state: State) -> bool:
        """Whether the report had come that far; what was received was sent by whoever made it."""
        if state == "made":
            return True
        if state == "sent":
            return self.sent is not None or self.origin == "received"
        return bool(self.acknowledged) or (self.origin == "received" and self.acknowledged is None)


class ReportedEntry(msgspec.Struct, frozen=True):
    """One accounting entry as reported; ``of`` is the report statement, ``day`` the posting day of its event."""

    of: int
    sort: str
    key: EntryKey
    about: int
    status: str
    reference: EntryKey | None
    code: str
    day: int | None
    batch: str
    weights: dict[str, int]


@dataclass
class Reported:
    """The reports and entries of one area, in the order of their statements."""

    mba: str
    reports: list[ReportedReport]
    entries: list[ReportedEntry]
    claims: dict[int, EntryKey] = field(default_factory=dict)
    profile: Profile = AGENCY

    @cached_property
    def live(self) -> dict[EntryKey, ReportedEntry]:
        """The entries that count, under the number by which they are named."""
        return live(self.entries)

    @cached_property
    def by_statement(self) -> dict[int, EntryKey]:
        """Where each statement was reported in an entry that still counts."""
        gone = {entry.reference for entry in self.entries if entry.status in ("C", "D")}
        found = {number: key for number, key in self.claims.items() if key not in gone}
        found.update({entry.about: key for key, entry in self.live.items() if entry.about})
        return found

    @cached_property
    def ever(self) -> frozenset[int]:
        """The statements that some entry, counting or not, has reported."""
        return frozenset({entry.about for entry in self.entries if entry.about} | set(self.claims))

    @property
    def next_number(self) -> int:
        """The number of the next report: one sequence for all types of report."""
        return max([0, *(each.report for each in self.reports), *(key.report for key in self.claims.values())]) + 1

    def last_entry(self, report: int) -> int:
        """The highest entry number that a report has, additions included."""
        own = [each.key.entry for each in self.entries if each.key.report == report]
        asked = [each.reference.entry for each in self.entries if each.reference and each.reference.report == report]
        return max([0, *own, *asked, *(key.entry for key in self.claims.values() if key.report == report)])

    def typed(self, entry: ReportedEntry) -> AccountingEntry | None:
        """The entry as it stands in the text of its report."""
        return next((each for each in self._text(entry.of) if each.number == entry.key.entry), None)

    def _text(self, of: int) -> list[AccountingEntry]:
        if of not in self._texts:
            statement = stored(of).statement
            assert isinstance(statement, ReportStatement)  # noqa: S101  the table has report statements only
            self._texts[of] = entries_of(statement.text, self.profile)
        return self._texts[of]

    @cached_property
    def _texts(self) -> dict[int, list[AccountingEntry]]:
        return {}


def live(entries: Iterable[ReportedEntry]) -> dict[EntryKey, ReportedEntry]:
    """The entries that count after corrections, deletions and additions (rule 1)."""
    found: dict[EntryKey, ReportedEntry] = {}
    for entry in entries:
        match entry.status:
            case "C":
                if entry.reference:
                    found.pop(entry.reference, None)
                found[entry.key] = entry
            case "D":
                if entry.reference:
                    found.pop(entry.reference, None)
            case "A":
                found[entry.reference or entry.key] = entry
            case _:
                found[entry.key] = entry
    return found


def reported_by(
    mba: str, known: int, *, state: State = "made", profile: Profile = AGENCY, using: str = "default"
) -> Reported:
    """What an area has reported, as known at a statement number."""
    reports = [each for each in reports_of(mba, known, using=using) if each.counts(state)]
    numbers = {each.number: each for each in reports}
    claims = query(
        "SELECT number, report, entry FROM accounting_claimed WHERE mba = %s AND number <= %s",
        [mba, known],
        {"number": pl.Int64, "report": pl.Int64, "entry": pl.Int64},
        using,
    )
    return Reported(
        mba=mba,
        reports=reports,
        entries=_entries(mba, known, numbers, using),
        claims={number: EntryKey(report, entry) for number, report, entry in claims.iter_rows()},
        profile=profile,
    )


_REPORT: Final = {
    "number": pl.Int64,
    "mba": pl.String,
    "sort": pl.String,
    "report": pl.Int64,
    "begin_day": pl.Date,
    "end_day": pl.Date,
    "day": pl.Date,
    "known": pl.Int64,
    "origin": pl.String,
}


def reports_of(mba: str | None, known: int, *, using: str = "default") -> list[ReportedReport]:
    """The reports of an area, or of all, in the order of their statements, with what became of them."""
    found = query(
        f"SELECT {', '.join(_REPORT)} FROM accounting_report WHERE number <= %s"  # noqa: S608  names of our own columns
        f"{' AND mba = %s' if mba else ''} ORDER BY number",
        [known, *([mba] if mba else [])],
        _REPORT,
        using,
    )
    of_area = " AND of_report IN (SELECT number FROM accounting_report WHERE mba = %s)" if mba else ""
    given = [known, mba] if mba else [known]
    sent = query(
        f"SELECT of_report, day FROM accounting_sending WHERE number <= %s{of_area} ORDER BY number DESC",  # noqa: S608
        given,
        {"of": pl.Int64, "day": pl.Date},
        using,
    )
    answered = query(
        f"SELECT of_report, day, acknowledged FROM accounting_answer WHERE number <= %s{of_area} ORDER BY number",  # noqa: S608
        given,
        {"of": pl.Int64, "day": pl.Date, "acknowledged": pl.Boolean},
        using,
    )
    first_sent = dict(sent.iter_rows())
    answers = {of: (day, bool(good)) for of, day, good in answered.iter_rows()}
    made = [ReportedReport(*row) for row in found.iter_rows()]
    return [
        msgspec.structs.replace(
            each,
            sent=first_sent.get(each.number),
            answered=answers[each.number][0] if each.number in answers else None,
            acknowledged=answers[each.number][1] if each.number in answers else None,
        )
        for each in made
    ]


def _entries(mba: str, known: int, reports: dict[int, ReportedReport], using: str) -> list[ReportedEntry]:
    rows = query(
        "SELECT number, entry, about, status, ref_report, ref_entry, code, day, batch, category, nuclide, ug"
        " FROM accounting_entry WHERE mba = %s AND number <= %s ORDER BY number, line",
        [mba, known],
        {
            "number": pl.Int64,
            "entry": pl.Int64,
            "about": pl.Int64,
            "status": pl.String,
            "ref_report": pl.Int64,
            "ref_entry": pl.Int64,
            "code": pl.String,
            "day": pl.Int64,
            "batch": pl.String,
            "category": pl.String,
            "nuclide": pl.String,
            "ug": pl.Int64,
        },
        using,
    )
    found: dict[tuple[int, int], ReportedEntry] = {}
    for number, entry, about, status, to, at, code, day, batch, category, nuclide, ug in rows.iter_rows():
        if number not in reports:
            continue
        if (number, entry) not in found:
            of = reports[number]
            reference = None if to is None else EntryKey(to, at)
            key = EntryKey(of.report, entry)
            found[number, entry] = ReportedEntry(number, of.sort, key, about, status, reference, code, day, batch, {})
        if category:
            found[number, entry].weights[join_key(category, nuclide)] = ug
    return list(found.values())
