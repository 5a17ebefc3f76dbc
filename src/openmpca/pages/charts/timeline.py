"""The axes of pictures through time: days along the bottom, figures on the lines of a scale."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

from openmpca.pages.charts.canvas import SMALL, Canvas, breadth
from openmpca.pages.charts.described import Value
from openmpca.pages.charts.figures import figure

_MONTHS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
_DAYS: Final = (1, 2, 7, 14)
Marks = list[tuple[date, str]]


@dataclass(frozen=True)
class Field:
    """Where days and values are drawn: the corner where both begin, width and height, first and last day, scale."""

    left: float
    top: float
    width: float
    height: float
    days: tuple[date, date]
    scale: list[Fraction]

    def x(self, day: date) -> float:
        """Where a day stands."""
        first, last = self.days
        return self.left + self.width * (day - first).days / max((last - first).days, 1)

    def y(self, value: Value) -> float:
        """Where a value stands."""
        low, high = self.scale[0], self.scale[-1]
        return self.top + self.height * float((high - value) / (high - low))

    @property
    def bottom(self) -> float:
        """Where the picture of the values ends."""
        return self.top + self.height


def marks(first: date, last: date, most: int) -> Marks:
    """Round days between two, at most about some, each as it is written there.

    >>> [text for _, text in marks(date(2023, 11, 5), date(2026, 2, 1), 4)]
    ['2024', '2025', '2026']
    >>> [text for _, text in marks(date(2026, 3, 30), date(2026, 4, 3), 6)]
    ['03-30', '03-31', '04-01', '04-02', '04-03']
    """
    days = (last - first).days
    if days <= _DAYS[-1] * most and days < 60:
        step = next((each for each in _DAYS if days / each <= most), _DAYS[-1])
        return [(day, f"{day:%m-%d}") for day in (first + timedelta(each) for each in range(0, days + 1, step))]
    months = days / 30.4
    step = next((each for each in _MONTHS if months / each <= most), _MONTHS[-1])
    return _months(first, last, step)


def _months(first: date, last: date, step: int) -> Marks:
    begin, end = (each.year * 12 + each.month - 1 for each in (first, last))
    found = []
    for month in range(-(-begin // step) * step, end + 1, step):
        day = date(month // 12, month % 12 + 1, 1)
        if first <= day <= last:
            found.append((day, f"{day.year}" if step >= 12 else f"{day:%Y-%m}"))
    return found


def draw_days(canvas: Canvas, field: Field) -> None:
    """The days along the bottom, each with a short tick."""
    with canvas.group("faint"):
        for day, text in marks(*field.days, int(field.width // 62)):
            at, half = field.x(day), breadth(text, SMALL) / 2
            canvas.line((at, field.bottom), (at, field.bottom + 4), stroke_width=1)
            held = min(max(at, field.left + half), field.left + field.width - half)
            canvas.text((held, field.bottom + 17), text, side="middle", size=SMALL, figures=True)


def draw_scale(canvas: Canvas, field: Field, unit: str = "", *, top_only: bool = False) -> None:
    """The lines of the scale, each (or the highest) with its figure above it; the unit beside the highest."""
    with canvas.group("rule"):
        for value in field.scale:
            canvas.line((field.left, field.y(value)), (field.left + field.width, field.y(value)), stroke_width=1)
    with canvas.group("faint"):
        for value in field.scale[-1:] if top_only else field.scale:
            told = f"{figure(value)} {unit}" if unit and value == field.scale[-1] else figure(value)
            canvas.text((field.left, field.y(value) - 4), told, size=SMALL, figures=True, over=True)
