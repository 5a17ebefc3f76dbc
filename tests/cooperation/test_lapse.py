"""What follows when a clause lapses: by the answers of each party, through agreements, clauses and projects."""

from datetime import date
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from openmpca.cooperation.agreements.lapse import LOST, OPEN, Rest, lapse
from openmpca.cooperation.agreements.resting import what_lapses
from openmpca.cooperation.agreements.statements import ANSWERS, Dependency, Term
from openmpca.cooperation.agreements.terms import Span, agreements, expiring
from openmpca.cooperation.claims import Claims
from openmpca.cooperation.projects.statements import Project
from tests.cooperation.joint import DAY, HOSTED, hosting, received, refused, state
from tests.cooperation.test_claims import agreement, clause
from tests.proof.partner import Partner, met
from tests.state import State

END = date(2027, 6, 17)
LATER = date(2028, 1, 1)
CLAUSE = "clause:UA.7"
FOUR = ("stops", "stops", "stops", "stops")


def rest(thing: str, ground: str = CLAUSE, answers: tuple[str, str, str, str] = FOUR, **others: Any) -> Rest:
    return Rest(thing, ground, "ALD", 1, answers, **others)


def told(rests: list[Rest], spans: dict[str, Span] | None = None, survives: int = 0) -> dict[str, list[str]]:
    """What becomes of each thing, in each of the four."""
    found = lapse(CLAUSE, END, rests, spans or {}, survives)
    return {
        thing: [f"{each.answer} {each.last or 'ever'}" if each else "-" for each in fate]
        for thing, fate in found.fates.items()
    }


def test_each_of_the_four_has_an_answer_of_its_own() -> None:
    answers = ("stops", "until", "unconcerned", "survives")
    assert told([rest("project:P", answers=answers, until=LATER)]) == {
        "project:P": ["stops 2027-06-17", "until 2028-01-01", "-", "survives ever"]
    }


def test_what_is_not_settled_is_told_as_open_and_reckoned_as_an_end() -> None:
    found = told([rest("project:P", answers=("", "", "", "")), rest("project:Q", "project:P")])
    assert found["project:P"] == ["open 2027-06-17"] * 4
    assert found["project:Q"] == ["stops 2027-06-17"] * 4


def test_what_goes_on_under_another_clause_does_as_long_as_that_holds() -> None:
    under = [rest("project:P", answers=("under",) * 4, instead="clause:UB.1")]  # type: ignore[arg-type]
    begun = date(2020, 1, 1)
    assert told(under, {"clause:UB.1": Span(begun, LATER)})["project:P"] == ["under 2028-01-01"] * 4
    assert told(under, {"clause:UB.1": Span(begun, None)})["project:P"] == ["under ever"] * 4
    for holds_not in (Span(None, None), Span(LATER, None), Span(begun, END)):
        assert told(under, {"clause:UB.1": holds_not})["project:P"] == [f"{LOST} 2027-06-17"] * 4
    with_it = [*under, rest("clause:UB.1")]
    assert told(with_it, {"clause:UB.1": Span(begun, None)})["project:P"] == [f"{LOST} 2027-06-17"] * 4


def test_a_day_that_is_past_when_the_ground_ends_keeps_nothing_going() -> None:
    early = rest("project:P", answers=("until",) * 4, until=END)  # type: ignore[arg-type]
    assert told([early])["project:P"] == ["stops 2027-06-17"] * 4


def test_what_survives_a_clause_keeps_what_rests_on_it_for_those_years() -> None:
    assert told([rest("project:P")], survives=2)["project:P"][3] == "stops 2029-06-17"
    assert told([rest("project:P")], survives=-1)["project:P"][3] == "-"


def test_the_earliest_end_counts_where_a_thing_rests_on_several_or_parties_differ() -> None:
    late = rest("project:P", answers=("until",) * 4, until=LATER)  # type: ignore[arg-type]
    both = [late, rest("project:P", answers=("", "", "", ""))]
    assert told(both)["project:P"] == [f"{OPEN} 2027-06-17"] * 4
    assert len(lapse(CLAUSE, END, both, {}).rests) == 2
    assert lapse(CLAUSE, END, both, {}).counts(0) == {OPEN: 1}


def test_a_circle_is_told_and_has_an_answer_all_the_same() -> None:
    ring = [
        rest("project:P"),
        rest("project:P", "project:Q"),
        rest("project:Q", "project:P"),
        rest("project:R", "project:Q"),
    ]
    found = lapse(CLAUSE, END, ring, {})
    assert found.circles == [["project:P", "project:Q", "project:P"]]
    assert found.of_sort("project") == ["project:P", "project:Q", "project:R"]
    assert all(outcome is not None and outcome.last == END for fate in found.fates.values() for outcome in fate)
    back = lapse("project:P", END, ring, {})
    assert back.circles == [["project:P", "project:Q", "project:P"]]


NAMES = st.sampled_from([f"project:{each}" for each in range(8)])
RESTS = st.builds(
    Rest,
    thing=NAMES,
    ground=st.one_of(st.just(CLAUSE), NAMES),
    party=st.sampled_from(["ALD", "BRK"]),
    number=st.just(1),
    answers=st.tuples(*[st.sampled_from(["", *ANSWERS])] * 4),
    instead=st.one_of(st.just("clause:UB.1"), NAMES),
    until=st.sampled_from([None, date(2027, 1, 1), LATER, date(2030, 1, 1)]),
    years=st.sampled_from([-1, 0, 3]),
)


@given(st.lists(RESTS, max_size=14))
def test_nothing_ends_before_its_ground_and_more_grounds_end_nothing_later(rests: list[Rest]) -> None:
    spans = {"clause:UB.1": Span(date(2020, 1, 1), date(2029, 1, 1))}
    ends = []
    for upto in range(len(rests) + 1):
        fates = lapse(CLAUSE, END, rests[:upto], spans).fates
        assert all(each is None or each.last is None or each.last >= END for fate in fates.values() for each in fate)
        ends.append(
            {thing: [(each.last or date.max) if each else date.max for each in fate] for thing, fate in fates.items()}
        )
    for fewer, more in pairwise(ends):
        assert all(after <= before for thing in fewer for before, after in zip(fewer[thing], more[thing], strict=True))


def dependency(**others: Any) -> Dependency:
    given = {"day": DAY, "what": "project:P-1", "on": CLAUSE, "authority": "stops", "payment": "until", "until": LATER}
    return Dependency(**{**given, **others})


def project(code: str, **others: Any) -> Project:
    return Project(day=DAY, code=code, title=f"Project {code}", parties=["SRA", HOSTED], release=["*"], **others)


def test_a_query_goes_from_an_umbrella_over_agreements_and_clauses_to_projects(each_state_home: State) -> None:
    ours, theirs = hosting()
    everybody = {"release": ["*"]}
    umbrella = agreement(in_force=date(2006, 6, 17), expires=END, **everybody)
    other = agreement(code="MN", title="Framework", in_force=date(2003, 5, 21), **everybody)
    begun = date(2007, 1, 1)
    below = agreement(code="IA", title="Storage", layer="implementing", under="UA", in_force=begun, **everybody)
    state(ours, umbrella, other, below, clause(survives=-1, **everybody))
    state(ours, clause(code="IA.2", agreement="IA", **everybody), clause(code="MN.4", agreement="MN", **everybody))
    state(ours, *(project(code) for code in ("P-1", "P-2", "P-3")), project("P-4", agreement="IA"))
    state(
        ours,
        dependency(),
        dependency(what="project:P-2", on="clause:IA.2", payment="under", until=None, instead="clause:MN.4"),
        dependency(what="project:P-3", on="project:P-2", payment="", until=None),
    )
    (hidden,) = state(theirs, dependency(what="project:P-3", payment="stops", until=None, reason="Ours alone"))
    found = what_lapses(Claims(DAY), "agreement:UA", END)
    answers = {thing: [each.answer if each else "-" for each in fate] for thing, fate in found.fates.items()}
    assert answers["agreement:IA"] == [OPEN] * 4
    assert answers[CLAUSE] == ["stops", "stops", "stops", "survives"]
    assert answers["project:P-1"] == ["stops", "until", OPEN, "-"]
    assert answers["project:P-2"][:2] == ["stops", "under"]
    assert answers["project:P-3"][:2] == ["stops", "stops"]
    assert answers["project:P-4"] == [OPEN] * 4
    assert {each.number for each in found.rests} > {hidden}
    seen = what_lapses(Claims(DAY, readers=["SRA"]), "agreement:UA", END)
    assert hidden not in {each.number for each in seen.rests}
    assert seen.fates["project:P-3"][1] is None
    only = what_lapses(Claims(DAY), CLAUSE, END)
    assert sorted(only.fates) == ["project:P-1", "project:P-3"]


def test_what_partners_state_is_reached_too(state_home: State) -> None:
    partner = Partner()
    ours, _theirs = hosting(met(partner))
    state(ours, agreement(), clause(), project("P-1"), project("P-2"), dependency())
    said = {"day": "2026-02-01", "what": "project:P-2", "on": "project:P-1", "authority": "stops", "release": ["SRA"]}
    received(partner, ours, partner.state("cooperation.dependency", **said))
    found = what_lapses(Claims(DAY), CLAUSE, END)
    assert [each.party for each in found.rests] == ["SRA", "PER"]
    assert sorted(found.fates) == ["project:P-1", "project:P-2"]


def test_a_term_is_extended_applied_for_the_time_being_and_ended_as_each_party_states(each_state_home: State) -> None:
    ours, theirs = hosting()
    state(ours, agreement(day=date(2006, 1, 1), signed=date(2006, 1, 1), expires=date(2013, 6, 17)))
    state(theirs, agreement(day=date(2006, 1, 1), in_force=date(2006, 6, 17), expires=date(2013, 6, 17)))
    extended = {"agreement": "UA", "change": "extended", "expires": date(2016, 6, 17)}
    state(ours, Term(day=date(2006, 2, 1), agreement="UA", change="provisional"))
    state(theirs, Term(day=date(2013, 3, 1), **extended, release=["*"]))

    def lasts(day: date) -> list[tuple[str, str, date | None]]:
        return [(each.party, each.standing(day), each.last) for each in agreements(Claims(day))["agreement:UA"]]

    assert lasts(date(2006, 1, 15)) == [
        ("SRA", "negotiated", date(2013, 6, 17)),
        (HOSTED, "negotiated", date(2013, 6, 17)),
    ]
    assert lasts(date(2012, 3, 1)) == [("SRA", "provisionally applied", None), (HOSTED, "in force", date(2013, 6, 17))]
    assert lasts(date(2017, 1, 1)) == [("SRA", "provisionally applied", None), (HOSTED, "lapsed", date(2016, 6, 17))]
    state(ours, Term(day=date(2014, 1, 1), agreement="UA", change="ended", expires=date(2014, 12, 31)))
    assert lasts(date(2014, 6, 1))[0][2] == date(2014, 12, 31)
    assert refused(theirs, Term(day=DAY, **{**extended, "expires": date(2016, 1, 1)})) == [(832, "expires")]
    assert refused(theirs, Term(day=date(2014, 1, 1), **{**extended, "expires": date(2016, 6, 17)})) == [
        (832, "expires")
    ]
    assert refused(theirs, Term(day=date(2014, 1, 1), agreement="UA", change="ended")) == [(832, "expires")]
    warned = expiring(Claims(date(2014, 6, 18)), date(2014, 6, 18))
    assert [(each.last, each.months, each.parties, each.disputed) for each in warned] == [
        (date(2014, 12, 31), 12, ("SRA",), True),
        (date(2016, 6, 17), 24, (HOSTED,), True),
    ]
    assert [each.months for each in expiring(Claims(date(2015, 2, 1)), date(2015, 2, 1))] == [0, 24]
    assert expiring(Claims(date(2015, 2, 1)), date(2015, 2, 1), 3)[0].code == "UA"


def test_a_clause_is_told_of_apart_where_it_ends_before_its_agreement(state_home: State) -> None:
    ours, _theirs = hosting()
    state(ours, agreement(in_force=DAY, expires=END), clause(), clause(code="UA.8", expires=date(2026, 12, 31)))
    assert [each.thing for each in expiring(Claims(DAY), DAY)] == ["clause:UA.8", "agreement:UA"]


def test_a_dependency_says_how_things_go_on_and_closes_no_circle(state_home: State) -> None:
    ours, theirs = hosting()
    state(ours, agreement(in_force=DAY, expires=END), clause(), project("P-1"), project("P-2"), project("P-3"))
    assert refused(ours, dependency(payment="under", until=None)) == [(830, "instead")]
    assert refused(ours, dependency(until=None)) == [(830, "until")]
    assert refused(ours, dependency(payment="stops")) == [(830, "until")]
    assert refused(ours, dependency(authority="halts")) == [(801, "authority")]
    on_each_other = [("P-2", "P-1"), ("P-3", "P-2"), ("P-1", "P-3")]
    ring = [
        dependency(what=f"project:{what}", on=f"project:{on}", payment="stops", until=None)
        for what, on in on_each_other
    ]
    assert refused(ours, *ring) == [(831, "on")] * 3
    state(ours, *ring[:2])
    assert refused(ours, ring[2]) == [(831, "on")]
    state(theirs, ring[2])
    found = what_lapses(Claims(DAY), "project:P-1", END)
    assert found.circles == [["project:P-1", "project:P-3", "project:P-2", "project:P-1"]]


def test_a_dependency_that_outlasts_nothing_is_warned_of(state_home: State) -> None:
    from openmpca.record import commands

    ours, _theirs = hosting()
    state(ours, agreement(in_force=DAY, expires=END), clause(), clause(code="UA.8"), project("P-1"))
    early = dependency(payment="until", until=date(2026, 12, 31), access="under", instead="clause:UA.8")
    made = commands.state([early], ours)
    assert [(each.rule, each.field) for each in made.problems] == [(833, "until"), (833, "instead")]
