"""Two-person work in the browser: who sees a proposal, what it would do, approving, rejecting, taking back."""

from datetime import date
from typing import Any

import msgspec
import pytest
from django.test import Client

from tests.accounting.story import Story, begun, grams
from tests.state import State, at
from tests.web.conftest import signed_in

DAY = date(2024, 3, 1)


def propose(story: Story, mba: str = "ZZA1", batch: str = "B1", **others: Any) -> int:
    """A receipt from abroad, kept as a proposal because two persons are asked for."""
    from openmpca.record.statements import Duty

    duty = Duty(day=date(2000, 1, 1), of="accounting.change", persons=2, prepare=["officer"], approve=["officer"])
    story.state(duty)
    return proposed(story, mba, batch, **others)


def proposed(story: Story, mba: str, batch: str, **others: Any) -> int:
    from openmpca.record import commands
    from tests.state import alone

    receipt = story.change("RF", mba, batch, DAY, grams(E="100", E_U235="5"), counterpart="XX", **others)
    made = commands.state([receipt], alone(story.act))
    assert made.proposal is not None
    return made.proposal


def narrow(story: Story, handle: str, scope: str, role: str = "officer") -> Client:
    """Somebody who holds one narrow grant, signed in."""
    from openmpca.record.people import introduce
    from openmpca.record.statements import Grant

    person, _ = introduce(handle, handle.title(), story.act.party, date(2000, 1, 1), story.act, when=at("2001-01-01"))
    story.state(Grant(day=date(2000, 1, 1), person=person, for_party=story.act.party, role=role, scope=scope))
    return signed_in(handle)


@pytest.fixture
def story(site: State) -> Story:
    return begun()


def test_a_proposal_tells_what_it_says_and_what_it_would_do(story: Story) -> None:
    number = propose(story)
    boris = signed_in("boris")
    blocks = msgspec.json.decode(boris.get(f"/api/record/proposal?number={number}").content)["blocks"]
    assert blocks["statement_1"]["batch"] == "B1"
    assert [(each["weight"], each["before"], each["after"]) for each in blocks["balances"]["rows"]] == [
        ("E", "0", "100"),
        ("E/U235", "0", "5"),
    ]
    shown = boris.get(f"/record/proposal?number={number}").content.decode()
    assert "change RF of batch B1 in ZZA1" in shown
    assert "Approve" in shown
    listed = boris.get("/record/proposals").content.decode()
    assert f"/record/proposal?number={number}" in listed


def test_the_second_person_approves_after_proving_that_they_sit_there(story: Story) -> None:
    number = propose(story)
    boris = signed_in("boris", fresh=False)
    asked = boris.post(f"/record/approve?number={number}", {"step": "approve"})
    assert asked.headers["Location"].startswith("/account/reauthenticate/")
    assert story.held("ZZA1") == {}
    boris = signed_in("boris")
    gone = boris.post(f"/record/approve?number={number}", {"step": "approve"})
    assert gone.headers["Location"] == f"/record/proposal?number={number}"
    assert story.held("ZZA1") == {"E": 100, "E/U235": 5}
    after = boris.get(gone.headers["Location"]).content.decode()
    assert "Recorded as statement" in after
    assert "with the approval of boris" in after
    assert boris.post(f"/record/approve?number={number}", {"step": "approve"}).status_code == 409
    assert story.held("ZZA1") == {"E": 100, "E/U235": 5}


def test_nobody_approves_what_they_prepared_and_who_prepared_takes_it_back(story: Story) -> None:
    number = propose(story)
    anna = signed_in("anna")
    assert "another person approves it" in anna.get(f"/record/proposal?number={number}").content.decode()
    refused = anna.post(f"/record/approve?number={number}", {"step": "approve"})
    assert refused.status_code == 422
    assert "Nobody" in refused.content.decode() or "prepared it" in refused.content.decode()
    assert anna.post(f"/record/reject?number={number}", {"reason": " "}).status_code == 422
    gone = anna.post(f"/record/reject?number={number}", {"reason": "typed wrong"}, follow=True).content.decode()
    assert "Nothing waits." in gone
    closed = anna.get("/api/record/proposals?closed=1").content.decode()
    assert "rejected by anna: typed wrong" in closed
    assert story.held("ZZA1") == {}


def test_checking_says_what_would_refuse_and_records_nothing(story: Story) -> None:
    number = propose(story)
    boris, anna = signed_in("boris"), signed_in("anna")
    assert "Nothing refuses it." in boris.post(f"/record/approve?number={number}", {"step": "check"}).content.decode()
    told = anna.post(f"/record/approve?number={number}", {"step": "check"})
    assert told.status_code == 200
    assert "prepared it" in told.content.decode()
    assert story.held("ZZA1") == {}


def test_who_reads_another_area_finds_no_proposal_and_approves_none(story: Story) -> None:
    number = propose(story)
    carla = narrow(story, "carla", "mba:ZZB1")
    other = proposed(story, "ZZB1", "B2")
    listed = msgspec.json.decode(carla.get("/api/record/proposals?closed=1").content)["blocks"]["proposals"]["rows"]
    assert [each["proposal"] for each in listed] == [other]
    for path in ("record/proposal", "record/approve", "record/reject"):
        theirs, none = carla.get(f"/{path}?number={number}"), carla.get(f"/{path}?number=999")
        assert theirs.status_code == none.status_code == 404
    assert carla.post(f"/record/approve?number={number}", {"step": "approve"}).status_code == 404
    assert carla.post(f"/record/reject?number={number}", {"reason": "x"}).status_code == 404
    assert carla.post(f"/record/approve?number={other}", {"step": "approve"}).status_code == 302
    assert carla.get(f"/record/proposal?number={other}").status_code == 200


def test_who_only_reads_sees_a_proposal_and_is_refused_by_the_rules(story: Story) -> None:
    number = propose(story)
    reader = narrow(story, "rita", "mba:ZZA1", role="reader")
    assert reader.get(f"/record/proposal?number={number}").status_code == 200
    refused = reader.post(f"/record/approve?number={number}", {"step": "approve"})
    assert refused.status_code == 422
    assert "holds no grant" in refused.content.decode()
    assert reader.post(f"/record/reject?number={number}", {"reason": "no"}).status_code == 422
    assert story.held("ZZA1") == {}
