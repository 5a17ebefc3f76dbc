"""Sheets as people keep them: where the heading is, what is no line, how numbers and days are written."""

import io
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from openmpca.formats.tables.fields import TableField
from openmpca.formats.tables.layout import (
    DATES,
    NUMBERS,
    Layout,
    dates_of,
    heading_of,
    no_lines,
    numbers_of,
    wrong_totals,
)
from openmpca.formats.tables.read import first_rows, read_table, sheets
from openmpca.formats.tables.sheet import Sheet
from openmpca.formats.tables.values import ungrouped

FIELDS = (
    TableField(name="batch", title="Batch", required=True),
    TableField(name="day", title="Date", kind="date"),
    TableField(name="mass", title="Mass", kind="mass"),
)
TITLED = """Stock of the store;;
kept by P. Lind
;;
Batch;Date;Mass (kg)
A-1;31.12.2024;1 205,5

A-2;01.12.2024;0,25
Total;;1 205,75
Prepared by P. Lind;;
"""


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def workbook(path: Path) -> Path:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("List")
    sheet.merge_range(0, 0, 0, 3, "Stock")
    sheet.write_row(1, 0, ["Batch", "Uranium", "", "Where"])
    sheet.write_row(2, 0, ["", "mass", "items", ""])
    sheet.merge_range(3, 3, 4, 3, "Hall 2")
    sheet.write_row(3, 0, ["A", 1.5, 2])
    sheet.write_row(4, 0, ["B", "2,25", 3])
    book.close()
    path.write_bytes(target.getvalue())
    return path


def test_a_table_below_titles_is_read_from_its_heading_with_the_rows_numbered_as_in_the_file(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", TITLED)
    frame, problems = read_table(path, layout=Layout(heading=4, left_out=(8, 9)))
    assert problems == []
    assert frame.columns == ["row", "Batch", "Date", "Mass (kg)"]
    assert frame["row"].to_list() == [5, 7]
    assert [number for number, _ in first_rows(path)] == [1, 2, 4, 5, 7, 8, 9]
    assert sheets(path) == []


def test_what_a_sheet_seems_to_be_is_proposed_and_reads_to_its_values(tmp_path: Path) -> None:
    sheet = Sheet(written(tmp_path / "a.csv", TITLED), FIELDS)
    mapping = sheet.proposed()
    assert mapping.layout == Layout(heading=4, left_out=(8, 9), decimal_comma=True)
    assert {each.field: (each.unit, each.date_format) for each in mapping.columns}["day"] == ("", "DD.MM.YYYY")
    read = sheet.fitted(mapping)
    assert read.problems == []
    assert read.frame["mass"].to_list() == ["1205500", "250"]
    assert [str(day) for day in read.frame["day"]] == ["2024-12-31", "2024-12-01"]
    assert read.left_out["row"].to_list() == [8, 9]


def test_a_heading_in_two_rows_is_one_name_for_each_column_and_numbers_of_both_sorts_are_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    layout = Layout(heading=2, heading_rows=2, spread=True, decimal_comma=True)
    frame, problems = read_table(path, layout=layout)
    assert problems == []
    assert frame.columns == ["row", "Batch", "Uranium mass", "Uranium items", "Where"]
    assert frame["Uranium mass"].to_list() == ["1,5", "2,25"]
    assert frame["Where"].to_list() == ["Hall 2", "Hall 2"]
    assert sheets(path) == ["List"]


def test_the_first_rows_of_a_workbook_are_those_with_something_in_them(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    assert [number for number, _ in first_rows(path)] == [1, 2, 3, 4, 5]
    assert first_rows(path)[3][1][:2] == ["A", "1.5"]


def test_of_what_cannot_be_read_there_are_no_rows_and_no_sheets(tmp_path: Path) -> None:
    broken, quoted = tmp_path / "a.xlsx", tmp_path / "a.csv"
    broken.write_bytes(b"PK\x03\x04 and no more")
    quoted.write_text("a;b\n" + "x" * 200_000 + ";1\n", encoding="utf-8")
    for path in (broken, quoted, tmp_path / "none.csv"):
        assert first_rows(path) == []
        assert sheets(path) == []


def test_a_mapping_of_columns_that_are_not_there_is_told_and_kept_as_it_is(tmp_path: Path) -> None:
    sheet = Sheet(written(tmp_path / "a.csv", "Batch;Date;Mass\nA;soon;1,500\n"), FIELDS)
    mapping = sheet.proposed()
    by_field = {each.field: each for each in mapping.columns}
    assert (by_field["day"].date_format, by_field["mass"].decimal_comma) == ("YYYY-MM-DD", False)
    other = Sheet(written(tmp_path / "b.csv", "Lot\nA\n"), FIELDS)
    assert other.written(mapping).columns == mapping.columns
    assert sheet.proposed(layout=mapping.layout).columns == mapping.columns
    assert "batch" in str([each.field + each.message for each in other.fitted(mapping).problems]).lower()


def test_what_is_no_table_is_fitted_to_nothing(tmp_path: Path) -> None:
    sheet = Sheet(tmp_path / "none.csv", FIELDS)
    read = sheet.fitted(sheet.proposed())
    assert (read.columns, [each.severity for each in read.problems]) == ([], ["error"])


def test_merged_cells_in_lines_are_a_problem_unless_they_are_spread(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx")
    assert [each.record for each in read_table(path, layout=Layout(heading=2, heading_rows=2))[1]] == ["row 4"]
    assert [each.record for each in read_table(path)[1] if each.rule == 915] == ["row 1", "row 4"]


def test_the_heading_is_the_row_with_most_of_the_known_names() -> None:
    rows = [(1, ["Batch list", ""]), (3, ["Batch", "Mass"]), (4, ["A", "5"])]
    assert heading_of(rows, ["Batch", "Mass"]) == 3
    assert heading_of([(2, ["7", "8"]), (5, ["Was", "Wieviel"])], []) == 5
    assert heading_of([], []) == 0


@pytest.mark.parametrize(
    "word", ["Total", "TOTAL:", "Grand total", "Subtotal hall 2", "Итого", "Всего по складу", "Summe"]
)
def test_totals_and_remarks_are_no_lines(word: str) -> None:
    frame = pl.DataFrame(
        {"row": [2, 3, 4], "a": ["A", None, "Seen by P."], "b": ["x", word, None], "c": ["1", "1", None]}
    )
    assert no_lines(frame) == (3, 4)


def test_how_numbers_are_written_is_told_only_where_no_other_way_gives_other_values() -> None:
    assert numbers_of([pl.Series(["1,5", "2"])]) == NUMBERS[1]
    assert numbers_of([pl.Series(["1 500,25", "2"])]) == NUMBERS[3]
    assert numbers_of([pl.Series(["1.500,25"])]) == NUMBERS[5]
    assert numbers_of([pl.Series(["12", None, " "])]) == NUMBERS[0]
    assert numbers_of([pl.Series(["1,500"])]) is None
    assert numbers_of([pl.Series(["1,5", "2.5"])]) is None


def test_how_days_are_written_is_told_only_where_no_other_way_gives_other_days() -> None:
    assert dates_of(pl.Series(["31/12/2024", "01/12/2024"])) == "DD/MM/YYYY"
    assert dates_of(pl.Series(["01/12/2024"])) is None
    assert dates_of(pl.Series(["2024-12-31"])) in DATES
    assert dates_of(pl.Series(["soon"])) is None


def test_a_total_is_the_sum_of_all_rows_above_or_of_those_since_the_last_total() -> None:
    frame = pl.DataFrame({"row": [1, 2, 4, 5], "m": ["1", "2", "3", "4"]})
    totals = pl.DataFrame({"row": [3, 6, 7], "m": ["3", "7", "10"]})
    assert wrong_totals(frame, totals, {"m": NUMBERS[0]}) == []
    (wrong,) = wrong_totals(frame, totals.with_columns(m=pl.Series(["3", "8", None])), {"m": NUMBERS[0]})
    assert (wrong.rule, wrong.record, wrong.message) == (936, "row 6", "It says 8, the rows above come to 10.")


def test_only_thousands_that_stand_apart_by_threes_are_put_together() -> None:
    given = pl.Series(["1 500", "1\u00a0500,5", "15 00", "-2\u202f000", "soon"])
    assert ungrouped(given, NUMBERS[3]).to_list() == ["1500", "1500,5", "15 00", "-2000", "soon"]
    assert ungrouped(given, NUMBERS[0]) is given
