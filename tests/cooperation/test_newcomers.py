"""Third countries: milestones in the eyes of each, needs and offers, consent before anything is shown, a pack."""

from datetime import date
from typing import Any

import pytest

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.newcomers import matching, milestones, starting
from openmpca.cooperation.newcomers.statements import (
    ISSUES,
    Area,
    Condition,
    Consent,
    Match,
    Need,
    Newcomer,
    Offer,
    Support,
)
from openmpca.problems import errors
from tests.cooperation.joint import DAY, HOSTED, hosting, refused, state
from tests.record.test_command_line import Run
from tests.state import State
from tests.web.conftest import signed_in

ALL: dict[str, Any] = {"day": DAY, "release": ["*"]}
BOTH: dict[str, Any] = {"day": DAY, "release": ["SRA", HOSTED]}


def a_newcomer() -> tuple[Any, Any]:
    """HOS is the newcomer NC and has a need; SRA offers."""
    ours, theirs = hosting()
    state(ours, Area(**ALL, code="DET", title="Detection"))
    state(theirs, Newcomer(**ALL, code="NC", title="Newcomer", answers=HOSTED, phase=1))
    state(theirs, Need(**BOTH, code="N-1", newcomer="NC", area="DET", title="Detectors at the border"))
    state(ours, Offer(**BOTH, code="O-1", area="DET", title="Detectors", sort="equipment", last=date(2027, 12, 31)))
    return ours, theirs


def test_a_match_stands_when_the_newcomer_consents_and_is_not_shown_before(state_home: State) -> None:
    ours, theirs = a_newcomer()
    match: dict[str, Any] = {"day": DAY, "code": "M-1", "need": "N-1", "offer": "O-1"}
    assert refused(ours, Match(**match, release=["*"])) == [(722, "release")]
    state(ours, Match(**match, release=[HOSTED]))
    consent: dict[str, Any] = {**ALL, "match": "M-1", "answer": "accepted"}
    assert refused(ours, Consent(**consent)) == [(721, "match")]
    (found,) = matching.needs(Claims(DAY))
    assert (found.unmet, [each.state for each in found.matches]) == (True, ["waits"])
    assert [each.code for each in found.fitting] == ["O-1"]
    state(theirs, Consent(**consent, published=True))
    (found,) = matching.needs(Claims(DAY))
    assert (found.unmet, [each.state for each in found.matches]) == (False, ["accepted"])
    state(ours, Match(**{**match, "code": "M-1"}, release=["*"], replaces=_number("cooperation.match")))


def _number(kind: str) -> int:
    from openmpca.record import reading

    return reading.last(1, kind=kind)[0].number


def test_a_declined_match_leaves_the_need_open(state_home: State) -> None:
    ours, theirs = a_newcomer()
    state(ours, Match(day=DAY, code="M-1", need="N-1", offer="O-1", release=[HOSTED]))
    state(theirs, Consent(**ALL, match="M-1", answer="declined", reason="Not these"))
    (found,) = matching.needs(Claims(DAY), "NC")
    assert (found.unmet, [each.state for each in found.matches]) == (True, ["declined"])


def test_support_that_may_be_given_twice_is_told(state_home: State) -> None:
    ours, theirs = a_newcomer()
    given: dict[str, Any] = {**ALL, "need": "N-1", "title": "Portals"}
    year = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}
    later = {"first": date(2027, 1, 1), "last": date(2027, 12, 31)}
    state(ours, Support(**given, code="S-1", **year), Support(**given, code="S-2", **year))
    assert list(matching.doubles(Claims(DAY))) == []
    state(theirs, Support(**given, code="S-3", **later))
    assert list(matching.doubles(Claims(DAY))) == []
    state(theirs, Support(**given, code="S-4", **year))
    assert [(each.need, each.other.code) for each in matching.doubles(Claims(DAY))] == [("N-1", "S-4")] * 2
    assert not matching.needs(Claims(DAY))[0].unmet


def test_what_cannot_be_is_refused_with_its_rule(state_home: State) -> None:
    ours, _theirs = a_newcomer()
    assert refused(ours, Newcomer(**ALL, code="X", title="X", answers="SRA", phase=4)) == [(720, "phase")]
    assert refused(ours, Need(**ALL, code="N-2", newcomer="NC", area="DET", title="x")) == [(724, "newcomer")]
    wrong = {"first": date(2026, 2, 1), "last": date(2026, 1, 1)}
    assert refused(ours, Offer(**ALL, code="O-2", area="DET", title="x", sort="training", **wrong)) == [(723, "last")]


def test_milestones_are_seen_by_each_for_itself(each_state_home: State) -> None:
    ours, theirs = a_newcomer()
    seen: dict[str, Any] = {**ALL, "newcomer": "NC", "issue": "safeguards", "phase": 1}
    state(theirs, Condition(**seen, status="met", evidence="Law 5"))
    state(ours, Condition(**seen, status="in progress", asked="A register"))
    own, other = milestones.matrices(Claims(DAY), "NC")
    assert (own.party, own.status("safeguards", 1), own.status("safeguards", 2)) == (HOSTED, "met", "unknown")
    assert other.counted(1)["unknown"] == len(ISSUES) - 1
    assert [each.said.asked for each in other.asked] == ["A register"]
    assert milestones.differing([own, other]) == [("safeguards", 1, {HOSTED: "met", "SRA": "in progress"})]


@pytest.mark.parametrize("kind", list(starting.packs()))
def test_a_pack_sets_up_register_and_checklist_once(state_home: State, kind: str) -> None:
    from openmpca.record import commands

    ours, _theirs = hosting()
    asked = starting.Asked("NC", "Newland", "SRA", "NC", "NCA-", "NCA1", kind, 1)
    said = starting.pack(asked, DAY)
    made = commands.state(said, ours)
    assert not errors(made.problems)
    assert len(milestones.matrices(Claims(DAY), "NC")[0].conditions) == 2 * len(ISSUES)
    assert starting.pack(asked, DAY) == []


def test_the_faces_show_needs_and_keep_what_is_kept(site: State, run: Run) -> None:
    ours, theirs = a_newcomer()
    state(theirs, Need(day=DAY, code="QX-1", newcomer="NC", area="DET", title="Kept to itself"))
    state(ours, Match(day=DAY, code="M-1", need="N-1", offer="O-1", release=[HOSTED]))
    state(theirs, Condition(**ALL, newcomer="NC", issue="safeguards", phase=1, status="met"))
    anna, hana = signed_in("anna"), signed_in("hana")
    assert "QX-1" not in anna.get("/cooperation/newcomers").content.decode()
    assert "QX-1" not in anna.get("/cooperation/newcomer?code=NC").content.decode()
    assert "Answer match M-1" not in anna.get("/cooperation/newcomer?code=NC").content.decode()
    shown = hana.get("/cooperation/newcomer?code=NC").content.decode()
    assert "QX-1" in shown
    assert "Answer match M-1" in shown
    assert anna.get("/api/cooperation/newcomer?code=XX").status_code == 404
    assert [each["need"] for each in run.json("newcomer", "needs", "--unmet", "--reader", "SRA")[1]] == ["N-1"]
    assert run.json("newcomer", "milestones", "NC")[1][5]["phase_1"] == "met"
    options = ["--name", "Newland", "--country", "NC", "--facility", "NCA-", "--mba", "NCA1", "--by", "anna"]
    assert run.text("newcomer", "pack", "NEW", *options, "--kind", "moon base")[0] != 0
    assert run.text("newcomer", "pack", "NEW", *options, "--dry-run")[0] == 0
