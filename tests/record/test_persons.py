"""Who may do what: grants, scopes, periods, deputies, duties, two persons."""

from datetime import date

import pytest

from openmpca.problems import RULES, Problem
from openmpca.record import clock, commands, grants, people, rules
from openmpca.record.act import Act
from openmpca.record.known import Known
from openmpca.record.models import PersonName
from openmpca.record.proposals import NoProposal
from openmpca.record.reading import stored
from openmpca.record.record import Refused, head
from openmpca.record.statements import Duty, Founding, Grant, GrantEnd, Party, Person, Statement
from tests.state import BEGINNING, State, alone, at, founded

LATER = at("2001-01-01")


def refused(stated: Statement | list[Statement], act: Act, when: commands.Circumstances = LATER) -> set[int]:
    """The rules that refuse."""
    size = head()[0]
    with pytest.raises(Refused) as told:
        commands.state(stated if isinstance(stated, list) else [stated], act, when=when)
    assert head()[0] == size
    return {each.rule for each in told.value.problems}


def operator(act: Act) -> Act:
    """A second party with an officer, clara, and its own administrator, dora."""
    commands.state([Party(day=BEGINNING, code="OP", name="Operator")], alone(act), when=LATER)
    commands.state([Person(day=BEGINNING, person=who, of="OP") for who in ("clara", "dora")], alone(act), when=LATER)
    roles = [("clara", "officer"), ("dora", "administrator")]
    given = [Grant(day=BEGINNING, person=who, for_party="OP", role=role) for who, role in roles]
    commands.state(given, act, when=LATER)
    return Act(party="OP", prepared_by="dora")


def test_an_empty_record_takes_a_founding_only(each_state_home: State) -> None:
    with pytest.raises(Refused, match="14"):
        commands.state([Party(day=BEGINNING, code="X", name="X")], Act(party="X", prepared_by="x"))


@pytest.mark.parametrize(
    "founding",
    [
        Founding(day=BEGINNING, of_party="X", name="X", persons=[]),
        Founding(day=BEGINNING, of_party="X", name="X", persons=["a"]),
        Founding(day=BEGINNING, of_party="X", name="X", persons=["a", "a"]),
        Founding(day=BEGINNING, of_party=" ", name="X", persons=["a", "b"]),
    ],
)
def test_a_founding_names_a_party_and_two_persons(state_home: State, founding: Founding) -> None:
    with pytest.raises(Refused, match="16"):
        commands.found_record(founding, {})


def test_a_real_state_does_not_set_its_clock(state_home: State) -> None:
    founding = Founding(day=BEGINNING, of_party="X", name="X", persons=["a", "b"])
    with pytest.raises(Refused, match="17"):
        commands.found_record(founding, {}, when=LATER)
    commands.found_record(founding, {})
    with pytest.raises(Refused, match="17"):
        commands.state([Party(day=BEGINNING, code="Y", name="Y")], Act(party="X", prepared_by="a"), when=LATER)


def test_who_holds_no_grant_is_told_which_one_is_missing(state_home: State) -> None:
    act = founded()
    operator(act)
    with pytest.raises(Refused) as told:
        commands.state([Party(day=BEGINNING, code="Y", name="Y")], Act(party="OP", prepared_by="clara"), when=LATER)
    message = told.value.problems[0].message
    assert message == "clara holds no grant on 2001-01-01 as administrator of OP, which record.party takes."


def test_a_grant_holds_for_its_period_only(each_state_home: State) -> None:
    act = founded()
    given = Grant(day=date(2002, 1, 1), until=date(2002, 12, 31), person="boris", for_party="SRA", role="inspector")
    commands.state([given], act, when=LATER)
    known = Known("default", head()[0])
    held = [
        "inspector" in set(grants.grants("boris", known, day)["role"])
        for day in (date(2001, 12, 31), date(2002, 1, 1), date(2002, 12, 31), date(2003, 1, 1))
    ]
    assert held == [False, True, True, False]


def test_an_ended_grant_holds_until_the_day_before(each_state_home: State) -> None:
    act = founded()
    given = commands.state([Grant(day=BEGINNING, person="boris", for_party="SRA", role="reader")], act, when=LATER)
    commands.state([GrantEnd(day=date(2003, 1, 1), grant=given.numbers[0])], alone(act), when=LATER)
    known = Known("default", head()[0])
    assert grants.missing("boris", "SRA", ("reader",), [frozenset("*")], known, date(2002, 12, 31)) == ""
    assert grants.missing("boris", "SRA", ("reader",), [frozenset("*")], known, date(2003, 1, 1))


def test_a_narrow_grant_covers_its_own_place_only(state_home: State) -> None:
    act = founded()
    operator(act)
    given = [Grant(day=BEGINNING, person="clara", for_party="OP", role="custodian", scope="mba:MF01")]
    commands.state(given, act, when=LATER)
    known = Known("default", head()[0])
    own, other = [frozenset({"mba:MF01", "facility:F"})], [frozenset({"mba:MF02", "facility:F"})]
    assert grants.missing("clara", "OP", ("custodian",), own, known, date(2001, 1, 1)) == ""
    lacking = grants.missing("clara", "OP", ("custodian",), other, known, date(2001, 1, 1))
    assert lacking.endswith("as custodian of OP for facility:F or mba:MF02")


def test_a_deputy_stands_in_for_a_holder_of_the_role_until_a_day(state_home: State) -> None:
    act = founded()
    operator(act)

    def deputy(until: date | None, whom: str) -> Grant:
        return Grant(day=BEGINNING, person="dora", for_party="OP", role="officer", until=until, deputy_for=whom)

    assert refused(deputy(None, "clara"), act) == {18}
    assert refused(deputy(date(2001, 2, 1), "dora"), act) == {18}
    assert refused(deputy(date(2001, 2, 1), "nobody"), act) == {9, 18}
    assert commands.state([deputy(date(2001, 2, 1), "clara")], act, when=LATER).numbers


def test_what_a_grant_names_is_known(state_home: State) -> None:
    act = founded()
    assert refused(Grant(day=BEGINNING, person="x", for_party="Y", role="king", scope="moon"), act) == {6, 7, 8, 9}
    assert refused(GrantEnd(day=BEGINNING, grant=99), alone(act)) == {11}
    assert refused(GrantEnd(day=BEGINNING, grant=0), alone(act)) == {11, 20}


def test_two_administrators_remain(state_home: State) -> None:
    act = founded()
    assert refused(GrantEnd(day=BEGINNING, grant=0, person="boris"), alone(act)) == {20}
    commands.state([Person(day=BEGINNING, person="erik", of="SRA")], alone(act), when=LATER)
    commands.state([Grant(day=BEGINNING, person="erik", for_party="SRA", role="administrator")], act, when=LATER)
    assert commands.state([GrantEnd(day=BEGINNING, grant=0, person="boris")], alone(act), when=LATER).numbers
    assert refused(Party(day=BEGINNING, code="Z", name="Z"), alone(act, "boris")) == {1}
    assert commands.state([Party(day=BEGINNING, code="Z", name="Z")], alone(act), when=LATER).numbers


def test_a_party_is_administered_by_itself_or_by_the_keeper(state_home: State) -> None:
    act = founded()
    dora = operator(act)
    assert commands.state([Person(day=BEGINNING, person="finn", of="OP")], dora, when=LATER).numbers
    assert refused(Person(day=BEGINNING, person="gus", of="SRA"), dora) == {19}
    assert refused(Party(day=BEGINNING, code="Q", name="Q"), dora) == {19}
    taking_over = Grant(day=BEGINNING, person="clara", for_party="SRA", role="authority")
    both = Act(party="OP", prepared_by="dora", approved_by=["anna"])
    assert refused(taking_over, both) == {2, 19}


def test_what_is_introduced_twice_is_refused(state_home: State) -> None:
    act = alone(founded())
    assert refused(Party(day=BEGINNING, code="SRA", name="again"), act) == {10}
    assert refused([Party(day=BEGINNING, code="P", name=name) for name in ("one", "two")], act) == {10}
    assert refused(Person(day=BEGINNING, person="anna", of="SRA"), act) == {10}
    assert refused(Person(day=BEGINNING, person="hugo", of="NOBODY"), act) == {8}


def test_a_duty_changes_who_may_and_how_many_it_takes(each_state_home: State) -> None:
    act = founded()
    duty = Duty(day=BEGINNING, of="record.party", persons=2, prepare=["officer"], approve=["authority"])
    commands.state([duty], act, when=LATER)
    made = commands.state([Party(day=BEGINNING, code="Y", name="Y")], alone(act), when=LATER)
    assert made.proposal is not None
    assert commands.approve(made.proposal, "boris", when=LATER).numbers


@pytest.mark.parametrize(
    "duty",
    [
        Duty(day=BEGINNING, of="record.nothing", persons=1, prepare=["officer"], approve=[]),
        Duty(day=BEGINNING, of="record.founding", persons=1, prepare=["officer"], approve=[]),
        Duty(day=BEGINNING, of="record.party", persons=3, prepare=["officer"], approve=["officer"]),
        Duty(day=BEGINNING, of="record.party", persons=1, prepare=["king"], approve=[]),
        Duty(day=BEGINNING, of="record.party", persons=1, prepare=[], approve=[]),
        Duty(day=BEGINNING, of="record.grant", persons=1, prepare=["administrator"], approve=[]),
        Duty(day=BEGINNING, of="record.party", persons=2, prepare=["officer"], approve=[]),
    ],
)
def test_a_duty_that_makes_no_sense_is_refused(state_home: State, duty: Duty) -> None:
    assert refused(duty, founded()) == {12}


def granting() -> Grant:
    return Grant(day=BEGINNING, person="boris", for_party="SRA", role="reader")


def test_two_person_statements_are_never_recorded_with_one_name(each_state_home: State) -> None:
    act = founded()
    size = head()[0]
    made = commands.state([granting()], alone(act), when=LATER)
    assert (made.proposal, list(made.numbers), head()[0]) == (1, [], size)
    assert refused(granting(), Act(party="SRA", prepared_by="anna", approved_by=["anna"])) == {4}, (
        "one fault is told once"
    )
    with pytest.raises(Refused):
        commands.approve(1, "anna", when=LATER)
    assert head()[0] == size
    assert list(commands.approve(1, "boris", when=LATER).numbers) == [size]
    kept = stored(size)
    assert (kept.prepared_by, kept.approved_by) == ("anna", ["boris"])


def test_a_proposal_is_approved_once(each_state_home: State) -> None:
    act = founded()
    made = commands.state([granting()], alone(act), when=LATER)
    commands.approve(made.proposal or 0, "boris", when=LATER)
    with pytest.raises(NoProposal):
        commands.approve(made.proposal or 0, "boris", when=LATER)
    with pytest.raises(NoProposal):
        commands.reject(made.proposal or 0, "boris", "late", when=LATER)


def test_a_proposal_is_checked_again_when_it_is_approved(state_home: State) -> None:
    act = founded()
    person = Person(day=BEGINNING, person="ida", of="SRA")
    duty = Duty(day=BEGINNING, of="record.person", persons=2, prepare=["officer"], approve=["officer"])
    commands.state([duty], act, when=LATER)
    first, second = (commands.state([person], alone(act), when=LATER).proposal for _ in range(2))
    commands.approve(first or 0, "boris", when=LATER)
    with pytest.raises(Refused, match="10"):
        commands.approve(second or 0, "boris", when=LATER)
    commands.reject(second or 0, "anna", "", when=LATER)


def test_a_proposal_is_rejected_by_who_might_approve_it_or_taken_back(state_home: State) -> None:
    act = founded()
    operator(act)
    made = commands.state([granting()], alone(act), when=LATER)
    with pytest.raises(Refused, match="2"):
        commands.reject(made.proposal or 0, "clara", "no", when=LATER)
    commands.reject(made.proposal or 0, "boris", "no", when=LATER)
    again = commands.state([granting()], alone(act), when=LATER)
    commands.reject(again.proposal or 0, "anna", "", when=LATER)


def test_checking_alone_changes_nothing(each_state_home: State) -> None:
    act = founded()
    before = head()
    made = commands.state([Party(day=BEGINNING, code="Y", name="Y")], alone(act), when=LATER, dry_run=True)
    assert list(made.numbers) == [before[0]]
    assert commands.state([granting()], alone(act), when=LATER, dry_run=True).proposal is None
    assert head() == before


def test_only_soft_rules_are_overridden_and_each_fault_is_told_once(state_home: State) -> None:
    act = Act(party="SRA", prepared_by="anna", overrides={"1": "because", "x": "y"})
    founded()
    stated = [Party(day=BEGINNING, code="Y", name="Y"), Person(day=BEGINNING, person="y", of="SRA")]
    with pytest.raises(Refused) as told:
        commands.state(stated, act, when=LATER)
    assert [each.rule for each in told.value.problems] == [5, 5]


def test_an_overridden_soft_rule_leaves_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    import msgspec

    monkeypatch.setitem(RULES, 1, msgspec.structs.replace(RULES[1], soft=True))
    problem = rules.NO_GRANT_TO_PREPARE.problem("x")
    found: list[Problem] = rules.overridden([problem], {"1": "agreed"})
    assert [each.severity for each in found] == ["note"]
    assert rules.unfit({"1": "agreed"}) == []
    assert len(rules.unfit({"1": " "})) == 1


def test_text_that_a_database_refuses_is_a_problem(each_state_home: State) -> None:
    assert refused(Party(day=BEGINNING, code="N", name="a\0b"), alone(founded())) == {22}


def test_a_person_is_introduced_under_an_opaque_identifier_and_can_be_forgotten(each_state_home: State) -> None:
    act = alone(founded())
    person, _ = people.introduce("jon", "Jon of Old", "SRA", BEGINNING, act, when=LATER)
    assert commands.person_of("jon") == person
    with pytest.raises(Refused, match="10"):
        people.introduce("jon", "Another", "SRA", BEGINNING, act, when=LATER)
    people.forget(person, act, when=LATER)
    assert not PersonName.objects.filter(person=person).exists()
    assert commands.person_of(person) == person
    with pytest.raises(KeyError):
        commands.person_of("jon")
    with pytest.raises(Refused):
        people.forget("anna", Act(party="SRA", prepared_by=person), when=LATER)


def test_the_party_that_somebody_acts_for_is_found_when_it_is_the_only_one(state_home: State) -> None:
    act = founded()
    operator(act)
    today = clock.day(LATER.now_us)
    assert commands.party_of("clara", today) == "OP"
    commands.state([Grant(day=BEGINNING, person="clara", for_party="SRA", role="reader")], act, when=LATER)
    with pytest.raises(LookupError, match="OP, SRA"):
        commands.party_of("clara", today)
