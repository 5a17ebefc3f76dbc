"""People, events and why: administrators see and change accounts and grants; others ask about themselves."""

import re
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from django.test import Client

from tests.state import PARTY, State, alone, founded
from tests.web.conftest import signed_in
from tests.web.doors import PASSPHRASE, account, events, set_up_app, sign_in


def _introduced(handle: str, role: str, scope: str) -> str:
    """A person with one grant."""
    from openmpca.record import commands, people
    from openmpca.record.act import Act
    from openmpca.record.statements import Grant

    act = Act(party=PARTY, prepared_by="anna", approved_by=["boris"])
    person, _ = people.introduce(handle, handle.title(), PARTY, date(2026, 1, 1), alone(act))
    commands.state([Grant(day=date(2026, 1, 1), person=person, for_party=PARTY, role=role, scope=scope)], act)
    return person


@pytest.fixture
def peopled(site: State) -> str:
    """A founded State with "carl", an officer of one area, besides the administrators; gives his identifier."""
    founded()
    return _introduced("carl", "officer", "mba:ZZA1")


def _json(client: Client, address: str) -> dict[str, Any]:
    answer = client.get(f"/api/{address}")
    assert answer.status_code == 200, answer.content
    return dict(msgspec.json.decode(answer.content))


def test_only_administrators_see_people_and_what_happened(peopled: str) -> None:
    carl, anna = signed_in("carl"), signed_in("anna")
    for address in ("people", "people/person?person=anna", "people/events", "people/factors", "people/introduce"):
        assert carl.get(f"/{address}").status_code == carl.get(f"/api/{address}").status_code == 403, address
        assert anna.get(f"/{address}").status_code == 200, address
    rail = [client.get("/people/why").content.decode().split("</nav>") for client in (carl, anna)]
    assert ["/people/events" in "".join(each) for each in rail] == [False, True]


def test_the_list_of_people_says_grants_accounts_and_second_factors(peopled: str) -> None:
    account("carl")
    rows = {each["handle"]: each for each in _json(signed_in("anna"), "people")["blocks"]["people"]["rows"]}
    assert len(rows["carl"]["grants"]) == 1
    assert rows["carl"]["grants"][0].startswith(f"officer of {PARTY} for mba:ZZA1 (")
    assert (rows["carl"]["account"], rows["carl"]["second_factor"]) == ("in use", "no")
    assert rows["boris"]["account"] == "none"


def test_a_one_time_secret_is_shown_once_and_lets_the_person_in(peopled: str) -> None:
    anna = signed_in("anna")
    made = anna.post("/people/person?person=carl", {"step": "invite"}).content.decode()
    found = re.search(r"/invitation#([\w-]{32})", made)
    assert found
    assert found[1] not in anna.get("/people/person?person=carl").content.decode()
    carl = Client()
    form = {"secret": found[1], "passphrase": PASSPHRASE, "again": PASSPHRASE}
    assert carl.post("/invitation", form).headers["Location"] == "/"
    assert carl.get("/me").status_code == 200
    assert ("invited", "anna", peopled) in events()
    assert all(found[1] not in detail for _, _, detail in events())


def test_an_account_out_of_use_ends_its_sessions_and_lets_nobody_in_until_it_is_put_back(peopled: str) -> None:
    account("carl")
    carl, anna = Client(), signed_in("anna")
    sign_in(carl, "carl")
    anna.post("/people/person?person=carl", {"step": "out"})
    assert carl.get("/me").status_code == 302
    assert sign_in(Client(), "carl").headers["Location"] == "/account/inactive/"
    assert "out of use" in Client().get("/account/inactive/").content.decode()
    anna.post("/people/person?person=carl", {"step": "back"})
    assert sign_in(Client(), "carl").headers["Location"] == "/"
    assert [what for what, _, of in events() if of == peopled] == ["account out of use", "account put back"]


def test_nobody_takes_their_own_account_out_of_use(peopled: str) -> None:
    anna = signed_in("anna")
    assert anna.post("/people/person?person=anna", {"step": "out"}).status_code == 422
    assert anna.get("/me").status_code == 200


def test_a_second_factor_that_is_lost_is_taken_away_and_the_person_sees_it(peopled: str) -> None:
    account("carl")
    carl = signed_in("carl")
    set_up_app(carl)
    assert signed_in("anna").post("/people/person?person=carl", {"step": "reset"}).status_code == 302
    assert sign_in(Client(), "carl").headers["Location"] == "/"
    shown = _json(carl, "me")["blocks"]["events"]["rows"]
    assert {"what": "second factor taken away", "by": "anna"}.items() <= {
        name: value for each in shown if each["by"] == "anna" for name, value in each.items()
    }.items()


def test_changing_accounts_takes_a_fresh_proof_and_a_person(peopled: str) -> None:
    stale = signed_in("anna", fresh=False)
    for address in ("people/person?person=carl", "people/factors", "people/introduce", "people/grant?person=carl"):
        led = stale.post(f"/{address}", {"step": "invite"})
        assert led.headers["Location"].startswith("/account/reauthenticate/?next="), address
        assert stale.post(f"/api/{address}", {}, content_type="application/json").status_code == 401
    assert "invited" not in [what for what, _, _ in events()]


def test_administrators_say_which_roles_need_a_second_factor(peopled: str) -> None:
    from openmpca.web.second_factor import demanded

    anna, carl = signed_in("anna"), signed_in("carl")
    anna.post("/people/factors", {"role-officer": "yes", "role-inspector": "yes"})
    assert demanded() == ["officer", "inspector"]
    assert carl.get("/accounting/book").headers["Location"] == "/account/2fa/"
    assert ("second factor demanded", "anna", "officer, inspector") in events()


def test_a_grant_given_on_a_page_waits_for_the_second_administrator(peopled: str) -> None:
    from openmpca.record import proposals
    from openmpca.record.commands import approve

    until = (date.today() + timedelta(days=14)).isoformat()  # noqa: DTZ011  within a fortnight, wherever that is
    form = {
        "day": "2026-01-01",
        "role": "officer",
        "for_party": PARTY,
        "scope": "mba:ZZA2",
        "until": until,
        "deputy_for": "boris",
    }
    anna = signed_in("anna")
    led = anna.post("/people/grant?person=carl", form).headers["Location"]
    number = int(led.rpartition("=")[2])
    assert led == f"/record/proposal?number={number}"
    assert proposals.opened(number).prepared_by == "anna"
    approve(number, "boris")
    rows = _json(anna, "people/person?person=carl")["blocks"]["grants"]["rows"]
    assert (rows[-1]["deputy_for"], rows[-1]["until"], rows[-1]["scope"]) == ("boris", until, "mba:ZZA2")


def test_a_grant_that_the_rules_refuse_keeps_what_was_typed(peopled: str) -> None:
    form = {"day": "2026-01-01", "role": "emperor", "for_party": PARTY, "scope": "mba:ZZA2", "deputy_for": "nobody"}
    answer = signed_in("anna").post("/people/grant?person=carl", form)
    assert answer.status_code == 422
    assert "mba:ZZA2" in answer.content.decode()
    answer = signed_in("anna").post("/people/grant?person=carl", form | {"deputy_for": ""})
    assert answer.status_code == 422


def test_a_grant_ends_on_a_page(peopled: str) -> None:
    anna = signed_in("anna")
    rows = _json(anna, "people/person?person=carl")["blocks"]["grants"]["rows"]
    page = f"/people/grant-end?person=carl&grant={rows[0]['number']}"
    assert anna.get(page).status_code == 200
    assert anna.get(f"{page}7").status_code == 404
    ended = anna.post(page, {"day": "2026-02-01", "reason": "moved"})
    assert ended.status_code == 302, ended.content.decode()
    after = _json(anna, "people/person?person=carl")["blocks"]["grants"]["rows"]
    assert after[0]["state"] == "not in force"


def test_a_person_is_introduced_on_a_page(peopled: str) -> None:
    anna = signed_in("anna")
    form = {"handle": "dora", "name": "Dora", "of": PARTY, "day": "2026-01-01"}
    assert anna.post("/people/introduce", form).headers["Location"] == "/people/person?person=dora"
    assert anna.get("/people/person?person=dora").status_code == 200
    assert anna.post("/people/introduce", form).status_code == 422
    assert anna.post("/people/introduce", form | {"handle": ""}).status_code == 422
    assert anna.post("/people/introduce", form | {"handle": "d" * 101}).status_code == 422
    assert anna.post("/people/introduce", form | {"handle": "emil", "day": "soon"}).status_code == 422


def test_there_is_no_page_of_somebody_who_is_not_there(peopled: str) -> None:
    anna = signed_in("anna")
    assert anna.get("/people/person?person=nobody").status_code == 404
    assert anna.get("/people/grant?person=nobody").status_code == 404


def test_what_happened_is_listed_by_kind_person_and_time_and_goes_out_as_a_list(peopled: str) -> None:
    anna, carl = signed_in("anna"), signed_in("carl")
    carl.get("/people")
    carl.get("/api/accounting/book?mba=ZZA9")
    carl.get("/accounting/book?mba=ZZA1&as=csv")
    anna.post("/people/person?person=carl", {"step": "invite"})
    rows = _json(anna, "people/events?person=carl")["blocks"]["events"]["rows"]
    assert rows[0]["what"] == "invited"
    assert {"refused", "signed in"} <= {each["what"] for each in rows}
    assert any(each["detail"] == "GET /people" for each in rows)
    refused = _json(anna, "people/events?what=refused")["blocks"]["events"]["rows"]
    assert {each["what"] for each in refused} == {"refused"}
    assert _json(anna, "people/events?until=2020-01-01")["blocks"]["events"]["rows"] == []
    assert _json(anna, "people/events?since=2020-01-01&what=invited")["blocks"]["events"]["rows"]
    exported = anna.get("/people/events?what=refused&as=csv").content.decode()
    assert exported.count("\n") == len(refused) + 1
    assert ("exported", "anna", "/people/events as csv") in events()


def test_nobody_writes_lines_of_their_own_into_what_happened(founded_site: State) -> None:
    from openmpca.web.models import Event

    name = "anna\r\n2026-01-01 signed in boris\x1b[2J\u202e\u2028=cmd|' /C calc'!A0"
    sign_in(Client(), name)
    kept = Event.objects.get(what="sign-in failed").detail
    assert kept.isprintable()
    assert "signed in boris" in kept
    exported = signed_in("anna").get("/people/events?what=sign-in+failed&as=csv").content.decode()
    assert len(exported.strip().splitlines()) == 2


def test_everybody_learns_why_about_themselves_and_administrators_about_anybody(peopled: str) -> None:
    carl, anna = signed_in("carl"), signed_in("anna")
    mine = _json(carl, "people/why?place=mba:ZZA1&kind=accounting.change")["blocks"]
    assert mine["reading"].startswith("May read it")
    assert [each["scope"] for each in mine["grants"]["rows"]] == ["mba:ZZA1"]
    assert all(each["answer"].startswith("May, by the grants") for each in mine["stating"]["rows"])
    other = _json(carl, "people/why?place=mba:ZZA2&kind=record.grant")["blocks"]
    assert other["reading"].startswith("May not read it")
    assert "lacks a grant as administrator" in other["stating"]["rows"][0]["answer"]
    assert _json(anna, "people/why?person=carl&place=mba:ZZA1")["blocks"]["grants"] == mine["grants"]
    for asked in ("anna", "nobody"):
        answer = carl.get(f"/api/people/why?person={asked}")
        assert answer.status_code == 403
        assert asked not in answer.content.decode()
