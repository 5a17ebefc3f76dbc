"""Conditions of projects: what nobody has confirmed blocks spending, and says so in record, command line and page."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.conditions.gating import ahead, blocking, conditioned
from openmpca.cooperation.conditions.register import risks
from openmpca.cooperation.conditions.statements import Assumption, Confirmation, Permit, PermitStage, Risk
from tests.cooperation.joint import HOSTED, hosting, refused, state
from tests.cooperation.paying import HALF, obligation, told_of_a_project
from tests.record.test_command_line import Run
from tests.state import State
from tests.web.conftest import signed_in

FIRST = HALF[0]


def assumption(**others: Any) -> Assumption:
    given = {
        "day": FIRST,
        "code": "A-1",
        "project": "P-1",
        "title": "Propellant to burn",
        "owners": {"SRA": "Programme office", HOSTED: "Plant"},
        "confirm_every": 30,
        "quantity": "30 000 t",
        "delay_cost": "3000000",
        "currency": "USD",
        "release": ["*"],
    }
    return Assumption(**{**given, **others})


def confirmed(on: str, finding: str = "holds", evidence: str = "Counted in the tank farm.") -> Confirmation:
    return Confirmation(day=date.fromisoformat(on), assumption="A-1", finding=finding, evidence=evidence, release=["*"])


def permit(**others: Any) -> Permit:
    given = {
        "day": FIRST,
        "code": "C-1",
        "project": "P-1",
        "sort": "customs certificate",
        "title": "Duty free entry of the incinerators",
        "by": HOSTED,
        "authority": "Customs committee",
        "lead_days": 60,
        "release": ["*"],
    }
    return Permit(**{**given, **others})


def reached(on: str, stage: str, **others: Any) -> PermitStage:
    return PermitStage(day=date.fromisoformat(on), permit="C-1", stage=stage, release=["*"], **others)


def why(on: str, project: str = "P-1", **others: Any) -> list[tuple[str, str, date]]:
    day = date.fromisoformat(on)
    return [(each.code, each.why, each.since) for each in blocking(Claims(day, **others), project, day)]


def test_an_assumption_blocks_until_every_owner_has_confirmed_it_and_again_when_that_is_stale(
    state_home: State,
) -> None:
    ours, theirs = hosting()
    told_of_a_project(ours, release=["*"])
    state(ours, assumption())
    assert why("2026-02-01") == [("A-1", f"{each} has not confirmed it.", FIRST) for each in sorted(["SRA", HOSTED])]
    state(ours, confirmed("2026-02-01"))
    (waits,) = blocking(Claims(date(2026, 2, 2)), "P-1", date(2026, 2, 2))
    assert (waits.party, waits.cost, waits.currency) == (HOSTED, Decimal(3000000), "USD")
    assert refused(ours, obligation(day=date(2026, 2, 2), project="P-1")) == [(884, "project")]
    state(ours, obligation(code="O-9", day=date(2026, 2, 2), project="P-2", costline="", amount="1"))
    state(theirs, confirmed("2026-02-03"))
    state(ours, obligation(day=date(2026, 2, 4), project="P-1", amount="100"))
    assert why("2026-03-03") == []
    assert why("2026-03-04") == [
        ("A-1", "SRA confirmed it on 2026-02-01, which held until 2026-03-03.", date(2026, 3, 4))
    ]
    assert [(each.party, each.due) for each in ahead(Claims(date(2026, 3, 1)), "P-1", date(2026, 3, 1), 10)] == [
        ("SRA", date(2026, 3, 3)),
        (HOSTED, date(2026, 3, 5)),
    ]
    state(ours, confirmed("2026-03-04"))
    (number,) = state(theirs, confirmed("2026-03-04", "fails", "It goes to the space programme."))
    assert why("2026-03-05") == [
        ("A-1", f"{HOSTED} finds that it fails: It goes to the space programme.", date(2026, 3, 4))
    ]
    assert why("2026-03-05", known_at=number - 1) == []
    assert refused(ours, obligation(code="O-2", day=date(2026, 3, 5), project="P-1", amount="1")) == [(884, "project")]
    state(theirs, confirmed("2026-03-06", "in doubt", "Half of it is left."))
    assert why("2026-03-07")[0][1].startswith(f"{HOSTED} finds that it is in doubt")


def test_the_shortest_interval_and_every_owner_that_anybody_names_count(state_home: State) -> None:
    ours, theirs = hosting()
    told_of_a_project(ours, release=["*"])
    state(ours, assumption(owners={"SRA": "Office", HOSTED: "Plant"}, delay_cost="", currency=""))
    state(theirs, assumption(confirm_every=10, delay_cost="5", currency="EUR"))
    state(ours, confirmed("2026-02-01"))
    state(theirs, confirmed("2026-02-08"))
    assert [each[1] for each in why("2026-02-12")] == ["SRA confirmed it on 2026-02-01, which held until 2026-02-11."]
    (each,) = blocking(Claims(date(2026, 2, 12)), "P-1", date(2026, 2, 12))
    assert (each.cost, each.currency) == (Decimal(5), "EUR")


def test_a_permit_blocks_from_when_it_is_needed_until_it_is_granted_and_when_it_ends(state_home: State) -> None:
    ours, theirs = hosting()
    told_of_a_project(ours, release=["*"])
    state(ours, permit(needed=date(2026, 4, 1)))
    day = date(2026, 1, 20)
    assert [(each.due, each.what) for each in ahead(Claims(day), "P-1", day, 30)] == [
        (date(2026, 1, 31), f"{HOSTED} asks Customs committee, which takes 60 days.")
    ]
    assert why("2026-03-31") == []
    assert why("2026-04-01")[0][1:] == (f"{HOSTED} has not asked Customs committee for it.", date(2026, 4, 1))
    assert refused(ours, reached("2026-04-02", "granted")) == [(881, "permit")]
    state(theirs, reached("2026-04-02", "asked for"))
    assert why("2026-04-03")[0][1] == "It is asked for since 2026-04-02, from Customs committee."
    state(theirs, reached("2026-05-01", "granted", until=date(2026, 9, 30), reference="77-A"))
    assert why("2026-05-02") == []
    day = date(2026, 7, 1)
    assert [each.due for each in ahead(Claims(day), "P-1", day, 60)] == [date(2026, 8, 1)]
    assert why("2026-10-02") == [("C-1", "It ended on 2026-09-30.", date(2026, 10, 1))]
    assert conditioned(Claims(day)) == ["P-1"]


def test_conditions_are_stated_by_who_answers_for_them_and_in_their_form(state_home: State) -> None:
    ours, theirs = hosting()
    told_of_a_project(ours, release=["*"])
    assert refused(ours, assumption(owners={"SRA": "Office"})) == [(880, "owners")]
    assert refused(ours, assumption(confirm_every=0)) == [(880, "confirm_every")]
    assert refused(ours, assumption(currency="")) == [(882, "delay_cost")]
    assert refused(ours, assumption(delay_cost="-1")) == [(882, "delay_cost")]
    assert refused(ours, permit(lead_days=-1)) == [(883, "lead_days")]
    rated = {"day": FIRST, "code": "R-1", "project": "P-1", "title": "Local consent", "owner": HOSTED}
    assert refused(ours, Risk(**rated, likelihood=0, impact=6)) == [(883, "likelihood"), (883, "impact")]
    state(ours, assumption(owners={"SRA": "A", HOSTED: "B"}), Risk(**rated, likelihood=4, impact=5, release=["*"]))
    from openmpca.record.statements import Party

    state(ours, Party(day=FIRST, code="FAR", name="Far"))
    state(ours, assumption(code="A-2", owners={"SRA": "A", "FAR": "B"}))
    strange = Confirmation(day=FIRST, assumption="A-2", finding="holds", evidence="Seen.")
    assert refused(theirs, strange) == [(881, "assumption")]
    state(theirs, Risk(**rated, likelihood=2, impact=2), Risk(**{**rated, "code": "R-2"}, likelihood=5, impact=5))
    state(theirs, Risk(**{**rated, "code": "R-3"}, likelihood=5, impact=5, closed=True))
    found = risks(Claims(FIRST), "P-1")
    assert [(each.code, each.score, each.differs) for each in found] == [
        ("R-2", 25, False),
        ("R-1", 20, True),
        ("R-3", 0, False),
    ]


@pytest.fixture
def run(state_home: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("OPENMPCA_HOME", str(state_home.folder))
    return Run(monkeypatch, capsys)


def stated() -> tuple[Any, Any]:
    ours, theirs = hosting()
    told_of_a_project(ours, release=["*"])
    state(ours, assumption(), confirmed("2026-02-01"), permit(needed=date(2026, 3, 1)))
    rated = {"day": FIRST, "code": "R-1", "project": "P-1", "title": "Local consent", "owner": HOSTED}
    state(theirs, Risk(**rated, likelihood=4, impact=5))
    return ours, theirs


def test_the_command_line_tells_what_blocks_what_is_due_and_which_risks_there_are(run: Run) -> None:
    stated()
    rows = run.json("condition", "blocked", "--as-of", "2026-02-10")[1]
    assert [(row["waits_for"], row["month_of_delay"]) for row in rows] == [(HOSTED, "3000000 USD")]
    assert "has not confirmed it" in run.text("condition", "blocked", "P-1", "--as-of", "2026-02-10")[1]
    assert "Nothing blocks" in run.text("condition", "blocked", "P-2")[1]
    due = run.json("condition", "due", "--as-of", "2026-01-01", "--days", "60")[1]
    assert [row["due"] for row in due] == ["2025-12-31"]
    assert run.json("condition", "due", "P-1", "--as-of", "2026-02-02")[1][1]["due"] == "2026-03-03"
    assert [row["rating"] for row in run.json("condition", "risks")[1]] == ["4 x 5"]
    assert "There are no risks." in run.text("condition", "risks", "--reader", "SRA")[1]


def test_the_pages_show_the_same_and_nothing_that_was_kept(site: State) -> None:
    ours, theirs = stated()
    state(ours, assumption(code="A-7", title="Kept to ourselves", release=[]))
    anna, hana = signed_in("anna"), signed_in("hana")
    own = anna.get("/cooperation/conditions").content.decode()
    seen = hana.get("/cooperation/conditions").content.decode()
    assert "Kept to ourselves" in own
    assert "A-7" not in seen
    assert "has not confirmed it" in seen
    project = hana.get("/cooperation/project?code=P-1")
    assert project.status_code in (200, 404)
    blocks = anna.get("/api/cooperation/project?code=P-1").json()["blocks"]
    assert {row["condition"] for row in blocks["blocked"]["rows"]} == {"A-1", "A-7", "C-1"}
    state(theirs, confirmed("2026-02-20"), reached("2026-02-20", "granted", until=date(2026, 12, 31)))
    rows = anna.get("/api/cooperation/conditions?project=P-1&as_of=2026-02-21").json()["blocks"]
    assert [row["condition"] for row in rows["blocked"]["rows"]] == ["A-7", "A-7"]
    assert {row["stage"] for row in rows["permits"]["rows"]} == {"granted"}
    assert "Local consent" not in anna.get("/cooperation/risks").content.decode()
    assert "Local consent" in hana.get("/cooperation/risks").content.decode()
