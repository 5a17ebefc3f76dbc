"""Rules 250 to 262: what must agree between the reports of one file, MBA by MBA.

A balance is compared with what stood when it was reported: the reports up to its number (up to its listing, where that
has a later number, and up to the last report that corrects it). The sums of inventory changes are compared only where
the file holds all reports of the period: when the caller says so, or when all numbers since the balance before (or
since number 1) are there. Sources: SG-FM-1172, section 3; INFCIRC/153 paragraph 67.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from openmpca.formats.code10 import consistency_rules as rules
from openmpca.formats.code10.balance import Figures, adjusted, check_lines, figures_of
from openmpca.formats.code10.corrections import Ledger
from openmpca.formats.code10.records import AccountingEntry, BalanceEntry, ChangeEntry, Report
from openmpca.nuclear.changes import CHANGES
from openmpca.nuclear.mass import format_grams
from openmpca.problems import Problem, Rule


class _Closed(NamedTuple):
    """A balance as it stood when it was reported."""

    report: Report
    lines: tuple[BalanceEntry, ...]
    figures: dict[str, Figures]
    listed: dict[str, int] | None
    changes: tuple[ChangeEntry, ...]
    upto: int


def check_sequence(reports: Sequence[Report], *, complete: bool = False) -> Iterator[Problem]:
    """What does not agree between the reports; ``complete``: nothing that belongs to their periods is missing."""
    areas: dict[tuple[str, str], list[Report]] = {}
    for report in reports:
        areas.setdefault((report.header.country, report.header.mba), []).append(report)
    for own in areas.values():
        yield from _Area(sorted(own, key=lambda report: report.header.number), complete=complete).check()


class _Area:
    """The reports of one MBA in the order of their numbers."""

    def __init__(self, reports: list[Report], *, complete: bool) -> None:
        self.reports = reports
        self.complete = complete
        self.numbers = {report.header.number for report in reports}
        self.listings: dict[date | None, list[Report]] = {}
        self.correctors: dict[int, set[int]] = {}
        for report in reports:
            if report.listed:
                self.listings.setdefault(report.header.end, []).append(report)
            for line in report.balance:
                if line.reference is not None:
                    self.correctors.setdefault(line.reference.report, set()).add(report.header.number)

    def check(self) -> Iterator[Problem]:
        """All problems between the reports of the MBA."""
        yield from self.numbering()
        before: _Closed | None = None
        ledger = Ledger()
        closings: list[_Closed] = []
        waiting = sorted(((self.known_with(report), report) for report in self.balances()), key=lambda pair: pair[0])
        for report in self.reports:
            while waiting and waiting[0][0] < report.header.number:
                closings.append(self.closed(*waiting.pop(0), ledger))
            yield from ledger.apply(report)
        closings += [self.closed(upto, report, ledger) for upto, report in waiting]
        for closed in sorted(closings, key=lambda closed: closed.report.header.end or date.min):
            yield from self.balance(closed, before)
            before = closed

    def numbering(self) -> Iterator[Problem]:
        """Gaps, numbers used twice, and an MBA under two facilities."""
        for before, report in zip(self.reports, self.reports[1:], strict=False):
            last, number = before.header.number, report.header.number
            if number == last:
                yield rules.REPORT_TWICE.problem(f"{number} is used twice.", record=report.name, field="001")
            if number > last + 1:
                message = f"{number} follows {last}."
                yield rules.REPORT_GAP.problem(message, record=report.name, field="001")
            if report.header.facility != before.header.facility:
                message = f"{before.header.facility} in report {last}, {report.header.facility} here."
                yield rules.MBA_FACILITY.problem(message, record=report.name, field="207")

    def balances(self) -> list[Report]:
        """The reports that bring a balance of their own, not only corrections of another."""
        return [report for report in self.reports if any(line.status == "N" for line in report.balance)]

    def known_with(self, report: Report) -> int:
        """The number of the last report that a balance is reported together with."""
        own = report.header.number
        numbers = [listing.header.number for listing in self.listings.get(report.header.end, [])]
        return max([own, *numbers, *self.correctors.get(own, set())])

    def closed(self, upto: int, report: Report, ledger: Ledger) -> _Closed:
        """The balance with what stands in the ledger now."""
        header = report.header
        lines = tuple(line for line in ledger.of_report(header.number) if isinstance(line, BalanceEntry))
        listings = self.listings.get(header.end)
        listed = [line for listing in listings or () for line in ledger.of_report(listing.header.number)]
        changes = tuple(
            entry
            for entry in ledger.of_kind("I")
            if isinstance(entry, ChangeEntry) and _within(entry.day, header.start, header.end)
        )
        return _Closed(report, lines, figures_of(lines), _sums(listed) if listings else None, changes, upto)

    def balance(self, closed: _Closed, before: _Closed | None) -> Iterator[Problem]:
        """One balance against its listing, the balance before and the changes of the period."""
        report = closed.report
        if report.header.number in self.correctors:
            yield from check_lines(report, closed.lines)
        yield from self.listing(closed)
        if before is not None:
            yield from _joins(closed, before)
        if self.complete or self.is_whole(closed, before):
            yield from _consolidated(closed, before)

    def listing(self, closed: _Closed) -> Iterator[Problem]:
        """The listing of the day of the balance, and its sum."""
        header = closed.report.header
        if closed.listed is None:
            inside = any(_within(day, header.start, header.end) for day in self.listings)
            if inside or self.complete:
                message = f"There is no PIL of {header.end}."
                yield rules.LISTING_DATE.problem(message, record=closed.report.name, field="015")
            return
        for key in dict.fromkeys((*closed.listed, *closed.figures)):
            stated = adjusted(closed.figures.get(key, {}), "PE")
            yield from _differ(rules.LISTED_SUM, closed.report, f"PE of {key}", stated, closed.listed.get(key, 0))

    def is_whole(self, closed: _Closed, before: _Closed | None) -> bool:
        """Whether every number since the balance before, or since number 1, is there."""
        first = before.report.header.number + 1 if before else 1
        return all(number in self.numbers for number in range(first, closed.upto + 1))


def _within(day: date | None, start: date | None, end: date | None) -> bool:
    return day is not None and (start is None or start <= day) and (end is None or day <= end)


def _sums(entries: Sequence[AccountingEntry]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for entry in entries:
        for key, ug in entry.weights.items():
            sums[key] = sums.get(key, 0) + ug
    return sums


def _joins(closed: _Closed, before: _Closed) -> Iterator[Problem]:
    """The balance against the one before: beginning inventory and period."""
    for key in dict.fromkeys((*before.figures, *closed.figures)):
        last, first = before.figures.get(key, {}), closed.figures.get(key, {})
        if first.get("PB", 0) != last.get("PE", 0):
            stated, wanted = adjusted(first, "PB"), adjusted(last, "PE")
            yield from _differ(rules.BEGINNING_DIFFERS, closed.report, f"PB of {key}", stated, wanted)
    end, start = before.report.header.end, closed.report.header.start
    if end and start and start not in (end, end + timedelta(days=1)):
        message = f"The balance before ends on {end}, this one begins on {start}."
        yield rules.PERIOD_GAP.problem(message, record=closed.report.name, field="015")


def _consolidated(closed: _Closed, before: _Closed | None) -> Iterator[Problem]:
    """The lines of changes against the sums of the inventory changes of the period."""
    after = before.report.header.end if before else None
    sums: dict[str, dict[str, int]] = {}
    for entry in closed.changes:
        booked = entry.code in CHANGES and CHANGES[entry.code].in_balance
        if booked and not (after and entry.day and entry.day <= after):
            for key, ug in entry.weights.items():
                column = sums.setdefault(key, {})
                column[entry.code] = column.get(entry.code, 0) + ug
    for key in dict.fromkeys((*sums, *closed.figures)):
        column = closed.figures.get(key, {})
        reported = sums.get(key, {})
        for code in dict.fromkeys((*reported, *(code for code in column if code in CHANGES))):
            what = f"{code} of {key}"
            yield from _differ(rules.CONSOLIDATED, closed.report, what, adjusted(column, code), reported.get(code, 0))


def _differ(rule: Rule, report: Report, what: str, stated: int, wanted: int) -> Iterator[Problem]:
    if stated != wanted:
        message = (
            f"{what} is {format_grams(stated)} g with its rounding adjustment; "
            f"{format_grams(wanted)} g is wanted, the difference is {format_grams(stated - wanted)} g."
        )
        yield rule.problem(message, record=report.name, field="411")
