"""The index of partnership: each measure by party and year, with its definition, through record, command and page."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.index.measures import MEASURES, Part, currency, left_out, parts
from openmpca.cooperation.index.statements import Training
from openmpca.cooperation.money.statements import ExchangeRate, InKind, StaffTime
from openmpca.cooperation.parties.statements import Profile, Role
from tests.cooperation.joint import DAY, HOSTED, refused, state
from tests.cooperation.paying import disbursement, obligation, told_of_a_project
from tests.cooperation.sealed import proposal, scoring
from tests.cooperation.signing import decision, joint
from tests.cooperation.test_priorities import outcome
from tests.record.test_command_line import Run
from tests.state import State
from tests.web.conftest import signed_in

LATER = date(2092, 1, 1)
NAMED = {each.name: each for each in MEASURES}


def told(name: str, into: str = "") -> list[tuple[int, str, Fraction]]:
    return [(each.year, each.party, each.share) for each in parts(Claims(LATER), NAMED[name], into)]


def training(**others: Any) -> Training:
    given = {"day": DAY, "code": "TR-1", "title": "Custodians", "trainers": {"SRA": "3", HOSTED: "1"}, "release": ["*"]}
    return Training(**{**given, **others})


def test_each_measure_tells_each_partys_share_year_by_year(
    site: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPENMPCA_HOME", str(site.folder))
    run = Run(monkeypatch, capsys)
    us = joint()
    ours, theirs = us.ours, us.theirs
    assert "nothing to measure" in run.text("partnership")[1]
    anna, hana = signed_in("anna"), signed_in("hana")
    assert "nothing to measure" in anna.get("/cooperation/partnership").content.decode()
    assert currency(Claims(LATER)) == ""

    state(theirs, proposal("PR-3"))
    state(ours, proposal("PR-1"), proposal("PR-2"), scoring())
    state(ours, outcome("PR-1", "PR-3"))
    assert told("proposals") == []
    state(theirs, outcome("PR-1", "PR-3", day=date(2026, 4, 1)), when="2026-04-01")
    assert told("proposals") == [(2026, HOSTED, Fraction(1, 2)), (2026, "SRA", Fraction(1, 2))]

    said = decision(initiated=HOSTED)
    state(ours, said)
    assert told("decisions") == []
    for each in ("SRA", "PER", HOSTED):
        us.sign(said, each, "2091-03-02")
    assert told("decisions") == [(2091, HOSTED, Fraction(1))]

    told_of_a_project(ours)
    state(ours, obligation(), disbursement(), disbursement(code="D-2", giver=HOSTED, amount="300", obligation=""))
    state(ours, disbursement(code="D-3", giver=HOSTED, amount="50", currency="EUR", obligation="", costline=""))
    assert told("disbursements", "USD") == [(2026, HOSTED, Fraction(3, 4)), (2026, "SRA", Fraction(1, 4))]
    assert (currency(Claims(LATER)), left_out(Claims(LATER), "USD")) == ("USD", 1)
    assert "1 entry has no rate into USD" in anna.get("/cooperation/partnership").content.decode()
    rate = {"currency": "EUR", "into": "USD", "rate": "2", "ends": date(2026, 12, 31), "source": "Central bank"}
    state(ours, ExchangeRate(day=date(2026, 1, 1), **rate))
    assert told("disbursements", "USD")[0] == (2026, HOSTED, Fraction(4, 5))
    given = {"day": DAY, "project": "P-1", "currency": "USD", "evidence": "Act 3"}
    state(
        ours,
        InKind(**given, code="K-1", giver="SRA", amount="70", what="Seals", basis="cost"),
        StaffTime(**given, code="S-1", giver=HOSTED, hours="10", rate="20", work="Design"),
    )
    assert (told("in_kind"), told("staff_time")) == ([(2026, "SRA", 1)], [(2026, HOSTED, 1)])

    assert refused(ours, training(trainers={})) == [(857, "trainers")]
    assert refused(ours, training(trainers={"SRA": "0"}, trained={HOSTED: "a few"})) == [
        (857, "trainers"),
        (857, "trained"),
    ]
    state(ours, training())
    state(theirs, training(trainers={"SRA": "9"}))  # the same training, as another party counts it: told once
    assert told("trainers") == [(2026, HOSTED, Fraction(1, 4)), (2026, "SRA", Fraction(3, 4))]
    sorts = {"sort": "contractor", "title": "Works", "release": ["*"]}
    state(ours, Profile(day=DAY, code="PER", within=HOSTED, **sorts))
    state(ours, Role(day=date(2025, 5, 1), within="project:P-1", holder="PER", role="implementer"))
    assert told("contractors")[:2] == [(2025, HOSTED, Fraction(1)), (2026, HOSTED, Fraction(1))]

    code, rows = run.json("partnership", "disbursements", "--into", "USD")
    assert code == 0
    assert [(each["party"], each["share"], each["statements"]) for each in rows] == [
        (HOSTED, "80.0%", 2),
        ("SRA", "20.0%", 1),
    ]
    assert "Of the persons who trained others" in run.text("partnership", "trainers")[1]
    assert run.text("partnership", "goodwill")[0] == 2
    shown = anna.get("/api/cooperation/partnership").json()["blocks"]
    assert [each["share"] for each in shown["trainers_parts"]["rows"]] == ["25.0", "75.0"]
    hidden = hana.get("/api/cooperation/partnership").json()["blocks"]
    assert "disbursementsSRA_parts" in shown
    assert "disbursementsSRA_parts" not in hidden
    address = "cooperation/partnership-part?measure=disbursements&year=2026&party=HOS&book=SRA"
    assert [each["of"] for each in anna.get(f"/api/{address}").json()["blocks"]["claims"]["rows"]] == ["D-2", "D-3"]
    assert hana.get(f"/{address}").status_code == 404
    assert anna.get("/cooperation/partnership-part?measure=goodwill&year=2026&party=-").status_code == 404


def test_parts_of_a_measure_sum_to_its_whole_and_a_whole_of_nothing_is_not_told(state_home: State) -> None:
    us = joint()
    told_of_a_project(us.ours)
    state(us.ours, obligation(), disbursement())
    found: list[Part] = parts(Claims(LATER), NAMED["disbursements"])
    assert sum(each.share for each in found) == 1
    state(us.ours, disbursement(code="D-9", amount="-100", reverses="D-1"))
    assert parts(Claims(LATER), NAMED["disbursements"]) == []
