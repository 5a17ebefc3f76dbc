"""Reports against the book: the checks behind rules 604 to 614 and 618.

One case is one report beside its area as known: a report made here, or somebody's file. What was reported before
counts as it does after corrections; the lines of a balance are those that count once the report is sent.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

import msgspec
import polars as pl

from openmpca.accounting.accounts import CUTOFF, date_of, day_number
from openmpca.accounting.balance import periods
from openmpca.accounting.reporting import rules
from openmpca.accounting.reporting.area import Area, area_of
from openmpca.accounting.reporting.balance import printed_lines
from openmpca.accounting.reporting.changes import owed
from openmpca.accounting.reporting.draft import Draft
from openmpca.accounting.reporting.listing import listing_of
from openmpca.accounting.reporting.make import Sort, Wanted, entries_for
from openmpca.accounting.reporting.standing import EntryKey, Reported, ReportedEntry, live
from openmpca.formats.code10.records import AccountingEntry, BalanceEntry, ChangeEntry, InventoryEntry, Report
from openmpca.formats.code10.rules import check_report
from openmpca.nuclear.changes import CHANGES, ROUNDING_PREFIX
from openmpca.nuclear.mass import format_grams
from openmpca.problems import Problem, Rule
from openmpca.record.known import query
from openmpca.record.layout import counted


@dataclass(frozen=True)
class _Case:
    """A report that is held against the book of its area."""

    area: Area
    report: Report
    begin: date

    @property
    def name(self) -> str:
        return self.report.name

    @property
    def end(self) -> date:
        return self.report.header.end or date.max


def check_draft(made: Draft) -> list[Problem]:
    """What is wrong with a report made here: by its format and against the book."""
    case = _Case(area_of(made.report.header.mba, made.known), made.report, made.begin)
    told = {
        f"{entry.number}": _meant(entry, about) for entry, about in zip(made.report.entries, made.about, strict=False)
    }
    found = [*check_report(made.report, made.profile), *_against(case)]
    return [
        msgspec.structs.replace(each, message=each.message + told.get(each.record.rpartition(" entry ")[2], ""))
        for each in found
    ]


def _meant(entry: AccountingEntry, about: int) -> str:
    """Which statement and batch an entry reports, as far as it is one of them."""
    batch = getattr(entry, "batch", "")
    parts = [f"statement {about}" if about else "", f"batch {batch}" if batch else ""]
    return f" The entry reports {', '.join(each for each in parts if each)}." if any(parts) else ""


def against_book(report: Report, area: Area) -> list[Problem]:
    """What is wrong with somebody's report against our book: the same, and every figure that differs from ours.

    A report that is on record is held against the record alone: it was checked when it was stated, and what became
    known since is due in a later one.
    """
    begin = report.header.start or report.header.end or date.min
    case = _Case(area, report, begin)
    against = () if _on_record(report, area) else _against(case)
    return [*_own_country(case), *against, *_figures(case)]


def _own_country(case: _Case) -> Iterator[Problem]:
    if case.report.header.country != case.area.country:
        yield rules.OTHER_COUNTRY.problem(
            f"It is {case.report.header.country}, ours is {case.area.country}.", record=case.name, field="001"
        )


def _against(case: _Case) -> Iterator[Problem]:
    match case.report.header.kind:
        case "I":
            yield from _of_changes(case)
        case "P":
            yield from _of_listing(case)
        case "M":
            yield from _of_balance(case)


def _of_changes(case: _Case) -> Iterator[Problem]:
    if not any(entry.status == "N" for entry in case.report.changes):
        return
    span = case.area.span(case.begin, case.end)
    for each in case.area.reported.reports:
        other = case.area.span(each.begin, each.end)
        mine = each.report == case.report.header.number
        if each.sort == "I" and not mine and other.first <= span.last and span.first <= other.last:
            message = f"{case.begin} to {case.end} meets report {each.report} of {each.begin} to {each.end}."
            yield rules.OVERLAP.problem(message, record=case.name, field="015")
    for cut in case.area.cutoffs:
        if case.area.practice.split_at_inventory and span.first <= day_number(cut.day, CUTOFF) < span.last:
            message = f"The physical inventory of {cut.day} lies in the period."
            yield rules.SPLIT.problem(message, record=case.name, field="015")


def _of_listing(case: _Case) -> Iterator[Problem]:
    cutoff = case.area.cutoff(case.end)
    if cutoff is None or cutoff.opening or not case.area.mba.follow_up:
        return
    known = _book_batches(case.area, case.end)
    for entry in case.report.listed:
        if entry.status != "D" and entry.batch and entry.batch not in known:
            message = f"No change or earlier listing of {case.area.code} names batch {entry.batch}."
            yield rules.BATCH_UNKNOWN.problem(message, record=f"{case.name} entry {entry.number}", field="446")


def _book_batches(area: Area, end: date) -> set[str]:
    """The names of the batches that the book held before a cut-off."""
    rows = query(
        "SELECT DISTINCT p.batch FROM accounting_posting p JOIN accounting_account a ON a.id = p.account"
        " WHERE a.mba = %s AND p.number <= %s AND p.day < %s",
        [area.code, area.known, day_number(end, CUTOFF)],
        {"batch": pl.String},
        area.using,
    )
    names = {each.batch for each in area.reported.live.values() if each.batch}
    return {*rows["batch"], *names}


def _of_balance(case: _Case) -> Iterator[Problem]:
    missing = list(_missing(case))
    unreported = any(each.rule == rules.UNREPORTED.number for each in missing)
    yield from missing
    lines = _figures_of(_counting(case))
    yield from _beginning(case, lines)
    sums = list(_sums(case, lines))
    yield from _first_of(rules.CONSOLIDATED, sums) if unreported else sums
    if case.area.mba.items_only:
        for key, figures in lines.items():
            if figures.get("MF"):
                message = f"MF of {key} is {format_grams(figures['MF'])} g."
                yield rules.ITEMS_MUF.problem(message, record=case.name, field="411")


def _first_of(wrong: Rule, found: list[Problem]) -> Iterator[Problem]:
    """The problems, with one of that rule for all: where changes are not reported, every sum of them is wrong."""
    same = [each for each in found if each.rule == wrong.number]
    yield from (each for each in found if each.rule != wrong.number)
    if same:
        more = f" So it is with {counted(len(same) - 1, 'more figure')}." if len(same) > 1 else ""
        yield msgspec.structs.replace(same[0], message=same[0].message + more)


def _missing(case: _Case) -> Iterator[Problem]:
    """Rules 606 and 607: what has to be reported before the balance."""
    before = [day for _, day in owed(case.area) if day <= day_number(case.end, CUTOFF)]
    if before:
        message = f"{len(before)} changes up to {case.end} are not reported, the first of {date_of(before[0])}."
        yield rules.UNREPORTED.problem(message, record=case.name)
    if listing_of(case.area, case.end) is None:
        yield rules.NO_LISTING.problem(f"There is no listing of {case.end}.", record=case.name)


def _counting(case: _Case) -> list[BalanceEntry | ReportedEntry]:
    """The lines of the balance as they count once the report is sent: those of earlier reports that it corrects too."""
    own = [_as_reported(case, each) for each in case.report.balance]
    reports = {each.report for each in case.area.reported.reports if each.sort == "M" and each.end == case.end}
    earlier = [
        each
        for each in case.area.reported.entries
        if each.key.report in reports and each.key.report != case.report.header.number
    ]
    return [each for each in live([*earlier, *own]).values() if each.status != "U"]


def _as_reported(case: _Case, entry: BalanceEntry) -> ReportedEntry:
    ref = entry.reference
    return ReportedEntry(
        of=-1,
        sort="M",
        key=EntryKey(case.report.header.number, entry.number),
        about=0,
        status=entry.status,
        reference=EntryKey(ref.report, ref.entry) if ref else None,
        code=entry.code,
        day=None,
        batch="",
        weights=entry.weights,
    )


def _figures_of(lines: Iterable[BalanceEntry | ReportedEntry]) -> dict[str, dict[str, int]]:
    """Weight key to code to figure."""
    found: dict[str, dict[str, int]] = {}
    for line in lines:
        for key, ug in line.weights.items():
            found.setdefault(key, {})[line.code] = ug
    return found


def _beginning(case: _Case, lines: dict[str, dict[str, int]]) -> Iterator[Problem]:
    """Rules 608 and 609: the balance before."""
    before = [each for each in case.area.reported.reports if each.sort == "M" and each.end < case.end]
    if not before:
        return
    last = max(before, key=lambda each: (each.end, -each.report))
    endings = _figures_of(
        entry
        for key, entry in case.area.reported.live.items()
        if entry.sort == "M" and any(each.report == key.report and each.end == last.end for each in before)
    )
    for key in sorted({*lines, *endings}):
        stated, wanted = lines.get(key, {}).get("PB", 0), endings.get(key, {}).get("PE", 0)
        if stated != wanted:
            message = f"PB of {key} is {format_grams(stated)} g, PE of {last.end} was {format_grams(wanted)} g."
            yield rules.BEGINNING.problem(message, record=case.name, field="411")
    if case.begin not in (last.end, last.end + timedelta(days=1)):
        message = f"The period begins on {case.begin}; the last balance ended on {last.end}."
        yield rules.CONTINUOUS.problem(message, record=case.name, field="015")


def _sums(case: _Case, lines: dict[str, dict[str, int]]) -> Iterator[Problem]:
    """Rules 610 and 611: the balance against what was reported of changes and of the listing."""
    changes, listed = reported_sums(case.area, case.end)
    for key in sorted({*lines, *changes, *listed}):
        figures = lines.get(key, {})
        codes = {code for code in figures if code in CHANGES} | set(changes.get(key, {}))
        for code in sorted(codes):
            wanted = changes.get(key, {}).get(code, 0)
            yield from _unlike(rules.CONSOLIDATED, case, f"{code} of {key}", _with_rounding(figures, code), wanted)
        if listing_of(case.area, case.end) is not None:
            stated, wanted = _with_rounding(figures, "PE"), listed.get(key, 0)
            yield from _unlike(rules.LISTED, case, f"PE of {key}", stated, wanted)


def _with_rounding(figures: dict[str, int], code: str) -> int:
    return figures.get(code, 0) + figures.get(ROUNDING_PREFIX + code, 0)


def reported_sums(area: Area, end: date) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """What counts of the reports of changes, by weight and code, and of the listing, by weight, for a balance
    period."""
    before = max(
        (each.end for each in periods(area.code, area.known, using=area.using) if each.end < end), default=None
    )
    opened = max((each.day for each in area.cutoffs if each.opening and each.day < end), default=None)
    start = max((day for day in (before, opened) if day), default=None)
    first = day_number(start, CUTOFF) if start else 0
    listings = {each.report for each in area.reported.reports if each.sort == "P" and each.end == end}
    changes: dict[str, dict[str, int]] = {}
    listed: dict[str, int] = {}
    for key, entry in area.reported.live.items():
        if entry.sort == "I" and entry.day is not None and first < entry.day <= day_number(end, CUTOFF):
            change = CHANGES.get(entry.code)
            for weight, ug in entry.weights.items() if change and change.in_balance else ():
                column = changes.setdefault(weight, {})
                column[entry.code] = column.get(entry.code, 0) + ug
        if entry.sort == "P" and key.report in listings:
            for weight, ug in entry.weights.items():
                listed[weight] = listed.get(weight, 0) + ug
    return changes, listed


def _unlike(wrong: Rule, case: _Case, what: str, stated: int, wanted: int) -> Iterator[Problem]:
    if stated != wanted:
        message = (
            f"{what} is {format_grams(stated)} g with its rounding adjustment, {format_grams(wanted)} g is reported."
        )
        yield wrong.problem(message, record=case.name, field="411")


def _figures(case: _Case) -> Iterator[Problem]:
    """Rule 614: somebody's report against what we would report now."""
    ours = our_content(case.report, case.area)
    theirs = [content_of(entry) for entry in case.report.entries if entry.status not in ("D", "U")]
    for key in _missing_from(ours, theirs):
        yield rules.DIFFERS.problem(f"The book has {_told(key)}; the report has not.", record=case.name)
    for key in _missing_from(theirs, ours):
        yield rules.DIFFERS.problem(f"The report has {_told(key)}; the book has not.", record=case.name)


_Told = tuple[str, str, str, tuple[tuple[str, int], ...]]


def _missing_from(first: list[_Told], second: list[_Told]) -> list[_Told]:
    left = list(second)
    found = []
    for key in first:
        if key in left:
            left.remove(key)
        else:
            found.append(key)
    return found


def our_content(report: Report, area: Area) -> list[_Told]:
    """What the record has of somebody's report, or what our book gives for its type and period.

    The latter as if nothing had been reported of it.
    """
    if recorded := _on_record(report, area):
        return [_content_as_reported(each) for each in recorded if each.status not in ("D", "U")]
    bare, end = _unreported(area), report.header.end or date.max
    if report.header.kind == "M":
        closed = any(each.end == end for each in periods(area.code, area.known, using=area.using))
        return [content_of(line) for line in printed_lines(area, end)] if closed else []
    sort: Sort = "P" if report.header.kind == "P" else "I"
    wanted = Wanted(mba=area.code, sort=sort, begin=report.header.start or end, end=end, day=end)
    entries = [each.entry for each in entries_for(bare, wanted)[1]]
    return [content_of(entry) for entry in entries if entry.status == "N"]


def _on_record(report: Report, area: Area) -> list[ReportedEntry]:
    return [each for each in area.reported.entries if each.key.report == report.header.number]


def _content_as_reported(entry: ReportedEntry) -> _Told:
    day = date_of(entry.day).isoformat() if entry.sort == "I" and entry.day is not None else ""
    code = "" if entry.sort == "P" else entry.code
    return code, day, "" if entry.sort == "M" else entry.batch, tuple(sorted(entry.weights.items()))


def _unreported(area: Area) -> Area:
    return replace(area, reported=Reported(area.code, [], [], {}, area.profile), ignore_reported=True)


def content_of(entry: ChangeEntry | InventoryEntry | BalanceEntry) -> _Told:
    day = entry.day.isoformat() if isinstance(entry, ChangeEntry) and entry.day else ""
    batch = "" if isinstance(entry, BalanceEntry) else entry.batch
    code = "" if isinstance(entry, InventoryEntry) else entry.code
    return code, day, batch, tuple(sorted(entry.weights.items()))


def _told(key: _Told) -> str:
    code, day, batch, weights = key
    figures = " ".join(f"{weight} {format_grams(ug)} g" for weight, ug in weights)
    return " ".join(part for part in (code, day, batch, figures) if part)
