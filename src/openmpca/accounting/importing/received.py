"""Code 10 files of a former system: read, put in order, and judged by what cannot be read in them.

Rules kept here:

1. The text of a report is kept as it stands in the file, unknown labels and all; it is written back so.
2. Reports of an area come in the order of their numbers; those of all areas in the order of their dates, and a report
   never before one of its area with a lower number. The date on a report is what somebody claims, no more.
3. What cannot be read, and would be missed, is an error; everything else that is wrong is told and taken in.
4. Files together are no larger than a limit, so that memory is bounded whatever they hold.

Source: SG-FM-1172, section 3.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from openmpca.accounting.importing.rules import (
    NO_HEADING,
    OTHER_STATE,
    REPORT_TWICE,
    TOO_LARGE,
)
from openmpca.formats.code10 import syntax_rules
from openmpca.formats.code10.balance import check_balance
from openmpca.formats.code10.entries import check_entries
from openmpca.formats.code10.interpret import from_entries, read_runs
from openmpca.formats.code10.lexer import Entry
from openmpca.formats.code10.profile import AGENCY, Profile
from openmpca.formats.code10.records import Report
from openmpca.formats.code10.sequence import check_sequence
from openmpca.formats.code10.structure import check_structure
from openmpca.formats.code10.weights import check_weights
from openmpca.formats.code10.writer import write_entries
from openmpca.problems import ERROR, WARNING, Problem

LIMIT: Final = 64 << 20

_FATAL: Final = frozenset(
    each.number
    for each in (
        syntax_rules.EMPTY_FILE,
        syntax_rules.NO_BEGINNING,
        syntax_rules.FOREIGN_BYTES,
        syntax_rules.OVERLONG,
        syntax_rules.OVERFULL,
        syntax_rules.REPORT_TYPE,
        syntax_rules.WEIGHT_FORM,
    )
)
_FATAL_IN: Final = {
    number: frozenset({"001", "002", "003", "015", "309", "412"})
    for number in (syntax_rules.UNREADABLE.number, syntax_rules.NO_SUCH_DATE.number)
}
_CUT_OFF: Final = frozenset({syntax_rules.NOT_CLOSED.number, syntax_rules.WRONG_TOTAL.number})
"""What the end of a truncated file shows: fatal in the last report of a file."""


@dataclass(frozen=True)
class Received:
    """A report as received: its typed view, its text, its dates, and the file in which it stands."""

    report: Report
    text: str
    day: date
    begin: date
    end: date
    file: str

    @property
    def mba(self) -> str:
        """The area that reports."""
        return self.report.header.mba

    @property
    def number(self) -> int:
        """The number of the report."""
        return self.report.header.number

    @property
    def sort(self) -> str:
        """I, P, M or T."""
        return self.report.header.kind


def read_files(
    paths: Sequence[Path],
    *,
    profile: Profile = AGENCY,
    limit: int = LIMIT,
    progress: Callable[[int], None] | None = None,
) -> tuple[list[Received], list[Problem]]:
    """The reports of all files in their order, and every problem of reading; OSError where that is not possible."""
    size = sum(path.stat().st_size for path in paths)
    if size > limit:
        return [], [TOO_LARGE.problem(f"The files have {size} bytes; allowed are {limit}.")]
    found: list[Received] = []
    problems: list[Problem] = []
    for path in paths:
        for received, wrong in _read(path, profile):
            problems += wrong
            if received is not None:
                found.append(received)
                if progress is not None:
                    progress(1)
    kept, twice = _once(found)
    return in_order(kept), [*problems, *twice, *_one_state(kept), *_between(kept)]


def _read(path: Path, profile: Profile) -> Iterator[tuple[Received | None, list[Problem]]]:
    with path.open("rb") as file:
        before: tuple[Received | None, list[Problem]] | None = None
        for entries, problems in read_runs(file, profile):
            if before is not None:
                yield before[0], _graded(before[1], path, last=False)
            before = _received(entries, problems, path, profile)
        if before is not None:
            yield before[0], _graded(before[1], path, last=True)


def _received(
    entries: list[Entry], problems: list[Problem], path: Path, profile: Profile
) -> tuple[Received | None, list[Problem]]:
    if not entries:
        return None, problems
    report, more = from_entries(entries, profile)
    raw = b"".join(write_entries(entries, profile))
    found = [*problems, *more, *_checks(report, profile)]
    header = report.header
    begin, end = header.start or header.end or header.day, header.end or header.day
    day = header.day or end
    missing = [name for name, value in (("001", header.number), ("307", header.mba), ("003", day)) if not value]
    if missing or begin is None or end is None or day is None:
        shown = f"Missing: {', '.join(missing) or '015'}."
        return None, [*found, NO_HEADING.problem(shown, record=f"{path.name}: {report.name}")]
    numbers = [line.number for line in report.entries]
    if len(set(numbers)) < len(numbers):
        message = "Entry numbers stand twice: these are two reports with one number, or entries copied."
        found.append(REPORT_TWICE.problem(message, record=report.name, field="002"))
    text = raw.decode(profile.encoding, errors="replace")
    return Received(report, text, day, begin, end, path.name), found


def _checks(report: Report, profile: Profile) -> Iterable[Problem]:
    yield from check_structure(report, profile)
    yield from check_weights(report, profile)
    yield from check_entries(report)
    yield from check_balance(report)


def _graded(problems: Iterable[Problem], path: Path, *, last: bool) -> list[Problem]:
    """Problems with their file; only those stay errors that stand for something lost (rule 3)."""
    return [
        msgspec.structs.replace(
            each,
            severity=(ERROR if _is_fatal(each, last) else WARNING) if each.severity == ERROR else each.severity,
            record=f"{path.name}: {each.record}".rstrip(": "),
        )
        for each in dict.fromkeys(problems)
    ]


def _is_fatal(problem: Problem, last: bool) -> bool:
    return (
        problem.rule in _FATAL
        or problem.rule in (NO_HEADING.number, REPORT_TWICE.number)
        or problem.field in _FATAL_IN.get(problem.rule, ())
        or (last and problem.rule in _CUT_OFF)
    )


def _once(found: list[Received]) -> tuple[list[Received], list[Problem]]:
    """Each report once: the same text twice is one report, another text under the same number is an error."""
    kept: dict[tuple[str, int], Received] = {}
    problems = []
    for each in found:
        before = kept.setdefault((each.mba, each.number), each)
        if before.text.split() != each.text.split():
            message = f"It stands in {before.file} and differently in {each.file}."
            problems.append(REPORT_TWICE.problem(message, record=each.report.name))
    return list(kept.values()), problems


def _one_state(found: list[Received]) -> list[Problem]:
    countries = sorted({each.report.header.country for each in found})
    if len(countries) < 2:
        return []
    return [OTHER_STATE.problem(f"The reports are of {', '.join(countries)}.", field="001")]


def _between(found: list[Received]) -> list[Problem]:
    """What does not agree between the reports of an area: open problems, never a hindrance."""
    told = dict.fromkeys(check_sequence([each.report for each in found]))
    return [msgspec.structs.replace(each, severity=WARNING) if each.severity == ERROR else each for each in told]


def in_order(found: list[Received]) -> list[Received]:
    """Reports in the order in which they became known (rule 2)."""
    latest: dict[str, date] = {}
    keyed = []
    for each in sorted(found, key=lambda received: (received.mba, received.number)):
        latest[each.mba] = max(each.day, latest.get(each.mba, each.day))
        keyed.append((latest[each.mba], each.mba, each.number, each))
    return [each for *_, each in sorted(keyed, key=lambda key: key[:3])]


def waves(found: list[Received]) -> Iterator[list[Received]]:
    """The reports that became known on the same day, day by day; ``found`` in order."""
    latest: dict[str, date] = {}
    wave: list[Received] = []
    day = None
    for each in found:
        latest[each.mba] = max(each.day, latest.get(each.mba, each.day))
        if wave and latest[each.mba] != day:
            yield wave
            wave = []
        day = latest[each.mba]
        wave.append(each)
    if wave:
        yield wave
