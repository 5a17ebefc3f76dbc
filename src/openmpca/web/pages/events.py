"""What happened at the door: sign-ins, failures, refusals, exports, changes of accounts. For administrators.

The newest first, as filtered; an export holds what the filter finds, not the page that is shown.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.pages.blocks import Button, Choice, Field, Form, Link, Page, Table
from openmpca.pages.routes import Asking, Open, page
from openmpca.record.models import PersonName
from openmpca.web.events import WORDS, found, kinds

SHOWN: Final = 200
EXPORTED: Final = 100_000


@page("people/events", title=gettext_lazy("What happened at the door"), needs=Open.ADMINISTRATOR, menu=20)
def events(
    asking: Asking,
    what: str = "",
    person: str = "",
    since: date | None = None,
    until: date | None = None,
    before: int | None = None,
) -> Page:
    """The list of events, by what happened, of whom and when."""
    count = EXPORTED if asking.request.GET.get("as") else SHOWN
    listed = found(what, _identifier(person), _start(since), _end(until), before, count)
    names = PersonName.handles()
    older = asking.to("people/events", what=what, person=person, since=since, until=until, before=_last(listed))
    return Page(
        _("What happened at the door"),
        [_question(what, person, since, until), _table([_row(each, names) for each in listed])],
        links=[Link(_("Earlier ones"), older)] if len(listed) == SHOWN else [],
        above=[Link(_("People"), asking.to("people"))],
    )


def _identifier(handle: str) -> str:
    named = PersonName.objects.filter(handle=handle).values_list("person", flat=True).first()
    return named or handle


def _start(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)


def _end(day: date | None) -> datetime | None:
    return None if day is None or day == date.max else datetime.combine(day + timedelta(days=1), time(), UTC)


def _last(listed: list[Any]) -> int | None:
    return listed[-1].pk if listed else None


def _row(event: Any, names: dict[str, str]) -> dict[str, Any]:
    return {
        "at": f"{event.at:%Y-%m-%d %H:%M:%S}",
        "what": str(WORDS.get(event.what, event.what)),
        "person": names.get(event.person, event.person),
        "address": event.address,
        "detail": names.get(event.detail, event.detail),
    }


def _table(rows: list[dict[str, Any]]) -> Table:
    heads = {
        "at": _("When (UTC)"),
        "what": _("What"),
        "person": _("Who"),
        "address": _("From the address"),
        "detail": _("More"),
    }
    return Table(rows, heads, name="events", empty=_("Nothing of that kind happened."))


def _question(what: str, person: str, since: date | None, until: date | None) -> Form:
    every = [Choice("", _("everything")), *(Choice(each, str(WORDS.get(each, each))) for each in kinds())]
    handles = [Choice(each.handle, each.name) for each in PersonName.objects.order_by("handle")]
    fields = [
        Field("what", _("What"), what, choices=every),
        Field("person", _("Who"), person, suggestions=handles),
        Field("since", _("From"), since.isoformat() if since else "", kind="date"),
        Field("until", _("Until"), until.isoformat() if until else "", kind="date"),
    ]
    return Form(fields, [Button(_("Show"))], method="get", name="question")
