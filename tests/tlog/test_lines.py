import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmpca.tlog.lines import LineError, base64_of, bytes_of, check_name, check_text, decimal_of, shown


@given(st.binary(max_size=100))
def test_base64_reads_back_and_is_that_of_the_standard_library(plain: bytes) -> None:
    assert base64_of(plain) == base64.b64encode(plain).decode()
    assert bytes_of(base64_of(plain)) == plain


@pytest.mark.parametrize(
    "text",
    ["AA", "AA=", "AB==", "AA==\n", " AA==", "AA==AA==", "A A==", "AA==!", "=", "AAA_", "AAA-", "ＡA==", "\udc80", "A"],
)
def test_base64_has_one_spelling(text: str) -> None:
    with pytest.raises(LineError, match="not base64"):
        bytes_of(text)


@given(st.text(max_size=60))
def test_whatever_is_taken_as_base64_would_be_written_so(text: str) -> None:
    try:
        plain = bytes_of(text)
    except LineError:
        return
    assert base64_of(plain) == text


@pytest.mark.parametrize("number", [0, 1, 9, 10, 2**31, 2**53 + 1, 2**63 - 1])
def test_a_decimal_reads_back(number: int) -> None:
    assert decimal_of(str(number)) == number


@pytest.mark.parametrize(
    "text",
    ["", "00", "01", "-0", "-1", "+1", " 1", "1 ", "1\n", "1_000", "1e3", "0x1", "١", "１", "9223372036854775808"],
)
def test_a_decimal_has_one_spelling_and_a_bound(text: str) -> None:
    with pytest.raises(LineError, match="decimal number below"):
        decimal_of(text)


def test_a_number_of_a_million_digits_is_refused_without_being_computed() -> None:
    with pytest.raises(LineError, match="decimal number below"):
        decimal_of("9" * 1_000_000)


@pytest.mark.parametrize("name", ["a", "example.com/log", "Пример", "例え", "a-b_c:d", "—", "a\u200bb"])
def test_a_name_is_any_text_without_spaces_and_plus_signs(name: str) -> None:
    check_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a b",
        "a\u00a0b",
        "a\u1680b",
        "a\u2003b",
        "a\u2028b",
        "a\u202fb",
        "a\u3000b",
        "a\x85b",
        "a+b",
        "a\nb",
        "a\tb",
        "a\x00b",
        "\ud800",
    ],
)
def test_a_name_with_a_space_of_any_kind_is_refused(name: str) -> None:
    with pytest.raises(LineError):
        check_name(name)


def test_text_keeps_line_feeds_and_nothing_else_below_a_space() -> None:
    check_text("one\ntwo\x7fthree\x85")
    for code in {*range(32)} - {10}:
        with pytest.raises(LineError, match="control character"):
            check_text(f"one{chr(code)}two")


def test_a_message_shows_the_beginning_and_obeys_nothing() -> None:
    assert shown("a\x1b[2J—") == r"'a\x1b[2J\u2014'"
    assert len(shown("x" * 100_000)) < 100
