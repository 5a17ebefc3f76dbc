"""Values side by side: one bar a line, its name above or before it, its figure at its end, limits across all."""

from fractions import Fraction
from typing import Final

from openmpca.pages.charts.canvas import SMALL, Canvas, breadth, clean
from openmpca.pages.charts.described import Bar, Bars
from openmpca.pages.charts.figures import figure

LINE: Final = 26.0
THICK: Final = 14.0
TOP: Final = 6.0
LIMIT: Final = 18.0


def draw_bars(chart: Bars, canvas: Canvas) -> float:
    """Draw bars; gives the height."""
    names = max((breadth(clean(each.name)) for each in chart.bars), default=0.0)
    begin = min(names + 10, canvas.width * 0.4)
    ends = max((breadth(f"{figure(each.value)} {chart.unit}") for each in chart.bars), default=0.0) + 8
    values = [*(Fraction(each.value) for each in chart.bars), *(Fraction(each.value) for each in chart.limits)]
    low, high = min([Fraction(0), *values]), max([Fraction(0), *values])
    per = (canvas.width - begin - ends) / float(high - low or 1)
    zero = begin + float(-low) * per
    top = TOP + (LIMIT if chart.limits else 0)
    bottom = top + LINE * len(chart.bars)
    with canvas.group("faint"):
        canvas.line((zero, top), (zero, bottom), stroke_width=1)
    _draw_limits(chart, canvas, zero, per, (top, bottom))
    for at, each in enumerate(chart.bars):
        _draw_bar(chart, canvas, each, (zero, per, begin), top + LINE * at + LINE / 2)
    return bottom + TOP


def _draw_bar(chart: Bars, canvas: Canvas, bar: Bar, at: tuple[float, float, float], middle: float) -> None:
    zero, per, begin = at
    length = float(bar.value) * per
    with canvas.group("ink"):
        canvas.text((0, middle + 4.5), bar.name, within=begin - 8)
    with canvas.group(kind=bar.kind):
        canvas.box(zero + min(length, 0), middle - THICK / 2, max(abs(length), 0.8), THICK)
    with canvas.group("ink"):
        end = (zero + max(length, 0) + 6, middle + 4.5)
        canvas.text(end, f"{figure(bar.value)} {chart.unit}".strip(), figures=True, over=True)


def _draw_limits(chart: Bars, canvas: Canvas, zero: float, per: float, ends: tuple[float, float]) -> None:
    with canvas.group("wrong"):
        for each in chart.limits:
            at = zero + float(each.value) * per
            canvas.line((at, ends[0] - 2), (at, ends[1]), stroke_width=1.5, stroke_dasharray="6 4")
            told = clean(f"{each.name} {figure(each.value)} {chart.unit}".strip())
            half = min(breadth(told, SMALL), canvas.width) / 2
            held = min(max(at, half), canvas.width - half)
            canvas.text((held, TOP + 8), told, side="middle", size=SMALL, within=canvas.width, figures=not each.name)
