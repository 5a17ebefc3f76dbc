"""The time of the record, in microseconds of UTC since 1970.

Only a demonstration State may set it; everywhere else it is the machine's.
"""

import time
from datetime import UTC, date, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def now_us() -> int:
    """The machine's time."""
    return time.time_ns() // 1000


def to_us(moment: datetime) -> int:
    """Microseconds of an aware time; a time without a zone is refused."""
    if moment.tzinfo is None:
        raise ValueError("a time of the record needs its zone, for example 2026-03-31T12:00:00Z")
    return (moment - _EPOCH) // timedelta(microseconds=1)


def to_text(us: int) -> str:
    """The time as it stands in a statement: UTC with six decimals and a Z."""
    return (_EPOCH + timedelta(microseconds=us)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def day(us: int) -> date:
    """The day, in UTC, of a time of the record."""
    return (_EPOCH + timedelta(microseconds=us)).date()


def from_text(text: str) -> int:
    """Microseconds of a time written with its zone; a bare date means its last microsecond in UTC."""
    if len(text) == 10:
        return to_us(datetime.fromisoformat(text).replace(tzinfo=UTC) + timedelta(days=1)) - 1
    return to_us(datetime.fromisoformat(text))
