"""Priorities: proposals, a sealed round, how far two parties agree, what was negotiated; record and command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.priorities.rounds import proposers, result
from openmpca.cooperation.priorities.statements import Outcome
from openmpca.cooperation.sealing import keeping
from tests.cooperation.joint import DAY, HOSTED, hosting, refused, state
from tests.cooperation.sealed import made, opens, proposal, scores, scoring, seals
from tests.record.test_command_line import Run
from tests.state import State, alone

R1 = "round:R-1"


@pytest.fixture
def run(state_home: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("OPENMPCA_HOME", str(state_home.folder))
    return Run(monkeypatch, capsys)


def outcome(*adopted: str, **others: Any) -> Outcome:
    return Outcome(**{"day": DAY, "round": "R-1", "adopted": list(adopted), "release": ["*"], **others})


def test_a_round_from_proposals_to_what_is_agreed_on(run: Run, tmp_path: Path) -> None:
    ours, theirs = hosting()
    assert "There are no proposals" in run.text("priority", "list")[1]
    assert "There are no rounds" in run.text("priority", "rounds")[1]
    assert run.text("priority", "show", "R-1")[0] == 4
    assert refused(ours, proposal("PR-1", cost="5")) == [(855, "cost")]
    assert refused(ours, proposal("PR-1", cost="-5", currency="EUR")) == [(855, "cost")]
    state(ours, proposal("PR-1", cost="1200.50", currency="EUR", need="Sources lie open"), proposal("PR-2"))
    state(theirs, proposal("PR-3"), proposal("PR-1", title="The same, seen by us", day=DAY.replace(day=2)))
    assert proposers(Claims(DAY.replace(month=4))) == {"PR-1": "SRA", "PR-2": "SRA", "PR-3": HOSTED}
    assert refused(ours, scoring(proposals=["PR-1", "PR-1"])) == [(851, "proposals")]
    assert refused(ours, scoring(parties=(HOSTED,))) == [(851, "parties"), (841, "parties")]
    state(ours, scoring(), scoring("R-2", after="R-1"))
    assert refused(ours, scoring("R-3", after="R-3")) == [(852, "after")]
    (first, _second) = (each.number for each in Claims(DAY).of(type(scoring())))
    assert refused(ours, scoring(after="R-2", replaces=first)) == [(852, "after")]

    code, made_here = run.json(
        "priority", "score", "R-1", "PR-1=5", "PR-2=4", "PR-3=1", "--reason", "PR-3=Too late", "--by", "anna"
    )
    assert code == 0
    assert run.text("priority", "score", "R-1", "PR-1=9", "--by", "anna")[0] == 1
    assert run.text("priority", "score", "R-1", "PR-1", "--by", "anna")[0] == 2
    assert run.text("priority", "score", "R-1", "PR-1=x", "--by", "anna")[0] == 2
    assert run.text("priority", "score", "R-1", "PR-1=1", "--by", "hana")[0] == 1
    shown = run.json("seal", "show", R1)[1]
    assert [each["stands"] for each in shown["parties"]] == ["sealed", "none"]
    assert "not all have sealed" in run.text("seal", "show", R1)[1]
    assert run.text("seal", "show", "round:R-9")[0] == 4

    file, kept = tmp_path / "scores.json", tmp_path / "kept.json"
    file.write_text(json.dumps(scores(1, 3, 5)))
    given = ("seal", "make", "--party", HOSTED, "--matter", R1, "--content", str(file), "--keep", str(kept))
    code, printed = run.json(*given, "--release", "SRA")
    assert (code, kept.stat().st_mode & 0o777) == (0, 0o600)
    assert run.text(*given)[0] == 2  # the file is there: it is not written over
    statement = tmp_path / "sealed.json"
    statement.write_text(json.dumps(printed))
    code, stated = run.json("state", "--file", str(statement), "--by", "hana")
    assert code == 0
    assert run.text("seal", "open", R1, "--by", "hana")[0] == 1  # nothing of it is kept here
    assert run.text("seal", "open", R1, "--by", "anna")[0] == 0
    assert keeping.kept("0" * 64) is None
    code, opening = run.json(
        "seal", "opening", "--keep", str(kept), "--sealed", str(stated["numbers"][0]), "--release", "SRA"
    )
    assert opening[0]["salt"]
    assert run.text("seal", "open", R1, "--keep", str(statement), "--by", "hana")[0] == 2
    assert run.text("seal", "open", R1, "--keep", str(kept), "--by", "hana")[0] == 0

    state(ours, outcome("PR-2", "PR-1", declined=["PR-3"], dissent={"PR-2": "Should come later"}))
    assert "Not agreed on" in run.text("priority", "show", "R-1")[1]
    state(theirs, outcome("PR-2", "PR-1"))
    shown = run.json("priority", "show", "R-1")[1]
    assert shown["opposed"] == [
        {"proposal": "PR-1", "high": ["SRA"], "low": [HOSTED]},
        {"proposal": "PR-3", "high": [HOSTED], "low": ["SRA"]},
    ]
    assert shown["agreement"][0]["tau_b"] == -1.0
    assert shown["agreement"][0]["tau_p"] == "0.3333 exact"
    assert shown["agreed_on"] == ["PR-2", "PR-1"]
    text = run.text("priority", "show", "R-1")[1]
    for each in ("Agreed on: PR-2, PR-1.", "Dissent of SRA on PR-2", "PR-3: high with HOS, low with SRA."):
        assert each in text
    assert "all have opened" in run.text("seal", "show", R1)[1]
    assert run.json("priority", "rounds")[1][0]["adopted"] == ["PR-2", "PR-1"]
    assert "Sources lie open" in json.dumps(run.json("priority", "list")[1])
    assert made_here["numbers"]


def test_what_is_decided_is_of_the_round_and_decided_once(state_home: State) -> None:
    ours, theirs = hosting()
    state(ours, *(proposal(f"PR-{at}") for at in (1, 2, 3, 4)), scoring(release=[]))
    assert refused(ours, outcome("PR-4")) == [(856, "adopted")]
    assert refused(ours, outcome("PR-1", declined=["PR-1"])) == [(856, "adopted")]
    assert refused(ours, outcome("PR-1", dissent={"PR-4": "x"})) == [(856, "dissent")]
    assert refused(theirs, outcome("PR-1")) == [(800, "round")]


def test_what_does_not_fit_the_scale_does_not_count_and_is_told_of(state_home: State) -> None:
    ours, theirs = hosting()
    state(ours, *(proposal(f"PR-{at}") for at in (1, 2, 3)), scoring())
    a = made("SRA", R1, {"scores": {"PR-1": 9, "PR-2": 4, "PR-8": 2}})
    b = made(HOSTED, R1, {"marks": {}})
    (first,), (second,) = state(ours, seals(a)), state(theirs, seals(b))
    from openmpca.record import commands

    told = commands.state([opens(first, a)], ours).problems
    assert [(each.rule, each.severity) for each in told] == [(845, "warning"), (845, "warning")]
    state(theirs, opens(second, b))
    found = result(Claims(DAY), "R-1")
    assert found is not None
    assert [dict(each.scores) for each in found.scored] == [{}, {"SRA": 4}, {}]
    assert [party for party, _message in found.misfits] == ["SRA", "SRA", HOSTED]
    assert found.agreements[0].tau is None
    assert not found.opposed
    assert found.negotiated.adopted is None
    assert result(Claims(DAY), "R-9") is None


def test_what_waits_for_a_second_person_is_kept_until_it_is_opened(state_home: State) -> None:
    from openmpca.cooperation.models import Sealed
    from openmpca.record import commands
    from openmpca.record.statements import Duty

    ours, theirs = hosting()
    both = ["authority"]
    state(ours, *(proposal(f"PR-{at}") for at in (1, 2, 3)), scoring())
    state(ours, Duty(day=DAY, of="cooperation.sealed", persons=2, prepare=both, approve=both))
    waiting = keeping.seal(R1, scores(1, 2, 3), alone(ours))
    assert waiting.proposal is not None
    assert Sealed.objects.count() == 1
    commands.approve(waiting.proposal, "boris")
    state(theirs, seals(made(HOSTED, R1, scores(3, 2, 1))))
    keeping.unseal(R1, ours)
    assert Sealed.objects.count() == 0
