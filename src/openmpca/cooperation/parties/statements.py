"""The statements about parties: what a party is, its roles, its contact points, and the drills that confirm these.

Nobody is donor or recipient by nature: what a party does is a role, in a project or a cost line, for a period.

Source: the research on joint programmes, 7 (symmetric parties, roles per line) and 3.3 (contact register with drills).
"""

from datetime import date
from typing import Annotated, Final

from openmpca.cooperation.marks import Introduces, Names, OneOf
from openmpca.cooperation.statements import Party, Said
from openmpca.record.statements import AUTHORITY, OFFICER, kind

SORTS: Final = ("state", "ministry", "operator", "contractor", "organisation")
ROLES: Final = ("funder", "implementer", "host", "partner", "inspector", "observer", "lead")
CONFIRMED, CHANGED, NOT_REACHED = "confirmed", "changed", "not reached"
OUTCOMES: Final = (CONFIRMED, CHANGED, NOT_REACHED)
STATING: Final = (AUTHORITY, OFFICER)
CONFIRM_EVERY: Final = 180
"""Days after which a contact point wants to be confirmed again, where nothing else was stated."""


@kind("cooperation.profile", prepare=STATING, approve=STATING, erasable=("note",))
class Profile(Said, frozen=True, kw_only=True):
    """What a party is: a State, a ministry, an operator, a contractor or an organisation, and within which other."""

    code: Annotated[str, Introduces("party")]
    title: str
    sort: Annotated[str, OneOf(*SORTS)]
    within: Party = ""
    note: str = ""


@kind("cooperation.role", prepare=STATING, approve=STATING, erasable=("note",))
class Role(Said, frozen=True, kw_only=True):
    """A party has a role in a project or a cost line from the day on, up to ``until`` where that is said."""

    within: Annotated[str, Names("project", "costline")]
    holder: Party
    role: Annotated[str, OneOf(*ROLES)]
    until: date | None = None
    note: str = ""


@kind("cooperation.contact", prepare=STATING, approve=STATING, erasable=("name", "address", "note"))
class Contact(Said, frozen=True, kw_only=True):
    """A contact point of a party for some matter: who it is and where one reaches them.

    Name and address can be erased; ``confirm_every`` is after how many days it wants to be confirmed again.
    """

    code: Annotated[str, Introduces("contact")]
    holder: Party
    matter: str
    name: str = ""
    address: str = ""
    confirm_every: int = CONFIRM_EVERY
    until: date | None = None
    note: str = ""


@kind("cooperation.drill", prepare=STATING, approve=STATING, erasable=("note",))
class Drill(Said, frozen=True, kw_only=True):
    """Contact points are asked on the day to confirm themselves, and to answer no later than ``answer_by``."""

    code: Annotated[str, Introduces("drill")]
    contacts: list[Annotated[str, Names("contact")]]
    answer_by: date
    note: str = ""


@kind("cooperation.drill_answer", prepare=STATING, approve=STATING, erasable=("note",), event=True)
class DrillAnswer(Said, frozen=True, kw_only=True):
    """What came of asking a contact point in a drill: confirmed, confirmed with changes, or not reached."""

    drill: Annotated[str, Names("drill")]
    contact: Annotated[str, Names("contact")]
    outcome: Annotated[str, OneOf(*OUTCOMES)]
    note: str = ""
