"""A report file held against the rules of its format, and where it is asked against the book.

Rules kept here:

1. The file is only read: nothing is stated, whatever it holds.
2. A report of an area of ours is read in the profile of that area, unless one is named: signs of MF and DI differ
   between receivers.
3. Against the book, each report of an area of ours is compared with what we would report; an entry that the book does
   not have goes through the rules of entries (300s) as if it were to be stated now.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from openmpca.accounting.queries import known_or_latest, latest
from openmpca.accounting.register import founding_party
from openmpca.accounting.reporting.against_book import against_book, content_of, our_content
from openmpca.accounting.reporting.area import Area, NoArea, area_of, areas_with_books
from openmpca.accounting.reporting.derivation import profile_of
from openmpca.accounting.rules import segments as segment_rules
from openmpca.accounting.statements import Change
from openmpca.formats.code10.contents import write_measurement, write_place
from openmpca.formats.code10.interpret import from_entries, read_runs
from openmpca.formats.code10.profile import AGENCY, Profile
from openmpca.formats.code10.records import ChangeEntry, Report
from openmpca.formats.code10.rules import check_file as check_together
from openmpca.formats.code10.rules import check_report, read_and_check
from openmpca.formats.code10.syntax_rules import EMPTY_FILE, OVERFULL
from openmpca.formats.code10.writer import write_entries
from openmpca.nuclear.mass import format_grams
from openmpca.problems import Problem
from openmpca.record.act import Act
from openmpca.record.frames import segments
from openmpca.record.known import Known

ENOUGH: Final = 50_000
FIRST: Final = 3


@dataclass(frozen=True)
class Checked:
    """One report of a file (None: the file holds none), and what is wrong with it."""

    report: Report | None
    problems: list[Problem]


def check_file(
    path: Path,
    *,
    profile: Profile = AGENCY,
    own_profiles: bool = False,
    with_book: bool = False,
    known_at: int | None = None,
) -> tuple[list[Checked], list[Problem]]:
    """Each report of a file with its problems, and the problems between them. Raises OSError where it cannot be
    read. After `ENOUGH` problems the rest of the file is left out. With ``own_profiles``, reports of areas of ours are
    read in the profile of their area."""
    found: list[Checked] = []
    told = 0
    with path.open("rb") as source:
        for report, problems in _read(source, profile) if own_profiles else read_and_check(source, profile):
            found.append(Checked(report, problems))
            told += len(problems)
            if told > ENOUGH:
                message = f"There are more than {ENOUGH} problems; the rest of the file is left out."
                found.append(Checked(None, [OVERFULL.problem(message, record="file")]))
                break
    if not any(each.report and (each.report.header.number or each.report.header.mba) for each in found):
        found = [Checked(None, _no_report([problem for each in found for problem in each.problems]))]
    together = check_together(each.report for each in found if each.report is not None)
    if with_book:
        known = known_or_latest(known_at)
        found = [_with_book(each, known) for each in found]
    return found, together


def checked_on_record(raw: bytes, profile: Profile, known: int | None = None) -> list[Problem]:
    """What is wrong with a report on record, by its format and against the record, as known at a statement."""
    at = latest() if known is None else known
    checked = [_with_book(Checked(report, problems), at) for report, problems in read_and_check([raw], profile)]
    return [problem for each in checked for problem in each.problems]


def _read(source: BinaryIO, profile: Profile) -> Iterator[tuple[Report | None, list[Problem]]]:
    """Each report of a file, read in the profile of its area (rule 2), with its problems."""
    known = Known("default", latest() + 1)
    own = {code: profile_of(code, known) for code in areas_with_books(known.number - 1)}
    for entries, problems in read_runs(source, profile):
        if not entries:
            yield None, problems
            continue
        wanted = own.get(next((mba for each in entries if (mba := each.contents().get("307"))), ""), profile)
        if wanted.encoding != profile.encoding:
            yield from read_and_check([b"".join(write_entries(entries, profile))], wanted)
        else:
            report, unread = from_entries(entries, wanted)
            yield report, list(dict.fromkeys((*problems, *unread, *check_report(report, wanted))))


def _no_report(problems: list[Problem]) -> list[Problem]:
    """What is wrong with a file that holds no report: that, and no more than the first of what else was found."""
    if len(problems) <= FIRST:
        return problems
    others = [each for each in problems if each.rule != EMPTY_FILE.number]
    message = (
        f"It is not a Code 10 file: no report can be read in it. The first {FIRST} of {len(others)} problems follow."
    )
    return [EMPTY_FILE.problem(message, record="file"), *others[:FIRST]]


def _with_book(checked: Checked, known: int) -> Checked:
    if checked.report is None:
        return checked
    try:
        area = area_of(checked.report.header.mba, known)
    except NoArea:
        return checked
    more = [*against_book(checked.report, area), *entry_problems(checked.report, area)]
    return Checked(checked.report, list(dict.fromkeys((*checked.problems, *more))))


def entry_problems(report: Report, area: Area) -> Iterator[Problem]:
    """What the rules of entries say of the changes of a report that our book does not have."""
    ours = our_content(report, area) if report.changes else []
    new = [each for each in report.changes if each.status in ("N", "A", "C") and content_of(each) not in ours]
    known = Known(area.using, area.known + 1)
    act = Act(party=founding_party(known), prepared_by="")
    for entry in new:
        change = change_of(entry, area.code)
        if change is None:
            continue
        for part in segments([change]):
            for problem in segment_rules.check(part, known, act):
                yield msgspec.structs.replace(problem, record=f"{report.name} entry {entry.number}")


def change_of(entry: ChangeEntry, mba: str) -> Change | None:
    """An entry as the statement that would have led to it; None where it has no day or no weight."""
    if not isinstance(entry.day, date) or not entry.weights or not entry.code:
        return None
    other = entry.shipper if entry.code in ("RD", "RF") else entry.receiver
    return Change(
        day=entry.day,
        mba=mba,
        code=entry.code,
        batch=entry.batch,
        weights={key: format_grams(ug) for key, ug in entry.weights.items()},
        kmp=entry.kmp,
        description=entry.description,
        basis=write_measurement(entry.measurement) if entry.measurement else "",
        items=entry.items or 0,
        counterpart=write_place(other) if other and entry.code in ("RD", "RF", "SD", "SF") else "",
        shipper_batch=entry.shippers_batch,
    )
