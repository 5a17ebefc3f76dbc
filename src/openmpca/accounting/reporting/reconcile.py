"""The Agency's statement of book inventories beside ours, by area and weight: each difference with its explanation.

Rules kept here:

1. Their figure is compared with our book, and with what we reported: all that was made, what was sent, what was
   acknowledged.
2. A figure that reports give up to some number, or without one that is not acknowledged yet, is *timing*. One that all
   our reports give and our book does not is *ours*: something is not reported yet. One that lacks a report which was
   acknowledged is *theirs*. Everything else is *unexplained*.
3. Figures agree when they are the same after rounding to the printed unit of the area, or within the tolerance given.

Source: INFCIRC/153 paragraph 66 for the statement; its form is not published, so that columns are mapped.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final, Literal

import msgspec
import polars as pl

from openmpca.accounting.queries import known_or_latest
from openmpca.accounting.reporting.area import Area, NoArea, area_of
from openmpca.accounting.reporting.queries import balance_of, in_book
from openmpca.accounting.reporting.standing import Reported, ReportedReport
from openmpca.formats.tables.fields import TableField
from openmpca.formats.tables.layout import Layout
from openmpca.formats.tables.mapping import ColumnMapping, Mapping, guess
from openmpca.formats.tables.sheet import Sheet
from openmpca.nuclear.categories import CATEGORIES, FISSILE, join_key
from openmpca.nuclear.mass import parse_grams, round_half_up
from openmpca.problems import Problem, errors

Class = Literal["agrees", "timing", "ours", "theirs", "unexplained"]

FIELDS: Final = (
    TableField(
        name="mba",
        title="Area",
        required=True,
        synonyms=("mba", "material balance area", "mba code"),
        meaning="The material balance area",
    ),
    TableField(
        name="category",
        title="Category",
        required=True,
        synonyms=("element", "material", "element code", "category code"),
        allowed=tuple(code for code, each in CATEGORIES.items() if each.agency == code),
        meaning="The category of the Agency",
    ),
    TableField(
        name="weight",
        title="Weight",
        kind="mass",
        required=True,
        synonyms=("book inventory", "element weight", "quantity", "inventory"),
        meaning="The element weight, in the unit of the column or of the column Unit",
    ),
    TableField(
        name="fissile",
        title="Fissile",
        kind="mass",
        synonyms=("fissile weight", "isotope weight", "u-235", "u235"),
        meaning="The fissile weight, in grams",
    ),
    TableField(name="unit", title="Unit", synonyms=("unit of weight",), allowed=("g", "kg", "G", "K", "KG")),
)
FISSILE_OF: Final = {"N": FISSILE, "D": FISSILE, "E": "U235", "U": "U235"}
_LATEST_REPORTS: Final = 60


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of their statement, in micrograms, beside ours."""

    mba: str
    key: str
    theirs: int
    book: int
    made: int
    sent: int
    acknowledged: int
    kind: Class
    why: str

    @property
    def difference(self) -> int:
        """Theirs less the book."""
        return self.theirs - self.book


def read_statement(
    path: Path, mapping: Mapping | None = None, sheet: str | None = None
) -> tuple[dict[str, dict[str, int]], list[Problem]]:
    """Their figures by area and weight key, and every problem of the table; with an error there are no figures."""
    statement = Sheet(path, FIELDS, sheet)
    read = statement.fitted(mapping or in_grams(guess(statement.columns(Layout()), FIELDS)))
    return ({}, read.problems) if errors(read.problems) else (_figures(read.frame), read.problems)


def in_grams(mapping: Mapping) -> Mapping:
    """A proposal in which a column Unit says how weights are to be read."""
    if not any(each.field == "unit" for each in mapping.columns):
        return mapping
    return msgspec.structs.replace(mapping, columns=tuple(_plain(each) for each in mapping.columns))


def _plain(column: ColumnMapping) -> ColumnMapping:
    mass = column.field in ("weight", "fissile") and not column.unit
    return msgspec.structs.replace(column, unit="g") if mass else column


def _figures(rows: pl.DataFrame) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in rows.iter_rows(named=True):
        sums = found.setdefault(row["mba"], {})
        scale = 1000 if str(row.get("unit") or "").lower() in ("kg", "k") else 1
        sums[row["category"]] = sums.get(row["category"], 0) + parse_grams(row["weight"]) * scale
        if row.get("fissile") is not None and row["category"] in FISSILE_OF:
            key = join_key(row["category"], FISSILE_OF[row["category"]])
            sums[key] = sums.get(key, 0) + parse_grams(row["fissile"])
    return found


def reconcile(
    theirs: dict[str, dict[str, int]], as_of: date, known_at: int | None = None, *, tolerance: int = 0
) -> list[Line]:
    """Each of their figures, and each of ours that they lack, beside what we have; ``tolerance`` in micrograms."""
    known = known_or_latest(known_at)
    found: list[Line] = []
    for mba in sorted(theirs):
        try:
            area = area_of(mba, known)
        except NoArea:
            found += [_unknown(mba, key, ug) for key, ug in theirs[mba].items()]
            continue
        found += _Beside(area, as_of, tolerance).lines(theirs[mba])
    return found


def _unknown(mba: str, key: str, ug: int) -> Line:
    why = f"We have no area {mba}."
    return Line(mba=mba, key=key, theirs=ug, book=0, made=0, sent=0, acknowledged=0, kind="unexplained", why=why)


@dataclass
class _Beside:
    area: Area
    as_of: date
    tolerance: int

    def __post_init__(self) -> None:
        said = self.area.reported
        self.book = in_book(self.area.code, self.as_of, self.area.known)
        self.made = balance_of(said, self.as_of)
        self.sent = balance_of(_only(said, (r for r in said.reports if r.counts("sent"))), self.as_of)
        acknowledged = [each for each in said.reports if each.counts("acknowledged")]
        self.acknowledged = balance_of(_only(said, acknowledged), self.as_of)

    def lines(self, theirs: dict[str, int]) -> Iterator[Line]:
        """All figures of the area: theirs, and ours that stand beside them."""
        elements = [key for key in {*self.book, *self.made} if "/" not in key]
        for key in sorted({*theirs, *elements}):
            ug = theirs.get(key, 0)
            kind, why = self.explained(key, ug)
            yield Line(
                mba=self.area.code,
                key=key,
                theirs=ug,
                book=self.book.get(key, 0),
                made=self.made.get(key, 0),
                sent=self.sent.get(key, 0),
                acknowledged=self.acknowledged.get(key, 0),
                kind=kind,
                why=why,
            )

    def same(self, key: str, ours: int, theirs: int) -> bool:
        """Rule 3."""
        step = self.area.step(key)
        return round_half_up(ours, step) == round_half_up(theirs, step) or abs(ours - theirs) <= self.tolerance

    def explained(self, key: str, ug: int) -> tuple[Class, str]:
        """Rule 2: the class of a figure, and the reason in words."""
        if self.same(key, self.book.get(key, 0), ug):
            return "agrees", ""
        if self.same(key, self.made.get(key, 0), ug):
            return "ours", "The book has more than was reported: see what is due."
        if self.same(key, self.acknowledged.get(key, 0), ug):
            return "timing", "They have the reports that they acknowledged."
        if self.same(key, self.sent.get(key, 0), ug):
            return "timing", "They have the reports that were sent; others are made and not sent."
        return self.without_some(key, ug)

    def without_some(self, key: str, ug: int) -> tuple[Class, str]:
        """Whether they lack the reports after some number, or one of all."""
        said = self.area.reported
        for place in range(len(said.reports) - 1, max(-1, len(said.reports) - _LATEST_REPORTS), -1):
            if self.same(key, balance_of(_only(said, said.reports[:place]), self.as_of).get(key, 0), ug):
                missing = said.reports[place:]
                return _missing(missing, f"They have nothing from report {missing[0].report} on.")
        for report in said.reports[-_LATEST_REPORTS:]:
            rest = [each for each in said.reports if each is not report]
            if self.same(key, balance_of(_only(said, rest), self.as_of).get(key, 0), ug):
                return _missing([report], f"They lack report {report.report}.")
        return "unexplained", "No set of our reports gives this figure."


def _missing(reports: list[ReportedReport], why: str) -> tuple[Class, str]:
    if any(each.acknowledged for each in reports):
        return "theirs", f"{why} It was acknowledged."
    return "timing", why


def _only(said: Reported, reports: Iterable[ReportedReport]) -> Reported:
    """What was reported in some of the reports."""
    kept = list(reports)
    numbers = {each.number for each in kept}
    entries = [each for each in said.entries if each.of in numbers]
    return replace(said, reports=kept, entries=entries)
