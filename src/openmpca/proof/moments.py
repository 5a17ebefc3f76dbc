"""Times of cosignatures as people and programs read them.

A cosignature may tell any second up to 2^63 - 1, also one for which there is no date: that is told as a number.

Source: C2SP tlog-cosignature v1.1.0-rc.1.
"""

from datetime import UTC, datetime
from typing import Final

DAY: Final = 86_400


def iso(seconds: int) -> str:
    """POSIX seconds as ISO 8601 in UTC; the number itself where there is no such date."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return f"second {seconds} since 1970"


def moment(seconds: int) -> str:
    """The same as people read it: 2026-03-01 12:00:00 UTC."""
    return iso(seconds).replace("T", " ").replace("Z", " UTC")
