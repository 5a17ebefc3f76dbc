"""Reading a table that somebody sends: delimited text, .xlsx or .ods, told apart by content.

``read_table`` never raises on what a file holds. It returns every column as text, the true row number of each row in
the column ``row``, blank cells as null, wholly blank rows left out; and all problems at once, by row and column. Where
an error is among them the frame is there only so that further checks can find their own; it is not to be booked.
"""

from pathlib import Path
from typing import Final

import polars as pl

from openmpca.formats.tables.delimited import first_of_delimited, read_delimited
from openmpca.formats.tables.layout import Layout, headed
from openmpca.formats.tables.limits import LIMITS, Limits
from openmpca.formats.tables.rules import (
    COLUMN_CALLED_ROW,
    DUPLICATE_HEADER,
    EMPTY_HEADER,
    NO_FILE,
    NO_TABLE,
    OTHER_CONTENT,
    RAGGED,
    TOO_LARGE,
    Refused,
)
from openmpca.formats.tables.survey import column_letters
from openmpca.formats.tables.workbook import first_of_workbook, read_workbook, sheets_of
from openmpca.problems import Problem

STRICT: Final = Layout()
_NOTHING: Final = pl.DataFrame(schema={"row": pl.Int64})
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OTHERS: Final = {
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls) or a spreadsheet with a password",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a compressed file",
    b"{\\rtf": "a text document",
}
_SPREADSHEETS: Final = (".xlsx", ".xlsm", ".ods")
_TEXTS: Final = (".csv", ".tsv", ".txt", ".tab")


def read_table(
    path: Path, sheet: str | None = None, limits: Limits = LIMITS, layout: Layout = STRICT
) -> tuple[pl.DataFrame, list[Problem]]:
    """The table of a file and every problem found; of a spreadsheet, the ``sheet`` named or the first visible one.

    ``layout`` says where its heading stands and which rows are no lines; unless it is said, the first row is the
    heading and every other one a line.
    """
    frame, _left_out, problems = read_whole(path, sheet, limits, layout)
    return frame, problems


def read_whole(
    path: Path, sheet: str | None = None, limits: Limits = LIMITS, layout: Layout = STRICT
) -> tuple[pl.DataFrame, pl.DataFrame, list[Problem]]:
    """The table of a file, the rows that its layout leaves out, and every problem found."""
    try:
        names, frame, problems = _read(path, sheet, limits, layout)
    except Refused as refused:
        return _NOTHING, _NOTHING, [refused.problem]
    except OSError as error:
        return _NOTHING, _NOTHING, [NO_FILE.problem(f"{path.name}: {error.strerror or error}.")]
    names, frame = headed(names, frame, layout)
    frame, wrong_names = _name_columns(names, frame)
    no_line = frame["row"].is_in(list(layout.left_out))
    rows = {f"row {each}" for each in layout.left_out}
    told = [each for each in problems if each.rule != RAGGED.number or each.record not in rows]
    return frame.filter(~no_line), frame.filter(no_line), told + wrong_names


def first_rows(path: Path, sheet: str | None = None, limits: Limits = LIMITS) -> list[tuple[int, list[str]]]:
    """The first rows with something in them, with their numbers, whatever they hold; none of what cannot be read."""
    try:
        if _is_zip(path):
            return first_of_workbook(path.read_bytes(), sheet, limits)
        return first_of_delimited(path)
    except (Refused, OSError):
        return []


def sheets(path: Path, limits: Limits = LIMITS) -> list[str]:
    """The names of the visible sheets of a spreadsheet; none of anything else."""
    try:
        return sheets_of(path.read_bytes(), limits) if _is_zip(path) else []
    except (Refused, OSError):
        return []


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4).startswith(_ZIP)


def _read(
    path: Path, sheet: str | None, limits: Limits, layout: Layout
) -> tuple[list[str], pl.DataFrame, list[Problem]]:
    if path.exists() and not path.is_file():
        raise Refused(NO_FILE.problem(f"{path.name} is not a file."))
    size = path.stat().st_size
    if size > limits.bytes:
        raise Refused(TOO_LARGE.problem(f"{path.name} has {size} bytes; allowed are {limits.bytes}."))
    with path.open("rb") as file:
        head = file.read(64)
        is_zip = head.startswith(_ZIP)
        _refuse_others(head)
        data = head + file.read(limits.bytes) if is_zip else b""
    problems = _ending(path, is_zip)
    if is_zip:
        names, frame, others = read_workbook(data, sheet, limits, layout)
    else:
        names, frame, others = read_delimited(path, limits, layout)
    return names, frame, problems + others


def _refuse_others(head: bytes) -> None:
    start = head.lstrip()
    for magic, what in _OTHERS.items():
        if start.startswith(magic):
            raise Refused(NO_TABLE.problem(f"The file is {what}."))
    if start[:5].lower() in (b"<html", b"<!doc", b"<?xml", b"<tabl"):
        raise Refused(NO_TABLE.problem("The file is a web page or XML document."))


def _ending(path: Path, is_zip: bool) -> list[Problem]:
    expected, other = (_SPREADSHEETS, "a spreadsheet") if is_zip else (_TEXTS, "text")
    if path.suffix.lower() in expected:
        return []
    return [OTHER_CONTENT.problem(f"{path.name} holds {other} and was read as such.")]


def _name_columns(names: list[str], frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Problem]]:
    """The frame under the header's names; a column with neither name nor value is left out."""
    problems: list[Problem] = []
    kept: dict[str, str] = {}
    taken = {"row"}
    for i, written in enumerate(names):
        name = " ".join(written.split())
        if not name and frame[f"c{i}"].null_count() == frame.height:
            continue
        kept[f"c{i}"] = _distinct(name, column_letters(i + 1), taken, problems)
        taken.add(kept[f"c{i}"])
    return frame.select("row", *(pl.col(column).alias(name) for column, name in kept.items())), problems


def _distinct(name: str, letters: str, taken: set[str], problems: list[Problem]) -> str:
    if not name:
        problems.append(EMPTY_HEADER.problem(f"Column {letters} has values but no name.", field=f"column {letters}"))
    elif name == "row":
        problems.append(COLUMN_CALLED_ROW.problem(f"Column {letters} is called 'row {letters}' here.", field=name))
    elif name in taken:
        problems.append(DUPLICATE_HEADER.problem(f"Column {letters} has a name that came before.", field=name))
    else:
        return name
    other = f"{name or 'column'} {letters}"
    while other in taken:
        other += "'"
    return other
