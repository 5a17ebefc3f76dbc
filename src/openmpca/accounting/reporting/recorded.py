"""The rules of reports, sendings and answers as they are recorded (600 to 603, 615 to 617, 620 to 622).

A report that was made here is drawn up once more when it is approved: if the book gives other entries by then, it is
made again. One that was brought in is kept as it is.
"""

from collections.abc import Iterator

import msgspec
import polars as pl

from openmpca.accounting.reporting import rules
from openmpca.accounting.reporting.against_book import content_of
from openmpca.accounting.reporting.area import Area, NoArea, area_of
from openmpca.accounting.reporting.derivation import entries_of, profile_of
from openmpca.accounting.reporting.make import NothingDue, Wanted, draft
from openmpca.accounting.reporting.standing import ReportedReport, reports_of
from openmpca.accounting.statements import Report as ReportStatement
from openmpca.formats.code10.interpret import read_reports
from openmpca.formats.code10.profile import Profile
from openmpca.problems import ERROR, WARNING, Problem, Rule
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known, placeholders
from openmpca.record.reading import stored


def report_stated(number: int) -> ReportStatement:
    """The report that a statement keeps; KeyError when it is none."""
    found = stored(number).statement
    if not isinstance(found, ReportStatement):
        raise KeyError(f"statement {number} is no report")
    return found


def check_stated(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """The rules of reports, sendings and answers as they are recorded."""
    match segment.kind.name:
        case "accounting.report":
            found = [
                problem
                for row in segment.frame.iter_rows(named=True)
                for problem in _report(msgspec.convert(row, ReportStatement), known)
            ] + _numbered_twice(segment.frame)
        case "accounting.sending":
            found = [each for row in segment.frame.iter_rows(named=True) for each in _sending(row, known)]
            found += _told_twice(segment.frame, rules.SENT_AGAIN, "accounting.sending")
        case "accounting.answer":
            found = [each for row in segment.frame.iter_rows(named=True) for each in _answer(row, known)]
            found += _told_twice(segment.frame, rules.ANSWERED, "accounting.answer")
        case _:
            found = []
    return found


def _numbered_twice(frame: pl.DataFrame) -> list[Problem]:
    """Reports made in one act that would take the same number: the tables do not know the first yet."""
    made = frame.filter(pl.col("origin") == "made")
    again = made.filter(pl.struct("mba", "report").is_duplicated()).select("mba", "report").unique(maintain_order=True)
    return [
        rules.NUMBER.problem(f"{number} is given twice.", record=f"accounting.report {mba} {number}", field="report")
        for mba, number in again.iter_rows()
    ]


def _told_twice(frame: pl.DataFrame, rule: Rule, record: str) -> list[Problem]:
    """Reports of which one act says the same twice."""
    again = frame.filter(pl.col("of").is_duplicated())["of"].unique(maintain_order=True)
    return [rule.problem(f"Report statement {of} is named twice.", record=record, field="of") for of in again]


def _report(stated: ReportStatement, known: Known) -> list[Problem]:
    record = f"accounting.report {stated.mba} {stated.report}"
    found = [
        rules.ABOUT.problem(f"Statement {number} is not of {stated.mba}.", record=record, field="entries")
        for number in _of_other_areas(stated, known)[:1]
    ]
    if stated.origin != "made":
        told = _text(stated, profile_of(stated.mba, known), known.number - 1, record)
        return found + [each if each.rule == rules.READABLE.number else _mild(each) for each in told]
    try:
        area = area_of(stated.mba, known.number - 1)
    except NoArea as missing:
        return [rules.READABLE.problem(str(missing), record=record, field="mba")]
    found += _text(stated, area.profile, area.known, record)
    if area.reported.next_number != stated.report:
        wanted = f"{stated.report} is given, {area.reported.next_number} is next."
        found.append(rules.NUMBER.problem(wanted, record=record, field="report"))
    return [*found, *_since(stated, area, record)]


def _of_other_areas(stated: ReportStatement, known: Known) -> list[int]:
    """The statements among those that a report names which posted or were listed in other areas than its own."""
    numbers = sorted({number for number in stated.entries if number > 0})
    found: list[int] = []
    for start in range(0, len(numbers), 400):
        part = numbers[start : start + 400]
        marks = placeholders(part)
        sql = (
            "SELECT p.number FROM accounting_posting p JOIN accounting_account a ON a.id = p.account"  # noqa: S608
            f" WHERE p.number IN {marks} AND a.mba <> %s UNION SELECT l.number FROM accounting_listed l"
            f" JOIN accounting_inventory i ON i.number = l.inventory WHERE l.number IN {marks} AND i.mba <> %s"
        )
        found += known.frame(sql, [*part, stated.mba, *part, stated.mba], {"number": pl.Int64})["number"].to_list()
    return sorted(found)


def _mild(problem: Problem) -> Problem:
    return msgspec.structs.replace(problem, severity=WARNING) if problem.severity == ERROR else problem


def _text(stated: ReportStatement, profile: Profile, last: int, record: str) -> Iterator[Problem]:
    raw = stated.text.encode(profile.encoding, errors="replace")
    reports = [report for report, _ in read_reports([raw], profile) if report is not None]
    if len(reports) != 1:
        yield rules.READABLE.problem(f"The text holds {len(reports)} reports.", record=record, field="text")
        return
    header = reports[0].header
    said = (header.mba or stated.mba, header.kind or stated.sort, header.number, header.end or stated.end)
    if said != (stated.mba, stated.sort, stated.report, stated.end):
        yield rules.READABLE.problem(f"The text says {said}.", record=record, field="text")
    entries = len(reports[0].entries)
    if len(stated.entries) != entries:
        message = f"{len(stated.entries)} numbers for {entries} entries."
        yield rules.ABOUT.problem(message, record=record, field="entries")
    beyond = [number for number in stated.entries if number > last]
    if beyond:
        yield rules.ABOUT.problem(f"There is no statement {beyond[0]}.", record=record, field="entries")


def _since(stated: ReportStatement, area: Area, record: str) -> Iterator[Problem]:
    """Rule 603: whether the report would be the same if it were made now."""
    if stated.sort == "T":
        return
    entries = entries_of(stated.text, area.profile)
    wanted = Wanted(
        mba=stated.mba,
        sort=stated.sort,  # type: ignore[arg-type]
        begin=stated.begin,
        end=stated.end,
        day=stated.day,
        number=stated.report,
        known=area.known,
        corrections_only=all(each.status in ("C", "D", "A") for each in entries),
    )
    try:
        now = [(*content_of(entry), entry.status) for entry in draft(wanted).report.entries]
    except NothingDue:
        now = []
    then = [(*content_of(entry), entry.status) for entry in entries]
    if now != then:
        came = f"{area.known - stated.known} statements came in between; " if area.known > stated.known else ""
        message = f"{came}drawn up from the book now, the report has other entries."
        yield rules.CHANGED_SINCE.problem(message, record=record, field="known")


def _known_report(of: int, mba: str, known: Known) -> ReportedReport | None:
    """The report that a statement keeps, with what became of it so far."""
    found = reports_of(mba, known.number - 1, using=known.using)
    return next((each for each in found if each.number == of), None)


def _sending(row: dict[str, object], known: Known) -> Iterator[Problem]:
    of, mba = int(str(row["of"])), str(row["mba"])
    report = _known_report(of, mba, known)
    if report is None:
        message = f"Statement {of} is no report of {mba}."
        yield rules.NO_REPORT.problem(message, record="accounting.sending", field="of")
    elif report.sent is not None and report.state != "returned":
        message = f"Report statement {of} was sent on {report.sent}."
        yield rules.SENT_AGAIN.problem(message, record="accounting.sending", field="of")


def _answer(row: dict[str, object], known: Known) -> Iterator[Problem]:
    of, mba = int(str(row["of"])), str(row["mba"])
    report = _known_report(of, mba, known)
    if report is None:
        message = f"Statement {of} is no report of {mba}."
        yield rules.NO_REPORT.problem(message, record="accounting.answer", field="of")
        return
    if report.sent is None and report.origin == "made":
        yield rules.NOT_SENT.problem(f"Report statement {of} was not sent.", record="accounting.answer", field="of")
    if report.state == "acknowledged":
        message = f"Report statement {of} was acknowledged on {report.answered}."
        yield rules.ANSWERED.problem(message, record="accounting.answer", field="of")
    if not row["acknowledged"] and not row["remarks"]:
        message = f"Report statement {of} came back, and nothing says why."
        yield rules.NO_REMARK.problem(message, record="accounting.answer", field="remarks")
    entries = known.frame("SELECT DISTINCT entry FROM accounting_entry WHERE number = %s", [of], {"entry": pl.Int64})
    has = {str(entry) for entry in (0, *entries["entry"])}
    for remark in row["remarks"] or []:  # type: ignore[attr-defined]
        if remark["key"] not in has:
            message = f"The report has no entry {remark['key']}."
            yield rules.NO_ENTRY.problem(message, record="accounting.answer", field="remarks")
