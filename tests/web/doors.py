"""People at the door: their passphrases, the codes of their apps, what pages hold that a browser would not run."""

import re
from html.parser import HTMLParser
from typing import Any

from django.test import Client

PASSPHRASE = "four quiet words walk"  # noqa: S105  opens nothing but what tests make


def account(handle: str, passphrase: str = PASSPHRASE) -> int:
    """Make the account of a person of the record, with a passphrase; gives its number."""
    from openmpca.record.commands import person_of
    from openmpca.web.models import Account

    return int(Account.objects.create_user(handle, person_of(handle), passphrase).pk)


def sign_in(client: Client, handle: str, passphrase: str = PASSPHRASE) -> Any:
    """Send the form of sign-in; gives the answer."""
    return client.post("/account/login/", {"login": handle, "password": passphrase})


def code(secret: str) -> str:
    """What an authenticator app shows now."""
    from allauth.mfa.totp.internal import auth

    return str(auth.format_hotp_value(auth.hotp_value(secret, next(iter(auth.yield_hotp_counters_from_time())))))


def set_up_app(client: Client) -> str:
    """Set up an authenticator app for who is signed in; gives its key."""
    shown = client.get("/account/2fa/totp/activate/").content.decode()
    found = re.search(r"<code>([A-Z2-7]{32})</code>", shown)
    assert found, shown
    answer = client.post("/account/2fa/totp/activate/", {"code": code(found[1])})
    assert answer.status_code == 302, answer.content.decode()
    return found[1]


def events() -> list[tuple[str, str, str]]:
    """What happened at the door: what, who, and more."""
    from openmpca.web.models import Event

    return list(Event.objects.order_by("id").values_list("what", "person", "detail"))


class _Inline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        runs = tag == "script" and "src" not in given and given.get("type") != "application/json"
        if tag == "style" or runs:
            self.found.append(tag)
        self.found += [f"{tag} {name}" for name, _ in attrs if name == "style" or name.startswith("on")]
        self.found += [f"{tag} {value}" for _, value in attrs if (value or "").lower().startswith("javascript:")]


def inline(html: str) -> list[str]:
    """What of a page the content security policy would not let run or apply."""
    reader = _Inline()
    reader.feed(html)
    return reader.found
