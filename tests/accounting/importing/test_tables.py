"""Tables of statements are brought in whole, or not at all with every problem by its row and column."""

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from openmpca.record.record import Refused, head
from tests.state import State, alone, at, founded

NOW = at("2026-06-01")
HEADER = (
    "Date,MBA,Change code,Batch,Category,Element (kg),U235 (g),Items,KMP,Description,Basis,Other side,Shipper's batch"
)
ROWS = (
    "2026-03-29,ZZA1,RF,FUEL1,E,9.581,1892,11,1,BU2F,N,YY/YYB1,GSB41",
    "2026-03-30,ZZA1,RS,DRUM,N,125.4,,0,1,FQMB,M,,",
)


def area() -> Any:
    """A State with one area; the act of one person."""
    from openmpca.accounting.statements import Country, Facility, Kmp, Mba
    from openmpca.record import commands

    act, day = alone(founded()), date(2020, 1, 1)
    commands.state(
        [Country(day=day, code="ZZ", name="Z", own=True), Facility(day=day, code="ZZA-", name="R")], act, when=NOW
    )
    commands.state([Mba(day=day, code="ZZA1", facility="ZZA-", name="R")], act, when=NOW)
    commands.state([Kmp(day=day, mba="ZZA1", code="1", name="in")], act, when=NOW)
    return act


def table(folder: Path, *rows: str, header: str = HEADER, name: str = "changes.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return path


def brought_in(path: Path, act: Any, kind: str = "change", **options: Any) -> Any:
    from openmpca.accounting.importing.tables import Source, import_table

    given = {name: options.pop(name) for name in ("mapping", "constants", "sheet", "limits") if name in options}
    return import_table(Source(path, kind, **given), act, when=NOW, **options)


def held(day: date = date(2026, 4, 1)) -> dict[str, int]:
    from openmpca.accounting.queries import View
    from openmpca.nuclear.categories import join_key

    rows = View.of(day).balances(["ZZA1"], ["MAIN"])
    return {join_key(category, nuclide): ug for *_, category, nuclide, ug in rows.iter_rows()}


def test_a_table_becomes_statements_in_one_go(each_state_home: State, tmp_path: Path) -> None:
    from openmpca.record.reading import stored

    found = brought_in(table(tmp_path, *ROWS), area())
    assert held() == {"E": 9_581_000_000, "E/U235": 1_892_000_000, "E/#": 11, "N": 125_400_000_000}
    first = stored(found.stated.numbers[0]).fields
    assert first["weights"] == {"E": "9581", "E/U235": "1892"}
    assert (first["counterpart"], first["shipper_batch"], first["items"]) == ("YY/YYB1", "GSB41", 11)


def test_masses_may_stand_under_their_weight_keys(state_home: State, tmp_path: Path) -> None:
    header = "day,mba,code,batch,E (g),E/U235 (g),P (g),note"
    brought_in(table(tmp_path, '2026-03-29,ZZA1,RS,B1,10,2,0.5,"a, b"', header=header), area())
    assert held() == {"E": 10_000_000, "E/U235": 2_000_000, "P": 500_000}


def test_every_problem_comes_by_row_and_column_and_nothing_is_recorded(state_home: State, tmp_path: Path) -> None:
    act = area()
    before = head()
    rows = (
        "2026-03-29,ZZA1,RF,FUEL1,E,9.581,1892,11,1,BU2F,N,YY/YYB1,GSB41",
        '29.3.2026,ZZA1,RF,FUEL2,E,1e3,"1,5",11,1,BU2F,N,YY/YYB1,GSB41',
        "2026-03-29,XXXX,RF,FUEL3,E,1,１２,11,1,BU2F,N,YY/YYB1,GSB41",
        "",
        "2026-03-29,ZZA1,RS,FUEL4,E,2,3000,x,9,BU2F,N,,",
        "2026-03-29,XXX1,RS,FUEL5,E,2,3000,1,9,BU2F,N,,",
    )
    with pytest.raises(Refused) as refused:
        brought_in(table(tmp_path, *rows), act)
    found = {(each.rule, each.record, each.field) for each in refused.value.problems}
    assert found >= {
        (930, "row 3", "Date"),
        (927, "row 3", "Element (kg)"),
        (927, "row 3", "U235 (g)"),
        (927, "row 4", "U235 (g)"),
        (931, "row 6", "Items"),
        (310, "row 7", "MBA"),
        (356, "row 7", "weights"),
    }
    assert head() == before


def test_rows_that_can_be_read_are_held_against_the_book_though_others_cannot(
    state_home: State, tmp_path: Path
) -> None:
    rows = (
        "2026-03-29,ZZA1,RS,DRUM,N,1,,1,1,FQMB,M,,",
        "29.3.2026,ZZA1,RS,LATER,N,1,,1,1,FQMB,M,,",
        "2026-03-30,ZZA1,LD,NEVER,N,1,,1,1,FQMB,M,,",
        '2026-03-30,ZZA1,RS,FUEL,N,"1,5",,1,Z,BQ2Z,M,,',
        "2026-03-30,ZZA1,LD,LATER,N,1,,1,1,FQMB,M,,",
    )
    with pytest.raises(Refused) as refused:
        brought_in(table(tmp_path, *rows), area())
    found = [(each.rule, each.record, each.field) for each in refused.value.problems if each.severity == "error"]
    assert found == [
        (930, "row 3", "Date"),
        (927, "row 5", "Element (kg)"),
        (339, "row 5", "KMP"),
        (341, "row 5", "Description"),
        (402, "ZZA1 NEVER", "weights"),
    ]
    assert "With row 4," in next(each.message for each in refused.value.problems if each.rule == 402)


def test_rows_without_mass_or_category_are_told(state_home: State, tmp_path: Path) -> None:
    act = area()
    rows = (
        "2026-03-29,ZZA1,RS,B1,E,,,1,1,BU2F,N,,",
        "2026-03-29,ZZA1,RS,B2,,5,,1,1,BU2F,N,,",
        "2026-03-29,ZZA1,RS,B3,P,5,1,1,1,BU2F,N,,",
    )
    header = HEADER.replace("Items", "Isotope")
    wrong = (rows[0], rows[1], rows[2].replace("P,5,1,1", "P,5,1,U235"))
    with pytest.raises(Refused) as refused:
        brought_in(table(tmp_path, *(row.replace(",1,1,BU2F", ",,1,BU2F") for row in wrong), header=header), act)
    assert {(950, "row 2"), (951, "row 3"), (952, "row 4")} <= {
        (each.rule, each.record) for each in refused.value.problems
    }


def test_a_weight_given_in_two_columns_is_told(state_home: State, tmp_path: Path) -> None:
    header = "day,mba,code,batch,Category,Element (g),U235 (g),E (g)"
    rows = ("2026-03-29,ZZA1,RS,B1,E,10,2,10", "2026-03-29,ZZA1,RS,B2,N,10,,")
    with pytest.raises(Refused) as refused:
        brought_in(table(tmp_path, *rows, header=header), area())
    assert [(each.rule, each.record, each.field) for each in refused.value.problems if each.severity == "error"] == [
        (955, "row 2", "Element (g)")
    ]


def test_a_dry_run_leaves_nothing(state_home: State, tmp_path: Path) -> None:
    act = area()
    before = head()
    assert brought_in(table(tmp_path, *ROWS), act, dry_run=True).rows == 2
    assert head() == before


def test_a_mapping_is_remembered_for_the_same_columns(state_home: State, tmp_path: Path) -> None:
    from openmpca.formats.tables.mapping import ColumnMapping, Mapping

    act = area()
    columns = (
        ColumnMapping(column="Wann", field="day", date_format="D.M.YYYY"),
        ColumnMapping(column="Posten", field="batch"),
        ColumnMapping(column="Uran", field="N", unit="kg", decimal_comma=True),
    )
    mapping = Mapping(columns=columns, constants={"mba": "ZZA1", "code": "RS"})
    header = "Wann;Posten;Uran"
    brought_in(table(tmp_path, "29.3.2026;A;1,5", header=header), act, mapping=mapping)
    brought_in(table(tmp_path, "30.3.2026;B;2,5", header=header), act)
    assert held() == {"N": 4_000_000_000}


def test_a_mapping_has_a_name(state_home: State) -> None:
    from openmpca.accounting.importing import mappings
    from openmpca.formats.tables.mapping import Mapping

    area()
    mapping = Mapping(columns=(), constants={"code": "RS"})
    mappings.save("accounting.change", "their old program", mapping)
    mappings.remember("accounting.change", ["a"], mapping)
    assert mappings.names() == [("accounting.change", "their old program")]
    assert mappings.named("accounting.change", "their old program") == mapping
    assert mappings.named("accounting.change", "another") is None


def test_the_lines_of_an_inventory_come_as_a_table(state_home: State, tmp_path: Path) -> None:
    from openmpca.accounting.statements import Inventory
    from openmpca.record import commands

    act, day = area(), date(2026, 3, 31)
    (number,) = commands.state([Inventory(day=day, mba="ZZA1", opening=True)], act, when=NOW).numbers
    path = table(tmp_path, 'B1,1,5,1,"S1; S2",yes', header="Batch,KMP,E (g),E/U235 (g),Seals,Hold-up")
    found = brought_in(path, act, "listed", constants={"day": "2026-03-31", "mba": "ZZA1", "inventory": str(number)})
    from openmpca.record.reading import stored

    line = stored(found.stated.numbers[0]).fields
    assert (line["inventory"], line["seals"], line["holdup"], line["weights"]) == (
        number,
        ["S1", "S2"],
        True,
        {"E": "5", "E/U235": "1"},
    )


def test_the_register_comes_as_tables(state_home: State, tmp_path: Path) -> None:
    from openmpca.accounting.register import mba

    act = area()
    header = "Valid from,Code,Facility,Name,Unified,Codes"
    brought_in(table(tmp_path, "2026-01-01,ZZB1,ZZA-,Store,yes,RD;SD", header=header), act, "mba")
    entry = mba("ZZB1", date(2026, 2, 1))
    assert entry is not None
    assert (entry.fields.unified, entry.fields.codes, entry.fields.follow_up) == (True, ["RD", "SD"], True)


@pytest.mark.parametrize("form", [".csv", ".xlsx"])
@pytest.mark.parametrize("kind", ["change", "listed", "mba", "place"])
def test_a_template_is_read_with_nothing_declared(kind: str, form: str, state_home: State, tmp_path: Path) -> None:
    from openmpca.accounting.importing.fields import fields_of
    from openmpca.accounting.importing.templates import template_of
    from openmpca.formats.tables.mapping import check, guess
    from openmpca.formats.tables.read import read_table
    from openmpca.formats.tables.template import title_of

    area()
    path = tmp_path / f"template{form}"
    path.write_bytes(template_of(kind, form))
    columns = [title_of(each) for each in fields_of(kind)]
    if form == ".csv":
        assert read_table(path)[0].columns[1:] in (columns, [])
    mapping = guess(columns, fields_of(kind))
    assert {each.field: each.column for each in mapping.columns} == {
        each.name: title_of(each) for each in fields_of(kind)
    }
    assert check(mapping, columns, fields_of(kind)) == []


def spreadsheet_bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", b"<row/>" * (50 << 20))


def one_long_line(path: Path) -> None:
    with path.open("wb") as file:
        file.write(HEADER.encode() + b"\n2026-03-29,")
        for _ in range(300):
            file.write(b"A" * (1 << 20))


HOSTILE: dict[str, tuple[Callable[[Path], Any], set[int]]] = {
    "empty": (lambda path: path.write_bytes(b""), {910}),
    "column names alone": (lambda path: path.write_text(HEADER + "\n"), {954}),
    "binary": (lambda path: path.write_bytes(bytes(range(256)) * 1000), {903, 909}),
    "cut off": (lambda path: path.write_text(HEADER + '\n2026-03-29,ZZA1,RS,"B'), {909}),
    "ragged": (lambda path: path.write_text(HEADER + "\n2026-03-29,ZZA1\n"), {913}),
    "UTF-16 without its mark": (lambda path: path.write_bytes("\n".join((HEADER, *ROWS)).encode("utf-16-le")), {903}),
    "a bomb": (spreadsheet_bomb, {905}),
    "a long line": (one_long_line, {907}),
    "an archive that is none": (lambda path: path.write_bytes(b"PK\x03\x04" + b"x" * 5000), {904}),
    "a folder": (lambda path: path.mkdir(), {900}),
    "a document": (lambda path: path.write_bytes(b"%PDF-1.7\n"), {903}),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_change_nothing_and_take_little_memory(case: str, state_home: State, tmp_path: Path) -> None:
    import resource

    make, rules = HOSTILE[case]
    path = tmp_path / "their file.csv"
    make(path)
    act = area()
    before, peak = head(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Refused) as refused:
        brought_in(path, act)
    assert {each.rule for each in refused.value.problems if each.severity == "error"} & rules
    assert head() == before
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak < 256 << 10


def test_a_formula_comes_in_and_goes_out_as_the_text_it_is(state_home: State, tmp_path: Path) -> None:
    from openmpca.accounting.exporting.files import export_list
    from openmpca.accounting.exporting.lists import Asked, made
    from openmpca.formats.tables.read import read_table

    act = area()
    formula = '=HYPERLINK("http://evil","x")'
    path = table(
        tmp_path,
        f'2026-03-29,ZZA1,RS,B1,5,"{formula.replace(chr(34), chr(34) * 2)}"',
        header="day,mba,code,batch,N (g),note",
    )
    brought_in(path, act)
    out = tmp_path / "out.csv"
    export_list(made("changes", Asked(date(2026, 4, 1))), out)
    assert f"'{formula[:5]}" in out.read_text("utf-8-sig")
    again = read_table(out)[0].drop("row").to_dicts()
    found = [(row["Day"], row["MBA"], row["Note"], row["N (g)"]) for row in again]
    assert found == [("2026-03-29", "ZZA1", formula, "5")]
