"""What a report needs to know of its area: the register, how figures are printed, and what is not reported yet.

Rules kept here:

1. Weights go to the Agency's categories; what it gets no report of is left out, national categories are added up first.
2. A weight is rounded once, after adding, to the decimals of the area (``Mba.precision``) or of the profile, whichever
   is coarser.
3. *Pending* are the changes that count now and that no entry reports: new ones, and those that correct a reported one.
   A reported one that was deleted since is pending as a deletion.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final, NamedTuple

import polars as pl

from openmpca.accounting import accounts
from openmpca.accounting.accounts import AFTER_CUTOFF, CUTOFF, INDEX, ISOTOPE, MAIN, MUF, OPENING, SPAN, day_number
from openmpca.accounting.book import NEGATED
from openmpca.accounting.of_record import may_keep
from openmpca.accounting.queries import View, latest
from openmpca.accounting.register import mba_table
from openmpca.accounting.reporting.practice import Practice, month_end, practice, profile_name
from openmpca.accounting.reporting.standing import EntryKey, Reported, reported_by
from openmpca.accounting.statements import Country, Mba
from openmpca.formats.code10.profile import AGENCY, PROFILES, Profile
from openmpca.nuclear.categories import CATEGORIES, agency_key, split_key, unit_of
from openmpca.nuclear.mass import UG_PER_G, UG_PER_KG, parse_grams, round_half_up
from openmpca.record.known import Known, placeholders, query
from openmpca.record.reading import stored

_REPORTED = [category.code for category in CATEGORIES.values() if category.agency]
_OF_NO_CHANGE = [INDEX[code] for code in (MUF, OPENING, ISOTOPE)]
_NOT_REPORTED = (
    " AND NOT EXISTS (SELECT 1 FROM accounting_entry e WHERE e.about = p.number AND e.number <= %s)"
    " AND NOT EXISTS (SELECT 1 FROM accounting_claimed k WHERE k.number = p.number)"
)


class NoArea(LookupError):  # noqa: N818
    """There is no such area, or none that has a book of its own."""


class Span(NamedTuple):
    """The posting days of a period, both included."""

    first: int
    last: int


class Cutoff(NamedTuple):
    """A physical inventory: its statement, its day, whether it is an opening, and the statement that closed on it."""

    inventory: int
    day: date
    opening: bool
    closing: int | None


@dataclass
class Area:
    """An area as known at a statement number; ``ignore_reported`` makes every change pending, ``after`` only those of
    the statements after that one."""

    mba: Mba
    country: str
    known: int
    reported: Reported
    profile: Profile = AGENCY
    practice: Practice = field(default_factory=lambda: practice(AGENCY.name))
    using: str = "default"
    ignore_reported: bool = False
    after: int = -1

    @property
    def code(self) -> str:
        """The code of the area."""
        return self.mba.code

    def step(self, key: str) -> int:
        """The smallest printed unit of a weight, in micrograms (rule 2)."""
        unit = unit_of(key)
        finest = self.profile.decimals(unit)[1]
        wanted = self.mba.precision.get(key, self.mba.precision.get(split_key(key)[0], ""))
        decimals = min(finest, int(wanted)) if wanted.isdigit() else finest
        whole = UG_PER_G if unit == "G" else UG_PER_KG
        return whole // int(10**decimals)

    def printed(self, weights: Mapping[str, int]) -> dict[str, int]:
        """Weights in micrograms as they are reported (rules 1 and 2), the element of each category first."""
        sums: dict[str, int] = {}
        for key, ug in weights.items():
            if wanted := agency_key(key):
                sums[wanted] = sums.get(wanted, 0) + ug
        ordered = sorted(sums, key=lambda key: (split_key(key)[0], split_key(key)[1]))
        return {key: round_half_up(sums[key], self.step(key)) for key in ordered}

    def printed_grams(self, weights: Mapping[str, str]) -> dict[str, int]:
        """The same of a statement's weights."""
        return self.printed({key: parse_grams(text) for key, text in weights.items()})

    @cached_property
    def cutoffs(self) -> list[Cutoff]:
        """The physical inventories in the order of time."""
        rows = query(
            "SELECT i.number, i.day, i.opening, (SELECT MAX(c.number) FROM accounting_closing c"
            " WHERE c.inventory = i.number AND c.number <= %s)"
            " FROM accounting_inventory i WHERE i.mba = %s AND i.number <= %s ORDER BY i.day, i.number",
            [self.known, self.code, self.known],
            {"number": pl.Int64, "day": pl.Date, "opening": pl.Boolean, "closing": pl.Int64},
            self.using,
        )
        return [Cutoff(*row) for row in rows.iter_rows()]

    def cutoff(self, day: date) -> Cutoff | None:
        """The inventory of a day: the one that is closed, else the last stated."""
        same = [each for each in self.cutoffs if each.day == day]
        return max(same, key=lambda each: (each.closing is not None, each.inventory), default=None)

    @cached_property
    def _splits(self) -> frozenset[date]:
        return frozenset(each.day for each in self.cutoffs) if self.practice.split_at_inventory else frozenset()

    def span(self, begin: date, end: date) -> Span:
        """The posting days of a period: it ends at a cut-off on its last day, and begins after one on its first.

        The last day of a month alone, where its inventory ends the month's period, is what came after the cut-off.
        """
        if begin == end and end in self._splits and end == month_end(end):
            return Span(day_number(end, AFTER_CUTOFF), day_number(end, AFTER_CUTOFF))
        first = AFTER_CUTOFF if begin in self._splits and begin < end else 0
        return Span(day_number(begin, first), self.closing_of(end))

    def closing_of(self, end: date) -> int:
        """The posting day up to which a period goes that ends on a day: its cut-off, where the day has one."""
        return day_number(end, CUTOFF if end in self._splits else AFTER_CUTOFF)

    def period_of(self, day: int) -> tuple[date, date]:
        """The period of the inventory change report that a posting day belongs to: its month, split at inventories."""
        on = accounts.date_of(day)
        begin, end = on.replace(day=1), month_end(on)
        if not self._splits:
            return begin, end
        for cut in sorted(self._splits):
            if cut.replace(day=1) != begin.replace(day=1):
                continue
            if day > day_number(cut, CUTOFF):
                next_day = cut + timedelta(days=1)
                begin = cut if on == cut or next_day in self._splits else next_day
            else:
                return begin, cut
        return (begin, end) if begin <= end else (end, end)

    def reported_in(self, day: int) -> int | None:
        """The number of the inventory change report whose period holds a posting day, if one is made.

        One that begins on the day after a cut-off holds what came after it on the day of the cut-off too.
        """
        for each in self.reported.reports:
            span, before = self.span(each.begin, each.end), each.begin - timedelta(days=1)
            first = day_number(before, AFTER_CUTOFF) if before in self._splits else span.first
            if each.sort == "I" and first <= day <= span.last:
                return each.report
        return None

    @cached_property
    def chains(self) -> dict[int, "Link"]:
        """The corrections and deletions of the area by the statement that they correct."""
        rows = query(
            "SELECT number, corrects, first, deletes FROM accounting_correction WHERE mba = %s AND number <= %s"
            " ORDER BY number",
            [self.code, self.known],
            {"number": pl.Int64, "corrects": pl.Int64, "first": pl.Int64, "deletes": pl.Boolean},
            self.using,
        )
        return {corrects: Link(number, first, bool(deletes)) for number, corrects, first, deletes in rows.iter_rows()}

    @cached_property
    def first_of(self) -> dict[int, int]:
        """Statement that corrects to the first of its chain."""
        return {link.number: link.first for link in self.chains.values()}

    @cached_property
    def standing(self) -> dict[int, EntryKey]:
        """First statement of a chain to the entry that reports it now."""
        found = self.reported.by_statement.items()
        return {self.first_of.get(statement, statement): key for statement, key in found}

    def deleted(self, first: int) -> int | None:
        """The statement that deleted a chain, if one did."""
        at = first
        while at in self.chains:
            link = self.chains[at]
            if link.deletes:
                return link.number
            at = link.number
        return None

    def pending_changes(self) -> list[tuple[int, int]]:
        """Changes that count and that no entry reports: statement number and posting day, in order (rule 3)."""
        return [(number, day) for number, day, _ in self._pending]

    @cached_property
    def unwritten(self) -> frozenset[int]:
        """The pending changes that have no weight of which the Agency gets a report."""
        return frozenset(number for number, _, written in self._pending if not written)

    @cached_property
    def _pending(self) -> list[tuple[int, int, bool]]:
        base = query(
            "SELECT id FROM accounting_account WHERE mba = %s AND code = %s", [self.code, MAIN], {"id": pl.Int64}
        )["id"][0]
        reported = f"p.category IN {placeholders(_REPORTED)}"
        some = "p.account" if self.after < 0 else f"p.number > {self.after} AND +p.account"
        rows = query(
            f"SELECT p.number, MIN(p.day), MAX(CASE WHEN {reported} THEN 1 ELSE 0 END) FROM accounting_posting p"  # noqa: S608
            f" WHERE {some} BETWEEN %s AND %s AND p.account NOT IN {placeholders(_OF_NO_CHANGE)}"
            " AND p.line < %s AND p.number <= %s"
            " AND NOT EXISTS (SELECT 1 FROM accounting_correction c WHERE c.corrects = p.number AND c.number <= %s)"
            f" AND ({reported} OR EXISTS (SELECT 1 FROM accounting_correction c WHERE c.number = p.number))"
            + ("" if self.ignore_reported else _NOT_REPORTED)
            + " GROUP BY p.number ORDER BY MIN(p.day), p.number",
            [
                *_REPORTED,
                base + 1,
                base + SPAN - 1,
                *(base + index for index in _OF_NO_CHANGE),
                NEGATED,
                self.known,
                self.known,
                *_REPORTED,
                *([] if self.ignore_reported else [self.known]),
            ],
            {"number": pl.Int64, "day": pl.Int64, "written": pl.Int64},
            self.using,
        )
        return [(number, day, bool(written)) for number, day, written in rows.iter_rows()]

    def listed(self, inventory: int) -> list[int]:
        """The lines of an inventory that count."""
        rows = query(
            "SELECT DISTINCT l.number FROM accounting_listed l WHERE l.inventory = %s AND l.number <= %s AND NOT EXISTS"
            " (SELECT 1 FROM accounting_correction c WHERE c.corrects = l.number AND c.number <= %s) ORDER BY l.number",
            [inventory, self.known, self.known],
            {"number": pl.Int64},
            self.using,
        )
        return rows["number"].to_list()


class Link(NamedTuple):
    """A step in a chain of corrections."""

    number: int
    first: int
    deletes: bool


def area_of(code: str, known: int | None = None, *, day: date | None = None, using: str = "default") -> Area:
    """An area as known at a number (the latest when not given), with its register as of a day (the latest)."""
    at = latest(using) if known is None else known
    mba: Any = _registered("mba", code, at, day, using)
    if not isinstance(mba, Mba) or mba.reference_only:
        raise NoArea(f"There is no material balance area {code!r} with a book of its own.")
    profile = PROFILES.get(profile_name(mba.profile), AGENCY)
    return Area(
        mba=mba,
        country=mba.country or own_country(at, using),
        known=at,
        reported=reported_by(code, at, profile=profile, using=using),
        profile=profile,
        practice=practice(mba.profile),
        using=using,
    )


def own_country(known: int, using: str = "default") -> str:
    """The code of the State whose record this is."""
    country = own_state(known, using)
    return country.code if country else ""


def own_state(known: int, using: str = "default") -> Country | None:
    """The State whose record this is, with the dates of its agreements."""
    rows = query(
        "SELECT number FROM accounting_register WHERE thing = 'country' AND number <= %s"
        " ORDER BY from_day DESC, number DESC",
        [known],
        {"number": pl.Int64},
        using,
    )
    for number in rows["number"]:
        found = stored(number, using).statement
        if isinstance(found, Country) and found.own:
            return found
    return None


def areas_with_books(known: int, using: str = "default") -> list[str]:
    """The codes of the areas that have a book: those of our State, at home."""
    view = View(0, known, using)
    sql = "SELECT MAX(number) FROM accounting_register WHERE thing = 'mba' AND number <= %s"
    last = query(sql, [known], {"number": pl.Int64}, using)["number"][0]
    place = (view.record, last, view.entry(last)) if last is not None and may_keep(using, known) else None
    found = _kept_areas.get(place)
    if found is None:
        found = _at_home(view)
        if place is not None:
            _kept_areas.clear()
            _kept_areas[place] = found
    return list(found)


_kept_areas: Final[dict[Hashable, list[str]]] = {}


def _at_home(view: View) -> list[str]:
    stated = mba_table(Known(view.using, view.number + 1)).filter(pl.col("number") <= view.number)
    last = stated.unique("mba", keep="last", maintain_order=True)
    abroad = set(last.filter("reference_only")["mba"])
    return [code for code in view.opened.areas if code not in abroad]


def _registered(thing: str, code: str, known: int, day: date | None, using: str) -> object:
    rows = query(
        "SELECT number FROM accounting_register WHERE thing = %s AND code = %s AND number <= %s"  # noqa: S608
        f"{' AND from_day <= %s' if day else ''} ORDER BY from_day DESC, number DESC LIMIT 1",
        [thing, code, known, *([day] if day else [])],
        {"number": pl.Int64},
        using,
    )
    return stored(rows["number"][0], using).statement if rows.height else None
