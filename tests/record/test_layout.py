"""Tables as people see them."""

from decimal import Decimal

from openmpca.record.layout import MINUS, THIN, table


def shown(rows: list[dict[str, object]], width: int | None = None, **more: object) -> list[str]:
    heads = {name: name for name in rows[0]}
    return list(table(rows, heads, width=width, **more))  # type: ignore[arg-type]


def test_masses_stand_with_their_points_one_below_the_other():
    rows = [{"batch": "A1", "E g": "12345678.5"}, {"batch": "A2", "E g": "-9.125"}, {"batch": "A3", "E g": "0.000000"}]
    assert shown(rows)[2:] == [
        f"A1     12{THIN}345{THIN}678.500000",
        f"A2             {MINUS}9.125000",
        "A3              0",
    ]


def test_exact_decimals_are_figures_whatever_their_head():
    rows = [{"amount": Decimal("1200.5")}, {"amount": Decimal("0.00000001")}, {"amount": None}, {"amount": ""}]
    assert shown(rows)[2:] == [f"1{THIN}200.50000000", "    0.00000001", "             –", ""]


def test_unknown_is_a_dash_and_blank_is_blank():
    assert shown([{"batch": "A1", "E g": None}, {"batch": "", "E g": "7"}])[2:] == ["A1       –", "         7"]


def test_statements_are_shown_as_one_types_them_and_counts_as_one_reads_them():
    assert shown([{"statement": 12345, "items": 12345}])[2] == f"    12345  12{THIN}345"


def test_a_name_of_digits_is_no_figure():
    assert shown([{"batch": "100200"}, {"batch": "7"}])[2:] == ["100200", "7"]


def test_totals_stand_under_a_rule():
    lines = shown([{"batch": "A", "g": "1"}, {"batch": "B", "g": "2"}], totals=[{"batch": "Sum", "g": "3"}])
    assert lines[4] == lines[1]
    assert lines[5] == "Sum    3"


def test_what_is_too_wide_loses_blank_columns_then_breaks_at_words():
    rows: list[dict[str, object]] = [{"batch": "A1", "note": "", "what": "shipped to the plant in the north", "g": "5"}]
    assert shown(rows, 26) == [
        "batch  what              g",
        "─────  ────────────────  ─",
        "A1     shipped to the    5",
        "       plant in the",
        "       north",
    ]


def test_what_cannot_fit_is_shown_one_value_a_line():
    rows: list[dict[str, object]] = [{"name": "root", "value": "f" * 64}, {"name": "size", "value": "7"}]
    assert shown(rows, 40) == ["name   root", f"value  {'f' * 64}", "", "name   size", "value  7"]


def test_every_line_fits_the_width():
    rows: list[dict[str, object]] = [{"one": "some words " * 5, "two": "others " * 9, "E g": "123456.25"}]
    assert max(map(len, shown(rows, 60))) <= 60
