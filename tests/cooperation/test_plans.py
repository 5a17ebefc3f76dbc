"""Plans: revisions valid by decision, the picture beside its baseline, earned value in exact decimals and its flaws."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openmpca.cooperation.boards.deciding import in_force
from openmpca.cooperation.claims import Claims
from openmpca.cooperation.planning.earned import _rounded, earned, planned_share
from openmpca.cooperation.planning.pictures import gantt
from openmpca.cooperation.planning.plans import paper, plan, revisions
from openmpca.cooperation.planning.rules import circle_of
from openmpca.cooperation.planning.statements import (
    LogLine,
    Milestone,
    PeriodClose,
    Plan,
    Progress,
    Reached,
    Task,
)
from openmpca.pages.blocks import Table
from openmpca.pages.charts import draw, drawing
from openmpca.pages.charts.described import Gantt, Span
from tests.cooperation.joint import DAY, HOSTED, hosting, refused, state
from tests.cooperation.signing import PARTIES, decision, joint
from tests.cooperation.test_projects import project
from tests.record.test_command_line import Run
from tests.state import State
from tests.web.conftest import signed_in

APRIL = (date(2026, 4, 1), date(2026, 4, 30))
MAY = (date(2026, 5, 1), date(2026, 5, 31))


def the_plan(code: str = "PL-1", revision: int = 1, **others: Any) -> Plan:
    return Plan(day=DAY, code=code, project="P-07", revision=revision, title="Plan", release=["*"], **others)


def task(wbs: str = "1.1", when: tuple[date, date] = APRIL, **others: Any) -> Task:
    given = {"day": DAY, "plan": "PL-1", "wbs": wbs, "title": "Foundation", "owner": "SRA", "release": ["*"]}
    money = {"budget": "300", "currency": "EUR"}
    return Task(**{**given, **money, "starts": when[0], "ends": when[1], **others})


def told(on: str, done: str, cost: str = "", evidence: str = "Photographs", **others: Any) -> Progress:
    given = {"day": date.fromisoformat(on), "project": "P-07", "wbs": "1.1", "done": done, "cost": cost}
    return Progress(**{**given, "currency": "EUR" if cost else "", "evidence": evidence, "release": ["*"], **others})


def planned(act: Any) -> None:
    milestone = {"day": DAY, "plan": "PL-1", "owner": "SRA", "release": ["*"]}
    state(
        act,
        project(starts=date(2026, 3, 1), release=["*"]),
        the_plan(),
        task(),
        task("1.2", MAY, title="Walls", budget="700", after=["1.1"]),
        Milestone(**milestone, code="M-1", title="Hall handed over", due=date(2026, 6, 1)),
        LogLine(
            day=DAY,
            plan="PL-1",
            level="output",
            aim="Hall 5 stands",
            indicator="Halls accepted",
            baseline="0",
            target="1",
            source="Acceptance act",
            release=["*"],
        ),
    )


def test_a_revision_is_valid_by_a_decision_over_just_its_content(state_home: State) -> None:
    us = joint()
    planned(us.ours)
    day = date(2092, 1, 1)
    first = plan(Claims(day), "P-07")
    assert first is not None
    assert first.draft
    assert plan(Claims(day), "P-08") is None
    said = decision(attachments={paper("PL-1"): first.current.digest}, about=["plan:PL-1"])
    state(us.ours, said)
    for party in PARTIES:
        us.sign(said, party)
    assert in_force(Claims(day), "D-7") is not None
    valid = plan(Claims(day), "P-07")
    assert valid is not None
    assert (valid.draft, valid.current.approved, valid.current.since) == (False, "D-7", date(2091, 3, 2))
    state(us.ours, the_plan("PL-2", 2), task(plan="PL-2", when=(APRIL[0], MAY[1])))
    assert [(each.code, each.approved) for each in revisions(Claims(day), "P-07")] == [("PL-1", "D-7"), ("PL-2", "")]
    still = plan(Claims(day), "P-07")
    assert still is not None
    assert still.current.code == "PL-1"
    state(us.ours, task("1.3", MAY))
    changed = plan(Claims(day), "P-07")
    assert changed is not None
    assert changed.draft


def test_plans_that_cannot_be_are_refused_by_name(state_home: State) -> None:
    ours, theirs = hosting()
    planned(ours)
    assert refused(ours, the_plan("PL-9", 1)) == [(862, "revision")]
    assert refused(ours, the_plan("PL-9", 0)) == [(862, "revision")]
    assert state(theirs, the_plan("PL-1", 1))
    assert refused(ours, task("1.9", (APRIL[1], APRIL[0]))) == [(861, "ends")]
    assert refused(ours, task("1.9", (date(2026, 2, 1), APRIL[1]))) == [(863, "starts")]
    early = Milestone(day=DAY, code="M-2", plan="PL-1", title="Early", owner="SRA", due=date(2026, 2, 1))
    assert refused(ours, early) == [(863, "due")]
    assert refused(ours, task("1.9", after=["7"])) == [(864, "after")]
    assert refused(ours, task("1.8", after=["1.9"]), task("1.9", after=["1.8"])) == [(864, "after"), (864, "after")]
    assert refused(ours, task("1.9", currency="")) == [(865, "budget")]
    assert refused(ours, task("1.9", budget="-1")) == [(865, "budget")]
    assert refused(ours, told("2026-04-01", "1", "5", currency="")) == [(865, "cost")]
    assert circle_of({"a": ["b", "c"], "b": ["c"], "c": []}, "a") == []


def test_earned_value_is_reckoned_exactly_and_told_with_its_flaws(state_home: State) -> None:
    ours, theirs = hosting()
    planned(ours)
    state(ours, told("2026-04-15", "40", "150.10"), told("2026-05-10", "100", "333.3333"))
    state(ours, told("2026-05-10", "10", "70", wbs="1.2"))
    (found,) = earned(Claims(date(2026, 5, 10)), "P-07", date(2026, 5, 10))
    assert (found.currency, found.bac, found.ac) == ("EUR", Decimal(1000), Decimal("403.3333"))
    assert found.pv == Decimal("525.8065")
    assert (found.ev, found.sv, found.cv) == (Decimal(370), Decimal("-155.8065"), Decimal("-33.3333"))
    assert (found.spi, found.cpi, found.eac) == (Decimal("0.704"), Decimal("0.917"), Decimal("1090.0900"))
    assert found.flaws == ()
    (april,) = earned(Claims(date(2026, 4, 15)), "P-07", date(2026, 4, 15))
    assert (april.pv, april.ev, april.ac) == (Decimal(150), Decimal(120), Decimal("150.1"))
    (before,) = earned(Claims(DAY), "P-07", DAY)
    assert (before.pv, before.spi, before.cpi, before.eac) == (Decimal(0), None, None, None)
    assert earned(Claims(DAY), "P-08", DAY) == []
    state(theirs, told("2026-05-11", "5", wbs="1.1", evidence=""))
    state(ours, PeriodClose(day=date(2026, 5, 12), project="P-07", until=date(2026, 5, 11), release=["*"]))
    state(ours, told("2026-05-11", "90", "300"), told("2026-05-12", "0", "9", wbs="7"))
    state(ours, told("2026-03-10", "1", wbs="1.2"))
    (flawed,) = earned(Claims(date(2026, 6, 1)), "P-07", date(2026, 6, 1))
    assert [(each.wbs, each.party, each.what.split(", on ")[0]) for each in flawed.flaws] == [
        ("1.1", HOSTED, "5 % are told without evidence."),
        ("1.1", "SRA", "Cost of 2026-05-11 is told after the time up to 2026-05-11 was closed"),
        ("1.1", "SRA", "It goes back from 100 % to 90 %."),
        ("1.1", "SRA", "Its cost goes back from 333.3333 to 300 EUR."),
        ("1.2", "SRA", "1 % are told on 2026-03-10, before the task begins on 2026-05-01."),
        ("7", "SRA", "The baseline has no task 7."),
        ("7", "SRA", "9 EUR are spent, and nothing is done."),
    ]


@given(st.fractions(min_value=-(10**9), max_value=10**9))
def test_a_fraction_is_rounded_once_half_to_even(value: Fraction) -> None:
    unit = Decimal("0.0001")
    rounded = _rounded(value, unit)
    away = abs(Fraction(rounded) - value)
    assert away <= Fraction(unit) / 2
    if away == Fraction(unit) / 2:
        assert int(rounded / unit) % 2 == 0


@given(st.dates(), st.integers(0, 500), st.integers(-5, 600))
def test_the_planned_share_goes_from_nothing_to_all_and_never_back(first: date, length: int, at: int) -> None:
    from datetime import timedelta

    if first.toordinal() < 10 or first.toordinal() + 2000 > date.max.toordinal():
        return
    piece = task(when=(first, first + timedelta(length)))
    share = planned_share(piece, first + timedelta(at))
    assert 0 <= share <= planned_share(piece, first + timedelta(at + 1)) <= 1
    assert planned_share(piece, piece.ends) == 1


def test_the_picture_has_the_present_beside_the_baseline(state_home: State) -> None:
    ours, _theirs = hosting()
    planned(ours)
    state(ours, told("2026-04-15", "50", expected=date(2026, 5, 20)))
    state(ours, Reached(day=date(2026, 5, 28), milestone="M-1", evidence="Act 7", release=["*"]))
    claims = Claims(date(2026, 5, 29))
    found = plan(claims, "P-07")
    assert found is not None
    chart = gantt(claims, "P-07", found)
    assert [(each.name, each.now[1], each.done) for each in chart.spans] == [
        ("1.1 Foundation", date(2026, 5, 20), Fraction(1, 2)),
        ("1.2 Walls", date(2026, 5, 31), 0),
        ("M-1 Hall handed over", date(2026, 5, 28), 1),
    ]
    assert "1 later than in the baseline" in chart.summary
    svg = drawing(chart, "gantt").svg
    assert svg.count("<rect") == 5
    assert svg.count("<path") == 1
    assert "2026-05-29" in svg


def test_a_gantt_chart_is_drawn_whatever_stands_in_it() -> None:
    empty = Gantt(title="None", summary="Nothing", unit="", table=Table([], {}), spans=[])
    assert draw(empty).startswith("<svg")
    day = date(2026, 1, 1)
    spans = [
        Span("<b>&", (day, day), (day, day)),
        Span("a name that is far too long for the place that there is", (day, day), point=True),
    ]
    chart = Gantt(title="T", summary="S", unit="", table=Table([], {}), spans=spans, today=date(2030, 1, 1))
    for width in (350, 720):
        for rtl in (False, True):
            svg = draw(chart, width=width, rtl=rtl)
            assert "&lt;b&gt;&amp;" in svg
            assert "2030" not in svg
            assert draw(chart, width=width, rtl=rtl) == svg


@pytest.fixture
def run(state_home: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("OPENMPCA_HOME", str(state_home.folder))
    return Run(monkeypatch, capsys)


def test_the_command_line_shows_the_plan_its_content_and_its_figures(run: Run, tmp_path: Path) -> None:
    ours, _theirs = hosting()
    assert run.text("plan", "show", "P-07")[0] == 4
    planned(ours)
    state(ours, told("2026-04-15", "50", "160", evidence=""))
    shown = run.json("plan", "show", "P-07", "--as-of", "2026-05-01")[1]
    assert (shown["current"], shown["draft"], shown["tasks"][0]["done"]) == ("PL-1", True, "50")
    assert "1.2 Walls" in run.text("plan", "show", "P-07")[1]
    made = run.json("plan", "content", "P-07", "PL-1", "--out", str(tmp_path / "plan.json"))[1]
    assert (made["paper"], made["sha256"]) == ("plan PL-1", shown["revisions"][0]["sha256"])
    assert run.text("plan", "content", "P-07", "PL-9", "--out", str(tmp_path / "x.json"))[0] == 4
    figures = run.json("plan", "earned", "P-07", "--as-of", "2026-04-15")[1]
    assert (figures["figures"][0]["ev"], figures["figures"][0]["spi"]) == ("150.0000", "1.000")
    assert "50 % are told without evidence." in run.text("plan", "earned", "P-07")[1]
    assert "There are no budgets" in run.text("plan", "earned", "P-08")[1]


def test_the_pages_show_plan_and_earned_value_and_nothing_that_was_kept(site: State) -> None:
    ours, _theirs = hosting()
    planned(ours)
    state(ours, project(code="P-99", title="Kept"), told("2026-04-15", "50", "160", evidence=""))
    state(ours, task("1.9", MAY, title="Kept to ourselves", release=[]))
    anna, hana = signed_in("anna"), signed_in("hana")
    own = anna.get("/cooperation/plan?project=P-07").content.decode()
    assert "<svg" in own
    assert "Kept to ourselves" in own
    seen = hana.get("/cooperation/plan?project=P-07").content.decode()
    assert "A draft" in seen
    assert "Hall 5 stands" in seen
    assert "Kept to ourselves" not in seen
    assert hana.get("/cooperation/plan?project=P-99").status_code == 404
    assert hana.get("/cooperation/earned?project=P-99").status_code == 404
    assert "No plan is stated" in anna.get("/cooperation/plan?project=P-99").content.decode()
    assert "no budgets" in anna.get("/cooperation/earned?project=P-99").content.decode()
    sha = anna.get("/api/cooperation/plan?project=P-07").json()["blocks"]["revisions"]["rows"][0]["sha256"]
    file = anna.get(f"/cooperation/plan-content?project=P-07&sha256={sha}")
    assert b"Kept to ourselves" in file.content
    assert hana.get(f"/cooperation/plan-content?project=P-07&sha256={sha}").status_code == 404
    figures = anna.get("/api/cooperation/earned?project=P-07&as_of=2026-04-15").json()["blocks"]
    assert figures["earned"]["rows"][0]["ac"] == "160.0000"
    assert figures["flaws"]["rows"][0]["what"] == "50 % are told without evidence."
