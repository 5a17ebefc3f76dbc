"""A matrix: a line for each thing, a column for each that says something of it, the stronger the darker."""

from typing import Final

from openmpca.pages.charts.canvas import Canvas, breadth, clean
from openmpca.pages.charts.described import Matrix, Shaded

LINE: Final = 30.0
HEAD: Final = 24.0
GAP: Final = 2.0
DARKEST: Final = 0.45
UNKNOWN: Final = "–"


def draw_matrix(chart: Matrix, canvas: Canvas) -> float:
    """Draw a matrix; gives the height."""
    names = max((breadth(clean(each)) for each in chart.rows), default=0.0)
    begin = min(names + 12, canvas.width * 0.4)
    each_width = (canvas.width - begin) / max(len(chart.columns), 1)
    with canvas.group("ink"):
        for at, column in enumerate(chart.columns):
            middle = begin + each_width * (at + 0.5)
            canvas.text((middle, HEAD - 8), column, side="middle", bold=True, within=each_width - 6)
    for line, name in enumerate(chart.rows):
        top = HEAD + LINE * line
        with canvas.group("ink"):
            canvas.text((0, top + LINE / 2 + 4.5), name, within=begin - 10)
        for at, column in enumerate(chart.columns):
            given = chart.fields.get((name, column), Shaded(UNKNOWN, 0))
            _draw_field(canvas, given, (begin + each_width * at, top, each_width))
    return HEAD + LINE * len(chart.rows) + GAP


def _draw_field(canvas: Canvas, given: Shaded, at: tuple[float, float, float]) -> None:
    left, top, width = at
    with canvas.group(kind=""):
        shade = round(DARKEST * float(given.share), 3)
        canvas.box(left + GAP, top + GAP, width - 2 * GAP, LINE - 2 * GAP, fill_opacity=str(shade))
    with canvas.group("ink"):
        middle = (left + width / 2, top + LINE / 2 + 4.5)
        canvas.text(middle, given.text, side="middle", within=width - 4 * GAP)
