"""What a room gives to the record: its derivation, its rules and its derived tables.

A room is registered when its Django application is ready. Rooms come in the order of registration, which is the
declared order in which they may ask each other.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl
from django.db.models import Model

from openmpca.problems import Problem
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known

if TYPE_CHECKING:
    from openmpca.record.doctor import Finding

Tables = dict[type[Model], pl.DataFrame]


def _no_check(segment: Segment, known: Known, act: Act) -> list[Problem]:
    return []


def _keep_nothing(derived: Tables) -> pl.DataFrame | None:
    return None


def _no_conclusion(kept: list[pl.DataFrame], known: Known) -> list[Problem]:
    return []


def _anywhere(segment: Segment, known: Known) -> list[frozenset[str]]:
    return [frozenset({"*"})]


def _around_nothing(known: Known) -> dict[str, str]:
    return {}


def _as_the_duty_says(segment: Segment, known: Known, day: date) -> int:
    return 1


def words(kind: str, fields: dict[str, object]) -> str:
    """What a statement says in short, as far as its name and its first fields tell."""
    named = [str(fields[name]) for name in ("code", "role", "person", "of", "statement", "grant") if fields.get(name)]
    return " ".join([kind.partition(".")[2].replace("_", " "), *named])


def _stands(number: int) -> str:
    return ""


class Foreseen(NamedTuple):
    """What statements that wait would come to if they were recorded now: heads by column, and rows."""

    heads: dict[str, str]
    rows: list[dict[str, object]]


def _nothing_foreseen(segment: Segment) -> Foreseen | None:
    return None


def _kept_from_nobody(fields: Mapping[str, object], party: str, readers: Collection[str]) -> bool:
    return False


def _unchanged(segment: Segment, before: int, now: int) -> list[Problem]:
    return []


def _nothing_found() -> Iterator["Finding"]:
    return iter(())


def _nothing_beside() -> list[Problem]:
    return []


def _nothing_follows(numbers: range) -> str:
    return ""


@dataclass(frozen=True)
class Room:
    """A room of the house, as the record sees it.

    ``derive`` is pure: statements and what is known before them to rows. ``check`` sees a segment before it is
    recorded. ``keep`` reduces what was derived to what ``conclude`` needs to check, before the commit, what the
    whole writing did. ``scopes`` gives, for each distinct place that a segment speaks of, the scopes of grants that
    cover it, ``around`` the scope around each scope; ``persons`` how many it takes at least, whatever the duty of
    its kind; ``kept_from`` whether what a party stated with these fields is kept from who acts for some
    parties. ``words`` gives in short what a statement with these fields says; ``fate`` what became of the statement
    with a number, empty while it stands. ``foreseen`` shows who approves what statements that wait come
    to; ``meanwhile`` gives what is no longer as it was when they were prepared: it knows the last statement known
    then and the last known before they are recorded. ``additive`` names the models whose last column is summed
    where the key exists already, ``late`` the indexes that neither ``derive`` nor ``check`` needs while very many
    statements of one kind come at once. ``kept`` names operational tables that go into a backup, ``examine`` what
    the doctor asks the room. ``beside`` gives what is wrong between the record and what the room holds of it
    elsewhere; ``follows`` does what is due when very many statements came at once, and says it. ``version`` counts
    up with every change of ``derive`` that gives other rows, so that tables made by an older one are noticed.
    """

    name: str
    derive: Callable[[Segment, Known], Tables]
    models: tuple[type[Model], ...]
    check: Callable[[Segment, Known, Act], list[Problem]] = _no_check
    keep: Callable[[Tables], pl.DataFrame | None] = _keep_nothing
    conclude: Callable[[list[pl.DataFrame], Known], list[Problem]] = _no_conclusion
    scopes: Callable[[Segment, Known], list[frozenset[str]]] = _anywhere
    around: Callable[[Known], dict[str, str]] = _around_nothing
    persons: Callable[[Segment, Known, date], int] = _as_the_duty_says
    kept_from: Callable[[Mapping[str, object], str, Collection[str]], bool] = _kept_from_nobody
    words: Callable[[str, dict[str, object]], str] = words
    fate: Callable[[int], str] = _stands
    foreseen: Callable[[Segment], Foreseen | None] = _nothing_foreseen
    meanwhile: Callable[[Segment, int, int], list[Problem]] = _unchanged
    additive: frozenset[type[Model]] = field(default_factory=frozenset)
    late: frozenset[str] = frozenset()
    kept: tuple[type[Model], ...] = ()
    examine: Callable[[], Iterator["Finding"]] = _nothing_found
    beside: Callable[[], list[Problem]] = _nothing_beside
    follows: Callable[[range], str] = _nothing_follows
    version: int = 1


ROOMS: Final[dict[str, Room]] = {}


def register(room: Room) -> None:
    """Make a room known; registering it again, as a restarted application does, replaces it."""
    ROOMS[room.name] = room


def derived_models() -> list[type[Model]]:
    """All derived tables of all rooms, in order."""
    return [model for room in ROOMS.values() for model in room.models]


def kept_models() -> list[type[Model]]:
    """The operational tables of all rooms that go into a backup, in order."""
    return [model for room in ROOMS.values() for model in room.kept]
