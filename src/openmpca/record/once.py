"""A form is stated once: what came of it is kept in the transaction that records it, so a second sending finds it.

Rules kept here:

1. The mark of a form is written with its statements or its proposal, all or nothing; there is no moment between.
2. Two sendings at the same time wait for each other; the second one records nothing and is told what the first made.
3. Marks are operational and go after `KEPT`: a form that old asks to be checked again.

Source: issue "The pages": no lost or double statement, whenever the server or the connection ends.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final

from openmpca.record import clock
from openmpca.record.models import Setting
from openmpca.record.record import Writing

KEPT: Final = timedelta(days=30)
_NAME: Final = "form {} {}"


class StatedAlready(Exception):  # noqa: N818
    """This form was stated before: the first statement that it made, or its proposal."""

    def __init__(self, number: int | None, proposal: int | None) -> None:
        super().__init__(f"stated as {number}, proposal {proposal}")
        self.number = number
        self.proposal = proposal


class TooOld(Exception):  # noqa: N818
    """A form was opened so long ago, or marked so, that nobody can tell whether it was stated."""


def new_mark() -> str:
    """The mark of a form that is opened now."""
    return f"{clock.day(clock.now_us())}.{token_urlsafe(18)}"


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
            raise StatedAlready(found.value["number"], found.value["proposal"])

    def recorded(self, opened: Writing) -> None:
        """Keep that the form was recorded, in the transaction that does it."""
        self._keep({"number": opened.first, "proposal": None})

    def proposed(self, proposal: int) -> None:
        """Keep that the form became a proposal, in the transaction that does it."""
        self._keep({"number": None, "proposal": proposal})

    def _keep(self, came_of: dict[str, int | None]) -> None:
        kept, new = Setting.objects.get_or_create(name=self._name, defaults={"value": came_of})
        if not new:
            raise StatedAlready(kept.value["number"], kept.value["proposal"])
        oldest = _NAME.format(clock.day(clock.now_us()) - KEPT, "")
        Setting.objects.filter(name__gte=_NAME.format("", "").strip(), name__lt=oldest).delete()


def _day(mark: str) -> date:
    try:
        return date.fromisoformat(mark[:10])
    except ValueError:
        raise TooOld from None
