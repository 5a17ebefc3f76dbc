"""Values as elements and attributes write them, and what they are here. What is not exactly of the form is no value.

=============  =============================  ========================================
here           form                           note
=============  =============================  ========================================
``str``        as it stands
``int``        xsd:integer                    at most 18 digits
``bool``       xsd:boolean                    written 1 and 0
``Decimal``    xsd:decimal                    every digit kept, no exponent
``date``       xsd:date                       a time zone is read over
``datetime``   xsd:dateTime                   with or without a time zone, as it stands
``time``       xsd:time                       without a time zone
``timedelta``  xsd:duration, days to seconds  written PT8H0M0S
=============  =============================  ========================================

Source: XML Schema part 2: datatypes, 3.2 and 3.3.
"""

import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

Value = str | int | bool | Decimal | datetime.date | datetime.datetime | datetime.time | datetime.timedelta

_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,18}")
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})")
_ZONE: Final = r"(?:Z|[+-][0-9]{2}:[0-9]{2})?"
_DATE: Final = re.compile(rf"([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}){_ZONE}")
_CLOCK: Final = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?"
_TIME: Final = re.compile(_CLOCK)
_DATETIME: Final = re.compile(rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T{_CLOCK}{_ZONE}")
_DURATION: Final = re.compile(
    r"(-?)P(?:([0-9]{1,6})D)?(?:T(?=[0-9])(?:([0-9]{1,8})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9}(?:\.[0-9]{1,6})?)S)?)?"
)
_TRUTH: Final = {"true": True, "1": True, "false": False, "0": False}


def read(kind: type[Value], text: str) -> Value | None:
    """The value that a text of this kind says, or None where it is not of the form.

    >>> read(Decimal, " 12.50 "), read(Decimal, "1e3"), read(datetime.timedelta, "PT40H0M0S")
    (Decimal('12.50'), None, datetime.timedelta(days=1, seconds=57600))
    """
    if kind is str:
        return text
    try:
        return _READ[kind](text.strip())
    except ValueError:
        return None


def written(value: Value) -> str:
    """The text that says a value; raises ``ValueError`` for a number that is none, or longer than what is read.

    >>> written(Decimal("1E+3")), written(True), written(datetime.timedelta(hours=40))
    ('1000', '1', 'PT40H0M0S')
    """
    return next(write(value) for kind, write in _WRITTEN if isinstance(value, kind))


def _integer(text: str) -> int | None:
    return int(text) if _INTEGER.fullmatch(text) else None


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if _DECIMAL.fullmatch(text) else None


def _date(text: str) -> datetime.date | None:
    found = _DATE.fullmatch(text)
    return datetime.date.fromisoformat(found[1]) if found else None


def _datetime(text: str) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(text) if _DATETIME.fullmatch(text) else None


def _time(text: str) -> datetime.time | None:
    return datetime.time.fromisoformat(text) if _TIME.fullmatch(text) else None


def _duration(text: str) -> datetime.timedelta | None:
    found = _DURATION.fullmatch(text)
    if found is None or not any(found.groups()[1:]):
        return None
    days, hours, minutes = (int(part or 0) for part in found.groups()[1:4])
    seconds, _, fraction = (found[5] or "0").partition(".")
    span = datetime.timedelta(
        days=days, hours=hours, minutes=minutes, seconds=int(seconds), microseconds=int(fraction.ljust(6, "0"))
    )
    return -span if found[1] else span


def _of_form(form: re.Pattern[str], text: str) -> str:
    if not form.fullmatch(text):
        raise ValueError(f"{text} is no number that can be written")
    return text


def _of_decimal(value: Decimal) -> str:
    return _of_form(_DECIMAL, f"{value:f}")


def _of_duration(value: datetime.timedelta) -> str:
    span = abs(value)
    minutes, seconds = divmod(span.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{span.microseconds:06}" if span.microseconds else ""
    sign = "-" if span != value else ""
    return _of_form(_DURATION, f"{sign}PT{span.days * 24 + hours}H{minutes}M{seconds}{fraction}S")


def _of_time(value: datetime.datetime | datetime.time) -> str:
    return value.isoformat().replace("+00:00", "Z")


_READ: Final[dict[Any, Callable[[str], Value | None]]] = {
    int: _integer,
    bool: _TRUTH.get,
    Decimal: _decimal,
    datetime.date: _date,
    datetime.datetime: _datetime,
    datetime.time: _time,
    datetime.timedelta: _duration,
}
_WRITTEN: Final[tuple[tuple[type[Value], Callable[[Any], str]], ...]] = (
    (str, str),
    (bool, lambda value: str(int(value))),
    (int, lambda value: _of_form(_INTEGER, str(value))),
    (Decimal, _of_decimal),
    (datetime.datetime, _of_time),
    (datetime.date, datetime.date.isoformat),
    (datetime.time, _of_time),
    (datetime.timedelta, _of_duration),
)
