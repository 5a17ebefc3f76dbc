"""What areas owe, whatever the day on which one asks: kept by area while the record grows.

Rules kept here:

1. What follows from an area's own statements is made by area. Whether a transfer abroad takes a notice follows from
   those of the whole State; it is made by series, for the series in which a statement came or went.
2. Months without a change, documents and days left depend on the day; `due` adds them.
3. The rules of what is owed are those of `due`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Final, NamedTuple

import polars as pl

from openmpca.accounting.accounts import AFTER_CUTOFF, BEFORE_CUTOFF, CUTOFF, day_number
from openmpca.accounting.book import NEGATED
from openmpca.accounting.kept import Kept, Stated, by_area, only_new
from openmpca.accounting.queries import View
from openmpca.accounting.reporting import due_rules, notices
from openmpca.accounting.reporting.area import Area, Cutoff, area_of, own_state
from openmpca.accounting.reporting.balance import balance_of
from openmpca.accounting.reporting.changes import correcting_entries
from openmpca.accounting.reporting.listing import listing_of
from openmpca.accounting.reporting.make import (
    TITLES,
    Proposed,
    correction_period,
    in_order,
    owed_periods,
    proposed_inventories,
    statements_of,
)
from openmpca.accounting.reporting.practice import SPECIAL, Limit, add_months, limit, month_end
from openmpca.accounting.reporting.standing import ReportedReport
from openmpca.accounting.statements import Change, Country
from openmpca.accounting.transit import board
from openmpca.nuclear.mass import MassError, parse_grams
from openmpca.problems import Rule
from openmpca.record import clock
from openmpca.record.known import placeholders, query
from openmpca.record.layout import counted
from openmpca.record.reading import Stored, stored_many
from openmpca.tlog.disclosure import fields_of

OWED: Final[dict[str, Any]] = {
    "rule": pl.Int64,
    "what": pl.String,
    "subject": pl.String,
    "due": pl.Date,
    "mba": pl.String,
    "about": pl.Int64,
    "document": pl.String,
    "answer": pl.String,
    "source": pl.String,
    "unverified": pl.Boolean,
    "takes": pl.String,
}
"""``document`` is the one that a change names; ``takes`` is the limit under which a change takes one, else empty."""
ABROAD: Final[dict[str, Any]] = {
    **notices.PARTS,
    "batch": pl.String,
    "document": pl.String,
    "owes": pl.Boolean,
    "profile": pl.String,
}
_WATCHED: Final = ("LA", "GA", "EU", "EQ", "TU")
_PART: Final = 500
_PROFILE: Final = {"mba": pl.String, "profile": pl.String}
MANY: Final = 20_000
"""Statements from which on it is quicker to read all of a table than to look each up."""
_NAMES_ONE: Final = '%","document","%'


Period = tuple[date, date]


class Empty(NamedTuple):
    """The months of which the receiver wants a report though nothing changed: from one on, but for those ``taken``."""

    first: date
    taken: frozenset[date]
    limit: Limit


@dataclass(frozen=True)
class OfArea:
    """What an area owes: the columns of `OWED`; its transfers abroad; its months without a change; of which periods it
    owes a report of changes."""

    items: pl.DataFrame
    abroad: pl.DataFrame
    empty: Empty | None
    periods: Sequence[Period]


class Row(NamedTuple):
    """An item, in the columns of `OWED`."""

    rule: int
    what: str
    subject: str
    due: date
    mba: str
    about: int | None
    document: str
    answer: str
    source: str
    unverified: bool
    takes: str


def row_of(area: str, rule: Rule, what: str, day: date, by: Limit, **more: Any) -> Row:
    """An item of an area under a limit, by a day."""
    given = {"about": None, "document": "", "answer": "", "takes": "", **more}
    return Row(
        rule=rule.number,
        what=what,
        subject=area,
        due=day,
        mba=area,
        source=by.source,
        unverified=by.unverified,
        **given,
    )


def _made(view: View, mbas: Sequence[str]) -> dict[str, OfArea]:
    state = own_state(view.number, view.using)
    areas = [_OfArea(area_of(mba, view.number, using=view.using), state) for mba in mbas]
    abroad = _abroad(areas, view)
    return {each.area.code: each.answer(abroad[each.area.code]) for each in areas}


def _grown(view: View, after: int, stood: Mapping[str, OfArea], stated: Stated) -> dict[str, OfArea]:
    """What areas owe where new changes came that stand in no report and no closed inventory: their periods, and the
    transfers among them."""
    found = {mba: area_of(mba, view.number, using=view.using) for mba in stood if only_new(stated[mba])}
    areas = [_OfArea(replace(area, after=after), None) for mba, area in found.items() if _is_open(area, stated[mba])]
    abroad = _abroad(areas, view, after)
    return {each.area.code: each.grown(stood[each.area.code], abroad[each.area.code]) for each in areas}


def _is_open(area: Area, stated: Sequence[Stored]) -> bool:
    """Whether changes take nothing but a report of their month, and none was made for their days."""
    ended = max((each.day for each in area.cutoffs), default=date.min)
    days = [date.fromisoformat(str(each.fields["day"])) for each in stated]
    reported = (area.reported_in(day_number(day, phase)) for day in days for phase in (BEFORE_CUTOFF, AFTER_CUTOFF))
    watched = any(each.fields["code"] in _WATCHED for each in stated)
    return not watched and all(day > ended for day in days) and all(each is None for each in reported)


KEPT: Final = Kept(_made, grow=_grown, timeless=True)


def _abroad(areas: Sequence["_OfArea"], view: View, after: int = -1) -> dict[str, pl.DataFrame]:
    """The shipments and receipts abroad of areas that stand, those that ``owe`` a notice where one is due: `ABROAD`;
    of the statements after a number, where one is given."""
    at = View.of(date.max, view.number, using=view.using)
    numbers = _moved_abroad([each.area.code for each in areas], at, after)
    if not numbers:
        return {each.area.code: pl.DataFrame(schema=ABROAD) for each in areas}
    some = None if len(numbers) > MANY else numbers
    codes = list(notices.CODES)
    heads = board.heads(at, codes, None, some)
    parts = notices.parts_of(heads, board.masses_of(at, codes, None, some))
    brought = frozenset().union(*(each.brought for each in areas))
    claimed = query("SELECT number FROM accounting_claimed", [], {"number": pl.Int64}, view.using)["number"]
    settled = pl.Series("number", sorted(brought | set(claimed)), dtype=pl.Int64)
    profiles = pl.DataFrame([(each.area.code, each.area.mba.profile) for each in areas], schema=_PROFILE, orient="row")
    found = (
        parts.join(heads.select("number", "batch"), on="number")
        .join(_naming(None if some is None else numbers, view), on="number", how="left")
        .join(profiles, on="mba")
        .with_columns(pl.col("document").fill_null(""), owes=~pl.col("number").is_in(settled.implode()))
        .sort("number")
    )
    return by_area(found.select(list(ABROAD)), [each.area.code for each in areas])


def _moved_abroad(mbas: Sequence[str], view: View, after: int) -> list[int]:
    """The statements that moved material of areas abroad or from there."""
    ids = view.accounts(mbas, list(notices.CODES))["account"]
    some = f"account IN ({', '.join(map(str, ids)) or 'NULL'})"
    rows = query(
        "SELECT DISTINCT number FROM accounting_posting"  # noqa: S608  whole numbers of our own
        f" WHERE {some if after < 0 else f'+{some} AND number > {after}'} AND line < %s AND number <= %s",
        [NEGATED, view.number],
        {"number": pl.Int64},
        view.using,
    )
    return rows["number"].to_list()


def _naming(numbers: Sequence[int] | None, view: View) -> pl.DataFrame:
    """The documents that some changes name, or all changes: number, document."""
    found = [pl.DataFrame(schema={"number": pl.Int64, "body": pl.String})]
    parts = [None] if numbers is None else [numbers[at : at + _PART] for at in range(0, len(numbers), _PART)]
    for part in parts:
        some = "kind = 'accounting.change'" if part is None else f"number IN {placeholders(part)}"
        sql = f"SELECT number, body FROM record_statement WHERE {some} AND body LIKE %s"  # noqa: S608  our own words
        found.append(query(sql, [*(part or ()), _NAMES_ONE], found[0].schema, view.using))
    rows = [(number, str(fields_of(body).get("document", ""))) for number, body in pl.concat(found).iter_rows()]
    return pl.DataFrame(rows, schema={"number": pl.Int64, "document": pl.String}, orient="row")


@dataclass
class _OfArea:
    area: Area
    state: Country | None

    def answer(self, abroad: pl.DataFrame) -> OfArea:
        """What the area owes."""
        periods = owed_periods(self.area)
        rows = [*self.reports(periods), *self.items()]
        return OfArea(pl.DataFrame(rows, schema=OWED, orient="row"), abroad, self.empty(periods), periods)

    def grown(self, before: OfArea, abroad: pl.DataFrame) -> OfArea:
        """The same from what it owed before, where the area looks at new changes alone (`_grown`)."""
        periods = in_order(self.area, {*before.periods, *owed_periods(self.area)})
        items = before.items
        if periods != before.periods:
            first = pl.DataFrame(list(self.reports(periods)), schema=OWED, orient="row")
            items = pl.concat([first, items.filter(pl.col("rule") != due_rules.CHANGES.number)])
        both = pl.concat([before.abroad, abroad]) if abroad.height else before.abroad
        return OfArea(items, both, self.empty(periods), periods)

    def reports(self, periods: Sequence[Period]) -> Iterator[Row]:
        """The reports of new changes."""
        for begin, end in periods:
            yield self.item(due_rules.CHANGES, f"ICR of {begin} to {end}", month_end(end), "changes")

    def items(self) -> Iterator[Row]:
        """What is owed, but for reports of new changes and for notices."""
        if corrections := tuple(correcting_entries(self.area)):
            begin, end = correction_period(self.area)
            yield self.corrected(Proposed(self.area.code, "I", begin, end, corrections, corrects=True))
        for each in proposed_inventories(self.area):
            if each.corrects:
                yield self.correction(each)
        for cutoff in self.area.cutoffs:
            yield from self.inventory(cutoff)
        yield from self.next_inventory()
        for report in self.area.reported.reports:
            yield from self.report(report)
        yield from self.of_changes()

    def item(self, rule: Rule, what: str, begun: date, code: str, **more: Any) -> Row:
        """An item under the limit of a code, counted from a day."""
        by = limit(code, self.area.mba.profile)
        return row_of(self.area.code, rule, what, by.after(begun), by, **more)

    def corrected(self, each: Proposed) -> Row:
        """A report with corrections of changes."""
        begun = month_end(self.established(statements_of([each])))
        what = f"ICR with {counted(len(each.entries), 'correction')}"
        return self.item(due_rules.CORRECTIONS, what, begun, "changes")

    def correction(self, each: Proposed) -> Row:
        """Corrections of a listing or a balance."""
        numbers = self.moved(each.end) if each.sort == "M" else statements_of([each])
        begun = month_end(max(self.established(numbers), each.end))
        what = f"{TITLES[each.sort]} with {counted(len(each.entries), 'correction')} of {each.end}"
        return self.item(due_rules.CORRECTIONS, what, begun, "changes")

    def empty(self, periods: Sequence[Period]) -> Empty | None:
        """The months without a change, where the receiver wants a report of each."""
        if not self.area.practice.empty_changes or not self.area.cutoffs:
            return None
        first = month_end(add_months(min(each.day for each in self.area.cutoffs), 1))
        waiting = {end for _, end in periods}
        last = max([first, *waiting, *(each.end for each in self.area.reported.reports if each.sort == "I")])
        taken, end = set(waiting), first
        while end <= last:
            if self.area.reported_in(self.area.closing_of(end)) is not None:
                taken.add(end)
            end = month_end(add_months(end, 1))
        return Empty(first, frozenset(taken), limit("changes", self.area.mba.profile))

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

    def inventory(self, cutoff: Cutoff) -> Iterator[Row]:
        """The reports that a physical inventory owes."""
        if listing_of(self.area, cutoff.day) is None:
            if cutoff.opening and cutoff.day <= self.initial_until:
                in_force = self.state.agreement_in_force if self.state else None
                begun = month_end(max(cutoff.day, in_force or cutoff.day))
                by = limit("initial")
                named = limit("initial", self.area.mba.profile)
                yield row_of(self.area.code, due_rules.INITIAL, "Initial report", by.after(begun), named)
            else:
                yield self.item(due_rules.LISTING, f"PIL of {cutoff.day}", cutoff.day, "listing")
        if not cutoff.opening and balance_of(self.area, cutoff.day) is None:
            yield self.item(due_rules.BALANCE, f"MBR of {cutoff.day}", cutoff.day, "balance")

    @cached_property
    def initial_until(self) -> date:
        """The last opening day that the initial report of the State covers."""
        sql = "SELECT day FROM accounting_inventory WHERE opening AND number <= %s ORDER BY day LIMIT 1"
        first: date = query(sql, [self.area.known], {"day": pl.Date})["day"][0]
        in_force = self.state.agreement_in_force if self.state else None
        return month_end(max(first, in_force or first))

    def next_inventory(self) -> Iterator[Row]:
        """The next physical inventory taking."""
        if self.area.cutoffs and not self.area.mba.ended:
            last = max(each.day for each in self.area.cutoffs)
            what = f"Physical inventory after that of {last}"
            yield self.item(due_rules.INVENTORY, what, last, "inventory")

    def plainly(self, rule: Rule, what: str, begun: date, code: str, **more: Any) -> Row:
        """An item by the general limit of a code; the source is that of the area's practice."""
        named = limit(code, self.area.mba.profile)
        return row_of(self.area.code, rule, what, limit(code).after(begun), named, **more)

    def report(self, report: ReportedReport) -> Iterator[Row]:
        """What a report that was made, or that came back, still takes."""
        name = f"{TITLES[report.sort]} {report.report}"
        if report.state == "made":
            yield self.plainly(
                due_rules.NOT_SENT, f"{name} made and not sent", report.day, "sending", about=report.number
            )
        if report.state == "returned" and report.answered and not self.taken_up(report):
            told = {"about": report.number, "answer": f"returned {report.answered}"}
            yield self.plainly(due_rules.RETURNED, f"{name} returned", report.answered, "returned", **told)

    def taken_up(self, report: ReportedReport) -> bool:
        """Whether a later report corrects an entry of a returned one."""
        return any(
            each.reference is not None and each.reference.report == report.report and each.of > report.number
            for each in self.area.reported.entries
        )

    def of_changes(self) -> Iterator[Row]:
        """Special reports and requests that changes take."""
        for number, change in self.changes(self.watched(_WATCHED)):
            for rule, code, what in _taken(change):
                told = f"{what} for {change.code} of batch {change.batch} on {change.day}"
                yield self.plainly(rule, told, change.day, code, about=number, document=change.document, takes=code)

    def watched(self, codes: Sequence[str]) -> list[int]:
        """The changes under some codes that count and were made here, and not reported elsewhere."""
        rows = query(
            "SELECT DISTINCT p.number FROM accounting_posting p JOIN accounting_account a ON a.id = p.account"  # noqa: S608
            f" WHERE a.mba = %s AND a.code IN {placeholders(codes)} AND p.line < %s AND p.number <= %s"
            " AND NOT EXISTS (SELECT 1 FROM accounting_correction c WHERE c.corrects = p.number AND c.number <= %s)"
            " AND NOT EXISTS (SELECT 1 FROM accounting_claimed k WHERE k.number = p.number) ORDER BY p.number",
            [self.area.code, *codes, NEGATED, self.area.known, self.area.known],
            {"number": pl.Int64},
        )
        return [number for number in rows["number"] if number not in self.brought]

    @cached_property
    def brought(self) -> frozenset[int]:
        """The statements that a report from elsewhere reports."""
        elsewhere = {each.number for each in self.area.reported.reports if each.origin == "received"}
        return frozenset(each.about for each in self.area.reported.entries if each.of in elsewhere)

    def changes(self, numbers: Sequence[int]) -> Iterator[tuple[int, Change]]:
        """Some changes as stated."""
        for each in stored_many(numbers, self.area.using):
            if isinstance(each.statement, Change):
                yield each.number, each.statement

    def established(self, numbers: list[int]) -> date:
        """The day on which the first of some statements was recorded."""
        sql = f"SELECT MIN(recorded_us) FROM record_statement WHERE number IN {placeholders(numbers)}"  # noqa: S608
        return clock.day(int(query(sql, numbers, {"us": pl.Int64})["us"][0]))


def _taken(change: Change) -> Iterator[tuple[Rule, str, str]]:
    """What a change takes beside its entry: rule, time limit, words."""
    if change.code in SPECIAL and _heaviest(change) > SPECIAL[change.code].above_ug:
        yield due_rules.SPECIAL, "special", "Special report"
    if change.code in ("EU", "EQ", "TU"):
        yield due_rules.REQUEST, "request", "Agreed request"


def _heaviest(change: Change) -> int:
    try:
        weights = {key: parse_grams(text) for key, text in change.weights.items()}
    except MassError:
        return 0
    return max((ug for key, ug in weights.items() if "/" not in key), default=0)
