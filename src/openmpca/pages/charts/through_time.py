"""Quantities through time: lines on one scale with their limits, or a small field for each with its own scale.

Rules kept here:

1. A scale begins at zero unless a value is negative.
2. A line is named at its end, with its last value; names that would lie on one another are moved apart.
3. A limit is a dashed line with its name and value; it is always inside the picture.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from openmpca.pages.charts.canvas import SMALL, TEXT, Canvas, breadth, clean
from openmpca.pages.charts.described import Areas, Limit, Lines, Series, Value
from openmpca.pages.charts.figures import figure, scale
from openmpca.pages.charts.timeline import Field, draw_days, draw_scale

HEIGHT: Final = 220.0
TOP: Final = 22.0
FOOT: Final = 26.0
APART: Final = 32.0
SMALL_HEIGHT: Final = 66.0
HEAD: Final = 42.0
BETWEEN: Final = 36.0


def draw_lines(chart: Lines, canvas: Canvas) -> float:
    """Draw lines on one scale; gives the height."""
    most = canvas.width * 0.34
    names = [breadth(clean(each.name), bold=True) for each in chart.series]
    room = min(max([*names, *(breadth(_last(each, chart.unit)) for each in chart.series)], default=0.0) + 12, most)
    field = Field(0, TOP, canvas.width - room, HEIGHT, _days(chart.series), _scale(chart.series, chart.limits, 4))
    draw_scale(canvas, field, chart.unit)
    draw_days(canvas, field)
    _draw_limits(canvas, field, chart.limits, chart.unit)
    for each in chart.series:
        with canvas.group(kind=each.kind):
            canvas.path(_joined(field, each), fill="none", stroke="currentColor", stroke_width=2.0)
    _draw_ends(canvas, field, chart, room)
    return field.bottom + FOOT


def draw_areas(chart: Areas, canvas: Canvas) -> float:
    """Draw a small field for each quantity, two beside each other where there is room; gives the height."""
    across = 2 if canvas.width >= 560 and len(chart.series) > 1 else 1
    width = (canvas.width - BETWEEN * (across - 1)) / across
    days = _days(chart.series)
    down = HEAD + SMALL_HEIGHT + FOOT + 8
    for at, each in enumerate(chart.series):
        limits = [limit for limit in chart.limits if limit.of in ("", each.name)]
        left, top = (at % across) * (width + BETWEEN), (at // across) * down + HEAD
        _draw_area(canvas, Field(left, top, width, SMALL_HEIGHT, days, _scale([each], limits, 3)), each, chart, limits)
    return -(-len(chart.series) // across) * down


def _draw_area(canvas: Canvas, field: Field, each: Series, chart: Areas, limits: Sequence[Limit]) -> None:
    value = _last(each, chart.unit)
    room = field.width - breadth(value) - 12
    with canvas.group(kind=each.kind):
        canvas.text((field.left, field.top - 22), each.name, bold=True, within=room)
        closed = [*_joined(field, each), ("L", [(field.x(each.points[-1][0]), field.y(0))])] if each.points else []
        if closed:
            closed += [("L", [(field.x(each.points[0][0]), field.y(0))]), ("Z", [])]
            canvas.path(closed, fill="currentColor", fill_opacity=0.18)
    with canvas.group("ink"):
        canvas.text((field.left + field.width, field.top - 22), value, side="end", figures=True)
    draw_scale(canvas, field, top_only=True)
    draw_days(canvas, field)
    _draw_limits(canvas, field, limits, chart.unit)
    with canvas.group(kind=each.kind):
        canvas.path(_joined(field, each), fill="none", stroke="currentColor", stroke_width=1.8)


def _joined(field: Field, each: Series) -> list[tuple[str, list[tuple[float, float]]]]:
    points = [(field.x(day), field.y(value)) for day, value in each.points]
    return [("M" if at == 0 else "L", [point]) for at, point in enumerate(points)]


def _draw_limits(canvas: Canvas, field: Field, limits: Iterable[Limit], unit: str) -> None:
    with canvas.group("wrong"):
        for each in limits:
            at, end = field.y(each.value), field.left + field.width
            canvas.line((field.left, at), (end, at), stroke_width=1.5, stroke_dasharray="6 4")
            told = f"{each.name} {figure(each.value)} {unit}"
            canvas.text((end, at - 4), told, side="end", size=SMALL, within=field.width * 0.7, over=True)


def _draw_ends(canvas: Canvas, field: Field, chart: Lines, room: float) -> None:
    ended = [each for each in chart.series if each.points]
    wanted = [field.y(each.points[-1][1]) for each in ended]
    for each, at in zip(ended, apart(wanted, APART, field.top + 4, field.bottom - 12), strict=True):
        begin = field.left + field.width + 8
        with canvas.group(kind=each.kind):
            canvas.text((begin, at), each.name, bold=True, within=room - 8)
        with canvas.group("ink"):
            canvas.text((begin, at + 14), _last(each, chart.unit), size=TEXT - 1, within=room - 8, figures=True)


def apart(wanted: Sequence[float], least: float, top: float, bottom: float) -> list[float]:
    """Places near those wanted, at least a distance from each other, between top and bottom while there is room.

    >>> apart([10, 12, 80], 20, 0, 100), apart([99, 100], 20, 0, 100), apart([], 20, 0, 100)
    ([10, 30, 80], [80, 100], [])
    """
    order = sorted(range(len(wanted)), key=lambda at: (wanted[at], at))
    placed = list(wanted)
    for before, at in zip([None, *order], order, strict=False):
        placed[at] = max(wanted[at], top if before is None else placed[before] + least)
    limit = bottom
    for at in reversed(order):
        placed[at], limit = min(placed[at], limit), min(placed[at], limit) - least
    return placed


def _last(each: Series, unit: str) -> str:
    return f"{figure(each.points[-1][1])} {unit}" if each.points else ""


def _days(series: Sequence[Series]) -> tuple[date, date]:
    days = [day for each in series for day, _ in each.points]
    return (min(days), max(days)) if days else (date(2000, 1, 1), date(2000, 1, 2))


def _scale(series: Sequence[Series], limits: Sequence[Limit], lines: int) -> list[Fraction]:
    values: list[Value] = [value for each in series for _, value in each.points]
    values += [each.value for each in limits]
    return scale(min([0, *values]), max([0, *values]), lines)
