"""Signing in: by passphrase, by second factor, by one-time secret; every page of it in the frame; sessions that end."""

import re
from datetime import timedelta

import pytest
from django.test import Client, override_settings

from tests.state import State
from tests.web.conftest import signed_in
from tests.web.doors import PASSPHRASE, account, code, events, inline, set_up_app, sign_in

PAGES = [
    "/account/logout/",
    "/account/reauthenticate/",
    "/account/password/change/",
    "/account/2fa/",
    "/account/2fa/reauthenticate/",
    "/account/2fa/totp/deactivate/",
    "/account/2fa/recovery-codes/",
    "/account/2fa/recovery-codes/generate/",
    "/account/2fa/webauthn/",
    "/account/2fa/webauthn/add/",
    "/account/inactive/",
]


@pytest.fixture(autouse=True)
def _a_step_early_or_late() -> object:
    """Codes of the step before count too, so that no test fails at the turn of a step."""
    with override_settings(MFA_TOTP_TOLERANCE=1):
        yield


def _heading(html: str) -> str:
    found = re.findall(r"<h1>(.*?)</h1>", html)
    assert len(found) == 1, html
    return str(found[0])


def test_every_page_of_sign_in_stands_in_the_frame_and_holds_nothing_that_the_policy_forbids(
    founded_site: State,
) -> None:
    account("anna")
    nobody, anna = Client(), signed_in("anna")
    shown = [nobody.get(each).content.decode() for each in ("/account/login/", "/invitation")]
    shown += [anna.get("/account/2fa/totp/activate/").content.decode()]
    set_up_app(anna)
    for each in PAGES:
        answer = anna.get(each)
        assert answer.status_code == 200, each
        shown.append(answer.content.decode())
    for html in shown:
        assert _heading(html)
        assert 'id="content"' in html
        assert inline(html) == []
        assert "placeholder" not in html.split("<main")[1]


def test_a_passphrase_opens_and_the_next_page_is_the_one_that_was_asked_for(founded_site: State) -> None:
    account("anna")
    client = Client()
    led = client.get("/accounting/book?as_of=2026-01-01").headers["Location"]
    answer = client.post(led, {"login": "anna", "password": PASSPHRASE, "next": "/accounting/book?as_of=2026-01-01"})
    assert answer.headers["Location"] == "/accounting/book?as_of=2026-01-01"
    assert client.get("/me").status_code == 200
    assert events()[-1][:2] == ("signed in", "anna")


def test_a_wrong_passphrase_and_an_unknown_handle_are_told_in_the_same_words(founded_site: State) -> None:
    account("anna")
    client = Client()
    wrong = [sign_in(client, handle, "not this one at all").content.decode() for handle in ("anna", "nobody")]
    said = [re.findall(r'<li class="error"><p>(.*?)</p>', html) for html in wrong]
    assert said[0] == said[1] != []
    assert ("sign-in failed", "", "as nobody") in events()
    assert all("not this one" not in detail for _, _, detail in events())


def test_the_browser_is_told_what_each_field_of_sign_in_holds(founded_site: State) -> None:
    html = Client().get("/account/login/").content.decode()
    assert 'autocomplete="username"' in html
    assert 'autocomplete="current-password"' in html
    invited = Client().get("/invitation").content.decode()
    assert invited.count('autocomplete="new-password"') == 2


def test_a_second_factor_is_asked_for_after_the_passphrase(founded_site: State) -> None:
    account("anna")
    first = Client()
    sign_in(first, "anna")
    first.post("/account/reauthenticate/", {"password": PASSPHRASE})
    secret = set_up_app(first)
    again = Client()
    led = sign_in(again, "anna")
    assert led.headers["Location"] == "/account/2fa/authenticate/"
    assert again.get("/me").status_code == 302
    asked = again.get("/account/2fa/authenticate/").content.decode()
    assert 'autocomplete="one-time-code"' in asked
    assert inline(asked) == []
    assert again.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert ("second factor failed", "anna", "") in events()
    assert again.post("/account/2fa/authenticate/", {"code": code(secret)}).headers["Location"] == "/"
    assert again.get("/me").status_code == 200


def test_nobody_fills_the_list_of_what_happened_with_forged_requests(founded_site: State) -> None:
    attacker = Client(enforce_csrf_checks=True)
    for _ in range(5):
        assert attacker.post("/account/login/", {"login": "anna"}).status_code == 403
    assert [what for what, _, _ in events()] == ["refused"]


def test_a_token_of_somebody_without_the_second_factor_they_need_is_refused(founded_site: State) -> None:
    from openmpca.web import tokens
    from openmpca.web.events import now
    from openmpca.web.second_factor import demand

    account("anna")
    token = tokens.make("anna", "a program", states=True, place="", ends=now() + timedelta(days=1))
    asking = Client(headers={"authorization": f"Bearer {token}"})
    assert asking.get("/api/accounting/book").status_code == 200
    demand(["administrator"])
    assert asking.get("/api/accounting/book").status_code == 403


def test_a_recovery_code_opens_once(founded_site: State) -> None:
    account("anna")
    first = Client()
    sign_in(first, "anna")
    first.post("/account/reauthenticate/", {"password": PASSPHRASE})
    set_up_app(first)
    codes = first.get("/account/2fa/recovery-codes/download/").content.decode().split()
    assert len(codes) == 10
    for turn in range(2):
        again = Client()
        sign_in(again, "anna")
        again.post("/account/2fa/authenticate/", {"code": codes[0]})
        assert (again.get("/me").status_code == 200) is (turn == 0)


def test_the_key_of_an_app_is_not_readable_in_the_database(founded_site: State) -> None:
    from allauth.mfa.models import Authenticator

    secret = set_up_app(signed_in("anna"))
    kept = str(Authenticator.objects.get(type="totp").data)
    assert secret not in kept


def test_a_one_time_secret_makes_one_account_once(founded_site: State) -> None:
    from openmpca.web.signing_in import invite

    secret = invite("anna")
    form = {"secret": secret, "passphrase": PASSPHRASE, "again": PASSPHRASE}
    client = Client()
    assert client.post("/invitation", form).headers["Location"] == "/"
    assert client.get("/me").status_code == 200
    assert Client().post("/invitation", form).status_code == 422
    assert [what for what, _, _ in events()].count("invitation refused") == 1


@pytest.mark.parametrize(
    ("passphrase", "again", "said"),
    [
        ("too short", "too short", "12 characters"),
        ("administrator", "administrator", "too common"),
        ("four quiet words walk", "four quiet words run", "differ"),
    ],
)
def test_passphrases_that_are_short_common_or_differ_are_refused_at_their_field(
    founded_site: State, passphrase: str, again: str, said: str
) -> None:
    from openmpca.web.signing_in import invite

    answer = Client().post("/invitation", {"secret": invite("anna"), "passphrase": passphrase, "again": again})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_passphrase_of_many_words_is_welcome_and_kept_with_argon2(founded_site: State) -> None:
    from openmpca.web.models import Account
    from openmpca.web.signing_in import invite

    long = " ".join(["correct horse battery staple"] * 12)
    Client().post("/invitation", {"secret": invite("anna"), "passphrase": long, "again": long})
    assert Account.objects.get(handle="anna").password.startswith("argon2$argon2id$")
    assert sign_in(Client(), "anna", long).headers["Location"] == "/"


def test_a_one_time_secret_does_not_take_the_place_of_a_second_factor(founded_site: State) -> None:
    from openmpca.web.signing_in import invite

    set_up_app(signed_in("anna"))
    client = Client()
    form = {"secret": invite("anna"), "passphrase": PASSPHRASE, "again": PASSPHRASE}
    assert client.post("/invitation", form).headers["Location"] == "/account/login/"
    assert client.get("/me").status_code == 302
    assert sign_in(client, "anna").headers["Location"] == "/account/2fa/authenticate/"


def test_a_new_passphrase_by_a_one_time_secret_ends_sessions_and_tokens(founded_site: State) -> None:
    from openmpca.web import tokens
    from openmpca.web.events import now
    from openmpca.web.signing_in import invite

    account("anna")
    account("boris")
    there = Client()
    sign_in(there, "anna")
    ends = now() + timedelta(days=1)
    secrets = {who: tokens.make(who, f"of {who}", states=True, place="", ends=ends) for who in ("anna", "boris")}
    programs = {who: Client(headers={"Authorization": f"Bearer {secret}"}) for who, secret in secrets.items()}
    assert {each.get("/api/me").status_code for each in programs.values()} == {200}
    form = {"secret": invite("anna"), "passphrase": "new words for old ones", "again": "new words for old ones"}
    here = Client()
    assert here.post("/invitation", form).status_code == 302
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 302
    assert {who: each.get("/api/me").status_code for who, each in programs.items()} == {"anna": 401, "boris": 200}
    kept = events()
    assert ("passphrase changed", "anna", "by a one-time secret") in kept
    assert ("token taken back", "anna", "of anna") in kept


def test_a_one_time_secret_opens_no_account_that_was_taken_out_of_use(founded_site: State) -> None:
    from openmpca.web.models import Account
    from openmpca.web.signing_in import invite

    account("anna")
    Account.objects.update(is_active=False)
    form = {"secret": invite("anna"), "passphrase": PASSPHRASE, "again": PASSPHRASE}
    assert Client().post("/invitation", form).status_code == 422


def test_nobody_is_locked_out_by_somebody_elses_attempts(founded_site: State) -> None:
    account("anna")
    attacker = Client(REMOTE_ADDR="192.0.2.66")
    for _ in range(8):
        sign_in(attacker, "anna", "not this one at all")
    assert "sign-in held up" in [what for what, _, _ in events()]
    assert sign_in(attacker, "anna").status_code == 200, "the address that failed too often is held up"
    assert sign_in(Client(REMOTE_ADDR="192.0.2.1"), "anna").status_code == 302, "the person themselves is not"


def test_many_names_tried_from_one_address_are_held_up(founded_site: State) -> None:
    account("anna")
    attacker = Client(REMOTE_ADDR="192.0.2.66")
    for each in range(20):
        sign_in(attacker, f"name{each}", "not this one at all")
    assert sign_in(attacker, "anna").status_code == 200
    assert sign_in(Client(REMOTE_ADDR="192.0.2.1"), "anna").status_code == 302


def test_one_time_secrets_are_not_guessed_for_ever(founded_site: State) -> None:
    client = Client()
    form = {"secret": "a guess", "passphrase": PASSPHRASE, "again": PASSPHRASE}
    answers = [client.post("/invitation", form) for _ in range(21)]
    assert [each.status_code for each in answers] == [422] * 20 + [429]
    assert _heading(answers[-1].content.decode()) == "Too many attempts"


def test_a_session_has_another_key_after_sign_in(founded_site: State) -> None:
    account("anna")
    client = Client()
    client.get("/account/login/")
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = str(session.session_key)
    client.cookies["sessionid"] = planted
    sign_in(client, "anna")
    assert client.cookies["sessionid"].value != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get("/me").status_code == 302


def _set_back(client: Client, name: str, by: timedelta) -> None:
    session = client.session
    session[name] -= by.total_seconds()
    session.save()


@pytest.mark.parametrize(
    ("name", "by", "still"),
    [
        ("seen", timedelta(minutes=29), True),
        ("seen", timedelta(minutes=31), False),
        ("since", timedelta(hours=7, minutes=59), True),
        ("since", timedelta(hours=8, minutes=1), False),
    ],
)
def test_sessions_end_after_eight_hours_and_after_half_an_hour_away(
    founded_site: State, name: str, by: timedelta, still: bool
) -> None:
    account("anna")
    client = Client()
    sign_in(client, "anna")
    _set_back(client, name, by)
    assert (client.get("/me").status_code == 200) is still
    assert (("session ended", "anna", "") in events()) is not still


def test_a_session_that_is_used_does_not_end_for_being_idle(founded_site: State) -> None:
    account("anna")
    client = Client()
    sign_in(client, "anna")
    for _ in range(3):
        _set_back(client, "seen", timedelta(minutes=20))
        assert client.get("/me").status_code == 200


def test_a_new_passphrase_signs_out_everywhere_else(founded_site: State) -> None:
    account("anna")
    here, there = Client(), Client()
    sign_in(here, "anna")
    sign_in(there, "anna")
    new = "five even quieter words run"
    changed = here.post(
        "/account/password/change/", {"oldpassword": PASSPHRASE, "password1": new, "password2": new}, follow=True
    )
    assert changed.status_code == 200
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 302
    assert ("passphrase changed", "anna", "") in events()


def test_signing_out_ends_the_session_here(founded_site: State) -> None:
    account("anna")
    client = Client()
    sign_in(client, "anna")
    kept = client.cookies["sessionid"].value
    assert client.post("/account/logout/").headers["Location"] == "/account/login/"
    client.cookies["sessionid"] = kept
    assert client.get("/me").status_code == 302
    assert ("signed out", "anna", "") in events()


def test_who_needs_a_second_factor_and_has_none_can_set_one_up_and_nothing_else(founded_site: State) -> None:
    from openmpca.web.second_factor import demand

    account("anna")
    anna = Client()
    sign_in(anna, "anna")
    demand(["officer"])
    assert anna.get("/accounting/book").headers["Location"] == "/account/2fa/"
    assert anna.get("/api/accounting/book").status_code == 403
    assert anna.post("/me").status_code == 403
    assert "Your role takes a second factor" in anna.get("/account/2fa/").content.decode()
    anna.post("/account/reauthenticate/", {"password": PASSPHRASE})
    set_up_app(anna)
    assert anna.get("/accounting/book").status_code == 200


def test_roles_without_the_demand_go_on_without_a_second_factor(founded_site: State) -> None:
    from openmpca.web.second_factor import demand, demanded

    demand(["inspector", "reader", "no such role"])
    assert demanded() == ["inspector", "reader"]
    assert signed_in("anna").get("/accounting/book").status_code == 200


def test_a_proof_is_given_by_passphrase_or_code_and_leads_back(founded_site: State) -> None:
    account("anna")
    client = Client()
    sign_in(client, "anna")
    led = client.post("/account/reauthenticate/?next=/me", {"password": PASSPHRASE, "next": "/me"})
    assert led.headers["Location"] == "/me"
    secret = set_up_app(client)
    wrong = client.post("/account/reauthenticate/", {"password": "not this one at all"})
    assert wrong.status_code == 200
    assert ("sign-in failed", "anna", "as anna") in events()
    proven = client.post("/account/2fa/reauthenticate/", {"code": code(secret), "next": "/me"})
    assert proven.headers["Location"] == "/me"
