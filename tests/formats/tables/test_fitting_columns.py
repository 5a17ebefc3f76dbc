"""Fitting columns to fields: what is guessed, what must be declared, and what each cell becomes."""

import datetime
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from openmpca.formats.tables.fields import TableField
from openmpca.formats.tables.fitting import apply
from openmpca.formats.tables.mapping import ColumnMapping, Mapping, from_json, from_toml, guess, to_json, unusable
from openmpca.formats.tables.values import ISO, date_pattern, dates, grams, micrograms, percentages
from openmpca.problems import Problem

FIELDS = (
    TableField(name="mba", title="MBA", required=True, synonyms=("Material balance area",)),
    TableField(name="day", title="Date of change", kind="date", required=True, synonyms=("Date", "Datum")),
    TableField(name="code", title="Code", allowed=("RF", "SF"), synonyms=("Type of change",)),
    TableField(name="element", title="Element mass", kind="mass", synonyms=("U mass", "Weight of element")),
    TableField(name="fissile", title="Fissile mass", kind="mass", synonyms=("U-235",)),
    TableField(name="items", title="Items", kind="integer"),
)


def column(name: str, field: str, **settings) -> ColumnMapping:
    return ColumnMapping(column=name, field=field, **settings)


def table(**columns: list[str | None]) -> pl.DataFrame:
    height = len(next(iter(columns.values())))
    rows = pl.Series("row", range(2, height + 2), pl.Int64)
    return pl.DataFrame([rows, *(pl.Series(name, values, pl.String) for name, values in columns.items())])


def one(name: str, kind: str, values: list[str | None], allowed=(), required=False, **settings):
    """The values that one column becomes, and the problems."""
    field = TableField(name=name, title=name, kind=kind, allowed=allowed, required=required)
    frame, problems = apply(table(c=values), Mapping(columns=(column("c", name, **settings),)), (field,))
    assert frame.columns == ["row", name]
    return frame[name].to_list(), problems


def where(problems: list[Problem]) -> list[tuple[int, str, str]]:
    return [(problem.rule, problem.record, problem.field) for problem in problems]


def test_names_are_guessed_whatever_their_case_and_punctuation():
    guessed = guess(
        [
            "row",
            "material-balance AREA",
            "DATUM",
            "Type of change:",
            "U mass [kg]",
            "u235_g",
            "x",
            "Ítems",
            "items",
        ],
        FIELDS,
    )
    assert guessed.columns == (
        column("material-balance AREA", "mba"),
        column("DATUM", "day"),
        column("Type of change:", "code"),
        column("U mass [kg]", "element", unit="kg"),
        column("u235_g", "fissile", unit="g"),
        column("Ítems", "items"),
    )


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("Element mass", ""),
        ("Element mass (g)", "g"),
        ("element mass in kilograms", "kg"),
        ("ELEMENT_MASS_MG", "mg"),
        ("Element mass, %", "%"),
        ("Element mass percent", "%"),
        ("Element mass (t)", None),
    ],
)
def test_a_unit_is_taken_from_the_name_or_left_open(name: str, unit: str | None):
    assert [found.unit for found in guess([name], FIELDS).columns] == ([] if unit is None else [unit])


def test_a_mapping_is_remembered_as_it_was():
    mapping = Mapping(
        columns=(column("Gewicht", "element", unit="kg", decimal_comma=True, translations={"keine": "0"}),),
        constants={"mba": "A"},
    )
    assert from_json(to_json(mapping)) == (mapping, [])


def test_a_person_may_write_a_mapping_by_hand():
    text = '[[columns]]\ncolumn = "Datum"\nfield = "day"\ndate_format = "DD.MM.YYYY"\n[constants]\nmba = "A"\n'
    mapping, problems = from_toml(text.encode())
    assert problems == []
    assert mapping == Mapping(columns=(column("Datum", "day", date_format="DD.MM.YYYY"),), constants={"mba": "A"})


@pytest.mark.parametrize(
    ("read", "data"),
    [(from_json, b"{"), (from_json, b"\xff"), (from_json, b"{}"), (from_toml, b"= ="), (from_toml, b"\xff")],
)
def test_a_mapping_that_cannot_be_read_is_a_problem(read, data: bytes):
    mapping, problems = read(data)
    assert mapping is None
    assert where(problems) == [(935, "", "")]


def test_a_table_is_fitted_to_all_fields():
    frame, problems = apply(
        table(
            Day=["01.02.2026", "2026-02-03"],
            Kind=["Receipt", " SF "],
            Mass=["1,5", "0,25"],
            Percent=["4,95", None],
            Number=["3", ""],
        ),
        Mapping(
            columns=(
                column("Percent", "fissile", unit="%", of="element", decimal_comma=True),
                column("Day", "day", date_format="DD.MM.YYYY"),
                column("Kind", "code", translations={"Receipt": "RF"}),
                column("Mass", "element", unit="kg", decimal_comma=True),
            ),
            constants={"mba": " A ", "items": "7"},
        ),
        FIELDS,
    )
    assert where(problems) == [(925, "", "Number")]
    assert frame.rows() == [
        (2, "A", datetime.date(2026, 2, 1), "RF", "1500", "74.25", 7),
        (3, "A", datetime.date(2026, 2, 3), "SF", "250", None, 7),
    ]


def test_how_to_mend_a_cell_is_said_in_the_words_of_the_mapping():
    for comma, words in ((True, "decimal comma"), (False, "decimal point")):
        wanted = Mapping(columns=(column("m", "element", unit="g", decimal_comma=comma),))
        (told,) = apply(table(m=["1e3"]), wanted, [each for each in FIELDS if each.name == "element"])[1]
        assert words in told.mend
    for form, words in (
        ("DD.MM.YYYY", "Write DD.MM.YYYY, as the mapping says, or YYYY-MM-DD."),
        ("YYYY-MM-DD", "Write YYYY-MM-DD."),
    ):
        wanted = Mapping(columns=(column("d", "day", date_format=form),))
        (told,) = apply(table(d=["1/2/26"]), wanted, [each for each in FIELDS if each.name == "day"])[1]
        assert told.mend == words


def test_a_mapping_is_unusable_whatever_the_table_where_it_names_no_field():
    wanted = Mapping(columns=(column("a", "element", unit="g"), column("b", "nothing")), constants={"other": "1"})
    assert where(unusable(wanted, FIELDS)) == [(921, "", "nothing"), (921, "", "other")]


def test_a_field_that_nothing_fills_is_null_and_typed():
    frame, _ = apply(table(c=["A"]), Mapping(columns=(column("c", "mba"),)), FIELDS)
    assert dict(frame.schema) == {
        "row": pl.Int64,
        "mba": pl.String,
        "day": pl.Date,
        "code": pl.String,
        "element": pl.String,
        "fissile": pl.String,
        "items": pl.Int64,
    }
    assert frame.rows() == [(2, "A", None, None, None, None, None)]


def test_every_fault_of_a_mapping_is_named_at_once():
    frame, problems = apply(
        table(a=["1"], b=["1"], c=["1"], d=["5"], e=["5"], f=["x"]),
        Mapping(
            columns=(
                column("a", "element"),
                column("b", "fissile", unit="%", of="element"),
                column("c", "day", date_format="DD.MM"),
                column("none", "items"),
                column("d", "nothing"),
                column("e", "items"),
            ),
            constants={"other": "1"},
        ),
        FIELDS,
    )
    assert sorted(where(problems)) == [
        (920, "", "none"),
        (921, "", "nothing"),
        (921, "", "other"),
        (922, "", "items"),
        (923, "", "mba"),
        (924, "", "a"),
        (924, "", "c"),
        (925, "", "f"),
    ]
    assert frame.row(0, named=True)["items"] == 5
    assert frame.row(0, named=True)["fissile"] is None


@pytest.mark.parametrize("of", ["", "fissile", "mba", "element"])
def test_a_percentage_must_be_of_a_mass_that_the_table_gives(of: str):
    mapping = Mapping(columns=(column("b", "fissile", unit="%", of=of), column("a", "mba")))
    _, problems = apply(table(a=["A"], b=["1"]), mapping, FIELDS[:1] + FIELDS[3:])
    assert where(problems) == [(924, "", "b")]


def test_a_required_value_that_is_blank_is_named():
    values, problems = one("mba", "text", ["A", " ", None, "\u00a0"], required=True)
    assert values == ["A", None, None, None]
    assert where(problems) == [(926, f"row {row}", "c") for row in (3, 4, 5)]


def test_a_code_that_is_not_allowed_is_named():
    values, problems = one("code", "text", ["RF", "rf", None], allowed=("RF", "SF"))
    assert [problem.message for problem in problems] == ["'rf' is not one of RF, SF."]
    assert values == ["RF", "rf", None]


def test_a_constant_is_held_to_the_same_rules():
    _, problems = apply(table(a=["A"]), Mapping(columns=(column("a", "mba"),), constants={"day": "1.2.2026"}), FIELDS)
    assert where(problems) == [(930, "", "constant day")]


def test_a_constant_mass_can_be_what_a_percentage_is_of():
    mapping = Mapping(columns=(column("a", "fissile", unit="%", of="element"),), constants={"element": "1000"})
    frame, problems = apply(table(a=["5", "10"]), mapping, FIELDS[3:5])
    assert problems == []
    assert frame["fissile"].to_list() == ["50", "100"]


@pytest.mark.parametrize(
    ("text", "unit", "decimal_comma", "becomes"),
    [
        ("1500.25", "g", False, "1500.25"),
        ("007.50", "g", False, "7.5"),
        ("-3", "g", False, "-3"),
        ("-0.0", "g", False, "0"),
        ("12.3000000000", "g", False, "12.3"),
        ("999999999999.999999", "g", False, "999999999999.999999"),
        ("1,5", "kg", True, "1500"),
        ("0.000000001", "kg", False, "0.000001"),
        ("0.001", "mg", False, "0.000001"),
        ("1000000", "mg", False, "1000"),
    ],
)
def test_a_mass_is_read_exactly(text: str, unit: str, decimal_comma: bool, becomes: str):
    assert one("m", "mass", [text], unit=unit, decimal_comma=decimal_comma) == ([becomes], [])


@pytest.mark.parametrize(
    ("text", "unit", "decimal_comma", "rule", "says"),
    [
        ("1e3", "g", False, 927, "has an exponent"),
        ("1.5E-2", "g", False, 927, "has an exponent"),
        ("1,5", "g", False, 927, "has ',', and the mapping declares no decimal comma"),
        ("1.5", "g", True, 927, "has '.', and the mapping declares a decimal comma"),
        ("1,234.5", "g", False, 927, "has a thousands separator"),
        ("1 234", "g", False, 927, "has a thousands separator"),
        ("1.234,5", "g", True, 927, "has a thousands separator"),
        ("１２", "g", False, 927, "has digits other than 0 to 9"),
        ("٣", "g", False, 927, "has digits other than 0 to 9"),
        ("+5", "g", False, 927, "is not a number in plain digits"),
        (".5", "g", False, 927, "is not a number in plain digits"),
        ("5.", "g", False, 927, "is not a number in plain digits"),
        ("\u22125", "g", False, 927, "is not a number in plain digits"),
        ("5 g", "g", False, 927, "is not a number in plain digits"),
        ("nan", "g", False, 927, "is not a number in plain digits"),
        ("1.2345678", "g", False, 928, "is finer than a microgram"),
        ("0.0001", "mg", False, 928, "is finer than a microgram"),
        ("1000000000000", "g", False, 929, "is too much"),
        ("9" * 400, "kg", False, 929, "is too much"),
    ],
)
def test_a_mass_that_could_be_misread_is_refused(text: str, unit: str, decimal_comma: bool, rule: int, says: str):
    values, problems = one("m", "mass", ["0", text], unit=unit, decimal_comma=decimal_comma)
    assert values == ["0", None]
    assert where(problems) == [(rule, "row 3", "c")]
    assert says in problems[0].message


def test_all_wrong_masses_are_named_by_their_rule():
    _, problems = one("m", "mass", ["1e3", "1.2345678", "1e4", "5"], unit="g")
    assert where(problems) == [(927, "row 2", "c"), (927, "row 4", "c"), (928, "row 3", "c")]


def test_a_percentage_finer_than_nine_decimals_is_refused_and_a_rounded_mass_noted():
    mapping = Mapping(columns=(column("e", "element", unit="g"), column("p", "fissile", unit="%", of="element")))
    frame, problems = apply(
        table(e=["1", "0.000001", "1"], p=["0.0000000001", "50", "33.333333333"]), mapping, FIELDS[3:5]
    )
    assert frame["fissile"].to_list() == [None, "0", "0.333333"]
    assert where(problems) == [(928, "row 2", "p"), (933, "", "p")]
    assert problems[0].message == "'0.0000000001' % is finer than 9 decimals."
    assert problems[1].message == "2 masses were rounded to the microgram."


@pytest.mark.parametrize(
    ("text", "date_format", "day"),
    [
        ("2026-02-28", ISO, (2026, 2, 28)),
        ("28.02.2026", "DD.MM.YYYY", (2026, 2, 28)),
        ("2/28/2026", "M/D/YYYY", (2026, 2, 28)),
        ("20260228", "YYYYMMDD", (2026, 2, 28)),
        ("2026-02-28", "DD.MM.YYYY", (2026, 2, 28)),
    ],
)
def test_a_date_is_read_in_its_format(text: str, date_format: str, day: tuple[int, int, int]):
    assert one("d", "date", [text], date_format=date_format) == ([datetime.date(*day)], [])


@pytest.mark.parametrize(
    ("text", "date_format"),
    [
        ("2026-02-30", ISO),
        ("2026-2-3", ISO),
        ("2026-02-03T10:00:00", ISO),
        ("03/02/2026", ISO),
        ("2026年", ISO),
        ("1.2.2026", "DD.MM.YYYY"),
        ("31x12x2026", "DD.MM.YYYY"),
        ("45000", ISO),
    ],
)
def test_what_is_no_day_in_the_format_is_refused(text: str, date_format: str):
    values, problems = one("d", "date", [text, None], date_format=date_format)
    assert values == [None, None]
    assert where(problems) == [(930, "row 2", "c")]


@pytest.mark.parametrize("date_format", ["", "DD.MM.YY", "DD.DD.YYYY", "D.DD.MM.YYYY", "YYYY-MM-DD hh", "DD MMM YYYY"])
def test_an_unclear_format_of_dates_is_refused(date_format: str):
    assert date_pattern(date_format) is None


def test_whole_numbers_are_digits_only():
    values, problems = one("n", "integer", ["12", "-3", "1.0", "1e3", "9" * 19, "１", None])
    assert values == [12, -3, None, None, None, None, None]
    assert where(problems) == [(931, f"row {row}", "c") for row in (4, 5, 6, 7)]


def test_control_characters_in_text_are_named():
    values, problems = one("t", "text", ["a\x07b", "two\nlines", "ok", None])
    assert values == ["a\x07b", "two\nlines", "ok", None]
    assert where(problems) == [(934, "row 2", "c")]


def test_an_empty_table_is_fitted():
    frame, problems = apply(
        table(c=[]), Mapping(columns=(column("c", "mba"),), constants={"items": "1"}), FIELDS[:1] + FIELDS[5:]
    )
    assert (frame.rows(), problems) == ([], [])


@given(st.decimals(-(10**12) + 1, 10**12 - 1, places=6))
@example(Decimal("-0.000001"))
def test_every_mass_survives_reading_and_writing(mass: Decimal):
    text = format(mass, "f")
    counted = micrograms(pl.Series([text]), 6, False)
    assert counted.to_list() == [int(mass.scaleb(6))]
    assert Decimal(grams(counted).item()) == mass


@given(st.integers(-(10**17), 10**17), st.integers(0, 100 * 10**9))
def test_a_percentage_is_rounded_half_to_even(mass: int, share: int):
    parts, rounded = percentages(pl.Series([mass]), pl.Series([share]))
    exact = Decimal(mass) * Decimal(share) / Decimal(10**11)
    assert parts.item() == int(exact.quantize(Decimal(1), rounding="ROUND_HALF_EVEN"))
    assert rounded == (exact != exact.to_integral_value())


@given(st.text(max_size=12))
def test_no_text_becomes_a_mass_or_a_day_by_chance(text: str):
    counted = micrograms(pl.Series([text]), 6, False).item()
    assert counted is None or Decimal(text).scaleb(6) == counted
    day = dates(pl.Series([text]), date_pattern(ISO) or "").item()
    assert day is None or day.isoformat() == text
