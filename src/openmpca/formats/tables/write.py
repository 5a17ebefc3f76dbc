"""Lists written as CSV, .xlsx and JSON: exact, the same bytes for the same list, and harmless to open.

Rules kept:

* No text is ever evaluated by the spreadsheet program that opens it. In CSV a text that begins with ``= + - @``, a
  tab or a line break (or the full-width forms of those signs) gets an apostrophe before it; a plain negative number,
  such as -12.5, is left a number. An apostrophe that stands there already gets another, so that ``read_table`` takes
  off exactly what was put on. In .xlsx such a text is stored as text, marked as quoted, and unchanged.
* A mass is decimal text in grams. CSV and JSON carry it digit for digit. In .xlsx it is a number shown with its own
  decimals when 15 significant digits hold it exactly, and otherwise text.
* A date before March 1900, which spreadsheet programs count differently, is text.
* No date of making goes into a file.

Source: OWASP, CSV injection; RFC 4180; ECMA-376 part 1, 18.8.45 (``quotePrefix``).
"""

import csv
import datetime
import io
import re
from collections.abc import Iterable, Sequence
from typing import IO, Final

import msgspec
import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from openmpca.formats.tables.delimited import ESCAPED
from openmpca.formats.tables.fields import FieldKind

Value = str | int | datetime.date | None

NO_DATE: Final = datetime.datetime(1980, 1, 1, tzinfo=datetime.UTC)
FIRST_DAY_OF_A_SHEET: Final = datetime.date(1900, 3, 1)
ROWS_OF_A_SHEET: Final = 1_048_576
LETTERS_OF_A_CELL: Final = 32_767

_DANGEROUS: Final = re.compile(ESCAPED.replace("'+", "'*"))
_FIRST_SIGNS: Final = frozenset("'=+-@\t\r\n＝＋－＠")
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column of a list: its name for programs, its title for people, what its values are."""

    name: str
    title: str
    kind: FieldKind = "text"


def write_csv(columns: Sequence[Column], rows: Iterable[Sequence[Value]], target: IO[bytes]) -> None:
    """Write a list as CSV: UTF-8 with a byte order mark (so that Excel reads it), commas, CRLF."""
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow([_harmless(column.title) for column in columns])
    for row in rows:
        writer.writerow([_harmless(_plain(value)) for value in row])
    text.flush()
    text.detach()


def write_json(columns: Sequence[Column], rows: Iterable[Sequence[Value]], target: IO[bytes]) -> None:
    """Write a list as a JSON array of objects, one a line: masses as text, dates YYYY-MM-DD, blanks null."""
    names = [column.name for column in columns]
    before = b"[\n"
    for row in rows:
        target.write(before + msgspec.json.encode(dict(zip(names, row, strict=True))))
        before = b",\n"
    target.write(b"\n]\n" if before == b",\n" else b"[]\n")


def write_xlsx(
    columns: Sequence[Column], rows: Iterable[Sequence[Value]], target: IO[bytes], sheet: str = "List"
) -> None:
    """Write a list as a spreadsheet with the titles frozen on top.

    Raises ``ValueError`` for a list longer than a sheet can be (write CSV instead).
    """
    with new_workbook(target) as book:
        page = book.add_worksheet(sheet)
        page.freeze_panes(1, 0)
        cells = Cells(book, page)
        for place, column in enumerate(columns):
            page.set_column(place, place, max(12, len(column.title) + 2))
            cells.write_title(0, place, column.title)
        for number, row in enumerate(rows, start=1):
            if number >= ROWS_OF_A_SHEET:
                raise ValueError(f"a sheet holds {ROWS_OF_A_SHEET} rows; write the list as CSV")
            for place, (column, value) in enumerate(zip(columns, row, strict=True)):
                cells.write(number, place, value, column.kind)


def new_workbook(target: IO[bytes]) -> xlsxwriter.Workbook:
    """A workbook in which nothing is taken for a formula or a link, and nothing tells when it was made."""
    book = xlsxwriter.Workbook(
        target,
        {
            "constant_memory": False,
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"created": NO_DATE})
    return book


class Cells:
    """Writes the cells of one sheet."""

    def __init__(self, book: xlsxwriter.Workbook, page: Worksheet) -> None:
        self.book = book
        self.page = page
        self.formats: dict[tuple[str, bool], Format] = {}
        self.title = book.add_format({"bold": True, "bottom": True})

    def format(self, shown: str, quoted: bool = False) -> Format:
        """The one format for values shown like this."""
        if (shown, quoted) not in self.formats:
            self.formats[shown, quoted] = self.book.add_format({"num_format": shown, "quote_prefix": quoted})
        return self.formats[shown, quoted]

    def write_title(self, row: int, place: int, title: str) -> None:
        self.page.write_string(row, place, title, self.title)

    def write(self, row: int, place: int, value: Value, kind: FieldKind) -> None:
        """One value; blank writes nothing."""
        if value is None or value == "":
            return
        if isinstance(value, datetime.date) and value >= FIRST_DAY_OF_A_SHEET:
            self.page.write_datetime(row, place, value, self.format("yyyy-mm-dd"))
        elif kind in ("mass", "integer") and _is_exact_as_double(str(value)):
            decimals = len(str(value).partition(".")[2])
            shown = "0." + "0" * decimals if decimals else "0"
            self.page.write_number(row, place, float(str(value)), self.format(shown))
        else:
            self._write_text(row, place, str(value))

    def _write_text(self, row: int, place: int, text: str) -> None:
        text = _NOT_IN_XML.sub("\ufffd", text)
        if len(text) > LETTERS_OF_A_CELL:
            raise ValueError(f"a cell holds {LETTERS_OF_A_CELL} letters, one of the list has {len(text)}")
        self.page.write_string(row, place, text, self.format("@", quoted=bool(_DANGEROUS.match(text))))


def _is_exact_as_double(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text)) and len(text.replace(".", "").lstrip("-0")) <= 15


def _plain(value: Value) -> str:
    return "" if value is None else str(value)


def _harmless(text: str) -> str:
    dangerous = text[:1] in _FIRST_SIGNS and _DANGEROUS.match(text) and not _NUMBER.fullmatch(text)
    return f"'{text}" if dangerous else text
