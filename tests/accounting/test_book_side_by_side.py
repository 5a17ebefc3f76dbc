"""Statements that follow each other directly: a rebuild derives them together, and gives what came one by one."""

from datetime import date

import pytest

from tests.accounting.story import BEGIN, Story, begun, grams
from tests.state import State

LEU = grams(E="1000", E_U235="100")
HALF = grams(E="500", E_U235="50")


@pytest.fixture
def story(state_home: State) -> Story:
    return begun()


@pytest.fixture
def opening(story: Story) -> int:
    """The number of the closed opening inventory of ZZA1, with batch A."""
    from openmpca.accounting.statements import Closing, Inventory, Listed

    line = Listed(day=BEGIN, mba="ZZA1", inventory=-1, batch="A", weights=LEU)
    inventory = Inventory(day=BEGIN, mba="ZZA1", opening=True)
    return story.state(inventory, line, Closing(day=BEGIN, mba="ZZA1", inventory=-1))[0]


def rebuilt() -> list[str]:
    from openmpca.record.rebuild import rebuild

    return [str(problem) for problem in rebuild().problems]


def test_a_late_line_and_its_correction_next_to_it_are_rebuilt_as_they_stood(story: Story, opening: int) -> None:
    from openmpca.accounting.statements import Listed

    line = {"day": BEGIN, "mba": "ZZA1", "inventory": opening, "batch": "B"}
    (late,) = story.state(Listed(**line, weights=LEU))
    story.state(Listed(**line, weights=HALF, corrects=late, reason="half of it"))
    assert story.held("ZZA1")["E"] == 1500
    assert rebuilt() == []


def test_a_late_line_and_its_correction_in_one_act_count_once(story: Story, opening: int) -> None:
    from openmpca.accounting.statements import Listed

    line = {"day": BEGIN, "mba": "ZZA1", "inventory": opening, "batch": "B"}
    story.state(Listed(**line, weights=LEU), Listed(**line, weights=HALF, corrects=-1, reason="half of it"))
    assert story.held("ZZA1")["E"] == 1500


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_closings_next_to_each_other_are_rebuilt_as_they_stood(
    story: Story, opening: int, order: tuple[int, int]
) -> None:
    from openmpca.accounting.statements import Closing, Inventory, Listed

    days, found = (date(2024, 6, 1), date(2024, 12, 1)), (grams(E="990", E_U235="99"), grams(E="980", E_U235="98"))
    taken = story.state(*(Inventory(day=day, mba="ZZA1") for day in days))
    story.state(
        *(
            Listed(day=day, mba="ZZA1", inventory=inventory, batch="A", weights=weights)
            for day, inventory, weights in zip(days, taken, found, strict=True)
        )
    )
    for place in order:
        story.state(Closing(day=days[place], mba="ZZA1", inventory=taken[place]))
    assert [story.held("ZZA1", day)["E"] for day in days] == [990, 980]
    assert rebuilt() == []
