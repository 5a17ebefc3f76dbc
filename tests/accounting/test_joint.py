"""The joint view: our record held against what a partner states in its bundles, each side's figures its own."""

import json
import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
import pytest

from tests.accounting.story import LATER, Story, grams
from tests.proof.partner import Partner, introduction
from tests.state import State, alone

D = date
W = grams(E="1000", E_U235="200")


def begun(partner: Partner) -> Story:
    """The State that is open, with a partner known to it, whose area is XPE1 in XP."""
    from openmpca.proof.keyring import keys
    from openmpca.proof.keyring.keys import Asked
    from openmpca.record import commands
    from tests.accounting import story

    told = story.begun()
    partner.recipient = keys.new(Asked("party", told.act), "sra.example/party").vkey
    commands.state(introduction(partner), told.act)
    return told


def sent(partner: Partner, story: Story, *numbers: int, only: Sequence[str] | None = None) -> None:
    """A bundle of the partner comes in."""
    from openmpca.proof.bundles import receiving

    receiving.receive(partner.bundle(dict.fromkeys(numbers, only)), partner.policy(), alone(story.act))


def theirs(partner: Partner, code: str = "SF", batch: str = "B1", day: str = "2024-02-01", **fields: Any) -> int:
    given = {"mba": "XPE1", "counterpart": "ZZ/ZZA1", "weights": W, "items": 3, **fields}
    kept = {name: value for name, value in given.items() if value is not None}
    return partner.state("accounting.change", code=code, batch=batch, day=day, **kept)


RECEIVED = D(2024, 2, 10)


def ours(story: Story, code: str = "RF", batch: str = "B1", day: date = RECEIVED, **fields: Any) -> int:
    given = {"counterpart": "XP/XPE1", "items": 3, **fields}
    weights = given.pop("weights", W)
    return story.happened(code, "ZZA1", batch, day, weights, **given)


def view(story: Story, day: date = LATER, number: int | None = None, countries: Sequence[str] = ()) -> Any:
    from openmpca.accounting.joint.view import joint

    return joint("PER", story.view(day, number), countries)


def standings(found: Any) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.standing, each.differs) for each in found.rows]


def test_a_shipment_of_theirs_is_matched_with_our_receipt(each_state_home: State) -> None:
    partner = Partner()
    story = begun(partner)
    shipped = theirs(partner)
    receipt = ours(story)
    sent(partner, story, shipped)
    found = view(story)
    assert standings(found) == [("matched", ())]
    assert (found.areas, found.countries) == (("XPE1",), ("XP",))
    (row,) = found.rows
    assert (row.shipped[0].ours, row.shipped[0].number, row.received[0].ours, row.received[0].number) == (
        False,
        shipped,
        True,
        receipt,
    )
    assert (row.shipped[0].proof.log, row.shipped[0].proof.size) == ("perion.example/log", len(partner.bodies))


def test_a_shipment_of_ours_is_matched_with_their_receipt(each_state_home: State) -> None:
    partner = Partner()
    story = begun(partner)
    ours(story, "RF", "B1", D(2024, 1, 1), counterpart="XQ")
    ours(story, "SF", "B1", D(2024, 2, 1))
    sent(partner, story, theirs(partner, "RF", "9", "2024-02-20", shipper_batch="B1"))
    assert standings(view(story)) == [("matched", ())]


def test_what_differs_is_named(state_home: State) -> None:
    partner = Partner()
    story = begun(partner)
    cases = {
        "mass": {"weights": grams(E="990", E_U235="200")},
        "items": {"items": 2},
        "date": {"day": D(2024, 1, 31)},
        "category": {"weights": grams(N="1000")},
        "batch": {"batch": "OTHER", "weights": grams(E="777", E_U235="77")},
    }
    numbers = []
    for at, (name, fields) in enumerate(cases.items()):
        mass = fields["weights"] if name == "batch" else W
        numbers.append(theirs(partner, batch=f"B{at}", weights=mass))
        given = {"batch": f"B{at}", **fields}
        ours(story, **given)
    sent(partner, story, *numbers)
    assert sorted(each.differs for each in view(story).rows) == [
        ("batch",),
        ("category",),
        ("date",),
        ("items",),
        ("mass",),
    ]
    assert {each.standing for each in view(story).rows} == {"differs"}


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31"])
def test_a_day_that_no_movement_can_have_is_unreadable_and_stops_nothing(state_home: State, day: str) -> None:
    partner = Partner()
    story = begun(partner)
    ours(story)
    sent(partner, story, theirs(partner, day=day))
    (row,) = view(story).rows
    assert (row.standing, row.shipped[0].day, row.shipped[0].unreadable) == ("fits what is shown", None, ("day",))


def test_true_is_no_number_of_a_statement_that_is_corrected(state_home: State) -> None:
    partner = Partner()
    story = begun(partner)
    numbers = [theirs(partner), theirs(partner, batch="B2"), theirs(partner, batch="B3", corrects=True)]
    assert numbers[1] == 1
    sent(partner, story, *numbers)
    assert sorted(part.number for row in view(story).rows for part in row.parts) == numbers


def test_a_difference_within_the_tolerance_is_none(state_home: State) -> None:
    partner = Partner()
    story = begun(partner)
    ours(story)
    sent(partner, story, theirs(partner, weights=grams(E="1000.4", E_U235="200.2")))
    assert standings(view(story)) == [("matched", ())]


def test_what_one_side_alone_states_stands_alone(each_state_home: State) -> None:
    partner = Partner()
    story = begun(partner)
    ours(story, batch="MINE", weights=grams(E="900", E_U235="200"))
    ours(story, batch="ELSEWHERE", counterpart="XQ/XQA1")
    sent(partner, story, theirs(partner, batch="YOURS"), theirs(partner, "LN", batch="LOSS"))
    found = view(story)
    assert [(each.standing, each.parts[0].batch) for each in found.rows] == [
        ("only theirs", "YOURS"),
        ("only ours", "MINE"),
    ]
    more = view(story, countries=["XQ"])
    assert sorted(each.parts[0].batch for each in more.rows) == ["ELSEWHERE", "MINE", "YOURS"]


def test_a_lot_that_came_is_partly_received(state_home: State) -> None:
    partner = Partner()
    story = begun(partner)
    ours(story, weights=grams(E="400", E_U235="80"), items=1)
    sent(partner, story, theirs(partner))
    assert standings(view(story)) == [("partly received", ("mass",))]
    ours(story, "RF", "B1-2", D(2024, 3, 1), weights=grams(E="600", E_U235="120"), items=2, shipper_batch="B1")
    found = view(story)
    assert standings(found) == [("matched", ())]
    assert len(found.rows[0].received) == 2


def test_the_view_is_as_of_a_day_and_as_known_at_a_number(each_state_home: State) -> None:
    partner = Partner()
    story = begun(partner)
    receipt = ours(story)
    sent(partner, story, theirs(partner))
    assert standings(view(story, D(2024, 2, 5))) == [("only theirs", ())]
    assert standings(view(story, LATER, receipt)) == []
    assert standings(view(story, LATER, receipt, ["XP"])) == [("only ours", ())]
    assert standings(view(story, D(2024, 1, 5))) == []


def test_nothing_of_theirs_enters_our_book(state_home: State) -> None:
    partner = Partner()
    story = begun(partner)
    sent(partner, story, theirs(partner))
    assert story.held("ZZA1") == {}
    assert view(story).rows[0].standing == "only theirs"
    from openmpca.record.rebuild import rebuild

    assert rebuild().problems == []


@pytest.mark.parametrize(
    ("shown", "hidden"),
    [
        (["code", "day", "mba", "batch", "counterpart"], ("weights",)),
        (["code", "mba", "counterpart", "weights"], ("day", "batch")),
        (["batch"], ("code", "day", "mba", "weights")),
        (["code", "day", "weights"], ("mba", "batch")),
    ],
)
def test_with_fields_withheld_a_pair_fits_what_is_shown(
    state_home: State, shown: list[str], hidden: tuple[str, ...]
) -> None:
    partner = Partner()
    story = begun(partner)
    ours(story)
    sent(partner, story, theirs(partner), only=shown)
    found = view(story, countries=["XP"])
    assert standings(found) == [("fits what is shown", ())]
    assert found.rows[0].hidden == hidden


def test_what_is_hidden_is_not_taken_for_equal(state_home: State) -> None:
    partner = Partner()
    story = begun(partner)
    ours(story)
    sent(partner, story, theirs(partner), only=["code", "day", "mba"])
    assert sorted(standings(view(story))) == [("only ours", ()), ("only theirs", ())]
    assert view(story).rows[0].hidden == ("batch", "weights")


def test_two_bundles_show_one_statement_together(state_home: State) -> None:
    partner = Partner()
    story = begun(partner)
    ours(story)
    number = theirs(partner)
    sent(partner, story, number, only=["code", "day", "mba", "counterpart", "batch"])
    assert standings(view(story)) == [("fits what is shown", ())]
    sent(partner, story, number, only=["weights", "items"])
    assert standings(view(story)) == [("matched", ())]


def test_what_they_corrected_or_deleted_is_out(state_home: State) -> None:
    partner = Partner()
    story = begun(partner)
    ours(story)
    wrong = theirs(partner, weights=grams(E="1", E_U235="0.2"))
    sent(partner, story, wrong)
    assert standings(view(story)) == [("differs", ("mass",))]
    right = theirs(partner, corrects=wrong, reason="typo")
    sent(partner, story, right)
    assert standings(view(story)) == [("matched", ())]
    sent(
        partner, story, partner.state("accounting.deletion", day="2024-02-01", mba="XPE1", corrects=right, reason="no")
    )
    assert standings(view(story)) == [("only ours", ())]


@pytest.mark.parametrize(
    "fields",
    [
        {"weights": {"QQ": "5"}},
        {"weights": {"E": "1e99"}},
        {"weights": {"//": "1"}},
        {"weights": ["E"]},
        {"weights": {"E": 5}},
        {"day": "someday"},
        {"day": 7},
        {"items": "three"},
        {"items": True},
        {"batch": {"a": 1}},
        {"mba": None, "counterpart": ["x"]},
        {"corrects": "x"},
    ],
)
def test_what_cannot_be_read_of_theirs_harms_nothing(state_home: State, fields: dict[str, Any]) -> None:
    partner = Partner()
    story = begun(partner)
    ours(story)
    sent(partner, story, theirs(partner, **fields))
    found = view(story, countries=["XP"])
    assert sum(len([each for each in row.parts if not each.ours]) for row in found.rows) == 1
    from openmpca.accounting.joint.view import to_builtins

    assert json.loads(msgspec.json.encode(to_builtins(found)))["partner"] == "PER"


def test_a_receipt_is_prepared_on_what_their_bundle_shows(state_home: State) -> None:
    from openmpca.accounting.joint.receipts import receipt
    from openmpca.accounting.operations import OperationError

    partner = Partner()
    story = begun(partner)
    ours(story, batch="EARLIER", day=D(2024, 1, 5))
    number, hidden = theirs(partner), theirs(partner, batch="B2")
    sent(partner, story, number)
    sent(partner, story, hidden, only=["code", "day", "batch"])
    made = receipt("PER", number, RECEIVED, story.view(), measured={"E": 999_000_000, "E/U235": 200_000_000})
    assert [(each.code, each.mba, each.batch) for each in made] == [("RF", "ZZA1", "B1"), ("DI", "ZZA1", "B1")]
    assert (made[0].counterpart, made[0].shipper_batch, made[0].items, made[0].weights) == ("XP/XPE1", "B1", 3, W)
    assert f"statement {number} of PER" in made[0].note
    story.state(*made)
    assert ("matched", ()) in standings(view(story))
    for wrong in (hidden, 999):
        with pytest.raises(OperationError):
            receipt("PER", wrong, RECEIVED, story.view())


def test_the_command_shows_each_sides_figures_as_its_own(
    state_home: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    partner = Partner()
    story = begun(partner)
    receipt = ours(story)
    number = theirs(partner)

    def run(*arguments: str) -> tuple[int, str]:
        from openmpca.cli import main

        monkeypatch.setattr(sys, "argv", ["openmpca", "--home", str(state_home.folder), *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0), capsys.readouterr().out

    assert run("joint", "PER")[0] == 4
    sent(partner, story, number)
    code, text = run("joint", "PER", "--as-of", "2030-01-01")
    assert code == 0
    assert f"PER, {number}" in text
    assert f"ours, {receipt}" in text
    told = json.loads(run("joint", "PER", "--as-of", "2030-01-01", "--json")[1])
    (row,) = told["rows"]
    assert (row["standing"], row["shipped"][0]["stated_by"], row["received"][0]["stated_by"]) == (
        "matched",
        "PER",
        "ours",
    )
    assert row["shipped"][0]["weights"] == {"E": "1000", "E/U235": "200"}
    assert row["shipped"][0]["proof"]["log"] == "perion.example/log"
    assert row["received"][0]["proof"] is None
    again = run("receive", "--stated", f"PER:{number}", "--day", "2024-02-10", "--by", "anna", "--dry-run", "--json")
    assert again[0] == 0, again
    assert run("receive", "--stated", "PER", "--by", "anna")[0] == 2
    assert "Neither side" in run("joint", "PER", "--as-of", "2030-01-01", "--open")[1]
