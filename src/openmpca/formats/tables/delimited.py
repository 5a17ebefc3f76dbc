"""Delimited text (CSV), read strictly.

Rules kept:

* The separator (comma, semicolon or tab) is found in the header line alone; nothing is guessed from values.
* The text is UTF-8 (with or without a byte order mark), UTF-16 with its mark, or else Latin-1 with a warning.
* A row's number is the one a spreadsheet program shows: blank rows count, a line break inside quotes does not.
* The structure (rows, cells, quotes) is checked in a stream before the parser sees a byte, so that a file of one
  endless line costs the memory of one line. Ragged rows are named and left out; the rest is read for its own problems.
* An apostrophe that a writer put before a dangerous first character (see ``write``) is taken off again.

Source: RFC 4180, read without its leniences.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from openmpca.formats.tables.layout import LOOKED_AT, Layout
from openmpca.formats.tables.limits import MIB, Limits
from openmpca.formats.tables.rules import (
    ENCODING_GUESSED,
    LONG_LINE,
    NO_HEADER,
    NO_TABLE,
    QUOTES,
    RAGGED,
    READ_TWICE,
    SHOWN,
    TOO_MANY_CELLS,
    Refused,
    found,
)
from openmpca.problems import Problem

CHUNK: Final = 8 * MIB
SEPARATORS: Final = ",;\t"
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

#: Apostrophes before a first character that a spreadsheet program might evaluate.
ESCAPED: Final = "^'+[=+\\-@\t\r\n＝＋－＠]"

_Positions = NDArray[np.int64]


@dataclass
class Structure:
    """What the stream has shown so far: the header, the rows with their numbers, and those that are ragged."""

    separator: str
    limits: Limits
    heading: int = 0
    header: list[str] = field(default_factory=list)
    header_row: int = 0
    records: int = 0
    ragged: list[tuple[int, int]] = field(default_factory=list)
    body: list[bytes] = field(default_factory=list)

    def take(self, text: bytes) -> bytes:
        """Take the whole rows of ``text``, which starts a row; returns what is left over."""
        codes = np.frombuffer(text, np.uint8)
        quotes = np.flatnonzero(codes == ord('"'))
        self._check_quotes(codes, quotes)
        ends = _outside(np.flatnonzero(codes == ord("\n")), quotes)
        if len(ends):
            separators = _outside(np.flatnonzero(codes == ord(self.separator)), quotes)
            self._take_records(text, codes, ends, separators)
            text = text[int(ends[-1]) + 1 :]
        if len(text) > self.limits.line:
            raise Refused(self._too_long(self.records + 1))
        return text

    def _too_long(self, number: int) -> Problem:
        return LONG_LINE.problem(f"The row is longer than {self.limits.line} bytes.", record=f"row {number}")

    def _check_quotes(self, codes: NDArray[np.uint8], quotes: _Positions) -> None:
        opening, closing = quotes[0::2], quotes[1::2]
        doubled = np.zeros(len(opening), bool)
        doubled[1:] = opening[1:] == closing[: len(opening) - 1] + 1
        before = codes[np.maximum(opening - 1, 0)]
        wrong_open = opening[(opening > 0) & ~doubled & (before != ord(self.separator)) & (before != ord("\n"))]
        last = len(codes) - 1
        after, next_but_one = codes[np.minimum(closing + 1, last)], codes[np.minimum(closing + 2, last)]
        ended = (after == ord(self.separator)) | (after == ord("\n")) | (after == ord('"')) | (closing == last)
        ended |= (after == ord("\r")) & ((next_but_one == ord("\n")) | (closing + 1 == last))
        wrong = np.concatenate([wrong_open, closing[~ended]])
        if len(wrong):
            place = int(wrong.min())
            lines = _outside(np.flatnonzero(codes[:place] == ord("\n")), quotes)
            raise Refused(
                QUOTES.problem("A quote stands inside a cell.", record=f"row {self.records + len(lines) + 1}")
            )

    def _take_records(self, text: bytes, codes: NDArray[np.uint8], ends: _Positions, separators: _Positions) -> None:
        starts = np.concatenate([np.zeros(1, np.int64), ends[:-1] + 1])
        length = ends - starts
        if int(length.max()) > self.limits.line:
            raise Refused(self._too_long(self.records + int(length.argmax()) + 1))
        numbers = np.arange(self.records + 1, self.records + len(ends) + 1)
        blank = (length == 0) | ((length == 1) & (codes[starts] == ord("\r")))
        above = blank | (numbers < self.heading)
        self.records += len(ends)
        cells = np.diff(np.searchsorted(separators, ends), prepend=0) + 1
        first = 0
        if not self.header:
            first = int(np.argmin(above)) if not above.all() else len(ends) - 1
            self.header = _cells(text[int(starts[first]) : int(ends[first])], self.separator)
            self.header_row = int(numbers[first])
            first += 1
            self._check_size()
        wrong = first + np.flatnonzero((cells[first:] != len(self.header)) & ~blank[first:])
        self.ragged.extend((int(numbers[i]), int(cells[i])) for i in wrong)
        self._keep(text, starts, ends, first, wrong)
        self._check_size()

    def _keep(self, text: bytes, starts: _Positions, ends: _Positions, first: int, wrong: _Positions) -> None:
        here = int(ends[first - 1]) + 1 if first else 0
        for i in wrong:
            self.body.append(text[here : int(starts[i])])
            here = int(ends[i]) + 1
        self.body.append(text[here : int(ends[-1]) + 1])

    def _check_size(self) -> None:
        width, limits = len(self.header), self.limits
        if width > limits.columns or width * self.records > limits.cells:
            raise Refused(
                TOO_MANY_CELLS.problem(
                    f"The table has {width} columns and {self.records} rows or more; allowed are {limits.columns} "
                    f"columns and {limits.cells} cells."
                )
            )

    def row_numbers(self) -> _Positions:
        """The numbers of the rows kept in ``body``: blank rows are there, ragged ones are not."""
        kept = np.ones(self.records + 1, bool)
        kept[: self.header_row + 1] = False
        kept[[number for number, _ in self.ragged]] = False
        return np.arange(len(kept), dtype=np.int64)[kept]

    def problems(self) -> list[Problem]:
        """Every ragged row, named."""
        shown = [
            (number, f"The row has {cells} cells, the header {len(self.header)}.")
            for number, cells in self.ragged[:SHOWN]
        ]
        return found(RAGGED, shown, "", len(self.ragged))


def first_of_delimited(path: Path) -> list[tuple[int, list[str]]]:
    """The first rows with something in them, with their numbers, whatever they hold."""
    manner = sniff(path, lines=LOOKED_AT)
    with path.open("rb") as file:
        text = file.read(MIB).decode(manner.encoding, errors="replace")
    rows = islice(csv.reader(io.StringIO(text, newline=""), delimiter=manner.separator), LOOKED_AT)
    try:
        return [(number, [each.strip() for each in row]) for number, row in enumerate(rows, 1) if any(row)]
    except csv.Error:
        return []


def read_delimited(path: Path, limits: Limits, layout: Layout) -> tuple[list[str], pl.DataFrame, list[Problem]]:
    """The header's names, a frame of text columns ``c0``, ``c1`` ... with ``row``, and the problems.

    Raises ``Refused`` when no table can be made of the file.
    """
    manner = sniff(path, layout.heading)
    problems = []
    try:
        structure = _scan(_text(path, manner), manner.separator, limits, layout.heading)
    except UnicodeDecodeError:
        problems.append(ENCODING_GUESSED.problem(f"The text is not {manner.encoding}; it was read as Latin-1."))
        latin = _text(path, replace(manner, encoding="latin-1"))
        structure = _scan(latin, manner.separator, limits, layout.heading)
    return structure.header, _frame(structure), problems + structure.problems()


@dataclass(frozen=True)
class Manner:
    """How a text is written; ``old_line_ends`` if lines end with ``\\r`` alone."""

    encoding: str
    separator: str
    old_line_ends: bool


def sniff(path: Path, heading: int = 0, lines: int = 1) -> Manner:
    """The encoding that the first bytes tell, the separator that the line of the heading tells."""
    with path.open("rb") as file:
        head = file.read(MIB)
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), "utf-8")
    text = head.decode(encoding, errors="ignore")
    rest = [line for line in text.splitlines()[max(heading - 1, 0) :] if line.strip()][:lines]
    outside = "".join("".join(line.split('"')[0::2]) for line in rest)
    return Manner(encoding, max(SEPARATORS, key=outside.count), "\r" in text and "\n" not in text)


def _text(path: Path, manner: Manner) -> Iterator[bytes]:
    """The file as UTF-8 in chunks, with ``\\n`` where only ``\\r`` ended the lines; refuses binary."""
    decoder = codecs.getincrementaldecoder(manner.encoding)()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            text = chunk if chunk.isascii() and manner.encoding == "utf-8" else decoder.decode(chunk).encode()
            if b"\0" in text:
                raise Refused(NO_TABLE.problem("The file holds zero bytes: it is binary, not text."))
            yield text.replace(b"\r", b"\n") if manner.old_line_ends else text
        yield decoder.decode(b"", final=True).encode()


def _scan(chunks: Iterator[bytes], separator: str, limits: Limits, heading: int) -> Structure:
    structure = Structure(separator, limits, heading)
    rest = b""
    for chunk in chunks:
        rest = structure.take(rest + chunk)
    if rest:
        rest = structure.take(rest + b"\n")
    if rest:
        raise Refused(QUOTES.problem("A quote is never closed.", record=f"row {structure.records + 1}"))
    if not any(name.strip() for name in structure.header):
        raise Refused(NO_HEADER.problem("The file has no column names."))
    return structure


def _outside(places: _Positions, quotes: _Positions) -> _Positions:
    """Those places that do not lie between an opening and a closing quote."""
    return places[np.searchsorted(quotes, places) % 2 == 0] if len(quotes) else places


def _cells(record: bytes, separator: str) -> list[str]:
    return next(csv.reader(io.StringIO(record.decode(), newline=""), delimiter=separator), [])


def _frame(structure: Structure) -> pl.DataFrame:
    # A first line of our own keeps Polars from taking the text for a compressed file or guessing at its columns.
    names = [f"c{i}" for i in range(len(structure.header))]
    text = b"".join([structure.separator.join(names).encode(), b"\n", *structure.body])
    structure.body.clear()
    numbers = structure.row_numbers()
    try:
        frame = pl.read_csv(text, separator=structure.separator, infer_schema=False, null_values=[""])
    except pl.exceptions.PolarsError as error:
        raise Refused(READ_TWICE.problem(f"The rows cannot be read: {str(error)[:200]}.")) from None
    if frame.height != len(numbers):
        raise Refused(READ_TWICE.problem(f"{len(numbers)} rows were counted and {frame.height} read."))
    frame = frame.with_columns(pl.Series("row", numbers, pl.Int64))
    return _without_blank_rows(frame, structure, names)


def _without_blank_rows(frame: pl.DataFrame, structure: Structure, names: list[str]) -> pl.DataFrame:
    escaped = [name for name in names if frame[name].str.starts_with("'").any()]
    frame = frame.with_columns(
        pl.when(pl.col(name).str.contains(ESCAPED)).then(pl.col(name).str.slice(1)).otherwise(pl.col(name)).alias(name)
        for name in escaped
    )
    return frame.filter(~pl.all_horizontal(pl.col(names).is_null()))
