"""What every answer gets: security headers, and the language of who asks; sessions that end, second factors demanded.

Rules kept here:

1. The content security policy allows nothing but what this server sends: no inline script or style, no other host. It
   stands on every answer, files and errors included.
2. A session ends eight hours after sign-in, and half an hour after it was last used.
3. Who needs a second factor and has none can set one up and nothing else.

Source: OWASP Session Management and HTTP Headers Cheat Sheets; issue "The pages".
"""

import time
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from openmpca.pages.answering import API
from openmpca.pages.drawing_up import problems_in_json

Answering = Callable[[HttpRequest], HttpResponse]

POLICY: Final = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
SINCE: Final = "since"
SEEN: Final = "seen"
NOTED_EACH: Final = 60
WITHOUT_SECOND_FACTOR: Final = (
    "/account/2fa/",
    "/account/logout/",
    "/account/reauthenticate/",
    "/account/password/change/",
    "/invitation",
    "/language",
)
PERMISSIONS: Final = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"


def headers(answering: Answering) -> Answering:
    """Set the headers that keep a browser within this server."""

    def answer(request: HttpRequest) -> HttpResponse:
        given = answering(request)
        given.setdefault("Content-Security-Policy", POLICY)
        given.setdefault("Permissions-Policy", PERMISSIONS)
        given.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        given.setdefault("X-Content-Type-Options", "nosniff")
        given.setdefault("X-Frame-Options", "DENY")
        given.setdefault("Referrer-Policy", "same-origin")
        if not request.path.startswith("/static/"):
            given.setdefault("Cache-Control", "no-store")
        return given

    return answer


def language(answering: Answering) -> Answering:
    """Use the language chosen before or after sign-in, else what the browser prefers; programs are told in English."""

    def answer(request: HttpRequest) -> HttpResponse:
        by_program = request.path.startswith("/api/")
        with translation.override("en" if by_program else translation.get_language_from_request(request)):
            request.LANGUAGE_CODE = translation.get_language() or "en"
            given = answering(request)
            given.setdefault("Content-Language", request.LANGUAGE_CODE)
        return given

    return answer


def sessions_end(answering: Answering) -> Answering:
    """Sign out who signed in too long ago or was away too long."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and not hasattr(request, "token"):
            _end_or_note(request, time.time())
        return answering(request)

    return answer


def begun(session: Any) -> None:
    """Note in a session that somebody signed in now."""
    session[SINCE] = session[SEEN] = time.time()


def _end_or_note(request: HttpRequest, at: float) -> None:
    from django.contrib.auth.models import AnonymousUser

    from openmpca.web.events import happened

    session = request.session
    if SINCE not in session:
        begun(session)
    away, signed_in = at - float(session[SEEN]), at - float(session[SINCE])
    if away >= settings.SESSION_IDLE_SECONDS or signed_in >= settings.SESSION_COOKIE_AGE:
        happened(request, "session ended")
        session.flush()
        request.user = AnonymousUser()
    elif away >= NOTED_EACH:
        session[SEEN] = at


def second_factor(answering: Answering) -> Answering:
    """Lead who needs a second factor and has none to set one up."""

    def answer(request: HttpRequest) -> HttpResponse:
        from openmpca.web.second_factor import lacks_one

        request.lacks_second_factor = request.user.is_authenticated and lacks_one(request.user)  # type: ignore[attr-defined]
        if request.lacks_second_factor and not request.path.startswith(WITHOUT_SECOND_FACTOR):  # type: ignore[attr-defined]
            return _set_it_up(request)
        return answering(request)

    return answer


def _set_it_up(request: HttpRequest) -> HttpResponse:
    from openmpca.web.events import happened

    if request.path.startswith(f"/{API}"):
        happened(request, "refused", f"{request.method} {request.path} without a second factor")
        return problems_in_json([_("Your role takes a second factor. Set one up first.")], 403)
    if request.method in ("GET", "HEAD"):
        return HttpResponseRedirect("/account/2fa/")
    happened(request, "refused", f"{request.method} {request.path} without a second factor")
    return render(request, "web/second_factor.html", status=403)
