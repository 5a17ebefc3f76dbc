"""A calendar of deadlines that any calendar program subscribes to or opens.

Rules kept:

* Lines end with CR LF and hold at most 75 octets; a longer one is folded, never within a character.
* A text cannot end its line or begin another: backslash, semicolon, comma and line break are escaped; characters that
  no calendar may hold, and an address with a blank or a control character, are a mistake of the caller's
  (``ValueError``).
* A deadline is a whole day, or a moment in UTC. It takes no time of anybody's: programs show it and leave the day free.
* Nothing says when the file was made but what the caller gives; the same deadlines give the same bytes. One that is
  changed keeps its ``uid`` and gets a higher ``sequence``; one that is void stays, cancelled, so that programs take it
  away.

Source: RFC 5545, 3.1, 3.3.11, 3.6.1, 3.6.6; RFC 7986, 5.1 and 5.7 (name and refreshing of a calendar).
"""

import datetime
import re
from collections.abc import Iterator
from typing import Final

import msgspec

_LINE: Final = 75
_ENDS: Final = "\r\n"
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_NO_ADDRESS: Final = re.compile(r"[\s\x00-\x1f\x7f]")
_ESCAPES: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is due on a day, or at a moment with its time zone.

    ``uid`` is the same for ever and anywhere; ``changed`` is when it was last stated; ``warned`` are days before it on
    which a program is to remind.
    """

    uid: str
    due: datetime.date | datetime.datetime
    summary: str
    changed: datetime.datetime
    sequence: int = 0
    description: str = ""
    categories: tuple[str, ...] = ()
    url: str = ""
    warned: tuple[int, ...] = ()
    cancelled: bool = False


class Feed(msgspec.Struct, frozen=True, kw_only=True):
    """A calendar: its name, the program that made it, its deadlines; asked anew after so many hours."""

    name: str
    product: str
    deadlines: tuple[Deadline, ...]
    refreshed: int = 24


def write(feed: Feed) -> bytes:
    """The file (media type ``text/calendar``); raises ``ValueError`` for what no calendar can hold."""
    return "".join(_folded(line) for line in _lines(feed)).encode()


def escaped(text: str) -> str:
    r"""A text as a value.

    >>> print(escaped("Report; PIL, ICR\nto the State"))
    Report\; PIL\, ICR\nto the State
    """
    plain = text.replace("\r\n", "\n")
    if _ILLEGAL.search(plain):
        raise ValueError(f"a control character in {text!r}")
    return plain.translate(_ESCAPES)


def _lines(feed: Feed) -> Iterator[str]:
    yield "BEGIN:VCALENDAR"
    yield "VERSION:2.0"
    yield f"PRODID:{escaped(feed.product)}"
    yield "CALSCALE:GREGORIAN"
    yield "METHOD:PUBLISH"
    yield f"NAME:{escaped(feed.name)}"
    yield f"X-WR-CALNAME:{escaped(feed.name)}"
    yield f"REFRESH-INTERVAL;VALUE=DURATION:PT{feed.refreshed}H"
    for deadline in feed.deadlines:
        yield from _event(deadline)
    yield "END:VCALENDAR"


def _event(deadline: Deadline) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(deadline.uid)}"
    yield f"DTSTAMP:{_moment(deadline.changed)}"
    yield f"LAST-MODIFIED:{_moment(deadline.changed)}"
    yield f"SEQUENCE:{deadline.sequence}"
    yield _start(deadline.due)
    yield f"SUMMARY:{escaped(deadline.summary)}"
    if deadline.description:
        yield f"DESCRIPTION:{escaped(deadline.description)}"
    if deadline.categories:
        yield f"CATEGORIES:{','.join(escaped(each) for each in deadline.categories)}"
    if deadline.url:
        yield f"URL:{_address(deadline.url)}"
    yield f"STATUS:{'CANCELLED' if deadline.cancelled else 'CONFIRMED'}"
    yield "TRANSP:TRANSPARENT"
    for days in deadline.warned:
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"TRIGGER:-P{days}D"
        yield f"DESCRIPTION:{escaped(deadline.summary)}"
        yield "END:VALARM"
    yield "END:VEVENT"


def _start(due: datetime.date | datetime.datetime) -> str:
    if isinstance(due, datetime.datetime):
        return f"DTSTART:{_moment(due)}"
    return f"DTSTART;VALUE=DATE:{_digits(due)}"


def _moment(moment: datetime.datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no time zone")
    there = moment.astimezone(datetime.UTC)
    return f"{_digits(there.date())}T{there:%H%M%S}Z"


def _digits(day: datetime.date) -> str:
    return day.isoformat().replace("-", "")


def _address(url: str) -> str:
    if _NO_ADDRESS.search(url):
        raise ValueError(f"{url!r} is no address")
    return url


def _folded(line: str) -> str:
    """A line in pieces of at most 75 octets, each after the first behind a blank."""
    pieces, length = [""], 0
    for sign in line:
        size = len(sign.encode())
        if length + size > _LINE:
            pieces.append(" ")
            length = 1
        pieces[-1] += sign
        length += size
    return _ENDS.join(pieces) + _ENDS
