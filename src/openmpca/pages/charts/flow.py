"""What flowed between places, as bands whose thickness is how much; what returns goes round below.

Rules kept here:

1. One scale for all bands. A band that would be too thin to see has the least thickness: the figures stand in the
   table, and the summary says it.
2. A place is named beside it with what went through it; a kind of material is named once, on its widest band.
"""

from collections.abc import Iterable
from fractions import Fraction
from typing import Final

from openmpca.pages.charts.canvas import SMALL, TEXT, Canvas, breadth, clean
from openmpca.pages.charts.described import Node, Sankey
from openmpca.pages.charts.figures import figure
from openmpca.pages.charts.flow_layout import Band, Layout, Placed, lay_out

BAR: Final = 9.0
ROOM: Final = 40.0
TALL: Final = 190.0
THIN: Final = 1.5
TOP: Final = 6.0
LANE: Final = 7.0


def draw_flow(chart: Sankey, canvas: Canvas) -> float:
    """Draw a flow; gives the height."""
    flows = ((each.source, each.target, each.kind, float(each.value)) for each in chart.flows)
    layout = lay_out(flows, TALL, ROOM, THIN)
    nodes = {each.key: each for each in chart.nodes}
    named = [(nodes.get(each.key, Node(each.key, each.key)), each) for each in layout.places.values()]
    step = _step(canvas, layout, [clean(node.name) for node, place in named if place.column == len(layout.columns) - 1])
    bottom = max([TOP + layout.bottom, *(TOP + each.middle + 20 for each in layout.places.values())])
    for band in sorted(layout.bands, key=lambda each: (-each.thick, each.source, each.target, each.kind)):
        if not band.back:
            _draw_forward(canvas, band, layout, step)
    height = _draw_returns(canvas, layout, step, bottom)
    _draw_kinds(canvas, layout, step)
    for node, place in named:
        _draw_place(canvas, place, node, figure(_through(place.key, chart)), step)
    return height + TOP


def _step(canvas: Canvas, layout: Layout, last: list[str]) -> float:
    """How far columns are from each other, with room for the names of the last one behind it."""
    behind = min(max((breadth(each, bold=True) for each in last), default=0.0) + 12, canvas.width * 0.3)
    return (canvas.width - BAR - max(behind, 60)) / max(len(layout.columns) - 1, 1)


def _ends(band: Band, layout: Layout, step: float) -> tuple[float, float]:
    return layout.places[band.source].column * step + BAR, layout.places[band.target].column * step


def _draw_forward(canvas: Canvas, band: Band, layout: Layout, step: float) -> None:
    begin, end = _ends(band, layout, step)
    middle, top, foot = (begin + end) / 2, TOP + band.begin, TOP + band.end
    steps = [("M", [(begin, top)]), ("C", [(middle, top), (middle, foot), (end, foot)])]
    with canvas.group(kind=band.kind):
        canvas.path(steps, fill="none", stroke="currentColor", stroke_opacity=0.5, stroke_width=band.thick)


def _draw_returns(canvas: Canvas, layout: Layout, step: float, bottom: float) -> float:
    """The bands that go back, each on a lane of its own below the places; gives the lowest edge."""
    low = bottom
    back = [each for each in layout.bands if each.back]
    for band in sorted(back, key=lambda each: (abs(_span(each, layout)), each.source, each.target, each.kind)):
        low += LANE + band.thick
        _draw_return(canvas, band, _ends(band, layout, step), low - band.thick / 2)
    return low


def _span(band: Band, layout: Layout) -> int:
    return layout.places[band.source].column - layout.places[band.target].column


def _draw_return(canvas: Canvas, band: Band, ends: tuple[float, float], lane: float) -> None:
    (begin, end), top, foot = ends, TOP + band.begin, TOP + band.end
    out = min(26.0 + band.thick, canvas.width / 8)
    right, left = min(begin + out, canvas.width - band.thick / 2), max(end - out, band.thick / 2)
    steps = [
        ("M", [(begin, top)]),
        ("C", [(right, top), (right, lane), (begin, lane)]),
        ("L", [(end, lane)]),
        ("C", [(left, lane), (left, foot), (end, foot)]),
    ]
    with canvas.group(kind=band.kind):
        canvas.path(steps, fill="none", stroke="currentColor", stroke_opacity=0.5, stroke_width=band.thick)


def _draw_kinds(canvas: Canvas, layout: Layout, step: float) -> None:
    widest: dict[str, Band] = {}
    for band in layout.bands:
        if band.kind and not band.back and (band.kind not in widest or band.thick > widest[band.kind].thick):
            widest[band.kind] = band
    for kind, band in sorted(widest.items()):
        begin, end = _ends(band, layout, step)
        middle = TOP + (band.begin + band.end) / 2
        at = ((begin + end) / 2, middle - band.thick / 2 + 14 if band.thick > 40 else middle + 4)
        with canvas.group(kind=kind):
            canvas.text(at, kind, side="middle", size=SMALL, bold=True, over=True)


def _through(key: str, chart: Sankey) -> Fraction:
    comes: Iterable[Fraction] = (Fraction(each.value) for each in chart.flows if each.target == key)
    goes: Iterable[Fraction] = (Fraction(each.value) for each in chart.flows if each.source == key)
    return max(sum(comes, Fraction(0)), sum(goes, Fraction(0)))


def _draw_place(canvas: Canvas, place: Placed, node: Node, amount: str, step: float) -> None:
    left, middle = place.column * step, TOP + place.middle
    begin = left + BAR + 5
    within = min(left + step, canvas.width) - begin - 3
    with canvas.group("faint" if node.outside else "ink"):
        canvas.box(left, TOP + place.top, BAR, place.height)
        canvas.text((begin, middle - 2), node.name, bold=True, within=within, over=True)
    with canvas.group("faint"):
        canvas.text((begin, middle + 12), amount, size=TEXT - 1, over=True, figures=True)
