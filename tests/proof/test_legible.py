"""Texts of others as they are shown: nothing in them is unseen, and nothing moves what stands beside them."""

import pytest

from openmpca.proof.legible import visible


@pytest.mark.parametrize(
    "code",
    [
        0x0A,
        0x1B,
        0xAD,
        0x034F,
        0x115F,
        0x1160,
        0x17B4,
        0x180B,
        0x200B,
        0x202E,
        0x2800,
        0x3164,
        0xFE0F,
        0xFEFF,
        0xFFA0,
        0xE0001,
        0xE0100,
        0xE01EF,
        0x1D159,
    ],
)
def test_what_is_not_seen_is_written_as_its_number(code: int) -> None:
    number = f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    assert visible(f"9{chr(code)}8") == f"9{number}8"
    assert visible(f"a{chr(code)}b") == f"a{number}b"


@pytest.mark.parametrize(
    "text", ["Zürich", "Zu\u0308rich", "Карта 1", "核物质 12", "điện hạt nhân", "ที่", "µg, 5 °C – ½"]
)
def test_ordinary_words_are_shown_as_they_are(text: str) -> None:
    assert visible(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("e" + "\u0301" * 4, "e\u0301\u0301\\u0301\\u0301"),
        ("1\u0338000", "1\\u0338000"),
        ("\u0301a", "\\u0301a"),
        ("a\u20dd", "a\\u20dd"),
        ("a\u200b\u0301", "a\\u200b\\u0301"),
    ],
)
def test_marks_stand_on_letters_two_at_most(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize("letter", ["\u05d0", "\u0627", "\u0661", "\U0001e900"])
def test_what_is_written_from_right_to_left_moves_no_digits(letter: str) -> None:
    code = ord(letter)
    assert (
        visible(f"12 {letter} 34") == f"12 {f'{chr(92)}u{code:04x}' if code < 0x10000 else f'{chr(92)}U{code:08x}'} 34"
    )
