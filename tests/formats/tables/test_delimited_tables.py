"""Delimited text: what is read, and how each kind of mistake and malice is named."""

import csv
import gzip
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from openmpca.formats.tables import delimited
from openmpca.formats.tables.limits import Limits
from openmpca.formats.tables.read import read_table
from openmpca.problems import Problem


def read(
    folder: Path, content: bytes | str, name: str = "table.csv", **limits: int
) -> tuple[pl.DataFrame, list[Problem]]:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(path, limits=Limits(**limits))


def where(problems: list[Problem]) -> list[tuple[int, str, str]]:
    return [(problem.rule, problem.record, problem.field) for problem in problems]


def test_every_column_is_text_and_every_row_has_its_number(tmp_path: Path):
    frame, problems = read(tmp_path, "MBA, Mass \nA,007\n\nB,1e3\n")
    assert problems == []
    assert frame.to_dicts() == [{"row": 2, "MBA": "A", "Mass": "007"}, {"row": 4, "MBA": "B", "Mass": "1e3"}]
    assert frame.schema == {"row": pl.Int64, "MBA": pl.String, "Mass": pl.String}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_found_in_the_header_line_alone(tmp_path: Path, separator: str):
    cells = ["1", "2", "x,;,;\t\ty"]
    text = separator.join(['"a,;,;\t\tb"', "c", "d"]) + "\n" + separator.join(f'"{cell}"' for cell in cells) + "\n"
    frame, problems = read(tmp_path, text)
    assert (frame.rows(), problems) == ([(2, *cells)], [])


def test_line_breaks_inside_quotes_are_kept_and_do_not_count_as_rows(tmp_path: Path):
    frame, problems = read(tmp_path, 'a,b\r\n"x\r\n\r\ny","say ""so"""\r\n1,2')
    assert problems == []
    assert frame.rows() == [(2, "x\r\n\r\ny", 'say "so"'), (3, "1", "2")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_read_in_its_encoding(tmp_path: Path, encoding: str):
    mark = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")
    frame, problems = read(tmp_path, (mark + "name\nБатч é 物\n").encode(encoding))
    assert problems == []
    assert frame["name"].to_list() == ["Батч é 物"]


def test_text_that_is_not_utf_8_is_read_as_latin_1_with_a_warning(tmp_path: Path):
    frame, problems = read(tmp_path, "name\ncafé\n".encode("latin-1"))
    assert frame["name"].to_list() == ["café"]
    assert [(problem.rule, problem.severity) for problem in problems] == [(908, "warning")]


def test_old_line_ends_are_understood(tmp_path: Path):
    frame, problems = read(tmp_path, b"a,b\r1,2\r3,4\r")
    assert (frame.rows(), problems) == ([(2, "1", "2"), (3, "3", "4")], [])


def test_blank_cells_are_null_and_blank_rows_are_left_out(tmp_path: Path):
    frame, problems = read(tmp_path, '\n\r\na,b\n,\n"",\n\n1,\n')
    assert (frame.rows(), problems) == ([(7, "1", None)], [])


def test_a_header_without_rows_is_an_empty_table(tmp_path: Path):
    frame, problems = read(tmp_path, "a,b")
    assert (frame.height, frame.columns, problems) == (0, ["row", "a", "b"], [])


def test_ragged_rows_are_all_named_and_the_others_read(tmp_path: Path):
    frame, problems = read(tmp_path, "a,b,c\n1,2\n1,2,3\n1,2,3,4\n4,5,6\n")
    assert where(problems) == [(913, "row 2", ""), (913, "row 4", "")]
    assert problems[0].message == "The row has 2 cells, the header 3."
    assert frame["row"].to_list() == [3, 5]


def test_a_million_ragged_rows_do_not_make_a_million_problems(tmp_path: Path):
    _, problems = read(tmp_path, "a,b\n" + "1\n" * 2000)
    assert len(problems) == 501
    assert problems[-1].message == "1500 more rows have this problem."


def test_headers_that_are_empty_or_double_are_named(tmp_path: Path):
    frame, problems = read(tmp_path, "a,,a,a,row,,a D'\n1,2,3,4,5,,6\n")
    assert where(problems) == [(911, "", "column B"), (912, "", "a"), (912, "", "a"), (918, "", "row")]
    assert frame.columns == ["row", "a", "column B", "a C", "a D", "row E", "a D'"]


def test_a_made_up_name_gives_way_to_a_true_one_before_it(tmp_path: Path):
    frame, _ = read(tmp_path, "a,a C,a\n1,2,3\n")
    assert frame.columns == ["row", "a", "a C", "a C'"]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('a,b\n1,x"y\n', "row 2"),
        ('a,b\n1,2\n1,"x"y\n', "row 3"),
        ('a,b\n"1\n",2\n1,"x\n3,4\n', "row 3"),
        ('a,b\n1, "x"\n', "row 2"),
        ('a,b\n1,"x, 3\n4,"q"\n', "row 2"),
    ],
)
def test_a_stray_quote_is_named_with_its_row(tmp_path: Path, text: str, row: str):
    _, problems = read(tmp_path, text)
    assert where(problems) == [(909, row, "")]


def test_a_doubled_apostrophe_of_an_escaped_cell_is_taken_off_once(tmp_path: Path):
    frame, _ = read(tmp_path, "a,b\n'=1+1,''-x\nit's,'quoted'\n")
    assert frame.rows() == [(2, "=1+1", "'-x"), (3, "it's", "'quoted'")]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", 910),
        (b"\n\n\n", 910),
        (b" , \n1,2\n", 910),
        (b"a,b\n1,\0\n", 903),
        ("a,b\n1,2\n".encode("utf-16-le"), 903),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", 903),
        (b"%PDF-1.7\n", 903),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 903),
        (b"<html><table><tr><td>1</td></tr></table>", 903),
        (gzip.compress(b"a,b\n1,2\n", mtime=0), 903),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, rule: int):
    frame, problems = read(tmp_path, content)
    assert [problem.rule for problem in problems if problem.severity == "error"] == [rule]
    assert frame.height == 0


def test_text_that_looks_compressed_is_still_text(tmp_path: Path):
    frame, problems = read(tmp_path, "x^2,b\n1,2\n")
    assert (frame.rows(), problems) == ([(2, "1", "2")], [])


def test_an_endless_line_costs_the_memory_of_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "endless.csv"
    with path.open("wb") as file:
        file.write(b"a,b\n1,")
        file.truncate(1 << 30)
    monkeypatch.setattr(delimited, "CHUNK", 1 << 20)
    frame, problems = read_table(path, limits=Limits(bytes=2 << 30))
    assert [problem.rule for problem in problems] == [903]
    with path.open("r+b") as file:
        for _ in range(4):
            file.write(b"1" * (1 << 20))
    frame, problems = read_table(path, limits=Limits(bytes=2 << 30))
    assert where(problems) == [(907, "row 1", "")]
    assert frame.height == 0


def test_a_long_row_among_short_ones_is_named(tmp_path: Path):
    _, problems = read(tmp_path, "a,b\n1,2\n1," + "2" * 2000 + "\n1,2\n", line=1000)
    assert where(problems) == [(907, "row 3", "")]


def test_a_file_over_the_limit_is_not_opened(tmp_path: Path):
    _, problems = read(tmp_path, "a,b\n1,2\n", bytes=5)
    assert where(problems) == [(901, "", "")]


@pytest.mark.parametrize("limit", [{"columns": 2}, {"cells": 8}])
def test_a_table_with_too_many_cells_is_refused(tmp_path: Path, limit: dict[str, int]):
    _, problems = read(tmp_path, "a,b,c\n1,2,3\n1,2,3\n", **limit)
    assert where(problems) == [(906, "", "")]


def test_a_wrong_ending_is_said(tmp_path: Path):
    frame, problems = read(tmp_path, "a\n1\n", name="table.xlsx")
    assert where(problems) == [(902, "", "")]
    assert frame["a"].to_list() == ["1"]


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path):
    assert where(read_table(tmp_path / "none.csv")[1]) == [(900, "", "")]
    assert where(read_table(tmp_path)[1]) == [(900, "", "")]


def test_text_that_the_parser_refuses_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(delimited.Structure, "_check_quotes", lambda *_: None)
    assert where(read(tmp_path, b'\x01\n""\r\x01')[1]) == [(919, "", "")]


def test_a_disagreement_of_the_two_readers_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(delimited.Structure, "row_numbers", lambda _: delimited.np.arange(3))
    assert where(read(tmp_path, "a,b\n1,2\n")[1]) == [(919, "", "")]


CELLS = st.text(st.sampled_from("ab1 é\"',;\t\r\n=-@x"), max_size=8) | st.text(
    st.characters(exclude_categories=["Cs", "Cc"]), max_size=8
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), max_size=20),
    st.sampled_from(",;\t"),
    st.sampled_from([("\n", csv.QUOTE_ALL), ("\r\n", csv.QUOTE_MINIMAL)]),
    st.integers(1, 60),
)
@example([["", "", ""], ["x", '"', "\n"]], ",", ("\r\n", csv.QUOTE_MINIMAL), 1)
def test_what_another_program_wrote_is_read_as_written(tmp_path: Path, rows, separator: str, manner, chunk: int):
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=separator, lineterminator=manner[0], quoting=manner[1])
    writer.writerows([["first", "second", "third"], *rows])
    path = tmp_path / "table.csv"
    path.write_bytes(target.getvalue().encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "CHUNK", chunk)
        frame, problems = read_table(path)
    written = [(number, *(unescaped(cell) for cell in row)) for number, row in enumerate(rows, start=2)]
    assert problems == []
    assert frame.rows() == [row for row in written if any(cell is not None for cell in row[1:])]


def unescaped(cell: str) -> str | None:
    bare = cell.lstrip("'")
    return cell[1:] if bare != cell and bare[:1] in tuple("=+-@\t\r\n＝＋－＠") else cell or None


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200) | st.text(st.sampled_from('ab",;\r\n\t1'), max_size=60).map(str.encode))
def test_no_bytes_make_it_fail(tmp_path: Path, content: bytes):
    frame, problems = read(tmp_path, content)
    assert isinstance(frame, pl.DataFrame)
    assert all(isinstance(problem, Problem) for problem in problems)
