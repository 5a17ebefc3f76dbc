"""Tables as text for people: figures that can be compared, nothing cut off, at the width that there is.

Rules kept here:

1. A column whose head ends in a unit (g, kg, %) holds masses: to the right, thin spaces between thousands, a true
   minus, the decimal points one below the other; so does one of exact decimals, as of money, whatever its head. Whole
   numbers are counts and shown so too, unless the column names a statement or another thing that is looked up by its
   number: those stay as one types them.
2. Unknown (None) is a dash; zero is 0, without decimals; blank is blank.
3. Totals stand under a rule.
4. What is too wide loses its blank columns first, then breaks the text of its widest columns at words, then stands
   closer; what still does not fit is shown row by row, one value a line. Where nobody watches (a pipe), every row is
   one line.

Source: house style, "How it looks": figures first.
"""

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

MINUS: Final = "\u2212"
THIN: Final = "\u2009"
UNKNOWN: Final = "–"
GAPS: Final = ("  ", " ")
_GROUP: Final = 3
NARROWEST: Final = 10
_UNIT = re.compile(r"(?:^|\s|\()(?:g|kg|%)\)?$")
_FIGURE = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_THOUSANDS = re.compile(r"(?<=\d)(?=(?:\d{3})+$)")
_LOOKED_UP = "number statement shipment receipt inventory closing proposal report entry of corrects known grant size"
IDENTIFIERS: Final = frozenset([*_LOOKED_UP.split(), "corrected_by", "closed_by", "opened_by", "first", "last"])
"""Names of columns whose whole numbers are looked up, not counted."""

Row = Mapping[str, object]


class Shown(NamedTuple):
    """A column as it is shown: its cells as text, to the right where they are figures."""

    name: str
    head: str
    cells: list[str]
    right: bool


def table(
    rows: Sequence[Row], heads: Mapping[str, str], *, width: int | None = None, totals: Sequence[Row] = ()
) -> Iterator[str]:
    """The lines of a table, ``totals`` under a rule; ``width`` None is as wide as it takes."""
    shown = columns(heads, [*rows, *totals])
    if width is not None and _wide(shown) > width:
        shown = [each for each in shown if any(each.cells)] or shown
    for gap in GAPS:
        if (widths := _widths(shown, width, gap)) is not None:
            yield from _lines(shown, widths, gap, len(rows))
            return
    yield from _one_below_the_other(shown, width or 0)


def columns(heads: Mapping[str, str], rows: Sequence[Row]) -> list[Shown]:
    """The columns of rows as they are shown."""
    return [_column(name, head, rows) for name, head in heads.items()]


def _lines(columns: Sequence[Shown], widths: Sequence[int], gap: str, rows: int) -> Iterator[str]:
    yield from _line([each.head for each in columns], columns, widths, gap)
    rule = gap.join("─" * each for each in widths)
    yield rule
    for index in range(len(columns[0].cells)):
        if index == rows:
            yield rule
        yield from _line([each.cells[index] for each in columns], columns, widths, gap)


def plain(value: object) -> str:
    """One value as text, in a column of no figures."""
    if type(value) is str:
        return value
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(plain, value))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {plain(each)}" for name, each in value.items())
    return str(value)


def counted(number: int, noun: str) -> str:
    """A count with its noun, which is one or several.

    >>> counted(1, "report"), counted(0, "problem"), counted(2, "batch")
    ('1 report', '0 problems', '2 batches')
    """
    ending = "" if number == 1 else "es" if noun.endswith("ch") else "s"
    return f"{number} {noun}{ending}"


def figure(value: object, decimals: int = 0) -> str:
    """A number, or the text of one, with as many decimals (a count and zero have none); anything else as it is."""
    text = _bare(value)
    if isinstance(value, bool) or not _FIGURE.fullmatch(text):
        return plain(value)
    whole, _, part = text.removeprefix("-").partition(".")
    is_zero = not (whole + part).strip("0")
    if isinstance(value, int) or is_zero:
        after = " " * (decimals + bool(decimals))
    else:
        after = f".{part.ljust(decimals, '0')}" if decimals else ""
    minus = MINUS if text.startswith("-") and not is_zero else ""
    return f"{minus}{_THOUSANDS.sub(THIN, whole) if len(whole) > _GROUP else whole}{after}"


def _column(name: str, head: str, rows: Sequence[Row]) -> Shown:
    values = [row.get(name, "") for row in rows]
    if _UNIT.search(head) or any(isinstance(each, Decimal) for each in values):
        decimals = max(map(_decimals, values), default=0)
        return Shown(name, head, [figure(each, decimals) for each in values], True)
    whole = _are_whole(values)
    if whole and name not in IDENTIFIERS:
        return Shown(name, head, [figure(each) for each in values], True)
    return Shown(name, head, [plain(each) for each in values], whole)


def _are_whole(values: Sequence[object]) -> bool:
    """Whether there are numbers, and nothing else but what is blank or unknown."""
    sorts = {type(each) for each in values if each is not None and each != ""}
    return bool(sorts) and all(issubclass(each, (int, float)) and each is not bool for each in sorts)


def _bare(value: object) -> str:
    """A figure without what somebody dressed it in already."""
    if type(value) is str and value.isascii():
        return value.strip()
    return plain(value).strip().replace(THIN, "").replace(MINUS, "-")


def _decimals(value: object) -> int:
    text = _bare(value)
    return len(text.partition(".")[2]) if _FIGURE.fullmatch(text) else 0


def _wide(columns: Sequence[Shown]) -> int:
    return sum(_natural(each) for each in columns) + len(GAPS[0]) * (len(columns) - 1)


def _natural(column: Shown) -> int:
    return max(map(len, [column.head, *column.cells]))


def _least(column: Shown) -> int:
    """The least width of a column: that of its longest word; figures are never broken."""
    if column.right:
        return max(map(len, [*column.head.split(), *column.cells]))
    return max(NARROWEST, *(len(word) for text in (column.head, *column.cells) for word in text.split() or [""]))


def _widths(columns: Sequence[Shown], width: int | None, gap: str) -> list[int] | None:
    """Widths that fit, the widest columns giving way first; None where the longest words do not fit."""
    widths = [_natural(each) for each in columns]
    least = [min(natural, _least(each)) for natural, each in zip(widths, columns, strict=True)]
    room = None if width is None else width - len(gap) * (len(columns) - 1)
    if room is None or sum(widths) <= room:
        return widths
    if sum(least) > room:
        return None
    while sum(widths) > room:
        widest = max((index for index in range(len(widths)) if widths[index] > least[index]), key=widths.__getitem__)
        widths[widest] -= 1
    return widths


def _line(texts: Sequence[str], columns: Sequence[Shown], widths: Sequence[int], gap: str) -> Iterator[str]:
    parts = [_parts(text, width) for text, width in zip(texts, widths, strict=True)]
    for index in range(max(map(len, parts))):
        cells = [
            _aligned(part[index] if index < len(part) else "", each.right, width)
            for part, each, width in zip(parts, columns, widths, strict=True)
        ]
        yield gap.join(cells).rstrip()


def _parts(text: str, width: int) -> list[str]:
    """The text in lines; what fits stays as it is, with the blanks that hold the place of decimals."""
    if len(text) <= width:
        return [text]
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def _aligned(text: str, right: bool, width: int) -> str:
    return text.rjust(width) if right else text.ljust(width)


def _one_below_the_other(columns: Sequence[Shown], width: int) -> Iterator[str]:
    heads = max(len(each.head) for each in columns)
    for index in range(len(columns[0].cells)):
        if index:
            yield ""
        for each in columns:
            if text := each.cells[index].strip():
                room = max(NARROWEST, width - heads - len(GAPS[0]))
                first, *more = textwrap.wrap(text, room, break_long_words=False, break_on_hyphens=False)
                yield f"{each.head.ljust(heads)}{GAPS[0]}{first}"
                yield from (f"{' ' * heads}{GAPS[0]}{part}" for part in more)
