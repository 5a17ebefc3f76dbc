"""The life of a project: which state follows which, in which state each party sees it, and where they differ.

Rules kept here:

1. What may follow a state is declared in `NEXT`. Suspended and cancelled are reached from anywhere but from an end;
   what was suspended goes on in the state that it had. `completed but not used` is an end of its own.
2. Each party tells its own course; the first state that it tells may be any, because a record may begin late.
3. Nothing is decided between two parties: where they see different states, both are given and the difference is told.

Source: the research on joint programmes, 1.2 and 1.5.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.projects.statements import CANCELLED, SUSPENDED, UNUSED, Project, ProjectState

NEXT: Final[Mapping[str, tuple[str, ...]]] = {
    "proposed": ("prioritised",),
    "prioritised": ("baselined", "proposed"),
    "baselined": ("authorised", "prioritised"),
    "authorised": ("funded", "baselined"),
    "funded": ("contracted", "executing"),
    "contracted": ("executing",),
    "executing": ("offered",),
    "offered": ("accepted", "executing", UNUSED),
    "accepted": ("in use", "closed", UNUSED),
    "in use": ("transition", "closed"),
    "transition": ("sole support", "in use"),
    "sole support": ("closed",),
    "closed": (),
    CANCELLED: (),
    UNUSED: (),
}
"""The states that may follow each, beside being suspended or cancelled."""
ENDS: Final = tuple(state for state, next_states in NEXT.items() if not next_states)
_OPEN: Final = tuple(state for state in NEXT if state not in ENDS)


def following(passed: Sequence[str]) -> tuple[str, ...]:
    """The states that may follow those that were passed.

    >>> following(["executing", "suspended"]), following(["executing"]), following(["closed"])
    (('executing', 'cancelled'), ('offered', 'suspended', 'cancelled'), ())
    """
    if not passed:
        return (*NEXT, SUSPENDED)
    last = passed[-1]
    if last == SUSPENDED:
        before = next((each for each in reversed(passed) if each != SUSPENDED), "")
        return (*((before,) if before else _OPEN), CANCELLED)
    return (*NEXT[last], SUSPENDED, CANCELLED) if NEXT[last] else ()


@dataclass(frozen=True)
class Life:
    """A project as parties tell it: its claims, and the course of states that each party tells, by party."""

    code: str
    told: tuple[Claim[Project], ...]
    courses: Mapping[str, tuple[Claim[ProjectState], ...]]

    @property
    def title(self) -> str:
        """Its titles, each once."""
        return " / ".join(dict.fromkeys(each.said.title for each in self.told))

    @property
    def parties(self) -> list[str]:
        """Every party that somebody names as one of the project's."""
        return sorted({party for each in self.told for party in each.said.parties})

    @property
    def states(self) -> dict[str, str]:
        """The state in which each party sees it now."""
        return {party: course[-1].said.state for party, course in self.courses.items()}

    @property
    def differs(self) -> bool:
        """Whether two parties see it in different states."""
        return len(set(self.states.values())) > 1

    @property
    def since(self) -> date | None:
        """The day of the last change that anybody tells."""
        return max((course[-1].said.day for course in self.courses.values()), default=None)


def lives(claims: Claims) -> list[Life]:
    """Every project of which somebody tells anything, by code."""
    courses: dict[str, dict[str, list[Claim[ProjectState]]]] = {}
    for each in in_order(claims.of(ProjectState)):
        courses.setdefault(each.thing, {}).setdefault(each.party, []).append(each)
    told = claims.by_thing(Project)
    return [
        Life(
            thing.partition(":")[2],
            tuple(told.get(thing, [])),
            {party: tuple(found) for party, found in courses.get(thing, {}).items()},
        )
        for thing in sorted(told.keys() | courses.keys())
    ]


def life(claims: Claims, code: str) -> Life | None:
    """The life of one project; None where nobody tells anything of it."""
    return next((each for each in lives(claims) if each.code == code), None)


def in_order(states: Iterable[Claim[ProjectState]]) -> list[Claim[ProjectState]]:
    """Claims of states in the order of their days, those of one day in that in which they became known."""
    return sorted(states, key=lambda each: (each.said.day, each.known, each.number))
