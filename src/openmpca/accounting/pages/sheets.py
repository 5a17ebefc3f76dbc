"""A sheet that somebody sent, on a page: how it is laid out, what its columns and words mean, its rows as read.

Rules kept here:

1. The file lies in a private place of the home until it is stated or thrown away (`uploads`).
2. What is proposed for a sheet is seen in the form, and whoever looks may change it: where its heading stands, which
   rows are no lines, how its numbers and days are written, what a column means, what a word of theirs is in our codes,
   what is the same in every row.
3. Nothing of the file is lost silently: rows left out are listed as they stand there, a column that is not used is
   told, and a total that is left out is compared with its rows.
4. Problems stand at the rows in which they are.
5. A file is stated once, however often any form of it is sent: by its mark. One that was left over, because the server
   ended in between, goes when it is next asked for, and leads to what it was stated as.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import polars as pl
from django.utils.translation import gettext as _

from openmpca.accounting.importing import mappings
from openmpca.accounting.pages.typed import wrong
from openmpca.formats.tables.fields import DECIMALS, TableField
from openmpca.formats.tables.layout import DATES, HEADINGS, NUMBERS, Layout
from openmpca.formats.tables.limits import Limits
from openmpca.formats.tables.mapping import PERCENT, ColumnMapping
from openmpca.formats.tables.mapping import Mapping as Columns
from openmpca.formats.tables.read import sheets
from openmpca.formats.tables.sheet import Sheet
from openmpca.pages import acting, uploads
from openmpca.pages.blocks import Block, Choice, Field, Link, Page, Table
from openmpca.pages.routes import Asking, Go, NotFound, Sent, address
from openmpca.pages.told import worded
from openmpca.problems import Problem
from openmpca.record.layout import plain
from openmpca.record.once import Once, stating

SHOWN: Final = 50
TOLD: Final = 200
WORDS: Final = 20
MOST_ROWS: Final = 10_000
LIMITS: Final = Limits(bytes=uploads.LARGEST, unpacked=256 << 20, cells=4_000_000, spreadsheet_cells=2_000_000)
_RANGE: Final = re.compile(r"\s*([0-9]{1,7})\s*(?:[-–]\s*([0-9]{1,7}))?\s*")


class Chosen(NamedTuple):
    """A mapping as a form chose it, and what in the form could not be read."""

    mapping: Columns
    problems: list[Problem]


@dataclass(frozen=True)
class Upload:
    """A file that was sent, the sheet of it, under which name its mapping is remembered, the address of its page.

    ``asked`` are fields that are asked for, the same in every row, where no column fills them; others stand folded.
    """

    asking: Asking
    mark: str
    path: Path
    sheet: Sheet
    kept_as: str
    address: str
    asked: frozenset[str] = frozenset()

    @cached_property
    def fields(self) -> Mapping[str, TableField]:
        """The fields that it is to fill, by name."""
        return {each.name: each for each in self.sheet.fields}

    def _recall(self, columns: Sequence[str]) -> Columns | None:
        return mappings.recalled(self.kept_as, columns, self.sheet.fields)

    def proposed(self, layout: Layout | None = None) -> Columns:
        """How the sheet could be read, laid out as it seems to be or as is said."""
        return self.sheet.proposed(self._recall, layout)

    def remember(self, mapping: Columns) -> None:
        """Keep what the columns mean for the next table that has them."""
        mappings.remember(self.kept_as, self.sheet.columns(mapping.layout), mapping)

    def other_sheets(self) -> list[Link]:
        """The other sheets of the file."""
        titles = sheets(self.path, self.sheet.limits)
        now = self.sheet.title or next(iter(titles), "")
        apart = "&" if "?" in self.address else "?"
        return [
            Link(_("Sheet %(title)s") % {"title": each}, f"{self.address}{apart}{address('', sheet=each)[2:]}")
            for each in titles
            if each != now
        ]

    def chosen(self, sent: Sent) -> Chosen:
        """The mapping that a form chose (rule 2); one for another heading is proposed anew."""
        problems: list[Problem] = []
        before = self.proposed()
        layout = _layout(sent, before.layout, problems)
        if _laid_out(layout) != str(sent.get("laid_out", _laid_out(layout))):
            return Chosen(self.proposed(layout), problems)
        known = {each.column: each for each in before.columns}
        places = dict(enumerate(self.sheet.columns(layout)))
        columns = [
            _read_as(known.get(column), column, name, sent, place)
            for place, column in places.items()
            if (name := str(sent.get(f"field-{place}", ""))) in self.fields
        ]
        constants = {name: text for name in self.fields if (text := str(sent.get(f"const-{name}", "")).strip())}
        told = frozenset(column for place, column in places.items() if sent.get(f"date-{place}"))
        mapping = Columns(columns=tuple(columns), constants=constants, layout=layout)
        return Chosen(self._with_numbers(mapping, str(sent.get("numbers", "")), told), problems)

    def _with_numbers(self, mapping: Columns, numbers: str, told: frozenset[str]) -> Columns:
        way = next((each for each in NUMBERS if each.example == numbers), None)
        return self.sheet.written(mapping, way, told)

    def form_fields(self, mapping: Columns, numbers: str = "") -> Iterator[Field]:
        """How the sheet is laid out, what its columns mean, what is the same in every row."""
        yield from _of_layout(mapping, numbers, self.fields)
        used = {each.column: each for each in mapping.columns}
        for place, column in enumerate(self.sheet.columns(mapping.layout)):
            yield from self._of_column(place, column, used.get(column), mapping.layout)
        filled = {each.field for each in mapping.columns}
        for name, each in self.fields.items():
            if name not in filled and each.kind != "mass":
                shown = each.required or name in self.asked
                yield _constant(each, mapping.constants.get(name, ""), further=not shown)

    def _of_column(self, place: int, column: str, used: ColumnMapping | None, layout: Layout) -> Iterator[Field]:
        offered = [Choice("", _("not used")), *(Choice(name, _(each.title)) for name, each in self.fields.items())]
        yield Field(f"field-{place}", column, used.field if used else "", choices=offered)
        if used is None or used.field not in self.fields:
            return
        field = self.fields[used.field]
        if field.kind == "mass":
            yield from _of_mass(place, column, used)
        elif field.kind == "date":
            formats = [Choice(each, each) for each in dict.fromkeys((used.date_format, *DATES))]
            yield Field(
                f"date-{place}", _("Form of %(column)s") % {"column": column}, used.date_format, choices=formats
            )
        elif field.allowed:
            yield from self._of_words(place, column, used, layout)

    def _of_words(self, place: int, column: str, used: ColumnMapping, layout: Layout) -> Iterator[Field]:
        """Words of theirs that are none of our codes, each to be said in ours."""
        field = self.fields[used.field]
        texts = self.sheet.table(layout)[column].str.strip_chars().drop_nulls().unique(maintain_order=True).to_list()
        choices = [Choice("", _("not translated")), *(Choice(each, each) for each in field.allowed)]
        asked = [each for each in texts if each and (each not in field.allowed or each in used.translations)]
        for text in asked[:WORDS]:
            label = _("“%(word)s” in %(column)s is") % {"word": text, "column": column}
            yield Field(f"word-{place}:{text}", label, used.translations.get(text, ""), choices=choices)

    def rows(self, frame: pl.DataFrame, problems: Sequence[Problem]) -> Table:
        """The rows as they are read: those in which something is wrong first."""
        wrong_in: dict[str, list[str]] = {}
        for each in problems:
            said = worded(each.message)
            wrong_in.setdefault(each.record, []).append(f"{each.field}: {said}" if each.field else said)
        names = [each for each in frame.columns if each != "row"]
        rows = [
            {
                **{name: value if name == "row" else plain(value) for name, value in row.items()},
                "problems": " ".join(wrong_in.get(f"row {row['row']}", [])),
            }
            for at, row in enumerate(frame.iter_rows(named=True))
            if at < SHOWN or f"row {row['row']}" in wrong_in
        ]
        rows.sort(key=lambda row: not row["problems"])
        titles = {name: _(self.fields[name].title) if name in self.fields else name for name in names}
        heads = {"row": _("Row"), "problems": _("What is wrong"), **titles}
        caption = _("Rows as they are read: %(count)s") % {"count": frame.height}
        return Table(rows[:TOLD], heads, name="rows", caption=caption, empty=_("There are no rows."))

    def left_out(self, left_out: pl.DataFrame) -> list[Block]:
        """The rows that are no lines, as they stand in the file (rule 3)."""
        if not left_out.height:
            return []
        rows = [
            {"row": row["row"], "text": " · ".join(str(row[name]) for name in left_out.columns[1:] if row[name])}
            for row in left_out.iter_rows(named=True)
        ]
        caption = _("Rows left out: %(count)s") % {"count": left_out.height}
        return [Table(rows[:TOLD], {"row": _("Row"), "text": _("What it says")}, name="left_out", caption=caption)]


def taken(asking: Asking, sent: Sent) -> str:
    """Keep the file that a form sent; gives its mark. Raises `uploads.TooLarge`, LookupError where there is none."""
    file = sent.get("file")
    if file is None or isinstance(file, str):
        raise LookupError(_("Choose a file."))
    return uploads.keep(asking.person, file)


def file_field(label: str = "") -> Field:
    """The field of a file to send."""
    told = _("CSV, .xlsx or .ods, at most %(size)s MiB. The sheet may have titles above and a total below.")
    help_text = told % {"size": uploads.LARGEST >> 20}
    return Field("file", label or _("File"), kind="file", required=True, help=help_text)


def stated_once(once: Once, state: Callable[[], Page | Go]) -> Page | Go:
    """What comes of stating a file, by its mark and not by that of the form (rule 5)."""
    try:
        with stating(once):
            return state()
    except FileNotFoundError:  # it was stated, or thrown away, meanwhile
        return no_longer(once)


def no_longer(once: Once) -> Go:
    """Where one goes on whose file is no longer there: stated before; `NotFound` for thrown away, or never theirs."""
    if (before := once.came_to()) is None:
        raise NotFound(_("There is no such file any more. Send it again."))
    uploads.drop(once.person, once.mark)
    return acting.stated_already(before)


def _laid_out(layout: Layout) -> str:
    return f"{layout.heading}+{layout.heading_rows}"


def _layout(sent: Sent, before: Layout, problems: list[Problem]) -> Layout:
    """The layout as a form says; what it does not say is as it was proposed."""
    heading, rows = str(sent.get("heading", before.heading)), str(sent.get("heading_rows", before.heading_rows))
    if not (heading.isascii() and heading.isdecimal() and len(heading) < 8):
        problems.append(wrong(_("%(text)s is no number of a row.") % {"text": heading}, "heading"))
        heading = str(before.heading)
    left_out = _rows_said(str(sent["left_out"]), problems) if "left_out" in sent else before.left_out
    return Layout(
        heading=int(heading),
        heading_rows=int(rows) if rows in map(str, HEADINGS) else 1,
        left_out=left_out,
        spread=bool(sent.get("spread")) if "laid_out" in sent else before.spread,
        decimal_comma=before.decimal_comma,
    )


def _rows_said(text: str, problems: list[Problem]) -> tuple[int, ...]:
    """Rows by number, as ``12, 27-29``."""
    found: list[int] = []
    for part in filter(str.strip, text.split(",")):
        match = _RANGE.fullmatch(part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if not first <= last < first + MOST_ROWS:
            problems.append(wrong(_("%(text)s are no rows.") % {"text": part.strip()}, "left_out"))
            continue
        found += range(first, last + 1)
    return tuple(dict.fromkeys(found))


def _said(rows: Sequence[int]) -> str:
    """Rows by number, runs of them as ``27-29``."""
    runs: list[list[int]] = []
    for row in sorted(rows):
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _read_as(known: ColumnMapping | None, column: str, name: str, sent: Sent, place: int) -> ColumnMapping:
    kept = known if known is not None and known.field == name else ColumnMapping(column=column, field=name)
    before = f"word-{place}:"
    words = {each.removeprefix(before): str(text) for each, text in sent.items() if each.startswith(before) and text}
    said_before = {word: code for word, code in kept.translations.items() if f"{before}{word}" not in sent}
    return msgspec.structs.replace(
        kept,
        unit=str(sent.get(f"unit-{place}", kept.unit)),
        of=str(sent.get(f"of-{place}", kept.of)),
        date_format=str(sent.get(f"date-{place}", "")) or kept.date_format,
        translations=said_before | words,
    )


def _of_layout(mapping: Columns, numbers: str, fields: Mapping[str, TableField]) -> Iterator[Field]:
    layout = mapping.layout
    yield Field("laid_out", "", _laid_out(layout), "hidden")
    yield Field(
        "heading",
        _("Row of the column names"),
        str(layout.heading),
        "number",
        help=_(
            "What stands above it, such as a title, is passed over. Check after a change: the columns are read anew."
        ),
        example="4",
    )
    rows = [Choice(str(each), str(each)) for each in HEADINGS]
    yield Field(
        "heading_rows",
        _("How many rows the names take"),
        str(layout.heading_rows),
        choices=rows,
        help=_("Where a name stands over several columns, and their own names or units below it."),
    )
    yield Field(
        "left_out",
        _("Rows that are no lines"),
        _said(layout.left_out),
        help=_("Totals and remarks. They are listed below, and a total is compared with the rows that it totals."),
        example="12, 27-29",
    )
    yield Field(
        "spread",
        _("A merged cell says the same of each cell that it covers"),
        "yes" if layout.spread else "",
        "checkbox",
        further=True,
    )
    yield _of_numbers(mapping, numbers, fields)


def _of_numbers(mapping: Columns, numbers: str, fields: Mapping[str, TableField]) -> Field:
    masses = [each for each in mapping.columns if each.field in fields and fields[each.field].kind == "mass"]
    ways = {(each.decimal_comma, each.thousands) for each in masses}
    shown = next((each for each in NUMBERS if ways == {(each.decimal_comma, each.thousands)}), NUMBERS[0])
    choices = [
        Choice("", _("as they show: %(example)s") % {"example": shown.example}),
        *(Choice(each.example, each.example) for each in NUMBERS),
    ]
    help_text = _("It is proposed only where all numbers can be read in one way. Otherwise say which it is.")
    return Field("numbers", _("How numbers are written"), numbers, choices=choices, help=help_text)


def _of_mass(place: int, column: str, used: ColumnMapping) -> Iterator[Field]:
    units = [Choice("", ""), *(Choice(each, each) for each in (*DECIMALS, PERCENT))]
    yield Field(f"unit-{place}", _("Unit of %(column)s") % {"column": column}, used.unit, choices=units)
    if used.unit == PERCENT:
        yield Field(f"of-{place}", _("%(column)s is a part of") % {"column": column}, used.of)


def _constant(field: TableField, value: str, *, further: bool) -> Field:
    choices = [Choice("", ""), *(Choice(each, each) for each in field.allowed)] if field.allowed else []
    label = _("%(field)s, the same in every row") % {"field": _(field.title)}
    return Field(
        f"const-{field.name}",
        label,
        value,
        "date" if field.kind == "date" else "text",
        choices,
        _(field.meaning) if field.meaning else "",
        example=field.example,
        further=further,
    )


def numbers_said(sent: Sent) -> str:
    """How a form says that numbers are written; blank where it leaves that to the sheet."""
    said = str(sent.get("numbers", ""))
    return said if any(each.example == said for each in NUMBERS) else ""
