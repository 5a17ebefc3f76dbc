"""Sustaining and handing over: a profile and no score, a gate that all sign, and what the law's date cut off."""

from datetime import date
from typing import Any

from openmpca.cooperation import reading
from openmpca.cooperation.claims import Claims
from openmpca.cooperation.elimination.statements import Site
from openmpca.cooperation.handover import sustaining
from openmpca.cooperation.handover.statements import (
    ELEMENTS,
    Assurance,
    Funding,
    Gate,
    Indicator,
    Level,
    Responsibility,
    Transfer,
    Transition,
)
from openmpca.cooperation.handover.transition import Standing, standings
from tests.cooperation.joint import DAY, HOSTED, hosting, refused, state
from tests.record.test_command_line import Run
from tests.state import State
from tests.web.conftest import signed_in

ALL: dict[str, Any] = {"day": DAY, "release": ["*"]}
LAW = date(2026, 6, 30)
AFTER = date(2026, 9, 1)


def level(indicator: str, number: int, **others: Any) -> Level:
    given = {"site": "S-1", "evidence": "test report 7", "sort": "test", "evidenced": date(2026, 2, 1)}
    return Level(**{**ALL, **given, "indicator": indicator, "level": number, **others})


def a_transition() -> tuple[Any, Any]:
    """A site of HOS with its indicators, and a transition whose gate asks for two of them."""
    ours, theirs = hosting()
    state(ours, *reading.read(reading.example("indicators"), DAY), Site(**ALL, code="S-1", title="Store", host=HOSTED))
    state(ours, Transition(**ALL, code="T-1", title="The store", site="S-1", owner=HOSTED, due=LAW, law="Act of 2020"))
    state(ours, Gate(**ALL, code="G-1", transition="T-1", criteria={"PRO-1": "3", "COST-1": "3"}))
    return ours, theirs


def stands(day: date = DAY) -> Standing:
    (found,) = standings(Claims(day))
    return found


def test_a_site_has_a_profile_in_the_eyes_of_each_party_and_no_score(each_state_home: State) -> None:
    ours, theirs = a_transition()
    state(ours, level("PRO-1", 3), level("PRO-2", 1, evidenced=date(2025, 3, 1), expires=date(2026, 2, 28)))
    state(theirs, level("PRO-1", 4))
    found = {each.element: each for each in sustaining.profile(Claims(DAY), "S-1", "SRA")}
    assert list(found) == list(ELEMENTS)
    procedures = found["procedures"]
    assert (procedures.lowest, len(procedures.stated), procedures.oldest) == (1, 2, 365)
    assert [each.expired for each in procedures.indicators] == [False, True]
    assert procedures.indicators[0].anchor == "Practice was seen to follow them"
    assert found["organisation"].lowest is None
    (owner,) = (each for each in sustaining.profile(Claims(DAY), "S-1", HOSTED) if each.stated)
    assert owner.lowest == 4
    assert sustaining.parties(Claims(DAY), "S-1") == [HOSTED, "SRA"]


def test_a_gate_lacks_what_any_party_does_not_see(state_home: State) -> None:
    ours, theirs = a_transition()
    state(theirs, level("PRO-1", 3), level("COST-1", 3))
    state(ours, level("PRO-1", 2), level("COST-1", 4, expires=date(2026, 3, 31)))
    found = stands(date(2026, 4, 1))
    assert [(each.indicator, each.party, each.why) for each in found.unmet] == [
        ("PRO-1", "SRA", "too low"),
        ("COST-1", "SRA", "evidence expired"),
    ]
    assert (found.state, found.unsigned) == ("planned", ("G-1",))
    assert stands(AFTER).state == "overdue"


def test_the_laws_date_transfers_with_open_conditions(state_home: State) -> None:
    ours, theirs = a_transition()
    state(theirs, level("PRO-1", 3))
    transfer: dict[str, Any] = {**ALL, "transition": "T-1"}
    assert refused(ours, Transfer(**transfer)) == [(744, "open_conditions")]
    assert refused(ours, Transfer(**transfer, open_conditions=["COST-1: no budget"])) == [(744, "open_conditions")]
    state(ours, Transfer(**transfer, open_conditions=["COST-1: no budget", "G-1 is not signed"]))
    seen = {"transition": "T-1", "way": "visit", "result": "sustained in part", "findings": ["Spares lack"]}
    state(ours, Assurance(**{**ALL, "day": AFTER}, code="A-1", **seen), when="2026-09-01")
    found = stands(AFTER)
    assert found.state == "transferred with open conditions"
    assert [each.code for each in found.followed_up] == ["A-1"]


def test_shares_decline_to_the_owner_alone(state_home: State) -> None:
    from openmpca.record import commands

    ours, _theirs = a_transition()

    def year(number: int, own: str, other: str) -> Funding:
        return Funding(**ALL, transition="T-1", year=number, shares={HOSTED: own, "SRA": other})

    assert refused(ours, year(2026, "40", "59.9")) == [(742, "shares")]
    assert (802, "shares") in refused(ours, year(2026, "140", "-40"))
    state(ours, year(2026, "40", "60"))
    assert not stands().owner_alone
    falling = commands.state([year(2027, "30", "70")], ours, dry_run=True)
    assert [each.rule for each in falling.problems] == [745]
    state(ours, year(2027, "100", "0"))
    assert stands().owner_alone


def test_what_cannot_be_is_refused_with_its_rule(state_home: State) -> None:
    from openmpca.record import commands

    ours, _theirs = a_transition()
    indicator: dict[str, Any] = {**ALL, "code": "X", "element": "procedures", "title": "X", "source": "own"}
    assert refused(ours, Indicator(**indicator, anchors=["a"])) == [(740, "anchors")]
    assert refused(ours, level("PRO-1", 5)) == [(740, "level")]
    assert refused(ours, level("PRO-1", 3, evidenced=date(2026, 3, 2))) == [(741, "evidenced")]
    assert refused(ours, level("PRO-1", 3, expires=date(2026, 1, 1))) == [(741, "expires")]
    assert refused(ours, Gate(**ALL, code="G-2", transition="T-1", criteria={"PRO-1": "much"})) == [(746, "criteria")]
    late = Responsibility(
        **ALL, code="R-1", transition="T-1", element="procedures", title="Write", responsible=HOSTED, due=AFTER
    )
    assert [each.rule for each in commands.state([late], ours, dry_run=True).problems] == [743]


def test_the_faces_show_profile_and_transition(site: State, run: Run) -> None:
    ours, theirs = a_transition()
    state(ours, level("PRO-1", 2))
    state(theirs, level("PRO-1", 4, release=[]))
    due = date(2026, 3, 15)
    said: dict[str, Any] = {"transition": "T-1", "element": "procedures", "title": "Write them", "responsible": HOSTED}
    state(ours, Responsibility(**ALL, code="R-1", due=due, **said))
    hana, anna = signed_in("hana"), signed_in("anna")
    told = hana.get("/api/cooperation/transition?code=T-1&as_of=2026-04-01").json()
    assert [each["viewer"] for each in told["blocks"]["unmet"]["rows"]] == ["HOS", "SRA", "SRA"]
    assert [each["code"] for each in told["blocks"]["late"]["rows"]] == ["R-1"]
    shown = hana.get("/cooperation/profile?site=S-1&viewpoint=SRA").content.decode()
    assert "<svg" in shown
    assert "test report 7" in shown
    assert "HOS" not in anna.get("/api/cooperation/transitions").json()["blocks"]["profiles"]["rows"][0]["viewer"]
    assert hana.get("/api/cooperation/transition?code=T-9").status_code == 404
    assert run.json("handover", "transitions", "T-1", "--as-of", "2026-04-01")[1][0]["late"] == ["R-1"]
    rows = run.json("handover", "profile", "S-1", "--viewpoint", HOSTED)[1]
    assert [each["lowest"] for each in rows if each["element"] == "procedures"] == [4]
    assert run.text("handover", "transitions", "T-9")[0] == 4
    assert run.text("handover", "indicators", "--by", "anna", "--dry-run")[0] == 0
