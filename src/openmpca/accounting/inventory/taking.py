"""Physical inventory: open an area, freeze the book, take in what was found, close the balance.

Rules kept here:

1. An inventory and its lines post nothing. The book changes when the closing is approved, and a closing always takes
   two persons: so an opening, and every MUF, has two names.
2. An opening is one act: inventory, lines and closing wait together for the second person.
3. A list is taken in whole or not at all; every problem of every row is told at once.
4. What was found without being measured again has basis T or L, after what it had; what was measured here has M.
5. After the cut-off changes go on, dated before or after it: the list is always that of the book as known now.

Source: INFCIRC/153, paragraphs 62 to 67; design, ideas 2 and 3.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import msgspec

from openmpca.accounting import statements
from openmpca.accounting.inventory.differences import (
    CannotRoll,
    Inventory,
    changes_between,
    lines_by_number,
    rolled,
)
from openmpca.accounting.inventory.fields import LISTED_FIELDS, NO, TICKED_FIELDS, UNNUMBERED, YES, Row, read_rows
from openmpca.accounting.inventory.tick_list import expected_lines
from openmpca.accounting.rules import closings as rules
from openmpca.accounting.statements import Closing, Listed
from openmpca.formats.code10.records import Report
from openmpca.formats.tables.limits import LIMITS, Limits
from openmpca.formats.tables.mapping import Mapping
from openmpca.nuclear.basis import AGENCY_BASIS
from openmpca.nuclear.mass import format_grams
from openmpca.problems import Problem, Rule, errors
from openmpca.record.act import Act
from openmpca.record.commands import NOW, Circumstances, Stated, state
from openmpca.record.record import Refused
from openmpca.record.references import to_come
from openmpca.record.statements import Fields

_RECORD: Final = re.compile(r"accounting\.listed ([0-9]+)")
_FILLED: Final = ("name", "kmp", "place", "description", "basis", "obligation", "programme", "owner")


def open_area(
    mba: str,
    day: date,
    lines: Sequence[Listed],
    act: Act,
    *,
    empty: bool = False,
    note: str = "",
    when: Circumstances = NOW,
    dry_run: bool = False,
    rows: Sequence[int] = (),
) -> Stated:
    """Prepare the opening inventory of an area: it is in force when a second person approves the proposal.

    ``rows`` are the rows of a table that the lines came from, to be named in problems; raises `Refused` with all. An
    area with nothing in it is opened ``empty``.
    """
    _confirmed(bool(lines) or empty)
    opening = statements.Inventory(day=day, mba=mba, opening=True, note=note)
    closing = Closing(day=day, mba=mba, inventory=to_come(0))
    numbered = [msgspec.structs.replace(each, inventory=to_come(0)) for each in lines]
    with _rows_named(rows):
        made = state([opening, *numbered, closing], act, when=when, dry_run=dry_run)
    return replace(made, problems=_renamed(made.problems, rows))


def open_from_file(
    path: Path,
    mba: str,
    day: date,
    act: Act,
    *,
    mapping: Mapping | None = None,
    sheet: str | None = None,
    note: str = "",
    when: Circumstances = NOW,
    dry_run: bool = False,
    limits: Limits = LIMITS,
) -> Stated:
    """Prepare the opening inventory of an area from a table with some of the columns of `LISTED_FIELDS`."""
    rows, problems = read_rows(path, mba, day, LISTED_FIELDS, mapping, sheet, limits)
    lines, numbers = [each.line for each in rows], [each.row for each in rows]
    if errors(problems):
        more = _dry(lambda: open_area(mba, day, lines, act, when=when, dry_run=True, rows=numbers))
        raise Refused([*problems, *more])
    made = open_area(mba, day, lines, act, note=note, when=when, dry_run=dry_run, rows=numbers)
    return replace(made, problems=[*problems, *made.problems])


def lines_of_pil(report: Report) -> list[Listed]:
    """The lines of a physical inventory listing in Code 10; entries without a batch (an empty inventory) make none."""
    header = report.header
    if header.kind != "P" or header.end is None:
        raise ValueError(f"{report.name} is no physical inventory listing with a date.")
    return [
        Listed(
            day=header.end,
            mba=header.mba,
            inventory=UNNUMBERED,
            batch=entry.batch,
            weights={key: format_grams(ug) for key, ug in entry.weights.items()},
            kmp=entry.kmp,
            description=entry.description,
            basis=entry.measurement.basis if entry.measurement else "",
            measured_at=entry.measurement.kmp if entry.measurement else "",
            method=entry.measurement.method if entry.measurement else "",
            items=entry.items or 0,
            operator_code=entry.own_description,
            operator_text=entry.own_text,
            reported=f"{header.number}/{entry.number}",
        )
        for entry in report.listed
        if entry.batch
    ]


def freeze(
    mba: str, day: date, act: Act, *, note: str = "", when: Circumstances = NOW, dry_run: bool = False
) -> Stated:
    """State a physical inventory as of the cut-off of a day; `tick_list` gives the list to tick."""
    return state([statements.Inventory(day=day, mba=mba, note=note)], act, when=when, dry_run=dry_run)


def found(
    number: int,
    batch: str,
    act: Act,
    told: Fields,
    *,
    measured: bool = False,
    when: Circumstances = NOW,
    dry_run: bool = False,
) -> Stated:
    """Take in one batch: as booked, but for the fields of `Listed` that are told (weights, items, place, seals ...)."""
    inventory = Inventory.of(number)
    line = expected_lines(inventory).get(batch) or Listed(
        day=inventory.day, mba=inventory.mba, inventory=number, batch=batch
    )
    basis = {"basis": "M"} if measured else {}
    told_line = msgspec.convert({**msgspec.structs.asdict(line), **basis, **told}, Listed)
    return take(number, [Row(row=1, line=told_line, found=YES)], act, when=when, dry_run=dry_run)


def take_file(
    number: int,
    path: Path,
    act: Act,
    *,
    mapping: Mapping | None = None,
    sheet: str | None = None,
    when: Circumstances = NOW,
    dry_run: bool = False,
    limits: Limits = LIMITS,
) -> Stated:
    """Take in a list that was ticked: `tick_list` filled in, or a table of one's own with some of its columns."""
    inventory = Inventory.of(number)
    rows, problems = read_rows(path, inventory.mba, inventory.day, TICKED_FIELDS, mapping, sheet, limits)
    return take(number, rows, act, problems=problems, whole=True, when=when, dry_run=dry_run)


def take(
    number: int,
    rows: Sequence[Row],
    act: Act,
    *,
    problems: Iterable[Problem] = (),
    whole: bool = False,
    when: Circumstances = NOW,
    dry_run: bool = False,
) -> Stated:
    """Take in rows that were ticked, all or none; ``whole`` says that they are to name every batch of the book.

    ``problems`` are those of reading the rows. Raises `Refused` with all problems, each naming its row.
    """
    inventory = Inventory.of(number)
    taken = _Taking(inventory, rows)
    known = [*problems, *taken.problems, *(taken.left_out() if whole else [])]
    lines, numbers = [each.line for each in taken.rows], [each.row for each in taken.rows]
    if errors(known):
        with _rows_named(numbers):
            raise Refused([*known, *_dry(lambda: state(lines, act, when=when, dry_run=True))])
    if not lines:
        return Stated(range(0), known)
    with _rows_named(numbers, known):
        made = state(lines, act, when=when, dry_run=dry_run)
    return replace(made, problems=[*known, *_renamed(made.problems, numbers)])


def close(
    number: int, act: Act, *, empty: bool = False, note: str = "", when: Circumstances = NOW, dry_run: bool = False
) -> Stated:
    """Close the balance of an area on an inventory; a second person approves it. ``empty``: nothing was found."""
    inventory = Inventory.of(number)
    _confirmed(bool(inventory.numbers) or empty)
    closing = Closing(day=inventory.day, mba=inventory.mba, inventory=number, note=note)
    return state([closing], act, when=when, dry_run=dry_run)


class _Taking:
    """Rows on their way to lines: blanks filled from the book, counts rolled, problems collected."""

    def __init__(self, inventory: Inventory, rows: Sequence[Row]) -> None:
        self.inventory = inventory
        self.expected = expected_lines(inventory)
        self.standing = {line.batch: number for number, line in lines_by_number(inventory).items()}
        self.moved = {day: _by_batch(inventory, day) for day in {each.line.counted for each in rows} if day}
        self.named = {each.line.batch for each in rows}
        self.problems: list[Problem] = []
        self.rows: list[Row] = []
        seen: set[str] = set()
        for row in rows:
            if self._fits(row, seen):
                self._take(row)
            seen.add(row.line.batch)

    def _fits(self, row: Row, seen: set[str]) -> bool:
        line = row.line
        if row.found not in (YES, NO):
            self._say(rules.NOT_TICKED, row, "found", f"{line.batch or 'The batch'} is neither found nor not found.")
        elif line.batch in seen:
            self._say(rules.TWICE, row, "batch", f"{line.batch} stands on the list twice.")
        elif self.standing.get(line.batch, line.corrects) != line.corrects:
            stands = self.standing[line.batch]
            self._say(rules.TWICE, row, "batch", f"{line.batch} was taken in by statement {stands}.")
        elif self.inventory.closing is not None and line.corrects is None and not line.reason:
            self._say(rules.CLOSED, row, "batch", f"Statement {self.inventory.closing} closed it.")
        else:
            return True
        return False

    def _take(self, row: Row) -> None:
        line = self._completed(row.line)
        if row.found == NO:
            line = msgspec.structs.replace(line, weights={}, items=0)
        elif not line.weights and not line.items:
            self._say(rules.NO_AMOUNT, row, "found", f"{line.batch} was found, but not how much.")
            return
        try:
            line = self._rolled(line)
        except CannotRoll as error:
            self._say(rules.NOT_ROLLED, row, "counted", f"{line.batch}: {error}")
            return
        if not line.weights and not line.items:
            return
        self._warn_unmeasured(row, line)
        self.rows.append(msgspec.structs.replace(row, line=line))

    def _completed(self, line: Listed) -> Listed:
        expected = self.expected.get(line.batch)
        blank = (
            {} if expected is None else {name: getattr(expected, name) for name in _FILLED if not getattr(line, name)}
        )
        return msgspec.structs.replace(line, inventory=self.inventory.number, **blank)

    def _rolled(self, line: Listed) -> Listed:
        if line.counted is None or line.counted == self.inventory.day:
            return line
        return rolled(line, self.moved[line.counted].get(line.batch, []))

    def _warn_unmeasured(self, row: Row, line: Listed) -> None:
        expected = self.expected.get(line.batch)
        if expected and expected.weights != line.weights and AGENCY_BASIS.get(line.basis) in ("T", "L"):
            message = f"{line.batch} differs from the book, and basis {line.basis} says that it was not measured again."
            self._say(rules.NOT_MEASURED, row, "basis", message)

    def _say(self, rule: Rule, row: Row, field: str, message: str) -> None:
        self.problems.append(rule.problem(message, record=row.record, field=field))

    def left_out(self) -> list[Problem]:
        """The batches of the book that neither the list nor a line before it names."""
        missing = sorted(set(self.expected) - self.named - set(self.standing))
        if not missing:
            return []
        message = f"{len(missing)} batches of the book are not on the list: {', '.join(missing[:10])}."
        return [rules.LEFT_OUT.problem(message, field="batch")]


def _by_batch(inventory: Inventory, counted: date) -> dict[str, list[tuple[str, str, int]]]:
    found: dict[str, list[tuple[str, str, int]]] = {}
    for batch, category, nuclide, ug in changes_between(inventory, counted).iter_rows():
        found.setdefault(batch, []).append((category, nuclide, ug))
    return found


def _confirmed(confirmed: bool) -> None:
    if not confirmed:
        raise Refused([rules.NOTHING_FOUND.problem("No line says what was found.", field="inventory")])


def _dry(attempt: Callable[[], object]) -> list[Problem]:
    try:
        attempt()
    except Refused as refused:
        return refused.problems
    return []


@contextmanager
def _rows_named(numbers: Sequence[int], before: Sequence[Problem] = ()) -> Iterator[None]:
    """Problems of lines name the rows of the table that they came from."""
    try:
        yield
    except Refused as refused:
        raise Refused([*before, *_renamed(refused.problems, numbers)]) from None


def _renamed(problems: Iterable[Problem], numbers: Sequence[int]) -> list[Problem]:
    def renamed(problem: Problem) -> Problem:
        match = _RECORD.fullmatch(problem.record)
        if match is None or int(match[1]) > len(numbers):
            return problem
        return msgspec.structs.replace(problem, record=f"row {numbers[int(match[1]) - 1]}")

    return [renamed(each) for each in problems]
