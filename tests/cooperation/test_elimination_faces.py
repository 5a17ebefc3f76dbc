"""What is counted and eliminated, through the command line and the pages: every viewpoint, nothing that is kept."""

from typing import Any

from django.test import Client

from openmpca.cooperation import reading
from openmpca.cooperation.elimination.statements import Element, Notification, Receipt, Site, Stage, View
from tests.cooperation.joint import DAY, hosting, state
from tests.cooperation.test_elimination import ALL, TUBE, step, tubes
from tests.record.test_command_line import Run
from tests.state import State, founded
from tests.web.conftest import signed_in


def blocks(who: Client, path: str) -> dict[str, Any]:
    found: dict[str, Any] = who.get(f"/api/cooperation/{path}").json()["blocks"]
    return found


def test_published_figures_are_read_and_shown(site: State, run: Run) -> None:
    act = founded()
    code = run.text("elimination", "read", "start", "--by", "anna")[0]
    assert code == 0
    assert run.text("elimination", "read", "none.toml", "--by", "anna")[0] != 0
    for name in ("scorecard", "new-start"):
        state(act, *reading.read(reading.example(name)), when="2022-04-01")
    found = run.json("elimination", "scoreboard", "SLBM", "--as-of", "2026-11-01")[1]
    assert [each["outcome"] for each in found["steps"]["SLBM"]].count("unexplained") == 1
    assert "HOLES and TUNNELS may be one line" in run.text("elimination", "scoreboard")[1]
    assert "told" not in run.text("elimination", "scoreboard", "NONE")[1]
    assert "901" in run.text("elimination", "exchange", "NST-US-2022-03")[1]
    assert run.text("elimination", "exchange", "NONE")[0] == 4
    anna = signed_in("anna")
    lines = blocks(anna, "scoreboard")["lines"]["rows"]
    assert {each["unexplained"] for each in lines if each["line"] == "SLBM"} == {1}
    shown = anna.get("/cooperation/line?code=SLBM").content.decode()
    assert "<svg" in shown
    assert "16" in shown
    both = blocks(anna, "exchange?code=NST-US-2022-03")
    assert [(each["viewer"], each["total"]) for each in both["totals"]["rows"]] == [("US", "800"), ("RU", "901")]
    assert all(each["holds"] for each in both["sums"]["rows"])
    assert anna.get("/api/cooperation/line?code=NONE").status_code == 404


def test_items_sites_and_notifications_have_their_pages(site: State, run: Run) -> None:
    ours, theirs = hosting()
    state(ours, TUBE, *tubes("T-1", "T-2"), *(step("T-1", each) for each in ("removed", "cut")))
    state(theirs, View(**ALL, of="item:T-1", position="disputed", reason="No act was shown"))
    state(ours, Site(**ALL, code="S-1", title="Store", host="SRA"))
    state(ours, Element(**ALL, code="E-1", at="site:S-1", title="Portal"))
    state(ours, Stage(**ALL, element="E-1", stage="rapid", evidence="visit"))
    said: dict[str, Any] = {**ALL, "title": "Removal", "about": ["item:T-1"], "due": "2026-03-01T12:00Z"}
    state(ours, Notification(**said, code="N-1", sent="2026-03-01T11:00Z"))
    state(theirs, Receipt(**ALL, notification="N-1", received="2026-03-01T11:30Z"))
    hana = signed_in("hana")
    (own, other) = sorted(blocks(hana, "items")["types"]["rows"], key=lambda each: str(each["viewer"]))
    assert {own["viewer"], other["viewer"]} == {"HOS", "SRA"}
    assert (own["disputed"], other["accepted"]) == ("1", "1")
    assert "No act was shown" in hana.get("/cooperation/item?code=T-1").content.decode()
    assert blocks(hana, "sites")["sites"]["rows"][0]["rapid"] == 1
    assert blocks(hana, "sites?viewpoint=HOS")["sites"]["rows"][0]["not started"] == 1
    assert blocks(hana, "notifications")["notifications"]["rows"][0]["state"] == "in time"
    assert run.json("elimination", "items", "T-1")[1][0]["views"] == "HOS: disputed"
    assert "rapid" in run.text("elimination", "sites")[1]
    assert "in time" in run.text("elimination", "notifications")[1]


def test_what_is_kept_is_on_no_page_and_in_no_count(site: State) -> None:
    ours, _theirs = hosting()
    secret: dict[str, Any] = {"day": DAY}
    state(ours, *(type(each)(**{**_fields(each), **secret, "release": []}) for each in (TUBE, *tubes("QX-9"))))
    state(ours, Site(**secret, code="QX-8", title="Kept", host="SRA"))
    hana = signed_in("hana")
    pages = ("items", "sites", "scoreboard", "exchanges", "notifications")
    assert all("QX-" not in hana.get(f"/cooperation/{each}").content.decode() for each in pages)
    assert hana.get("/api/cooperation/item?code=QX-9").status_code == 404
    assert blocks(hana, "items")["types"]["rows"] == []


def _fields(said: Any) -> dict[str, Any]:
    return {name: getattr(said, name) for name in said.__struct_fields__}
