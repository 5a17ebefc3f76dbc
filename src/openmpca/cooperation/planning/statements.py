"""The statements about plans: a revision with its tasks, milestones and logframe; how far each task has come.

Source: the research on joint programmes, 1.6 (living plans, revised with the approval of the co-chairs) and 1.5 (an
earned-value system that was not reliable).
"""

from datetime import date
from typing import Annotated, Final

from openmpca.cooperation.marks import AMOUNT, CURRENCY, SHARE, Introduces, Names, OneOf
from openmpca.cooperation.statements import Party, Said
from openmpca.record.statements import AUTHORITY, OFFICER, kind

STATING: Final = (AUTHORITY, OFFICER)
LEVELS: Final = ("impact", "outcome", "output", "activity")


@kind("cooperation.plan", prepare=STATING, approve=STATING)
class Plan(Said, frozen=True, kw_only=True):
    """A revision of the plan of a project: the first is number 1. It is valid when a decision approves its content."""

    code: Annotated[str, Introduces("plan")]
    project: Annotated[str, Names("project")]
    revision: int
    title: str


@kind("cooperation.task", prepare=STATING, approve=STATING)
class Task(Said, frozen=True, kw_only=True):
    """A piece of work in a revision of a plan: its place in the work breakdown, who does it, when, for how much.

    ``wbs`` is that place, such as 1.2.3; ``after`` names the tasks, by their places, that are to be done before.
    """

    plan: Annotated[str, Names("plan")]
    wbs: str
    title: str
    owner: Party
    starts: date
    ends: date
    budget: Annotated[str, AMOUNT] = ""
    currency: Annotated[str, CURRENCY] = ""
    after: list[str] = []


@kind("cooperation.milestone", prepare=STATING, approve=STATING)
class Milestone(Said, frozen=True, kw_only=True):
    """A point that a revision of a plan is to reach by a day, and who answers for it."""

    code: Annotated[str, Introduces("milestone")]
    plan: Annotated[str, Names("plan")]
    title: str
    owner: Party
    due: date


@kind("cooperation.log_line", prepare=STATING, approve=STATING)
class LogLine(Said, frozen=True, kw_only=True):
    """A line of the logframe of a plan: what is to be reached at a level, by which indicator, checked from what."""

    plan: Annotated[str, Names("plan")]
    level: Annotated[str, OneOf(*LEVELS)]
    aim: str
    indicator: str
    baseline: str
    target: str
    source: str
    assumption: Annotated[str, Names("assumption")] = ""


@kind("cooperation.progress", prepare=STATING, approve=STATING, event=True)
class Progress(Said, frozen=True, kw_only=True):
    """How far a task has come by the day, as a party sees it: percent done, what it has cost so far, by what evidence.

    ``expected`` is the day on which it is now expected to end.
    """

    project: Annotated[str, Names("project")]
    wbs: str
    done: Annotated[str, SHARE]
    cost: Annotated[str, AMOUNT] = ""
    currency: Annotated[str, CURRENCY] = ""
    evidence: str = ""
    expected: date | None = None


@kind("cooperation.reached", prepare=STATING, approve=STATING, event=True)
class Reached(Said, frozen=True, kw_only=True):
    """A party sees a milestone reached on the day, by this evidence."""

    milestone: Annotated[str, Names("milestone")]
    evidence: str


@kind("cooperation.period_close", prepare=STATING, approve=STATING, event=True)
class PeriodClose(Said, frozen=True, kw_only=True):
    """A party closes its accounts of a project up to ``until``: what it tells of that time afterwards is flagged."""

    project: Annotated[str, Names("project")]
    until: date
