"""Closing: two persons, warnings before it, endings that stay after it."""

from datetime import date

import polars as pl
import pytest

from openmpca.accounting import balance
from openmpca.accounting.inventory import taking as inventory
from openmpca.accounting.inventory.differences import Inventory, inventories
from openmpca.accounting.statements import Change, Deletion, Listed
from openmpca.record import commands, proposals
from openmpca.record.record import Refused, head
from tests.accounting.inventory.area import AREA, Story, balanced, begun, line, weights
from tests.state import State

OPENED = date(2025, 12, 31)
FIRST = date(2026, 3, 31)
SECOND = date(2026, 6, 30)
THIRD = date(2026, 9, 30)


def bulk(**fields: object) -> Story:
    """Powder in two drums."""
    told = begun(**fields)
    told.opened(
        line("D1", weights=weights(E="1000", E_U235="40"), description="FQMB", place="V1"),
        line("D2", weights=weights(E="2000", E_U235="80"), description="FQMB", place="V1"),
        day=OPENED,
    )
    return told


def test_a_closing_waits_for_the_second_person(each_state_home: State) -> None:
    story = bulk()
    taken = story.frozen(FIRST)
    story.all_found(taken)
    made = inventory.close(taken, story.anna)
    assert made.proposal is not None
    assert Inventory.of(taken).closing is None
    closing = commands.approve(made.proposal, "boris").numbers[0]
    assert Inventory.of(taken).closing == closing
    assert [each.closing for each in balance.periods(AREA)] == [closing]


def test_an_inventory_that_found_nothing_is_closed_knowingly(usual_state_home: State) -> None:
    story = bulk()
    taken = story.frozen(FIRST)
    with pytest.raises(Refused, match="650"):
        inventory.close(taken, story.both)
    story.closed(taken, empty=True)
    assert balanced(OPENED, FIRST)["E"]["MF"] == "3000"


def test_the_next_beginning_is_the_last_ending(usual_state_home: State) -> None:
    story = bulk()
    for day, mass in ((FIRST, "990"), (SECOND, "985")):
        taken = story.frozen(day)
        story.found(taken, "D1", weights=weights(E=mass, E_U235="39.6"), measured=True)
        story.found(taken, "D2")
        story.closed(taken)
    first, second = balanced(OPENED, FIRST), balanced(FIRST, SECOND)
    assert first["E"]["PE"] == second["E"]["PB"] == "2990"
    assert (first["E"]["MF"], second["E"]["MF"]) == ("10", "5")
    assert (first["E/U235"]["MF"], second["E/U235"]["MF"]) == ("0.4", "0")


def test_a_correction_after_the_closing_moves_the_muf_and_leaves_the_endings(each_state_home: State) -> None:
    story = bulk()
    received = story.happened(date(2026, 2, 1), "RF", "D3", weights(E="500", E_U235="20"), description="FQMB")
    taken = story.frozen(FIRST)
    story.found(taken, "D1")
    story.found(taken, "D2")
    story.found(taken, "D3", weights=weights(E="490", E_U235="19.6"), measured=True)
    story.closed(taken)
    before = head()[0] - 1
    told = {"description": "FQMB", "basis": "N", "kmp": "1", "counterpart": "YY/YYB1", "shipper_batch": "D3"}
    story.state(
        Change(
            day=date(2026, 2, 1),
            mba=AREA,
            code="RF",
            batch="D3",
            weights=weights(E="495", E_U235="19.8"),
            corrects=received,
            reason="typing error",
            **told,
        )
    )
    now = balanced(OPENED, FIRST)["E"]
    assert now == {"PB": "3000", "RF": "495", "BE": "3495", "BA": "3495", "PE": "3490", "MF": "5"}
    then = balanced(OPENED, FIRST, before)["E"]
    assert then == {"PB": "3000", "RF": "500", "BE": "3500", "BA": "3500", "PE": "3490", "MF": "10"}
    totals = story.differences(taken).totals
    assert totals["ug"].to_list() == [5_000_000, 200_000]


def test_a_correction_of_a_line_moves_its_ending_and_the_next_muf(usual_state_home: State) -> None:
    story = bulk()
    taken = story.frozen(FIRST)
    wrong = story.found(taken, "D1", weights=weights(E="900", E_U235="36"), measured=True)
    story.found(taken, "D2")
    story.closed(taken)
    later = story.frozen(SECOND)
    story.found(later, "D1", weights=weights(E="1000", E_U235="40"), measured=True)
    story.found(later, "D2")
    story.closed(later)
    assert (balanced(OPENED, FIRST)["E"]["MF"], balanced(FIRST, SECOND)["E"]["MF"]) == ("100", "-100")
    read_again = weights(E="999", E_U235="40")
    story.found(taken, "D1", weights=read_again, measured=True, corrects=wrong, reason="read wrongly", act=story.both)
    first, second = balanced(OPENED, FIRST)["E"], balanced(FIRST, SECOND)["E"]
    assert (first["PE"], first["MF"]) == ("2999", "1")
    assert (second["PB"], second["BA"], second["PE"], second["MF"]) == ("2999", "2999", "3000", "-1")


def test_a_line_deleted_after_the_closing_was_never_found(usual_state_home: State) -> None:
    story = bulk()
    taken = story.frozen(FIRST)
    double = story.found(taken, "D1")
    story.found(taken, "D2")
    story.closed(taken)
    story.state(Deletion(day=FIRST, mba=AREA, corrects=double, reason="it was the empty drum"))
    assert balanced(OPENED, FIRST)["E"]["MF"] == "1000"


def test_an_open_period_has_no_ending(usual_state_home: State) -> None:
    story = bulk()
    story.happened(date(2026, 2, 1), "LD", "D1", weights(E="1", E_U235="0.04"), description="FQMB", basis="M")
    period = balance.open_period(AREA, date(2026, 2, 28))
    assert (period.begin, period.closing) == (OPENED, None)
    assert balanced(period.begin, period.end)["E"] == {"PB": "3000", "LD": "1", "BE": "2999", "BA": "2999"}


def test_a_period_is_found_by_a_day_in_it(usual_state_home: State) -> None:
    story = bulk()
    assert balance.open_period(AREA, date(2025, 1, 1)).begin is None
    taken = story.frozen(FIRST)
    story.all_found(taken)
    closing = story.closed(taken)
    assert balance.open_period(AREA, FIRST) == balance.Period(AREA, OPENED, FIRST, closing)
    assert balance.open_period(AREA, THIRD) == balance.Period(AREA, FIRST, THIRD, None)


def test_a_category_change_is_in_both_balances(usual_state_home: State) -> None:
    story = bulk()
    blended = weights(E="100", E_U235="0.7", N="100")
    story.happened(date(2026, 2, 1), "EN", "D1", blended, description="FQMB", basis="M")
    found = balanced(OPENED, date(2026, 2, 28))
    assert found["E"] == {"PB": "3000", "EN": "100", "BE": "2900", "BA": "2900"}
    assert found["E/U235"]["BA"] == "119.3"
    assert found["N"] == {"PB": "0", "EN": "100", "BE": "100", "BA": "100"}
    assert set(found) == {"E", "E/U235", "N"}


def test_closing_warns_of_what_should_be_looked_at_first(usual_state_home: State) -> None:
    story = bulk(items_only=True)
    change = story.happened(date(2026, 2, 1), "LD", "D1", weights(E="1", E_U235="0.04"), description="FQMB", basis="M")
    taken = story.frozen(FIRST)
    story.found(taken, "D1")
    story.found(taken, "X1", weights=weights(T="5"), kmp="A", description="FQMB")
    made = inventory.close(taken, story.both)
    told = {each.rule: each.message for each in made.problems}
    assert told[651] == "1 batch without a basis: X1."
    assert told[652] == "2 batches unlike the book: D2 (missing), X1 (unexpected)."
    assert f"statement {change}" in told[654]


def test_reported_changes_are_not_warned_of(usual_state_home: State) -> None:
    story = bulk()
    told = {"description": "FQMB", "kmp": "1", "reported": "2/1"}
    story.happened(date(2026, 2, 1), "LD", "D1", weights(E="1", E_U235="0.04"), **told)
    taken = story.frozen(FIRST)
    story.all_found(taken)
    assert 654 not in {each.rule for each in inventory.close(taken, story.both).problems}


def test_inventories_are_listed_by_day(usual_state_home: State) -> None:
    story = bulk()
    taken = story.frozen(FIRST)
    assert [(each.number, each.opening, each.closing is None) for each in inventories(AREA)] == [
        (taken - 4, True, False),
        (taken, False, True),
    ]
    assert not inventories(AREA, known=0)


def test_a_late_line_of_a_closed_inventory_names_its_reason(usual_state_home: State) -> None:
    story = bulk()
    taken = story.frozen(FIRST)
    story.found(taken, "D1")
    story.closed(taken)
    story.state(
        Listed(
            day=FIRST,
            mba=AREA,
            inventory=taken,
            batch="D2",
            weights=weights(E="2000", E_U235="80"),
            kmp="A",
            description="FQMB",
            basis="L",
        )
    )
    assert balanced(OPENED, FIRST)["E"]["MF"] == "0"


def test_items_of_a_batch_of_several_categories_do_not_move_between_them(usual_state_home: State) -> None:
    story = begun()
    story.opened(line("M2", weights=weights(E="100", E_U235="20", P="3", D="50", N="400"), items=1), day=OPENED)
    taken = story.frozen(FIRST)
    story.found(taken, "M2", kmp="A")
    told = story.differences(taken)
    assert told.items.is_empty()
    assert told.totals.filter(pl.col("ug") != 0).is_empty()
    story.closed(taken)
    assert balanced(OPENED, FIRST, items=True)["#"]["MF"] == "0"


def test_items_left_under_the_category_they_came_in_are_no_difference(usual_state_home: State) -> None:
    story = begun()
    story.opened(line("S1", weights=weights(E="100", E_U235="20"), items=2), day=OPENED)
    story.happened(date(2026, 2, 1), "ED", "S1", {"E": "100", "E/U235": "20", "D": "100"})
    taken = story.frozen(FIRST)
    story.found(taken, "S1", kmp="A")
    assert story.differences(taken).items.is_empty()
    story.found(story.frozen(SECOND), "S1", kmp="A", items=1)
    short = story.differences(inventories(AREA)[-1].number).items
    assert short.rows() == [("S1", "items", "#", "2", "1", "1")]


def prepared(story: Story) -> tuple[int, int]:
    """An inventory in which 0.3 g are missing, and the proposal to close it."""
    taken = story.frozen(FIRST)
    story.found(taken, "D1", weights=weights(E="999.7", E_U235="40"), measured=True)
    story.found(taken, "D2")
    made = inventory.close(taken, story.anna)
    assert made.proposal is not None
    return taken, made.proposal


def test_a_closing_is_not_approved_on_another_balance_than_it_was_prepared_on(usual_state_home: State) -> None:
    story = bulk()
    taken, waiting = prepared(story)
    sent = story.happened(FIRST, "SF", "D2", weights(E="50", E_U235="2"), description="FQMB")
    with pytest.raises(Refused) as refused:
        commands.approve(waiting, "boris")
    (told,) = [each for each in refused.value.problems if each.severity == "error"]
    assert told.rule == 655
    assert "E was 0.3 g and is now -49.7 g" in told.message
    assert f"by statement {sent} stated since" in told.message
    assert Inventory.of(taken).closing is None
    again = inventory.close(taken, story.anna).proposal
    assert again is not None
    assert commands.approve(again, "boris").numbers


def test_what_leaves_the_balance_as_it_was_does_not_hinder_the_approval(usual_state_home: State) -> None:
    story = bulk()
    _, waiting = prepared(story)
    story.happened(date(2026, 4, 9), "SF", "D2", weights(E="50", E_U235="2"), description="FQMB")
    assert commands.approve(waiting, "boris").numbers


def test_many_statements_since_are_told_in_short(each_state_home: State) -> None:
    story = bulk()
    _, waiting = prepared(story)
    for _ in range(11):
        story.happened(FIRST, "SF", "D2", weights(E="50", E_U235="2"), description="FQMB", items=0)
    with pytest.raises(Refused, match="and 1 more stated since"):
        commands.approve(waiting, "boris")


def test_items_that_moved_since_a_closing_was_prepared_are_told(usual_state_home: State) -> None:
    story = begun()
    story.opened(line("A1", weights=weights(E="1000", E_U235="40"), items=3), day=OPENED)
    taken = story.frozen(FIRST)
    story.found(taken, "A1", kmp="A")
    waiting = inventory.close(taken, story.anna).proposal
    assert waiting is not None
    story.happened(FIRST, "SF", "A1", weights(E="300", E_U235="12"), items=1)
    with pytest.raises(Refused, match="E items was 0 and is now -1"):
        commands.approve(waiting, "boris")


def test_an_opening_that_waits_has_no_balance_yet_and_tells_what_its_lines_come_to(usual_state_home: State) -> None:
    story = begun()
    lines = [line("A1", weights=weights(E="1000", E_U235="40"), day=OPENED)]
    waiting = inventory.open_area(AREA, OPENED, lines, story.anna).proposal
    assert waiting is not None
    told = [
        (row["weight"], row["batches"], row["found_g"]) for each in proposals.foreseen(waiting) for row in each.rows
    ]
    assert told == [("E", 1, "1000"), ("E/U235", 1, "40")]
    assert commands.approve(waiting, "boris").numbers


def test_who_approves_a_closing_sees_the_muf_it_would_give(usual_state_home: State) -> None:
    _, waiting = prepared(bulk())
    (seen,) = proposals.foreseen(waiting)
    assert seen.rows[0] == {"weight": "E", "book_g": "3000", "found_g": "2999.7", "muf_g": "0.3"}
    assert [row["muf_g"] for row in seen.rows] == ["0.3", "0"]
