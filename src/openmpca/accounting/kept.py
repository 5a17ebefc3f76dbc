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
6. What is kept is handed on to the processes that a server begins (`handing_on`).
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

import polars as pl
from django.utils.translation import gettext as _

from openmpca.accounting.accounts import MAIN
from openmpca.accounting.handing_on import hand_on, name_of
from openmpca.accounting.of_record import may_keep
from openmpca.accounting.queries import View
from openmpca.pages.routes import NotYet
from openmpca.record.known import query
from openmpca.record.reading import Stored
from openmpca.tlog.disclosure import fields_of

T = TypeVar("T")
MOST: Final = 1_000
"""Statements between two numbers from which on it is quicker to make everything anew than to look at each."""
CHUNKS: Final = 40
"""Pieces of memory in which rows may lie before they are laid together."""
FEW: Final = 50
"""Areas that are counted while somebody waits for it."""
SHELVES: Final = 4
SMALL_SHELVES: Final = 32
"""How many shelves there may be with answers of more, and of no more than a few areas."""


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


Stated = Mapping[str, Sequence[Stored]]
"""The statements that came, by the area that they name."""
Grow = Callable[..., Mapping[str, T]]


class Kept(Generic[T]):
    """Answers of one sort by area; ``make(view, mbas, *further)`` gives those of some areas. Answers that do not follow
    from the view's day are ``timeless``.

    ``grow(view, after, answers, stated, *further)`` gives answers from those that stood ``after`` a number, by what was
    stated since; those that it leaves out are made anew.
    """

    def __init__(
        self, make: Callable[..., Mapping[str, T]], *, grow: Grow[T] | None = None, timeless: bool = False
    ) -> None:
        self._make, self._grow, self._timeless = make, grow, timeless
        self._shelves: OrderedDict[Hashable, _Shelf[T]] = OrderedDict()
        self.turn = Turn()
        hand_on(name_of(make), self._copied, self._add)

    def _copied(self) -> dict[Hashable, _Shelf[T]]:
        shelves = list(self._shelves.items())
        return {place: _Shelf(each.number, each.entry, dict(each.answers)) for place, each in shelves}

    def _add(self, given: Mapping[Hashable, _Shelf[T]]) -> None:
        with self.turn:
            self._shelves.update(given)

    def of(self, view: View, mbas: Sequence[str] | None = None, *further: Hashable) -> dict[str, T]:
        """The answers about some areas, all with books when not given, at a view; ``further`` is what else they follow
        from."""
        wanted = areas(view) if mbas is None else list(mbas)
        if not may_keep(view.using, view.number):
            return dict(self._make(view, wanted, *further))
        with self.turn as turn:
            answers = self._standing(view, further)
            if lacking := [mba for mba in wanted if mba not in answers]:
                if len(lacking) > FEW:
                    turn.takes_long()
                answers |= self._make(view, lacking, *further)
            return {mba: answers[mba] for mba in wanted}

    def _standing(self, view: View, further: Sequence[Hashable]) -> dict[str, T]:
        """The kept answers that hold at a view; those made for the latest number are added to them."""
        place = (view.record, None if self._timeless else view.day, tuple(further))
        shelf = self._shelves.get(place)
        if shelf is None or view.entry(shelf.number) != shelf.entry:
            shelf = self._shelves[place] = _Shelf(view.number, view.entry(view.number))
        self._shelves.move_to_end(place)
        self._clear()
        if shelf.number == view.number:
            return shelf.answers
        moved = stated_between(*sorted((shelf.number, view.number)))
        left = {} if moved is None else {mba: each for mba, each in shelf.answers.items() if mba not in moved}
        if view.number > shelf.number:
            left |= self._grown(view, shelf, moved or {}, further)
            self._shelves[place] = _Shelf(view.number, view.entry(view.number), left)
        return left

    def _grown(self, view: View, shelf: _Shelf[T], moved: Stated, further: Sequence[Hashable]) -> Mapping[str, T]:
        stood = {mba: shelf.answers[mba] for mba in moved if mba in shelf.answers}
        return self._grow(view, shelf.number, stood, moved, *further) if stood and self._grow else {}

    def _clear(self) -> None:
        """Leave the shelves used last. Days of which only some areas are asked do not drive out those of all areas."""
        large = {place: len(shelf.answers) > FEW for place, shelf in self._shelves.items()}
        for size, most in ((True, SHELVES), (False, SMALL_SHELVES)):
            for place in [place for place, is_so in large.items() if is_so is size][:-most]:
                del self._shelves[place]


class Joined:
    """The rows of areas as one frame, which has their ``mba``: anew only those of areas whose rows are others now.

    Whose rows are the same is told by the frames themselves, so what is given is always what was asked for. The order
    of areas is any, that of an area's own rows stays.
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._empty = pl.DataFrame(schema=schema)
        self._last: OrderedDict[Hashable, tuple[dict[str, pl.DataFrame], pl.DataFrame]] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, parts: Mapping[str, pl.DataFrame], place: Hashable = None) -> pl.DataFrame:
        """All rows together; what is asked at one ``place`` differs little from what was asked there before."""
        if len(parts) <= FEW:
            return pl.concat([self._empty, *parts.values()])
        before, found = self._last.get(place, ({}, self._empty))
        others = [mba for mba in {**before, **parts} if before.get(mba) is not parts.get(mba)]
        if len(others) > len(parts) // 2:
            found = pl.concat([self._empty, *parts.values()])
        elif others:
            came = {mba: _only_more(before.get(mba), parts.get(mba)) for mba in others}
            again = [pl.col("mba") != mba for mba, rows in came.items() if rows is None]
            rest = found.filter(again) if again else found
            more = (parts.get(mba, self._empty) if rows is None else rows for mba, rows in came.items())
            found = pl.concat([rest, *more], rechunk=rest.n_chunks() > CHUNKS)
        with self._lock:
            self._last[place] = (dict(parts), found)
            self._last.move_to_end(place)
            while len(self._last) > SHELVES:
                self._last.popitem(last=False)
        return found


def with_more(make: Callable[..., Mapping[str, pl.DataFrame]], *, whatever: bool = False) -> Grow[pl.DataFrame]:
    """How rows grow, and the sums in them (``ug``, by the other columns): ``make(view, mbas, *further, after=...)``
    gives what the statements after a number add. Sums of postings do so ``whatever`` was stated, other rows as long as
    there were only new changes."""

    def grow(
        view: View, after: int, stood: Mapping[str, pl.DataFrame], stated: Stated, *further: Hashable
    ) -> Mapping[str, pl.DataFrame]:
        growing = [mba for mba in stood if whatever or only_new(stated[mba])]
        more = make(view, growing, *further, after=after) if growing else {}
        return {mba: _added(stood[mba], more[mba]) if more[mba].height else stood[mba] for mba in growing}

    return grow


def only_new(stated: Sequence[Stored]) -> bool:
    """Whether statements are changes made here that correct nothing: they add to what was stated before."""
    return all(
        each.kind.name == "accounting.change"
        and each.fields.get("corrects") is None
        and not each.fields.get("reported")
        for each in stated
    )


def _added(rows: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    both = pl.concat([rows, more], rechunk=True)
    if "ug" not in both.columns:
        return both
    by = [name for name in both.columns if name != "ug"]
    return both.group_by(by).agg(pl.col("ug").sum()).filter(pl.col("ug") != 0).select(both.columns)


def _only_more(before: pl.DataFrame | None, now: pl.DataFrame | None) -> pl.DataFrame | None:
    """The rows that came behind those that there were; None where something else is another."""
    if before is None or now is None or not now[: before.height].equals(before):
        return None
    return now[before.height :]


_HELD: Final = {"mba": pl.String, "code": pl.String, "category": pl.String, "nuclide": pl.String, "ug": pl.Int64}


def balances(view: View, mbas: Sequence[str] | None = None, codes: Sequence[str] = (MAIN,)) -> pl.DataFrame:
    """The same as `View.balances`, of many areas without summing each anew."""
    found = _HELD_TOGETHER.of(_BALANCES.of(view, mbas), view.day)
    return found.filter(pl.col("code").is_in(list(codes))).sort("mba", "code", "category", "nuclide")


def _balances(view: View, mbas: Sequence[str], after: int = -1) -> dict[str, pl.DataFrame]:
    return by_area(view.balances(list(mbas), None, after=after), mbas)


class OfRows(Generic[T]):
    """What follows from the rows of an area alone: ``make`` gives it for some, anew where their rows are others."""

    def __init__(self, make: Callable[[Mapping[str, pl.DataFrame]], Mapping[str, T]]) -> None:
        self._make = make
        self._last: dict[str, tuple[pl.DataFrame, T]] = {}
        hand_on(name_of(make), lambda: dict(self._last), self._add)

    def _add(self, given: Mapping[str, tuple[pl.DataFrame, T]]) -> None:
        self._last = {**self._last, **given}

    def of(self, parts: Mapping[str, pl.DataFrame]) -> dict[str, T]:
        """What follows, by area."""
        last = self._last
        others = {mba: rows for mba, rows in parts.items() if mba not in last or last[mba][0] is not rows}
        made = {mba: (parts[mba], each) for mba, each in self._make(others).items()} if others else {}
        self._last = {**last, **made}
        return {mba: (made.get(mba) or last[mba])[1] for mba in parts}


def by_area(rows: pl.DataFrame, mbas: Sequence[str]) -> dict[str, pl.DataFrame]:
    """The rows of each area."""
    own = {str(mba): part for (mba,), part in rows.group_by("mba", maintain_order=True)}
    return {mba: own.get(mba, rows.clear()) for mba in mbas}


_BALANCES: Final = Kept(_balances, grow=with_more(_balances, whatever=True))
_HELD_TOGETHER: Final = Joined(_HELD)


def areas(view: View) -> list[str]:
    """The areas with books, by code."""
    return list(view.opened.areas)


def stated_between(first: int, last: int) -> Stated | None:
    """What was stated in accounting after a number and up to another, by area; None where it may concern all."""
    if last - first > MOST:
        return None
    rows = query(
        "SELECT number, body FROM record_statement WHERE number > %s AND number <= %s AND kind LIKE %s ORDER BY number",
        [first, last, "accounting.%"],
        {"number": pl.Int64, "body": pl.String},
    )
    found: dict[str, list[Stored]] = {}
    for number, body in rows.iter_rows():
        stored = Stored(number, fields_of(body))
        found.setdefault(_named(stored), []).append(stored)
    return None if "" in found else found


def _named(stored: Stored) -> str:
    """The area that a statement names; empty where it concerns all (rule 1)."""
    if stored.body.get("opening"):
        return ""
    return str(stored.body.get("code" if stored.kind.name == "accounting.mba" else "mba") or "")
