"""Freshness: an approval takes somebody who proved within the last minutes that they sit there.

    def approval(asking: Asking, number: int, sent: Sent | None = None) -> Page | Go:
        if sent is not None:
            must_be_fresh(asking)

Rules kept here:

1. Proof is a sign-in, or giving passphrase or second factor again, within the time that the settings name.
2. Who is not fresh is led to prove it and then back to the page as it is read; what was sent is not done unseen.
3. In JSON the answer is 401 with a problem, and nothing happened.

Source: issue "The pages": re-authentication before approving; OWASP Authentication Cheat Sheet, "Require
re-authentication for sensitive features".
"""

import time
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest

from openmpca.pages.routes import Asking

PROVE: Final = "/account/reauthenticate/"


class NotFresh(Exception):  # noqa: N818
    """Who asks has to give passphrase or second factor again; ``address`` is where, and leads back."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__()
        self.address = f"{PROVE}?{urlencode({'next': request.get_full_path()})}"


def is_fresh(request: HttpRequest) -> bool:
    """Whether who is signed in proved it within the time that the settings name."""
    from allauth.account.authentication import get_authentication_records

    if not request.user.is_authenticated:
        return False
    proofs = [float(each["at"]) for each in get_authentication_records(request, request.user)]
    return bool(proofs) and 0 <= time.time() - max(proofs) < float(settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)


def must_be_fresh(asking: Asking) -> None:
    """Lead who has not proved lately that they sit there to do it. Raises `NotFresh`."""
    if not is_fresh(asking.request):
        raise NotFresh(asking.request)
