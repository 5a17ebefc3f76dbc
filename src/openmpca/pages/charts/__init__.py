"""Charts: a description (`described.py`) drawn as SVG, the same on a page, in a document and from the command line.

Wide for a page, narrow for a phone; mirrored for scripts that run from right to left. No Django, no database, no clock.
"""

from typing import Final

from openmpca.pages.blocks import Drawing
from openmpca.pages.charts.canvas import Canvas
from openmpca.pages.charts.described import Areas, Bars, Chart, Gantt, Lines, Matrix, Sankey
from openmpca.pages.charts.flow import draw_flow
from openmpca.pages.charts.gantt import draw_gantt
from openmpca.pages.charts.side_by_rows import draw_matrix
from openmpca.pages.charts.side_by_side import draw_bars
from openmpca.pages.charts.through_time import draw_areas, draw_lines

WIDE: Final = 720
NARROW: Final = 350


def draw(chart: Chart, *, width: int = WIDE, rtl: bool = False) -> str:
    """A chart as SVG."""
    canvas = Canvas(width, rtl)
    if isinstance(chart, Lines):
        height = draw_lines(chart, canvas)
    elif isinstance(chart, Areas):
        height = draw_areas(chart, canvas)
    elif isinstance(chart, Bars):
        height = draw_bars(chart, canvas)
    elif isinstance(chart, Sankey):
        height = draw_flow(chart, canvas)
    elif isinstance(chart, Matrix):
        height = draw_matrix(chart, canvas)
    elif isinstance(chart, Gantt):
        height = draw_gantt(chart, canvas)
    else:
        raise TypeError(type(chart))
    return canvas.svg(height, chart.title, chart.summary, type(chart).__name__.lower())


def drawing(chart: Chart, name: str, *, rtl: bool = False) -> Drawing:
    """A chart as a block of a page, wide and narrow, with its table."""
    wide, narrow = (draw(chart, width=width, rtl=rtl) for width in (WIDE, NARROW))
    return Drawing(wide, chart.title, chart.summary, chart.table, name=name, caption=chart.title, narrow=narrow)
