"""The doors in a real browser: a one-time secret, a key that signs in alone and as a second factor, a proof."""

import re
from typing import Any

from tests.browser.serving import PASSPHRASE, Served
from tests.browser.test_sight import found_by_axe

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def _with_a_key(context: Any) -> Any:
    page = context.new_page()
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def _clean(page: Any, address: str) -> None:
    page.goto(address)
    assert (address, found_by_axe(page)) == (address, [])


def test_a_key_signs_in_alone_and_as_a_second_factor_and_proves_who_sits_there(site: Served, context: Any) -> None:
    here = site.address.replace("127.0.0.1", "localhost")
    secret = re.search(r"One-time secret of \S+: (\S+)", site.command("invite", "pavel"))
    assert secret is not None
    page = _with_a_key(context)
    page.goto(f"{here}invitation#{secret[1]}")
    assert secret[1] not in page.url
    page.fill("input[name=passphrase]", PASSPHRASE)
    page.fill("input[name=again]", PASSPHRASE)
    page.click("button.main")
    page.wait_for_url(here)
    for path in ("account/2fa/", "account/2fa/totp/activate/", "account/password/change/", "account/2fa/webauthn/add/"):
        _clean(page, f"{here}{path}")
    page.fill("input[name=name]", "the laptop")
    page.check("input[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url("**/recovery-codes/**")
    _clean(page, f"{here}account/2fa/webauthn/")
    page.click(".who button")
    page.wait_for_url("**/account/login/")
    page.click("#passkey_login")
    page.wait_for_url(here)
    page.click(".who button")
    page.wait_for_url("**/account/login/")
    page.fill("input[name=login]", "pavel")
    page.fill("input[name=password]", PASSPHRASE)
    page.click("button.main")
    page.wait_for_url("**/account/2fa/authenticate/")
    assert found_by_axe(page) == []
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_url(here)
    _clean(page, f"{here}account/2fa/webauthn/reauthenticate/?next=/me")
    page.click("#mfa_webauthn_reauthenticate")
    page.wait_for_url("**/me")


def test_a_key_that_is_declined_is_told_on_the_page(site: Served, context: Any) -> None:
    page = context.new_page()
    page.goto(f"{site.address.replace('127.0.0.1', 'localhost')}account/login/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('declined')); }")
    page.click("#passkey_login")
    page.wait_for_selector("[data-passkey-refused]:not([hidden])")
    assert "The browser gave no key" in page.inner_text("main")


def test_the_pages_of_people_are_clean(site: Served, page: Any) -> None:
    site.sign_in(page, "jonas")
    for path in ("people", "people/person?person=lena", "people/events", "people/why", "people/factors"):
        _clean(page, f"{site.address}{path}")
    for path in ("people/introduce", "people/grant?person=lena"):
        _clean(page, f"{site.address}{path}")
