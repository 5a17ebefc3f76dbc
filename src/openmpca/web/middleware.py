"""What every answer gets: security headers, and the language of who asks.

The content security policy allows nothing but what this server sends: no inline script or style, no other host.
"""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import translation

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
PERMISSIONS: Final = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"


def headers(answering: Answering) -> Answering:
    """Set the headers that keep a browser within this server."""

    def answer(request: HttpRequest) -> HttpResponse:
        given = answering(request)
        given.setdefault("Content-Security-Policy", POLICY)
        given.setdefault("Permissions-Policy", PERMISSIONS)
        given.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith("/static/"):
            given.setdefault("Cache-Control", "no-store")
        return given

    return answer


def language(answering: Answering) -> Answering:
    """Use the language chosen before or after sign-in, else what the browser prefers; an address has no language."""

    def answer(request: HttpRequest) -> HttpResponse:
        with translation.override(translation.get_language_from_request(request)):
            request.LANGUAGE_CODE = translation.get_language() or "en"
            given = answering(request)
            given.setdefault("Content-Language", request.LANGUAGE_CODE)
        return given

    return answer
