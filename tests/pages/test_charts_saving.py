"""A picture as PNG: with the fonts that are shipped, in every script, the same bytes each time."""

import dataclasses

from openmpca.pages.blocks import Table
from openmpca.pages.charts import draw
from openmpca.pages.charts.described import Bar, Bars
from openmpca.pages.charts.saving import png

CHART = Bars(title="", summary="", unit="SQ", table=Table([], {}), bars=[Bar("Зона баланса", 2), Bar("A", 1)])


def test_letters_of_several_scripts_are_drawn_and_drawn_the_same_again() -> None:
    first = png(draw(CHART))
    assert first == png(draw(CHART))
    for name in ("Зона балансы", "منطقة", "Ζώνη"):
        other = dataclasses.replace(CHART, bars=[Bar(name, 2), Bar("A", 1)])
        assert png(draw(other)) != first


def test_a_label_is_no_source_of_a_document() -> None:
    hostile = dataclasses.replace(CHART, bars=[Bar('#read("/etc/passwd") "]', 1)])
    assert png(draw(hostile)).startswith(b"\x89PNG")
