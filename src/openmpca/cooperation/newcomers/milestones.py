"""Where a newcomer stands: nineteen issues in three phases, in the eyes of each party.

Rules kept here:

1. What nobody has stated is *unknown*, and counts for nothing.
2. A phase is not summed up in one word: so many issues are met, in progress, not started, not applicable, unknown.
"""

from collections import Counter
from dataclasses import dataclass

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.newcomers.statements import ISSUES, PHASES, STATUSES, Condition

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Matrix:
    """The conditions of a newcomer in the eyes of a party, by issue and phase."""

    newcomer: str
    party: str
    conditions: dict[tuple[str, int], Claim[Condition]]

    def status(self, issue: str, phase: int) -> str:
        """How far an issue is in a phase."""
        found = self.conditions.get((issue, phase))
        return found.said.status if found is not None else UNKNOWN

    def counted(self, phase: int) -> dict[str, int]:
        """How many issues of a phase have each status."""
        counts = Counter(self.status(issue, phase) for issue in ISSUES)
        return {each: counts[each] for each in (*STATUSES, UNKNOWN)}

    @property
    def asked(self) -> list[Claim[Condition]]:
        """Where help is asked for."""
        return [each for each in self.conditions.values() if each.said.asked]


def matrices(claims: Claims, newcomer: str) -> list[Matrix]:
    """The matrix of each party that has stated conditions of a newcomer."""
    found: dict[str, dict[tuple[str, int], Claim[Condition]]] = {}
    own = sorted(claims.about(Condition, f"newcomer:{newcomer}"), key=lambda each: (each.said.day, each.known))
    for each in own:
        if each.said.phase in PHASES:
            found.setdefault(each.party, {})[each.said.issue, each.said.phase] = each
    return [Matrix(newcomer, party, conditions) for party, conditions in sorted(found.items())]


def differing(matrices: list[Matrix]) -> list[tuple[str, int, dict[str, str]]]:
    """The issues and phases that parties see otherwise, with the status in the eyes of each that has stated one."""
    rows = []
    for issue in ISSUES:
        for phase in PHASES:
            seen = {each.party: each.status(issue, phase) for each in matrices if (issue, phase) in each.conditions}
            if len(set(seen.values())) > 1:
                rows.append((issue, phase, seen))
    return rows
