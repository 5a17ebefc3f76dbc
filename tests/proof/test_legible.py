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


MARK = "\u200e"


@pytest.mark.parametrize(
    "words",
    ["محطة الطاقة", "אורניום", "اورانیوم غنی شده", "یورینیم", "שָׁלוֹם", "مُفَاعِل", "محطة ١٢", "انبار ۱۲"],
)
def test_arabic_hebrew_persian_and_urdu_are_shown_as_they_are_and_move_no_digits(words: str) -> None:
    assert visible(words) == f"{MARK}{words}{MARK}"
    assert visible(f"{words} A") == f"{MARK}{words}{MARK} A"


def _number(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


@pytest.mark.parametrize(
    "code",
    [0x061C, 0x200E, 0x200F, 0x202B, 0x2067, 0x2069, 0x200C, 0x200D, 0xFB1D, 0xFEFB, 0x1EE00, 0x05C3],
)
def test_what_turns_a_line_or_only_looks_like_a_letter_is_written_as_its_number(code: int) -> None:
    assert visible(f"א{chr(code)}ב") == f"{MARK}א{MARK}{_number(code)}{MARK}ב{MARK}"


@pytest.mark.parametrize("text", ["\u0661", "1\u0660", "\u06f5 kg", "محطة 1\u0660", "א\u0665"])
def test_digits_of_arabic_stand_only_among_its_letters_and_without_others(text: str) -> None:
    digit = next(each for each in text if "\u0660" <= each <= "\u06f9" and not each.isalpha())
    assert digit not in visible(text)
    assert _number(ord(digit)) in visible(text)
