"""A form is stated once: what came of it is kept in the transaction that records it, so a second sending finds it.

    with stating(Once(person, mark)):
        commands.state(...)

Rules kept here:

1. The mark of a form is written with its statements, its proposal or its approval, all or nothing; there is no moment
   between. The record's own commands write it: whatever states within `stating` does so once.
2. Two sendings at the same time wait for each other; the second one records nothing and is told what the first made.
3. Marks are operational and go after `KEPT`: a form that old asks to be checked again.
4. What a person's last form came to is kept with it, to be told where the answer to it never arrived.

Source: issue "The pages": no lost or double statement, whenever the server or the connection ends.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final

from openmpca.record import clock
from openmpca.record.models import Setting
from openmpca.record.noted import noted

KEPT: Final = timedelta(days=30)
_NAME: Final = "form {} {}"
_LAST: Final = "last-form/{}"


class StatedAlready(Exception):  # noqa: N818
    """This form was stated before: the statements that it made, or the proposal that it made or closed."""

    def __init__(self, numbers: range, proposal: int | None) -> None:
        super().__init__(f"stated as {numbers}, proposal {proposal}")
        self.numbers = numbers
        self.proposal = proposal


class TooOld(Exception):  # noqa: N818
    """A form was opened so long ago, or marked so, that nobody can tell whether it was stated."""


def new_mark() -> str:
    """The mark of a form that is opened now."""
    return f"{clock.day(clock.now_us())}.{token_urlsafe(18)}"


@dataclass(frozen=True)
class Last:
    """The last form that a person stated: which one, what it came to, and when."""

    name: str
    numbers: range
    proposal: int | None
    at_us: int


@dataclass(frozen=True)
class Once:
    """A form of a person, by its mark."""

    person: str
    mark: str

    @property
    def _name(self) -> str:
        return _NAME.format(_day(self.mark), sha256(f"{self.person} {self.mark}".encode()).hexdigest())

    def must_be_new(self) -> None:
        """Raises `StatedAlready` or `TooOld`."""
        if not timedelta(0) <= clock.day(clock.now_us()) - _day(self.mark) < KEPT:
            raise TooOld
        if (found := Setting.objects.filter(name=self._name).first()) is not None:
            raise _before(found)

    def came_to(self) -> StatedAlready | None:
        """What the form was stated as before; None also where nobody can tell any more."""
        try:
            self.must_be_new()
        except StatedAlready as before:
            return before
        except TooOld:
            pass
        return None

    def recorded(self, numbers: range) -> None:
        """Keep that the form was recorded, in the transaction that does it."""
        self._keep({"number": numbers.start, "last": numbers[-1], "proposal": None})

    def proposed(self, proposal: int) -> None:
        """Keep that the form made a proposal, or closed it, in the transaction that does it."""
        self._keep({"number": None, "last": None, "proposal": proposal})

    def _keep(self, came_of: dict[str, int | None]) -> None:
        kept, new = Setting.objects.get_or_create(name=self._name, defaults={"value": came_of})
        if not new:
            raise _before(kept)
        last = {**came_of, "form": self._name, "at_us": clock.now_us()}
        Setting.objects.update_or_create(name=_LAST.format(self.person), defaults={"value": last})
        oldest = _NAME.format(clock.day(clock.now_us()) - KEPT, "")
        Setting.objects.filter(name__gte=_NAME.format("", "").strip(), name__lt=oldest).delete()


_HELD: Final[ContextVar[Once | None]] = ContextVar("once", default=None)


@contextmanager
def stating(once: Once | None) -> Iterator[None]:
    """Within this, what the commands record is the one statement of a form; with None, of no form."""
    before = _HELD.set(once)
    try:
        yield
    finally:
        _HELD.reset(before)


def held() -> Once | None:
    """The form of which a statement is being recorded."""
    return _HELD.get()


def last_of(person: str) -> Last | None:
    """The last form that a person stated; None when there is none."""
    found = noted(_LAST.format(person))
    if not isinstance(found, dict):
        return None
    return Last(found["form"], _numbers(found), found["proposal"], found["at_us"])


def _before(kept: Setting) -> StatedAlready:
    return StatedAlready(_numbers(kept.value), kept.value["proposal"])


def _numbers(value: dict[str, int | None]) -> range:
    first = value["number"]
    return range(0) if first is None else range(first, (value.get("last") or first) + 1)


def _day(mark: str) -> date:
    try:
        return date.fromisoformat(mark[:10])
    except ValueError:
        raise TooOld from None
