"""The list of what happened at the door: sign-ins, refusals, exports, changes of accounts.

It tells who, when, from which address and what; never what was typed, and never a secret. Control characters are
taken out, so that nobody writes lines of their own into it.
"""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from openmpca.record import clock

LENGTH: Final = 300
WORDS: Final = {
    "signed in": _("signed in"),
    "signed out": _("signed out"),
    "session ended": _("session ended"),
    "sign-in failed": _("sign-in failed"),
    "sign-in held up": _("sign-in held up"),
    "held up": _("held up"),
    "second factor failed": _("second factor failed"),
    "second factor added": _("second factor added"),
    "second factor removed": _("second factor removed"),
    "second factor taken away": _("second factor taken away"),
    "second factor demanded": _("second factor demanded"),
    "recovery codes made anew": _("recovery codes made anew"),
    "passphrase changed": _("passphrase changed"),
    "invited": _("invited"),
    "invited on the command line": _("invited on the command line"),
    "invitation refused": _("invitation refused"),
    "account made": _("account made"),
    "account out of use": _("account out of use"),
    "account put back": _("account put back"),
    "refused": _("refused"),
    "exported": _("exported"),
    "token made": _("token made"),
    "token taken back": _("token taken back"),
    "token refused": _("token refused"),
}
"""What can happen, in the reader's language."""


def now() -> datetime:
    """The time of this machine."""
    return datetime.fromtimestamp(clock.now_us() / 1_000_000, UTC)


def happened(request: HttpRequest | None, what: str, detail: str = "", person: str = "") -> None:
    """Keep one event."""
    from openmpca.web.models import Event

    who = person or str(getattr(getattr(request, "user", None), "person", ""))
    address = str(request.META.get("REMOTE_ADDR", "")) if request is not None else ""
    Event.objects.create(
        at=now(), what=plain(what)[:40], person=plain(who)[:100], address=plain(address)[:45], detail=plain(detail)
    )


def seldom(request: HttpRequest, what: str, detail: str = "", person: str = "") -> None:
    """Keep an event that anybody can cause at will: once a minute for an address, so that nobody fills the list.

    One that is about a ``person`` is counted by itself, so that nobody hides it behind one that is about nobody.
    """
    key = sha256(f"{what} {request.META.get('REMOTE_ADDR', '')} {person}".encode()).hexdigest()
    if cache.add(f"event:{key}", 1, timeout=60):
        happened(request, what, detail, person)


def plain(text: str) -> str:
    """Text in one line, without characters that change how others are shown."""
    return "".join(each if each.isprintable() else "\ufffd" for each in text)[:LENGTH]


def found(
    what: str, person: str, since: datetime | None, until: datetime | None, before: int | None, count: int
) -> list[Any]:
    """The events of a kind, of a person (done by them, or to their account) and of a time, the newest first."""
    from django.db.models import Q

    from openmpca.web.models import Event

    asked = Event.objects.order_by("-pk")
    if what:
        asked = asked.filter(what=what)
    if person:
        asked = asked.filter(Q(person=person) | Q(detail=person))
    if since is not None:
        asked = asked.filter(at__gte=since)
    if until is not None:
        asked = asked.filter(at__lt=until)
    if before is not None:
        asked = asked.filter(pk__lt=max(0, min(before, 1 << 62)))
    return list(asked[:count])


def kinds() -> list[str]:
    """What has happened here so far."""
    from openmpca.web.models import Event

    return sorted(Event.objects.order_by().values_list("what", flat=True).distinct())
