"""Figures on a picture: short, exact when rounded, and where the lines of a scale stand."""

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, log10
from typing import Final

from openmpca.pages.charts.described import Value
from openmpca.record.layout import MINUS, THIN

DIGITS: Final = 4
_STEPS: Final = (1, 2, 5, 10)


@lru_cache(maxsize=2048)
def figure(value: Value) -> str:
    """A value in four digits or all of its whole ones, rounded half up: thin spaces, a true minus.

    >>> figure(Fraction(12345678, 1000)).replace(THIN, " "), figure(Fraction(-1, 3)), figure(0), figure(Fraction(1, 2))
    ('12 346', '−0.3333', '0', '0.5')
    """
    exact = Fraction(value)
    digits = max(DIGITS, len(str(abs(int(exact)))))
    context = Context(prec=digits, rounding=ROUND_HALF_UP)
    rounded = context.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    text = f"{abs(rounded):f}"
    whole, point, decimals = text.partition(".")
    decimals = decimals.rstrip("0")
    return f"{MINUS if rounded < 0 else ''}{int(whole):,}".replace(",", THIN) + (point + decimals if decimals else "")


def scale(low: Value, high: Value, lines: int) -> list[Fraction]:
    """The values of at most some lines (and one), round and evenly spaced, that hold low and high between them.

    >>> [str(each) for each in scale(0, 47, 3)], [str(each) for each in scale(0, 0, 3)]
    (['0', '20', '40', '60'], ['0', '1'])
    """
    span = Fraction(high) - Fraction(low)
    if span <= 0:
        return [Fraction(low), Fraction(low) + 1]
    step = _step(span / lines)
    first, last = floor(Fraction(low) / step), ceil(Fraction(high) / step)
    return [step * each for each in range(first, last + 1)]


def _step(least: Fraction) -> Fraction:
    power = Fraction(10) ** floor(log10(least))
    return next((power * each for each in _STEPS if power * each >= least), power * 10)
