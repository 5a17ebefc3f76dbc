"""Exact mass: whole micrograms inside, decimal text outside.

Rules kept here:

* The book counts whole micrograms ("ug") in 64-bit integers; no floating point ever touches a mass.
* Statements carry decimal text in grams: ASCII digits, at most twelve before the point and six after it, a leading
  minus where negative, no exponent, no plus, no thousands separator. Kilogram text (reports) may have nine decimals.
* A text that is not such a number is refused with a message that says how to mend it; nothing is guessed or rounded.
* Rounding is done only on request, half away from zero, and once: add the items first, then round the sum.

Sources: INFCIRC/153 paragraph 101 (units of account, adding before rounding); Model Subsidiary Arrangement Code 10
(labels 600 to 800). Twelve digits of grams are below 10**18 ug, well inside 64 bits.
"""

import re
from typing import Final

UG_PER_MG: Final = 1_000
UG_PER_G: Final = 1_000_000
UG_PER_KG: Final = 1_000_000_000
UG_PER_T: Final = 1_000_000_000_000

GRAMS_PATTERN: Final = r"-?[0-9]{1,12}(\.[0-9]{1,6})?"
KILOGRAMS_PATTERN: Final = r"-?[0-9]{1,9}(\.[0-9]{1,9})?"

_DIGITS: Final = {UG_PER_G: 6, UG_PER_KG: 9}
_NAMES: Final = {UG_PER_G: "grams", UG_PER_KG: "kilograms"}
_PATTERNS: Final = {UG_PER_G: re.compile(GRAMS_PATTERN), UG_PER_KG: re.compile(KILOGRAMS_PATTERN)}


class MassError(ValueError):
    """A text that is not a valid mass; the message says what is wrong and how to mend it."""


def parse_grams(text: str) -> int:
    """Micrograms of a decimal text in grams.

    >>> parse_grams("9581.5")
    9581500000
    >>> parse_grams("-0.000001")
    -1
    """
    return _parse(text, UG_PER_G)


def parse_kilograms(text: str) -> int:
    """Micrograms of a decimal text in kilograms, up to nine decimals.

    >>> parse_kilograms("10000.000000001")
    10000000000001
    """
    return _parse(text, UG_PER_KG)


def format_grams(ug: int) -> str:
    """The shortest decimal text in grams that says exactly this mass.

    >>> format_grams(9581500000), format_grams(-1), format_grams(0)
    ('9581.5', '-0.000001', '0')
    """
    return _shortest(ug, UG_PER_G)


def format_kilograms(ug: int) -> str:
    """The shortest decimal text in kilograms that says exactly this mass.

    >>> format_kilograms(1_500_000_000)
    '1.5'
    """
    return _shortest(ug, UG_PER_KG)


def format_fixed(ug: int, decimals: int, unit_ug: int = UG_PER_G) -> str:
    """Text with a fixed number of decimals, rounded half away from zero; grams unless another unit is given.

    >>> format_fixed(1_234_567, 3), format_fixed(-500_000, 0), format_fixed(-400_000, 0)
    ('1.235', '-1', '0')
    >>> format_fixed(1_500_000_000, 6, UG_PER_KG)
    '1.500000'
    """
    if unit_ug not in _DIGITS:
        raise ValueError(f"Unit of {unit_ug} ug: masses are written in grams or kilograms.")
    if not 0 <= decimals <= _DIGITS[unit_ug]:
        raise ValueError(f"{decimals} decimals: {_NAMES[unit_ug]} are written with 0 to {_DIGITS[unit_ug]}.")
    step = unit_ug // 10**decimals
    rounded = round_half_up(ug, step) // step
    whole, fraction = divmod(abs(rounded), 10**decimals)
    sign = "-" if rounded < 0 else ""
    return f"{sign}{whole}.{fraction:0{decimals}d}" if decimals else f"{sign}{whole}"


def round_half_up(ug: int, unit_ug: int) -> int:
    """The nearest multiple of ``unit_ug`` in micrograms, half away from zero.

    >>> round_half_up(2_500_000, UG_PER_G), round_half_up(-2_500_000, UG_PER_G)
    (3000000, -3000000)
    """
    if unit_ug <= 0:
        raise ValueError("The unit to round to must be a positive number of micrograms.")
    magnitude = (2 * abs(ug) + unit_ug) // (2 * unit_ug) * unit_ug
    return -magnitude if ug < 0 else magnitude


def _parse(text: str, unit_ug: int) -> int:
    if not _PATTERNS[unit_ug].fullmatch(text):
        raise MassError(f"{text!r} is not a mass in {_NAMES[unit_ug]}: {_fault(text, unit_ug)}")
    whole, _, fraction = text.lstrip("-").partition(".")
    magnitude = int(whole) * unit_ug + int(fraction.ljust(_DIGITS[unit_ug], "0"))
    return -magnitude if text.startswith("-") else magnitude


def _fault(text: str, unit_ug: int) -> str:
    decimals = _DIGITS[unit_ug]
    if not text.strip():
        return "it is blank. Blank is not zero; write 0 if nothing is meant."
    if any(character.isdigit() and not character.isascii() for character in text):
        return "write the digits 0 to 9 in plain ASCII."
    if re.fullmatch(r"[-+]?[0-9.]+[eE][-+]?[0-9]+", text):
        return "write the number out, without an exponent."
    if "," in text:
        return "use a point for the decimals and no separator of thousands."
    if re.fullmatch(rf"-?[0-9]+\.[0-9]{{{decimals + 1},}}", text):
        return f"it is finer than a microgram; give at most {decimals} decimals."
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        return f"it is too large; at most {18 - decimals} digits stand before the point."
    return "write digits, a point and decimals, with a leading minus where negative (for example 9581.5)."


def _shortest(ug: int, unit_ug: int) -> str:
    whole, fraction = divmod(abs(ug), unit_ug)
    sign = "-" if ug < 0 else ""
    decimals = f"{fraction:0{_DIGITS[unit_ug]}d}".rstrip("0")
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"
