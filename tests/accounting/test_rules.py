"""The rules of entries and of the register, each met by the statement that breaks it; the good ones pass."""

from datetime import date, timedelta
from typing import Any

import msgspec
import polars as pl
import pytest

from openmpca.accounting.rules import checking
from openmpca.accounting.rules import weights as weight_rules
from openmpca.problems import RULES
from tests.accounting.story import AREAS, BEGIN, Story, begun, grams
from tests.state import State

DAY = date(2024, 3, 1)
LEU = grams(E="1000", E_U235="100")
MINE = range(300, 400)
FRESH: dict[str, Any] = {"kmp": "1", "description": "BQ2F", "basis": "N"}


@pytest.fixture
def story(state_home: State) -> Story:
    from openmpca.accounting.statements import Country, Kmp, Mba, Place

    made = begun(codes=["RD", "SF"], categories=["N"], forms=["BQ"], follow_up=False)
    area = {"day": BEGIN, "facility": "ZZF-", "name": "x", "country": "ZZ"}
    made.state(
        Country(day=BEGIN, code="YY", name="Why"),
        Mba(code="UNI1", unified=True, **area),
        Mba(code="REF1", reference_only=True, **area | {"country": "YY"}),
        Mba(code="OLD1", **area),
        *(Kmp(day=BEGIN, mba=mba, code="1", name="in") for mba in (*AREAS, "UNI1", "REF1", "OLD1")),
        Kmp(day=BEGIN, mba="ZZA1", code="2", name="out"),
        Kmp(day=DAY - timedelta(days=30), mba="ZZA1", code="2", name="out", ended=True),
        Place(day=BEGIN, mba="ZZA1", code="R1", name="Room"),
    )
    made.state(Mba(code="OLD1", ended=True, **area | {"day": DAY}))
    return made


def told(story: Story, *statements: Any, **act: Any) -> list[int]:
    """The numbers of my rules that some statements break, as often as they do; nothing is recorded."""
    return [each.rule for each in problems(story, *statements, **act)]


def problems(story: Story, *statements: Any, **act: Any) -> list[Any]:
    from openmpca.record import commands
    from openmpca.record.record import Refused

    try:
        found = commands.state(list(statements), msgspec.structs.replace(story.act, **act), dry_run=True).problems
    except Refused as refused:
        found = refused.problems
    return [each for each in found if each.rule in MINE]


def receipt(
    story: Story, code: str = "RF", mba: str = "ZZA1", batch: str = "A", weights: Any = LEU, **fields: Any
) -> Any:
    """A change without a fault, save what is given."""
    if code in ("RF", "SF"):
        fields = {"counterpart": "YY/YYB1"} | fields
    if code in ("RF", "RD"):
        fields = {"shipper_batch": batch} | fields
    return story.change(code, mba, batch, fields.pop("day", DAY), weights, **{**FRESH, **fields})


def test_a_change_without_a_fault_has_no_problem(story: Story) -> None:
    assert told(story, receipt(story)) == []
    assert told(story, receipt(story, code="DI", weights=grams(E="-5", E_U235="-0.1"))) == []
    assert told(story, receipt(story, code="EN", weights=grams(E="5", E_U235="0.04", N="5"), basis="T")) == []
    assert told(story, receipt(story, weights={"P": "10", "P/Pu239+Pu241": "6", "P/Pu239": "5"})) == []
    assert told(story, receipt(story, obligation="A+S", place="R1", items=3, item_numbers=["1", "2", "3"])) == []


HOW_CHANGES_BREAK_RULES: list[tuple[str, list[int], dict[str, Any]]] = [
    ("an unknown area", [310, 339], {"mba": "NONE"}),
    ("an area before its day", [311, 338], {"day": BEGIN - timedelta(days=1), "kmp": ""}),
    ("an area that has ended", [311], {"mba": "OLD1"}),
    ("a reference-only area", [312], {"mba": "REF1"}),
    ("after a cut-off on a day without one", [315], {"after_cutoff": True}),
    ("an unknown code", [320], {"code": "XX"}),
    ("a code that the area does not allow", [321, 343, 353], {"mba": "ZZC1", "description": "OGUB"}),
    (
        "a category change in a unified area",
        [322, 322, 322],
        {"mba": "UNI1", "code": "EN", "weights": grams(E="5", E_U235="0.04", N="5")},
    ),
    ("enriched uranium in a unified area", [322], {"mba": "UNI1"}),
    ("unified uranium elsewhere", [322], {"weights": grams(U="5", U_U235="0.04")}),
    ("a receipt from nobody", [323], {"counterpart": ""}),
    ("a loss to somebody", [323], {"code": "LD", "counterpart": "YY"}),
    ("a counterpart of another form", [324], {"counterpart": "Why"}),
    ("a domestic receipt from abroad", [325, 325], {"code": "RD", "counterpart": "YY/YYB1"}),
    ("a domestic receipt from itself", [325], {"code": "RD", "counterpart": "ZZ/ZZA1"}),
    ("a domestic receipt from nowhere", [325], {"code": "RD", "counterpart": "ZZ/NONE"}),
    ("a domestic receipt from a country", [325], {"code": "RD", "counterpart": "ZZ"}),
    ("a domestic receipt from a foreign area", [325], {"code": "RD", "counterpart": "ZZ/REF1"}),
    ("a domestic receipt from an area that has ended", [325], {"code": "RD", "counterpart": "ZZ/OLD1"}),
    ("a foreign receipt from home", [326], {"counterpart": "ZZ/ZZB1"}),
    ("a shipment with a shipper's batch", [327], {"code": "SF", "shipper_batch": "A"}),
    ("a receipt without the shipper's batch", [328], {"shipper_batch": ""}),
    ("a batch without a name", [330], {"batch": " "}),
    ("a name with a line end", [330, 332], {"batch": "A\nB", "shipper_batch": "A"}),
    ("a long name", [331], {"batch": "A" * 17, "shipper_batch": "A"}),
    ("a name with a delimiter", [331], {"name": "A/B"}),
    ("a name in small letters", [332], {"name": "ab"}),
    ("a name in other letters", [332], {"name": "Ж"}),
    ("fewer items than none", [335], {"items": -1}),
    ("a parent that nobody knows", [336], {"parents": ["NOBODY"]}),
    ("an obligation in small letters", [337], {"obligation": "a+s"}),
    ("an obligation twice", [337], {"obligation": "A+A"}),
    ("what a report needs", [338], {"kmp": "", "description": "", "basis": ""}),
    ("an unknown measurement point", [339], {"kmp": "9"}),
    ("a measurement point that has ended", [339], {"kmp": "2"}),
    ("an unknown place", [340], {"place": "R9"}),
    ("an unknown description", [341], {"description": "ZZZZ"}),
    ("an unusual description", [342], {"description": "NG4B"}),
    ("an unknown basis", [344], {"basis": "X"}),
    ("a nuclear loss without production", [345], {"code": "LN"}),
    ("a production without nuclear loss", [345], {"code": "NP", "weights": {"P": "1"}}),
    ("no weights", [350], {"weights": {}}),
    ("an unknown weight key", [351], {"weights": {"X": "1"}}),
    ("a mass with an exponent", [352], {"weights": {"N": "1e3"}}),
    ("a mass with a comma", [352], {"weights": {"N": "1,5"}}),
    ("a mass in full-width digits", [352], {"weights": {"N": "１"}}),
    ("a mass that is blank", [352], {"weights": {"N": ""}}),
    ("a category that the area does not take", [353], {"mba": "ZZC1", "code": "RD", "counterpart": "ZZ/ZZA1"}),
    ("an isotope without its element", [354], {"weights": {"E/U235": "1"}}),
    ("enriched uranium without fissile weight", [355], {"weights": {"E": "1"}}),
    ("an isotope above its element", [356], {"weights": grams(E="1", E_U235="2")}),
    ("isotopes above their element", [357], {"weights": grams(E="10", E_U235="6", E_U238="6")}),
    ("a declared sum below its part", [358], {"weights": {"P": "10", "P/Pu239+Pu241": "4", "P/Pu239": "5"}}),
    (
        "a declared sum that is not that of its parts",
        [358],
        {"weights": {"P": "10", "P/Pu239+Pu241": "9", "P/Pu239": "5", "P/Pu241": "1"}},
    ),
    ("depleted uranium under enriched", [359], {"weights": grams(E="1000", E_U235="2")}),
    ("a negative weight", [360], {"weights": {"N": "-1"}}),
    ("a category change of one side", [361], {"code": "EN", "weights": grams(E="1000", E_U235="10")}),
    ("a category change that loses", [362], {"code": "EN", "weights": grams(E="1000", E_U235="10", N="999")}),
    (
        "a category change with a third category",
        [363],
        {"code": "EN", "weights": grams(E="1000", E_U235="10", N="1000", P="1")},
    ),
    ("a correction of nothing", [370], {"corrects": 4711, "reason": "x"}),
    ("a correction of another kind", [371], {"corrects": 0, "reason": "x"}),
]


@pytest.mark.parametrize(
    ("what", "rules", "fields"), HOW_CHANGES_BREAK_RULES, ids=[each[0] for each in HOW_CHANGES_BREAK_RULES]
)
def test_what_is_wrong_with_a_change_is_told(story: Story, what: str, rules: list[int], fields: dict[str, Any]) -> None:
    found = problems(story, receipt(story, **fields))
    assert sorted(each.rule for each in found) == rules, [str(each) for each in found]
    assert {each.record for each in found} <= {"accounting.change 1"}
    assert all(each.message.endswith((".", "ASCII.")) and "None" not in each.message for each in found), found


def test_everything_that_is_wrong_is_told_at_once_with_its_row(story: Story) -> None:
    wrong = [receipt(story, batch="A"), receipt(story, batch="B", code="XX"), receipt(story, batch="C", kmp="9")]
    assert [(each.rule, each.record) for each in problems(story, *wrong)] == [
        (320, "accounting.change 2"),
        (339, "accounting.change 3"),
    ]


def test_reported_history_is_accepted_as_reported(story: Story) -> None:
    mild = problems(story, receipt(story, reported="7/1", weights={"E": "1"}, kmp="9", counterpart=""))
    assert sorted((each.rule, each.severity) for each in mild) == [(323, "warning"), (339, "warning"), (355, "warning")]
    for fields in ({"code": "XX"}, {"mba": "NONE"}, {"weights": {"N": "1e3"}}, {"weights": {"X": "1"}}):
        found = problems(story, receipt(story, reported="7/1", **fields))
        assert "error" in {each.severity for each in found}


def test_a_soft_rule_is_overridden_with_a_reason(story: Story) -> None:
    (found,) = problems(story, receipt(story, kmp="9"), overrides={"339": "to be registered"})
    assert found.severity == "note"


def test_only_the_party_that_answers_states(story: Story) -> None:
    from openmpca.accounting.statements import Deletion, Facility, Kmp, Mba
    from openmpca.record import commands
    from openmpca.record.statements import Grant, Party, Person

    story.state(Party(day=BEGIN, code="OP", name="Operator"), Person(day=BEGIN, person="carla", of="OP"))
    grants = [Grant(day=BEGIN, person="carla", for_party="OP", role="officer", scope="*")]
    commands.state(grants, story.act)
    story.state(Facility(day=BEGIN, code="OPF-", name="O", for_party="OP"))
    story.state(Mba(day=BEGIN, code="OPA1", facility="OPF-", name="O"))
    story.state(Kmp(day=BEGIN, mba="OPA1", code="1", name="in"))
    theirs = {"party": "OP", "prepared_by": "carla", "approved_by": []}
    assert told(story, receipt(story, mba="OPA1"), **theirs) == []
    assert told(story, receipt(story, mba="OPA1")) == [], "the authority that keeps the register may"
    assert told(story, receipt(story), **theirs) == [313]
    assert told(story, Deletion(day=DAY, mba="ZZA1", corrects=0, reason="x"), **theirs) == [313, 371]


def test_a_name_stands_for_one_batch_on_a_date(story: Story) -> None:
    two = [receipt(story, batch=batch, name="SAME", weights={"N": "1"}) for batch in ("A", "B")]
    assert told(story, *two) == [333, 333]


def test_a_change_is_not_stated_twice(story: Story) -> None:
    same = receipt(story)
    assert told(story, same, same) == [334]
    (first,) = story.state(same)
    assert told(story, same) == [334]
    assert told(story, receipt(story, reported="7/1")) == [], "what was reported twice is held elsewhere"
    assert told(story, receipt(story, weights=grams(E="7", E_U235="1"))) == []
    many = [receipt(story, batch=f"X{at}") for at in range(25)]
    assert told(story, *many, same) == [334]
    story.state(receipt(story, corrects=first, reason="x", items=4))
    assert told(story, receipt(story, code="SF")) == []


def test_nuclear_loss_and_production_go_together(story: Story) -> None:
    story.state(receipt(story))
    loss = receipt(story, code="LN")
    gain = receipt(story, code="NP", weights={"P": "1"})
    assert told(story, loss, gain) == []
    story.state(loss)
    assert told(story, gain) == []
    assert told(story, receipt(story, code="LN", weights={"P": "1"})) == [], "decay of plutonium makes nothing"


def test_parents_may_come_in_the_same_writing_or_stand_in_the_book(story: Story) -> None:
    taken = receipt(story, code="RM", weights={"N": "1"})
    made = receipt(story, code="RP", batch="A2", weights={"N": "1"}, parents=["A"])
    assert told(story, taken, made) == []
    story.state(receipt(story))
    assert told(story, made) == []


def test_the_sums_of_the_book_stay_within_64_bits(story: Story) -> None:
    huge = [receipt(story, batch=f"H{at}", weights={"N": "900000000000"}) for at in range(12)]
    assert told(story, *huge) == [364]
    assert told(story, *huge[:5]) == []
    story.state(*huge[:5])
    assert told(story, *huge[5:11]) == [364]
    assert told(story, receipt(story, weights={"N": "1"})) == []


def test_corrections_correct_what_stands(story: Story) -> None:
    from openmpca.accounting.statements import Deletion

    (first,) = story.state(receipt(story))
    again = {"corrects": first, "reason": "x"}
    assert told(story, receipt(story, **again)) == []
    assert told(story, receipt(story, corrects=first)) == [374]
    assert told(story, receipt(story, mba="ZZB1", **again)) == [372]
    assert told(
        story, receipt(story, batch="B", day=DAY + timedelta(days=1), code="RD", counterpart="ZZ/ZZB1", **again)
    ) == [375]
    assert told(story, receipt(story, **again), receipt(story, **again)) == [373]
    assert told(story, Deletion(day=DAY, mba="ZZA1", corrects=first, reason=" ")) == [374]
    (second,) = story.state(receipt(story, **again))
    assert told(story, receipt(story, **again)) == [373]
    assert told(story, receipt(story, corrects=second, reason="x"), receipt(story, corrects=-1, reason="x")) == []
    assert told(story, receipt(story, corrects=-1, reason="x")) == [370], "it is the statement itself"
    (gone,) = story.state(Deletion(day=DAY, mba="ZZA1", corrects=second, reason="x"))
    assert told(story, Deletion(day=DAY, mba="ZZA1", corrects=gone, reason="x")) == [371]
    assert told(story, Deletion(day=DAY, mba="ZZA1", corrects=second, reason="x")) == [373]


def taken(story: Story, day: date = DAY, mba: str = "ZZB1", batches: str = "A", **fields: Any) -> list[Any]:
    """A physical inventory with its lines and its closing, to be stated in one writing."""
    from openmpca.accounting.statements import Closing, Inventory, Listed

    lines = [
        Listed(day=day, mba=mba, inventory=-1, batch=batch, weights={"N": "5"}, description="BQ2F", basis="T", kmp="1")
        for batch in batches
    ]
    return [Inventory(day=day, mba=mba, **fields), *lines, Closing(day=day, mba=mba, inventory=-1)]


def test_a_physical_inventory_without_a_fault_has_no_problem(story: Story) -> None:
    story.state(receipt(story, mba="ZZA1", weights={"N": "5"}))
    assert told(story, *taken(story, mba="ZZA1")) == []


def test_an_area_is_opened_once_with_nothing_before(story: Story) -> None:
    assert told(story, *taken(story, opening=True)) == []
    story.state(receipt(story, mba="ZZB1", batch="C", weights={"N": "1"}, day=DAY))
    assert told(story, taken(story, opening=True)[0]) == [385]
    assert told(story, taken(story, opening=True, day=DAY - timedelta(days=1))[0]) == []


def test_after_the_opening_things_happen(story: Story) -> None:
    story.state(*taken(story, opening=True))
    assert told(story, receipt(story, mba="ZZB1")) == [314]
    assert told(story, receipt(story, mba="ZZB1", after_cutoff=True)) == []
    before = DAY - timedelta(days=1)
    assert told(story, taken(story, day=before)[0]) == [314, 386]
    assert told(story, taken(story, opening=True, day=DAY + timedelta(days=9))[0]) == [385]
    assert told(story, taken(story)[0]) == [314, 383]


def test_a_balance_is_closed_once_and_in_order(story: Story) -> None:
    from openmpca.accounting.statements import Closing, Inventory, Listed

    later = DAY + timedelta(days=30)
    story.state(*taken(story))
    inventory = story.view().number - 2
    closing = Closing(day=DAY, mba="ZZB1", inventory=inventory)
    assert told(story, closing) == [383, 383]
    assert told(story, Closing(day=DAY, mba="ZZB1", inventory=0)) == [380, 383, 388]
    assert told(story, Closing(day=DAY, mba="ZZA1", inventory=inventory)) == [380, 383]
    assert told(story, taken(story, day=DAY - timedelta(days=5))[0]) == [386]
    (one, two) = story.state(Inventory(day=later, mba="ZZB1"), Inventory(day=later + timedelta(days=1), mba="ZZB1"))
    both = [
        Closing(day=later, mba="ZZB1", inventory=one),
        Closing(day=later + timedelta(days=1), mba="ZZB1", inventory=two),
    ]
    assert told(story, *both) == [384, 384, 388, 388]
    assert told(story, receipt(story, mba="ZZB1", day=DAY - timedelta(days=1))) == [316]
    assert told(story, receipt(story, mba="ZZB1", day=DAY + timedelta(days=1))) == []
    wrong = Listed(day=later, mba="ZZA1", inventory=one, batch="A", weights={"N": "1"}, **FRESH)
    assert told(story, wrong) == [380, 387]


def test_a_batch_is_listed_once(story: Story) -> None:
    from openmpca.accounting.statements import Deletion, Inventory, Listed

    story.state(receipt(story, weights={"N": "9"}), receipt(story, batch="B", weights={"N": "9"}))
    (inventory,) = story.state(Inventory(day=DAY, mba="ZZA1"))

    def line(batch: str = "A", **fields: Any) -> Any:
        return Listed(day=DAY, mba="ZZA1", inventory=inventory, batch=batch, weights={"N": "5"}, **{**FRESH, **fields})

    assert told(story, line(), line("B"), line()) == [382]
    (first,) = story.state(line())
    assert told(story, line()) == [382]
    assert told(story, line(corrects=first, reason="x")) == []
    assert told(story, line(corrects=first, reason="x"), line()) == [382]
    assert told(story, line("B", corrects=first, reason="x")) == [375]
    (other,) = story.state(Inventory(day=DAY, mba="ZZA1"))
    moved = msgspec.structs.replace(line(corrects=first, reason="x"), inventory=other)
    assert told(story, moved) == [372]
    story.state(Deletion(day=DAY, mba="ZZA1", corrects=first, reason="x"))
    assert told(story, line()) == []
    assert told(story, line("NEW")) == [387]
    assert told(story, *[line(f"N{at}") for at in range(501)]) == [387] * 501


def test_a_placement_and_an_exchange_are_checked(story: Story) -> None:
    from openmpca.accounting.statements import Exchange, Placement

    story.state(receipt(story))
    assert told(story, Placement(day=DAY, mba="ZZA1", batch="A", place="R1")) == []
    assert told(story, Placement(day=DAY, mba="ZZA1", batch="B", place="R9")) == [340, 389]
    swap = Exchange(day=DAY, mba="ZZA1", given="A", taken="S", weights=LEU)
    assert 337 not in told(story, swap)
    assert told(story, msgspec.structs.replace(swap, given="a", weights={"X": "1"}))[:2] == [337, 351]


def test_what_has_no_checks_of_its_own_needs_its_area(story: Story) -> None:
    from openmpca.accounting.statements import Sending

    assert told(story, Sending(day=DAY, mba="NONE", of=0)) == [310]


def test_the_register_is_checked(story: Story) -> None:
    from openmpca.accounting.statements import Country, Document, Facility, Holder, Kmp, Mba

    area = {"day": DAY, "code": "NEW1", "facility": "ZZF-", "name": "x"}
    assert told(story, Country(day=DAY, code="zz", name="x")) == [300]
    assert told(story, Country(day=DAY, code="AA", name="x", own=True)) == [306]
    assert told(story, Country(day=DAY, code="ZZ", name="Zed", own=True)) == []
    assert told(story, Facility(day=DAY, code="A:B-", name="x", for_party="NONE")) == [301, 303]
    assert told(story, Facility(day=DAY, code="LONGCODE", name="x")) == [302]
    assert told(story, Mba(**area)) == []
    assert told(story, Mba(**area | {"facility": "NONE", "country": "XX"})) == [303, 303]
    assert told(story, Mba(**area, codes=["RF", "XX"], categories=["Q"], forms=["BQ2F", "ZZ"])) == [304] * 3
    assert told(story, Mba(**area, precision={"E": "3", "Q": "2", "N": "9"}, profile="none")) == [304] * 2
    assert told(story, Kmp(day=DAY, mba="NONE", code="ABC", name="x")) == [302, 303]
    assert told(story, Holder(day=DAY, mba="ZZA1", code=" ", name="x")) == [301]
    assert told(story, Document(day=DAY, code="D", sort="x", title="x", mba="ZZA1", facility="NONE")) == [303]


def test_places_form_a_tree(story: Story) -> None:
    from openmpca.accounting.statements import Place

    def place(code: str, within: str = "", **fields: Any) -> Any:
        return Place(day=DAY, mba="ZZA1", code=code, name=code, within=within, **fields)

    assert told(story, place("R2", "R1"), place("P1", "R2", kmp="1")) == []
    assert told(story, place("P1", "R2"), place("R2", "R1")) == [305], "what is around it comes first"
    assert told(story, place("R2", "R2")) == [305]
    assert told(story, place("R2", "R1"), place("R1", "R2")) == [305]
    assert told(story, place("R2", "", kmp="9")) == [303]


def test_a_first_own_country_is_followed_by_no_other(state_home: State) -> None:
    from openmpca.accounting.statements import Country
    from tests.state import founded

    story = Story(founded())
    mine = Country(day=BEGIN, code="ZZ", name="x", own=True)
    other = Country(day=BEGIN, code="YY", name="x", own=True)
    assert told(story, mine) == []
    assert told(story, mine, Country(day=BEGIN, code="XX", name="x"), other) == [306]


def test_scopes_cover_areas_by_themselves_and_by_their_facility(story: Story) -> None:
    from openmpca.accounting.rules import segments as segment_rules
    from openmpca.accounting.statements import Country, Document, Inventory
    from openmpca.record.frames import segments
    from openmpca.record.known import Known
    from openmpca.record.record import head

    def scopes(*statements: Any) -> list[set[str]]:
        (part,) = segments(statements)
        return [set(each) for each in segment_rules.scopes(part, Known("default", head()[0]))]

    both = [Inventory(day=DAY, mba=mba) for mba in ("ZZA1", "NONE", "ZZA1")]
    assert scopes(*both) == [{"*", "mba:ZZA1", "facility:ZZF-"}, {"*", "mba:NONE"}]
    assert scopes(Country(day=DAY, code="AA", name="x")) == [{"*"}]
    assert scopes(Document(day=DAY, code="D", sort="x", title="x")) == [{"*"}]


def test_no_more_than_a_thousand_rows_are_told_for_a_check(story: Story) -> None:
    many = [receipt(story, batch=f"B{at}", weights={"N": "x"}, kmp="9") for at in range(checking.SHOWN + 5)]
    found = problems(story, *many)
    assert sorted({each.rule for each in found}) == [339, 352]
    assert len(found) == 2 * (checking.SHOWN + 1)
    assert {each.message for each in found if not each.record} == {"So it is with 5 more."}


def test_every_rule_of_entries_is_met_here() -> None:
    import re
    from pathlib import Path

    met = {int(each) for each in re.findall(r"\b3\d\d\b", Path(__file__).read_text(encoding="utf-8"))}
    assert {number for number in RULES if number in MINE} <= met
    assert weight_rules.KEYS.height == weight_rules.KEYS["key"].n_unique()


def test_an_event_of_a_day_to_come_is_refused_unless_overridden(story: Story) -> None:
    from openmpca.accounting.statements import Document, Inventory
    from openmpca.record import clock, commands
    from openmpca.record.record import Refused

    today = clock.day(clock.now_us())

    def told_of(made: Any, **act: Any) -> list[tuple[int, str]]:
        try:
            found = commands.state([made], msgspec.structs.replace(story.act, **act), dry_run=True).problems
        except Refused as refused:
            found = refused.problems
        return [(each.rule, each.severity) for each in found if each.rule in (15, 23)]

    later = today + timedelta(days=2)
    assert told_of(receipt(story, day=later)) == [(23, "error")]
    assert told_of(receipt(story, day=later), overrides={"23": "an exercise"}) == [(23, "note")]
    assert told_of(receipt(story, day=later, reported="1/1")) == [(15, "warning")]
    assert told_of(receipt(story, day=today + timedelta(days=1))) == [(15, "warning")], "it is today further east"
    assert told_of(receipt(story, day=today)) == []
    assert told_of(Inventory(day=later, mba="ZZA1")) == [(15, "warning")]
    assert told_of(Document(day=today, code="D1", sort="declaration", title="x", due=later)) == []


def test_uranium_of_the_wrong_category_is_told_in_words_of_its_area(story: Story) -> None:
    (unified,) = problems(story, receipt(story, mba="UNI1"))
    assert unified.message == "E in area UNI1, which keeps all uranium as U."
    (apart,) = problems(story, receipt(story, weights=grams(U="5", U_U235="0.04")))
    assert apart.message == "U in area ZZA1, which does not unify its uranium."


def test_a_check_asks_the_same_of_one_row_and_of_many() -> None:
    from openmpca.accounting.rules.declared import PARTY_ANSWERS

    check = checking.Check(PARTY_ANSWERS, "day", pl.col("x") > 1, pl.lit("more than one"))
    one, many = pl.DataFrame({"x": [2]}), pl.DataFrame({"x": [0, None, 1]})
    assert [frame.select(check.found).item() for frame in (one, many)] == [True, False]
    assert check.found is check.found
