"""The rules of balances, each met by the writing that breaks it."""

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest

from openmpca.accounting.rules import balances as balance_rules
from openmpca.accounting.rules import checking
from tests.accounting.story import BEGIN, Story, begun, grams
from tests.state import State

DAY = date(2024, 3, 1)
ONE = timedelta(days=1)
MINE = range(400, 500)


@pytest.fixture
def story(usual_state_home: State) -> Story:
    return begun(follow_up=False)


@pytest.fixture
def each_story(each_state_home: State) -> Story:
    return begun(follow_up=False)


@pytest.fixture
def quick(state_home: State) -> Story:
    return begun(follow_up=False)


def problems(story: Story, *statements: Any, **act: Any) -> list[Any]:
    from openmpca.record import commands
    from openmpca.record.record import Refused

    try:
        found = commands.state(list(statements), msgspec.structs.replace(story.act, **act), dry_run=True).problems
    except Refused as refused:
        found = refused.problems
        assert [each for each in found if each.severity == "error" and each.rule not in MINE] == []
    return [each for each in found if each.rule in MINE]


def told(story: Story, *statements: Any, **act: Any) -> list[int]:
    return sorted(each.rule for each in problems(story, *statements, **act))


def came(story: Story, g: str = "10", batch: str = "A", day: date = DAY, **fields: Any) -> Any:
    return story.change("RF", fields.pop("mba", "ZZA1"), batch, day, grams(N=g), counterpart="YY", **fields)


def left(story: Story, g: str = "10", batch: str = "A", day: date = DAY, code: str = "LD", **fields: Any) -> Any:
    return story.change(code, fields.pop("mba", "ZZA1"), batch, day, grams(N=g), **fields)


def test_what_came_may_leave_on_the_same_day_in_any_order(story: Story) -> None:
    assert told(story, left(story), came(story)) == []
    story.state(came(story))
    assert told(story, left(story)) == []


def test_a_batch_that_never_came_is_named_with_the_day(story: Story) -> None:
    story.state(came(story))
    (found,) = problems(story, left(story, batch="B"))
    assert (found.rule, found.record) == (402, "ZZA1 B")
    assert "batch B would hold -10 g of N in the book inventory of ZZA1 on 2024-03-01" in found.message
    assert "Before, it was not in the book inventory." in found.message


def test_a_batch_gives_no_more_than_it_holds(story: Story) -> None:
    story.state(came(story))
    (found,) = problems(story, left(story, g="10.000001"))
    assert "-0.000001 g" in found.message
    assert "Before" not in found.message


def test_nothing_leaves_before_it_came(story: Story) -> None:
    story.state(came(story))
    assert told(story, left(story, day=DAY - ONE)) == [402]


def test_what_is_dated_back_is_held_against_what_followed(story: Story) -> None:
    story.state(came(story), left(story, day=DAY + 5 * ONE), came(story, day=DAY + 9 * ONE))
    (found,) = problems(story, left(story, g="1", day=DAY + 2 * ONE))
    assert "on 2024-03-06" in found.message


def test_a_deletion_is_held_against_what_followed(story: Story) -> None:
    from openmpca.accounting.statements import Deletion

    first, _ = story.state(came(story), left(story, day=DAY + ONE))
    assert told(story, Deletion(day=DAY, mba="ZZA1", corrects=first, reason="x")) == [402]
    fewer = came(story, g="9", corrects=first, reason="x")
    assert told(story, fewer) == [402]
    assert told(story, came(story, g="11", corrects=first, reason="x")) == []


def test_where_batches_are_not_followed_the_balance_counts(story: Story) -> None:
    story.state(came(story, mba="ZZC1"))
    assert told(story, left(story, mba="ZZC1", batch="B")) == []
    (found,) = problems(story, left(story, mba="ZZC1", batch="B", g="11"))
    assert (found.rule, found.record) == (401, "ZZC1")
    assert "the book inventory of ZZC1 would be -1 g of N on 2024-03-01" in found.message


def test_a_negative_balance_is_told_when_its_day_stands_before_the_last_writing(story: Story) -> None:
    story.state(came(story, mba="ZZC1"), left(story, mba="ZZC1", g="9", batch="Z", day=DAY + 40 * ONE))
    assert told(story, left(story, mba="ZZC1", g="2", batch="B", day=DAY + 20 * ONE)) == [401]
    assert told(story, left(story, mba="ZZC1", g="1", batch="B", day=DAY + 20 * ONE)) == []


def test_a_negative_balance_may_be_mended_by_parts(story: Story) -> None:
    lost = left(story, g="30", code="LA")
    story.state(came(story))
    story.state(lost, overrides={"402": "flooded"})
    assert told(story, came(story, g="5", day=DAY + ONE)) == []
    assert told(story, left(story, g="5", day=DAY + ONE)) == [402]
    assert told(story, came(story, batch="B", day=DAY + ONE)) == []


def test_retained_waste_moves_only_after_it_is_taken_back(story: Story) -> None:
    story.state(came(story), left(story, code="TW"))
    shipped = left(story, g="4", day=DAY + ONE)
    back = left(story, g="4", day=DAY + ONE, code="FW")
    assert told(story, shipped) == [402]
    assert told(story, back, shipped) == []
    (found,) = problems(story, left(story, g="11", day=DAY + ONE, code="FW"))
    assert "the retained waste of ZZA1" in found.message
    assert told(story, left(story, day=DAY + ONE, code="FW", batch="B")) == [402]


def test_exempted_material_comes_back_from_where_it_went(story: Story) -> None:
    story.state(came(story), left(story, code="EU"))
    assert told(story, left(story, code="DU", day=DAY + ONE)) == []
    assert told(story, left(story, code="DQ", day=DAY + ONE)) == [402]


def test_items_that_are_not_there_are_warned_of(story: Story) -> None:
    story.state(came(story, items=1))
    (found,) = problems(story, left(story, items=2))
    assert (found.rule, found.severity) == (403, "warning")
    assert "-1 items" in found.message
    story.state(came(story, mba="ZZC1", items=1))
    assert told(story, left(story, mba="ZZC1", items=2)) == [403]


def test_rebatching_takes_what_it_gives(each_story: Story) -> None:
    each_story.state(came(each_story), came(each_story, batch="B"))
    taken, given = left(each_story, code="RM", g="4"), left(each_story, code="RP", batch="C", g="4")
    assert told(each_story, taken, given) == []
    (found,) = problems(each_story, taken)
    assert "4 g more of U are taken than given in ZZA1 on 2024-03-01" in found.message
    assert told(each_story, given) == [404]
    assert found.severity == "error"
    (found,) = problems(each_story, taken, overrides={"404": "the other half follows"})
    assert found.severity == "note"
    each_story.state(taken, overrides={"404": "the other half follows"})
    assert told(each_story, given) == []
    assert told(each_story, left(each_story, code="RP", batch="C", g="5")) == [404]
    enriched = each_story.change("RP", "ZZA1", "C", DAY, grams(E="4", E_U235="1"))
    assert told(each_story, enriched) == [], "the element counts, not the category"


def test_rebatching_that_is_open_may_be_mended_by_parts_and_otherwise_corrected(quick: Story) -> None:
    came_first = [came(quick), came(quick, batch="B")]
    _, _, taken = quick.state(*came_first, left(quick, code="RM", g="4"), overrides={"404": "half"})
    assert told(quick, left(quick, code="RP", batch="C", g="3")) == []
    assert told(quick, left(quick, code="RM", g="4", corrects=taken, reason="the form", description="BQ2F")) == []
    assert told(quick, left(quick, code="RM", g="5", corrects=taken, reason="more")) == [404]
    (given,) = quick.state(left(quick, code="RP", batch="C", g="9"), overrides={"404": "too much"})
    assert told(quick, left(quick, code="RP", batch="C", g="8", corrects=given, reason="less")) == []
    assert told(quick, left(quick, code="RP", batch="C", g="10", corrects=given, reason="more")) == [404]


def test_rebatching_of_reported_history_may_be_open(quick: Story) -> None:
    (found,) = problems(quick, left(quick, code="RP", reported="1/1"))
    assert (found.rule, found.severity) == (404, "warning")


def test_reported_history_may_be_negative(story: Story) -> None:
    (found,) = problems(story, left(story, reported="1/1", note='a text that says ","reported","'))
    assert found.severity == "warning"
    (found,) = problems(story, left(story, note='a text that says ["reported","x"]'))
    assert found.severity == "error"


def test_a_closing_of_reported_history_may_leave_a_negative_book(story: Story) -> None:
    from openmpca.accounting.statements import Closing, Inventory, Listed

    story.state(came(story), left(story, g="8", day=DAY + 20 * ONE))
    (inventory,) = story.state(Inventory(day=DAY + 10 * ONE, mba="ZZA1"))
    line = Listed(day=DAY + 10 * ONE, mba="ZZA1", inventory=inventory, batch="A", weights=grams(N="5"), reported="2/1")
    closing = Closing(day=DAY + 10 * ONE, mba="ZZA1", inventory=inventory)
    (found,) = problems(story, line, closing)
    assert (found.rule, found.severity) == (402, "warning")
    (found,) = problems(story, msgspec.structs.replace(line, reported=""), closing)
    assert (found.rule, found.severity) == (402, "error")


def test_a_large_writing_is_looked_at_a_few_areas_at_a_time(quick: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    from openmpca.accounting.statements import Mba

    areas = [f"L{at:03d}" for at in range(20)]
    quick.state(*(Mba(day=BEGIN, code=area, facility="ZZF-", name=area) for area in areas))
    quick.state(*(came(quick, mba=area) for area in areas))
    monkeypatch.setattr(balance_rules, "_LARGE", 5)
    assert told(quick, *(left(quick, mba=area, g="9") for area in areas)) == []
    wrong = [left(quick, mba=area, g="11" if at in (3, 17) else "9") for at, area in enumerate(areas)]
    assert [each.record for each in problems(quick, *wrong)] == ["L003 A", "L017 A"]


def test_the_first_thousand_batches_are_told_and_the_rest_counted(quick: Story) -> None:
    found = problems(quick, *(left(quick, batch=f"B{at}") for at in range(checking.SHOWN + 3)))
    assert len(found) == checking.SHOWN + 1
    assert found[-1].message == "So it is with 3 more."


def test_what_moves_nothing_is_fine(quick: Story) -> None:
    from openmpca.accounting.statements import Placement

    assert told(quick, left(quick, g="0")) == []
    quick.state(came(quick))
    assert told(quick, Placement(day=DAY, mba="ZZA1", batch="A", place="")) == []


def test_balances_before_1970_are_looked_at_like_others(quick: Story) -> None:
    from openmpca.accounting.statements import Mba

    old = date(1958, 1, 1)
    quick.state(Mba(day=old, code="OLDA", facility="ZZF-", name="x", country="ZZ", follow_up=False))
    quick.state(came(quick, "10", "A", old, mba="OLDA"))
    assert told(quick, left(quick, "10", "B", old + ONE, mba="OLDA")) == []
    assert told(quick, left(quick, "11", "B", old + ONE, mba="OLDA")) == [401]
