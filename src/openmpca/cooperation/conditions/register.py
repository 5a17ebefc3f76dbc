"""The register of risks: what parties see coming, the gravest first; where they rate one differently, both stand."""

from dataclasses import dataclass

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.conditions.statements import Risk


@dataclass(frozen=True)
class Rated:
    """A risk with what each party says of it."""

    code: str
    claims: tuple[Claim[Risk], ...]

    @property
    def score(self) -> int:
        """Likelihood times impact, as the party rates it that rates it highest; 0 when all have closed it."""
        return max((each.said.likelihood * each.said.impact for each in self.claims if not each.said.closed), default=0)

    @property
    def differs(self) -> bool:
        """Whether two parties rate it differently, or only one has closed it."""
        rated = {(each.said.likelihood, each.said.impact, each.said.closed) for each in self.claims}
        return len(rated) > 1


def risks(claims: Claims, project: str = "") -> list[Rated]:
    """The risks of a project or of all, the gravest first."""
    found = [
        Rated(thing.partition(":")[2], tuple(told))
        for thing, told in claims.by_thing(Risk).items()
        if not project or any(each.said.project == project for each in told)
    ]
    return sorted(found, key=lambda each: (-each.score, each.code))
