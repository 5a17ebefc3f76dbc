"""Work through time: a line for each piece, its name before it, the baseline as a thin bar under the present one.

Rules kept here:

1. What is done is the dark part of a bar, counted by share and not by day. A milestone is a lozenge: full when reached.
2. The baseline lies thin under the bar; where there is none, or it is the same, the bar stands alone.
3. Today is a dashed line across all.
"""

from datetime import date, timedelta
from typing import Final

from openmpca.pages.charts.canvas import SMALL, Canvas, breadth, clean
from openmpca.pages.charts.described import Gantt, Span
from openmpca.pages.charts.timeline import Field, draw_days

LINE: Final = 30.0
THICK: Final = 12.0
THIN: Final = 4.0
TOP: Final = 22.0
FOOT: Final = 26.0
HALF: Final = 7.0
ONE: Final = timedelta(days=1)


def draw_gantt(chart: Gantt, canvas: Canvas) -> float:
    """Draw spans; gives the height."""
    names = max((breadth(clean(each.name)) for each in chart.spans), default=0.0)
    begin = min(names + 12, canvas.width * 0.38)
    bottom = TOP + LINE * len(chart.spans)
    field = Field(begin, TOP, canvas.width - begin - HALF, bottom - TOP, _days(chart), [])
    draw_days(canvas, field)
    for at, each in enumerate(chart.spans):
        _draw_span(canvas, field, each, TOP + LINE * at + LINE / 2)
    _draw_today(chart, canvas, field)
    return bottom + FOOT


def _days(chart: Gantt) -> tuple[date, date]:
    days = [day for each in chart.spans for pair in (each.now, each.baseline) if pair for day in pair]
    return (min(days), max(days) + ONE) if days else (date(2000, 1, 1), date(2000, 1, 2))


def _draw_span(canvas: Canvas, field: Field, each: Span, middle: float) -> None:
    with canvas.group("ink"):
        canvas.text((0, middle + 4.5), each.name, within=field.left - 10)
    with canvas.group("rule"):
        canvas.line((field.left, middle + LINE / 2), (field.left + field.width, middle + LINE / 2), stroke_width=1)
    if each.baseline and each.baseline != each.now:
        begin, end = field.x(each.baseline[0]), field.x(each.baseline[1] + ONE)
        with canvas.group("faint"):
            canvas.box(begin, middle + THICK / 2 + 1, max(end - begin, 1), THIN)
    if each.point:
        _draw_point(canvas, field.x(each.now[1]), middle, reached=each.done == 1)
        return
    begin, end = field.x(each.now[0]), field.x(each.now[1] + ONE)
    with canvas.group(kind=each.kind):
        canvas.box(begin, middle - THICK / 2, max(end - begin, 1), THICK, fill_opacity=0.3)
        if each.done:
            canvas.box(begin, middle - THICK / 2, (end - begin) * float(each.done), THICK)


def _draw_point(canvas: Canvas, at: float, middle: float, *, reached: bool) -> None:
    corners = [(at, middle - HALF), (at + HALF, middle), (at, middle + HALF), (at - HALF, middle)]
    steps = [("M", corners[:1]), *(("L", [each]) for each in corners[1:]), ("Z", [])]
    with canvas.group("ink"):
        canvas.path(steps, fill="currentColor" if reached else "none", stroke="currentColor", stroke_width=1.5)


def _draw_today(chart: Gantt, canvas: Canvas, field: Field) -> None:
    first, last = field.days
    if chart.today is None or not first <= chart.today <= last:
        return
    at, told = field.x(chart.today), f"{chart.today}"
    half = breadth(told, SMALL) / 2
    with canvas.group("wrong"):
        canvas.line((at, TOP - 4), (at, field.bottom), stroke_width=1.5, stroke_dasharray="6 4")
        held = min(max(at, half), canvas.width - half)
        canvas.text((held, TOP - 8), told, side="middle", size=SMALL, figures=True)
