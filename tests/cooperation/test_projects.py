"""Projects: the life of each as each party sees it, told through record, command line and page."""

from datetime import date
from typing import Any

import pytest

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.projects.life import ENDS, NEXT, following, life, lives
from openmpca.cooperation.projects.statements import STATES, Project, ProjectState
from openmpca.cooperation.statements import Withdrawal
from tests.cooperation.joint import DAY, HOSTED, hosting, received, refused, state
from tests.proof.partner import Partner, met
from tests.record.test_command_line import Run
from tests.state import State
from tests.web.conftest import signed_in


def project(**others: Any) -> Project:
    given = {"day": DAY, "code": "P-07", "title": "Store for spent sources", "parties": ["SRA", HOSTED]}
    return Project(**{**given, **others})


def seen(name: str, on: str = "2026-03-01", **others: Any) -> ProjectState:
    given = {"day": date.fromisoformat(on), "project": "P-07", "state": name, "release": ["*"]}
    return ProjectState(**{**given, **others})


def test_every_state_has_its_place_in_the_life_of_a_project() -> None:
    assert {*NEXT, "suspended"} == set(STATES)
    assert {each for after in NEXT.values() for each in after} | {"suspended", "cancelled"} == set(STATES)
    assert ENDS == ("closed", "cancelled", "completed but not used")
    for each in set(NEXT) - set(ENDS):
        assert {"suspended", "cancelled"} <= set(following([each]))
        assert following([each, "suspended"]) == (each, "cancelled")
    assert set(following(["suspended"])) == set(NEXT) - set(ENDS) | {"cancelled"}


def test_a_life_is_told_step_by_step_by_each_party_for_itself(state_home: State) -> None:
    ours, theirs = hosting()
    state(ours, project(release=["*"]))
    assert refused(ours, project(starts=date(2026, 5, 1), ends=date(2026, 4, 1))) == [(861, "ends")]
    state(ours, seen("executing", "2026-03-01"), seen("offered", "2026-03-20"))
    assert refused(ours, seen("closed", "2026-04-01")) == [(860, "state")]
    assert refused(ours, seen("suspended", "2026-03-10")) == [(860, "state")]
    assert refused(ours, seen("suspended", "2026-04-01"), seen("accepted", "2026-04-02")) == [(860, "state")]
    (unused,) = state(ours, seen("completed but not used", "2026-05-01", reason="The propellant went elsewhere."))
    assert refused(ours, seen("in use", "2026-06-01")) == [(860, "state")]
    state(theirs, seen("in use", "2026-05-10"))
    found = life(Claims(date(2026, 6, 1)), "P-07")
    assert found is not None
    assert (found.title, found.parties) == ("Store for spent sources", [HOSTED, "SRA"])
    assert (found.states, found.differs) == ({"SRA": "completed but not used", HOSTED: "in use"}, True)
    assert found.since == date(2026, 5, 10)
    (before,) = lives(Claims(date(2026, 3, 25)))
    assert (before.states, before.differs) == ({"SRA": "offered"}, False)
    state(ours, seen("accepted", "2026-05-01", replaces=unused))
    state(ours, seen("in use", "2026-05-09"))
    state(theirs, project(title="Hall 5", release=["*"]))
    again = life(Claims(date(2026, 6, 1)), "P-07")
    assert again is not None
    assert (again.differs, again.title) == (False, "Store for spent sources / Hall 5")
    assert life(Claims(date(2026, 6, 1)), "P-08") is None


def test_a_partners_view_of_a_project_stands_beside_ours_and_may_differ(state_home: State) -> None:
    partner = Partner()
    ours, _theirs = hosting(met(partner))
    told = partner.state(
        "cooperation.project", day="2026-02-01", code="P-07", title="Their store", parties=["SRA", "PER"]
    )
    late = partner.state("cooperation.project_state", day="2026-02-10", project="P-07", state="executing")
    received(partner, ours, told, late)
    state(ours, seen("offered"))
    assert refused(ours, seen("funded", "2026-03-02")) == [(860, "state")]
    (found,) = lives(Claims(DAY))
    assert (found.title, found.states) == ("Their store", {"PER": "executing", "SRA": "offered"})


@pytest.fixture
def run(state_home: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("OPENMPCA_HOME", str(state_home.folder))
    return Run(monkeypatch, capsys)


def test_the_command_line_shows_each_partys_state(run: Run) -> None:
    ours, theirs = hosting()
    assert "There are no projects" in run.text("project", "list")[1]
    state(ours, project(release=[HOSTED]), seen("executing", reason="Work goes on."))
    (kept,) = state(theirs, seen("suspended", release=[]))
    code, rows = run.json("project", "list", "--as-of", "2026-04-01")
    assert (code, rows[0]["states"], rows[0]["differs"]) == (0, f"SRA: executing, {HOSTED}: suspended", "yes")
    assert run.json("project", "list", "--as-of", "2026-04-01", "--reader", "SRA")[1][0]["states"] == "SRA: executing"
    code, one = run.json("project", "show", "P-07", "--as-of", "2026-04-01")
    assert one["next"][HOSTED] == [*(each for each in NEXT if each not in ENDS), "cancelled"]
    said = run.text("project", "show", "P-07", "--as-of", "2026-04-01")[1]
    assert "2026-03-01  executing: Work goes on." in said
    assert "next: offered, suspended, cancelled" in said
    state(theirs, Withdrawal(day=DAY, replaces=kept), seen("cancelled", release=[]))
    assert "next: nothing" in run.text("project", "show", "P-07", "--as-of", "2026-04-01")[1]
    assert run.text("project", "show", "P-08")[0] == 4


def test_the_pages_show_both_views_and_nothing_that_was_kept(site: State) -> None:
    ours, theirs = hosting()
    state(ours, project(release=["*"], agreement="", host="SRA"), seen("executing"))
    state(ours, project(code="P-99", title="Kept to ourselves"))
    anna, hana = signed_in("anna"), signed_in("hana")
    listed = anna.get("/cooperation/projects").content.decode()
    assert "Kept to ourselves" in listed
    assert "P-99" not in hana.get("/cooperation/projects").content.decode()
    assert hana.get("/cooperation/project?code=P-99").status_code == 404
    one = hana.get("/cooperation/project?code=P-07").content.decode()
    assert "executing" in one
    assert "given=project%3DP-07" in one
    assert "different states" not in one
    state(theirs, seen("suspended"))
    both = anna.get("/api/cooperation/project?code=P-07").json()["blocks"]
    assert {row["party"]: row["state"] for row in both["course"]["rows"]} == {"SRA": "executing", HOSTED: "suspended"}
    assert "different states" in anna.get("/cooperation/project?code=P-07").content.decode()
    assert "suspended" in anna.get("/cooperation/projects").content.decode()
    state(ours, seen("cancelled", "2026-03-02"))
    assert "nothing more" in anna.get("/cooperation/project?code=P-07").content.decode()
    assert "Nobody has stated" in anna.get("/cooperation/project?code=P-99").content.decode()
