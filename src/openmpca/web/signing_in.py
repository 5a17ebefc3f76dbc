"""Signing in: invitations by one-time secret, accounts for persons of the record, what is kept of attempts.

Rules kept here:

1. There is no default password and no open registration: an account is made by a one-time secret, which the command
   line prints for the first administrator and an administrator makes for others. Only its digest is stored; it works
   once, for a day.
2. An account speaks for exactly one person of the record. What they may do, the record's grants say.
3. Failed attempts are limited by the address they come from, and by address and name together, never by the name alone:
   nobody locks out somebody else. Codes of a second factor are counted by account, because whoever gets that far has
   given its passphrase.
4. After sign-in and sign-out one goes on to a page of this server, whatever the address asked for.
5. A one-time secret for somebody who has a second factor changes the passphrase and asks for the second factor then.
   A new passphrase ends the sessions and the tokens of before.
6. Every sign-in, refusal and change of an account is an event.

Source: issue "The pages"; OWASP Authentication and Unvalidated Redirects Cheat Sheets; django-allauth's adapters.
"""

import secrets
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from openmpca.record.models import PersonName
from openmpca.web.events import happened, now, seldom

LIFE: Final = timedelta(days=1)
FOUNDING: Final = "founding"
"""For whom a one-time secret is that founds the State: nobody, there is no person yet."""
ERRORS: Final = {
    "username_password_mismatch": _("Handle or passphrase is not right."),
    "incorrect_password": _("The passphrase is not right."),
    "enter_current_password": _("This is not your passphrase until now."),
    "incorrect_code": _("The code is not right, or it was used before."),
    "too_many_login_attempts": _(
        "Too many failed attempts from your address. Wait five minutes; nobody else is held up."
    ),
    "rate_limited": _("Too many attempts. Wait five minutes."),
}
PROOFS: Final = {
    "reauthenticate": _("Give your passphrase"),
    "mfa_reauthenticate": _("Give a code of your app, or a recovery code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey or security key"),
}


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth tells no types
    """What django-allauth asks of us."""

    error_messages: Final = {**DefaultAccountAdapter.error_messages, **ERRORS}

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers by themselves."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only pages of this server are gone on to."""
        return stays_here(url)

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return f"{self.get_client_ip(request)} {credentials.get('username', '').strip().lower()}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Keep that somebody was held up who tried too often."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            seldom(request, "sign-in held up", f"as {credentials.get('username', '')}")
            raise

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """The ways to prove that one sits here, in our words."""
        ways = super().get_reauthentication_methods(user)
        return [{**each, "description": PROOFS.get(each["id"], each["description"])} for each in ways]

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Keep that somebody failed to sign in, and as whom."""
        super().authentication_failed(request, **credentials)
        happened(request, "sign-in failed", f"as {credentials.get('username', '')}")


def stays_here(address: str) -> bool:
    """Whether an address is a page of this server, told without naming it."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


def listen() -> None:
    """Keep what sign-in says as events."""
    from allauth.account import signals as account
    from allauth.mfa import signals as mfa
    from django.contrib.auth import signals as auth

    for signal, what in (
        (auth.user_logged_in, "signed in"),
        (auth.user_logged_out, "signed out"),
        (account.password_changed, "passphrase changed"),
        (mfa.authenticator_added, "second factor added"),
        (mfa.authenticator_removed, "second factor removed"),
        (mfa.authenticator_reset, "recovery codes made anew"),
        (mfa.authentication_failed, "second factor failed"),
    ):
        signal.connect(_keeper(what), weak=False, dispatch_uid=f"openmpca {what}")
    auth.user_logged_in.connect(_begin, weak=False, dispatch_uid="openmpca session")


def _begin(sender: Any, request: HttpRequest, **rest: Any) -> None:
    from openmpca.web.middleware import begun

    begun(request.session)


def _keeper(what: str) -> Any:
    def keep(sender: Any, request: HttpRequest | None = None, user: Any = None, **rest: Any) -> None:
        happened(request, what, person=str(getattr(user, "person", "")))

    return keep


def invite(person: str, by: str = "") -> str:
    """A new one-time secret for a person of the record; earlier ones of theirs end."""
    from openmpca.web.models import Invitation

    secret = secrets.token_urlsafe(24)
    at = now()
    Invitation.objects.filter(person=person, used=None).delete()
    Invitation.objects.create(digest=_digest(secret), person=person, made=at, ends=at + LIFE, made_by=by)
    return secret


def invited(secret: str) -> str | None:
    """The person whom a one-time secret is for, None when it does not work."""
    from openmpca.web.models import Invitation

    found = Invitation.objects.filter(digest=_digest(secret), used=None, ends__gt=now()).first()
    return found.person if found else None


def somebody(secret: str) -> Any:
    """The account that a one-time secret would make, not stored; None when the secret does not work."""
    from openmpca.web.models import Account

    person = invited(secret)
    if person is None or person == FOUNDING:
        return None
    return Account(handle=PersonName.handle_of(person), person=person)


def founds(secret: str) -> bool:
    """Whether a one-time secret founds the State."""
    return invited(secret) == FOUNDING


def founded(handle: str, person: str, passphrase: str) -> Any:
    """The account of who founded the State; the secrets with which it could be founded end."""
    from openmpca.web.models import Account, Invitation

    Invitation.objects.filter(person=FOUNDING, used=None).update(used=now())
    return Account.objects.create_user(handle, person, passphrase)


def accept(request: HttpRequest, secret: str, passphrase: str) -> Any:
    """Make the account of the person invited, or give theirs a new passphrase; None when the secret does not work.

    Sessions of before end with the passphrase that they began with; tokens are taken back here.
    """
    from django.db import transaction

    from openmpca.web import tokens
    from openmpca.web.databases import WEB
    from openmpca.web.models import Account, Invitation

    with transaction.atomic(using=WEB):
        person = invited(secret)
        if person is None or person == FOUNDING:
            return None
        if not Invitation.objects.filter(digest=_digest(secret), used=None).update(used=now()):
            return None
        handle = PersonName.handle_of(person)
        account = Account.objects.filter(person=person).first()
        if account is not None and not account.is_active:
            return None
        if account is None:
            happened(request, "account made", handle, person=person)
            return Account.objects.create_user(handle, person, passphrase)
        account.handle = handle
        account.set_password(passphrase)
        account.save()
        happened(request, "passphrase changed", "by a one-time secret", person=person)
        for name in tokens.end_all(person):
            happened(request, "token taken back", name, person=person)
        return account


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
