"""Every check of Code 10 files that needs nothing but the file: one report, several reports, a file.

The rules by number stand in ``syntax_rules.py`` (100s) and ``consistency_rules.py`` (200s), with their explanations in
``EXPLANATIONS``. Checks against the book, the register and the calendar belong to the accounting room.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from openmpca.formats.code10.balance import check_balance
from openmpca.formats.code10.compose import to_entries
from openmpca.formats.code10.entries import check_entries
from openmpca.formats.code10.interpret import from_entries, read_reports
from openmpca.formats.code10.numbered import EXPLANATIONS
from openmpca.formats.code10.profile import AGENCY, Profile
from openmpca.formats.code10.records import Report
from openmpca.formats.code10.sequence import check_sequence
from openmpca.formats.code10.structure import check_structure
from openmpca.formats.code10.weights import check_weights
from openmpca.problems import Problem

__all__ = ["EXPLANATIONS", "check_file", "check_report", "read_and_check"]


def check_report(report: Report, profile: Profile = AGENCY) -> list[Problem]:
    """What is wrong with one report as it would be written, each problem once.

    The report may have been read or made here. What could not be read in it is found again.
    """
    written = to_entries(report, profile)
    unreadable = from_entries(written, profile)[1] if written else []
    return list(
        dict.fromkeys(
            (
                *unreadable,
                *check_structure(report, profile),
                *check_weights(report, profile),
                *check_entries(report),
                *check_balance(report),
            )
        )
    )


def check_file(reports: Iterable[Report], *, complete: bool = False) -> list[Problem]:
    """What does not agree between reports of one or several MBAs; ``check_report`` looks inside each.

    ``complete``: the reports are all there are of their periods, so that sums of changes can be compared.
    """
    return list(dict.fromkeys(check_sequence(list(reports), complete=complete)))


def read_and_check(
    source: Iterable[bytes] | BinaryIO, profile: Profile = AGENCY
) -> Iterator[tuple[Report | None, list[Problem]]]:
    """Each report of a file with what was wrong in reading it and what is wrong in it, each problem once.

    Reports come one at a time; give them to ``check_file`` for what must agree between them.
    """
    for report, problems in read_reports(source, profile):
        more: Sequence[Problem] = check_report(report, profile) if report is not None else ()
        yield report, list(dict.fromkeys((*problems, *more)))
