"""Spreadsheets: what their cells become as text, and how damaged and hostile files are refused."""

import datetime
import io
import random
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from openmpca.formats.tables import archive, workbook
from openmpca.formats.tables.limits import Limits
from openmpca.formats.tables.read import read_table
from openmpca.problems import Problem
from tests.formats.tables.sheets import (
    inline,
    ods,
    ods_number,
    ods_row,
    ods_table,
    ods_text,
    xlsx,
    xlsx_parts,
    zipped,
)

HEADER = "<row r='1'>" + inline("A1", "a") + inline("B1", "b") + "</row>"


def read(folder: Path, content: bytes, name: str = "table.xlsx", sheet: str | None = None, **limits: int):
    path = folder / name
    path.write_bytes(content)
    return read_table(path, sheet, Limits(**limits))


def where(problems: list[Problem]) -> list[tuple[int, str, str]]:
    return [(problem.rule, problem.record, problem.field) for problem in problems]


def made(fill, *titles: str) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        for title in titles or ("One",):
            fill(book, book.add_worksheet(title))
    return target.getvalue()


def test_cells_become_text_as_people_see_them(tmp_path: Path):
    def fill(book, page):
        day, hour = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "hh:mm"})
        span = book.add_format({"num_format": "[h]:mm"})
        page.write_row(2, 1, [" Mass\n(g) ", "Day", "Code"])
        page.write_row(3, 1, [0.1 + 0.2, "", "007"])
        page.write_row(4, 1, [5, "x", True])
        page.write_row(5, 1, [1e20, "", False])
        page.write_row(6, 1, [-1.5e-7])
        page.write_datetime(7, 2, datetime.datetime(2026, 3, 1), day)  # noqa: DTZ001
        page.write_datetime(8, 2, datetime.datetime(2026, 3, 1, 6, 30), day)  # noqa: DTZ001
        page.write_number(9, 2, 0.25, hour)
        page.write_number(10, 2, 1.5, span)
        page.write_formula(12, 3, '="a"&"b"', None, "ab")

    frame, problems = read(tmp_path, made(fill))
    assert problems == []
    assert frame.rows() == [
        (4, "0.3", None, "007"),
        (5, "5", "x", "yes"),
        (6, "100000000000000000000", None, "no"),
        (7, "-0.00000015", None, None),
        (8, None, "2026-03-01", None),
        (9, None, "2026-03-01T06:30:00", None),
        (10, None, "06:00:00", None),
        (11, None, "1 day, 12:00:00", None),
        (13, None, None, "ab"),
    ]
    assert frame.columns == ["row", "Mass (g)", "Day", "Code"]


def test_an_ods_is_read_with_its_repeated_cells(tmp_path: Path):
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    content = ods(
        ods_table(
            ods_row(blank, attributes=' table:number-rows-repeated="2"'),
            ods_row(ods_text("a"), ods_text("b"), blank),
            ods_row(ods_number("12.3"), ods_text("x"), blank, attributes=' table:number-rows-repeated="2"'),
            ods_row("<table:table-cell/>", ods_text("y")),
            ods_row(blank, attributes=' table:number-rows-repeated="1048571"'),
        )
    )
    frame, problems = read(tmp_path, content, "table.ods")
    assert problems == []
    assert frame.rows() == [(4, "12.3", "x"), (5, "12.3", "x"), (6, None, "y")]


def test_the_sheet_named_is_read_and_the_first_one_otherwise(tmp_path: Path):
    def fill(book, page):
        page.write_row(0, 0, [page.name, "x"])
        page.write_row(1, 0, ["1", "2"])

    content = made(fill, "One", "Two & <3>")
    frame, problems = read(tmp_path, content)
    assert (frame.columns, where(problems)) == (["row", "One", "x"], [(917, "", "")])
    frame, problems = read(tmp_path, content, sheet="Two & <3>")
    assert (frame.columns, problems) == (["row", "Two & <3>", "x"], [])
    assert where(read(tmp_path, content, sheet="Three")[1]) == [(916, "", "")]


def test_an_empty_sheet_has_no_header(tmp_path: Path):
    assert where(read(tmp_path, made(lambda *_: None))[1]) == [(910, "", "")]


def test_an_error_of_a_formula_is_named_with_row_and_column(tmp_path: Path):
    def fill(_, page):
        page.write_row(0, 0, ["a", "b"])
        page.write_formula(1, 1, "=#REF!", None, "#REF!")
        page.write_row(2, 0, [1, 2])
        page.write_formula(3, 2, "=1/0", None, "#DIV/0!")

    frame, problems = read(tmp_path, made(fill))
    assert where(problems) == [(914, "row 2", "b"), (914, "row 4", "column C")]
    assert problems[0].message == "The cell holds #REF!."
    assert frame["row"].to_list() == [3]


def test_an_error_in_an_ods_is_named(tmp_path: Path):
    error = '<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error"{}'
    bad = error.format("><text:p>#DIV/0!</text:p></table:table-cell>")
    content = ods(ods_table(ods_row(ods_text("a")), ods_row(bad), ods_row(error.format("/>"))))
    _, problems = read(tmp_path, content, "table.ods")
    assert [(problem.record, problem.field, problem.message) for problem in problems] == [
        ("row 2", "a", "The cell holds #DIV/0!."),
        ("row 3", "a", "The cell holds an error."),
    ]


def test_many_errors_are_counted_rather_than_listed(tmp_path: Path):
    cells = "".join(f'<row r="{i}"><c r="A{i}" t="e"><v>#N/A</v></c></row>' for i in range(2, 702))
    _, problems = read(tmp_path, xlsx(HEADER + cells))
    assert (len(problems), problems[-1].message) == (501, "200 more rows have this problem.")


def test_merged_cells_are_named(tmp_path: Path):
    def fill(_, page):
        page.merge_range(0, 0, 0, 1, "both")
        page.write_row(1, 0, ["1", "2"])
        page.merge_range(2, 0, 3, 0, "down")

    _, problems = read(tmp_path, made(fill))
    assert where(problems) == [(915, "row 1", ""), (915, "row 3", ""), (911, "", "column B")]
    assert problems[0].message == "Cells A1 to B1 are merged."


def test_merged_cells_of_an_ods_are_named(tmp_path: Path):
    merged = ods_text("both", ' table:number-columns-spanned="2" table:number-rows-spanned="1"')
    content = ods(ods_table(ods_row(merged, "<table:covered-table-cell/>"), ods_row(ods_text("1"), ods_text("2"))))
    _, problems = read(tmp_path, content, "table.ods")
    assert where(problems) == [(915, "row 1", ""), (911, "", "column B")]


def test_cells_that_do_not_say_where_they_stand_are_counted(tmp_path: Path):
    rows = f"<row>{inline('', 'a')}{inline('', 'b')}</row><row>{inline('', '1')}{inline('', '2')}</row>"
    frame, problems = read(tmp_path, xlsx(rows))
    assert (frame.rows(), problems) == ([(2, "1", "2")], [])
    assert where(read(tmp_path, xlsx(rows), spreadsheet_cells=3)[1]) == [(906, "", "")]


@pytest.mark.parametrize(
    "cell",
    [
        inline("XFD1048576", "x"),
        '<c s="1" r="XFD1048576"><v>1</v></c>',
        "<c r='XFD1048576'><v>1</v></c>",
        '<c s=">" r="xfd1048576"><v>1</v></c>',
        '<x-y:c xmlns:x-y="x" r="XFD1048576"><v>1</v></x-y:c>',
        '<row r="1048576"/><c r="A2"/><c r="XFD2"><v>1</v></c>',
    ],
)
def test_two_cells_in_opposite_corners_are_refused_before_they_fill_the_memory(tmp_path: Path, cell: str):
    assert where(read(tmp_path, xlsx(HEADER + f'<row r="2">{cell}</row>'))[1]) == [(906, "", "")]


@pytest.mark.parametrize("cell", ['<c r="A99999999999"/>', '<c r="ZZZZ1"/>', '<c s="<" r="XFD9"/>', '<c s="r="A1"/>'])
def test_a_cell_at_no_place_is_refused(tmp_path: Path, cell: str):
    assert where(read(tmp_path, xlsx(HEADER + f'<row r="2">{cell}</row>'))[1]) == [(904, "", "")]


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (ods_row(ods_text("x", ' table:number-columns-repeated="1000000000"')), 906),
        (ods_row(ods_text("x"), attributes=' table:number-rows-repeated="1000000000"'), 906),
        (ods_row(ods_text("x" * 5000), attributes=' table:number-rows-repeated="1000000"'), 905),
        (ods_row(ods_text("x", ' table:formula=">" table:number-columns-repeated="many"')), 904),
        (ods_row('<table:table-cell office:value-type="<">'), 904),
    ],
)
def test_what_an_ods_repeats_too_often_is_refused(tmp_path: Path, row: str, rule: int):
    assert where(read(tmp_path, ods(ods_table(ods_row(ods_text("a")), row)), "table.ods")[1]) == [(rule, "", "")]


def test_a_long_text_shared_by_many_cells_is_refused(tmp_path: Path):
    cells = "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c></row>' for i in range(1, 50_000))
    shared = f"<si><t>{random.Random(1).randbytes(60_000).hex()}</t></si><si><t>b</t></si>"
    assert where(read(tmp_path, xlsx(cells, shared))[1]) == [(905, "", "")]
    row = '<row r="{0}"><c r="A{0}" t="s"><v>1</v></c></row>'
    frame, problems = read(tmp_path, xlsx(row.format(1) + row.format(2), shared))
    assert (frame.rows(), problems) == ([(2, "b")], [])


def test_a_bomb_is_refused_by_what_it_declares(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    bomb = zipped(xlsx_parts(HEADER) | {"xl/worksheets/sheet2.xml": b" " * (64 << 20)})
    assert len(bomb) < 100_000
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    assert where(read(tmp_path, bomb)[1]) == [(905, "", "")]
    assert where(read(tmp_path, bomb, unpacked=1 << 20)[1]) == [(905, "", "")]
    assert where(read(tmp_path, bomb, members=2)[1]) == [(905, "", "")]


def test_a_part_longer_than_it_declares_is_refused(tmp_path: Path):
    parts = xlsx_parts(HEADER + f"<row r='2'>{inline('A2', 'x' * 4000)}</row>")
    whole = zipped(parts, zipfile.ZIP_STORED)
    size = len(parts["xl/worksheets/sheet1.xml"]).to_bytes(4, "little")
    lying = whole.replace(size + size, size + (100).to_bytes(4, "little"))
    assert lying != whole
    assert [problem.rule for problem in read(tmp_path, lying)[1]] == [905]


def test_an_endless_text_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archive, "PIECE", 100)
    monkeypatch.setattr(archive, "ENDLESS", 1000)
    assert where(read(tmp_path, xlsx(f"<row r='1'>{inline('A1', 'x' * 4000)}</row>"))[1]) == [(905, "", "")]


def test_a_sheet_in_small_pieces_is_surveyed_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(archive, "PIECE", 7)
    frame, problems = read(
        tmp_path, xlsx(HEADER + '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="e"><v>#N/A</v></c></row>')
    )
    assert (frame.rows(), where(problems)) == ([(2, "1", None)], [(914, "row 2", "b")])


@pytest.mark.parametrize(
    ("parts", "rule"),
    [
        ({"a.txt": "x"}, 903),
        ({"xl/workbook.xml": "<workbook/>"}, 904),
        (xlsx_parts(HEADER) | {"xl/workbook.xml": "<workbook"}, 904),
        (xlsx_parts(HEADER) | {"xl/workbook.xml": "<!DOCTYPE a>"}, 903),
        (xlsx_parts(HEADER, start="xl/other.bin"), 904),
        (xlsx_parts(HEADER) | {"xl/worksheets/sheet1.xml": "<worksheet/>".encode("utf-16")}, 903),
        (xlsx_parts("") | {"xl/worksheets/sheet1.xml": "<worksheet><sheetData></row>"}, 904),
    ],
)
def test_an_archive_that_is_no_sound_spreadsheet_is_refused(tmp_path: Path, parts: dict[str, str], rule: int):
    assert where(read(tmp_path, zipped(parts))[1]) == [(rule, "", "")]


def test_a_password_is_said(tmp_path: Path):
    content = bytearray(xlsx(HEADER))
    content[content.rindex(b"PK\x01\x02") + 8] |= 1
    assert read(tmp_path, bytes(content))[1][0].message == "The spreadsheet is protected by a password."


def test_an_unusual_packing_is_refused(tmp_path: Path):
    assert where(read(tmp_path, zipped(xlsx_parts(HEADER), zipfile.ZIP_BZIP2))[1]) == [(904, "", "")]


def test_a_spreadsheet_called_csv_is_read_and_said(tmp_path: Path):
    frame, problems = read(tmp_path, xlsx(HEADER + f"<row r='2'>{inline('A2', 'x')}</row>"), "table.csv")
    assert (frame.rows(), where(problems)) == ([(2, "x", None)], [(902, "", "")])


def test_a_panic_of_the_reader_is_a_problem_and_nothing_else_is_swallowed(tmp_path: Path, monkeypatch):
    class PanicException(BaseException):
        pass

    def fail(kind):
        def read_(*_):
            raise kind

        monkeypatch.setattr(workbook, "_read", read_)

    fail(PanicException())
    assert where(read(tmp_path, xlsx(HEADER))[1]) == [(904, "", "")]
    fail(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        read(tmp_path, xlsx(HEADER))


def test_no_damage_makes_it_fail(tmp_path: Path):
    chance = random.Random(7)
    whole = xlsx(HEADER + f"<row r='2'>{inline('A2', 'x')}{inline('B2', 'y')}</row>")
    other = ods(ods_table(ods_row(ods_text("a")), ods_row(ods_text("x"))))
    for i in range(400):
        content = bytearray([whole, other][i % 2])
        if i % 5 == 0:
            content = content[: chance.randrange(4, len(content))]
        else:
            for _ in range(chance.randrange(1, 4)):
                content[chance.randrange(len(content))] = chance.randrange(256)
        frame, problems = read(tmp_path, bytes(content))
        assert frame.height <= 1
        assert all(isinstance(problem, Problem) for problem in problems)
