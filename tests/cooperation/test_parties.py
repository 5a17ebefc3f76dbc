"""Parties, their roles, and whom one reaches: through the record, on the command line and in pages."""

from datetime import date
from typing import Any

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.parties import standing
from openmpca.cooperation.parties.statements import Contact, Drill, DrillAnswer, Profile, Role
from openmpca.cooperation.projects.statements import Project
from tests.cooperation.joint import DAY, HOSTED, hosting, refused, state
from tests.cooperation.test_agreements import asked
from tests.record.test_command_line import Run
from tests.state import State
from tests.web.conftest import signed_in

ALL: Any = {"release": ["*"]}


def contact(**others: Any) -> Contact:
    given = {
        "day": DAY,
        "code": "C-1",
        "holder": HOSTED,
        "matter": "physical protection",
        "name": "Ivo",
        "address": "+1",
    }
    return Contact(**{**given, **others})


def answer(contact: str, outcome: str = "confirmed", day: date = DAY) -> DrillAnswer:
    return DrillAnswer(day=day, drill="D-1", contact=contact, outcome=outcome, **ALL)


def told() -> tuple[Any, Any]:
    """Two parties with a project, and a drill of four contact points of which one answers late and one not at all."""
    ours, theirs = hosting()
    state(ours, Profile(day=DAY, code="SRA", title="Authority", sort="ministry", **ALL))
    state(theirs, Profile(day=DAY, code=HOSTED, title="Builders", sort="contractor", within="SRA", **ALL))
    state(ours, Profile(day=DAY, code=HOSTED, title="The builders", sort="organisation", **ALL))
    state(ours, Project(day=DAY, code="P-1", title="Fences", parties=["SRA", HOSTED], **ALL))
    until = date(2026, 6, 30)
    roles = [("SRA", "funder", until), ("SRA", "observer", None), (HOSTED, "lead", None)]
    state(
        ours,
        *(Role(day=DAY, within="project:P-1", holder=who, role=what, until=last, **ALL) for who, what, last in roles),
    )
    state(theirs, contact(**ALL), contact(code="C-2", **ALL), contact(code="C-3", confirm_every=30, **ALL))
    state(theirs, contact(code="C-4", until=date(2026, 3, 20), **ALL))
    state(ours, Drill(day=DAY, code="D-1", contacts=["C-1", "C-2", "C-3", "C-4"], answer_by=date(2026, 3, 8), **ALL))
    state(theirs, answer("C-1"))
    late = date(2026, 3, 10)
    state(ours, answer("C-2", "not reached", late), answer("C-3", "changed", late), when="2026-03-10")
    return ours, theirs


def test_who_is_reachable_and_who_answered_a_drill_follows_from_what_was_stated(each_state_home: State) -> None:
    told()

    def points(day: date) -> list[str]:
        return [each.standing for each in standing.points(Claims(day))]

    def drill(day: date) -> list[str]:
        return [each.standing for each in standing.drills(Claims(day))]

    assert points(date(2026, 3, 1)) == ["reachable", "unconfirmed", "unconfirmed", "unconfirmed"]
    assert points(date(2026, 3, 31)) == ["reachable", "not reached", "reachable", "ended"]
    assert points(date(2026, 4, 10)) == ["reachable", "not reached", "stale", "ended"]
    assert drill(date(2026, 3, 8)) == ["answered", "waiting", "waiting", "waiting"]
    assert drill(date(2026, 3, 31)) == ["answered", "late", "late", "overdue"]


def test_a_role_holds_for_its_period(state_home: State) -> None:
    told()
    funds = {"holder": "SRA", "thing": "project:P-1", "any_of": ("funder", "lead")}
    assert standing.holds_role(Claims(date(2026, 6, 30)), **funds)
    assert not standing.holds_role(Claims(date(2026, 7, 1)), **funds)
    assert not standing.holds_role(Claims(date(2026, 6, 30)), **{**funds, "holder": HOSTED, "any_of": ("funder",)})
    last = standing.roles(Claims(date(2026, 7, 1)))[-1]
    assert (last.claim.said.role, last.standing) == ("funder", "over")


def test_names_and_addresses_can_be_erased_and_the_contact_point_stays(state_home: State) -> None:
    from openmpca.record import commands
    from openmpca.record.act import Act
    from openmpca.record.statements import Withholding

    ours, theirs = hosting()
    (number,) = state(theirs, contact())
    administrators = Act(party=ours.party, prepared_by="anna", approved_by=["boris"])
    erasing = Withholding(day=DAY, statement=number, fields=["name", "address"], reason="asked to")
    commands.state([erasing], administrators)
    (point,) = standing.points(Claims(DAY))
    assert (point.claim.said.name, point.claim.said.address, point.claim.said.matter) == ("", "", "physical protection")


def test_the_commands_tell_parties_roles_contacts_and_drills(state_home: State, run: Run) -> None:
    told()
    at = ("--as-of", "2026-07-01")
    listed = asked(run, "parties", "list", *at, "--json")
    assert [(each["party"], each["sort"], each["said_by"]) for each in listed] == [
        ("SRA", "ministry", "SRA"),
        (HOSTED, "contractor", HOSTED),
        (HOSTED, "organisation", "SRA"),
    ]
    assert [each["standing"] for each in asked(run, "parties", "roles", "SRA", *at, "--json")] == ["holds", "over"]
    assert len(asked(run, "parties", "roles", "--in", "project:P-1", *at, "--json")) == 3
    failing = asked(run, "parties", "contacts", "--failing", *at, "--json")
    assert [(each["contact"], each["standing"]) for each in failing] == [("C-2", "not reached"), ("C-3", "stale")]
    assert [each["contact"] for each in asked(run, "parties", "drills", "--open", *at, "--json")] == ["C-4"]
    assert "overdue" in asked(run, "parties", "drills", *at)


def test_the_pages_tell_them_too(site: State) -> None:
    told()
    anna = signed_in("anna")
    at = "as_of=2026-07-01"
    assert "The builders" in anna.get(f"/cooperation/parties?{at}").content.decode()
    one = anna.get(f"/api/cooperation/party?code={HOSTED}&{at}").json()["blocks"]
    assert [each["sort"] for each in one["profiles"]["rows"]] == ["contractor", "organisation"]
    assert [each["standing"] for each in one["contacts"]["rows"]] == [
        "reachable",
        "not reached",
        "not confirmed lately",
        "ended",
    ]
    assert [each["role"] for each in one["roles"]["rows"]] == ["lead"]
    whole = anna.get(f"/cooperation/contacts?{at}").content.decode()
    assert "2 of 4 may not be reached" in whole
    assert "overdue" in whole
    assert anna.get(f"/api/cooperation/contacts?of=SRA&{at}").json()["blocks"]["contacts"]["rows"] == []
    assert anna.get("/cooperation/party?code=NOBODY").status_code == 404


def test_what_is_wrong_with_what_is_said_of_parties_is_named(state_home: State) -> None:
    ours, _theirs = told()
    assert refused(ours, Profile(day=DAY, code="XX", title="Nobody", sort="state")) == [(820, "code")]
    ring = Profile(day=DAY, code="SRA", title="Authority", sort="ministry", within=HOSTED)
    assert refused(ours, ring, Profile(day=DAY, code=HOSTED, title="B", sort="contractor", within="SRA")) == [
        (821, "within"),
        (821, "within"),
    ]
    early = date(2026, 2, 1)
    assert refused(ours, Role(day=DAY, within="project:P-1", holder="SRA", role="host", until=early)) == [
        (822, "until")
    ]
    assert refused(ours, contact(code="C-5", until=early)) == [(822, "until")]
    assert refused(ours, contact(code="C-5", confirm_every=0)) == [(824, "confirm_every")]
    assert refused(ours, Drill(day=DAY, code="D-2", contacts=[], answer_by=early)) == [
        (823, "answer_by"),
        (823, "contacts"),
    ]
    state(ours, contact(code="C-5"))
    assert refused(ours, answer("C-5")) == [(823, "contact")]
    assert refused(ours, answer("C-1", day=early)) == [(823, "day")]
