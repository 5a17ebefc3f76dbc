"""Lists and templates as they are written: exact, the same every time, and harmless to open."""

import datetime
import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openmpca.formats.tables import write
from openmpca.formats.tables.fields import TableField
from openmpca.formats.tables.fitting import apply
from openmpca.formats.tables.mapping import guess
from openmpca.formats.tables.read import read_table
from openmpca.formats.tables.template import template_csv, template_xlsx
from openmpca.formats.tables.write import Column, write_csv, write_json, write_xlsx

COLUMNS = (
    Column(name="batch", title="Batch"),
    Column(name="mass", title="Mass (g)", kind="mass"),
    Column(name="items", title="Items", kind="integer"),
    Column(name="day", title="Date", kind="date"),
)
ROWS = [
    ("=HYPERLINK(1)", "-12.50", 3, datetime.date(2026, 3, 1)),
    ("-5", "123456789012.123456", -1, None),
    ("'=x", "", None, datetime.date(1890, 1, 2)),
]
DANGEROUS = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1", "=cmd|' /C calc'!A0", "-x", "+5"]
FIELDS = (
    TableField(name="mba", title="MBA", required=True, example="FAB1", meaning="Where it happened"),
    TableField(name="day", title="Date", kind="date", required=True, example="2026-03-01"),
    TableField(name="code", title="Code", allowed=("RF", "SF"), example="RF"),
    TableField(name="mass", title="Element mass", kind="mass", example="1500.25"),
    TableField(name="items", title="Items", kind="integer", example="12"),
)


def written(writer, columns=COLUMNS, rows=ROWS) -> bytes:
    target = io.BytesIO()
    writer(columns, rows, target)
    return target.getvalue()


def test_a_csv_says_its_encoding_and_keeps_masses_digit_for_digit():
    assert written(write_csv).decode("utf-8-sig") == (
        "Batch,Mass (g),Items,Date\r\n"
        "'=HYPERLINK(1),-12.50,3,2026-03-01\r\n"
        "-5,123456789012.123456,-1,\r\n"
        "''=x,,,1890-01-02\r\n"
    )


def test_a_json_list_has_an_object_a_row():
    assert json.loads(written(write_json)) == [
        {"batch": "=HYPERLINK(1)", "mass": "-12.50", "items": 3, "day": "2026-03-01"},
        {"batch": "-5", "mass": "123456789012.123456", "items": -1, "day": None},
        {"batch": "'=x", "mass": "", "items": None, "day": "1890-01-02"},
    ]
    assert json.loads(written(write_json, rows=[])) == []


@pytest.mark.parametrize("writer", [write_csv, write_xlsx])
def test_a_list_is_read_back_as_it_was(tmp_path: Path, writer):
    path = tmp_path / {write_csv: "list.csv", write_xlsx: "list.xlsx"}[writer]
    path.write_bytes(written(writer))
    frame, problems = read_table(path)
    assert problems == []
    mass = {write_csv: "-12.50", write_xlsx: "-12.5"}[writer]
    assert frame.rows() == [
        (2, "=HYPERLINK(1)", mass, "3", "2026-03-01"),
        (3, "-5", "123456789012.123456", "-1", None),
        (4, "'=x", None, None, "1890-01-02"),
    ]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_text_is_evaluated_by_a_spreadsheet_program(text: str):
    csv_text = written(write_csv, COLUMNS[:1], [(text,)]).decode("utf-8-sig").split("\r\n", 1)[1]
    assert csv_text.lstrip('"').startswith("'")
    with zipfile.ZipFile(io.BytesIO(written(write_xlsx, COLUMNS[:1], [(text,)]))) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet
        assert '<c r="A2" s="2" t="s">' in sheet
        assert 'quotePrefix="1"' in archive.read("xl/styles.xml").decode()


def test_a_mass_that_is_no_number_is_written_as_harmless_text():
    assert b"'=1" in written(write_csv, COLUMNS[1:2], [("=1",)])
    with zipfile.ZipFile(io.BytesIO(written(write_xlsx, COLUMNS[1:2], [("=1",)]))) as archive:
        assert "<f>" not in archive.read("xl/worksheets/sheet1.xml").decode()


@pytest.mark.parametrize("writer", [write_csv, write_xlsx, write_json])
def test_the_same_list_gives_the_same_bytes(writer, monkeypatch: pytest.MonkeyPatch):
    first = written(writer)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1234567890")
    assert written(writer) == first


def test_characters_that_xml_cannot_carry_are_replaced():
    with zipfile.ZipFile(io.BytesIO(written(write_xlsx, COLUMNS[:1], [("a\x07b",)]))) as archive:
        assert "a\ufffdb" in archive.read("xl/sharedStrings.xml").decode()


def test_what_a_sheet_cannot_hold_is_refused(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(ValueError, match="a cell holds"):
        written(write_xlsx, COLUMNS[:1], [("x" * 40_000,)])
    monkeypatch.setattr(write, "ROWS_OF_A_SHEET", 3)
    with pytest.raises(ValueError, match="write the list as CSV"):
        written(write_xlsx, COLUMNS[:1], [("x",)] * 3)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.sampled_from("'=+-@\t\r\nab1.,;\" é＝"), max_size=6), min_size=1, max_size=10))
def test_any_text_survives_a_csv(tmp_path: Path, texts: list[str]):
    path = tmp_path / "list.csv"
    path.write_bytes(written(write_csv, COLUMNS[:1] * 1, [(text,) for text in texts]))
    frame, problems = read_table(path)
    assert problems == []
    assert dict(frame.rows()) == {row: text for row, text in enumerate(texts, start=2) if text}


@pytest.mark.parametrize(("template", "name"), [(template_csv, "t.csv"), (template_xlsx, "t.xlsx")])
def test_an_untouched_template_is_an_empty_table_that_fits(tmp_path: Path, template, name: str):
    path = tmp_path / name
    path.write_bytes(template(FIELDS))
    frame, problems = read_table(path)
    mapping = guess(frame.columns, FIELDS)
    fitted, faults = apply(frame, mapping, FIELDS)
    assert [problem.severity for problem in problems] == ([] if name == "t.csv" else ["note"])
    assert [(column.field, column.unit) for column in mapping.columns] == [
        ("mba", ""),
        ("day", ""),
        ("code", ""),
        ("mass", "g"),
        ("items", ""),
    ]
    assert (fitted.height, faults) == (0, [])
    assert template(FIELDS) == path.read_bytes()


def test_a_template_explains_its_columns_and_offers_the_allowed_values(tmp_path: Path):
    path = tmp_path / "t.xlsx"
    path.write_bytes(template_xlsx(FIELDS))
    notes, _ = read_table(path, "Notes")
    assert notes.row(0) == (2, "MBA", "yes", "text", "Where it happened", "FAB1", None)
    assert notes.row(2) == (4, "Code", "no", "text", None, "RF", "RF, SF")
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "<formula1>'Allowed values'!$C$2:$C$3</formula1>" in sheet
    assert 'sqref="C2:C10001"' in sheet
