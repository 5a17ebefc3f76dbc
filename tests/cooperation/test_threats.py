"""Threat analyses: each party's own, compared on agreed scales, sealed until both have committed; nothing is merged."""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.threats.comparing import compared, course, moved
from openmpca.cooperation.threats.statements import Analysis, Averaging
from tests.cooperation.joint import DAY, HOSTED, hosting, received, refused, state
from tests.cooperation.sealed import PARTNER, by_partner, comparison, made, opens, seals, threat
from tests.proof.partner import Partner, met
from tests.record.test_command_line import Run
from tests.state import State

C1, C2 = "comparison:C-1", "comparison:C-2"


@pytest.fixture
def run(state_home: State, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("OPENMPCA_HOME", str(state_home.folder))
    return Run(monkeypatch, capsys)


def analysis(code: str = "T-1", likelihood: str = "likely", **others: Any) -> Analysis:
    given = {"threat": code, "rated": {"likelihood": likelihood, "range": "far"}, "confidence": "high"}
    return Analysis(**{"day": DAY, **given, "reasons": "Three attempts in a year", "label": "restricted", **others})


def rated(**words: tuple[str, str]) -> dict[str, Any]:
    """For each threat its likelihood and consequence."""
    threats = {
        code.replace("_", "-"): {
            "rated": {"likelihood": likelihood, "consequence": consequence},
            "confidence": "moderate",
            "reasons": f"Why {code}",
        }
        for code, (likelihood, consequence) in words.items()
    }
    return {"threats": threats}


def opened(code: str, one: Any, other: Any, acts: tuple[Any, Any], when: str) -> None:
    """Both seal for a comparison and then open, on a day."""
    on, matter = date.fromisoformat(when), f"comparison:{code}"
    held = [made("SRA", matter, one), made(HOSTED, matter, other)]
    numbers = [state(act, seals(each, day=on), when=when)[0] for act, each in zip(acts, held, strict=True)]
    for act, number, each in zip(acts, numbers, held, strict=True):
        state(act, opens(number, each, day=on), when=when)


def test_two_analyses_that_differ_come_nearer_and_nothing_is_averaged_unasked(run: Run, tmp_path: Path) -> None:
    ours, theirs = hosting()
    assert "There are no threats" in run.text("threat", "list")[1]
    assert run.text("threat", "compare", "C-1")[0] == 4
    state(ours, threat("T-1"), threat("T-2"))
    state(ours, analysis(), analysis("T-2", "unheard of"))
    assert run.json("threat", "list")[1][0]["analysed_by"] == ["SRA"]
    assert run.json("threat", "list", "--reader", HOSTED)[1][0]["analysed_by"] == []
    assert refused(ours, comparison(scales={})) == [(850, "scales")]
    assert refused(ours, comparison(scales={"x": "low"})) == [(850, "scales")]
    assert refused(ours, comparison(scales={"x": "low < low"})) == [(850, "scales")]
    assert refused(ours, comparison(parties=(HOSTED, HOSTED))) == [(851, "parties"), (841, "parties")]
    state(ours, comparison())
    assert "Nothing can be compared" in run.text("threat", "course", "C-1")[1]
    assert run.text("threat", "content", "C-9", "--party", "SRA")[0] == 4
    code, own = run.json("threat", "content", "C-1", "--party", "SRA")
    assert (code, own["threats"]["T-1"]["rated"]) == (0, {"likelihood": "likely"})
    assert own["threats"]["T-2"]["rated"] == {}

    file = tmp_path / "content.json"
    file.write_text(run.text("threat", "content", "C-1", "--party", "SRA")[1])
    assert json.loads(file.read_text()) == own
    file.write_text(json.dumps(rated(T_1=("likely", "grave"), T_2=("remote", "minor"))))
    assert run.text("seal", "commit", C1, "--content", str(file), "--by", "anna")[0] == 0
    b = made(HOSTED, C1, rated(T_1=("remote", "grave"), T_2=("possible", "extreme")))
    (sealed,) = state(theirs, seals(b))
    kept = run.json("threat", "compare", "C-1")[1]
    assert all(not each["views"] for each in kept["items"])
    assert run.text("seal", "open", C1, "--by", "anna")[0] == 0
    state(theirs, opens(sealed, b))
    found = compared(Claims(date(2027, 1, 1)), "C-1")
    assert found is not None
    distances = {(each.threat, each.scale): each.distance for each in found.items}
    assert distances["T-1", "likelihood"] == 1
    assert distances["T-1", "consequence"] == 0
    assert found.distance == Fraction(2 + 0 + 1 + 2, 8)
    assert found.pairs == {("SRA", HOSTED): Fraction(5, 8)}
    text = run.text("threat", "compare", "C-1")[1]
    assert "Apart in all: 62%" in text
    assert "T-1, HOS (moderate): Why T_1" in text

    assert run.json("threat", "compare", "C-1")[1]["averages"] == "not agreed"
    assert "mean_place" not in run.json("threat", "compare", "C-1")[1]["items"][0]
    state(ours, Averaging(day=DAY, comparison="C-1", release=["*"]))
    assert run.json("threat", "compare", "C-1")[1]["averages"] == "not agreed"
    state(theirs, Averaging(day=DAY, comparison="C-1", release=["*"]))
    assert run.json("threat", "compare", "C-1")[1]["items"][0]["mean_place"] == "2.00 of 3"


def test_what_converges_is_seen_over_comparisons_that_repeat_each_other(run: Run) -> None:
    ours, theirs = hosting()
    state(ours, threat("T-1"), threat("T-2"), comparison(), comparison("C-2", after="C-1"))
    far = rated(T_1=("likely", "grave"), T_2=("remote", "minor"))
    opened("C-1", far, rated(T_1=("remote", "grave"), T_2=("remote", "extreme")), (ours, theirs), "2026-03-02")
    opened("C-2", far, rated(T_1=("possible", "grave"), T_2=("possible", "extreme")), (ours, theirs), "2026-09-02")
    for code in ("C-1", "C-2"):
        assert [each.code for each in course(Claims(date(2026, 12, 1)), code)] == ["C-1", "C-2"]
    first, second = course(Claims(date(2026, 12, 1)), "C-1")
    steps = {(each.now.threat, each.now.scale): each for each in moved(first, second)}
    assert steps["T-1", "likelihood"].change == Fraction(-1, 2)
    assert steps["T-2", "likelihood"].change == Fraction(1, 2)
    assert steps["T-1", "likelihood"].changed == [HOSTED]
    rows = run.json("threat", "course", "C-1")[1]
    assert [(each["apart"], each["nearer"], each["further"]) for each in rows] == [("50%", 0, 0), ("50%", 1, 1)]
    assert rows[1]["who_changed"] == [HOSTED]


def test_a_partner_that_opens_what_is_off_the_scale_is_told_of_and_the_rest_counts(state_home: State) -> None:
    partner = Partner()
    ours, _theirs = hosting(met(partner))
    state(ours, threat("T-1"), threat("T-2"), comparison(parties=("SRA", PARTNER)))
    strange = {
        "threats": {
            "T-1": {"rated": {"likelihood": "certain", "mood": "bad", "consequence": "grave"}, "confidence": "total"},
            "T-7": {"rated": {}},
        }
    }
    a, b = made("SRA", C1, rated(T_1=("likely", "grave"))), made(PARTNER, C1, strange)
    (own,) = state(ours, seals(a))
    sealed = by_partner(partner, "sealed", seals(b))
    received(partner, ours, sealed)
    state(ours, opens(own, a))
    received(partner, ours, by_partner(partner, "opened", opens(sealed, b)))
    found = compared(Claims(date(2026, 12, 1)), "C-1")
    assert found is not None
    assert {key: list(each.views) for key, each in found.by_key.items()}["T-1", "consequence"] == ["SRA", PARTNER]
    assert list(found.by_key["T-1", "likelihood"].views) == ["SRA"]
    assert found.by_key["T-2", "likelihood"].mean is None
    assert len(found.misfits) == 4


def test_an_analysis_that_was_not_released_leaves_the_machine_in_no_bundle(state_home: State) -> None:
    from openmpca.proof.statements import Bundle

    partner = Partner()
    ours, theirs = hosting(met(partner))
    state(ours, threat("T-1"))
    (kept,) = state(ours, analysis())
    terms = {"recipient": PARTNER, "purpose": "joint view", "authority": "treaty"}
    sending = Bundle(day=DAY, statements=[kept], fields=[f"{kept}:kind", f"{kept}:reasons"], **terms)
    assert refused(ours, sending) == [(48, "statements")]
    assert refused(theirs, Averaging(day=DAY, comparison="C-1")) == [(800, "comparison")]
    state(ours, comparison(threats=["T-1"], parties=("SRA", PARTNER)))
    assert refused(theirs, Averaging(day=DAY, comparison="C-1")) == [(841, "comparison")]
