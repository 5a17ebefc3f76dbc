"""The statements about sustaining and handing over: indicators, levels, plan and gate of a transition, what follows.

Sustainability is a profile and never one score: each indicator of each element has a level with a written anchor, the
evidence for it and the day of that evidence. A transition ends at a date, often set by law; whether what was to be
ready was ready, is told beside it.

Source: the research on sustainability (seven elements, indicators, maturity), and on joint programmes, 1.6 and 2.3.
"""

from datetime import date
from typing import Annotated

from openmpca.cooperation.marks import SHARE, Introduces, Names, OneOf
from openmpca.cooperation.statements import Party, Said
from openmpca.record.statements import AUTHORITY, OFFICER, kind

ELEMENTS = (
    "organisation",
    "procedures",
    "human resources and training",
    "operational cost analysis",
    "equipment maintenance, repair and calibration",
    "performance testing and operational monitoring",
    "configuration management",
)
LEVELS = range(5)
STATING = (AUTHORITY, OFFICER)


@kind("cooperation.indicator", prepare=STATING, approve=(AUTHORITY,))
class Indicator(Said, frozen=True, kw_only=True):
    """What is looked at to tell how well a system is sustained, with an anchor for each level from 0 to 4.

    ``unverified`` marks one whose source nobody could read.
    """

    code: Annotated[str, Introduces("indicator")]
    element: Annotated[str, OneOf(*ELEMENTS)]
    title: str
    anchors: list[str]
    source: str
    unverified: bool = False


@kind("cooperation.level", prepare=STATING, approve=(AUTHORITY,))
class Level(Said, frozen=True, kw_only=True):
    """At which level an indicator stands at a site, as a party sees it, and by what evidence.

    ``evidenced`` is the day of the evidence, ``expires`` the last day on which it is good.
    """

    indicator: Annotated[str, Names("indicator")]
    site: Annotated[str, Names("site")]
    level: int
    evidence: str
    sort: Annotated[str, OneOf("document", "test", "observation")]
    evidenced: date
    expires: date | None = None
    confidence: Annotated[str, OneOf("low", "medium", "high")] = "medium"


@kind("cooperation.transition", prepare=STATING, approve=(AUTHORITY,), erasable=("note",))
class Transition(Said, frozen=True, kw_only=True):
    """The plan by which the owner of a site takes its system over.

    ``due`` is the date by which it is to be so, ``law`` what sets it; blank where the parties agreed on it alone.
    """

    code: Annotated[str, Introduces("transition")]
    title: str
    site: Annotated[str, Names("site")]
    owner: Party
    due: date
    law: str = ""
    agreement: Annotated[str, Names("agreement")] = ""
    note: str = ""


@kind("cooperation.funding", prepare=STATING, approve=(AUTHORITY,))
class Funding(Said, frozen=True, kw_only=True):
    """Which share of the cost of a transition each party bears in a year; the shares come to 100 percent."""

    transition: Annotated[str, Names("transition")]
    year: int
    shares: dict[Party, Annotated[str, SHARE]]


@kind("cooperation.responsibility", prepare=STATING, approve=(AUTHORITY,))
class Responsibility(Said, frozen=True, kw_only=True):
    """What a party has to do for a transition, of which element, by when; ``done`` is the day on which it was."""

    code: Annotated[str, Introduces("responsibility")]
    transition: Annotated[str, Names("transition")]
    element: Annotated[str, OneOf(*ELEMENTS)]
    title: str
    responsible: Party
    due: date
    done: date | None = None


@kind("cooperation.gate", prepare=STATING, approve=(AUTHORITY,))
class Gate(Said, frozen=True, kw_only=True):
    """What is to be so before a transition ends: the least level of each indicator, and a decision signed by all.

    ``criteria`` gives the least level by indicator. ``decision`` is the decision by which the parties find it so.
    """

    code: Annotated[str, Introduces("gate")]
    transition: Annotated[str, Names("transition")]
    criteria: dict[Annotated[str, Names("indicator")], str]
    decision: Annotated[str, Names("decision")] = ""


@kind("cooperation.transfer", prepare=STATING, approve=(AUTHORITY,), event=True)
class Transfer(Said, frozen=True, kw_only=True):
    """The owner bears its system alone from ``day`` on; ``open_conditions`` names what was not ready then."""

    transition: Annotated[str, Names("transition")]
    open_conditions: list[str] = []


@kind("cooperation.assurance", prepare=STATING, approve=(AUTHORITY,), erasable=("note",), event=True)
class Assurance(Said, frozen=True, kw_only=True):
    """A visit, or another way to be assured, at a site of a transition, before its end or after: what it found."""

    code: Annotated[str, Introduces("assurance")]
    transition: Annotated[str, Names("transition")]
    way: Annotated[str, OneOf("visit", "photographs", "tag reading", "certificate of the owner", "report")]
    result: Annotated[str, OneOf("sustained", "sustained in part", "not sustained", "not shown")]
    findings: list[str] = []
    note: str = ""
