"""The Agency's list of unmatched transits beside our board: each row with its explanation, and what the list lacks.

Rules kept here:

1. A row is held against our statements with all that is known now, and against our reports as they stood on the day of
   the list: what was made, sent or acknowledged later is *timing*.
2. A row of our side *agrees* where nothing of ours answers it. A row that we answered with a fitting statement is
   *theirs* once both were acknowledged. A row of the other State that we answered is *timing* or *theirs* likewise.
3. What nearly fits is *ours*: batch name, category, weight, area or date differ, and one side has to be corrected. Our
   own statement that differs from the row is *timing* while its correction is not acknowledged, and *theirs* where
   the acknowledged report says what we hold.
4. Statements nearly fit in the batch, or in weight and areas, with at most two differences and within the window of
   transit. A row has one statement of ours, the best fitting first.
5. A domestic consignment that is open here and not on the list is *timing* or *theirs*. One abroad that is not on the
   list was answered by the other State: the list closes it.

Source: Code 10 (446, 447, receipts on the shipper's data); the list's form and the Agency's tolerances are not
published.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

import msgspec

from openmpca.accounting.queries import View, known_or_latest
from openmpca.accounting.reporting.area import Area, NoArea, area_of, areas_with_books, own_state
from openmpca.accounting.reporting.reconcile import FISSILE_OF, Class
from openmpca.accounting.reporting.reported_by_day import ReportedByDay
from openmpca.accounting.reporting.transit_list import Stated
from openmpca.accounting.transit.board import board
from openmpca.accounting.transit.consignments import Consignment, Transfer, terms
from openmpca.nuclear.categories import CATEGORIES, agency_key, join_key
from openmpca.nuclear.mass import UG_PER_G, UG_PER_KG, format_grams, round_half_up

ANSWERS: Final = {"SD": "RD", "RD": "SD", "SF": "RF", "RF": "SF"}
_MOST_DIFFERENCES: Final = 2


class TransitLine(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the list (``row``; 0: ours that the list lacks) beside our statement, masses in micrograms."""

    row: int
    stated: Stated
    kind: Class
    why: str
    ours: int | None = None
    statement: int | None = None
    report: str = ""
    differs: tuple[str, ...] = ()


def reconcile_transits(
    rows: Iterable[Stated], on: date, known_at: int | None = None, *, tolerance: int = 0
) -> list[TransitLine]:
    """Each row of the list of a day, and each consignment of ours that it lacks; ``tolerance`` in micrograms."""
    known = known_or_latest(known_at)
    return list(_Beside(list(rows), on, known, tolerance).lines())


@dataclass
class _Beside:
    rows: list[Stated]
    on: date
    known: int
    tolerance: int

    def __post_init__(self) -> None:
        state = own_state(self.known)
        self.country = state.code if state else ""
        self.consignments = board(View.of(date.max, self.known)).consignments
        self.areas: dict[str, Area | None] = {}
        self.reports = ReportedByDay(self.on, self.known)
        self.parts: dict[Stated, tuple[Transfer, Consignment]] = {}
        for each in self.consignments:
            for part in (each.shipment, *each.receipts):
                if part is not None:
                    rest = each.open_ug if part is each.shipment and each.standing == "partly matched" else None
                    self.parts[_stated(part, rest)] = (part, each)

    def lines(self) -> Iterator[TransitLine]:
        """The rows in the order of the list, then what it lacks."""
        for row in self.rows:
            yield self.of_row(row)
        yield from self.lacking()

    @cached_property
    def ours(self) -> dict[Stated, Stated]:
        """Which statement of ours each row is about: the same side's for our rows, the answer to the others."""
        near = _Near([*self.parts], self)
        found: dict[Stated, Stated] = {}
        for own in (True, False):
            rows = [row for row in self.rows if self.is_ours(row) is own]
            codes = {row: row.code if own else ANSWERS[row.code] for row in rows}
            found |= _assigned([(rank, row, each) for row, code in codes.items() for rank, each in near.of(row, code)])
        return found

    def is_ours(self, row: Stated) -> bool:
        """Whether a row shows what we stated, and not another State."""
        if row.own.country and self.country:
            return row.own.country == self.country
        return row.domestic or row.own.area in self.books

    @cached_property
    def books(self) -> set[str]:
        return set(areas_with_books(self.known))

    def of_row(self, row: Stated) -> TransitLine:
        """One row with its explanation."""
        part = self.ours.get(row)
        if part is None:
            kind, why, report = self.unknown(row)
            return TransitLine(row=row.number, stated=row, kind=kind, why=why, report=report)
        transfer, consignment = self.parts[part]
        differs = self.differences(row, part)
        report, late = self.reports.of(transfer)
        if not self.is_ours(row):
            kind, why = self.answered(row, part, differs, late)
        elif differs:
            kind, why = self.otherwise(row, part, differs, late)
        elif row.domestic:
            kind, why, differs = self.at_home(part, consignment)
        else:
            kind, why, differs = self.abroad(row)
        return TransitLine(
            row=row.number,
            stated=row,
            ours=part.ug,
            statement=transfer.number,
            report=report,
            kind=kind,
            why=why,
            differs=differs,
        )

    def unknown(self, row: Stated) -> tuple[Class, str, str]:
        """Why there is no statement of ours for a row, and the entry that was taken away."""
        ours = self.is_ours(row)
        side = row.own if ours else (row.receiver if row.ships else row.shipper)
        if not ours and side.country not in ("", self.country):
            return "unexplained", "Neither side is ours.", ""
        if side.area and side.area not in self.books:
            return "unexplained", f"We have no area {side.area}.", ""
        if not ours:
            return "unexplained", f"We have stated no {ANSWERS[row.code]} that answers it.", ""
        return self.reports.gone(row)

    def answered(self, row: Stated, part: Stated, differs: tuple[str, ...], late: str) -> tuple[Class, str]:
        """A row of another State that a statement of ours answers."""
        if differs:
            return "ours", _words(row, part, differs)
        if late:
            return "timing", f"Our {part.code} {late}"
        return "theirs", f"They acknowledged our {part.code}, and the other State's {row.code} is on their list."

    def otherwise(self, row: Stated, part: Stated, differs: tuple[str, ...], late: str) -> tuple[Class, str]:
        """A row of ours that is not what we hold (rule 3)."""
        said = _words(row, part, differs)
        transfer, _ = self.parts[part]
        if not late:
            return "theirs", f"{said} The report that they acknowledged says what we hold."
        if transfer.number != transfer.root:
            return "timing", f"{said} Our correction {late}"
        return "ours", f"{said} Our {part.code} {late}"

    def at_home(self, part: Stated, consignment: Consignment) -> tuple[Class, str, tuple[str, ...]]:
        """A row of ours that stays in the State: whether we have it open, or how its other side stands."""
        transfer, _ = self.parts[part]
        others = [each for each in self.others(transfer, consignment) if each.day <= self.on]
        if not others:
            mate = self.unmatched(part)
            if mate is None:
                return "agrees", "", ()
            differs = self.differences(part, mate)
            return "ours", _words(part, mate, differs), differs
        mates = [_stated(each) for each in others]
        wrong = [(mate, found) for mate in mates if (found := self.pair(part, mate, consignment))]
        if wrong:
            mate, differs = wrong[0]
            return "ours", _words(part, mate, differs), differs
        if consignment.standing == "partly matched":
            return "agrees", "Some of it has arrived.", ()
        for each in others:
            if late := self.reports.of(each)[1]:
                return "timing", f"Our {each.code} {late}", ()
        return "theirs", "They acknowledged both sides of it.", ()

    def pair(self, part: Stated, mate: Stated, consignment: Consignment) -> tuple[str, ...]:
        """What differs between two statements that we take for one consignment; one lot weighs less than the whole."""
        found = tuple(name for name in self.differences(part, mate) if "weight" not in name)
        return (*found, "weight") if consignment.standing == "differs" else found

    @staticmethod
    def others(transfer: Transfer, consignment: Consignment) -> list[Transfer]:
        """The other side of a consignment."""
        if transfer.ships:
            return list(consignment.receipts)
        return [consignment.shipment] if consignment.shipment else []

    def unmatched(self, part: Stated) -> Stated | None:
        """A statement of ours that nearly answers another, which the board did not take for its answer."""
        return next((mate for _, mate in sorted(self.alone.of(part, ANSWERS[part.code]), key=_rank)), None)

    @cached_property
    def alone(self) -> "_Near":
        found = [part for part, (of, consignment) in self.parts.items() if not self.others(of, consignment)]
        return _Near([part for part in found if part.domestic and part.day <= self.on], self)

    def abroad(self, row: Stated) -> tuple[Class, str, tuple[str, ...]]:
        """A row of ours to or from another State: open with us too, unless its row stands on the list beside ours."""
        theirs = [each for each in self.rows if not self.is_ours(each) and not each.domestic]
        for _, mate in sorted(_Near(theirs, self).of(row, ANSWERS[row.code]), key=_rank):
            differs = self.differences(row, mate)
            words = _words(mate, row, differs, f"row {row.number}")
            return "ours", f"Row {mate.number} is its other side. {words}", differs
        return "agrees", "", ()

    def lacking(self) -> Iterator[TransitLine]:
        """Domestic consignments that are open with us and have no row (rule 5)."""
        listed = {self.parts[part][1].first.number for part in self.ours.values()}
        for each in self.consignments:
            if each.scope == "domestic" and each.first.number not in listed and self.is_open(each):
                yield self.lacks(each)

    def is_open(self, consignment: Consignment) -> bool:
        """Whether something of a consignment waited for its other side on the day of the list."""
        answered = all(each.day <= self.on for each in consignment.receipts)
        return consignment.first.day <= self.on and not (answered and consignment.standing == "matched")

    def lacks(self, consignment: Consignment) -> TransitLine:
        first = consignment.first
        part = _stated(first, consignment.open_ug if consignment.standing == "partly matched" else None)
        kind, why, differs = self.at_home(part, consignment)
        report, late = self.reports.of(first)
        if kind != "ours":
            kind = "timing" if late else "theirs"
            why = f"Our {first.code} {late}" if late else f"They acknowledged our {first.code} and do not list it."
        return TransitLine(
            row=0,
            stated=part,
            ours=part.ug,
            statement=first.number,
            report=report,
            kind=kind,
            why=why,
            differs=differs,
        )

    def differences(self, row: Stated, part: Stated) -> tuple[str, ...]:
        """In which fields two statements differ."""
        same_side = row.code == part.code
        found = {
            "batch": row.batch.strip().casefold() != part.batch.strip().casefold(),
            "category": row.category != part.category,
            "weight": not self.weighs(row, part),
            "fissile weight": not self.fissile(row, part),
            "area": not (row.shipper.fits(part.shipper) and row.receiver.fits(part.receiver)),
            "date": row.day != part.day if same_side else not self.in_time(row, part),
        }
        return tuple(name for name, differs in found.items() if differs)

    @staticmethod
    def in_time(row: Stated, part: Stated) -> bool:
        """Whether both days may be of one consignment."""
        shipped, received = (row.day, part.day) if row.ships else (part.day, row.day)
        return terms().window.holds(shipped, received)

    def weighs(self, row: Stated, part: Stated) -> bool:
        """Whether both weigh the same after rounding, or within the tolerance."""
        return any(
            ug is not None and other is not None and self.same(row.category, part, ug, other)
            for ug in (row.ug, row.rest)
            for other in (part.ug, part.rest)
        )

    def fissile(self, row: Stated, part: Stated) -> bool:
        if row.fissile is None or part.fissile is None or row.category != part.category:
            return True
        return self.same(join_key(row.category, FISSILE_OF[row.category]), part, row.fissile, part.fissile)

    def same(self, key: str, part: Stated, ug: int, other: int) -> bool:
        """Whether two masses are one to the printed unit of the area, or to what the terms of transit allow."""
        area = self.area(part.own.area)
        step = area.step(key) if area else 1
        allowed = max(self.tolerance, terms().tolerance["domestic" if part.domestic else "foreign"].ug(part.category))
        return round_half_up(ug, step) == round_half_up(other, step) or abs(ug - other) <= allowed

    def area(self, code: str) -> Area | None:
        if code not in self.areas:
            try:
                self.areas[code] = area_of(code, self.known)
            except NoArea:
                self.areas[code] = None
        return self.areas[code]


def _stated(part: Transfer, rest: int | None = None) -> Stated:
    fissile: dict[str, int] = {}
    for key, ug in part.weights.items():
        if key != "#" and (wanted := agency_key(key)):
            fissile[wanted] = fissile.get(wanted, 0) + ug
    return Stated(
        number=part.number,
        code=part.code,
        day=part.day,
        shipper=part.shipper,
        receiver=part.receiver,
        batch=part.key,
        category=part.category,
        ug=part.element_ug,
        fissile=fissile.get(join_key(part.category, FISSILE_OF[part.category]))
        if part.category in FISSILE_OF
        else None,
        rest=rest,
    )


_Rank = tuple[int, int, int]


def _rank(found: tuple[_Rank, Stated]) -> _Rank:
    return found[0]


class _Near:
    """Statements by what a row may know them by: the batch, or the weight to the unit of account."""

    def __init__(self, parts: list[Stated], beside: _Beside) -> None:
        self.beside = beside
        self.found: dict[object, list[Stated]] = defaultdict(list)
        for part in parts:
            for key in _keys(part):
                self.found[key].append(part)

    def of(self, row: Stated, code: str) -> Iterator[tuple[_Rank, Stated]]:
        """The statements under a code that nearly fit, with their rank (rule 4)."""
        seen = dict.fromkeys(part for key in _keys(row) for part in self.found.get(key, ()))
        for part in seen:
            differs = self.beside.differences(row, part)
            known = "batch" not in differs or not {"weight", "area"} & {*differs}
            near = len(differs) <= _MOST_DIFFERENCES and self.in_time(row, part)
            if part.code == code and known and near:
                yield (len(differs), abs((row.day - part.day).days), part.number), part

    def in_time(self, row: Stated, part: Stated) -> bool:
        if row.code == part.code:
            return abs((row.day - part.day).days) <= terms().window.after_days
        return self.beside.in_time(row, part)


def _keys(part: Stated) -> Iterator[object]:
    """What a statement is found by; weights that round to neighbours count as one of both."""
    yield part.batch.strip().casefold()
    unit = UG_PER_KG if CATEGORIES[part.category].unit == "K" else UG_PER_G
    for ug in {part.ug, part.ug if part.rest is None else part.rest}:
        yield from {(part.category, (ug + shift) // unit) for shift in (0, unit // 2, -(unit // 2))}


def _assigned(fitting: list[tuple[_Rank, Stated, Stated]]) -> dict[Stated, Stated]:
    """Each row with one statement, and each statement with one row, the best fitting first."""
    found: dict[Stated, Stated] = {}
    taken: set[Stated] = set()
    for _, row, part in sorted(fitting, key=lambda each: (each[0], each[1].number)):
        if row not in found and part not in taken:
            found[row] = part
            taken.add(part)
    return found


def _words(row: Stated, part: Stated, differs: tuple[str, ...], other: str = "") -> str:
    """What differs in words: theirs, or the one side's, then ours, or the other's."""
    beside = other or f"statement {part.number}"
    told = [f"{name} {_value(row, name)}, {beside} {_value(part, name)}" for name in differs]
    return f"Differs: {'; '.join(told)}."


def _value(part: Stated, name: str) -> str:
    values = {
        "batch": part.batch,
        "category": part.category,
        "weight": f"{format_grams(part.ug)} g",
        "fissile weight": f"{format_grams(part.fissile or 0)} g",
        "area": f"{part.shipper} to {part.receiver}",
        "date": str(part.day),
    }
    return values[name]
