"""The verbs of reporting: make, send, answer.

A report is made from the book, checked against its format and against the book, and stated with two persons: what one
person makes is a proposal until another approves it. Sending and answering are statements of their own; remarks of an
answer stay with the entries that they speak of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from openmpca.accounting.reporting import rules
from openmpca.accounting.reporting.against_book import check_draft
from openmpca.accounting.reporting.draft import Draft
from openmpca.accounting.reporting.make import Wanted, draft
from openmpca.accounting.reporting.recorded import report_stated
from openmpca.accounting.statements import Answer, Sending
from openmpca.problems import Problem, errors
from openmpca.record import proposals
from openmpca.record.act import Act
from openmpca.record.commands import NOW, Circumstances, Stated, state
from openmpca.record.record import Refused
from openmpca.record.rules import overridden


@dataclass(frozen=True)
class Reporting:
    """A report that was made: as drafted, what came of stating it, and the problems that did not refuse it."""

    draft: Draft
    stated: Stated
    problems: list[Problem] = field(default_factory=list)


def make_report(wanted: Wanted, act: Act, *, when: Circumstances = NOW, dry_run: bool = False) -> Reporting:
    """Draw up a report and state it. Raises `Refused` with every problem when one of them is an error."""
    made = draft(wanted)
    found = overridden([*check_draft(made), *_waiting(made)], act.overrides)
    if errors(found):
        raise Refused(found)
    stated = state([made.statement()], act, when=when, dry_run=dry_run)
    return Reporting(made, stated, [each for each in found if each not in stated.problems])


def _waiting(made: Draft) -> list[Problem]:
    """Proposals of reports that would take the number of this one."""
    header = made.report.header
    return [
        rules.WAITING.problem(
            f"Proposal {number} waits with report {header.number} of {header.mba} too.",
            record=f"accounting.report {header.mba} {header.number}",
            field="report",
        )
        for number, row in proposals.waiting("accounting.report")
        if (row["mba"], row["report"]) == (header.mba, header.number)
    ]


def send(of: int, day: date, act: Act, *, note: str = "", when: Circumstances = NOW) -> Stated:
    """A report was sent; ``of`` is the number of its statement."""
    mba = report_stated(of).mba
    return state([Sending(day=day, mba=mba, of=of, note=note)], act, when=when)


def answer(
    of: int,
    day: date,
    act: Act,
    *,
    acknowledged: bool,
    remarks: Mapping[int, str] | None = None,
    when: Circumstances = NOW,
) -> Stated:
    """The receiver acknowledged a report, or returned it with remarks by entry number (0: on the whole report)."""
    mba = report_stated(of).mba
    said = {str(entry): remark for entry, remark in (remarks or {}).items()}
    return state([Answer(day=day, mba=mba, of=of, acknowledged=acknowledged, remarks=said)], act, when=when)
