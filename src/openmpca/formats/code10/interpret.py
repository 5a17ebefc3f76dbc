"""Entries to the typed view of a report, and a file to its reports, one at a time.

A report is a run of entries with the same country and number in 001 and the same MBA in 307. What cannot be read counts
as not given and is a problem here (rules 110 and 116 to 121, 140, 141): the view alone could not tell it any more. All
other rules look at the view, see ``rules.py``.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO, cast

from openmpca.formats.code10 import syntax_rules as rules
from openmpca.formats.code10.contents import read_date, read_period, read_reference
from openmpca.formats.code10.lexer import Entry
from openmpca.formats.code10.lines import is_note, read_line
from openmpca.formats.code10.profile import AGENCY, Profile
from openmpca.formats.code10.reader import read_entries
from openmpca.formats.code10.records import NoteEntry, Report, ReportHeader, ReportKind
from openmpca.problems import Problem


def read_reports(
    source: Iterable[bytes] | BinaryIO, profile: Profile = AGENCY
) -> Iterator[tuple[Report | None, list[Problem]]]:
    """Each report of a file with what could not be read of it. A file without any gives one None with its problems.

    Entries beyond ``profile.max_entries`` of one report are left out with rule 106.
    """
    for entries, problems in read_runs(source, profile):
        if entries:
            report, more = from_entries(entries, profile)
            yield report, problems + more
        else:
            yield None, problems


def read_runs(
    source: Iterable[bytes] | BinaryIO, profile: Profile = AGENCY
) -> Iterator[tuple[list[Entry], list[Problem]]]:
    """The entries of each report of a file, as they stand there, with the problems of their syntax.

    What ``write_entries`` makes of them are the report's own bytes. A file without any entry gives its problems alone.
    Reading ends with rule 106 when ``profile.max_found`` entries and problems were found in all.
    """
    pending: list[Entry] = []
    problems: list[Problem] = []
    current: tuple[str, str] | None = None
    for count, found in enumerate(read_entries(source, profile), 1):
        if count > profile.max_found:
            message = f"More than {profile.max_found} entries and problems; the rest of the file is not read."
            problems.append(rules.OVERFULL.problem(message, record="file"))
            break
        if isinstance(found, Problem):
            problems.append(found)
            continue
        key = _report_key(found, current)
        if key != current and pending:
            yield pending[: profile.max_entries], problems
            pending, problems = [], []
        current = key
        if len(pending) < profile.max_entries:
            pending.append(found)
        elif len(pending) == profile.max_entries:
            problems.append(rules.OVERFULL.problem(f"More than {profile.max_entries} entries.", record=str(key)))
            pending.append(found)
    if pending:
        yield pending[: profile.max_entries], problems
    else:
        yield [], problems


def _report_key(entry: Entry, before: tuple[str, str] | None) -> tuple[str, str]:
    contents = entry.contents()
    number = contents.get("001", "").partition("/")[2]
    same = before is not None and before[0] == number
    return number, contents.get("307", before[1] if before and same else "")


def from_entries(entries: list[Entry], profile: Profile = AGENCY) -> tuple[Report, list[Problem]]:
    """The report that the entries make, and what could not be read. Needs at least one entry."""
    raws = [entry.contents() for entry in entries]
    first = next((raw for raw in raws if not is_note(raw)), raws[0])
    header, problems = _header(first, profile)
    lines = []
    for entry in entries:
        line, more = read_line(entry, header, first, profile)
        lines.append(line)
        problems += more
    report = Report(
        header=header,
        entries=tuple(line for line in lines if not isinstance(line, NoteEntry)),
        notes=tuple(line for line in lines if isinstance(line, NoteEntry)),
    )
    return report, problems


def _header(raw: Mapping[str, str], profile: Profile) -> tuple[ReportHeader, list[Problem]]:
    """The heading as the entry has it; unreadable contents of it are named where the entry itself is read."""
    _, country, number = read_reference(raw.get("001", "")) or ("", "", 0)
    start, end = read_period(raw.get("015", ""), profile) or (None, None)
    kind = raw.get("010", "T" if is_note(raw) else "")
    known = kind == "T" if is_note(raw) else kind in ("I", "P", "M")
    problems = []
    if not known:
        record = f"report {country};{number}"
        problems.append(rules.REPORT_TYPE.problem(f"The type is {kind!a}.", record=record, field="010"))
    header = ReportHeader(
        country=country,
        number=number,
        day=read_date(raw.get("003", ""), profile),
        kind=cast(ReportKind, kind) if known else "",
        facility=raw.get("207", ""),
        mba=raw.get("307", ""),
        encoder=raw.get("006", ""),
        start=start,
        end=end,
    )
    return header, problems
