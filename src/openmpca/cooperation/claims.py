"""Claims: what each party says, as it stood on a day and was known at a number, cut to what a reader may read.

    claims = Claims(date(2026, 3, 31), known_at, reader={"ALD"})
    [(each.party, each.said.title) for each in claims.of(Project)]

Ours and those that partners sent stand side by side, each under the party that made it: nothing here merges two of
them, and whoever asks decides what follows where they differ.

Rules kept here:

1. A claim stands from its day on, until the same party replaces it or takes it back, from the day of that on.
2. Another party's claim is known from the statement by which the bundle was received that first showed all of it. A
   bundle speaks for its sender, and for parties that have no keys here (the sender hosts them); what it says for
   another partner, or for a party of this record, is told as `Unread` and not taken.
3. What is withheld is not guessed: a partner's claim that lacks a field that its kind cannot lack is `Unread`, and so
   is one with a text that is none of its field's words or not in its form.
4. A reader reads what its parties stated, what was released to them or to all, and what was sent to them. No reader
   given is whoever holds the machine.
5. Claims come in the order in which they became known here.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Final, Generic, TypeVar

import msgspec
import polars as pl

from openmpca.cooperation.book import thing_of
from openmpca.cooperation.marks import EVERYBODY, unfit
from openmpca.cooperation.statements import ROOM, Said
from openmpca.proof.bundles import partners
from openmpca.proof.bundles.receiving import Shown, came, stated_by
from openmpca.record.known import Known, query
from openmpca.record.reading import stored
from openmpca.record.record import head
from openmpca.record.statements import ENVELOPE, KINDS, Kind, kind_by, read_fields

S = TypeVar("S", bound=Said)
_OURS: Final = {
    "number": pl.Int64,
    "party": pl.String,
    "thing": pl.String,
    "release": pl.String,
    "fields": pl.String,
}
_EVER: Final = (
    "SELECT number, party, thing, release, fields FROM cooperation_claim c"
    " WHERE kind = %s AND number <= %s AND day <= %s"
)
_STANDING: Final = (
    "NOT EXISTS (SELECT 1 FROM cooperation_claim r WHERE r.replaces = c.number AND r.number <= %s AND r.day <= %s)"
)


@dataclass(frozen=True)
class Claim(Generic[S]):
    """What a party says: ``number`` stands in the record named by ``log`` (blank for this one), ``known`` is the
    statement of this record since which it is known here, ``thing`` of what it speaks."""

    party: str
    number: int
    log: str
    known: int
    thing: str
    said: S

    @property
    def ours(self) -> bool:
        """Whether it stands in this record."""
        return not self.log

    @property
    def code(self) -> str:
        """The code of the thing."""
        return self.thing.partition(":")[2]


@dataclass(frozen=True)
class Unread:
    """A partner's claim that is not taken, and why: what is withheld, or for whom it speaks."""

    sender: str
    number: int
    log: str
    kind: str
    why: str


def readable(party: str, release: Collection[str], readers: Collection[str] | None) -> bool:
    """Whether some parties may read what a party said (rule 4); None stands for whoever holds the machine.

    >>> readable("ALD", [], {"ALD"}), readable("ALD", ["BRK"], {"BRK"}), readable("ALD", ["BRK"], {"CRN"})
    (True, True, False)
    """
    if readers is None or EVERYBODY in release:
        return True
    return party in readers or any(each in readers for each in release)


class Claims:
    """The claims that stand on ``day`` as known at the statement ``known_at`` (None: the last), for ``readers``."""

    def __init__(
        self,
        day: date,
        known_at: int | None = None,
        readers: Collection[str] | None = None,
        using: str = "default",
    ) -> None:
        self.day, self.using = day, using
        self.known_at = head()[0] - 1 if known_at is None else known_at
        self.readers = None if readers is None else frozenset(readers)
        self._read: dict[str, list[Claim[Any]]] = {}
        self._ever: dict[str, list[Claim[Any]]] = {}
        self._things: dict[str, dict[str, list[Claim[Any]]]] = {}

    def of(self, kind: type[S]) -> list[Claim[S]]:
        """The claims of a kind, in the order in which they became known."""
        name = kind_by(kind).name
        if name not in self._read:
            found = [*self._ours(name, kind), *self._theirs(name, kind)]
            self._read[name] = sorted(found, key=lambda each: (each.known, each.log, each.number))
        return self._read[name]

    def ever(self, kind: type[S]) -> list[Claim[S]]:
        """Every claim of a kind up to the day, also those that were replaced or taken back, in the same order."""
        name = kind_by(kind).name
        if name not in self._ever:
            found = [*self._ours(name, kind, standing=False), *self._theirs(name, kind, standing=False)]
            self._ever[name] = sorted(found, key=lambda each: (each.known, each.log, each.number))
        return self._ever[name]

    def about(self, kind: type[S], thing: str) -> list[Claim[S]]:
        """The claims of a kind that speak of a thing."""
        return self.by_thing(kind).get(thing, [])

    def by_thing(self, kind: type[S]) -> dict[str, list[Claim[S]]]:
        """The claims of a kind by the thing of which they speak, in the order of its first claim."""
        name = kind_by(kind).name
        if name not in self._things:
            found = self._things[name] = {}
            for each in self.of(kind):
                found.setdefault(each.thing, []).append(each)
        return self._things[name]

    @cached_property
    def of_partners(self) -> list[Claim[Any]]:
        """The claims of partners, of every kind, in no order."""
        kinds = {type(said) for _shown, said, _told in self._shown if said is not None}
        return [each for kind in kinds for each in self._theirs(kind_by(kind).name, kind)]

    @cached_property
    def things_of_partners(self) -> frozenset[str]:
        """The things of which partners' claims speak."""
        said = (each for _shown, each, _told in self._shown if each is not None)
        return frozenset(thing_of(type(each), msgspec.to_builtins(each)) for each in said)

    @cached_property
    def unread(self) -> list[Unread]:
        """The claims of partners that are not taken (rules 2 and 3), of all kinds."""
        return [told for _shown, _said, told in self._shown if told is not None]

    def _ours(self, name: str, kind: type[S], *, standing: bool = True) -> Iterator[Claim[S]]:
        decoder = msgspec.json.Decoder(kind)
        sql, until = f"{_EVER} AND {_STANDING}" if standing else _EVER, [self.known_at, self.day]
        rows = query(sql, [name, *until, *(until if standing else [])], _OURS, self.using)
        for number, party, thing, release, fields in rows.iter_rows():
            if readable(party, release.split(), self.readers):
                yield Claim(party, number, "", number, thing, decoder.decode(fields))

    def _theirs(self, name: str, kind: type[S], *, standing: bool = True) -> Iterator[Claim[S]]:
        replaced = {
            (shown.came.origin, said.replaces)
            for shown, said, _told in self._shown
            if standing and said is not None and said.replaces is not None and said.day <= self.day
        }
        for shown, said, _told in self._shown:
            gone = (shown.came.origin, shown.number) in replaced
            if isinstance(said, kind) and shown.kind == name and said.day <= self.day and not gone:
                fields = msgspec.to_builtins(said)
                party = str(shown.fields.get("party") or shown.came.sender)
                yield Claim(party, shown.number, shown.came.origin, shown.since, thing_of(kind, fields), said)

    @cached_property
    def _shown(self) -> list[tuple[Shown, Said | None, Unread | None]]:
        """What partners' bundles show of this room, read; or why it is not."""
        senders = sorted({each.sender for each in came(until=self.known_at)})
        known = Known(self.using, self.known_at + 1)
        own = _parties_here(known, senders)
        found = []
        for sender in senders:
            for shown in stated_by(sender, self.known_at):
                if shown.kind.partition(".")[0] == ROOM and self._sent_to(shown):
                    found.append((shown, *_read(shown, own)))
        return found

    def _sent_to(self, shown: Shown) -> bool:
        """Whether the reader is one to whom the bundle was sent, or to whom its claim was released (rule 4)."""
        release = shown.fields.get("release")
        named = release if isinstance(release, list) else []
        return readable(_recipient(shown.came.sha256, shown.came.number, self.using), named, self.readers)


@lru_cache(maxsize=1024)
def _recipient(sha256: str, number: int, using: str) -> str:
    return stored(number, using).party


def _parties_here(known: Known, senders: list[str]) -> frozenset[str]:
    """The parties for which nobody else may speak: those with keys of their own, here or as partners."""
    own = known.frame('SELECT DISTINCT "of" FROM proof_key WHERE number < %s', [known.number], {"of": pl.String})
    founder = known.frame("SELECT code FROM record_party WHERE number = 0", [], {"code": pl.String})
    return frozenset([*senders, *own["of"], *founder["code"], *partners.partners(date.max, known)])


def _read(shown: Shown, own: frozenset[str]) -> tuple[Said | None, Unread | None]:
    sender, log = shown.came.sender, shown.came.origin
    party = str(shown.fields.get("party") or sender)
    if party != sender and party in own:
        return None, Unread(sender, shown.number, log, shown.kind, f"it speaks for {party}")
    kind = KINDS.get(shown.kind)
    if kind is None:
        return None, Unread(sender, shown.number, log, shown.kind, "its kind is not known here")
    try:
        return _converted(kind, shown.fields), None
    except (msgspec.ValidationError, ValueError) as error:
        return None, Unread(sender, shown.number, log, shown.kind, str(error))


def _converted(kind: Kind, fields: Mapping[str, object]) -> Said:
    own = {name: value for name, value in fields.items() if name not in ENVELOPE}
    version = fields.get("version")
    lifted = read_fields(kind.name, version if isinstance(version, int) else kind.version, own)
    said = msgspec.convert(lifted, kind.struct)
    if not isinstance(said, Said):
        raise ValueError("it is no claim of this room")
    for field, _mark, told in unfit(kind.struct, lifted):
        raise ValueError(f"{field}: {told}")
    return said
