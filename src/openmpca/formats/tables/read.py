"""Reading a table that somebody sends: delimited text, .xlsx or .ods, told apart by content.

``read_table`` never raises on what a file holds. It returns every column as text, the true row number of each row in
the column ``row``, blank cells as null, wholly blank rows left out; and all problems at once, by row and column. Where
an error is among them the frame is there only so that further checks can find their own; it is not to be booked.
"""

from pathlib import Path
from typing import Final

import polars as pl

from openmpca.formats.tables.delimited import read_delimited
from openmpca.formats.tables.limits import LIMITS, Limits
from openmpca.formats.tables.rules import (
    COLUMN_CALLED_ROW,
    DUPLICATE_HEADER,
    EMPTY_HEADER,
    NO_FILE,
    NO_TABLE,
    OTHER_CONTENT,
    TOO_LARGE,
    Refused,
)
from openmpca.formats.tables.survey import column_letters
from openmpca.formats.tables.workbook import read_workbook
from openmpca.problems import Problem

_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OTHERS: Final = {
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls) or a spreadsheet with a password",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a compressed file",
    b"{\\rtf": "a text document",
}
_SPREADSHEETS: Final = (".xlsx", ".xlsm", ".ods")
_TEXTS: Final = (".csv", ".tsv", ".txt", ".tab")


def read_table(path: Path, sheet: str | None = None, limits: Limits = LIMITS) -> tuple[pl.DataFrame, list[Problem]]:
    """The table of a file and every problem found; of a spreadsheet, the ``sheet`` named or the first visible one."""
    try:
        names, frame, problems = _read(path, sheet, limits)
    except Refused as refused:
        return pl.DataFrame(schema={"row": pl.Int64}), [refused.problem]
    except OSError as error:
        return pl.DataFrame(schema={"row": pl.Int64}), [NO_FILE.problem(f"{path.name}: {error.strerror or error}.")]
    frame, wrong_names = _name_columns(names, frame)
    return frame, problems + wrong_names


def _read(path: Path, sheet: str | None, limits: Limits) -> tuple[list[str], pl.DataFrame, list[Problem]]:
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
    names, frame, others = read_workbook(data, sheet, limits) if is_zip else read_delimited(path, limits)
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
