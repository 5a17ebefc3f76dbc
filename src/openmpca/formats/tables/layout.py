"""How somebody's sheet is laid out: where its heading stands, which rows are no lines, merged cells, its numbers.

People's tables have titles above, a total below, cells merged for the eye, numbers as their country writes them. None
of that is guessed in reading: it is declared in a `Layout`. `proposed` looks at a sheet and proposes one, which whoever
looks may change; what it leaves out is listed with its rows (`left_out`), and totals are compared with what they total.

Rules kept:

* A row is left out only by its number. A total that is left out and is not the sum of its rows is a problem.
* How numbers or days are written is proposed only where every cell can be read so and no other way of writing would
  give other values.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import msgspec
import polars as pl

from openmpca.formats.tables.fields import DECIMALS
from openmpca.formats.tables.rules import NOT_THE_TOTAL
from openmpca.formats.tables.values import ISO, date_pattern, dates, grams, micrograms, ungrouped
from openmpca.problems import Problem

LOOKED_AT: Final = 40
HEADINGS: Final = (1, 2, 3)
DATES: Final = (ISO, "DD.MM.YYYY", "D.M.YYYY", "DD/MM/YYYY", "MM/DD/YYYY", "DD-MM-YYYY", "YYYY/MM/DD", "YYYYMMDD")
_TOTAL: Final = re.compile(
    r"(grand |sub-?|book )?totals?\b.*|sum\b.*|итого\b.*|всего\b.*|итог\b.*|сумма\b.*|summe\b.*|gesamt.*|total\w*\b.*"
    r"|suma\b.*|somme\b.*|المجموع.*|合计.*|合計.*",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"[-+\d.,'\s%]+")


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """``heading`` is the row of the column names (0: the first with something in it), ``heading_rows`` how many rows
    they take; ``left_out`` are rows that are no lines. ``spread`` lets a merged cell hold its value in every cell that
    it covers. With ``decimal_comma`` cells of a spreadsheet that are numbers are written as its texts are.
    """

    heading: int = 0
    heading_rows: int = 1
    left_out: tuple[int, ...] = ()
    spread: bool = False
    decimal_comma: bool = False

    @property
    def last_heading(self) -> int:
        """The last row of the heading; 0 where it is not declared."""
        return self.heading + self.heading_rows - 1 if self.heading else 0


class Numbers(NamedTuple):
    """A way to write numbers, by an example: the decimal sign, and what sets thousands apart."""

    example: str
    decimal_comma: bool = False
    thousands: str = ""


NUMBERS: Final = (
    Numbers("1500.25"),
    Numbers("1500,25", decimal_comma=True),
    Numbers("1 500.25", thousands=" "),
    Numbers("1 500,25", decimal_comma=True, thousands=" "),
    Numbers("1,500.25", thousands=","),
    Numbers("1.500,25", decimal_comma=True, thousands="."),
    Numbers("1'500.25", thousands="'"),
)
USUAL: Final = NUMBERS[0]


def heading_of(rows: Sequence[tuple[int, Sequence[str]]], names: Iterable[str]) -> int:
    """The row that looks like a heading: the one with most of the names known, else the first of several words."""
    known = set(names)
    scores = [(sum(each in known for each in cells), number) for number, cells in rows]
    best = max((score for score, _ in scores), default=0)
    if best > 0:
        return next(number for score, number in scores if score == best)
    wordy = [number for number, cells in rows if len(_words(cells)) > 1]
    return wordy[0] if wordy else rows[0][0] if rows else 0


def _words(cells: Iterable[str]) -> list[str]:
    return [each for each in cells if each and not _NUMBER.fullmatch(each)]


def no_lines(frame: pl.DataFrame) -> tuple[int, ...]:
    """The rows that look like totals, or like remarks below a table: a single cell beside many columns."""
    columns = [name for name in frame.columns if name != "row"]
    found = []
    for row in frame.iter_rows(named=True):
        cells = [str(row[name]).strip() for name in columns if row[name] is not None and str(row[name]).strip()]
        if (len(cells) == 1 and len(columns) > 2) or any(_TOTAL.fullmatch(each) for each in _words(cells)[:1]):
            found.append(int(row["row"]))
    return tuple(found)


def headed(names: Sequence[str], frame: pl.DataFrame, layout: Layout) -> tuple[list[str], pl.DataFrame]:
    """The names of the columns, of all rows of the heading, and the rows below it."""
    made = list(names)
    if layout.heading_rows > 1 and layout.heading:
        more = frame.filter(pl.col("row") <= layout.last_heading).sort("row").drop("row").rows()
        made = _joined([made, *([str(each or "") for each in row] for row in more)])
        frame = frame.filter(pl.col("row") > layout.last_heading)
    return made, frame


def _joined(rows: list[list[str]]) -> list[str]:
    """Names in several rows as one: what stands above several columns is said of each of them."""
    for upper in rows[:-1]:
        said = ""
        for at, name in enumerate(upper):
            said = name.strip() or said
            upper[at] = said
    return [
        " ".join(dict.fromkeys(part.strip() for part in parts if part.strip())) for parts in zip(*rows, strict=True)
    ]


def numbers_of(columns: Iterable[pl.Series]) -> Numbers | None:
    """The way in which all numbers of some columns are written; None where none fits, or several differ in value."""
    texts = [each.str.strip_chars().drop_nulls() for each in columns]
    texts = [each.filter(each != "") for each in texts]
    fitting: dict[str, list[list[int | None]]] = {}
    for way in NUMBERS:
        read = [micrograms(ungrouped(each, way), DECIMALS["kg"], way.decimal_comma) for each in texts]
        if not any(each.null_count() for each in read):
            fitting[way.example] = [each.to_list() for each in read]
    values = list(fitting.values())
    if not values or any(each != values[0] for each in values):
        return None
    return next(way for way in NUMBERS if way.example in fitting)


def dates_of(column: pl.Series) -> str | None:
    """The way in which all days of a column are written; None where none fits, or several differ in value."""
    text = column.str.strip_chars().drop_nulls()
    text = text.filter(text != "")
    fitting = {}
    for way in DATES:
        read = dates(text, str(date_pattern(way)))
        if not read.null_count():
            fitting[way] = read.to_list()
    values = list(fitting.values())
    return next(iter(fitting), None) if values and all(each == values[0] for each in values) else None


def wrong_totals(frame: pl.DataFrame, left_out: pl.DataFrame, ways: dict[str, Numbers]) -> list[Problem]:
    """Totals among the rows left out that are not the sum of their rows: all of them, or those since the last total."""
    found: list[Problem] = []
    for name, way in ways.items():
        rows = list(zip(frame["row"], _read(frame[name], way), strict=True))
        since = 0
        for row, told in zip(left_out["row"], _read(left_out[name], way), strict=True):
            if told is None:
                continue
            whole = sum(ug or 0 for at, ug in rows if at < row)
            part = sum(ug or 0 for at, ug in rows if since < at < row)
            if told not in (whole, part):
                given, made = grams(pl.Series([told, whole], dtype=pl.Int64))
                said = f"It says {given}, the rows above come to {made}."
                found.append(NOT_THE_TOTAL.problem(said, record=f"row {row}", field=name))
            since = row
    return found


def _read(column: pl.Series, way: Numbers) -> list[int | None]:
    return micrograms(ungrouped(column.str.strip_chars(), way), DECIMALS["g"], way.decimal_comma).to_list()
