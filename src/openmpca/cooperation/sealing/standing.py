"""How a matter stands: who has sealed, who has opened, what counts and why something does not.

What was first is told by the order in which things became known in this record: its statements are numbered, and
what partners sent has the number of the bundle by which it came, and its place in their own log.

Rules kept here:

1. An opening counts that fits the digest of its party's sealed statement, which came before it, in the same matter.
2. What a party sealed counts if it stood before the first opening that is known here, of whatever party. What was
   sealed, replaced or taken back after that changes nothing, and says so.
3. Of what a party sealed side by side only the first counts: nobody chooses afterwards which to open.
4. Whoever opens before all parties of the matter have sealed is told of; what others seal after that does not count.
5. Every party of the matter is told of, also one that has not sealed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.sealing import digests, matters
from openmpca.cooperation.sealing.digests import Opening
from openmpca.cooperation.sealing.matters import Order, order
from openmpca.cooperation.sealing.statements import Opened, Sealed
from openmpca.cooperation.statements import Withdrawal

LATE: Final = "it came after the first opening"
TWICE: Final = "its party had sealed before"
REPLACED: Final = "its party replaced it"
TAKEN_BACK: Final = "its party took it back"
STRANGER: Final = "its party is none of the matter"
NO_SEAL: Final = "its party has sealed nothing under that number before"
OTHER_MATTER: Final = "it was sealed in another matter"
OTHER_CONTENT: Final = "salt and content do not give the digest that was sealed"
NOT_THE_ONE: Final = "what it opens does not count"
NO_FORM: Final = "its content is not in the form that is sealed"
WHYS: Final = (
    LATE,
    TWICE,
    REPLACED,
    TAKEN_BACK,
    STRANGER,
    NO_SEAL,
    OTHER_MATTER,
    OTHER_CONTENT,
    NOT_THE_ONE,
    NO_FORM,
)


@dataclass(frozen=True)
class Discounted:
    """A sealed statement or an opening that does not count, and why."""

    claim: Claim[Any]
    why: str


@dataclass(frozen=True)
class Standing:
    """How a party stands in a matter: what it sealed and opened that counts, and what the opening holds."""

    party: str
    sealed: Claim[Sealed] | None = None
    opened: Claim[Opened] | None = None

    @cached_property
    def content(self) -> Any:
        """What it opened; None while it has not."""
        return None if self.opened is None else digests.read(self.opened.said.content)

    @property
    def stands(self) -> str:
        """In a word: open, sealed or none."""
        return "open" if self.opened is not None else "sealed" if self.sealed is not None else "none"


@dataclass(frozen=True)
class Matter:
    """How a matter stands: each of its parties, what does not count, and the opening that came first."""

    thing: str
    standings: tuple[Standing, ...]
    discounted: tuple[Discounted, ...]
    first: Claim[Opened] | None
    early: tuple[Claim[Opened], ...]

    @property
    def all_sealed(self) -> bool:
        """Whether all parties have sealed what counts."""
        return bool(self.standings) and all(each.sealed is not None for each in self.standings)

    @property
    def all_open(self) -> bool:
        """Whether all parties have opened what counts."""
        return bool(self.standings) and all(each.opened is not None for each in self.standings)

    def of(self, party: str) -> Standing:
        """How a party stands."""
        return next((each for each in self.standings if each.party == party), Standing(party))


def standing(claims: Claims, matter: str, viewpoint: str = "") -> Matter:
    """How a matter stands as far as the claims may be read."""
    return standings(claims, [matter], viewpoint)[0]


def standings(claims: Claims, asked: Sequence[str], viewpoint: str = "") -> list[Matter]:
    """How several matters stand."""
    history = _History(claims.ever(Sealed), claims.ever(Opened), claims.ever(Withdrawal))
    return [history.of(each, matters.parties(claims, each, viewpoint)) for each in asked]


class _History:
    """All that was sealed, opened and taken back, in the order in which it became known."""

    def __init__(
        self,
        sealed: list[Claim[Sealed]],
        opened: list[Claim[Opened]],
        withdrawn: list[Claim[Withdrawal]],
    ) -> None:
        self.sealed, self.opened = sealed, opened
        self.by_number = {(each.log, each.number): each for each in sealed}
        self.gone: dict[tuple[str, int], list[tuple[Order, str]]] = {}
        for why, ended in ((REPLACED, sealed), (TAKEN_BACK, withdrawn)):
            for each in ended:
                if each.said.replaces is not None:
                    self.gone.setdefault((each.log, each.said.replaces), []).append((order(each), why))

    def of(self, matter: str, parties: Sequence[str]) -> Matter:
        """How one matter stands."""
        sealed = [each for each in self.sealed if each.said.matter == matter]
        opened = [each for each in self.opened if each.said.matter == matter]
        misfits = {id(each): self.misfit(each, parties) for each in opened}
        fitting = sorted((each for each in opened if not misfits[id(each)]), key=order)
        first = fitting[0] if fitting else None
        whys = {id(each): why for each, why in self.judged(sealed, first, parties)}
        counting = {each.party: each for each in sealed if not whys[id(each)]}
        for each in fitting:
            if counting.get(each.party) is not self.seal_of(each):
                misfits[id(each)] = NOT_THE_ONE
        shown = {each.party: each for each in reversed(fitting) if not misfits[id(each)]}
        told, both = {**misfits, **whys}, list[Claim[Any]]([*sealed, *opened])
        return Matter(
            thing=matter,
            standings=tuple(Standing(each, counting.get(each), shown.get(each)) for each in parties),
            discounted=tuple(Discounted(each, told[id(each)]) for each in both if told[id(each)]),
            first=first,
            early=tuple(each for each in fitting if not _all_before(counting, parties, order(each))),
        )

    def judged(
        self, sealed: Iterable[Claim[Sealed]], first: Claim[Opened] | None, parties: Sequence[str]
    ) -> Iterable[tuple[Claim[Sealed], str]]:
        """Each sealed statement with why it does not count; blank where it does."""
        taken = set[str]()
        until = order(first) if first is not None else None
        for each in sorted(sealed, key=order):
            why = "" if each.party in parties else STRANGER
            why = why or (LATE if until is not None and order(each) > until else self.ended(each, until))
            if not why and each.party in taken:
                why = TWICE
            taken |= set() if why else {each.party}
            yield each, why

    def ended(self, seal: Claim[Sealed], until: Order | None) -> str:
        """Whether a sealed statement was replaced or taken back while that was possible."""
        ends = self.gone.get((seal.log, seal.number), [])
        return next((why for when, why in sorted(ends) if until is None or when < until), "")

    def seal_of(self, opening: Claim[Opened]) -> Claim[Sealed] | None:
        """The sealed statement that an opening names, if its own party made it before."""
        found = self.by_number.get((opening.log, opening.said.sealed))
        return found if found is not None and found.party == opening.party and order(found) < order(opening) else None

    def misfit(self, opening: Claim[Opened], parties: Sequence[str]) -> str:
        """Why an opening shows nothing that was sealed; blank where it does (rule 1)."""
        seal = self.seal_of(opening)
        if opening.party not in parties:
            return STRANGER
        if seal is None:
            return NO_SEAL
        if seal.said.matter != opening.said.matter:
            return OTHER_MATTER
        return unfit(opening.party, opening.said, seal.said.digest)


def unfit(party: str, said: Opened, sealed: str) -> str:
    """Why salt and content of an opening do not give a digest; blank where they do."""
    if not digests.SALT.fullmatch(said.salt):
        return NO_FORM
    try:
        digests.read(said.content)
    except ValueError:
        return NO_FORM
    given = digests.digest(Opening(party, said.matter, said.salt, said.content))
    return "" if given == sealed else OTHER_CONTENT


def _all_before(counting: Mapping[str, Claim[Sealed]], parties: Sequence[str], when: Order) -> bool:
    return all(each in counting and order(counting[each]) < when for each in parties)
