"""How far the reports of our transfers had come by a day: made, sent, acknowledged; and what became of those gone.

A transfer counts as settled when the report with its entry was acknowledged by the day. What a former system reported
counts as acknowledged unless an answer says otherwise.
"""

from dataclasses import dataclass, field
from datetime import date

from openmpca.accounting.accounts import date_of
from openmpca.accounting.reporting.reconcile import Class
from openmpca.accounting.reporting.standing import EntryKey, Reported, ReportedEntry, ReportedReport, reported_by
from openmpca.accounting.reporting.transit_list import Stated
from openmpca.accounting.transit.consignments import Transfer


@dataclass
class ReportedByDay:
    """The reports of all areas as known at a number, judged by a day."""

    on: date
    known: int
    areas: dict[str, Reported] = field(default_factory=dict)

    def of(self, transfer: Transfer) -> tuple[str, str]:
        """The entry that reports a transfer, and in words what it lacked on the day; empty when it was settled."""
        said = self.said(transfer.mba)
        key = said.by_statement.get(transfer.number)
        if transfer.day > self.on:
            return _name(key), f"is dated {transfer.day}, after the list."
        if key is None:
            return "", "is not reported yet."
        report = next((each for each in said.reports if each.report == key.report), None)
        return _name(key), self.late(report) if report else ""

    def late(self, report: ReportedReport) -> str:
        """What a report lacked on the day; empty when it was acknowledged by then."""
        name = f"report {report.report}"
        if report.day > self.on:
            return f"is in {name} of {report.day}, after the list."
        if report.acknowledged is None and report.origin == "received":
            return ""
        if report.sent is None or report.sent > self.on:
            return f"is in {name}, which was not sent by {self.on}."
        if report.acknowledged and report.answered is not None and report.answered <= self.on:
            return ""
        if report.acknowledged is False:
            return f"is in {name}, which came back."
        return f"is in {name}, which was not acknowledged by {self.on}."

    def said(self, mba: str) -> Reported:
        """All that an area has reported."""
        if mba not in self.areas:
            self.areas[mba] = reported_by(mba, self.known)
        return self.areas[mba]

    def gone(self, row: Stated) -> tuple[Class, str, str]:
        """A row of ours that no statement stands behind: whether we reported it once, and how its end stands."""
        said = self.said(row.own.area)
        entry = next((each for each in reversed(said.entries) if _is(each, row)), None)
        if entry is None:
            return "unexplained", "We have stated and reported nothing like it.", ""
        taken = next((each for each in said.entries if each.reference == entry.key and each.status in ("C", "D")), None)
        if taken is None:
            return "timing", "We deleted or replaced what was reported; that is not reported yet.", _name(entry.key)
        report = next(each for each in said.reports if each.number == taken.of)
        if late := self.late(report):
            return "timing", f"What took its place {late}", _name(taken.key)
        return "theirs", "They acknowledged the report that took it away.", _name(taken.key)


def _is(entry: ReportedEntry, row: Stated) -> bool:
    """Whether a reported entry is what a row shows."""
    return (
        entry.code == row.code
        and entry.day is not None
        and date_of(entry.day) == row.day
        and row.category in entry.weights
        and entry.weights[row.category] == row.ug
    )


def _name(key: EntryKey | None) -> str:
    return f"{key.report}/{key.entry}" if key else ""
