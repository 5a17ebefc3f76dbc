"""The doors: who is signed in, the one-time secret that makes an account, the language, and what is not there."""

from collections.abc import Callable
from typing import Final

from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import login as login_page
from allauth.core.ratelimit import consume
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import check_for_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from openmpca.pages.answering import API
from openmpca.pages.drawing_up import problems_in_json
from openmpca.pages.reach import Reach, reach
from openmpca.record import clock
from openmpca.record.record import head
from openmpca.web import signing_in, tokens
from openmpca.web.events import happened, seldom
from openmpca.web.models import Account
from openmpca.web.second_factor import has_one

View = Callable[[HttpRequest], HttpResponse]
BACKEND: Final = "allauth.account.auth_backends.AuthenticationBackend"


def who(request: HttpRequest) -> Reach | None:
    """The reach of who is signed in; None for nobody."""
    user = request.user
    if not isinstance(user, Account) or not user.is_active:
        return None
    found = tokens.narrowed(reach(user.person, clock.day(clock.now_us())), request)
    request.reach = found  # type: ignore[attr-defined]  # for the frame
    return found


def sign_in(request: HttpRequest) -> HttpResponse:
    """The page of sign-in; where there is no State yet, the one on which it is founded."""
    if not head()[0]:
        return HttpResponseRedirect("/found")
    return login_page(request)  # type: ignore[no-any-return]  # allauth tells no types


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Remember a language in a cookie, and go back to where one was, on this server only."""
    chosen, after = request.POST.get("language", ""), request.POST.get("next", "/")
    answer = HttpResponseRedirect(after if signing_in.stays_here(after) else "/")
    if check_for_language(chosen) and chosen in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=365 * 86400,
            httponly=True,
            samesite="Strict",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return answer


class Invited(forms.Form):
    """The one-time secret, and the passphrase of one's own, twice."""

    secret = forms.CharField(label=_("One-time secret"), max_length=100, widget=forms.PasswordInput(render_value=True))
    passphrase = forms.CharField(
        label=_("New passphrase"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least twelve characters; several words are good, and easy to remember."),
    )
    again = forms.CharField(
        label=_("The passphrase again"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, str]:
        """Both passphrases are the same, and good enough."""
        given = super().clean() or {}
        first, second = given.get("passphrase", ""), given.get("again", "")
        if first and second and first != second:
            self.add_error("again", _("The two passphrases differ."))
        elif first:
            try:
                validate_password(first, signing_in.somebody(given.get("secret", "")))
            except forms.ValidationError as error:
                self.add_error("passphrase", error)
        return given


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest) -> HttpResponse:
    """Make an account by a one-time secret. The secret is typed or stands after # in an address, which no log keeps."""
    form = Invited(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not consume(request, action="invitation"):
        return too_often(request)
    if form.is_valid():
        account = signing_in.accept(request, form.cleaned_data["secret"], form.cleaned_data["passphrase"])
        if account is not None:
            return _enter(request, account)
        happened(request, "invitation refused")
        form.add_error("secret", _("This secret does not work: it was used, it ended, or it was typed wrong."))
    status = 422 if form.errors else 200
    return render(request, "web/invitation.html", {"form": form}, status=status)


def _enter(request: HttpRequest, account: Account) -> HttpResponse:
    if has_one(account):
        request.session.flush()
        messages.success(request, _("Your new passphrase is set. Sign in with it and your second factor."))
        return HttpResponseRedirect("/account/login/")
    enter(request, account)
    return HttpResponseRedirect("/")


def enter(request: HttpRequest, account: Account) -> None:
    """Sign in who just chose the passphrase of their new account, in a session of their own."""
    request.session.flush()
    login(request, account, backend=BACKEND)
    record_authentication(request, account, method="password", reauthenticated=True)


def closed(request: HttpRequest) -> HttpResponse:
    """What django-allauth could do and a State does not want."""
    return missing(request)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What was sent does not come from a page of this server, or from one that was open too long."""
    seldom(request, "refused", f"{request.method} {request.path}: {reason}")
    if request.path.startswith(f"/{API}"):
        return problems_in_json([gettext("What was sent does not come from a page of this server.")], 403)
    return render(request, "web/forged.html", status=403)


def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What was sent is too large or cannot be read; nothing of the frame is shown, as the host may be wrong too."""
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    if request.path.startswith(f"/{API}"):
        return problems_in_json([gettext("What was sent is too large, or cannot be read.")], status)
    return HttpResponse(render_to_string("web/unreadable.html"), status=status)


def too_often(request: HttpRequest) -> HttpResponse:
    """From one address something was tried too often."""
    seldom(request, "held up", f"{request.method} {request.path}")
    return render(request, "429.html", status=429)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What sign-in itself does not allow."""
    happened(request, "refused", f"{request.method} {request.path}")
    return render(request, "web/forbidden.html", status=403)


def missing(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """There is no such page."""
    if request.path.startswith(f"/{API}"):
        return problems_in_json([gettext("There is no such page, or it lies beyond what you may read.")], 404)
    return render(request, "web/missing.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Something failed that should not: say so, without what failed."""
    if request.path.startswith(f"/{API}"):
        return problems_in_json([gettext("Something failed. What was stated before stands, what was not is not.")], 500)
    return render(request, "web/broken.html", status=500)
