"""Sites in stages: how many elements of their upgrades stand where, and never one word for all of it.

Rules kept here:

1. An element of which nobody has stated a stage is *not started*.
2. Each party's stages stand for themselves. A site is counted by its elements in each stage; no stage of a site is made
   of them.

Source: the research on joint programmes, 1.5 (the metric "secured").
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.elimination.statements import STAGES, Building, Element, Site, Stage


@dataclass(frozen=True)
class Staged:
    """An element with its stage in the eyes of a party, since when and by what evidence."""

    element: Claim[Element]
    site: str
    stage: str
    since: date | None
    evidence: str


def staged(claims: Claims, party: str = "") -> list[Staged]:
    """Every element with its stage as a party states it; as the party of the element does when none is named."""
    sites = {each.thing: each.said.site for each in claims.of(Building)}
    sites |= {each.thing: each.code for each in claims.of(Site)}
    stages = claims.by_thing(Stage)
    found = []
    for element in sorted(claims.of(Element), key=lambda each: (each.code, each.known)):
        own = [each for each in stages.get(element.thing, []) if each.party == (party or element.party)]
        last = max(own, key=lambda each: (each.said.day, each.number), default=None)
        found.append(
            Staged(
                element,
                sites.get(element.said.at, ""),
                last.said.stage if last else STAGES[0],
                last.said.day if last else None,
                last.said.evidence if last else "",
            )
        )
    return found


def by_site(elements: Iterable[Staged]) -> dict[str, dict[str, int]]:
    """How many elements of each site stand in each stage, in the order of the stages."""
    counts: dict[str, Counter[str]] = {}
    for each in elements:
        counts.setdefault(each.site, Counter())[each.stage] += 1
    return {site: {stage: counts[site][stage] for stage in STAGES} for site in sorted(counts)}
