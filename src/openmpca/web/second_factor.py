"""The second factor: for which roles it is demanded, who lacks one, and how its secrets are kept.

Rules kept here:

1. Administrators say for which roles of the record a second factor is demanded. Whoever holds such a role, anywhere,
   and has none is led to set one up and can do nothing else here; a program that asks in their stead is refused.
2. An authenticator app or a passkey is a second factor; recovery codes alone are none.
3. The secrets of authenticator apps lie sealed in the pages' database, under a key that is made from the file
   `keys/web.secret`. Whoever has the database alone cannot make codes.

Source: issue "The pages"; NIST SP 800-63B, section 5.2; RFC 6238, section 5.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Final

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet
from django.conf import settings

from openmpca.pages.reach import reach
from openmpca.record import clock
from openmpca.record.statements import ROLES
from openmpca.web.signing_in import ERRORS

FACTORS: Final = ("totp", "webauthn")


class Factors(DefaultMFAAdapter):  # type: ignore[misc]  # allauth tells no types
    """What django-allauth asks of us about second factors."""

    error_messages: Final = {**DefaultMFAAdapter.error_messages, "incorrect_code": ERRORS["incorrect_code"]}

    def encrypt(self, text: str) -> str:
        """Seal a secret."""
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret."""
        return _seal().decrypt(encrypted_text.encode()).decode()


def _seal() -> Fernet:
    return Fernet(urlsafe_b64encode(sha256(b"second factor " + settings.SECRET_KEY.encode()).digest()))


def demanded() -> list[str]:
    """The roles for which a second factor is demanded."""
    from openmpca.web.models import Demanded

    found = set(Demanded.objects.values_list("role", flat=True))
    return [role for role in ROLES if role in found]


def demand(roles: Iterable[str]) -> None:
    """Demand a second factor for these roles and no others."""
    from django.db import transaction

    from openmpca.web.databases import WEB
    from openmpca.web.models import Demanded

    with transaction.atomic(using=WEB):
        Demanded.objects.all().delete()
        Demanded.objects.bulk_create(Demanded(role=role) for role in ROLES if role in set(roles))


def having() -> set[int]:
    """The accounts that have a second factor."""
    from allauth.mfa.models import Authenticator

    return set(Authenticator.objects.filter(type__in=FACTORS).values_list("user_id", flat=True))


def has_one(account: Any) -> bool:
    """Whether an account has a second factor."""
    from allauth.mfa.models import Authenticator

    return bool(Authenticator.objects.filter(user_id=account.pk, type__in=FACTORS).exists())


def lacks_one(account: Any) -> bool:
    """Whether an account has no second factor though a role of its person demands one."""
    roles = demanded()
    if not roles or has_one(account):
        return False
    return not reach(account.person, clock.day(clock.now_us())).roles.isdisjoint(roles)


def reset(account: Any) -> int:
    """Take all factors of an account away, with its recovery codes; gives how many there were."""
    from allauth.mfa.models import Authenticator

    return int(Authenticator.objects.filter(user_id=account.pk).delete()[0])
