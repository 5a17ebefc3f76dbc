"""Notifications and their clocks: what is due, what went out in time, what the others received.

Source: the research on joint programmes, 5.1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.elimination.statements import Notification, Receipt

State = Literal["in time", "late", "due", "overdue"]


def moment(text: str) -> datetime:
    """A moment as statements write it, in UTC.

    >>> moment("2026-03-31T09:30Z").isoformat()
    '2026-03-31T09:30:00+00:00'
    """
    return datetime.strptime(text, "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)


@dataclass(frozen=True)
class Notice:
    """A notification with its clock: sent in time or late, still due or overdue; and who received it when."""

    notification: Claim[Notification]
    state: State
    receipts: tuple[Claim[Receipt], ...]


def notices(claims: Claims, now: datetime) -> list[Notice]:
    """Every notification, the first due first."""
    receipts = claims.by_thing(Receipt)
    found = [Notice(each, _state(each.said, now), _of(receipts, each.thing)) for each in claims.of(Notification)]
    return sorted(found, key=lambda each: (each.notification.said.due, each.notification.code))


def _of(receipts: dict[str, list[Claim[Receipt]]], thing: str) -> tuple[Claim[Receipt], ...]:
    found: Sequence[Claim[Receipt]] = receipts.get(thing, [])
    return tuple(found)


def _state(said: Notification, now: datetime) -> State:
    due = moment(said.due)
    if said.sent:
        return "in time" if moment(said.sent) <= due else "late"
    return "due" if now <= due else "overdue"
