"""Spreadsheets (.xlsx, .ods) as text, one sheet at a time.

Rules kept:

* A number is written with 15 significant digits, as spreadsheet programs show it, so that 12.3 stays 12.3; a whole
  number has no decimals. A date is YYYY-MM-DD, with a time of day only where there is one. True is yes, false is no.
* A cell with a formula's error and merged cells are problems: they would read as blank, the merged ones all but one,
  unless the layout spreads their value. Merged titles above the heading that it declares are nobody's loss.
* Nothing is loaded before its size has been surveyed.
"""

import datetime
import io
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import islice, product
from typing import Final, TypeVar

import polars as pl
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from openmpca.formats.tables.archive import kind_of, open_archive
from openmpca.formats.tables.layout import LOOKED_AT, Layout
from openmpca.formats.tables.limits import Limits
from openmpca.formats.tables.rules import (
    DAMAGED,
    FORMULA_ERROR,
    MERGED,
    NO_HEADER,
    NO_SHEET,
    OTHER_SHEETS,
    SHOWN,
    Refused,
    found,
)
from openmpca.formats.tables.survey import Place, Sheet, column_letters, survey_ods, survey_xlsx
from openmpca.problems import Problem

Cell = str | int | float | bool | datetime.date | datetime.datetime | datetime.time | datetime.timedelta

_Range = tuple[Place, Place]

BATCH: Final = 20_000
SPREAD: Final = 100_000
"""How many cells merged cells may cover, for their values to be spread over them."""
STRICT: Final = Layout()


_T = TypeVar("_T")


def read_workbook(
    data: bytes, title: str | None, limits: Limits, layout: Layout
) -> tuple[list[str], pl.DataFrame, list[Problem]]:
    """The header's names, a frame of text columns ``c0``, ``c1`` ... with ``row``, and the problems.

    Raises ``Refused`` when no table can be made of the file.
    """
    return _opened(data, limits, lambda book, surveyed: _read(book, title, surveyed, layout))


def first_of_workbook(data: bytes, title: str | None, limits: Limits) -> list[tuple[int, list[str]]]:
    """The first rows with something in them, with their numbers, whatever they hold. Raises ``Refused``."""

    def first(book: CalamineWorkbook, surveyed: dict[str, Sheet]) -> list[tuple[int, list[str]]]:
        chosen, _ = _choose(_titles(book, title), title)
        rows = islice(_rows(book.get_sheet_by_name(chosen), [], STRICT), LOOKED_AT)
        return [(number, [(each or "").strip() for each in texts]) for number, texts in rows]

    return _opened(data, limits, first)


def sheets_of(data: bytes, limits: Limits) -> list[str]:
    """The names of the visible sheets. Raises ``Refused``."""
    return _opened(data, limits, lambda book, surveyed: _titles(book, None))


def _opened(data: bytes, limits: Limits, ask: Callable[[CalamineWorkbook, dict[str, Sheet]], _T]) -> _T:
    archive = open_archive(data, limits)
    surveyed = survey_xlsx(archive, limits) if kind_of(archive) == "xlsx" else survey_ods(archive, limits)
    try:
        return ask(CalamineWorkbook.from_filelike(io.BytesIO(data)), surveyed)
    except (CalamineError, OSError, ValueError) as error:
        raise Refused(DAMAGED.problem(f"The spreadsheet cannot be read: {error}.")) from None
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise Refused(DAMAGED.problem("The spreadsheet cannot be read.")) from None


def text_of(cell: Cell, *, decimal_comma: bool = False) -> str | None:
    """The text of one cell; blank is None. A number is written with a decimal point, or with a comma.

    >>> text_of(0.1 + 0.2), text_of(5.0), text_of(1e-7), text_of(-0.0), text_of(True), text_of("")
    ('0.3', '5', '0.0000001', '0', 'yes', None)
    >>> text_of(datetime.datetime(2026, 3, 1)), text_of(datetime.datetime(2026, 3, 1, 6, 30))
    ('2026-03-01', '2026-03-01T06:30:00')
    """
    if isinstance(cell, str):
        return cell or None
    text = _TEXT[type(cell)](cell)
    return text.replace(".", ",") if decimal_comma and type(cell) is float else text


def _number(cell: float) -> str:
    text = f"{cell:.15g}"
    text = format(Decimal(text), "f") if "e" in text else text
    return "0" if text == "-0" else text


def _moment(cell: datetime.datetime) -> str:
    return cell.isoformat() if cell.time() != datetime.time() else cell.date().isoformat()


_TEXT: Final[dict[type, Callable[..., str]]] = {
    float: _number,
    int: str,
    bool: lambda cell: "yes" if cell else "no",
    datetime.datetime: _moment,
    datetime.date: datetime.date.isoformat,
    datetime.time: datetime.time.isoformat,
    datetime.timedelta: str,
}


def _titles(workbook: CalamineWorkbook, asked: str | None) -> list[str]:
    """The sheets that are seen, and the one that is asked for."""
    return [
        sheet.name
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet and (sheet.visible == SheetVisibleEnum.Visible or sheet.name == asked)
    ]


def _read(
    workbook: CalamineWorkbook, title: str | None, surveyed: dict[str, Sheet], layout: Layout
) -> tuple[list[str], pl.DataFrame, list[Problem]]:
    chosen, problems = _choose(_titles(workbook, title), title)
    sheet, survey = workbook.get_sheet_by_name(chosen), surveyed.get(chosen, Sheet())
    merged = _in_lines(_merged(sheet, survey), layout)
    spread = merged if layout.spread and _covered(merged) <= SPREAD else []
    names, frame = _frame(_rows(sheet, spread, layout))
    return names, frame, problems + _wrongly_merged([] if spread else merged) + _errors(survey, names)


def _choose(titles: list[str], title: str | None) -> tuple[str, list[Problem]]:
    if not titles or title not in (None, *titles):
        raise Refused(NO_SHEET.problem(f"There is no sheet {title!r}; the file has {', '.join(titles) or 'none'}."))
    if title is not None or len(titles) == 1:
        return title or titles[0], []
    return titles[0], [OTHER_SHEETS.problem(f"Read was {titles[0]!r}, not {', '.join(map(repr, titles[1:]))}.")]


def _rows(sheet: CalamineSheet, spread: list[_Range], layout: Layout) -> Iterator[tuple[int, list[str | None]]]:
    """Rows with something in them from the heading on, with their number from 1 and every cell from column A."""
    margin: list[str | None] = [None] * (sheet.start[1] if sheet.start else 0)
    covered = {(row, column): top for top, bottom in spread for row, column in _cells(top, bottom)}
    tops: dict[Place, str | None] = {}
    for number, row in enumerate(sheet.iter_rows(), start=1):
        texts = margin + [text_of(cell, decimal_comma=layout.decimal_comma) for cell in row]
        for at in range(len(texts)) if covered else ():
            if (top := covered.get((number, at + 1))) is not None:
                tops.setdefault(top, texts[at])
                texts[at] = tops[top]
        if number >= layout.heading and any(text is not None for text in texts):
            yield number, texts


def _cells(top: Place, bottom: Place) -> Iterator[Place]:
    return product(range(top[0], bottom[0] + 1), range(top[1], bottom[1] + 1))


def _frame(rows: Iterator[tuple[int, list[str | None]]]) -> tuple[list[str], pl.DataFrame]:
    header = next(rows, None)
    if header is None:
        raise Refused(NO_HEADER.problem("The sheet is empty."))
    names = [f"c{i}" for i in range(len(header[1]))]
    schema = dict.fromkeys(names, pl.String) | {"row": pl.Int64}
    frames = [pl.DataFrame(schema=schema)]
    while batch := list(islice(rows, BATCH)):
        columns = zip(*(texts for _, texts in batch), strict=True)
        data = [pl.Series(name, column, pl.String) for name, column in zip(names, columns, strict=True)]
        frames.append(pl.DataFrame([*data, pl.Series("row", [number for number, _ in batch], pl.Int64)]))
    return [name or "" for name in header[1]], pl.concat(frames)


def _merged(sheet: CalamineSheet, survey: Sheet) -> list[_Range]:
    return survey.merged + [
        ((top + 1, left + 1), (bottom + 1, right + 1))
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or []
    ]


def _in_lines(ranges: list[_Range], layout: Layout) -> list[_Range]:
    """The merged cells that matter: those in lines, as neither titles above nor the heading nor rows left out are."""
    return [
        (top, bottom)
        for top, bottom in ranges
        if bottom[0] > layout.last_heading and not set(range(top[0], bottom[0] + 1)) <= set(layout.left_out)
    ]


def _covered(ranges: list[_Range]) -> int:
    return sum((bottom - top + 1) * (right - left + 1) for (top, left), (bottom, right) in ranges)


def _wrongly_merged(ranges: list[_Range]) -> list[Problem]:
    shown = [
        (top, f"Cells {column_letters(left)}{top} to {column_letters(right)}{bottom} are merged.")
        for (top, left), (bottom, right) in ranges[:SHOWN]
    ]
    return found(MERGED, shown, "", len(ranges))


def _errors(survey: Sheet, names: list[str]) -> list[Problem]:
    problems = []
    for (row, column), text in survey.errors:
        name = names[column - 1].strip() if column <= len(names) else ""
        problems.append(
            FORMULA_ERROR.problem(
                f"The cell holds {text}.", record=f"row {row}", field=name or f"column {column_letters(column)}"
            )
        )
    return problems + found(FORMULA_ERROR, [], "", survey.error_count - len(problems))
