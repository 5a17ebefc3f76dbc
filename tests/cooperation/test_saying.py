"""Stating anything of the room in the browser: one form for every kind, and nothing of another party behind it."""

from tests.cooperation.joint import DAY, hosting, state
from tests.cooperation.test_claims import agreement
from tests.state import State, alone
from tests.web.conftest import signed_in

SAY = "/api/cooperation/say?kind=cooperation.clause"


def test_a_kind_is_stated_through_its_form(site: State) -> None:
    ours, _theirs = hosting()
    state(ours, agreement(), agreement(code="UB"))
    anna = signed_in("anna")
    shown = anna.get(
        "/cooperation/say?kind=cooperation.clause&given=agreement%3DUA%0Atitle%3DLiability"
    ).content.decode()
    assert 'value="UA"' in shown
    assert '<option value="UB">' in shown
    assert '<option value="liability">' in shown
    fields = {"day": "2026-03-01", "code": "UA.7", "agreement": "UA", "sort": "liability", "title": "Liability"}
    checked = anna.post("/cooperation/say?kind=cooperation.clause", {**fields, "agreement": "UC", "step": "check"})
    assert "UC" in checked.content.decode()
    refused = anna.post("/cooperation/say?kind=cooperation.clause", {**fields, "day": "March", "step": "state"})
    assert refused.status_code == 422
    assert 'value="March"' in refused.content.decode()
    done = anna.post(
        "/cooperation/say?kind=cooperation.clause", {**fields, "release": "*", "step": "state"}, follow=True
    )
    assert "Liability" in done.content.decode()


def test_another_party_meets_nothing_that_was_not_released_to_it(site: State) -> None:
    from openmpca.record import commands
    from openmpca.record.models import Proposal
    from openmpca.record.statements import Duty

    ours, _theirs = hosting()
    both = ["authority"]
    state(ours, Duty(day=DAY, of="cooperation.agreement", persons=2, prepare=both, approve=both))
    (kept,) = state(ours, agreement(code="QX-1", title="Not for others"))
    (open_to_all,) = state(ours, agreement(code="UB", title="For everybody", release=["*"]))
    commands.state([agreement(code="QX-2", title="Not decided")], alone(ours))
    hana, anna = signed_in("hana"), signed_in("anna")
    assert hana.get(f"/api/record/statement?number={kept}").status_code == 404
    assert hana.get(f"/api/record/statement?number={open_to_all}").status_code == 200
    asked = ("/record/log", "/search?text=for+others", "/record/proposals", "/", SAY.removeprefix("/api"))
    seen, own = ("".join(who.get(each).content.decode() for each in asked) for who in (hana, anna))
    assert "QX-1" in own
    assert "Not for others" in own
    assert "QX-2" in own
    assert "QX-" not in seen
    assert "Not for others" not in seen
    assert "For everybody" in seen
    proposal = Proposal.objects.get().pk
    assert hana.get(f"/api/record/proposal?number={proposal}").status_code == 404


def test_there_is_no_form_for_what_is_no_kind_of_this_room(founded_site: State) -> None:
    anna = signed_in("anna")
    assert anna.get("/api/cooperation/say?kind=record.grant").status_code == 404
    assert anna.get("/api/cooperation/say?kind=nothing").status_code == 404
