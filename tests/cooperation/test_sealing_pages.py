"""Priorities and threats in the browser: sealed, opened, laid side by side; nothing shows before it is opened."""

from typing import Any

from tests.cooperation.joint import DAY, HOSTED, hosting, state
from tests.cooperation.sealed import comparison, made, opens, proposal, scores, scoring, seals, threat
from tests.cooperation.test_priorities import outcome
from tests.cooperation.test_threats import analysis, opened, rated
from tests.state import State
from tests.web.conftest import signed_in

SEAL = "/cooperation/seal?matter=round:R-1"
SCORES = {"score-PR-1": "5", "score-PR-2": "4", "score-PR-3": "1", "reason-PR-1": "Sources lie open"}


def blocks(client: Any, path: str) -> dict[str, Any]:
    answer = client.get(f"/api/cooperation/{path}")
    assert answer.status_code == 200, answer.content
    return dict(answer.json()["blocks"])


def text_of(client: Any, path: str) -> str:
    answer = client.get(f"/cooperation/{path}")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_a_round_is_scored_sealed_opened_and_settled_in_the_browser(site: State) -> None:
    ours, theirs = hosting()
    state(theirs, proposal("PR-3"))
    state(ours, proposal("PR-1", cost="12.50", currency="EUR"), proposal("PR-2"), scoring())
    state(ours, scoring("R-7", release=[], title="Kept to ourselves", proposals=["PR-1", "PR-2"]))
    anna, hana = signed_in("anna"), signed_in("hana")
    listed = blocks(anna, "priorities")
    assert [each["party"] for each in listed["proposals"]["rows"]] == [HOSTED, "SRA", "SRA"]
    assert len(listed["rounds"]["rows"]) == 2
    assert "Kept to ourselves" not in text_of(hana, "priorities")
    assert hana.get("/cooperation/round?code=R-7").status_code == 404
    assert hana.get("/cooperation/seal?matter=round:R-7").status_code == 404
    assert anna.get("/cooperation/seal?matter=clause:R-7").status_code == 404
    assert "What is scored" in text_of(anna, "round?code=R-1")

    assert "openmpca seal make" in text_of(hana, "seal?matter=round:R-1")
    assert "Sealed.</" not in text_of(anna, "seal?matter=round:R-1")
    checked = anna.post(SEAL, {**SCORES, "step": "check"})
    assert checked.status_code == 200
    assert blocks(anna, "round?code=R-1")["standing"]["rows"][0]["stands"] == "nothing yet"
    assert anna.post(SEAL, {**SCORES, "score-PR-1": "9", "step": "state"}).status_code == 422
    done = anna.post(SEAL, {**SCORES, "step": "state"}, follow=True).content.decode()
    assert "Seal anew" in done
    for who in (anna, hana):
        assert "Sources lie open" not in text_of(who, "round?code=R-1")

    b = made(HOSTED, "round:R-1", scores(1, 3, 5))
    state(theirs, seals(b))
    opening = text_of(hana, "open?matter=round:R-1")
    assert "is not kept here" in opening
    assert "sealed%3D" in opening
    assert hana.post("/cooperation/open?matter=round:R-1", {"step": "state"}).status_code == 422
    assert "Open what you sealed" in text_of(anna, "round?code=R-1")
    anna.get("/cooperation/open?matter=round:R-1")
    after = anna.post("/cooperation/open?matter=round:R-1", {"step": "state"}, follow=True).content.decode()
    assert "Sources lie open" in after
    sealed = next(int(row["number"]) for row in _standing() if row["party"] == HOSTED)
    state(theirs, opens(sealed, b))
    state(ours, outcome("PR-2", dissent={"PR-2": "Too early"}))
    assert "Not all parties hold" in text_of(anna, "round?code=R-1")
    state(theirs, outcome("PR-2"))

    shown = blocks(hana, "round?code=R-1")
    assert [each["proposal"] for each in shown["opposed"]["rows"]] == ["PR-1", "PR-3"]
    assert shown["agreement"]["rows"][0]["tau"] == "−1.00"
    assert "Too early" in shown["outcomes"]["rows"][0]["dissent"]
    assert "hold the same" in text_of(hana, "round?code=R-1")
    assert blocks(anna, "priorities")["proposals"]["rows"][2]["adopted"] == "R-1"
    one = blocks(anna, "proposal?code=PR-1")
    assert {each["party"]: each["score"] for each in one["scores"]["rows"]} == {"SRA": "5", HOSTED: "1"}
    assert "12.50" in text_of(anna, "proposal?code=PR-1")
    assert anna.get("/cooperation/proposal?code=PR-9").status_code == 404


def _standing() -> list[dict[str, Any]]:
    from openmpca.cooperation.claims import Claims
    from openmpca.cooperation.sealing.statements import Sealed

    return [{"party": each.party, "number": each.number} for each in Claims(DAY).of(Sealed)]


def test_analyses_are_compared_in_the_browser_and_what_converges_is_a_picture(site: State) -> None:
    ours, theirs = hosting()
    state(ours, threat("T-1", scenario="A source is stolen"), threat("T-2"), analysis())
    state(ours, comparison(), comparison("C-2", after="C-1"))
    anna, hana = signed_in("anna"), signed_in("hana")
    assert "Three attempts" in text_of(anna, "threat?code=T-1")
    assert "Three attempts" not in text_of(hana, "threat?code=T-1")
    assert "A source is stolen" in text_of(hana, "threat?code=T-1")
    assert blocks(hana, "threats")["threats"]["rows"][0]["parties"] == ""
    form = text_of(anna, "seal?matter=comparison:C-1")
    assert '<option value="likely" selected>' in form
    sent = {"word-T-1-likelihood": "likely", "confidence-T-1": "high", "reasons-T-1": "As we see it", "step": "check"}
    assert anna.post("/cooperation/seal?matter=comparison:C-1", sent).status_code == 200
    assert "before two parties" in text_of(anna, "comparison?code=C-1")
    far = rated(T_1=("likely", "grave"), T_2=("remote", "minor"))
    opened("C-1", far, rated(T_1=("remote", "grave")), (ours, theirs), "2026-03-02")
    opened("C-2", far, rated(T_1=("possible", "grave"), T_9=("x", "y")), (ours, theirs), "2026-09-02")
    shown = blocks(hana, "comparison?code=C-2")
    assert shown["items"]["rows"][0]["apart"] == "50"
    assert [(each["scale"], each["who"], each["change"]) for each in shown["moves"]["rows"]] == [
        ("likelihood", HOSTED, "-50")
    ]
    text = text_of(hana, "comparison?code=C-2")
    assert "have not agreed to them" in text
    assert "Agree to averages" in text
    assert "T-9" in text
    assert "mean" not in shown["items"]["rows"][0]
    from openmpca.cooperation.threats.statements import Averaging

    for act in (ours, theirs):
        state(act, Averaging(day=DAY, comparison="C-2", release=["*"]))
    assert blocks(hana, "comparison?code=C-2")["items"]["rows"][0]["mean"] == "2.50"
    assert blocks(anna, "threats")["comparisons"]["rows"][0]["apart"] == "50"
    assert anna.get("/cooperation/comparison?code=C-9").status_code == 404


def test_a_page_tells_who_opened_early_and_what_does_not_count(site: State) -> None:
    ours, theirs = hosting()
    state(ours, *(proposal(f"PR-{at}") for at in (1, 2, 3)), scoring())
    (first,) = state(ours, seals(made("SRA", "round:R-1", scores(1, 1, 1))))
    state(ours, seals(made("SRA", "round:R-1", scores(2, 2, 2)), replaces=first))
    shown = blocks(signed_in("hana"), "round?code=R-1")
    assert [(each["what"], each["why"]) for each in shown["not_counted"]["rows"]] == [
        ("sealed", "its party replaced it")
    ]
    assert theirs.party == HOSTED
