"""The two times in an address: ``as_of`` a day, ``known_at`` a time or a statement, ``as_reported`` a state of reports.

They are plain parts of the address of a page, so an answer about the past can be kept, sent and asked again. What is
not given is now. Source: design, idea 3; house style, "How it looks".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from openmpca.record import clock, reading
from openmpca.record.record import head

NAMES: Final = ("as_of", "known_at", "as_reported")
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
STATES: Final = ("made", "sent", "acknowledged")


class TimesError(ValueError):
    """A time that cannot be understood: the name of the control, and what is wrong."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


@dataclass(frozen=True)
class Times:
    """What was asked: texts as typed (empty is now), and what they mean."""

    given: Mapping[str, str]
    as_of: date
    known_at: int | None
    as_reported: str

    @property
    def is_now(self) -> bool:
        """Whether the page shows the present."""
        return not any(self.given.values())


def times(given: Mapping[str, str]) -> Times:
    """Read the times of an address. Raises `TimesError`."""
    texts = {name: given.get(name, "").strip() for name in NAMES}
    if texts["as_reported"] and texts["as_reported"] not in STATES:
        told = _("%(text)s is none of %(known)s.") % {"text": texts["as_reported"], "known": ", ".join(STATES)}
        raise TimesError("as_reported", told)
    return Times(texts, _day(texts["as_of"]), _number(texts["known_at"]), texts["as_reported"])


def a_day(text: str) -> date:
    """The day that a text says as YYYY-MM-DD, within 1900 to 2199. Raises ValueError."""
    found = date.fromisoformat(text)
    if found.isoformat() != text or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(text)
    return found


def _day(text: str) -> date:
    try:
        return a_day(text) if text else clock.day(clock.now_us())
    except ValueError:
        raise TimesError("as_of", _("'%(text)s' is no day. Write it as YYYY-MM-DD.") % {"text": text}) from None


def _number(text: str) -> int | None:
    if not text:
        return None
    if text.isdecimal() and text.isascii():
        if len(text) > len(str(size := head()[0])) or int(text) >= size:
            told = _("There is no statement %(number)s: the last is %(last)s.") % {"number": text, "last": size - 1}
            raise TimesError("known_at", told)
        return int(text)
    try:
        return reading.moment(text)
    except (ValueError, OverflowError):
        told = _("'%(text)s' is no time and no statement. Write 2026-03-31, or a number.") % {"text": text}
        raise TimesError("known_at", told) from None
