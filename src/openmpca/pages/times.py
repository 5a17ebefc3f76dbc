"""The two times in an address: ``as_of`` a day, ``known_at`` a time or a statement, ``as_reported`` a state of reports.

They are plain parts of the address of a page, so an answer about the past can be kept, sent and asked again. What is
not given is now. Source: design, idea 3; house style, "How it looks".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from openmpca.record import clock, reading
from openmpca.record.record import head

NAMES: Final = ("as_of", "known_at", "as_reported")
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
        raise TimesError("as_reported", f"{texts['as_reported']} is none of {', '.join(STATES)}.")
    return Times(texts, _day(texts["as_of"]), _number(texts["known_at"]), texts["as_reported"])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else clock.day(clock.now_us())
    except ValueError:
        raise TimesError("as_of", f"{text!r} is no day. Write it as YYYY-MM-DD.") from None


def _number(text: str) -> int | None:
    if not text:
        return None
    if text.isdecimal() and text.isascii():
        if len(text) > len(str(size := head()[0])) or int(text) >= size:
            raise TimesError("known_at", f"There is no statement {text}: the last is {size - 1}.")
        return int(text)
    try:
        return reading.moment(text)
    except ValueError:
        raise TimesError("known_at", f"{text!r} is no time and no statement. Write 2026-03-31, or a number.") from None
