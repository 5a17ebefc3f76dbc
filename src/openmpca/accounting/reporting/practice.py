"""How each receiver wants reports drawn up, and the time limits: data with their sources (``practice.toml``).

What nobody here could read in the primary text is named in ``unverified`` and is shown as such.
"""

import calendar
import tomllib
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Final, Literal

import msgspec

from openmpca.formats.code10.profile import PROFILES, Profile
from openmpca.nuclear.mass import parse_grams

DEFAULT: Final = "agency"


class Practice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The habits of one receiver."""

    title: str
    split_at_inventory: bool
    empty_changes: bool
    ending_book: bool
    balance_begins: Literal["next_day", "same_day"]
    source: str
    profile: str = DEFAULT
    unverified: tuple[str, ...] = ()


class Limit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"since": "from"}):
    """A time limit: days or months after what ``since`` names."""

    code: str
    title: str
    since: str
    source: str
    days: int = 0
    months: int = 0
    practice: str = ""
    unverified: bool = False

    def after(self, day: date) -> date:
        """The last day in time when counting begins on ``day``."""
        return add_months(day, self.months) + timedelta(days=self.days)


class Special(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change that takes a special report when it is above so many grams of any element."""

    code: str
    above_grams: str
    source: str
    unverified: bool = False

    @property
    def above_ug(self) -> int:
        """The limit in micrograms."""
        return parse_grams(self.above_grams)


class Declaration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A yearly declaration and its day of the year."""

    code: str
    title: str
    month: int
    day: int
    source: str
    unverified: bool = False


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    practice: dict[str, Practice]
    limit: tuple[Limit, ...]
    special: tuple[Special, ...]
    declaration: tuple[Declaration, ...]


def _read() -> _Table:
    text = files("openmpca.accounting.reporting").joinpath("practice.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _Table)


_TABLE: Final = _read()
SPECIAL: Final[dict[str, Special]] = {each.code: each for each in _TABLE.special}
DECLARATIONS: Final = _TABLE.declaration


def practice(name: str) -> Practice:
    """The practice of that name, or of the profile of that name; that of the Agency where there is none.

    >>> practice("physical-minus-book") == practice("euratom"), practice("state") == practice("agency")
    (True, True)
    """
    return _TABLE.practice[_name(name)]


def profile_name(name: str) -> str:
    """The report profile that an area's practice, or the profile it names itself, stands for.

    >>> profile_name("euratom"), profile_name("state")
    ('physical-minus-book', 'state')
    """
    return _TABLE.practice[name].profile if name in _TABLE.practice else name


def profile_of_name(name: str) -> Profile:
    """The profile of that name, or that of a practice; KeyError names those there are.

    >>> profile_of_name("euratom").mf_sign
    -1
    """
    try:
        return PROFILES[profile_name(name)]
    except KeyError:
        names = ", ".join(dict.fromkeys((*PROFILES, *_TABLE.practice)))
        raise KeyError(f"There is no profile {name}; there are {names}.") from None


def _name(name: str) -> str:
    named = (each for each, of in _TABLE.practice.items() if of.profile == name)
    return name if name in _TABLE.practice else next(named, DEFAULT)


def limit(code: str, name: str = "") -> Limit:
    """The time limit of that code under a practice.

    >>> limit("changes").days, limit("changes", "euratom").days
    (30, 15)
    """
    found = [each for each in _TABLE.limit if each.code == code and each.practice in ("", _name(name))]
    return found[-1]


def add_months(day: date, months: int) -> date:
    """The same day some months later, or the last day of that month.

    >>> add_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@lru_cache(maxsize=4096)
def month_end(day: date) -> date:
    """The last day of the month.

    >>> month_end(date(2026, 2, 3))
    datetime.date(2026, 2, 28)
    """
    return date(day.year, day.month, calendar.monthrange(day.year, day.month)[1])
