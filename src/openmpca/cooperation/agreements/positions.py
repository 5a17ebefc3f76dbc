"""What each party holds of each clause, how it came there, and whether all have the same texts.

Rules kept here:

1. A party's last position on a clause counts: by its day, then by when it became known. Those before it stay, as the
   way by which it came there.
2. A clause is *agreed* where every party of its agreement accepts it, *open* where one has said nothing, *contested*
   where one does not accept it.
3. Texts of several languages are equally authentic. Where two parties state different digests for one language, they do
   not have the same text, and both digests are told.

Source: the research on joint programmes, 1.1 (each party's position on a clause), 4.3 (texts of equal authenticity).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from openmpca.cooperation.agreements.statements import ACCEPTS, Agreement, Clause, Position
from openmpca.cooperation.claims import Claim, Claims

AGREED, CONTESTED, OPEN = "agreed", "contested", "open"


@dataclass(frozen=True)
class Stand:
    """How a clause stands between the parties: the last position of each that has one, and who has said nothing."""

    clause: Claim[Clause]
    last: Mapping[str, Claim[Position]]
    silent: tuple[str, ...]

    @property
    def standing(self) -> str:
        """Whether it is agreed, contested or open."""
        if any(each.said.stance != ACCEPTS for each in self.last.values()):
            return CONTESTED
        return OPEN if self.silent or not self.last else AGREED


@dataclass(frozen=True)
class Text:
    """The text of an agreement in a language: the digest that each party has of it."""

    language: str
    digests: Mapping[str, str]

    @property
    def differs(self) -> bool:
        """Whether two parties have different digests."""
        return len(set(self.digests.values())) > 1


def positions(claims: Claims, clause: str) -> list[Claim[Position]]:
    """Every position on a clause, in the order of their days."""
    return sorted(claims.about(Position, f"clause:{clause}"), key=lambda each: (each.said.day, each.known))


def stands(claims: Claims, agreement: str) -> list[Stand]:
    """How each clause of an agreement stands, in the order in which they became known."""
    said = claims.about(Agreement, f"agreement:{agreement}")
    parties = sorted({party for each in said for party in each.said.parties})
    of_it = {each.thing: each for each in reversed(claims.of(Clause)) if each.said.agreement == agreement}
    found = []
    for each in reversed(of_it.values()):
        last = {position.party: position for position in positions(claims, each.code)}
        found.append(Stand(each, last, tuple(party for party in parties if party not in last)))
    return found


def texts(claims: Claims, agreement: str) -> list[Text]:
    """The texts of an agreement in each language, as each party has them."""
    found: dict[str, dict[str, str]] = {}
    for each in claims.about(Agreement, f"agreement:{agreement}"):
        for language, digest in each.said.texts.items():
            found.setdefault(language, {})[each.party] = digest
    return [Text(language, found[language]) for language in sorted(found)]
