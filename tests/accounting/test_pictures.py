"""The pictures of the book: the same figures as the book's own answers, no more than was asked for, saved to files."""

import json
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import polars as pl
import pytest
from typer.testing import CliRunner

from tests.accounting.story import Story, begun, grams
from tests.state import State

D = date


@pytest.fixture
def story(state_home: State) -> Story:
    return told()


@pytest.fixture
def each_story(each_state_home: State) -> Story:
    return told()


def told() -> Story:
    """A came from abroad to ZZA1 and went on in part to ZZB1; a shipment was corrected, one deleted, one goes back."""
    from openmpca.accounting.statements import Deletion

    made = begun()
    made.happened("RF", "ZZA1", "A", D(2024, 1, 5), grams(E="10000", E_U235="300"), counterpart="YY/YYA1")
    made.happened("RF", "ZZB1", "P", D(2024, 2, 1), grams(P="4000"), counterpart="YY/YYA1")
    wrong = made.happened("SD", "ZZA1", "A", D(2024, 2, 1), grams(E="4", E_U235="0.12"), counterpart="ZZ/ZZB1")
    went = made.happened(
        "SD",
        "ZZA1",
        "A",
        D(2024, 2, 1),
        grams(E="4000", E_U235="120"),
        counterpart="ZZ/ZZB1",
        corrects=wrong,
        reason="g",
    )
    made.happened("RD", "ZZB1", "A", D(2024, 2, 3), grams(E="4000", E_U235="120"), counterpart="ZZ/ZZA1", shipment=went)
    made.happened("SD", "ZZB1", "A", D(2024, 4, 3), grams(E="500.5", E_U235="15.015"), counterpart="ZZ/ZZA1")
    gone = made.happened("SF", "ZZA1", "A", D(2024, 3, 3), grams(E="1", E_U235="0.03"), counterpart="YY")
    made.state(Deletion(day=D(2024, 3, 3), mba="ZZA1", corrects=gone, reason="never left"))
    return made


def figures(story: Story, name: str, mbas: list[str] | None = None, **asked: Any) -> list[dict[str, object]]:
    from openmpca.accounting.pictures import PICTURES, Subject

    drawn = PICTURES[name](Subject(story.view(D(2024, 4, 30), **asked), mbas))
    return [{key: value for key, value in row.items() if key in drawn.table.heads} for row in drawn.table.rows]


def flows(story: Story, mbas: list[str] | None = None, **asked: Any) -> list[str]:
    return [" ".join(map(str, row.values())) for row in figures(story, "flow", mbas, **asked)]


def test_both_databases_tell_the_same(each_story: Story) -> None:
    from openmpca.accounting.courses import course
    from openmpca.accounting.transit.waiting import waiting

    assert flows(each_story)[-1] == "ZZB1 ZZA1 E 500.5"
    ends = course(each_story.view(D(2024, 5, 15)), D(2024, 3, 1), ["ZZA1"])
    assert ends["ug"].to_list() == [6_000_000_000] * 3
    assert course(each_story.view(D(2024, 5, 15), 1 << 13), D(2024, 3, 1), ["ZZA1"]).equals(ends)
    assert [(each.batch, each.days) for each in waiting(each_story.view(D(2024, 4, 30)))] == [("A", 27)]


def test_a_flow_is_what_stands_each_way_counted_once_of_all_areas_or_of_one(story: Story) -> None:
    assert flows(story) == ["YY/YYA1 ZZA1 E 10000", "YY/YYA1 ZZB1 P 4000", "ZZA1 ZZB1 E 4000", "ZZB1 ZZA1 E 500.5"]
    assert flows(story, ["ZZB1"]) == ["YY/YYA1 ZZB1 P 4000", "ZZA1 ZZB1 E 4000", "ZZB1 ZZA1 E 500.5"]
    assert flows(story, ["ZZC1"]) == []


def test_a_flow_is_told_as_it_was_known(story: Story) -> None:
    from openmpca.accounting.queries import latest

    assert flows(story, number=latest() - 1)[-3] == "ZZA1 YY E 1"
    assert "ZZA1 ZZB1 E 4" in flows(story, number=latest() - 5)


def test_every_month_of_a_course_is_what_the_book_says_of_its_end(story: Story) -> None:
    from openmpca.accounting.courses import course
    from openmpca.accounting.queries import latest

    for mbas in (None, ["ZZA1"], ["ZZA1", "ZZB1"], ["ZZC1"]):
        for number in (latest(), latest() - 3, latest() - 6):
            found = course(story.view(D(2024, 5, 15), number), D(2023, 12, 7), mbas)
            for day in found["day"].unique():
                book = story.view(day, number).balances(mbas).filter(pl.col("nuclide") == "")
                said = dict(book.group_by("category").agg(pl.col("ug").sum()).iter_rows())
                assert {c: ug for _, c, ug in found.filter(pl.col("day") == day).iter_rows() if ug} == said


def test_cells_and_postings_of_a_course_come_to_the_same(story: Story) -> None:
    from openmpca.accounting.courses import course

    of_postings, of_cells = (story.view(D(2024, 4, 30), number) for number in (None, 1 << 13))
    assert course(of_postings, D(2024, 1, 1)).equals(course(of_cells, D(2024, 1, 1)))


def test_significant_quantities_are_those_of_each_area(story: Story) -> None:
    assert figures(story, "quantities") == [
        {"mba": "ZZB1", "quantities": "0.5014"},
        {"mba": "ZZA1", "quantities": "0.0024"},
    ]
    assert figures(story, "quantities", ["ZZA1"]) == [{"mba": "ZZA1", "quantities": "0.0024"}]


def test_many_places_are_drawn_as_few_and_none_is_lost(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    from openmpca.accounting import pictures

    monkeypatch.setattr(pictures, "MOST_PLACES", 2)
    monkeypatch.setattr(pictures, "MOST_BANDS", 1)
    rows = figures(story, "flow")
    assert {str(row["source"]) for row in rows} == {"YY/YYA1", "ZZA1", "1 other"}
    assert sum(float(str(row["g"])) for row in rows) == 18500.5
    drawn = pictures.flow(pictures.Subject(story.view(D(2024, 4, 30))))
    assert len(drawn.flows) == 1
    assert "The 2 busiest places have names" in drawn.summary


def said(*arguments: str, code: int = 0) -> str:
    from openmpca.cli import app

    result = CliRunner().invoke(app, ["chart", *arguments])
    assert result.exit_code == code, (result.output, result.exception)
    return result.output if code else result.stdout


def test_a_picture_is_saved_as_svg_and_as_png(story: Story, tmp_path: Path) -> None:
    svg, png = tmp_path / "a.svg", tmp_path / "a.PNG"
    for name in ("flow", "inventory", "quantities"):
        assert f"Written to {svg}." in said(name, "--as-of", "2024-04-30", "--output", str(svg))
        ElementTree.parse(svg)  # noqa: S314  our own file
    said("flow", "--as-of", "2024-04-30", "--output", str(png))
    assert png.read_bytes().startswith(b"\x89PNG\r\n")


def test_the_figures_of_a_picture_are_printed_and_told_to_programs(story: Story) -> None:
    assert "10\u2009000.0" in said("flow", "--as-of", "2024-04-30")
    document = json.loads(said("flow", "--mba", "ZZB1", "--as-of", "2024-04-30", "--since", "2024-04-01", "--json"))
    assert document["rows"] == [{"source": "ZZB1", "target": "ZZA1", "category": "E", "g": "500.5"}]
    assert "Nothing was shipped" in said("flow", "--mba", "ZZC1")
    assert "Nothing was on inventory" in said("inventory", "--mba", "ZZC1")


def test_what_cannot_be_drawn_is_told(story: Story) -> None:
    assert "Use .svg or .png." in said("flow", "--output", "a.pdf", code=2)
    assert "There is no folder nowhere." in said("flow", "--output", "nowhere/a.svg", code=4)
    assert "There is no area NONE." in said("flow", "--mba", "NONE", code=4)
    assert "Name an earlier day." in said("flow", "--since", "2024-05-01", "--as-of", "2024-04-01", code=2)
    said("pie", code=2)
