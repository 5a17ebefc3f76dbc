"""Nobody reaches past their grant, their party or the second person."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.accounting.story import BEGIN, Story, begun, grams
from tests.state import State, alone

DAY = date(2024, 3, 1)
LEU = grams(E="1000", E_U235="100")
FROM_ABROAD = {"counterpart": "YY/YYB1", "shipper_batch": "X"}


@pytest.fixture
def story(state_home: State) -> Story:
    return begun()


def opened(story: Story, mba: str = "ZZA1") -> list[int]:
    """The numbers of a closed opening inventory, its one line and its closing."""
    from openmpca.accounting.statements import Closing, Inventory, Listed

    return story.state(
        Inventory(day=BEGIN, mba=mba, opening=True),
        Listed(day=BEGIN, mba=mba, inventory=-1, batch="A", weights=LEU),
        Closing(day=BEGIN, mba=mba, inventory=-1),
    )


def person(story: Story, name: str, party: str, role: str, scope: str = "*") -> Any:
    """The act of a new person alone."""
    from openmpca.record.act import Act
    from openmpca.record.statements import Grant, Person

    story.state(
        Person(day=BEGIN, person=name, of=party),
        Grant(day=BEGIN, person=name, for_party=party, role=role, scope=scope),
    )
    return Act(party=party, prepared_by=name)


def operator(story: Story, role: str) -> Any:
    """The act of a person of a party that answers for facility ZZO- with area ZZO1 alone."""
    from openmpca.accounting.statements import Facility, Mba
    from openmpca.record.statements import Party

    story.state(Party(day=BEGIN, code="OPER", name="Operator"))
    story.state(Facility(day=BEGIN, code="ZZO-", name="O", for_party="OPER"))
    story.state(Mba(day=BEGIN, code="ZZO1", facility="ZZO-", name="O", country="ZZ"))
    return person(story, "olga", "OPER", role)


def refused(act: Any, *statements: Any) -> set[int]:
    """The rules that refuse statements."""
    from openmpca.problems import errors
    from openmpca.record import commands
    from openmpca.record.record import Refused

    with pytest.raises(Refused) as caught:
        commands.state(list(statements), act)
    return {each.rule for each in errors(caught.value.problems)}


def test_only_the_states_authority_states_facilities_and_areas(story: Story) -> None:
    from openmpca.accounting.statements import Country, Facility, Mba

    act = operator(story, "authority")
    assert refused(act, Facility(day=BEGIN, code="ZZF-", name="F", for_party="OPER")) == {313}
    assert refused(act, Mba(day=BEGIN, code="ZZA1", facility="ZZO-", name="A", country="ZZ")) == {313}
    assert refused(act, Country(day=BEGIN, code="YY", name="Why")) == {313}


def test_what_stands_in_an_area_is_stated_by_the_party_that_answers_for_it(story: Story) -> None:
    from openmpca.accounting.statements import Document, Place
    from openmpca.record import commands

    act = operator(story, "officer")
    assert refused(act, Place(day=BEGIN, code="R1", mba="ZZA1", name="Room")) == {313}
    assert refused(act, Document(day=BEGIN, code="D1", sort="design", title="t", facility="ZZF-")) == {313}
    assert refused(act, Document(day=BEGIN, code="D1", sort="design", title="t")) == {313}
    own = [
        Place(day=BEGIN, code="R1", mba="ZZO1", name="Room"),
        Document(day=BEGIN, code="D1", sort="design", title="t", facility="ZZO-"),
    ]
    assert len(commands.state(own, act).numbers) == 2


def test_a_date_before_the_register_does_not_slip_past_the_party_that_answers(story: Story) -> None:
    import msgspec

    from openmpca.accounting.statements import Deletion

    opened(story)
    received = story.happened("RF", "ZZA1", "X", DAY, LEU, **FROM_ABROAD)
    act = msgspec.structs.replace(operator(story, "officer"), overrides={"311": "the day of the letter"})
    deletion = Deletion(day=BEGIN - timedelta(days=9), mba="ZZA1", corrects=received, reason="mistake")
    assert 313 in refused(act, deletion)


def test_a_document_of_another_area_is_not_taken_over_by_its_code(story: Story) -> None:
    from openmpca.accounting.statements import Document

    story.state(Document(day=BEGIN, code="DIQ1", sort="design", title="t", mba="ZZB1", due=DAY))
    custodian = person(story, "carl", "SRA", "custodian", "mba:ZZA1")
    taken = Document(day=BEGIN, code="DIQ1", sort="design", title="t", mba="ZZA1", due=DAY, answered=DAY)
    assert refused(custodian, taken) == {1}
    story.state(taken)


def test_a_change_without_weight_is_corrected_in_its_own_area_only(story: Story) -> None:
    from openmpca.accounting.statements import Deletion

    nothing = story.happened("RF", "ZZA1", "X", DAY, grams(E="0", E_U235="0"), **FROM_ABROAD)
    assert refused(story.act, Deletion(day=DAY, mba="ZZB1", corrects=nothing, reason="mistake")) == {372}
    story.state(Deletion(day=DAY, mba="ZZA1", corrects=nothing, reason="mistake"))


def test_what_changes_a_closed_inventory_takes_two_persons(story: Story) -> None:
    from openmpca.accounting.statements import Deletion, Listed
    from openmpca.record import commands

    inventory, line, _ = opened(story)
    more = {"day": BEGIN, "mba": "ZZA1", "inventory": inventory, "weights": LEU}
    for stated in (
        Listed(batch="B", **more),
        Listed(batch="A", corrects=line, reason="weighed again", **more),
        Deletion(day=BEGIN, mba="ZZA1", corrects=line, reason="never there"),
    ):
        made = commands.state([stated], alone(story.act))
        assert made.proposal is not None
        assert not made.numbers
    assert story.held("ZZA1")["E"] == 1000
    commands.approve(made.proposal, "boris")
    assert story.held("ZZA1") == {}


def test_before_the_closing_one_person_lists(story: Story) -> None:
    from openmpca.accounting.statements import Inventory, Listed
    from openmpca.record import commands

    listed = Listed(day=BEGIN, mba="ZZA1", inventory=-1, batch="A", weights=LEU)
    made = commands.state([Inventory(day=BEGIN, mba="ZZA1", opening=True), listed], alone(story.act))
    assert len(made.numbers) == 2


def test_a_proposal_that_the_rules_refuse_is_refused_at_once(story: Story) -> None:
    from openmpca.accounting.statements import Listed

    inventory, *_ = opened(story)
    twice = Listed(day=BEGIN, mba="ZZA1", inventory=inventory, batch="A", weights=LEU)
    assert refused(alone(story.act), twice) == {382}


@pytest.mark.parametrize("field", ["parents", "item_numbers", "seals", "note", "batch"])
def test_a_text_that_a_database_refuses_is_a_problem_wherever_it_stands(story: Story, field: str) -> None:
    for wrong, rule in (("A\0B", 22), ("A\ud800", 21)):
        value = wrong if field in ("note", "batch") else ["A", wrong]
        fields = {"batch": "X", field: value}
        assert rule in refused(story.act, story.change("RF", "ZZA1", day=DAY, weights=LEU, **FROM_ABROAD, **fields))


def test_a_report_does_not_speak_for_statements_of_another_area(story: Story) -> None:
    from openmpca.accounting.statements import Report

    _, line, _ = opened(story)
    change = story.happened("RF", "ZZA1", "X", DAY, LEU, **FROM_ABROAD)
    head = {
        "day": DAY,
        "sort": "I",
        "report": 1,
        "begin": BEGIN,
        "end": DAY,
        "known": change,
        "text": "",
        "mba": "ZZB1",
    }
    for about in (change, line):
        assert refused(story.act, Report(**head, entries=[about], origin="received")) == {601, 602}


def test_a_list_that_says_reported_is_no_reported_history(story: Story) -> None:
    opened(story)
    more = {"weights": grams(E="5000", E_U235="500"), "counterpart": "YY/YYB1"}
    for first in ("a", "a" * 22):
        taken = story.change("SF", "ZZA1", "A", DAY, item_numbers=[first, "reported", "b"], **more)
        assert refused(story.act, taken) == {402}


def test_a_number_of_items_that_could_fill_the_book_is_refused(story: Story) -> None:
    from openmpca.accounting.statements import Inventory, Listed

    many = 2**63 - 1
    assert 364 in refused(story.act, story.change("RF", "ZZA1", "X", DAY, LEU, items=many, **FROM_ABROAD))
    reported = story.change("RF", "ZZA1", "X", DAY, LEU, items=-many, reported="1/1", **FROM_ABROAD)
    assert 364 in refused(story.act, reported)
    listed = Listed(day=BEGIN, mba="ZZA1", inventory=-1, batch="A", weights=LEU, items=many)
    assert 364 in refused(story.act, Inventory(day=BEGIN, mba="ZZA1", opening=True), listed)


def test_history_brought_in_as_reported_takes_two_persons(story: Story) -> None:
    from openmpca.accounting.statements import Change
    from openmpca.record import commands

    opened(story)
    act = person(story, "carla", story.act.party, "custodian", "mba:ZZA1")
    given = Change(day=DAY, mba="ZZA1", code="SF", batch="A", weights=LEU, counterpart="YY/YYB1", reported="1/1")
    assert commands.state([given], act).proposal is not None


def test_an_area_that_nobody_knows_is_not_said_to_be_another_partys(story: Story) -> None:
    from openmpca.accounting.statements import Change

    act = operator(story, "officer")
    given = Change(day=DAY, mba="NOPE", code="RF", batch="A", weights=LEU, **FROM_ABROAD)
    found = refused(act, given)
    assert found
    assert 313 not in found


def test_an_operator_states_changes_of_the_area_that_it_answers_for(story: Story) -> None:
    from openmpca.accounting.statements import Change
    from openmpca.record import commands

    act = operator(story, "officer")
    given = Change(day=DAY, mba="ZZO1", code="RF", batch="A", weights=LEU, **FROM_ABROAD)
    assert len(commands.state([given], act).numbers) == 1
