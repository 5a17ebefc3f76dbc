"""The list of what happened at the door: sign-ins, refusals, exports, changes of accounts.

It tells who, when, from which address and what; never what was typed, and never a secret. Control characters are
taken out, so that nobody writes lines of their own into it.
"""

from datetime import UTC, datetime
from typing import Final

from django.http import HttpRequest

from openmpca.record import clock

LENGTH: Final = 300


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


def plain(text: str) -> str:
    """Text in one line, without characters that change how others are shown."""
    return "".join(each if each.isprintable() else "\ufffd" for each in text)[:LENGTH]
