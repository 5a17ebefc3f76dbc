"""Reports from the book: which are due, what stands in them, and what a correction makes due.

Rules kept here:

1. Every report is drawn up from the book as known at one statement; the same statement gives the same text.
2. All reports of an area share one numbering, whatever their type; history brought in counts.
3. A report of changes takes the new changes of its period and every correction of changes that is due; a listing or a
   balance that is made already is followed by one that holds its corrections.
4. Nothing to say is no report (`NothingDue`), save the empty listing, the empty balance, and the empty month of a
   receiver that wants one.

Sources: Code 10, sections 3 and 4; INFCIRC/153 paragraphs 59 to 67 and 103.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import msgspec

from openmpca.accounting.balance import periods
from openmpca.accounting.reporting.area import Area, area_of
from openmpca.accounting.reporting.balance import balance_entries, balance_of, balance_period
from openmpca.accounting.reporting.changes import change_entries, correcting_entries
from openmpca.accounting.reporting.draft import Draft, Made, drafted, heading, pieces
from openmpca.accounting.reporting.listing import listing_entries, listing_of
from openmpca.formats.code10.records import ChangeEntry, NoteEntry, NoteReference, Report, ReportHeader, numbered

Sort = Literal["I", "P", "M", "T"]
CHANGES: Final = "I"
LISTING: Final = "P"
BALANCE: Final = "M"
TEXT: Final = "T"
TITLES: Final = {CHANGES: "ICR", LISTING: "PIL", BALANCE: "MBR", TEXT: "textual report"}


class NothingDue(LookupError):  # noqa: N818
    """There is nothing to report for what was asked."""


@dataclass(frozen=True)
class Wanted:
    """What a report is to be: its type and period, when it is written, by whom, and what is said beside the figures.

    ``notes`` gives concise notes by the number of the statement that they go with; ``note`` is on the whole report, or
    is the text of a textual report. ``number`` is the report number, the next one when not given.
    """

    mba: str
    sort: Sort
    end: date
    day: date
    begin: date | None = None
    encoder: str = ""
    note: str = ""
    notes: tuple[tuple[int, str], ...] = ()
    about: int | None = None
    number: int | None = None
    known: int | None = None
    corrections_only: bool = False


@dataclass(frozen=True)
class Proposed:
    """A report that is due: its type and period, how many entries it would have, and the statements that they
    report."""

    mba: str
    sort: Sort
    begin: date
    end: date
    entries: tuple[Made, ...]
    corrects: bool = False


def draft(wanted: Wanted) -> Draft:
    """The report as it would be stated. Raises `NothingDue`, `NotClosed` or `NoArea`."""
    area = area_of(wanted.mba, wanted.known)
    if wanted.sort == TEXT:
        return textual(area, wanted)
    begin, made = entries_for(area, wanted)
    notes = dict(wanted.notes)
    made = [_with(each, notes) for each in made]
    if not made:
        raise NothingDue(f"{area.code}: nothing to report in {TITLES[wanted.sort]} for {wanted.end}.")
    start = None if wanted.sort == LISTING else begin
    header = msgspec.structs.replace(_heading(area, wanted), start=start, end=wanted.end)
    return drafted(header, made, known=area.known, begin=begin, profile=area.profile, note=wanted.note)


def _with(made: Made, notes: dict[int, str]) -> Made:
    return Made(made.entry, made.about, notes[made.about]) if made.about in notes else made


def _heading(area: Area, wanted: Wanted) -> ReportHeader:
    number = area.reported.next_number if wanted.number is None else wanted.number
    head = heading(wanted.sort, area.country, number, area.mba.facility, area.code)
    return msgspec.structs.replace(head, day=wanted.day, encoder=wanted.encoder)


def entries_for(area: Area, wanted: Wanted) -> tuple[date, list[Made]]:
    """First day of the period and the entries of a report of changes, of a listing or of a balance."""
    match wanted.sort:
        case "I":
            if wanted.corrections_only:
                return wanted.begin or area.period_of(area.closing_of(wanted.end))[0], correcting_entries(area)
            begin = wanted.begin or _begin_of_changes(area, wanted.end)
            return begin, change_entries(area, begin, wanted.end) or _empty_month(area, wanted.end)
        case "P":
            _must_be_closed(area, wanted.end)
            return wanted.end, listing_entries(area, wanted.end)
        case _:
            begin = wanted.begin or balance_period(area, wanted.end)[0]
            return begin, balance_entries(area, wanted.end)


def _begin_of_changes(area: Area, end: date) -> date:
    """The first day of the period up to a day: that of the changes due in it, which may begin after a cut-off on the
    day of it."""
    owed = (begin for begin, last in unreported_periods(area) if last == end)
    return next(owed, area.period_of(area.closing_of(end))[0])


def _must_be_closed(area: Area, day: date) -> None:
    """A listing before the closing would say that nothing is there which nobody has taken in yet."""
    cutoff = area.cutoff(day)
    if cutoff is None:
        raise NothingDue(f"{area.code} has no physical inventory on {day}.")
    if cutoff.closing is None:
        raise NothingDue(f"The physical inventory {cutoff.inventory} of {area.code} on {day} is not closed yet.")


def _empty_month(area: Area, end: date) -> list[Made]:
    """The void entry of a period without a change, for a receiver that wants a report of it."""
    if not area.practice.empty_changes or area.reported_in(area.closing_of(end)) is not None:
        return []
    return [Made(ChangeEntry(number=0, status="U"))]


def textual(area: Area, wanted: Wanted) -> Draft:
    """A textual report: the text alone, on a report (``about``) or free-standing, cut to the length of its entries."""
    if not wanted.note:
        raise NothingDue("A textual report needs its text.")
    about = NoteReference("R", wanted.about) if wanted.about else None
    notes = tuple(NoteEntry(number=0, text=text, about=about) for text in pieces(wanted.note))
    header = msgspec.structs.replace(_heading(area, wanted), encoder="")
    begin = wanted.begin or wanted.end
    report = numbered(Report(header=header, notes=notes))
    filled = msgspec.structs.replace(report, header=msgspec.structs.replace(header, end=wanted.end))
    return Draft(filled, (), area.known, begin, area.profile)


def proposed(code: str, known: int | None = None) -> list[Proposed]:
    """Every report that is due for an area: of changes not reported yet, listings, balances, and corrections of
    them."""
    area = area_of(code, known)
    return [*proposed_changes(area), *proposed_inventories(area)]


def due_corrections(code: str, known: int | None = None) -> list[Proposed]:
    """The corrections, deletions and additions that are due in reports of changes, listings and balances already
    made."""
    return [each for each in proposed(code, known) if each.corrects]


def proposed_changes(area: Area) -> list[Proposed]:
    """The reports of changes that are due, a period each; corrections of earlier ones as one of their own."""
    found = []
    for begin, end in unreported_periods(area):
        made = tuple(each for each in change_entries(area, begin, end) if each.entry.status == "N")
        if made:
            found.append(Proposed(area.code, "I", begin, end, made))
    if corrections := tuple(correcting_entries(area)):
        begin, end = correction_period(area)
        found.append(Proposed(area.code, "I", begin, end, corrections, corrects=True))
    return found


def owed_periods(area: Area) -> list[tuple[date, date]]:
    """The periods of which a report of new changes is due, as the book tells it: no statement is read."""
    return unreported_periods(area, area.unwritten)


def unreported_periods(area: Area, without: Collection[int] = ()) -> list[tuple[date, date]]:
    """The periods that hold changes never reported and have no report yet, in order; ``without`` some changes."""
    pending = [(number, day) for number, day in area.pending_changes() if number not in without]
    days = {day for number, day in pending if area.first_of.get(number, number) not in area.standing}
    return in_order(area, {area.period_of(day) for day in days if area.reported_in(day) is None})


def in_order(area: Area, periods: Collection[tuple[date, date]]) -> list[tuple[date, date]]:
    """Periods in order; of those that end together the one that begins first."""
    found: dict[int, tuple[date, date]] = {}
    for period in periods:
        last = area.span(*period).last
        found[last] = min(period, found.get(last, period))
    return [found[last] for last in sorted(found)]


def correction_period(area: Area) -> tuple[date, date]:
    """The period under which corrections alone are sent: that of the last report of changes made."""
    made = [each for each in area.reported.reports if each.sort == "I"]
    last = max(made, key=lambda each: (each.end, each.report))
    return last.begin, last.end


def proposed_inventories(area: Area) -> list[Proposed]:
    """Listings and balances of closed inventories that are due, or due to be corrected."""
    found = []
    for cut in area.cutoffs:
        if cut.closing is None:
            continue
        listing = tuple(listing_entries(area, cut.day))
        if listing:
            corrects = listing_of(area, cut.day) is not None
            found.append(Proposed(area.code, "P", cut.day, cut.day, listing, corrects))
    for period in periods(area.code, area.known, using=area.using):
        made = tuple(balance_entries(area, period.end))
        if made:
            begin, _ = balance_period(area, period.end)
            corrects = balance_of(area, period.end) is not None
            found.append(Proposed(area.code, "M", begin, period.end, made, corrects))
    return found


def statements_of(proposals: Iterable[Proposed]) -> list[int]:
    """The statements that some reports would report."""
    return sorted({each.about for proposal in proposals for each in proposal.entries if each.about})
