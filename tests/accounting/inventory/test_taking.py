"""A physical inventory from the frozen book to the lines taken in."""

import io
from datetime import date
from pathlib import Path

import pytest

from openmpca.accounting.inventory import taking as inventory
from openmpca.accounting.inventory.differences import Inventory, NoInventory, lines_of
from openmpca.accounting.inventory.fields import write_list
from openmpca.accounting.inventory.tick_list import by_place, tick_list
from openmpca.accounting.statements import Placement
from openmpca.record.record import Refused, head
from tests.accounting.inventory.area import AREA, Story, begun, line, saved, weights
from tests.state import State

OPENED = date(2025, 12, 31)
TAKEN = date(2026, 6, 30)
TWO = weights(E="2000", E_U235="390")


def stocked() -> Story:
    """Two batches of assemblies in the vault and one in the pond; one more came, some items left."""
    told = begun()
    told.opened(
        line(
            "A1", weights=weights(E="2000", E_U235="390"), items=2, item_numbers=["R1", "R2"], seals=["S1"], place="V1"
        ),
        line("A2", weights=weights(E="1000", E_U235="195"), items=1, item_numbers=["R3"], basis="M", place="V2"),
        line("C1", weights=weights(E="800", E_U235="90", P="12"), items=1, place="POND", kmp="B", description="BQ1G"),
        day=OPENED,
    )
    told.happened(
        date(2026, 2, 1), "RF", "A4", weights(E="3000", E_U235="585"), items=3, item_numbers=["R5", "R6", "R7"]
    )
    told.happened(date(2026, 3, 1), "SF", "A4", weights(E="1000", E_U235="195"), items=1, item_numbers=["R6"])
    told.state(Placement(day=date(2026, 3, 5), mba=AREA, batch="A4", place="V1", seals=["S9"]))
    return told


@pytest.fixture
def story(usual_state_home: State) -> Story:
    return stocked()


@pytest.fixture
def each_story(each_state_home: State) -> Story:
    return stocked()


def test_the_list_to_tick_is_that_of_the_cut_off_by_point_and_place(each_story: Story) -> None:
    taken = each_story.frozen(TAKEN)
    each_story.happened(date(2026, 7, 2), "SF", "A2", weights(E="1000", E_U235="195"), items=1)
    each_story.happened(date(2026, 6, 1), "SF", "C1", weights(E="10", E_U235="1", P="0"))
    rows = tick_list(Inventory.of(taken)).to_dicts()
    assert [(row["kmp"], row["place"], row["batch"]) for row in rows] == [
        ("A", "V1", "A1"),
        ("A", "V1", "A4"),
        ("A", "V2", "A2"),
        ("B", "POND", "C1"),
    ]
    a1, a4, a2, c1 = rows
    assert (a1["item_numbers"], a1["seals"], a1["basis"], a1["found"]) == ("R1; R2", "S1", "L", "")
    assert (a4["items"], a4["item_numbers"], a4["seals"], a4["E"]) == (2, "R5; R7", "S9", "2000")
    assert a2["basis"] == "T"
    assert (c1["E"], c1["P"], c1["description"]) == ("790", "12", "BQ1G")
    parts = list(by_place(tick_list(Inventory.of(taken))))
    assert [(kmp, place, part.height) for kmp, place, part in parts] == [
        ("A", "V1", 2),
        ("A", "V2", 1),
        ("B", "POND", 1),
    ]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_list_comes_back_ticked(story: Story, tmp_path: Path, form: str) -> None:
    taken = story.frozen(TAKEN)
    path = saved(
        taken,
        tmp_path / f"list.{form}",
        A1={"items": 1, "item_numbers": "R1", "E": "1000", "E/U235": "195", "seals": ""},
        A2={"found": "no"},
        A4={"place": "V2"},
        X9={"batch": "X9", "found": "yes", "T": "5", "kmp": "A", "description": "FQMB", "basis": "M", "items": 0},
    )
    made = inventory.take_file(taken, path, story.anna)
    assert len(made.numbers) == 4
    assert {each.rule for each in made.problems} >= {664}
    found = {each.batch: each for each in lines_of(Inventory.of(taken))}
    assert set(found) == {"A1", "A4", "C1", "X9"}
    assert (found["A4"].place, found["A4"].basis, found["C1"].basis) == ("V2", "L", "L")
    items = story.differences(taken).items
    told = {(batch, what, key): (book, seen, gap) for batch, what, key, book, seen, gap in items.iter_rows()}
    assert told == {
        ("A1", "mass", "E"): ("2000", "1000", "1000"),
        ("A1", "mass", "E/U235"): ("390", "195", "195"),
        ("A1", "items", "#"): ("2", "1", "1"),
        ("A1", "seals", ""): ("S1", "", ""),
        ("A1", "item numbers", ""): ("R2", "", ""),
        ("A2", "missing", "E"): ("1000", "0", "1000"),
        ("A2", "missing", "E/U235"): ("195", "0", "195"),
        ("A2", "missing", "#"): ("1", "0", "1"),
        ("A4", "place", ""): ("V1", "V2", ""),
        ("X9", "unexpected", "T"): ("0", "5", "-5"),
    }
    totals = {(row[0], row[1]): row[4] for row in story.differences(taken).totals.iter_rows()}
    assert (totals["E", ""], totals["E", "U235"], totals["T", ""]) == (2_000_000_000, 390_000_000, -5_000_000)


def test_a_wrong_list_is_refused_whole_with_every_problem(story: Story, tmp_path: Path) -> None:
    taken = story.frozen(TAKEN)
    size, _ = head()
    path = saved(
        taken,
        tmp_path / "list.csv",
        A1={"found": ""},
        A4={"E": None, "E/U235": None, "items": None},
        A2={"E": "ten"},
        C1={"description": "B?2F"},
    )
    with pytest.raises(Refused) as refused:
        inventory.take_file(taken, path, story.anna)
    told = {(each.rule, each.record) for each in refused.value.problems if each.severity == "error"}
    assert {(660, "row 2"), (661, "row 3"), (927, "row 4"), (341, "row 5")} <= told
    assert head()[0] == size


def test_a_batch_is_taken_in_once_and_corrected_by_naming_its_line(story: Story) -> None:
    taken = story.frozen(TAKEN)
    first = story.found(taken, "A1")
    with pytest.raises(Refused, match=f"A1 was taken in by statement {first}"):
        story.found(taken, "A1")
    story.found(taken, "A1", weights=weights(E="1999", E_U235="390"), measured=True, corrects=first, reason="weighed")
    [only] = lines_of(Inventory.of(taken))
    assert (only.weights["E"], only.basis) == ("1999", "M")


def test_a_list_tells_a_batch_once_and_names_them_all(story: Story, tmp_path: Path) -> None:
    taken = story.frozen(TAKEN)
    path = tmp_path / "list.csv"
    path.write_text("Found,Batch,E (g),E/U235 (g)\nyes,A1,2000,390\nyes,A1,2000,390\n", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        inventory.take_file(taken, path, story.anna)
    told = {each.rule: each for each in refused.value.problems}
    assert told[662].record == "row 3"
    assert "3 batches of the book are not on the list: A2, A4, C1" in told[665].message


def test_a_closed_inventory_takes_no_list(story: Story) -> None:
    taken = story.frozen(TAKEN)
    story.found(taken, "A1")
    story.closed(taken)
    with pytest.raises(Refused, match="666"):
        story.found(taken, "A2")
    story.found(taken, "A2", reason="it had stood behind the door", act=story.both)
    assert len(lines_of(Inventory.of(taken))) == 2


def test_there_is_no_inventory_under_another_number(story: Story) -> None:
    with pytest.raises(NoInventory, match="Statement 0 is no physical inventory"):
        inventory.take(0, [], story.anna)


def test_nothing_found_makes_no_line(story: Story, tmp_path: Path) -> None:
    taken = story.frozen(TAKEN)
    every = {batch: {"found": "no"} for batch in ("A1", "A2", "A4", "C1")}
    made = inventory.take_file(taken, saved(taken, tmp_path / "list.csv", **every), story.anna)
    assert not made.numbers


def test_the_list_is_written_as_json(story: Story) -> None:
    target = io.BytesIO()
    write_list(tick_list(Inventory.of(story.frozen(TAKEN))), "json", target)
    assert b'"batch":"A1"' in target.getvalue()


def test_a_later_count_is_rolled_back_to_the_cut_off(story: Story) -> None:
    taken = story.frozen(TAKEN)
    story.happened(date(2026, 7, 1), "SF", "A1", weights(E="1000", E_U235="195"), items=1)
    story.happened(date(2026, 7, 9), "SF", "A4", weights(E="1000", E_U235="195"), items=1)
    counted = date(2026, 7, 3)
    story.found(taken, "A1", weights=weights(E="1000", E_U235="195"), items=1, counted=counted)
    story.found(taken, "A4", counted=counted)
    found = {each.batch: each for each in lines_of(Inventory.of(taken))}
    assert (found["A1"].weights, found["A1"].items) == (weights(E="2000", E_U235="390"), 2)
    assert found["A1"].counted == counted
    assert found["A4"].weights == weights(E="2000", E_U235="390")


def test_a_batch_that_left_between_cut_off_and_count_was_there(story: Story, tmp_path: Path) -> None:
    taken = story.frozen(TAKEN)
    story.happened(date(2026, 7, 1), "SF", "A2", weights(E="1000", E_U235="195"), items=1)
    gone = {"found": "no", "counted": date(2026, 7, 3)}
    inventory.take_file(taken, saved(taken, tmp_path / "list.csv", A2=gone, C1=gone), story.anna)
    found = {each.batch: each for each in lines_of(Inventory.of(taken))}
    assert found["A2"].weights == weights(E="1000", E_U235="195")
    assert "C1" not in found


def test_an_earlier_count_is_rolled_forward_to_the_cut_off(story: Story) -> None:
    story.happened(date(2026, 6, 29), "SF", "A1", weights(E="1000", E_U235="195"), items=1)
    taken = story.frozen(TAKEN)
    story.found(taken, "A1", weights=weights(E="2000", E_U235="390"), items=2, counted=date(2026, 6, 28))
    [only] = lines_of(Inventory.of(taken))
    assert (only.weights, only.items) == (weights(E="1000", E_U235="195"), 1)


def test_a_count_that_cannot_be_rolled_is_refused(story: Story) -> None:
    story.happened(date(2026, 6, 29), "SF", "A1", weights(E="1000", E_U235="195"), items=1)
    taken = story.frozen(TAKEN)
    early = date(2026, 6, 28)
    with pytest.raises(Refused, match="would be less than nothing"):
        story.found(taken, "A1", weights=weights(E="500", E_U235="100"), items=2, counted=early)
    with pytest.raises(Refused, match="changed in E/U235 since"):
        story.found(taken, "A1", weights=weights(E="2000"), items=2, counted=early)
    with pytest.raises(Refused, match="the number of items would be less"):
        story.found(taken, "A1", weights=weights(E="2000", E_U235="390"), items=0, counted=early)


def test_where_a_batch_is_says_the_same_measurement_point_as_the_list(state_home: State) -> None:
    from openmpca.accounting.batch_history import history
    from openmpca.accounting.inventory.tick_list import expected_lines
    from openmpca.accounting.queries import View

    told = begun()
    told.opened(line("A1", weights=weights(E="1000", E_U235="195")))
    told.happened(date(2026, 2, 1), "RF", "A2", weights(E="500", E_U235="98"), kmp="A")
    told.happened(date(2026, 2, 1), "RF", "A3", weights(E="500", E_U235="98"), kmp="1")
    listed = expected_lines(Inventory.of(told.frozen(TAKEN)))
    seen = {name: history(name, View.of(TAKEN)).holdings[0].kmp for name in ("A1", "A2", "A3")}
    assert seen == {name: each.kmp for name, each in listed.items()} == {"A1": "A", "A2": "A", "A3": ""}
