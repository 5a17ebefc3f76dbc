"""Whether a plan is sound in itself: identifiers, references, circles, moments, shares (rules 1020 to 1024).

A plan that a program wrote is sound; one that people or scripts made may not be. Every problem is told at once, by the
kind and the identifier of the thing.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Final

from openmpca.formats.mspdi import rules
from openmpca.formats.mspdi.project import UNASSIGNED, Assignment, Project
from openmpca.formats.mspdi.task import Baseline, Task
from openmpca.problems import Problem

_NONE: Final = -1
"""The calendar of what has none of its own."""
_WHOLE: Final = 100


def check(project: Project) -> list[Problem]:
    """Every problem of a plan."""
    parts = (_same(project), _references(project), _circle(project), _moments(project), _shares(project))
    return [problem for part in parts for problem in part]


def _same(project: Project) -> Iterator[Problem]:
    for kind, things in (
        ("task", project.tasks),
        ("resource", project.resources),
        ("assignment", project.assignments),
        ("calendar", project.calendars),
    ):
        for uid, count in Counter(each.uid for each in things).items():
            if count > 1:
                yield rules.SAME_UID.problem(f"{count} things have this identifier.", record=_named(kind, uid))


def _references(project: Project) -> Iterator[Problem]:
    tasks = {each.uid for each in project.tasks}
    resources = {each.uid for each in project.resources} | {UNASSIGNED}
    calendars = {each.uid for each in project.calendars} | {_NONE, None}
    yield from _missing("project", project.uid or "", "CalendarUID", "calendar", [project.calendar], calendars)
    for each in project.calendars:
        yield from _missing("calendar", each.uid, "BaseCalendarUID", "calendar", [each.base], calendars)
    for resource in project.resources:
        yield from _missing("resource", resource.uid, "CalendarUID", "calendar", [resource.calendar], calendars)
    for task in project.tasks:
        own = [link.predecessor for link in task.links if not link.cross_project]
        yield from _missing("task", task.uid, "PredecessorUID", "task", own, tasks)
        yield from _missing("task", task.uid, "CalendarUID", "calendar", [task.calendar], calendars)
    for given in project.assignments:
        yield from _missing("assignment", given.uid, "TaskUID", "task", [given.task], tasks)
        yield from _missing("assignment", given.uid, "ResourceUID", "resource", [given.resource], resources)


def _missing(
    kind: str, uid: int | str, field: str, of: str, asked: Iterable[int | None], known: set[int] | set[int | None]
) -> Iterator[Problem]:
    for each in asked:
        if each not in known:
            yield rules.NO_SUCH.problem(
                f"{_named(of, each)} is not in the plan.", record=_named(kind, uid), field=field
            )


def _named(kind: str, uid: object) -> str:
    return {
        "project": f"project {uid}",
        "calendar": f"calendar {uid}",
        "task": f"task {uid}",
        "resource": f"resource {uid}",
        "assignment": f"assignment {uid}",
    }[kind]


def _circle(project: Project) -> Iterator[Problem]:
    waits = {task.uid: [link.predecessor for link in task.links if not link.cross_project] for task in project.tasks}
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as error:
        circle = " → ".join(str(uid) for uid in error.args[1])
        yield rules.CIRCLE.problem(f"Tasks wait for each other: {circle}.", record=_named("task", error.args[1][0]))


def _moments(project: Project) -> Iterator[Problem]:
    for kind, things in (("task", project.tasks), ("assignment", project.assignments)):
        for each in things:
            yield from _ends(kind, each)
            for baseline in each.baselines:
                if _before(baseline):
                    message = f"Baseline {baseline.number} ends on {baseline.finish}, before {baseline.start}."
                    yield rules.ENDS_BEFORE.problem(message, record=_named(kind, each.uid), field="Baseline")


def _ends(kind: str, each: Task | Assignment) -> Iterator[Problem]:
    if _before(each):
        message = f"It ends on {each.finish}, before {each.start}."
        yield rules.ENDS_BEFORE.problem(message, record=_named(kind, each.uid), field="Finish")
    begun, done = each.actual_start, each.actual_finish
    if begun and done and done < begun:
        message = f"It ended on {done}, before {begun}."
        yield rules.ENDS_BEFORE.problem(message, record=_named(kind, each.uid), field="ActualFinish")


def _before(each: Task | Assignment | Baseline) -> bool:
    return bool(each.start and each.finish and each.finish < each.start)


def _shares(project: Project) -> Iterator[Problem]:
    for task in project.tasks:
        for field, share in (
            ("PercentComplete", task.percent_complete),
            ("PercentWorkComplete", task.percent_work_complete),
            ("PhysicalPercentComplete", task.physical_percent_complete),
        ):
            if share is not None and not 0 <= share <= _WHOLE:
                yield rules.NOT_A_SHARE.problem(f"{share} % is done.", record=_named("task", task.uid), field=field)
