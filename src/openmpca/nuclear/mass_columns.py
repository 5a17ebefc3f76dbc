"""Exact mass for whole columns: the twin of :mod:`openmpca.nuclear.mass` as Polars expressions.

Rules kept here: the same text is valid, and the same micrograms come out, as in the scalar functions (a property test
holds it). Text is checked by pattern, then its whole and fractional digits are read as integers; nothing passes
through floating point or a decimal type. A text that is not a valid mass becomes null, never zero; finding out why is
a matter for ``parse_grams``.
"""

from typing import Final

import polars as pl

from openmpca.nuclear.mass import UG_PER_G, UG_PER_KG

_PARTS: Final = {
    UG_PER_G: r"^(-?)([0-9]{1,12})(?:\.([0-9]{1,6}))?$",
    UG_PER_KG: r"^(-?)([0-9]{1,9})(?:\.([0-9]{1,9}))?$",
}
_DIGITS: Final = {UG_PER_G: 6, UG_PER_KG: 9}


def ug_from_grams(column: str) -> pl.Expr:
    """Int64 micrograms of a String column of grams; null where the text is null or not a valid mass.

    >>> frame = pl.DataFrame({"g": ["9581.5", "-0.000001", "1e3", None]})
    >>> frame.select(ug_from_grams("g"))["g"].to_list()
    [9581500000, -1, None, None]
    """
    return _ug(column, UG_PER_G)


def ug_from_kilograms(column: str) -> pl.Expr:
    """Int64 micrograms of a String column of kilograms; null where the text is null or not a valid mass."""
    return _ug(column, UG_PER_KG)


def grams_from_ug(column: str) -> pl.Expr:
    """Shortest text in grams of an Int64 column of micrograms; null stays null.

    >>> pl.DataFrame({"ug": [9581500000, -1, 0, None]}).select(grams_from_ug("ug"))["ug"].to_list()
    ['9581.5', '-0.000001', '0', None]
    """
    return _text(column, UG_PER_G)


def kilograms_from_ug(column: str) -> pl.Expr:
    """Shortest text in kilograms of an Int64 column of micrograms; null stays null."""
    return _text(column, UG_PER_KG)


def _ug(column: str, unit_ug: int) -> pl.Expr:
    parts = pl.col(column).str.extract_groups(_PARTS[unit_ug]).struct
    whole = parts.field("2").str.to_integer(base=10, dtype=pl.Int64, strict=False)
    decimals = parts.field("3").fill_null("").str.pad_end(_DIGITS[unit_ug], "0")
    fraction = decimals.str.to_integer(base=10, dtype=pl.Int64, strict=False)
    magnitude = whole * unit_ug + fraction
    return pl.when(parts.field("1") == "-").then(-magnitude).otherwise(magnitude).alias(column)


def _text(column: str, unit_ug: int) -> pl.Expr:
    ug = pl.col(column)
    # A negative mass is divided by the negative unit, so that not even the least 64-bit integer overflows.
    whole = pl.when(ug < 0).then(ug // -unit_ug).otherwise(ug // unit_ug)
    fraction = pl.when(ug < 0).then(-(ug + whole * unit_ug)).otherwise(ug - whole * unit_ug)
    decimals = fraction.cast(pl.String).str.zfill(_DIGITS[unit_ug]).str.strip_chars_end("0")
    sign = pl.when(ug < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    point = pl.when(fraction == 0).then(pl.lit("")).otherwise(pl.lit("."))
    return pl.concat_str(sign, whole.cast(pl.String), point, decimals).alias(column)
