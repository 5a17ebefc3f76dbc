"""A paper as data: what the template `paper` draws, whatever the paper is about.

    >>> part = listed({"batch": "Batch", "ug": "g"}, [{"batch": "P-1", "ug": "10.5"}, {"batch": "P-2", "ug": "0"}])
    >>> [(each.head, each.sort) for each in part.columns]
    [('Batch', 'text'), ('g', 'figure')]
    >>> [row[1].text + row[1].pad for row in part.rows]
    ['10.5', '0.0']

Rules kept here:

1. Figures are to the right with their decimal points one below the other: `pad` is what is left white for that.
2. A text is written in the direction of its own first letter, whatever the direction of the paper.
3. What is wide turns the paper first, and only then makes the type smaller, never below 6 points.

Source: house style, "How it looks"; `record/layout.py` for figures.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

import msgspec

from openmpca.pages.documents.rendering import broken
from openmpca.record import layout

Sort = Literal["text", "figure", "code", "tick", "blank", "matrix"]
Row = Mapping[str, object]
PORTRAIT: Final = 104
LANDSCAPE: Final = 156
SIZE: Final = 8.5
SMALLEST: Final = 6.0
_MOST: Final = 36
_SPACE: Final = {"tick": 4, "blank": 12, "matrix": 14}


class TooLong(Exception):  # noqa: N818
    """There is too much for paper; the text says what to do."""


class Cell(msgspec.Struct):
    """A text, what is left white behind it, and its direction where that is not the paper's."""

    text: str
    pad: str = ""
    turned: Literal["", "ltr", "rtl"] = ""


class Column(msgspec.Struct):
    """A column: its head, and how what stands in it is set."""

    head: str
    sort: Sort = "text"


class Fact(msgspec.Struct):
    """A name and its value."""

    name: str
    value: Cell


class Part(msgspec.Struct):
    """A part of a paper: facts, then text, then a table; each may be missing."""

    caption: str = ""
    facts: list[Fact] = []
    text: list[Cell] = []
    columns: list[Column] = []
    rows: list[list[Cell]] = []
    totals: list[list[Cell]] = []
    empty: str = ""


class Signature(msgspec.Struct):
    """A line to sign: in which duty, and the name where it is known."""

    duty: str
    name: str = ""


class Paper(msgspec.Struct):
    """A paper: its title, what it is in one line, its parts, who signs; turned and set by what it holds."""

    title: str
    lead: str = ""
    parts: list[Part] = []
    signatures: list[Signature] = []
    wide: bool = False
    size: float = SIZE


def cell(value: object) -> Cell:
    """A value as text, in its own direction; long words may be broken."""
    text = layout.plain(value)
    return Cell(broken(text), "", direction(text))


def direction(text: str) -> Literal["", "ltr", "rtl"]:
    """The direction of the first letter of a text; numbers and dates alone run from left to right.

    >>> direction("P-1"), direction("דגם"), direction("2026-03-31"), direction("…")
    ('ltr', 'rtl', 'ltr', '')
    """
    kinds = [unicodedata.bidirectional(each) for each in text]
    strong = next((each for each in kinds if each in ("L", "R", "AL")), "L" if "EN" in kinds else "")
    return "" if not strong else "ltr" if strong == "L" else "rtl"


def facts(given: Mapping[str, object]) -> list[Fact]:
    """Names and values; what is blank is left out."""
    return [Fact(str(name), cell(value)) for name, value in given.items() if value not in ("", [], ())]


def listed(
    heads: Mapping[str, str],
    rows: Sequence[Row],
    *,
    totals: Sequence[Row] = (),
    sorts: Mapping[str, Sort] | None = None,
    caption: str = "",
    empty: str = "",
) -> Part:
    """Rows as a table; ``sorts`` says which columns are neither text nor figures."""
    part = of_columns(layout.columns(heads, [*rows, *totals]), len(rows), sorts)
    return msgspec.structs.replace(part, caption=caption, empty=empty)


def of_columns(shown: Sequence[layout.Shown], rows: int, sorts: Mapping[str, Sort] | None = None) -> Part:
    """Columns as they are shown as a table, of which so many rows come before the totals."""
    set_so = [(sorts or {}).get(each.name, "figure" if each.right else "text") for each in shown]
    cells = [[_set(text, sort) for text in _evenly(each.cells, sort)] for each, sort in zip(shown, set_so, strict=True)]
    lines = [list(row) for row in zip(*cells, strict=True)]
    columns = [Column(each.head, sort) for each, sort in zip(shown, set_so, strict=True)]
    return Part(columns=columns, rows=lines[:rows], totals=lines[rows:])


def _evenly(cells: Iterable[str], sort: Sort) -> Iterable[str]:
    return cells if sort == "figure" else (each.strip() for each in cells)


def _set(text: str, sort: Sort) -> Cell:
    if sort == "figure":
        bare = text.rstrip(" ")
        white = len(text) - len(bare)
        return Cell(bare, "." + "0" * (white - 1) if white else "", "ltr")
    return Cell(text) if sort == "matrix" else Cell(broken(text), "", direction(text))


def fitted(paper: Paper) -> Paper:
    """The paper turned and set so that its widest table fits (rule 3)."""
    width = max((_width(each) for each in paper.parts), default=0)
    size = SIZE if width <= LANDSCAPE else max(SMALLEST, SIZE * LANDSCAPE / width)
    return msgspec.structs.replace(paper, wide=width > PORTRAIT, size=round(size, 2))


def _width(part: Part) -> int:
    lines = [*part.rows, *part.totals]
    return sum(2 + _column_width(column, [row[at] for row in lines]) for at, column in enumerate(part.columns))


def _column_width(column: Column, cells: Sequence[Cell]) -> int:
    if column.sort in _SPACE:
        return _SPACE[column.sort]
    longest_word = max((len(word) for word in column.head.split()), default=0)
    return max([longest_word, *(min(_MOST, len(each.text) + len(each.pad)) for each in cells)])
