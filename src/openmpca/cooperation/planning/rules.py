"""What is checked of statements about plans: rules 862 to 866."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.planning.statements import Plan, Task
from openmpca.cooperation.projects.rules import PERIOD
from openmpca.cooperation.projects.statements import Project
from openmpca.cooperation.rules import Check, rows, sound
from openmpca.problems import Problem, rule
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known

REVISION = rule(
    862,
    "Revisions of a plan are numbered from 1",
    source="research on joint programmes, 1.6: a living document",
    mend="Give the revision that follows the last, as a plan with a code of its own.",
)
EARLY = rule(
    863,
    "Nothing of a plan lies before its project begins",
    source="design idea 7: milestones before start",
    mend="Put the day right, or the day on which the project begins.",
)
CYCLE = rule(
    864,
    "A task waits for tasks of its plan, and not for itself",
    source="design idea 5: cyclic dependencies are named problems",
    mend="Take one of the tasks out of the circle; name tasks by their places in the work breakdown.",
)
BUDGET = rule(
    865,
    "Budget and cost have a currency and are not negative",
    source="design idea 4: exact decimals",
    mend="Give the amount above zero, and its currency.",
)


def check_plan(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Revisions without a number of their own."""
    taken = {
        (each.said.project, each.said.revision, each.party): each.code
        for each in _claims(known, act).of(Plan)
        if each.ours
    }
    found = []
    for where, said in sound(segment):
        before = taken.get((said.project, said.revision, act.party), said.code)
        if said.revision < 1 or before != said.code:
            told = f"{before} is revision {said.revision}." if before != said.code else f"{said.revision} is none."
            found.append(REVISION.problem(told, record=where, field="revision"))
    return found


def check_task(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Tasks that end before they begin, lie before their project, wait for themselves, or have no currency."""
    claims, found = _claims(known, act), list[Problem]()
    begins = _begins(claims)
    replaced = {fields.get("replaces") for _where, fields in rows(segment)}
    after: dict[str, dict[str, Sequence[str]]] = {}
    for each in claims.of(Task):
        if each.ours and each.party == act.party and each.number not in replaced:
            after.setdefault(each.said.plan, {})[each.said.wbs] = each.said.after
    for _where, said in sound(segment):
        after.setdefault(said.plan, {})[said.wbs] = said.after
    for where, said in sound(segment):
        if said.ends < said.starts:
            told = f"It ends on {said.ends}, before {said.starts}."
            found.append(PERIOD.problem(told, record=where, field="ends"))
        found += _early(begins, said.plan, said.starts, where, "starts")
        found += _waiting(after[said.plan], said.wbs, where)
        found += _money(said.budget, said.currency, where, "budget")
    return found


def check_milestone(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Milestones before their project begins."""
    begins = _begins(_claims(known, act))
    return [problem for where, said in sound(segment) for problem in _early(begins, said.plan, said.due, where, "due")]


def check_progress(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """Costs without currency."""
    return [problem for where, said in sound(segment) for problem in _money(said.cost, said.currency, where, "cost")]


def _begins(claims: Claims) -> dict[str, date]:
    """The first day of the project of each plan, as the first party says that tells one."""
    starts: dict[str, date] = {}
    for project in claims.of(Project):
        if project.said.starts:
            starts.setdefault(project.code, project.said.starts)
    return {each.code: starts[each.said.project] for each in claims.of(Plan) if each.said.project in starts}


def _early(begins: Mapping[str, date], plan: str, day: date, where: str, field: str) -> Iterator[Problem]:
    if plan in begins and day < begins[plan]:
        told = f"{day} lies before {begins[plan]}, when the project begins."
        yield EARLY.problem(told, record=where, field=field)


def _waiting(after: Mapping[str, Sequence[str]], wbs: str, where: str) -> Iterator[Problem]:
    for each in after[wbs]:
        if each not in after:
            yield CYCLE.problem(f"The plan has no task {each}.", record=where, field="after")
    if circle := circle_of(after, wbs):
        told = f"It waits for itself: {', '.join(circle)}."
        yield CYCLE.problem(told, record=where, field="after")


def circle_of(after: Mapping[str, Sequence[str]], wbs: str) -> list[str]:
    """The tasks by which a task waits for itself, in order; none where it does not.

    >>> circle_of({"1": ["2"], "2": ["3"], "3": ["1"], "4": ["1"]}, "1")
    ['1', '2', '3', '1']
    >>> circle_of({"1": ["2"], "2": []}, "1")
    []
    """
    came: dict[str, str] = {}
    waiting = [(each, wbs) for each in after.get(wbs, ())]
    while waiting:
        at, before = waiting.pop()
        if at in came:
            continue
        came[at] = before
        if at == wbs:
            path = [wbs]
            while len(path) == 1 or path[-1] != wbs:
                path.append(came[path[-1]])
            return path[::-1]
        waiting += [(each, at) for each in after.get(at, ())]
    return []


def _money(amount: str, currency: str, where: str, field: str) -> Iterator[Problem]:
    negative = amount.startswith("-")
    if negative or bool(amount) != bool(currency):
        told = "It is negative." if negative else "One of the two is missing."
        yield BUDGET.problem(told, record=where, field=field)


def _claims(known: Known, act: Act) -> Claims:
    return Claims(date.max, known.number - 1, [act.party], known.using)


CHECKS: Final[dict[str, Check]] = {
    "cooperation.plan": check_plan,
    "cooperation.task": check_task,
    "cooperation.milestone": check_milestone,
    "cooperation.progress": check_progress,
}
