"""The statements about countries that are new to it: profile, milestones, needs, requests, offers, matches.

The newcomer says what it needs and what may be shown; a match stands when the newcomer confirms it, and nobody sees it
before that but those two. Two partners may lead a project together in a third country.

Source: the research on joint programmes, 3.2 (requests and offers, with the requester's consent) and 3.3 (nineteen
issues in three phases, plans of needs).
"""

from datetime import date
from typing import Annotated

from openmpca.cooperation.marks import Introduces, Names, OneOf
from openmpca.cooperation.statements import Party, Said
from openmpca.record.statements import AUTHORITY, OFFICER, kind

ISSUES = (
    "national position",
    "nuclear safety",
    "management",
    "funding and financing",
    "legal framework",
    "safeguards",
    "regulatory framework",
    "radiation protection",
    "electrical grid",
    "human resource development",
    "stakeholder involvement",
    "site and supporting facilities",
    "environmental protection",
    "emergency planning",
    "nuclear security",
    "nuclear fuel cycle",
    "radioactive waste management",
    "industrial involvement",
    "procurement",
)
"""The nineteen issues of the milestones approach; the order of some is from general knowledge, unverified."""
PHASES = (1, 2, 3)
STATUSES = ("not started", "in progress", "met", "not applicable")
FACILITIES = (
    "none yet",
    "location outside facilities",
    "research reactor",
    "power reactor",
    "fuel fabrication",
    "storage",
)
STATING = (AUTHORITY, OFFICER)


@kind("cooperation.newcomer", prepare=STATING, approve=(AUTHORITY,), erasable=("about",))
class Newcomer(Said, frozen=True, kw_only=True):
    """A country that begins, or a party that answers for it: in which phase it is, what it has or plans.

    ``answers`` is the party that speaks for it here. ``facilities`` are what it has or plans.
    """

    code: Annotated[str, Introduces("newcomer")]
    title: str
    answers: Party
    phase: int = 1
    facilities: Annotated[list[str], OneOf(*FACILITIES)] = []
    about: str = ""


@kind("cooperation.condition", prepare=STATING, approve=(AUTHORITY,))
class Condition(Said, frozen=True, kw_only=True):
    """How far an issue is in a phase, as a party sees it, by what evidence; what help is asked for."""

    newcomer: Annotated[str, Names("newcomer")]
    issue: Annotated[str, OneOf(*ISSUES)]
    phase: int
    status: Annotated[str, OneOf(*STATUSES)]
    condition: str = ""
    evidence: str = ""
    asked: str = ""


@kind("cooperation.area", prepare=STATING, approve=(AUTHORITY,))
class Area(Said, frozen=True, kw_only=True):
    """An area of a plan of needs; plans differ, so areas are data. ``unverified``: its source was not read."""

    code: Annotated[str, Introduces("area")]
    title: str
    source: str = ""
    unverified: bool = False


@kind("cooperation.need", prepare=STATING, approve=(AUTHORITY,), erasable=("about",))
class Need(Said, frozen=True, kw_only=True):
    """What a newcomer needs in an area, how urgent it is, and until when; whom it asks it tells by ``release``."""

    code: Annotated[str, Introduces("need")]
    newcomer: Annotated[str, Names("newcomer")]
    area: Annotated[str, Names("area")]
    title: str
    urgency: Annotated[str, OneOf("low", "medium", "high")] = "medium"
    first: date | None = None
    last: date | None = None
    about: str = ""


@kind("cooperation.offer", prepare=STATING, approve=(AUTHORITY,), erasable=("about",))
class Offer(Said, frozen=True, kw_only=True):
    """What a party offers in an area: expertise, training, equipment, money."""

    code: Annotated[str, Introduces("offer")]
    area: Annotated[str, Names("area")]
    title: str
    sort: Annotated[str, OneOf("expertise", "training", "equipment", "money", "legislation")]
    first: date | None = None
    last: date | None = None
    about: str = ""


@kind("cooperation.match", prepare=STATING, approve=(AUTHORITY,))
class Match(Said, frozen=True, kw_only=True):
    """An offer meets a need, as who proposes it sees it; it stands when the newcomer consents to it."""

    code: Annotated[str, Introduces("match")]
    need: Annotated[str, Names("need")]
    offer: Annotated[str, Names("offer")]


@kind("cooperation.consent", prepare=STATING, approve=(AUTHORITY,), erasable=("reason",))
class Consent(Said, frozen=True, kw_only=True):
    """The newcomer's answer to a match: it accepts it or not, and ``published`` says whether others may be told."""

    match: Annotated[str, Names("match")]
    answer: Annotated[str, OneOf("accepted", "declined")]
    published: bool = False
    reason: str = ""


@kind("cooperation.support", prepare=STATING, approve=(AUTHORITY,))
class Support(Said, frozen=True, kw_only=True):
    """A party supports a need in a period: agreed support, with the project that gives it where there is one."""

    code: Annotated[str, Introduces("support")]
    need: Annotated[str, Names("need")]
    title: str
    project: Annotated[str, Names("project")] = ""
    first: date
    last: date
