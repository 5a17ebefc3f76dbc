"""Templates for people who bring their own figures: an empty table with the right header, and what each column means.

A template that is filled in is read by ``read_table`` and fitted by ``guess`` and ``apply`` with nothing declared: the
title of a mass says its unit (g), dates are YYYY-MM-DD.
"""

import io
from collections.abc import Sequence
from typing import Final

from openmpca.formats.tables.fields import TableField
from openmpca.formats.tables.survey import column_letters
from openmpca.formats.tables.write import LETTERS_OF_A_CELL, Cells, Column, new_workbook, write_csv

ROWS_WITH_LISTS: Final = 10_000
_KINDS: Final = {
    "text": "text",
    "mass": "mass in grams, decimal point, at most 6 decimals",
    "integer": "whole number",
    "date": "date YYYY-MM-DD",
}
_NOTES: Final = ("Column", "Required", "Kind", "Meaning", "Example", "Allowed values")


def title_of(field: TableField) -> str:
    """The title of a field's column; that of a mass ends with its unit."""
    return f"{field.title} (g)" if field.kind == "mass" and not field.title.endswith("(g)") else field.title


def template_csv(fields: Sequence[TableField]) -> bytes:
    """The header alone."""
    target = io.BytesIO()
    write_csv([Column(name=field.name, title=title_of(field), kind=field.kind) for field in fields], [], target)
    return target.getvalue()


def template_xlsx(fields: Sequence[TableField]) -> bytes:
    """A sheet to fill with lists of the allowed values, a sheet of notes with an example, a sheet of allowed values."""
    target = io.BytesIO()
    with new_workbook(target) as book:
        data, notes, allowed = (book.add_worksheet(title) for title in ("Data", "Notes", "Allowed values"))
        data.freeze_panes(1, 0)
        _write_notes(Cells(book, notes), fields)
        lists = Cells(book, allowed)
        cells = Cells(book, data)
        for place, field in enumerate(fields):
            cells.write_title(0, place, title_of(field))
            lists.write_title(0, place, field.title)
            for row, value in enumerate(field.allowed, start=1):
                lists.write(row, place, value, "text")
            number_format = {"text": "@", "mass": "General", "integer": "0", "date": "yyyy-mm-dd"}[field.kind]
            data.set_column(place, place, max(12, len(title_of(field)) + 2), cells.format(number_format))
            if field.allowed:
                letters = column_letters(place + 1)
                source = f"='Allowed values'!${letters}$2:${letters}${len(field.allowed) + 1}"
                data.data_validation(1, place, ROWS_WITH_LISTS, place, {"validate": "list", "source": source})
    return target.getvalue()


def _write_notes(cells: Cells, fields: Sequence[TableField]) -> None:
    for place, title in enumerate(_NOTES):
        cells.write_title(0, place, title)
    for row, field in enumerate(fields, start=1):
        required = "yes" if field.required else "no"
        allowed = ", ".join(field.allowed)
        notes = (title_of(field), required, _KINDS[field.kind], field.meaning, field.example, allowed)
        for place, note in enumerate(notes):
            cells.write(row, place, note[:LETTERS_OF_A_CELL], "text")
