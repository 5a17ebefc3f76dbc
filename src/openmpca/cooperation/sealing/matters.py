"""What parties seal for: a matter, its parties, and in which form it takes what is opened.

Rules kept here:

1. Whoever introduces a matter says which parties it has. Where several introduce the same, a party goes by its own
   words, and where it has none by those that were known first.
2. From the first sealed statement on a matter stays as it was: what its introduction is replaced by, or that it was
   taken back, after that changes nothing in it.
3. What is opened is read by the form of its matter; what does not fit is told and does not count.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.marks import introduced
from openmpca.cooperation.rules import kinds
from openmpca.cooperation.sealing.statements import Sealed
from openmpca.cooperation.statements import Said, Withdrawal

Form = Callable[[Any, object], list[str]]
FORMS: Final[dict[str, Form]] = {}
"""By the sort of the matter: what is wrong with a content, in words; the subject that has the sort gives its own."""
Order = tuple[int, int]


def order(claim: Claim[Any]) -> Order:
    """Where a claim stands in the order that is proven here."""
    return claim.known, claim.number


def introduction(claims: Claims, matter: str, viewpoint: str = "") -> Claim[Any] | None:
    """The claim by whose terms a matter goes (rule 1); None where nobody has introduced it, or none may be read."""
    found = _introductions(claims, matter)
    own = [each for each in found if each.party == viewpoint]
    return next(iter([*own, *found]), None)


def _introductions(claims: Claims, matter: str) -> list[Claim[Any]]:
    """The claims that introduce a matter, as they stand, or stood when somebody first sealed for it (rule 2)."""
    sort = matter.partition(":")[0]
    own = [kind for kind in kinds() if introduced(kind)[1] == sort]
    sealed = min((order(each) for each in claims.ever(Sealed) if each.said.matter == matter), default=None)
    if sealed is None:
        found = [each for kind in own for each in claims.about(kind, matter)]
    else:
        ever = [each for kind in own for each in claims.ever(kind) if each.thing == matter and order(each) < sealed]
        gone = {(each.log, each.said.replaces) for each in _ends(claims, own) if order(each) < sealed}
        found = [each for each in ever if (each.log, each.number) not in gone]
    return sorted(found, key=order)


def _ends(claims: Claims, own: Iterable[type[Said]]) -> Iterator[Claim[Any]]:
    yield from claims.ever(Withdrawal)
    for kind in own:
        yield from claims.ever(kind)


def terms(claims: Claims, matter: str, viewpoint: str = "") -> Said | None:
    """The terms of a matter; None where nobody has introduced it, or none may be read."""
    found = introduction(claims, matter, viewpoint)
    return None if found is None else found.said


def parties(claims: Claims, matter: str, viewpoint: str = "") -> list[str]:
    """The parties of a matter."""
    said: Iterable[str] = getattr(terms(claims, matter, viewpoint), "parties", ())
    return list(dict.fromkeys(said))


def unfit(said: Said | None, matter: str, content: object) -> list[str]:
    """What does not fit in a content by the form of its matter."""
    form = FORMS.get(matter.partition(":")[0])
    return form(said, content) if form and said is not None else []
