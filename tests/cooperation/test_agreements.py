"""Agreements as parties tell them: through the record, on the command line and in pages."""

from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from openmpca.cooperation.agreements.statements import Amendment, Dependency, Position, Term
from openmpca.cooperation.elimination.statements import Site
from openmpca.cooperation.projects.statements import Project
from tests.cooperation.joint import DAY, HOSTED, hosting, refused, state
from tests.cooperation.test_claims import agreement, clause
from tests.record.test_command_line import Run
from tests.state import State
from tests.web.conftest import signed_in

END = date(2027, 6, 17)
ENGLISH, RUSSIAN = b"Article VII. Liability.", "Статья VII. Ответственность.".encode()
ALL: Any = {"release": ["*"]}


def digest(text: bytes) -> str:
    return sha256(text).hexdigest()


def asked(run: Run, *words: str, code: int = 0) -> Any:
    """What a command gives: its JSON where that is asked for, else its text."""
    json = [each for each in words if each != "--json"]
    ended, given = run.json(*json) if "--json" in words else run.text(*words)[:2]
    assert ended == code, given
    return given


def told() -> None:
    """An umbrella agreement about to lapse over its clause on liability, and what was put under it."""
    ours, theirs = hosting()
    texts = {"en": digest(ENGLISH), "ru": digest(RUSSIAN)}
    umbrella = {"in_force": date(2006, 6, 17), "expires": END, **ALL}
    state(ours, agreement(texts=texts, **umbrella))
    state(theirs, agreement(title="Как мы его читаем", texts={**texts, "ru": digest(b"other")}, **umbrella))
    state(ours, clause(**ALL), clause(code="UA.3", sort="tax", title="Taxes", **ALL))
    state(ours, agreement(code="MN", title="Framework protocol", in_force=date(2013, 6, 14), **ALL))
    state(ours, clause(code="MN.4", agreement="MN", title="Legal proceedings", **ALL))
    below: Any = {"layer": "implementing", "under": "UA", "in_force": date(2007, 1, 1), **ALL}
    state(ours, agreement(code="IA", title="Storage", **below))
    state(ours, Site(day=DAY, code="S-1", title="North store", host=HOSTED, **ALL))
    of_it: Any = {"day": DAY, "parties": ["SRA", HOSTED], **ALL}
    state(ours, Project(code="P-1", title="Fences", agreement="IA", site="S-1", **of_it))
    state(ours, Project(code="P-2", title="Training", **of_it))
    on_liability: Any = {"day": DAY, "on": "clause:UA.7", **ALL}
    state(
        ours,
        Dependency(what="project:P-1", authority="stops", payment="until", until=date(2028, 1, 1), **on_liability),
        Dependency(what="project:P-2", access="under", instead="clause:MN.4", protection="survives", **on_liability),
    )
    state(theirs, Dependency(what="project:P-1", authority="stops", payment="stops", **on_liability))
    state(ours, Position(day=DAY, clause="UA.7", stance="accepts", **ALL))
    state(theirs, Position(day=DAY, clause="UA.7", stance="reserves", reason="Under review", **ALL))
    why = "Only damage done on purpose may be excepted"
    (last,) = state(
        theirs, Position(day=date(2026, 3, 2), clause="UA.7", stance="rejects", reason=why, **ALL), when="2026-03-02"
    )
    assert last


def test_an_umbrella_about_to_lapse_is_told_on_the_command_line(state_home: State, tmp_path: Path, run: Run) -> None:
    told()
    at = ("--as-of", "2026-03-31")
    listed = asked(run, "agreement", "list", *at, "--json")
    assert [(each["agreement"], each["party"], each["standing"], each["last"]) for each in listed] == [
        ("UA", "SRA", "in force", "2027-06-17"),
        ("UA", HOSTED, "in force", "2027-06-17"),
        ("MN", "SRA", "in force", None),
        ("IA", "SRA", "in force", None),
    ]
    held = asked(run, "agreement", "positions", "UA", *at, "--json")
    assert [(each["clause"], each["standing"], each["party"], each["position"]) for each in held] == [
        ("UA.7", "contested", "SRA", "accepts"),
        ("UA.7", "contested", HOSTED, "rejects"),
        ("UA.3", "open", HOSTED, ""),
        ("UA.3", "open", "SRA", ""),
    ]
    warned = asked(run, "agreement", "expiring", *at, "--json")
    assert [(each["thing"], each["within_months"], each["parties"]) for each in warned] == [
        ("agreement:UA", 24, f"SRA, {HOSTED}")
    ]
    (tmp_path / "ua.txt").write_bytes(ENGLISH)
    compared = asked(run, "agreement", "text", "UA", str(tmp_path / "ua.txt"), *at)
    assert compared.count("this file") == 2
    assert compared.count("different texts") == 2
    (tmp_path / "ua.txt").write_bytes(b"another")
    assert "nobody states it" in asked(run, "agreement", "text", "UA", str(tmp_path / "ua.txt"), *at)
    found = asked(run, "agreement", "lapse", "UA.7", *at, "--json")
    assert (found["thing"], found["on"]) == ("clause:UA.7", "2027-06-17")
    things = {each["thing"]: each for each in found["things"]}
    assert things["project:P-1"]["payment"] == {
        "answer": "stops", "last": "2027-06-17", "under": "", "rests_on": "clause:UA.7", "party": HOSTED,
    }  # fmt: skip
    assert things["project:P-2"]["access"]["under"] == "clause:MN.4"
    assert [len(each) for each in found["differing"]] == [2]
    assert found["counts"]["authority"] == {"stops": 1, "open": 1}
    shown = asked(run, "agreement", "lapse", "UA", "--on", "2026-12-31", *at)
    assert "agreement:IA" in shown
    assert "different answers" in shown
    asked(run, "agreement", "lapse", "MN", *at, code=2)
    asked(run, "agreement", "lapse", "XX", *at, code=4)
    asked(run, "agreement", "positions", "XX", *at, code=4)


def test_the_same_in_the_browser(site: State) -> None:
    told()
    anna = signed_in("anna")
    whole = anna.get("/cooperation/agreements?as_of=2026-03-31").content.decode()
    assert "2027-06-17" in whole
    assert "Framework protocol" in whole
    one = anna.get("/cooperation/agreement?code=UA&as_of=2026-03-31").content.decode()
    assert "Как мы его читаем" in one
    assert digest(b"other") in one
    clause_page = anna.get("/cooperation/clause?code=UA.7&as_of=2026-03-31").content.decode()
    assert "Only damage done on purpose" in clause_page
    assert "Under review" in clause_page
    lapse = anna.get("/cooperation/lapse?of=clause:UA.7&as_of=2026-03-31").content.decode()
    assert "P-1" in lapse
    assert "North store" in lapse
    answer = anna.get("/api/cooperation/lapse?of=agreement:UA&on=2026-12-31&as_of=2026-03-31").json()["blocks"]
    assert [each["thing"] for each in answer["things"]["rows"]] == ["UA.7", "UA.3", "IA", "P-1", "P-2"]
    only = anna.get("/api/cooperation/lapse?of=agreement:UA&sort=project&as_of=2026-03-31").json()["blocks"]
    assert [each["thing"] for each in only["things"]["rows"]] == ["P-1", "P-2"]
    assert anna.get("/cooperation/lapse?of=agreement:MN").status_code == 200
    assert anna.get("/cooperation/lapse?of=agreement:XX").status_code == 404
    assert anna.get("/cooperation/agreement?code=XX").status_code == 404


def test_another_party_meets_no_agreement_that_was_not_released_to_it(site: State) -> None:
    ours, _theirs = hosting()
    state(ours, agreement(in_force=DAY, expires=END), clause(), agreement(code="UB", title="Open", in_force=DAY, **ALL))
    state(ours, Project(day=DAY, code="P-1", title="Kept", parties=["SRA"], **ALL))
    state(ours, Dependency(day=DAY, what="project:P-1", on="clause:UA.7", authority="stops"))
    hana = signed_in("hana")
    pages = ("agreements", "agreement?code=UB", "lapse?of=agreement:UB", "parties", "contacts")
    seen = "".join(hana.get(f"/cooperation/{each}").content.decode() for each in pages)
    assert "Open" in seen
    assert "Umbrella" not in seen
    assert "UA.7" not in seen
    assert hana.get("/cooperation/agreement?code=UA").status_code == 404
    assert hana.get("/cooperation/clause?code=UA.7").status_code == 404
    assert hana.get("/cooperation/lapse?of=clause:UA.7").status_code == 404


def test_what_is_wrong_with_an_agreement_is_named(state_home: State) -> None:
    ours, _theirs = hosting()
    state(ours, agreement(), clause())
    assert refused(ours, agreement(code="UB", signed=END, in_force=DAY)) == [(825, "in_force")]
    assert refused(ours, agreement(code="UB", in_force=END, expires=DAY)) == [(825, "expires")]
    site: Any = {"code": "SA", "layer": "site"}
    assert refused(ours, agreement(**site), agreement(code="UB", under="SA")) == [(826, "under")]
    (first, _second) = state(ours, agreement(code="UB"), agreement(code="UC", under="UB"))
    assert refused(ours, agreement(code="UB", under="UC", replaces=first)) == [(826, "under")]
    assert refused(ours, agreement(code="UB", texts={"English": digest(ENGLISH)})) == [(827, "texts")]
    assert refused(ours, agreement(code="UB", texts={"en": "no digest"})) == [(802, "texts")]
    assert refused(ours, clause(code="UA.8", survives=-2)) == [(828, "survives")]
    assert refused(ours, Position(day=DAY, clause="UA.7", stance="rejects")) == [(829, "reason")]
    changed: Any = {"day": DAY, "code": "A-1", "agreement": "UA", "title": "First", "texts": {"RU": digest(RUSSIAN)}}
    assert refused(ours, Amendment(**changed, signed=END, in_force=DAY)) == [(825, "in_force"), (827, "texts")]
    assert refused(ours, Term(day=DAY, agreement="UA", change="extended", expires=date(2026, 1, 1))) == [
        (832, "expires")
    ]
