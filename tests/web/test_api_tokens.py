"""Tokens: made by a person, shown once; what a program may with one, and what it never may."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from django.test import Client

from openmpca.accounting.statements import Country
from openmpca.pages.blocks import Page
from openmpca.pages.routes import Asking, Go, Open, Route, Sent
from openmpca.record import commands, grants
from openmpca.record.act import Act
from openmpca.record.commands import person_of
from openmpca.record.record import Refused
from openmpca.record.statements import Duty, Grant, Person
from openmpca.web import tokens
from openmpca.web.events import now
from openmpca.web.models import Account, Event, Token
from tests.accounting.story import BEGIN, begun
from tests.state import State
from tests.web.conftest import signed_in

UNTIL = {"until": (datetime.now(UTC) + timedelta(days=30)).date().isoformat()}


def program(secret: str, **others: Any) -> Client:
    """A program that sends a token."""
    return Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {secret}"}, **others)


def token_of(handle: str, *, states: bool = False, place: str = "", days: int = 30, name: str = "made") -> str:
    """A token of somebody who has an account."""
    signed_in(handle)
    return tokens.make(person_of(handle), name, states=states, place=place, ends=now() + timedelta(days=days))


def test_a_token_is_shown_once_and_only_its_digest_is_kept(founded_site: State) -> None:
    anna = signed_in("anna")
    made = anna.post("/api/tokens", {"step": "make", "name": "Nightly lists", "may": "read", "mba": "", **UNTIL})
    secret = msgspec.json.decode(made.content)["blocks"]["made"]["Token"]
    assert len(secret) == len("mpca_") + 43
    assert secret not in repr(list(Token.objects.values()))
    assert secret.encode() not in anna.get("/tokens").content
    assert program(secret).get("/api/accounting/book").status_code == 200
    [row] = msgspec.json.decode(anna.get("/api/tokens").content)["blocks"]["tokens"]["rows"]
    assert (row["name"], row["may"], row["works"]) == ("Nightly lists", "read only", "works")
    assert row["used"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"may": "everything"}, "may"),
        ({"mba": "NONE"}, "mba"),
        ({"until": "soon"}, "until"),
        ({"until": "2000-01-01"}, "until"),
        ({"until": (datetime.now(UTC) + timedelta(days=400)).date().isoformat()}, "until"),
    ],
)
def test_a_token_that_cannot_be_is_refused_at_its_field(founded_site: State, wrong: dict[str, str], field: str) -> None:
    sent = {"step": "make", "name": "Lists", "may": "read", **UNTIL, **wrong}
    answer = signed_in("anna").post("/api/tokens", sent)
    assert answer.status_code == 422
    assert [each["field"] for each in msgspec.json.decode(answer.content)["problems"]] == [field]
    assert not Token.objects.exists()


def test_a_token_is_made_by_who_proved_it_lately(founded_site: State) -> None:
    sent = {"step": "make", "name": "Lists", "may": "read", **UNTIL}
    assert signed_in("anna", fresh=False).post("/api/tokens", sent).status_code == 401
    assert not Token.objects.exists()


def test_a_token_taken_back_works_no_longer_and_nobody_takes_back_anothers(founded_site: State) -> None:
    secret = token_of("anna")
    number = Token.objects.get().id
    revoke = {"step": "revoke", "token": number}
    assert signed_in("boris").post("/tokens", revoke).status_code == 404
    assert program(secret).get("/api/me").status_code == 200
    assert signed_in("anna").post("/tokens", revoke).status_code == 302
    answer = program(secret).get("/api/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert Event.objects.filter(what="token refused", person=person_of("anna")).count() == 1
    assert Event.objects.filter(what="token taken back").count() == 1


def test_a_token_that_ended_is_unknown_or_whose_person_may_not_sign_in_does_not_work(founded_site: State) -> None:
    ended, of_boris = token_of("anna"), token_of("boris")
    Token.objects.filter(person=person_of("anna")).update(ends=now() - timedelta(seconds=1))
    Account.objects.filter(handle="boris").update(is_active=False)
    for secret in (ended, of_boris, "mpca_guessed", "x" * 5000, "é"):
        assert program(secret).get("/api/accounting/book").status_code == 401
    refused = sorted(Event.objects.filter(what="token refused").values_list("person", flat=True))
    assert refused == ["", *sorted(map(person_of, ("anna", "boris")))]
    assert "mpca_guessed" not in repr(list(Event.objects.values()))


def test_nobody_fills_the_list_of_what_happened_with_tokens(founded_site: State) -> None:
    known = token_of("anna")
    Token.objects.update(revoked=now())
    for number in range(20):
        for secret in (known, f"mpca_{number}"):
            assert program(secret).get(f"/api/me?{number}").status_code == 401
    assert Event.objects.filter(what="token refused").count() == 2
    Client(REMOTE_ADDR="192.0.2.9", headers={"Authorization": "Bearer mpca_other"}).get("/api/me")
    assert Event.objects.filter(what="token refused").count() == 3


def test_a_token_counts_under_api_alone(founded_site: State) -> None:
    assert program(token_of("anna")).get("/accounting/book").status_code == 302


def test_where_a_token_is_sent_no_cookie_counts(founded_site: State) -> None:
    cookies = signed_in("anna").cookies
    bad = program("mpca_bad")
    bad.cookies = cookies
    assert bad.get("/api/me").status_code == 401
    of_boris = program(token_of("boris"))
    of_boris.cookies = cookies
    assert msgspec.json.decode(of_boris.get("/api/me").content)["blocks"]["person"]["Handle"] == "boris"
    assert signed_in("anna").get("/api/me").status_code == 200


@pytest.fixture
def noted(founded_site: State, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The page /me as if it took something from whoever has a grant; gives what it took."""
    from openmpca.web import urls

    taken: list[str] = []

    def note(asking: Asking, sent: Sent | None = None) -> Page | Go:
        taken.extend([asking.handle] if sent is not None else [])
        return Page("Noted", ())

    route = Route("me", "Noted", Open.READER, note, {}, True)
    for each in urls.urlpatterns:
        if getattr(each, "name", "") in ("me", "api/me"):
            monkeypatch.setattr(each, "callback", urls._view(route))
    return taken


def test_with_a_token_no_proof_against_forgery_is_needed_and_with_a_cookie_it_is(noted: list[str]) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = signed_in("anna").cookies
    assert browser.post("/api/me", {}, content_type="application/json").status_code == 403
    assert not noted
    assert (
        program(token_of("anna", states=True)).post("/api/me", {}, content_type="application/json").status_code == 200
    )
    assert noted == ["anna"]


def test_a_token_that_reads_states_nothing(noted: list[str]) -> None:
    reads = program(token_of("anna"))
    assert reads.get("/api/me").status_code == 200
    assert reads.post("/api/me", {}, content_type="application/json").status_code == 403
    assert not noted


def test_no_token_makes_a_token(founded_site: State) -> None:
    states = program(token_of("anna", states=True))
    sent = {"step": "make", "name": "More", "may": "state", **UNTIL}
    assert states.post("/api/tokens", sent, content_type="application/json").status_code == 403
    assert states.get("/api/tokens").status_code == 403
    assert Token.objects.count() == 1


def test_a_token_for_one_area_reads_and_states_nothing_of_another(site: State) -> None:
    begun()
    narrow = program(token_of("anna", states=True, place="mba:ZZA1"))
    assert narrow.get("/api/accounting/book?mba=ZZA1").status_code == 200
    assert narrow.get("/api/accounting/book?mba=ZZB1").status_code == 404
    held = msgspec.json.decode(narrow.get("/api/me").content)["blocks"]["grants"]["rows"]
    assert {each["scope"] for each in held} == {"mba:ZZA1"}
    anna, party = person_of("anna"), "SRA"

    country = Country(day=BEGIN, code="YY", name="Ypsilon")
    with grants.narrowed("mba:ZZA1"), pytest.raises(Refused):
        commands.state([country], Act(party=party, prepared_by=anna, approved_by=[person_of("boris")]))


def test_a_token_for_an_area_keeps_the_grant_for_the_facility_around_it(site: State) -> None:
    act = begun().act
    reads = Grant(day=BEGIN, person="vera", for_party="SRA", role="reader", scope="facility:ZZF-")
    commands.state([Person(day=BEGIN, person="vera", of="SRA"), reads], act)
    wide, narrow = program(token_of("vera", name="wide")), program(token_of("vera", place="mba:ZZB1"))
    other = program(token_of("vera", place="mba:ZZX1", name="other"))
    assert wide.get("/api/accounting/book?mba=ZZA1").status_code == 200
    assert narrow.get("/api/accounting/book?mba=ZZB1").status_code == 200
    assert narrow.get("/api/accounting/book?mba=ZZA1").status_code == 404
    assert other.get("/api/accounting/book").status_code == 403


def test_a_token_for_one_area_sees_no_proposal_of_another_that_its_person_prepared(site: State) -> None:
    from tests.state import alone

    story = begun()
    story.state(Duty(day=BEGIN, of="accounting.change", persons=2, prepare=["officer"], approve=["officer"]))
    receipt = story.change("RF", "ZZB1", "B1", BEGIN, {"E": "1", "E/U235": "0.1"}, counterpart="XX", shipper_batch="B1")
    waits = commands.state([receipt], alone(story.act)).proposal
    wide, narrow = program(token_of("anna", name="wide")), program(token_of("anna", place="mba:ZZA1"))
    assert wide.get(f"/api/record/proposal?number={waits}").status_code == 200
    assert narrow.get(f"/api/record/proposal?number={waits}").status_code == 404
    assert b"B1" not in narrow.get("/api/").content
