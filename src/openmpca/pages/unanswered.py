"""What a form came to, told at the next page to who never got the answer to it.

The server or the connection may end after something was recorded and before the answer arrived. Who then goes back sees
the form again, empty, and would fill it in once more. So the next page says what became of the form that they sent.

Rules kept here:

1. It is told once in a session, and not where the answer arrived: that answer set a message, which is shown there.
2. It is told for an hour; after that the list of statements tells it.
"""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from openmpca.record import clock
from openmpca.record.once import Last, last_of

TOLD: Final = "told"
HOUR_US: Final = 3_600_000_000


def tell(request: HttpRequest, person: str) -> None:
    """Have the page that is asked for say what the last form of a person came to, where they were not told."""
    last = last_of(person)
    if last is None or request.session.get(TOLD) == last.name:
        return
    request.session[TOLD] = last.name
    if not len(messages.get_messages(request)) and 0 <= clock.now_us() - last.at_us < HOUR_US:
        messages.info(request, said(last))


def said(last: Last) -> str:
    """What a form came to, in words."""
    time = clock.to_text(last.at_us)[11:16]
    if last.proposal is not None:
        return _("What you sent at %(time)s UTC: proposal %(number)s.") % {"time": time, "number": last.proposal}
    first, end = last.numbers[0], last.numbers[-1]
    if first == end:
        return _("What you sent at %(time)s UTC was recorded as statement %(number)s.") % {
            "time": time,
            "number": first,
        }
    told = {"time": time, "first": first, "last": end}
    return _("What you sent at %(time)s UTC was recorded as statements %(first)s to %(last)s.") % told
