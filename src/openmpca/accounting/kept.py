"""Answers about areas that are kept while the record grows, and made anew for an area when something was stated of it.

    SIGNIFICANT = Kept(lambda view, mbas: {mba: ... for mba in mbas})
    SIGNIFICANT.of(view, ["ZZA1", "ZZB1"])

Rules kept here:

1. An answer about an area follows from the statements that name the area, up to a number, as of a day. It is given
   again for another number only where no statement between the two names the area; a statement that names no area
   (the State, a facility, a first opening) concerns all of them.
2. What is kept belongs to one record: to its database, to the derived tables as they were made last, and to the
   statement at which it was made, whose entry is looked at each time. Where one of these is another, all is made anew.
3. Within a transaction that writes, and on connections other than the usual one, nothing is kept.
4. Kept answers are the same as those made anew; a test holds that on random histories.
5. One thread at a time makes answers of a sort, and others wait; not while most areas are counted, which takes seconds.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

import polars as pl
from django.db import connections
from django.utils.translation import gettext as _

from openmpca.accounting.accounts import MAIN
from openmpca.accounting.queries import View
from openmpca.pages.routes import NotYet
from openmpca.record import versions
from openmpca.record.known import query
from openmpca.record.reading import Stored
from openmpca.tlog.disclosure import fields_of

T = TypeVar("T")
MOST: Final = 1_000
"""Statements between two numbers from which on it is quicker to make everything anew than to look at each."""
SHELVES: Final = 4
FEW: Final = 50
"""Areas that are counted while somebody waits for it."""
USUAL: Final = "default"


class Turn:
    """One at a time makes answers; who comes while very many are made is told so, and does not wait (rule 5)."""

    def __init__(self) -> None:
        self._lock, self.is_long = threading.Lock(), False

    def __enter__(self) -> "Turn":
        if not self._lock.acquire(blocking=not self.is_long):
            raise _not_yet()
        return self

    def takes_long(self) -> None:
        """Say that very many answers are made now; a page leaves that to who counts the State since the server
        started (`warming`)."""
        if (counting := _counting.get("by")) and counting.is_alive() and counting is not threading.current_thread():
            raise _not_yet()
        self.is_long = True

    def __exit__(self, *_error: object) -> None:
        self.is_long = False
        self._lock.release()


_counting: Final[dict[str, threading.Thread]] = {}


def counted_by(thread: threading.Thread) -> None:
    """Have the whole State counted by one thread, as long as it lives."""
    _counting["by"] = thread


def _not_yet() -> NotYet:
    return NotYet(_("The whole State is being counted. Ask again in a moment."))


@dataclass
class _Shelf(Generic[T]):
    """The answers as of a day, made at a number; ``entry`` is what the record committed to there."""

    number: int
    entry: bytes
    answers: dict[str, T] = field(default_factory=dict)


class Kept(Generic[T]):
    """Answers of one sort by area; ``make(view, mbas, *further)`` gives those of some areas. Answers that do not follow
    from the view's day are ``timeless``.
    """

    def __init__(self, make: Callable[..., Mapping[str, T]], *, timeless: bool = False) -> None:
        self._make, self._timeless = make, timeless
        self._shelves: OrderedDict[Hashable, _Shelf[T]] = OrderedDict()
        self.turn = Turn()

    def of(self, view: View, mbas: Sequence[str] | None = None, *further: Hashable) -> dict[str, T]:
        """The answers about some areas, all with books when not given, at a view; ``further`` is what else they follow
        from."""
        wanted = areas(view) if mbas is None else list(mbas)
        if view.number < 0 or view.using != USUAL or connections[view.using].in_atomic_block:
            return dict(self._make(view, wanted, *further))
        with self.turn as turn:
            answers = self._standing(view, further)
            if lacking := [mba for mba in wanted if mba not in answers]:
                if len(lacking) > FEW:
                    turn.takes_long()
                answers |= self._make(view, lacking, *further)
            return {mba: answers[mba] for mba in wanted}

    def _standing(self, view: View, further: Hashable) -> dict[str, T]:
        """The kept answers that hold at a view; those made for the latest number are added to them."""
        place = (record(), None if self._timeless else view.day, further)
        shelf = self._shelves.get(place)
        if shelf is None or entry_of(shelf.number) != shelf.entry:
            shelf = self._shelves[place] = _Shelf(view.number, entry_of(view.number))
        self._shelves.move_to_end(place)
        while len(self._shelves) > SHELVES:
            self._shelves.popitem(last=False)
        if shelf.number == view.number:
            return shelf.answers
        moved = named_between(*sorted((shelf.number, view.number)))
        left = {} if moved is None else {mba: each for mba, each in shelf.answers.items() if mba not in moved}
        if view.number > shelf.number:
            self._shelves[place] = _Shelf(view.number, entry_of(view.number), left)
        return left


def balances(view: View, mbas: Sequence[str] | None = None, codes: Sequence[str] = (MAIN,)) -> pl.DataFrame:
    """The same as `View.balances`, of many areas without summing each anew."""
    wanted = [each.filter(pl.col("code").is_in(list(codes))) for each in _BALANCES.of(view, mbas).values()]
    return pl.concat([view.balances([], []), *wanted]).sort("mba", "code", "category", "nuclide")


def _balances(view: View, mbas: Sequence[str]) -> dict[str, pl.DataFrame]:
    found = view.balances(list(mbas), None)
    own = {str(mba): part for (mba,), part in found.group_by("mba")}
    return {mba: own.get(mba, found.clear()) for mba in mbas}


_BALANCES: Final = Kept(_balances)


def areas(view: View) -> list[str]:
    """The areas with books, by code."""
    return sorted(set(view.accounts(None, [MAIN])["mba"]))


def record() -> Hashable:
    """Which record and which derived tables the usual connection has (rule 2)."""
    given = connections.settings[USUAL]
    where = tuple(str(given.get(name, "")) for name in ("ENGINE", "NAME", "HOST", "PORT"))
    return (*where, versions.made_us())


def entry_of(number: int) -> bytes:
    """What the record committed to with a statement; empty where there is none."""
    sql = "SELECT entry FROM record_statement WHERE number = %s"
    found = query(sql, [number], {"entry": pl.Binary})["entry"]
    return bytes(found[0]) if found.len() else b""


def named_between(first: int, last: int) -> frozenset[str] | None:
    """The areas named by the statements of accounting after a number and up to another; None stands for all."""
    if last - first > MOST:
        return None
    rows = query(
        "SELECT number, body FROM record_statement WHERE number > %s AND number <= %s AND kind LIKE %s",
        [first, last, "accounting.%"],
        {"number": pl.Int64, "body": pl.String},
    )
    named = [_named(Stored(number, fields_of(body))) for number, body in rows.iter_rows()]
    return None if "" in named else frozenset(named)


def _named(stored: Stored) -> str:
    """The area that a statement names; empty where it concerns all (rule 1)."""
    if stored.body.get("opening"):
        return ""
    return str(stored.body.get("code" if stored.kind.name == "accounting.mba" else "mba") or "")
