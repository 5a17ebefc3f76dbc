"""Columns of text turned into masses, dates and whole numbers, a million rows at once and exactly.

Each reader takes a column of trimmed text and returns the values, null where a text cannot be read; the caller names
those. ``why_not_a_mass`` says of one text what is wrong with it.

Rules kept:

* Digits are ASCII; a mass has no exponent, and a comma or something between thousands only where the mapping declares
  it.
* A mass is never rounded; only one computed from a percentage is, half to even, to the microgram.
* A date is one day in the one format declared, or YYYY-MM-DD, which cannot be taken for another.
"""

import re
from typing import Final, Protocol

import polars as pl

from openmpca.formats.tables.fields import DECIMALS
from openmpca.formats.tables.rules import NOT_A_MASS, TOO_FINE, TOO_HEAVY
from openmpca.problems import Rule

ISO: Final = "YYYY-MM-DD"
MICROGRAM_DIGITS: Final = 18
PERCENT_DECIMALS: Final = 9

_PLAIN: Final = {False: r"^-?[0-9]+(?:\.[0-9]+)?$", True: r"^-?[0-9]+(?:,[0-9]+)?$"}
_DATE_PARTS: Final = {
    "YYYY": "(?P<y>[0-9]{4})",
    "MM": "(?P<m>[0-9]{2})",
    "DD": "(?P<d>[0-9]{2})",
    "M": "(?P<m>[0-9]{1,2})",
    "D": "(?P<d>[0-9]{1,2})",
}
_BLANKS: Final = "\u0020\u00a0\u2009\u202f"
_ISO: Final = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_THOUSANDS: Final = r"-?[0-9]{1,3}([.,'\s][0-9]{3})+([.,][0-9]+)?"


class Way(Protocol):
    """How numbers are written: with a decimal comma or not, and what sets thousands apart."""

    @property
    def decimal_comma(self) -> bool:
        """Whether the decimal sign is a comma."""

    @property
    def thousands(self) -> str:
        """What sets thousands apart; empty where nothing does, a blank for any sort of blank."""


def ungrouped(text: pl.Series, way: Way) -> pl.Series:
    """Numbers without what sets their thousands apart; what is not grouped by threes stays as it is.

    >>> from openmpca.formats.tables.layout import NUMBERS
    >>> ungrouped(pl.Series(["1 500,25", "12 50", "7"]), NUMBERS[3]).to_list()
    ['1500,25', '12 50', '7']
    """
    if not way.thousands:
        return text
    apart = _BLANKS if way.thousands == " " else re.escape(way.thousands)
    point = "," if way.decimal_comma else r"\."
    grouped = rf"^-?[0-9]{{1,3}}(?:[{apart}][0-9]{{3}})+(?:{point}[0-9]+)?$"
    column = pl.col("text")
    plain = pl.when(column.str.contains(grouped)).then(column.str.replace_all(rf"[{apart}]", "")).otherwise(column)
    return pl.DataFrame({"text": text}).select(plain.alias("text"))["text"]


def micrograms(text: pl.Series, decimals: int, decimal_comma: bool) -> pl.Series:
    """Whole units of the last of ``decimals`` places, as Int64 (micrograms when ``decimals`` is the unit's)."""
    point = "," if decimal_comma else "."
    plain = pl.when(pl.col("text").str.contains(_PLAIN[decimal_comma])).then(pl.col("text"))
    parts = pl.DataFrame({"text": text}).select(
        plain.str.starts_with("-").alias("negative"),
        plain.str.extract(r"^-?0*([0-9]*)", 1).alias("whole"),
        pl.when(plain.is_not_null())
        .then(plain.str.extract(rf"\{point}([0-9]*?)0*$", 1).fill_null(""))
        .alias("fraction"),
    )
    fits = (pl.col("fraction").str.len_bytes() <= decimals) & (
        pl.col("whole").str.len_bytes() + decimals <= MICROGRAM_DIGITS
    )
    size = (pl.col("whole") + pl.col("fraction").str.pad_end(decimals, "0")).cast(pl.Int64, strict=False)
    signed = pl.when(pl.col("negative")).then(-size).otherwise(size)
    return parts.select(pl.when(fits).then(signed).alias("ug"))["ug"]


def grams(ug: pl.Series) -> pl.Series:
    """Micrograms as decimal text in grams, without zeros at the end.

    >>> grams(pl.Series([1_500_000, -1, 0, None])).to_list()
    ['1.5', '-0.000001', '0', None]
    """
    size = pl.col("ug").abs()
    fraction = size % 1_000_000
    text = pl.concat_str(
        pl.when(pl.col("ug") < 0).then(pl.lit("-")).otherwise(pl.lit("")),
        (size // 1_000_000).cast(pl.String),
        pl.when(fraction == 0)
        .then(pl.lit(""))
        .otherwise(pl.lit(".") + fraction.cast(pl.String).str.zfill(6).str.strip_chars_end("0")),
    )
    return pl.DataFrame({"ug": ug}, schema={"ug": pl.Int64}).select(text.alias("grams"))["grams"]


def percentages(ug: pl.Series, percent: pl.Series) -> tuple[pl.Series, int]:
    """The part that ``percent`` (in units of its ninth decimal) is of ``ug``, and how many of them were rounded."""
    whole = 100 * 10**PERCENT_DECIMALS
    parts: list[int | None] = []
    rounded = 0
    for mass, share in zip(ug.to_list(), percent.to_list(), strict=True):
        if mass is None or share is None:
            parts.append(None)
            continue
        part, rest = divmod(mass * share, whole)
        parts.append(part + (2 * rest > whole or (2 * rest == whole and part % 2)))
        rounded += rest != 0
    return pl.Series(parts, dtype=pl.Int64), rounded


def why_not_a_mass(text: str, unit: str, decimal_comma: bool) -> tuple[Rule, str]:
    """The rule that a text breaks as a mass, and what is wrong with it."""
    if re.fullmatch(_PLAIN[decimal_comma], text):
        point = "," if decimal_comma else "."
        fraction = text.partition(point)[2].rstrip("0")
        if len(fraction) > DECIMALS.get(unit, PERCENT_DECIMALS):
            finer = "a microgram" if unit in DECIMALS else f"{PERCENT_DECIMALS} decimals"
            return TOO_FINE, f"{text!r} {unit} is finer than {finer}."
        return TOO_HEAVY, f"{text!r} {unit} is too much."
    return NOT_A_MASS, _not_a_mass(text, decimal_comma)


def _not_a_mass(text: str, decimal_comma: bool) -> str:
    if re.fullmatch(r"[-+]?[0-9.,]+[eE][-+]?[0-9]+", text):
        return f"{text!r} has an exponent."
    if any(character.isdigit() and not character.isascii() for character in text):
        return f"{text!r} has digits other than 0 to 9."
    other = "." if decimal_comma else ","
    if re.fullmatch(rf"-?[0-9]+\{other}[0-9]+", text):
        declared = "a decimal comma" if decimal_comma else "no decimal comma"
        return f"{text!r} has {other!r}, and the mapping declares {declared}."
    if re.fullmatch(_THOUSANDS, text):
        return f"{text!r} has a thousands separator."
    return f"{text!r} is not a number in plain digits."


def date_pattern(date_format: str) -> str | None:
    """The pattern of a format such as DD.MM.YYYY, or None where the format has not year, month and day once each.

    >>> date_pattern("D/M/YYYY")
    '^(?P<d>[0-9]{1,2})/(?P<m>[0-9]{1,2})/(?P<y>[0-9]{4})$'
    """
    parts = re.split(r"(YYYY|MM|DD|M|D)", date_format)
    pattern = "".join(_DATE_PARTS.get(part, re.escape(part)) for part in parts)
    once = all(pattern.count(f"(?P<{letter}>") == 1 for letter in "ymd")
    return f"^{pattern}$" if once and not re.search("[A-Za-z]", "".join(parts[0::2])) else None


def dates(text: pl.Series, pattern: str) -> pl.Series:
    """Days from text of this pattern, or of YYYY-MM-DD."""
    place = re.compile(pattern).groupindex
    column = pl.col("text")
    iso = pl.concat_str([column.str.extract(pattern, place[part]).str.zfill(2) for part in "ymd"], separator="-")
    day = pl.when(column.str.contains(_ISO)).then(column).otherwise(iso).str.to_date("%Y-%m-%d", strict=False)
    return pl.DataFrame({"text": text}).select(day.alias("day"))["day"]


def integers(text: pl.Series) -> pl.Series:
    """Whole numbers of at most 18 digits."""
    plain = pl.when(pl.col("text").str.contains(r"^-?[0-9]{1,18}$")).then(pl.col("text"))
    return pl.DataFrame({"text": text}).select(plain.cast(pl.Int64).alias("number"))["number"]
