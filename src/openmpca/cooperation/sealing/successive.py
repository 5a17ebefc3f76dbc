"""Matters that repeat one another: which come one after the other, from the first on."""

from collections.abc import Mapping
from typing import Any, TypeVar

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.statements import Said

S = TypeVar("S", bound=Said)


def chain(claims: Claims, kind: type[S], code: str) -> list[str]:
    """The codes of a matter, of those that it comes after and of those that come after it, the first first."""
    after = befores(claims, kind)
    first = code
    seen = {first}
    while (before := after.get(first, "")) and before not in seen:
        seen.add(before)
        first = before
    found = [first]
    while later := [each for each, before in after.items() if before in found and each not in found]:
        found += later
    return found


def befores(claims: Claims, kind: type[S]) -> Mapping[str, str]:
    """The code of the matter that each comes after; blank where it comes after none."""
    found: dict[str, str] = {}
    for each in claims.of(kind):
        found.setdefault(each.code, _after(each))
    return found


def _after(claim: Claim[Any]) -> str:
    return str(claim.said.after)


def returns(after: Mapping[str, str], code: str, before: str) -> bool:
    """Whether a matter that came after another would come after itself.

    >>> returns({"R-2": "R-1", "R-1": ""}, "R-1", "R-2"), returns({"R-2": "R-1", "R-1": ""}, "R-3", "R-2")
    (True, False)
    """
    seen = set[str]()
    while before and before not in seen:
        if before == code:
            return True
        seen.add(before)
        before = after.get(before, "")
    return False
