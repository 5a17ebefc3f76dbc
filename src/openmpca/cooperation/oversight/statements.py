"""The statements of following up: what is delivered and accepted, where assets are, who may look, who has to act.

Source: the research on joint programmes, 1.2 (joint acceptance), 1.5 (access log; assurance method of each asset;
examinations ranked by risk), 2.4 (minutes and actions; escalation with clocks).
"""

from datetime import date
from typing import Annotated, Final

from openmpca.cooperation.marks import AMOUNT, CURRENCY, DIGEST, Introduces, Names, OneOf
from openmpca.cooperation.statements import Party, Said
from openmpca.record.statements import AUTHORITY, OFFICER, kind

STATING: Final = (AUTHORITY, OFFICER)
OFFERED, ACCEPTED, REFUSED = "offered to accept", "accepted jointly", "not accepted"
METHODS: Final = ("visit", "tag read", "video", "photograph", "host certificate")
GRANTED, PARTLY, DENIED = "access granted", "granted in part", "access denied"


@kind("cooperation.deliverable", prepare=STATING, approve=STATING)
class Deliverable(Said, frozen=True, kw_only=True):
    """What a project is to deliver: by whom, to be accepted by all of ``accepted_by``, by which day."""

    code: Annotated[str, Introduces("deliverable")]
    project: Annotated[str, Names("project")]
    title: str
    giver: Party
    accepted_by: list[Party]
    due: date | None = None
    milestone: Annotated[str, Names("milestone")] = ""


@kind("cooperation.acceptance", prepare=STATING, approve=STATING, event=True)
class Acceptance(Said, frozen=True, kw_only=True):
    """A deliverable is offered by its giver, or accepted or not by another; ``act`` is its SHA-256."""

    deliverable: Annotated[str, Names("deliverable")]
    verdict: Annotated[str, OneOf(OFFERED, ACCEPTED, REFUSED)]
    act: Annotated[str, DIGEST] = ""
    reason: str = ""


@kind("cooperation.asset", prepare=STATING, approve=STATING)
class Asset(Said, frozen=True, kw_only=True):
    """A thing that a project paid for: its value, where it is, its condition, who keeps it, who holds the title."""

    code: Annotated[str, Introduces("asset")]
    project: Annotated[str, Names("project")]
    title: str
    value: Annotated[str, AMOUNT]
    currency: Annotated[str, CURRENCY]
    place: str
    condition: Annotated[str, OneOf("as new", "in order", "worn out", "not working", "cannot be found", "disposed of")]
    custodian: Party
    holder: Party
    serial: str = ""


@kind("cooperation.check", prepare=STATING, approve=STATING, event=True)
class Check(Said, frozen=True, kw_only=True):
    """A party made sure of an asset on the day, by a method: whether it is as stated, and by what evidence."""

    asset: Annotated[str, Names("asset")]
    method: Annotated[str, OneOf(*METHODS)]
    result: Annotated[str, OneOf("as stated", "not as stated", "not found")]
    evidence: str


@kind("cooperation.access", prepare=STATING, approve=STATING, event=True)
class Access(Said, frozen=True, kw_only=True):
    """A party asks a host on the day for access to examine assets, and for an answer by ``answer_by``."""

    code: Annotated[str, Introduces("access")]
    host: Party
    project: Annotated[str, Names("project")]
    place: str
    assets: list[Annotated[str, Names("asset")]]
    wanted: date
    answer_by: date


@kind("cooperation.access_answer", prepare=STATING, approve=STATING, event=True)
class AccessAnswer(Said, frozen=True, kw_only=True):
    """The host answers a request for access; who denies says why."""

    access: Annotated[str, Names("access")]
    answer: Annotated[str, OneOf(GRANTED, PARTLY, DENIED)]
    reason: str = ""


@kind("cooperation.finding", prepare=STATING, approve=STATING, event=True)
class Finding(Said, frozen=True, kw_only=True):
    """What an examination found: about which project or asset, how grave, and who is to mend it."""

    code: Annotated[str, Introduces("finding")]
    about: Annotated[str, Names("project", "asset", "deliverable", "site")]
    text: str
    weight: Annotated[str, OneOf("to be noted", "to be mended", "to be mended at once")]
    owner: Party
    evidence: str


@kind("cooperation.minutes", prepare=STATING, approve=STATING, event=True)
class Minutes(Said, frozen=True, kw_only=True):
    """A board met on the day: what was said, as a party has it; ``paper`` is the SHA-256 of the signed minutes."""

    code: Annotated[str, Introduces("minutes")]
    board: Annotated[str, Names("board")]
    present: list[str]
    text: str
    paper: Annotated[str, DIGEST] = ""


@kind("cooperation.action", prepare=STATING, approve=STATING)
class Action(Said, frozen=True, kw_only=True):
    """Something that a party is to do by a day, because of minutes, a finding, a decision or a project.

    ``ladder`` holds DAYS and to whom it goes up when it is that many days late.
    """

    code: Annotated[str, Introduces("action")]
    of: Annotated[str, Names("minutes", "finding", "decision", "project")]
    title: str
    owner: Party
    due: date
    ladder: dict[str, str] = {}


@kind("cooperation.action_done", prepare=STATING, approve=STATING, event=True)
class ActionDone(Said, frozen=True, kw_only=True):
    """The owner of an action has done it on the day, by this evidence."""

    action: Annotated[str, Names("action")]
    evidence: str
