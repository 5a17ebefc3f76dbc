"""What parties seal for: a matter, its parties, and in which form it takes what is opened.

Rules kept here:

1. Whoever introduces a matter says which parties it has. Where several introduce the same, a party goes by its own
   words, and where it has none by those that were known first.
2. What is opened is read by the form of its matter; what does not fit is told and does not count.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.marks import introduced
from openmpca.cooperation.rules import kinds
from openmpca.cooperation.statements import Said

Form = Callable[[Any, object], list[str]]
FORMS: Final[dict[str, Form]] = {}
"""By the sort of the matter: what is wrong with a content, in words; the subject that has the sort gives its own."""


def introductions(claims: Claims, matter: str) -> list[Claim[Any]]:
    """The claims that introduce a matter, in the order in which they became known."""
    sort = matter.partition(":")[0]
    found = [each for kind in kinds() if introduced(kind)[1] == sort for each in claims.about(kind, matter)]
    return sorted(found, key=lambda each: (each.known, each.log, each.number))


def terms(claims: Claims, matter: str, viewpoint: str = "") -> Said | None:
    """The terms of a matter (rule 1); None where nobody has introduced it, or none may be read."""
    found = introductions(claims, matter)
    own = [each.said for each in found if each.party == viewpoint]
    return next(iter([*own, *(each.said for each in found)]), None)


def parties(claims: Claims, matter: str, viewpoint: str = "") -> list[str]:
    """The parties of a matter (rule 1)."""
    said: Iterable[str] = getattr(terms(claims, matter, viewpoint), "parties", ())
    return list(dict.fromkeys(said))


def unfit(said: Said | None, matter: str, content: object) -> list[str]:
    """What does not fit in a content by the form of its matter."""
    form = FORMS.get(matter.partition(":")[0])
    return form(said, content) if form and said is not None else []
