"""Following up: joint acceptance, what to examine first, denied access, actions that go up; by command and page too."""

from datetime import date
from typing import Any

import pytest

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.oversight.examining import ASSURANCE, ranked
from openmpca.cooperation.oversight.following import actions, deliverables, requests
from openmpca.cooperation.oversight.statements import (
    ACCEPTED,
    DENIED,
    METHODS,
    OFFERED,
    REFUSED,
    Acceptance,
    Access,
    AccessAnswer,
    Action,
    ActionDone,
    Asset,
    Check,
    Deliverable,
    Finding,
    Minutes,
)
from tests.cooperation.joint import DAY, HOSTED, hosting, refused, state
from tests.cooperation.signing import board
from tests.cooperation.test_projects import project
from tests.record.test_command_line import Run
from tests.state import State
from tests.web.conftest import signed_in

ALL = {"release": ["*"]}


def deliverable(**others: Any) -> Deliverable:
    given = {"day": DAY, "code": "DL-1", "project": "P-07", "title": "Hall 5", "giver": "SRA"}
    return Deliverable(**{**given, "accepted_by": ["SRA", HOSTED], **ALL, **others})


def verdict(name: str, on: str, **others: Any) -> Acceptance:
    return Acceptance(day=date.fromisoformat(on), deliverable="DL-1", verdict=name, **{**ALL, **others})


def asset(code: str, value: str, **others: Any) -> Asset:
    given = {"day": DAY, "code": code, "project": "P-07", "title": code, "value": value, "currency": "EUR"}
    where = {"place": "Hall 5", "condition": "in order", "custodian": HOSTED, "holder": "SRA"}
    return Asset(**{**given, **where, **ALL, **others})


def seen(code: str, on: str, method: str = "visit", result: str = "as stated") -> Check:
    day = date.fromisoformat(on)
    return Check(day=day, asset=code, method=method, result=result, evidence="Sheet 3", release=["*"])


def access(**others: Any) -> Access:
    given = {"day": DAY, "code": "AX-1", "host": HOSTED, "project": "P-07", "place": "Hall 5", "assets": ["B"]}
    return Access(**{**given, "wanted": date(2026, 5, 1), "answer_by": date(2026, 4, 1), **ALL, **others})


def action(**others: Any) -> Action:
    given = {"day": DAY, "code": "AC-1", "of": "project:P-07", "title": "Send the drawings", "owner": HOSTED}
    ladder = {"1": "project leads", "14": "co-chairs"}
    return Action(**{**given, "due": date(2026, 4, 1), "ladder": ladder, **ALL, **others})


def test_a_deliverable_is_accepted_by_all_who_are_named_since_it_was_last_offered(state_home: State) -> None:
    ours, theirs = hosting()
    state(ours, project(release=["*"]), deliverable())
    assert deliverables(Claims(DAY), "P-07")[0].standing == "not offered"
    assert refused(theirs, verdict(OFFERED, "2026-03-02")) == [(890, "verdict")]
    assert refused(ours, verdict(ACCEPTED, "2026-03-02", act="0" * 64)) == [(890, "verdict")]
    state(ours, verdict(OFFERED, "2026-03-02"))
    assert deliverables(Claims(date(2026, 3, 3)))[0].awaited == (HOSTED,)
    assert refused(theirs, verdict(REFUSED, "2026-03-04")) == [(891, "reason")]
    assert refused(theirs, verdict(ACCEPTED, "2026-03-04")) == [(890, "act")]
    state(theirs, verdict(REFUSED, "2026-03-04", reason="The roof leaks."))
    (found,) = deliverables(Claims(date(2026, 3, 5)))
    assert (found.standing, found.refused) == (REFUSED, ((HOSTED, "The roof leaks."),))
    state(ours, verdict(OFFERED, "2026-03-10"))
    assert deliverables(Claims(date(2026, 3, 11)))[0].standing == "awaits acceptance"
    state(theirs, verdict(ACCEPTED, "2026-03-12", act="0" * 64))
    assert deliverables(Claims(date(2026, 3, 13)))[0].standing == ACCEPTED
    assert deliverables(Claims(date(2026, 3, 13)), "P-08") == []


def test_what_is_worth_most_and_least_assured_is_examined_first(state_home: State) -> None:
    ours, theirs = hosting()
    state(ours, project(release=["*"]), asset("A", "1000"), asset("B", "1000"), asset("C", "10"))
    state(ours, asset("D", "9", condition="disposed of"), asset("E", "1", currency="USD"))
    assert refused(ours, asset("F", "-1")) == [(894, "value")]
    assert set(ASSURANCE) == set(METHODS)
    state(ours, seen("A", "2026-03-11"))
    state(theirs, seen("B", "2026-03-11", "visit"))
    day = date(2026, 3, 21)
    found = ranked(Claims(day))
    assert [(each.claim.code, each.assurance, each.days) for each in found] == [
        ("B", 25, 10),
        ("A", 95, 10),
        ("C", 0, 20),
        ("E", 0, 20),
    ]
    assert found[0].rank == 1000 * 75 * 10
    state(ours, seen("A", "2026-03-20", "tag read", "not as stated"))
    assert {each.claim.code: each.assurance for each in ranked(Claims(day), "P-07")}["A"] == 0
    assert ranked(Claims(day), "P-08") == []


def test_a_request_for_access_has_a_clock_and_a_denial_stays(state_home: State) -> None:
    ours, theirs = hosting()
    state(ours, project(release=["*"]), asset("B", "5"))
    assert refused(ours, access(answer_by=date(2026, 6, 1))) == [(893, "answer_by")]
    state(ours, access())
    assert requests(Claims(date(2026, 3, 30)))[0].standing == "answer is awaited"
    late = requests(Claims(date(2026, 4, 4)))[0]
    assert (late.standing, late.late) == ("answer is late", 3)
    given = {"day": date(2026, 4, 6), "access": "AX-1", "release": ["*"]}
    assert refused(ours, AccessAnswer(**given, answer="access granted")) == [(892, "access")]
    assert refused(theirs, AccessAnswer(**given, answer=DENIED)) == [(891, "reason")]
    state(theirs, AccessAnswer(**given, answer=DENIED, reason="The hall is in use."))
    found = requests(Claims(date(2026, 7, 1)))[0]
    assert (found.standing, found.late) == (DENIED, 5)
    assert ranked(Claims(date(2026, 7, 1)))[0].denied


def test_an_action_that_is_late_goes_up_its_ladder_until_its_owner_has_done_it(state_home: State) -> None:
    ours, theirs = hosting()
    state(ours, project(release=["*"]))
    assert refused(ours, action(ladder={"soon": "x"})) == [(893, "ladder")]
    state(ours, action(), action(code="AC-2", ladder={}))
    levels = [
        {each.claim.code: (each.standing, each.level) for each in actions(Claims(date.fromisoformat(on)))}["AC-1"]
        for on in ("2026-04-01", "2026-04-02", "2026-04-15")
    ]
    assert levels == [("is open", ""), ("is late", "project leads"), ("is late", "co-chairs")]
    done = ActionDone(day=date(2026, 4, 20), action="AC-1", evidence="Letter 9", release=["*"])
    assert refused(ours, done) == [(892, "action")]
    state(theirs, done)
    claims = Claims(date(2026, 5, 1))
    assert [(each.claim.code, each.late) for each in actions(claims)] == [("AC-2", 30), ("AC-1", 19)]
    assert [each.claim.code for each in actions(claims, waiting=True)] == ["AC-2"]


def stated() -> tuple[Any, Any]:
    ours, theirs = hosting()
    state(ours, project(release=["*"]), deliverable(), verdict(OFFERED, "2026-03-02"), asset("B", "5"), access())
    state(ours, action(), board(parties=["SRA", HOSTED]))
    state(ours, Minutes(day=DAY, code="M-1", board="JB", present=["A"], text="Hall 5 was spoken of.", **ALL))
    grave = {"weight": "to be mended", "owner": HOSTED, "evidence": "Photograph 4"}
    state(ours, Finding(day=DAY, code="F-1", about="asset:B", text="The tag is gone.", **grave, **ALL))
    state(ours, seen("B", "2026-03-05"), asset("Q-9", "7", release=[], title="Ours alone"))
    return ours, theirs


def test_following_up_on_the_command_line(
    state_home: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENMPCA_HOME", str(state_home.folder))
    run = Run(monkeypatch, capsys)
    stated()
    when = ("--as-of", "2026-04-20")
    rows = run.json("audit", "plan", *when)[1]
    assert [(row["asset"], row["checked"]) for row in rows] == [("Q-9", "never"), ("B", "2026-03-05")]
    assert [row["asset"] for row in run.json("audit", "plan", "--reader", HOSTED)[1]] == ["B"]
    assert run.json("audit", "access", *when)[1][0]["days_late"] == 19
    assert run.json("audit", "deliverables", *when)[1][0]["awaited"] == HOSTED
    assert run.json("audit", "actions", "--open", *when)[1][0]["gone_up_to"] == "co-chairs"


def test_following_up_on_pages_without_what_was_kept(site: State) -> None:
    _ours, theirs = stated()
    given = {"day": date(2026, 4, 6), "access": "AX-1", "release": ["*"]}
    anna, hana = signed_in("anna"), signed_in("hana")
    before = hana.get("/api/cooperation/examinations?as_of=2026-04-20").json()["blocks"]
    assert before["requests"]["rows"][0]["standing"] == "answer is late"
    state(theirs, AccessAnswer(**given, answer=DENIED, reason="The hall is in use."))
    seen_by_us = anna.get("/cooperation/examinations").content.decode()
    seen_by_them = hana.get("/cooperation/examinations").content.decode()
    assert "Ours alone" in seen_by_us
    assert "Q-9" not in seen_by_them
    for text in ("The hall is in use.", "The tag is gone.", "was denied"):
        assert text in seen_by_them
    followed = hana.get("/cooperation/actions?as_of=2026-04-20").content.decode()
    for text in ("Hall 5 was spoken of.", "co-chairs", "awaits acceptance"):
        assert text in followed
