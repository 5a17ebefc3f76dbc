"""What goes to others: activities with what all parties released and nothing else, deadlines for calendars."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.exchange.activities import published
from openmpca.cooperation.exchange.deadlines import feed
from openmpca.cooperation.exchange.statements import FIELDS, Organisation, Publication
from openmpca.cooperation.handover.statements import Transition
from openmpca.cooperation.money.statements import Commitment, Pledge
from openmpca.cooperation.parties.statements import Role
from openmpca.cooperation.projects.statements import Project, ProjectState
from openmpca.formats import icalendar
from openmpca.formats.iati import check, file
from openmpca.formats.iati.standard import load
from tests.cooperation.joint import DAY, HOSTED, hosting, refused, state
from tests.record.test_command_line import Run
from tests.state import State
from tests.web.conftest import signed_in

ALL: dict[str, Any] = {"day": DAY, "release": ["*"]}
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def a_project() -> tuple[Any, Any]:
    """A project of SRA and HOS in the country of HOS, with roles, states and money."""
    ours, theirs = hosting()
    said = {"title": "Detection at a harbour", "objective": "Nothing passes unseen", "parties": ["SRA", HOSTED]}
    dates = {"starts": date(2025, 1, 15), "ends": date(2027, 12, 31)}
    state(ours, Project(**ALL, code="P-1", host=HOSTED, **said, **dates))
    state(ours, Organisation(**ALL, code="SRA", of="SRA", iati="XM-DAC-41", type="10", country="NO"))
    state(theirs, Organisation(**ALL, code=HOSTED, of=HOSTED, iati="XM-DAC-42", type="10", country="GE"))
    state(ours, *(Role(**ALL, within="project:P-1", holder="SRA", role=each) for each in ("funder", "lead")))
    begun = ProjectState(**{**ALL, "day": date(2025, 3, 1)}, project="P-1", state="executing")
    state(ours, begun)
    money: dict[str, Any] = {"giver": "SRA", "receiver": "Builders", "project": "P-1", "currency": "EUR"}
    state(ours, Pledge(**ALL, code="PL-1", amount="1500.50", **money))
    state(ours, Commitment(day=DAY, code="CO-KEPT", amount="1000", **money))
    return ours, theirs


def released(act: Any, *fields: str) -> None:
    state(act, Publication(**ALL, project="P-1", fields=list(fields)))


def test_only_what_all_parties_released_goes_out(state_home: State) -> None:
    ours, theirs = a_project()
    assert published(Claims(DAY), "SRA").activities.activities == ()
    released(ours, *FIELDS)
    assert published(Claims(DAY), "SRA").activities.activities == ()
    released(theirs, "title", "dates", "country")
    (made,) = published(Claims(DAY), "SRA").activities.activities
    assert (made.identifier, made.status, made.transactions) == ("XM-DAC-41-P-1", "2", ())
    assert made.descriptions[0].narratives[0].text == "Detection at a harbour"
    assert [each.role for each in made.participants] == ["2"]
    released(theirs, *FIELDS)
    (whole,) = published(Claims(DAY), "SRA").activities.activities
    assert [(each.ref, each.type, str(each.value.amount)) for each in whole.transactions] == [("PL-1", "12", "1500.50")]
    assert [each.role for each in whole.participants] == ["1", "2"]
    assert published(Claims(DAY), HOSTED).activities.activities[0].transactions == ()


def test_the_file_keeps_schema_lists_and_rules_of_the_standard(state_home: State, shared_folder: Path) -> None:
    ours, theirs = a_project()
    released(ours, *FIELDS)
    released(theirs, *FIELDS)
    data = file.write(published(Claims(DAY), "SRA").activities)
    found = check.check(data, load(shared_folder / "vectors" / "iati"), now=NOW)
    assert [each for each in found if each.severity == "error"] == []


def test_what_an_activity_lacks_is_told(state_home: State) -> None:
    ours, theirs = hosting()
    state(ours, Project(**ALL, code="P-1", title="Harbour", parties=["SRA", HOSTED]))
    for act in (ours, theirs):
        released(act, "title")
    (problem,) = published(Claims(DAY), "SRA").problems
    assert problem.rule == 770
    assert "organisation of SRA" in problem.message
    wrong = Organisation(**ALL, code="X", of=HOSTED, iati="nothing", type="government", country="Georgia")
    assert refused(ours, wrong) == [(771, "iati"), (771, "type"), (771, "country"), (772, "of")]


def test_deadlines_are_a_calendar(state_home: State) -> None:
    from openmpca.cooperation.elimination.statements import Site

    ours, _theirs = hosting()
    state(ours, Site(**ALL, code="S-1", title="Store", host=HOSTED))
    state(ours, Transition(**ALL, code="T-1", title="The store", site="S-1", owner=HOSTED, due=date(2027, 1, 1)))
    made = feed(Claims(DAY), NOW, "Programme")
    assert [(each.uid, each.due) for each in made.deadlines] == [("due-transition:T-1@openmpca", date(2027, 1, 1))]
    assert b"DTSTART;VALUE=DATE:20270101" in icalendar.write(made)


def test_the_faces_write_the_files(site: State, run: Run, tmp_path: Path) -> None:
    ours, theirs = a_project()
    released(ours, *FIELDS)
    released(theirs, *FIELDS)
    hana = signed_in("hana")
    assert hana.get("/cooperation/activities?party=SRA").status_code == 404
    assert b"<iati-activities" in hana.get(f"/cooperation/activities?party={HOSTED}").content
    assert b"BEGIN:VCALENDAR" in hana.get("/cooperation/calendar").content
    rows = hana.get("/api/cooperation/publishing").json()["blocks"]["projects"]["rows"]
    assert rows[0]["released"].startswith("country, dates")
    target = tmp_path / "activities.xml"
    assert run.json("publish", "activities", "SRA", "--file", str(target))[1]["activities"] == 1
    assert run.text("publish", "activities", "SRA", "--file", str(target))[0] != 0
    assert run.json("publish", "calendar", "--file", str(tmp_path / "d.ics"))[0] == 0
