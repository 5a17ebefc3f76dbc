"""What the matrix of routes asks the room of cooperation: of each sort one thing that there is, one that there is not.

A subject adds its own: what it states, and the example of each parameter that its pages take.
"""

from datetime import date
from typing import Any, Final

DAY: Final = date(2024, 5, 1)
OTHER: Final = "HOS"


def examples(story: Any) -> dict[str, tuple[Any, Any, Any]]:
    """State one thing of each sort; gives by route and parameter what is there, the same again, what is not."""
    from openmpca.cooperation.boards.content import digest
    from openmpca.cooperation.claims import Claims
    from openmpca.cooperation.planning.plans import revisions
    from openmpca.record.statements import Party

    parties = [story.act.party, OTHER]
    story.state(Party(day=DAY, code=OTHER, name="Other party"))
    for each in _agreements(parties):
        story.state(each)
    story.state(*_projects(parties))
    story.state(*_money())
    story.state(*_priorities(parties))
    story.state(*_threats(parties))
    for each in _managing(parties):
        story.state(each)
    for each in _eliminating():
        story.state(each)
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
        "cooperation/activities party": story.act.party,
        "cooperation/board code": "JB",
        "cooperation/decision code": "D-1",
        "cooperation/decision-text code": "D-1",
        "cooperation/decision-text sha256": digest(_decision(parties)),
        "cooperation/earned project": "P-1",
        "cooperation/exchange code": "X-1",
        "cooperation/item code": "I-1",
        "cooperation/lesson code": "L-1",
        "cooperation/line code": "TUBES",
        "cooperation/newcomer code": "NC",
        "cooperation/plan project": "P-1",
        "cooperation/plan-content project": "P-1",
        "cooperation/plan-content sha256": revisions(Claims(DAY), "P-1")[0].digest,
        "cooperation/profile site": "S-1",
        "cooperation/transition code": "TR-S",
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


def _decision(parties: list[str]) -> Any:
    from openmpca.cooperation.boards.statements import Decision

    return Decision(day=DAY, code="D-1", board="JB", title="SECRET decision", text="SECRET text", parties=parties)


def _managing(parties: list[str]) -> list[Any]:
    from openmpca.cooperation.boards.statements import Board
    from openmpca.cooperation.lessons.statements import Lesson
    from openmpca.cooperation.planning.statements import Plan

    told = {"happened": "SECRET", "why": "SECRET", "advice": "SECRET", "evidence": "SECRET"}
    return [
        Board(day=DAY, code="JB", title="SECRET board", parties=parties),
        _decision(parties),
        Lesson(day=DAY, code="L-1", title="SECRET lesson", sort="do it again", **told),
        Plan(day=DAY, code="PL-P1", project="P-1", revision=1, title="SECRET plan"),
    ]


def _eliminating() -> list[Any]:
    from openmpca.cooperation.elimination.statements import Exchange, Item, ItemType, Line, Site
    from openmpca.cooperation.handover.statements import Transition
    from openmpca.cooperation.newcomers.statements import Newcomer

    defined = {"definition": "SECRET", "owner": OTHER, "source": "SECRET"}
    return [
        Site(day=DAY, code="S-1", title="SECRET site", host=OTHER),
        ItemType(day=DAY, code="TUBE", title="SECRET type", sort="silo", steps=["cut"]),
        Item(day=DAY, code="I-1", type="TUBE", note="SECRET"),
        Line(day=DAY, code="TUBES", title="SECRET line", **defined),
        Exchange(day=DAY, code="X-1", title="SECRET exchange", declarer=OTHER, counted=["SECRET"]),
        Transition(day=DAY, code="TR-S", title="SECRET transition", site="S-1", owner=OTHER, due=date(2027, 1, 1)),
        Newcomer(day=DAY, code="NC", title="SECRET newcomer", answers=OTHER),
    ]
