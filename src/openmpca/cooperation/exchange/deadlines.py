"""Deadlines of the programme for a calendar: what expires, what waits with a date, what a transition is due by.

Rules kept here:

1. A deadline keeps its identifier for ever: it is made of the party and the thing, and not of the day.
2. Only what a reader may read is in their calendar.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from openmpca.cooperation.agreements.terms import expiring
from openmpca.cooperation.claims import Claims
from openmpca.cooperation.handover.transition import standings
from openmpca.cooperation.waiting import waiting
from openmpca.formats.icalendar import Deadline, Feed

PRODUCT: Final = "-//OpenMPCA//Programme//EN"
WARNED: Final = (90, 30, 7)


def feed(claims: Claims, now: datetime, name: str) -> Feed:
    """The calendar of what a reader may read."""
    return Feed(name=name, product=PRODUCT, deadlines=tuple(_deadlines(claims, now)))


def _deadlines(claims: Claims, now: datetime) -> Iterator[Deadline]:
    changed = now.astimezone(UTC).replace(microsecond=0)
    for each in expiring(claims, claims.day):
        uid = f"expires-{each.thing}@openmpca"
        summary = f"{each.code} expires: {each.title}"
        yield Deadline(uid=uid, due=each.last, summary=summary, changed=changed, warned=WARNED)
    for wait in waiting(claims, now):
        if wait.due is not None:
            uid = f"{wait.what}-{wait.party}-{wait.thing}@openmpca"
            summary = f"{wait.party}: {wait.what}: {wait.title}"
            yield Deadline(uid=uid, due=wait.due, summary=summary, changed=changed)
    for standing in standings(claims):
        if standing.transfer is None:
            said = standing.transition.said
            uid = f"due-{standing.transition.thing}@openmpca"
            yield Deadline(uid=uid, due=said.due, summary=f"{said.title} is due", changed=changed, warned=WARNED)
