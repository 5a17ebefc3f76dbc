"""Tokens: a program asks under /api/ in the stead of the person who made the token, and never may more than they.

    Authorization: Bearer mpca_...

Rules kept here:

1. A token is 256 random bits, shown once when it is made; only its digest is kept.
2. It counts under /api/ alone. Where one is sent no cookie counts, so no session of elsewhere does anything and no
   proof against forgery is needed.
3. It ends on its day, within a year, when its person takes it back, when they may no longer sign in, and when a
   one-time secret gave them a new passphrase: whoever had the old one may have made it.
4. What it may is what its person may at that moment, cut to one place where it names one; one that reads only states
   nothing. Pages that a person must use themselves answer no token.
5. A token that does not work is an event, at most one a minute from an address; so is making and taking one back. When
   one was last used is shown.

Source: RFC 6750, sections 2.1 and 3; OWASP REST Security Cheat Sheet.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from openmpca.pages.answering import API
from openmpca.pages.drawing_up import problems_in_json
from openmpca.pages.reach import Reach
from openmpca.record import grants
from openmpca.record.known import Known
from openmpca.record.record import head
from openmpca.record.rooms import ROOMS
from openmpca.web.events import now, seldom

Answering = Callable[[HttpRequest], HttpResponse]

PREFIX: Final = "mpca_"
LONGEST: Final = timedelta(days=366)
NOTED_EACH: Final = timedelta(minutes=1)
_HEADER: Final = re.compile(r"Bearer +(\S.*)", re.IGNORECASE)


def make(person: str, name: str, *, states: bool, place: str, ends: datetime) -> str:
    """A new token of a person; gives what to send, which is nowhere kept."""
    from openmpca.web.models import Token

    secret = PREFIX + secrets.token_urlsafe(32)
    at = now()
    if not at < ends <= at + LONGEST:
        raise ValueError(f"{ends} is not within a year")
    Token.objects.create(
        digest=_digest(secret), person=person, name=name, states=states, place=place, made=at, ends=ends
    )
    return secret


def is_place(place: str) -> bool:
    """Whether some room knows a place such as ``mba:ZZA1``."""
    known = Known("default", head()[0])
    return known.number > 0 and any(place in room.around(known) for room in ROOMS.values())


def of_person(person: str) -> list[Any]:
    """The tokens of a person, the newest first."""
    from openmpca.web.models import Token

    return list(Token.objects.filter(person=person).order_by("-made", "-id"))


def revoke(person: str, number: int) -> str | None:
    """Take a token back; gives its name, None when the person has no such token that works."""
    from openmpca.web.models import Token

    found = Token.objects.filter(person=person, id=number, revoked=None, ends__gt=now()).first()
    if found is None:
        return None
    found.revoked = now()
    found.save(update_fields=["revoked"])
    return str(found.name)


def end_all(person: str) -> list[str]:
    """Take all tokens of a person back; gives the names of those that worked."""
    from openmpca.web.models import Token

    at = now()
    working = Token.objects.filter(person=person, revoked=None, ends__gt=at).order_by("id")
    names = list(working.values_list("name", flat=True))
    working.update(revoked=at)
    return names


def bearer(answering: Answering) -> Answering:
    """Have a token sent under /api/ ask in the stead of its person."""

    def answer(request: HttpRequest) -> HttpResponse:
        sent = _sent(request)
        if sent is None:
            return answering(request)
        _forget_cookies(request)
        token, account = _working(request, sent)
        if token is None:
            refused = problems_in_json([_("This token does not work: it ended, was taken back, or is no token.")], 401)
            refused["WWW-Authenticate"] = 'Bearer error="invalid_token"'
            return refused
        request.user = account
        request.token = token  # type: ignore[attr-defined]
        with grants.narrowed(token.place):
            return answering(request)

    return answer


def narrowed(found: Reach, request: HttpRequest) -> Reach:
    """A reach as the token of a request has it; the same where there is none."""
    token = getattr(request, "token", None)
    return found if token is None else replace(found, token=token.name, states=token.states, narrowed=bool(token.place))


def _sent(request: HttpRequest) -> str | None:
    header = _HEADER.fullmatch(request.headers.get("Authorization", "").strip())
    return header[1] if header and request.path.startswith(f"/{API}") else None


def _forget_cookies(request: HttpRequest) -> None:
    from django.contrib.auth.models import AnonymousUser

    for name in (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        request.COOKIES.pop(name, None)
    request.session = SessionStore()
    request.user = AnonymousUser()
    request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # what Django's own test client sets


def _working(request: HttpRequest, sent: str) -> tuple[Any, Any]:
    from openmpca.web.models import Account, Token

    at = now()
    token = Token.objects.filter(digest=_digest(sent)).first()
    account = Account.objects.filter(person=token.person, is_active=True).first() if token else None
    if token is None or account is None or token.revoked is not None or token.ends <= at:
        detail = f"{token.name!r} for {request.path}" if token else f"unknown, for {request.path}"
        seldom(request, "token refused", detail, token.person if token else "")
        return None, None
    if token.used is None or at - token.used >= NOTED_EACH:
        Token.objects.filter(id=token.id).update(used=at)
    return token, account


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
