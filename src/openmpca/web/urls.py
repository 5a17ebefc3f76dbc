"""Which address leads where: the declared pages and their twins in JSON, sign-in, the language.

Of django-allauth only what a State needs is let in: no registration by oneself, no e-mail.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Final

from allauth.account import views as account
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from openmpca.pages.answering import API, answer
from openmpca.pages.routes import ROUTES, Route
from openmpca.web import doors
from openmpca.web.events import happened

PAGES: Final = ("openmpca.web.pages", "openmpca.accounting.pages", "openmpca.proof.pages", "openmpca.cooperation.pages")

for _pages in PAGES:
    if find_spec(_pages) is not None:
        import_module(_pages)


def _view(route: Route) -> doors.View:
    def view(request: HttpRequest) -> HttpResponse:
        return answer(route, request, doors.who, happened)

    return view


def _addresses() -> list[URLPattern]:
    found = []
    for route in ROUTES.values():
        view = _view(route)
        found += [path(route.path, view, name=route.name), path(f"{API}{route.path}", view, name=f"{API}{route.name}")]
    return found


urlpatterns: list[URLPattern | URLResolver] = [
    *_addresses(),
    path("language", doors.choose_language, name="language"),
    path("account/login/", doors.sign_in, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/signup/", doors.closed, name="account_signup"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/change/", account.password_change, name="account_change_password"),
    path("account/password/reset/", doors.closed, name="account_reset_password"),
    path("account/email/", doors.closed, name="account_email"),
    path("account/password/set/", doors.closed, name="account_set_password"),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("invitation", doors.invitation, name="invitation"),
]
handler404 = "openmpca.web.doors.missing"
handler500 = "openmpca.web.doors.broken"
handler400 = "openmpca.web.doors.unreadable"
handler403 = "openmpca.web.doors.forbidden"
handler429 = "openmpca.web.doors.too_often"
