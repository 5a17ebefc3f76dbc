"""The statements of priorities: proposals, rounds of scoring, and what was negotiated after them.

Any party proposes, every party scores for itself and sealed; what is agreed on each party states for itself, with its
dissent, so that nobody states another's assent.

Source: the research on joint programmes, sections 0 (both sides share in establishing priorities) and 3.
"""

from datetime import date
from typing import Annotated, Final

from openmpca.cooperation.marks import AMOUNT, CURRENCY, Introduces, Names
from openmpca.cooperation.statements import Party, Said
from openmpca.record.statements import AUTHORITY, OFFICER, kind

STATING: Final = (AUTHORITY, OFFICER)


@kind("cooperation.proposal", prepare=STATING, approve=STATING)
class Proposal(Said, frozen=True, kw_only=True):
    """Something that a party proposes to do together: which need it meets, what it brings, what it costs."""

    code: Annotated[str, Introduces("proposal")]
    title: str
    need: str = ""
    benefit: str = ""
    cost: Annotated[str, AMOUNT] = ""
    currency: Annotated[str, CURRENCY] = ""
    threats: list[Annotated[str, Names("threat")]] = []


@kind("cooperation.round", prepare=STATING, approve=STATING)
class Round(Said, frozen=True, kw_only=True):
    """A round of scoring: which parties score which proposals, each for itself and sealed until all have.

    A score is a whole number from ``least`` to ``most``, the highest for what comes first; ``after`` is the round that
    this one repeats; all ``parties`` are meant to have sealed by ``due``.
    """

    code: Annotated[str, Introduces("round")]
    title: str
    parties: list[Party]
    proposals: list[Annotated[str, Names("proposal")]]
    least: int = 1
    most: int = 5
    after: Annotated[str, Names("round")] = ""
    due: date | None = None


@kind("cooperation.outcome", prepare=STATING, approve=(AUTHORITY,))
class Outcome(Said, frozen=True, kw_only=True):
    """What a party holds to be agreed on after a round: the proposals adopted, the first first, and those that are not.

    ``dissent`` gives for a proposal why the party would have decided otherwise: it stays on record. What is agreed on
    is what every party of the round states alike.
    """

    round: Annotated[str, Names("round")]
    adopted: list[Annotated[str, Names("proposal")]]
    declined: list[Annotated[str, Names("proposal")]] = []
    dissent: dict[Annotated[str, Names("proposal")], str] = {}
