"""The statements about projects: what a project is to a party, and in which state of its life the party sees it.

Source: the research on joint programmes, 1.2 (states of a project) and 1.5 (a plant that was completed and never used).
"""

from datetime import date
from typing import Annotated, Final

from openmpca.cooperation.marks import Introduces, Names, OneOf
from openmpca.cooperation.statements import Party, Said
from openmpca.record.statements import AUTHORITY, OFFICER, kind

STATING: Final = (AUTHORITY, OFFICER)
COURSE: Final = (
    "proposed",
    "prioritised",
    "baselined",
    "authorised",
    "funded",
    "contracted",
    "executing",
    "offered",
    "accepted",
    "in use",
    "transition",
    "sole support",
    "closed",
)
"""The states that a project passes one after another when nothing goes wrong."""
SUSPENDED, CANCELLED, UNUSED = "suspended", "cancelled", "completed but not used"
STATES: Final = (*COURSE, SUSPENDED, CANCELLED, UNUSED)


@kind("cooperation.project", prepare=STATING, approve=STATING, erasable=("about",))
class Project(Said, frozen=True, kw_only=True):
    """A project as a party has it: its parties, the agreement under which it is done, whose ground it is done on.

    ``host`` is the party on whose territory it is done, ``site`` the place; ``objective`` is the reduction of threat
    that it serves, ``proposal`` the proposal from which it came. It is meant to run from ``starts`` to ``ends``.
    """

    code: Annotated[str, Introduces("project")]
    title: str
    agreement: Annotated[str, Names("agreement")] = ""
    parties: list[Party]
    host: Party = ""
    site: Annotated[str, Names("site")] = ""
    proposal: Annotated[str, Names("proposal")] = ""
    objective: str = ""
    starts: date | None = None
    ends: date | None = None
    about: str = ""


@kind("cooperation.project_state", prepare=STATING, approve=STATING, erasable=("reason",))
class ProjectState(Said, frozen=True, kw_only=True):
    """From its day on the party sees the project in this state of its life; ``reason`` says why it came there."""

    project: Annotated[str, Names("project")]
    state: Annotated[str, OneOf(*STATES)]
    reason: str = ""
