"""What the matrix of routes asks the room of cooperation: of each sort one thing that there is, one that there is not.

A subject adds its own: what it states, and the example of each parameter that its pages take.
"""

from datetime import date
from typing import Any, Final

DAY: Final = date(2024, 5, 1)
OTHER: Final = "HOS"


def examples(story: Any) -> dict[str, tuple[Any, Any, Any]]:
    """State one thing of each sort; gives by route and parameter what is there, the same again, what is not."""
    from openmpca.record.statements import Party

    parties = [story.act.party, OTHER]
    story.state(Party(day=DAY, code=OTHER, name="Other party"))
    for each in _agreements(parties):
        story.state(each)
    story.state(*_projects(parties))
    story.state(*_money())
    story.state(*_priorities(parties))
    story.state(*_threats(parties))
    there = {
        "cooperation/say kind": "cooperation.proposal",
        "cooperation/agreement code": "UA",
        "cooperation/clause code": "UA.7",
        "cooperation/lapse of": "clause:UA.7",
        "cooperation/party code": OTHER,
        "cooperation/project code": "P-1",
        "cooperation/entry code": "PL-1",
        "cooperation/book party": OTHER,
        "cooperation/proposal code": "PR-1",
        "cooperation/round code": "R-1",
        "cooperation/seal matter": "round:R-1",
        "cooperation/open matter": "round:R-1",
        "cooperation/threat code": "T-1",
        "cooperation/comparison code": "C-1",
    }
    there |= {"cooperation/partnership-part measure": "trainers", "cooperation/partnership-part party": OTHER}
    year = {"cooperation/partnership-part year": (DAY.year, DAY.year, 1900)}
    return year | {name: (each, each, "NONE-9") for name, each in there.items()}


def _agreements(parties: list[str]) -> list[Any]:
    from openmpca.cooperation.agreements.statements import Agreement, Clause
    from openmpca.cooperation.parties.statements import Contact, Profile

    return [
        Agreement(day=DAY, code="UA", title="SECRET agreement", layer="umbrella", parties=parties),
        Clause(day=DAY, code="UA.7", agreement="UA", sort="liability", title="SECRET clause"),
        Profile(day=DAY, code=OTHER, title="SECRET party", sort="state"),
        Contact(day=DAY, code="CP-1", holder=OTHER, matter="SECRET matter"),
    ]


def _projects(parties: list[str]) -> list[Any]:
    from openmpca.cooperation.projects.statements import Project

    return [Project(day=DAY, code="P-1", title="SECRET project", parties=parties)]


def _money() -> list[Any]:
    from openmpca.cooperation.money.statements import Pledge

    given = {"giver": OTHER, "project": "P-1", "currency": "USD", "amount": "10", "receiver": "SECRET works"}
    return [Pledge(day=DAY, code="PL-1", **given)]


def _priorities(parties: list[str]) -> list[Any]:
    from openmpca.cooperation.priorities.statements import Proposal, Round

    proposed = [Proposal(day=DAY, code=f"PR-{at}", title="SECRET proposal") for at in (1, 2)]
    return [*proposed, Round(day=DAY, code="R-1", title="SECRET round", parties=parties, proposals=["PR-1", "PR-2"])]


def _threats(parties: list[str]) -> list[Any]:
    from openmpca.cooperation.index.statements import Training
    from openmpca.cooperation.threats.statements import Comparison, Threat

    terms = {"threats": ["T-1"], "scales": {"likelihood": "low < high"}}
    compared = Comparison(day=DAY, code="C-1", title="SECRET comparison", parties=parties, **terms)
    training = Training(day=DAY, code="TR-1", title="SECRET training", trainers={OTHER: "2"})
    return [training, Threat(day=DAY, code="T-1", title="SECRET threat"), compared]
