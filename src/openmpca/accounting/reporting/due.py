"""What is due when, and what is late: from the book, the reports, the register's documents and the agreement's dates.

Rules kept here:

1. Each item says what is due for which subject, by which day, how it stands, and by which document and answer where
   there is one.
2. Limits are counted from the day that their data names; an unverified limit is shown as such.
3. A change is due after the month in which it occurred, whenever it was typed in. A correction or addition to what was
   reported is due after the month in which it was established, that of its statement; of several the first counts. A
   balance has to be corrected since the first statement that moved it.
4. The initial report is one for the State: only areas that open by the end of the month of entry into force, or in
   the month of the State's first openings, owe a part of it (INFCIRC/153 paragraph 62). An area that opens later owes
   the listing of its opening inventory like any other.
5. History that was brought in as reported elsewhere owes no notice and no request here.
6. Which transfers take an advance notice is said in `notices`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Literal

import msgspec
import polars as pl

from openmpca.accounting.accounts import CUTOFF, day_number
from openmpca.accounting.book import NEGATED
from openmpca.accounting.queries import known_or_latest
from openmpca.accounting.register import documents
from openmpca.accounting.reporting import due_rules
from openmpca.accounting.reporting.area import Area, Cutoff, area_of, areas_with_books, own_state
from openmpca.accounting.reporting.balance import balance_of
from openmpca.accounting.reporting.listing import listing_of
from openmpca.accounting.reporting.make import TITLES, Proposed, proposed, statements_of
from openmpca.accounting.reporting.notices import Notice, notices
from openmpca.accounting.reporting.practice import DECLARATIONS, SPECIAL, add_months, limit, month_end
from openmpca.accounting.reporting.standing import ReportedReport
from openmpca.accounting.statements import Change, Country, Document
from openmpca.nuclear.mass import MassError, parse_grams
from openmpca.problems import RULES, Problem, Rule
from openmpca.record import clock
from openmpca.record.known import placeholders, query
from openmpca.record.layout import counted
from openmpca.record.reading import stored_many

Standing = Literal["late", "due", "waiting"]
_WATCHED: Final = ("SF", "RF", "LA", "GA", "EU", "EQ", "TU")


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is due. ``days`` are left until the day, negative when it has passed."""

    rule: int
    what: str
    subject: str
    due: date
    days: int
    state: Standing
    mba: str = ""
    about: int | None = None
    document: str = ""
    answer: str = ""
    source: str = ""
    unverified: bool = False

    @property
    def problem(self) -> Problem:
        """The same as a problem of its rule."""
        late = f"{-self.days} days late" if self.days < 0 else f"due in {self.days} days"
        return RULES[self.rule].problem(f"{self.what}: {late}, by {self.due}.", record=self.subject)


def due(
    as_of: date,
    known_at: int | None = None,
    *,
    mba: str | None = None,
    within: Callable[[str], bool] = lambda _: True,
) -> list[Due]:
    """Everything that is due on a day as known at a number, the earliest first; of all areas those that are
    ``within``."""
    known = known_or_latest(known_at)
    state = own_state(known)
    found: list[Due] = []
    announced = notices(known)
    for code in [mba] if mba else filter(within, areas_with_books(known)):
        found += _OfArea(area_of(code, known), as_of, state, announced).items()
    if mba is None:
        found += [*_of_documents(as_of, known), *_of_declarations(as_of, known, state)]
    return sorted(found, key=lambda each: (each.due, each.mba, each.rule, each.subject))


def problems(items: Iterable[Due]) -> list[Problem]:
    """What is late, as problems."""
    return [each.problem for each in items if each.state == "late"]


def _item(rule: Rule, what: str, subject: str, day: date, as_of: date, code: str = "", **more: object) -> Due:
    days = (day - as_of).days
    state: Standing = "late" if days < 0 else "due"
    source = limit(code).source if code else rule.source
    unverified = limit(code).unverified if code else rule.unverified
    made = Due(
        rule=rule.number,
        what=what,
        subject=subject,
        due=day,
        days=days,
        state=state,
        source=source,
        unverified=unverified,
    )
    return msgspec.structs.replace(made, **more)


@dataclass
class _OfArea:
    area: Area
    as_of: date
    state: Country | None
    notices: dict[int, Notice]

    def items(self) -> Iterator[Due]:
        """All that is due for the area."""
        for each in self.proposed:
            if each.sort == "I":
                yield self.changes(each)
            elif each.corrects:
                yield self.correction(each)
        yield from self.empty_months()
        for cutoff in self.area.cutoffs:
            yield from self.inventory(cutoff)
        yield from self.next_inventory()
        for report in self.area.reported.reports:
            yield from self.report(report)
        yield from self.of_changes()

    def changes(self, each: Proposed) -> Due:
        """A report of changes, new ones or corrections."""
        rule = due_rules.CORRECTIONS if each.corrects else due_rules.CHANGES
        begun = self.established(statements_of([each])) if each.corrects else each.end
        day = limit("changes", self.area.mba.profile).after(month_end(begun))
        corrections = counted(len(each.entries), "correction")
        what = f"ICR with {corrections}" if each.corrects else f"ICR of {each.begin} to {each.end}"
        return self.item(rule, what, day, "changes")

    def empty_months(self) -> Iterator[Due]:
        """Months without a change, where the receiver wants a report of each."""
        if not self.area.practice.empty_changes or not self.area.cutoffs:
            return
        waiting = {each.end for each in self.proposed if each.sort == "I" and not each.corrects}
        end = month_end(add_months(min(each.day for each in self.area.cutoffs), 1))
        while end < self.as_of:
            if end not in waiting and self.area.reported_in(self.area.closing_of(end)) is None:
                day = limit("changes", self.area.mba.profile).after(end)
                yield self.item(due_rules.CHANGES, f"Empty ICR of {end:%Y-%m}", day, "changes")
            end = month_end(add_months(end, 1))

    @cached_property
    def proposed(self) -> list[Proposed]:
        """The reports that the area owes."""
        return proposed(self.area.code, self.area.known)

    def correction(self, each: Proposed) -> Due:
        """Corrections of a listing or a balance."""
        numbers = self.moved(each.end) if each.sort == "M" else statements_of([each])
        established = max((self.established(numbers), each.end))
        day = limit("changes", self.area.mba.profile).after(month_end(established))
        what = f"{TITLES[each.sort]} with {counted(len(each.entries), 'correction')} of {each.end}"
        return self.item(due_rules.CORRECTIONS, what, day, "changes")

    def moved(self, end: date) -> list[int]:
        """The statements since the last balance report of a day that moved that balance; the report where none did."""
        last = [each for each in self.area.reported.reports if each.sort == "M" and each.end == end][-1]
        since = last.number if last.origin == "received" else last.known
        rows = query(
            "SELECT DISTINCT p.number FROM accounting_posting p JOIN accounting_account a ON a.id = p.account"
            " WHERE a.mba = %s AND p.number > %s AND p.number <= %s AND p.day <= %s ORDER BY p.number",
            [self.area.code, since, self.area.known, day_number(end, CUTOFF)],
            {"number": pl.Int64},
        )
        return rows["number"].to_list() or [last.number]

    def inventory(self, cutoff: Cutoff) -> Iterator[Due]:
        """The reports that a physical inventory owes."""
        if listing_of(self.area, cutoff.day) is None:
            if cutoff.opening and cutoff.day <= self.initial_until:
                in_force = self.state.agreement_in_force if self.state else None
                begun = max(cutoff.day, in_force or cutoff.day)
                yield self.item(
                    due_rules.INITIAL, "Initial report", limit("initial").after(month_end(begun)), "initial"
                )
            else:
                day = limit("listing", self.area.mba.profile).after(cutoff.day)
                yield self.item(due_rules.LISTING, f"PIL of {cutoff.day}", day, "listing")
        if not cutoff.opening and balance_of(self.area, cutoff.day) is None:
            day = limit("balance", self.area.mba.profile).after(cutoff.day)
            yield self.item(due_rules.BALANCE, f"MBR of {cutoff.day}", day, "balance")

    @cached_property
    def initial_until(self) -> date:
        """The last opening day that the initial report of the State covers (rule 4)."""
        sql = "SELECT day FROM accounting_inventory WHERE opening AND number <= %s ORDER BY day LIMIT 1"
        first: date = query(sql, [self.area.known], {"day": pl.Date})["day"][0]
        in_force = self.state.agreement_in_force if self.state else None
        return month_end(max(first, in_force or first))

    def next_inventory(self) -> Iterator[Due]:
        """The next physical inventory taking."""
        if self.area.cutoffs and not self.area.mba.ended:
            last = max(each.day for each in self.area.cutoffs)
            day = limit("inventory", self.area.mba.profile).after(last)
            yield self.item(due_rules.INVENTORY, f"Physical inventory after that of {last}", day, "inventory")

    def report(self, report: ReportedReport) -> Iterator[Due]:
        """What a report that was made, or that came back, still takes."""
        name = f"{TITLES[report.sort]} {report.report}"
        if report.state == "made":
            day = limit("sending").after(report.day)
            yield self.item(due_rules.NOT_SENT, f"{name} made and not sent", day, "sending", about=report.number)
        if report.state == "returned" and report.answered and not self.taken_up(report):
            day = limit("returned").after(report.answered)
            answer = f"returned {report.answered}"
            yield self.item(due_rules.RETURNED, f"{name} returned", day, "returned", about=report.number, answer=answer)

    def taken_up(self, report: ReportedReport) -> bool:
        """Whether a later report corrects an entry of a returned one."""
        return any(
            each.reference is not None and each.reference.report == report.report and each.of > report.number
            for each in self.area.reported.entries
        )

    def of_changes(self) -> Iterator[Due]:
        """Notices, special reports and requests that changes take."""
        for number, change in self.watched:
            document = self.document_of(number, change)
            for rule, code, what in _owed(change, self.notices.get(number)):
                if code == "request" and document and document.answered:
                    continue
                if code != "request" and document and document.sent:
                    continue
                day = limit(code).after(change.day)
                why = f": {notice.why}" if rule is due_rules.NOTICE and (notice := self.notices[number]).why else ""
                yield self.item(
                    rule,
                    f"{what} for {change.code} of batch {change.batch} on {change.day}{why}",
                    day,
                    code,
                    about=number,
                    document=document.code if document else "",
                    answer=document.answer if document else "",
                )

    @cached_property
    def watched(self) -> list[tuple[int, Change]]:
        """The changes that take more than an entry in a report, that count and were made here (rule 5)."""
        rows = query(
            "SELECT DISTINCT p.number FROM accounting_posting p JOIN accounting_account a ON a.id = p.account"  # noqa: S608
            f" WHERE a.mba = %s AND a.code IN {placeholders(_WATCHED)} AND p.line < %s AND p.number <= %s"
            " AND NOT EXISTS (SELECT 1 FROM accounting_correction c WHERE c.corrects = p.number AND c.number <= %s)"
            " AND NOT EXISTS (SELECT 1 FROM accounting_claimed k WHERE k.number = p.number) ORDER BY p.number",
            [self.area.code, *_WATCHED, NEGATED, self.area.known, self.area.known],
            {"number": pl.Int64},
        )
        elsewhere = {each.number for each in self.area.reported.reports if each.origin == "received"}
        brought = {each.about for each in self.area.reported.entries if each.of in elsewhere}
        read = stored_many([number for number in rows["number"] if number not in brought])
        return [(each.number, each.statement) for each in read if isinstance(each.statement, Change)]

    @cached_property
    def papers(self) -> list[Document]:
        """The documents of the register on the day."""
        return [each.document for each in documents(self.as_of, self.area.known)]

    def document_of(self, number: int, change: Change) -> Document | None:
        """The document that a change names, or that speaks of it."""
        return next((each for each in self.papers if each.code == change.document or number in each.about), None)

    def established(self, numbers: list[int]) -> date:
        """The day on which the first of some statements was recorded."""
        sql = f"SELECT MIN(recorded_us) FROM record_statement WHERE number IN {placeholders(numbers)}"  # noqa: S608
        return clock.day(int(query(sql, numbers, {"us": pl.Int64})["us"][0]))

    def item(self, rule: Rule, what: str, day: date, code: str, **more: object) -> Due:
        """An item of this area under the limits of its practice."""
        data = limit(code, self.area.mba.profile)
        made = _item(rule, what, self.area.code, day, self.as_of, code, mba=self.area.code, **more)
        return msgspec.structs.replace(made, source=data.source, unverified=data.unverified)


def _owed(change: Change, notice: Notice | None) -> Iterator[tuple[Rule, str, str]]:
    """What a change takes beside its entry: rule, time limit, words."""
    if notice:
        yield due_rules.NOTICE, "export" if change.code == "SF" else "import", "Advance notice"
    if change.code in SPECIAL and _heaviest(change) > SPECIAL[change.code].above_ug:
        yield due_rules.SPECIAL, "special", "Special report"
    if change.code in ("EU", "EQ", "TU"):
        yield due_rules.REQUEST, "request", "Agreed request"


def _weights(change: Change) -> dict[str, int]:
    try:
        return {key: parse_grams(text) for key, text in change.weights.items()}
    except MassError:
        return {}


def _heaviest(change: Change) -> int:
    return max((ug for key, ug in _weights(change).items() if "/" not in key), default=0)


def _of_documents(as_of: date, known: int) -> Iterator[Due]:
    for each in documents(as_of, known):
        paper = each.document
        if paper.due is None or each.standing == "answered":
            continue
        what = f"{paper.sort}: {paper.title}"
        made = _item(due_rules.DOCUMENT, what, paper.mba or paper.facility or paper.code, paper.due, as_of)
        shown = msgspec.structs.replace(
            made, document=paper.code, answer=paper.answer, mba=paper.mba, about=each.number
        )
        if each.standing == "sent":
            shown = msgspec.structs.replace(shown, rule=due_rules.WAITING.number, state="waiting")
        yield shown


def _of_declarations(as_of: date, known: int, state: Country | None) -> Iterator[Due]:
    if state is None or state.protocol_in_force is None:
        return
    papers = [each.document for each in documents(as_of, known)]
    first = max(state.protocol_in_force.year + 1, as_of.year - 1)
    for year in range(first, as_of.year + 1):
        for each in DECLARATIONS:
            sent = [p for p in papers if p.sort == each.code and p.sent is not None and p.sent.year == year]
            if not sent:
                day = date(year, each.month, each.day)
                made = _item(due_rules.DECLARATION, f"{each.code}: {each.title}", state.code, day, as_of)
                yield msgspec.structs.replace(made, source=each.source, unverified=each.unverified)
