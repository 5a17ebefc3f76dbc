"""How a transition stands: what lacks before its gate, who has signed, what the dates say, and how it ended.

Rules kept here:

1. A gate is passed where every criterion is met in the eyes of the owner and of every other party that states levels of
   the site, by evidence that has not expired, and its decision is in force, signed by all.
2. Where the day of the transfer came without that, it is *transferred with open conditions*, and each is named: those
   that the parties named, and those that follow from the gate.
3. A date that is set by law does not wait: from the day after it on, a transition that has not ended is *overdue*.
4. The owner bears all of the cost in the last year of the schedule, or the schedule says that it does not.

Source: the research on joint programmes, 1.6 (transition with schedules, cost allocation, revisions by the co-chairs)
and 2.3; the demand that what the law's date cut off stays visible.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from openmpca.cooperation.boards.deciding import in_force
from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.handover import sustaining
from openmpca.cooperation.handover.statements import Assurance, Funding, Gate, Responsibility, Transfer, Transition

State = Literal["planned", "ready", "overdue", "transferred", "transferred with open conditions"]


@dataclass(frozen=True)
class Unmet:
    """A criterion that is not met: which indicator, the least level, what stands there in whose eyes and why not."""

    indicator: str
    least: int
    party: str
    level: int | None
    why: str


@dataclass(frozen=True)
class Standing:
    """A transition as it stands on the day of the claims."""

    transition: Claim[Transition]
    state: State
    unmet: tuple[Unmet, ...]
    unsigned: tuple[str, ...]
    open_conditions: tuple[str, ...]
    funding: tuple[tuple[int, dict[str, Decimal]], ...]
    overdue: tuple[Claim[Responsibility], ...]
    transfer: Claim[Transfer] | None
    assurances: tuple[Claim[Assurance], ...]

    @property
    def followed_up(self) -> list[Claim[Assurance]]:
        """What was found after the transfer."""
        ended = self.transfer.said.day if self.transfer is not None else date.max
        return [each for each in self.assurances if each.said.day > ended]

    @property
    def owner_alone(self) -> bool:
        """Whether the last year of the schedule leaves all of the cost to the owner (rule 4)."""
        return bool(self.funding) and self.funding[-1][1].get(self.transition.said.owner) == 100


def standings(claims: Claims) -> list[Standing]:
    """Every transition, in the order of its code."""
    return [standing(claims, each) for each in sorted(claims.of(Transition), key=lambda each: (each.code, each.known))]


def standing(claims: Claims, transition: Claim[Transition]) -> Standing:
    """One transition."""
    gates = [each for each in claims.of(Gate) if each.said.transition == transition.code]
    unmet = tuple(each for gate in gates for each in _unmet(claims, gate, transition))
    unsigned = tuple(each.code for each in gates if not _signed(claims, each))
    transfers = [each for each in claims.about(Transfer, transition.thing) if each.party == transition.party]
    transfer = transfers[-1] if transfers else None
    ready = bool(gates) and not unmet and not unsigned
    return Standing(
        transition,
        _state(transition.said, transfer, claims.day, ready=ready),
        unmet,
        unsigned,
        tuple(transfer.said.open_conditions) if transfer is not None else (),
        tuple(_funding(claims, transition)),
        tuple(
            each
            for each in claims.of(Responsibility)
            if each.said.transition == transition.code and each.said.done is None and each.said.due < claims.day
        ),
        transfer,
        tuple(each for each in claims.of(Assurance) if each.said.transition == transition.code),
    )


def _state(said: Transition, transfer: Claim[Transfer] | None, on: date, *, ready: bool) -> State:
    if transfer is not None:
        cut_off = bool(transfer.said.open_conditions) or not ready
        return "transferred with open conditions" if cut_off else "transferred"
    if on > said.due:
        return "overdue"
    return "ready" if ready else "planned"


def _signed(claims: Claims, gate: Claim[Gate]) -> bool:
    return bool(gate.said.decision) and in_force(claims, gate.said.decision) is not None


def _unmet(claims: Claims, gate: Claim[Gate], transition: Claim[Transition]) -> Iterator[Unmet]:
    site = transition.said.site
    viewers = sorted({transition.said.owner, *sustaining.parties(claims, site)})
    for party in viewers:
        stood = {each.indicator.code: each for of in sustaining.profile(claims, site, party) for each in of.indicators}
        for indicator, least in gate.said.criteria.items():
            found = stood.get(indicator)
            level = found.level.said.level if found is not None and found.level is not None else None
            if why := _why(level, int(least), expired=found is not None and found.expired):
                yield Unmet(indicator, int(least), party, level, why)


def _why(level: int | None, least: int, *, expired: bool) -> str:
    if level is None:
        return "unknown"
    if level < least:
        return "too low"
    return "evidence expired" if expired else ""


def _funding(claims: Claims, transition: Claim[Transition]) -> Iterator[tuple[int, dict[str, Decimal]]]:
    years = {
        each.said.year: each.said.shares
        for each in claims.about(Funding, transition.thing)
        if each.party == transition.party
    }
    for year in sorted(years):
        yield year, {party: Decimal(share) for party, share in years[year].items()}
