"""Any list goes out as CSV, spreadsheet or JSON: exact, and harmless to open."""

import json
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from openmpca.accounting.exporting.files import NoForm, export_list
from openmpca.formats.tables.read import read_table

ROWS = pl.DataFrame(
    {
        "mba": ["ZZA1", "=cmd|'/c calc'!A1"],
        "day": [date(2026, 3, 1), None],
        "nuclide": ["", "#"],
        "ug": [1_234_567, 40],
        "receipts": [[1, 2], []],
    }
)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_list_reads_back_as_it_was(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"list.{ending}"
    assert export_list(ROWS, path) == 2
    frame, problems = read_table(path)
    assert problems == []
    assert frame.drop("row").to_dicts() == [
        {"MBA": "ZZA1", "Day": "2026-03-01", "Nuclide": None, "Grams": "1.234567", "Items": None, "Receipts": "1; 2"},
        {"MBA": "=cmd|'/c calc'!A1", "Day": None, "Nuclide": None, "Grams": None, "Items": "40", "Receipts": None},
    ]


def test_heads_keep_the_words_of_the_field_and_tell_the_unit(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    export_list([{"mba": "ZZA1", "measured_kmp": "1", "open_ug": 5, "E/U235": "1", "P/Pu239+Pu241": "2"}], path)
    assert path.read_text("utf-8-sig").splitlines() == [
        "MBA,Measured KMP,Open (g),E/U235 (g),P/Pu239+Pu241 (g)",
        "ZZA1,1,0.000005,1,2",
    ]


def test_no_formula_stands_in_a_csv(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    export_list(ROWS, path)
    assert all(
        not cell.startswith(("=", "+", "@"))
        for line in path.read_text("utf-8-sig").splitlines()
        for cell in line.split(",")
    )


def test_a_list_of_rows_goes_out_under_its_titles_as_json(tmp_path: Path) -> None:
    path = tmp_path / "list.json"
    export_list(
        [{"mba": "ZZA1", "shipped_ug": 15, "note": None, "more": {"a": 1}}],
        path,
        {"shipped_ug": "Shipped", "mba": "MBA"},
    )
    assert json.loads(path.read_text("utf-8")) == [{"shipped_g": "0.000015", "mba": "ZZA1"}]


def test_another_ending_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(NoForm, match=r"\.csv, \.xlsx, \.json"):
        export_list(ROWS, tmp_path / "list.pdf")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_list_is_a_list(tmp_path: Path) -> None:
    assert export_list(ROWS.clear(), tmp_path / "empty.csv") == 0
    assert export_list([], tmp_path / "nothing.json") == 0
