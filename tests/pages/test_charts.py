"""Charts: the same text for the same description, everything escaped, whole in itself, readable in any direction."""

import re
from datetime import date
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from openmpca.pages.blocks import Table
from openmpca.pages.charts import NARROW, WIDE, draw, drawing
from openmpca.pages.charts.colours import KINDS, OTHER, TONES
from openmpca.pages.charts.described import (
    Areas,
    Bar,
    Bars,
    Chart,
    Flow,
    Limit,
    Lines,
    Matrix,
    Node,
    Sankey,
    Series,
    Shaded,
)
from openmpca.pages.charts.flow_layout import lay_out

SVG = "{http://www.w3.org/2000/svg}"
TABLE = Table([{"a": "1"}], {"a": "A g"})
SNAPSHOTS = Path(__file__).with_name("snapshots")
STYLE = Path(__file__).parents[2] / "src/openmpca/pages/static/pages/style.css"
HOSTILE = [
    "<script>alert(1)</script>",
    '"><image href="x" onerror="alert(1)"/>',
    "]]><!-- & &amp; &#0;",
    "bell\x07 null\x00 \ud800",
    "abc\u202egnp.exe",
    "منطقة توازن المواد",
    "Зона баланса материалов номер один предприятия, очень длинное название " * 4,
    "",
]


def parsed(drawn: str) -> ElementTree.Element:
    return ElementTree.fromstring(drawn)  # noqa: S314  our own text


def months(values: list[int]) -> list[tuple[date, Fraction]]:
    return [(date(2024 + at // 12, at % 12 + 1, 28), Fraction(value, 10)) for at, value in enumerate(values)]


def lines(name: str = "LEU") -> Lines:
    first, second = Series(name, "LEU", months([5, 9, 7, 8])), Series("P", "P", months([6, 8, 8, 8]))
    return Lines(title="Balance", summary="Two lines.", unit="kg", table=TABLE, series=[first, second], limits=_limits)


_limits = [Limit("Limit", 2)]


def areas(name: str = "LEU") -> Areas:
    series = [Series(name, "LEU", months([5, 9, 7])), Series("D", "D", months([50000, 40000, 0])), Series("T", "T", [])]
    return Areas(title="Inventory", summary="By category.", unit="kg", table=TABLE, series=series)


def bars(name: str = "XTF1") -> Bars:
    shown = [Bar(name, Fraction(1234, 100)), Bar("XTF2", Fraction(1, 3)), Bar("none", 0), Bar("less", Fraction(-2))]
    return Bars(title="SQ", summary="Each area.", unit="SQ", table=TABLE, bars=shown, limits=[Limit("limit", 1)])


def sankey(name: str = "XPE1") -> Sankey:
    flows = [
        Flow("in", "F1", 12000, "LEU"),
        Flow("F1", "F2", 6000, "LEU"),
        Flow("F2", "F1", 500, "LEU"),
        Flow("F2", "R1", 3000, "LEU"),
        Flow("in", "R1", Fraction(1, 50), "P"),
        Flow("R1", "out", 2000, "LEU"),
        Flow("R1", "R1", 7, "LEU"),
    ]
    nodes = [Node("in", name, True), Node("out", name, True)]
    return Sankey(title="Flow", summary="Between areas.", unit="kg", table=TABLE, nodes=nodes, flows=flows)


def matrix(name: str = "PR-1") -> Matrix:
    held = {(name, "ALD"): Shaded("5", 1), (name, name): Shaded("1", 0), ("PR-2", "ALD"): Shaded(name, Fraction(1, 2))}
    rows, columns = [name, "PR-2"], ["ALD", name]
    return Matrix(title="Scores", summary="By party.", unit="", table=TABLE, rows=rows, columns=columns, fields=held)


MAKERS = {"lines": lines, "areas": areas, "bars": bars, "sankey": sankey, "matrix": matrix}


@pytest.mark.parametrize("form", MAKERS)
@pytest.mark.parametrize(("width", "rtl"), [(WIDE, False), (NARROW, False), (WIDE, True)])
def test_a_description_gives_the_picture_that_was_looked_at(form: str, width: int, rtl: bool) -> None:
    drawn = draw(MAKERS[form](), width=width, rtl=rtl)
    kept = SNAPSHOTS / f"{form}-{width}{'-rtl' if rtl else ''}.svg"
    assert drawn + "\n" == kept.read_text(encoding="utf-8"), f"look at it, then write it to {kept}"


@pytest.mark.parametrize("form", MAKERS)
@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_label_stays_a_label(form: str, label: str) -> None:
    for rtl in (False, True):
        root = parsed(draw(MAKERS[form](label), rtl=rtl))
        names = {each.tag.removeprefix(SVG) for each in root.iter()}
        assert names <= {"svg", "title", "desc", "g", "text", "line", "path", "rect"}
        given = {name for each in root.iter() for name in each.attrib}
        assert not any(name.startswith("on") or name.endswith("href") or name == "style" for name in given)
        assert not re.search("[\u202a-\u202e]", "".join(root.itertext()))


@pytest.mark.parametrize("form", MAKERS)
def test_a_picture_says_what_it_is_to_whoever_does_not_see_it(form: str) -> None:
    chart = MAKERS[form]()
    root = parsed(draw(chart))
    title, told = root[0], root[1]
    assert (title.text, told.text, root.get("role")) == (chart.title, chart.summary, "img")
    assert root.get("aria-labelledby") == title.get("id")
    assert root.get("aria-describedby") == told.get("id")
    assert "href" not in draw(chart)


@pytest.mark.parametrize("form", MAKERS)
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_everything_lies_inside_the_picture(form: str, width: int) -> None:
    root = parsed(draw(MAKERS[form]("a label that is much longer than its place " * 3), width=width))
    height = float(root.get("height", "0"))
    for each in root.iter():
        for name, most in (("x", width), ("x1", width), ("x2", width), ("y", height), ("y1", height), ("y2", height)):
            assert -1 <= float(each.get(name, "0")) <= most + 1


def test_a_picture_of_nothing_is_drawn_too() -> None:
    nothing = {"title": "t", "summary": "s", "unit": "kg", "table": TABLE}
    empty: list[Chart] = [
        Lines(series=[], **nothing),
        Lines(series=[Series("x", "P", [(date(2026, 1, 1), 0)])], **nothing),
        Areas(series=[], **nothing),
        Bars(bars=[], **nothing),
        Sankey(nodes=[], flows=[], **nothing),
        Matrix(rows=[], columns=[], fields={}, **nothing),
    ]
    for each in empty:
        assert draw(each).startswith("<svg")


def test_mirrored_drawings_keep_their_figures_from_left_to_right() -> None:
    root = parsed(draw(lines("منطقة"), rtl=True))
    texts = {each.text: each for each in root.iter(f"{SVG}text")}
    assert texts["منطقة"].get("direction") == "rtl"
    assert texts["0.8\u2009kg".replace("\u2009", " ")].get("direction") is None


def test_a_block_has_a_picture_for_a_page_and_one_for_a_phone() -> None:
    block = drawing(bars(), "quantities")
    assert f'viewBox="0 0 {WIDE} ' in block.svg
    assert f'viewBox="0 0 {NARROW} ' in block.narrow
    identifiers = re.findall(r' id="(\w+)"', block.svg + block.narrow)
    assert len(set(identifiers)) == len(identifiers)


def test_every_colour_has_its_class_in_the_style_sheet_with_the_same_value_on_paper() -> None:
    style = STYLE.read_text(encoding="utf-8")
    for name, colour in {*KINDS.values(), OTHER}:
        assert f"--{name}: {colour};" in style
        assert f".chart .{name} {{ color: var(--{name}); }}" in style
    for name in TONES:
        assert f".chart .{name} {{" in style


def test_circles_of_flow_go_back_along_their_lightest_band() -> None:
    around = [("a", "b", "", 10.0), ("b", "c", "", 9.0), ("c", "a", "", 1.0)]
    layout = lay_out(around, 100, 20, 1)
    assert [(each.source, each.target) for each in layout.bands if each.back] == [("c", "a")]
    assert [layout.places[key].column for key in "abc"] == [0, 1, 2]


def test_places_of_a_column_do_not_lie_on_each_other() -> None:
    flows = [(f"s{at % 7}", f"t{at % 11}", "P", float(at % 13 + 1)) for at in range(60)]
    layout = lay_out(flows, 300, 30, 1.5)
    for column in layout.columns:
        edges = [(each.top, each.top + each.height) for each in column]
        assert all(before[1] <= after[0] for before, after in pairwise(edges))
    for key, place in layout.places.items():
        for end, at in (("source", "begin"), ("target", "end")):
            ends = [each for each in layout.bands if getattr(each, end) == key]
            assert all(place.top - 0.01 <= getattr(each, at) <= place.top + place.height + 0.01 for each in ends)
