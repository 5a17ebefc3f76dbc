"""The statements about conditions: assumptions with owners on each side, permits with their authorities, risks.

Source: the research on joint programmes, 1.5: a plant was built for a fuel that had gone elsewhere, another moved for
want of local consent, because nobody had to confirm what the project rested on.
"""

from datetime import date
from typing import Annotated, Final

from openmpca.cooperation.marks import AMOUNT, CURRENCY, Introduces, Names, OneOf
from openmpca.cooperation.statements import Party, Said
from openmpca.record.statements import AUTHORITY, OFFICER, kind

STATING: Final = (AUTHORITY, OFFICER)
HOLDS, DOUBTFUL, FAILS = "holds", "in doubt", "fails"
PERMITS: Final = (
    "customs certificate",
    "tax certificate",
    "export licence",
    "import licence",
    "construction permit",
    "operating licence",
    "environmental consent",
    "local consent",
    "other permit",
)
GRANTED: Final = "granted"
STAGES: Final = ("not asked for", "asked for", GRANTED, "refused", "lapsed")


@kind("cooperation.assumption", prepare=STATING, approve=STATING)
class Assumption(Said, frozen=True, kw_only=True):
    """What a project rests on, with an owner in each party who confirms it again within ``confirm_every`` days.

    ``owners`` holds PARTY and who answers for it there. ``delay_cost`` is what a month of standing still costs.
    """

    code: Annotated[str, Introduces("assumption")]
    project: Annotated[str, Names("project")]
    title: str
    owners: dict[Party, str]
    confirm_every: int
    quantity: str = ""
    delay_cost: Annotated[str, AMOUNT] = ""
    currency: Annotated[str, CURRENCY] = ""


@kind("cooperation.confirmation", prepare=STATING, approve=STATING, event=True)
class Confirmation(Said, frozen=True, kw_only=True):
    """An owner of an assumption has looked on the day whether it holds; ``evidence`` is what they saw."""

    assumption: Annotated[str, Names("assumption")]
    finding: Annotated[str, OneOf(HOLDS, DOUBTFUL, FAILS)]
    evidence: str


@kind("cooperation.permit", prepare=STATING, approve=STATING)
class Permit(Said, frozen=True, kw_only=True):
    """A certificate, licence or consent without which a project spends nothing: from which authority, by whom obtained.

    The authority takes ``lead_days``; ``needed`` is the day by which it must be there, where that lies ahead.
    """

    code: Annotated[str, Introduces("permit")]
    project: Annotated[str, Names("project")]
    sort: Annotated[str, OneOf(*PERMITS)]
    title: str
    by: Party
    authority: str
    lead_days: int
    needed: date | None = None
    delay_cost: Annotated[str, AMOUNT] = ""
    currency: Annotated[str, CURRENCY] = ""


@kind("cooperation.permit_stage", prepare=STATING, approve=STATING, event=True)
class PermitStage(Said, frozen=True, kw_only=True):
    """A permit has come so far; where it is granted, ``until`` is its last day, ``reference`` what stands on it."""

    permit: Annotated[str, Names("permit")]
    stage: Annotated[str, OneOf(*STAGES)]
    until: date | None = None
    reference: str = ""
    reason: str = ""


@kind("cooperation.risk", prepare=STATING, approve=STATING)
class Risk(Said, frozen=True, kw_only=True):
    """What may go wrong in a project, as a party sees it: how likely and how grave, from 1 to 5, who answers for it."""

    code: Annotated[str, Introduces("risk")]
    project: Annotated[str, Names("project")]
    title: str
    likelihood: int
    impact: int
    owner: Party
    response: str = ""
    closed: bool = False
