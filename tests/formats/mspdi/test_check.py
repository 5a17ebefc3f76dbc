"""Whether a plan is sound in itself."""

import datetime

import pytest

from openmpca.formats.mspdi.calendar import Calendar
from openmpca.formats.mspdi.check import check
from openmpca.formats.mspdi.file import read
from openmpca.formats.mspdi.project import Assignment, Project, Resource
from openmpca.formats.mspdi.task import Baseline, Link, Task
from tests.formats.mspdi.plan import PLAN

EARLY, LATE = datetime.datetime(2024, 3, 1), datetime.datetime(2024, 3, 2)  # noqa: DTZ001 - plans have no time zone


def task(uid: int, *waits: int, cross_project: bool = False) -> Task:
    return Task(uid=uid, links=tuple(Link(predecessor=each, cross_project=cross_project) for each in waits))


def test_a_plan_of_a_program_is_sound():
    assert check(read(PLAN.encode()).value) == []


def test_what_stands_for_nobody_and_nothing_is_no_reference():
    plan = Project(
        calendar=-1, tasks=(task(1), task(2, 77, cross_project=True)), assignments=(Assignment(uid=1, task=1),)
    )
    assert check(plan) == []


@pytest.mark.parametrize(
    ("plan", "rule", "record", "said"),
    [
        (Project(tasks=(task(1), task(1))), 1020, "task 1", "2 things have this identifier."),
        (Project(resources=(Resource(uid=4),) * 3), 1020, "resource 4", "3 things have this identifier."),
        (Project(tasks=(task(1, 9),)), 1021, "task 1", "task 9 is not in the plan."),
        (Project(tasks=(Task(uid=1, calendar=5),)), 1021, "task 1", "calendar 5 is not in the plan."),
        (Project(uid="P", calendar=5), 1021, "project P", "calendar 5 is not in the plan."),
        (Project(calendars=(Calendar(uid=1, base=2),)), 1021, "calendar 1", "calendar 2 is not in the plan."),
        (Project(resources=(Resource(uid=1, calendar=2),)), 1021, "resource 1", "calendar 2 is not in the plan."),
        (Project(assignments=(Assignment(uid=3, task=9),)), 1021, "assignment 3", "task 9 is not in the plan."),
        (
            Project(tasks=(task(1),), assignments=(Assignment(uid=3, task=1, resource=8),)),
            1021, "assignment 3", "resource 8 is not in the plan.",
        ),
        (Project(tasks=(task(1, 1),)), 1022, "task 1", "Tasks wait for each other: 1 → 1."),
        (
            Project(tasks=(Task(uid=1, start=LATE, finish=EARLY),)),
            1023, "task 1", "It ends on 2024-03-01 00:00:00, before 2024-03-02 00:00:00.",
        ),
        (
            Project(tasks=(Task(uid=1, actual_start=LATE, actual_finish=EARLY),)),
            1023, "task 1", "It ended on 2024-03-01 00:00:00, before 2024-03-02 00:00:00.",
        ),
        (
            Project(tasks=(Task(uid=1, baselines=(Baseline(number=2, start=LATE, finish=EARLY),)),)),
            1023, "task 1", "Baseline 2 ends on 2024-03-01 00:00:00, before 2024-03-02 00:00:00.",
        ),
        (Project(tasks=(Task(uid=1, percent_complete=101),)), 1024, "task 1", "101 % is done."),
        (Project(tasks=(Task(uid=1, physical_percent_complete=-1),)), 1024, "task 1", "-1 % is done."),
    ],
)  # fmt: skip
def test_what_is_not_sound_is_told(plan, rule, record, said):
    assert [(each.rule, each.record, each.message) for each in check(plan)] == [(rule, record, said)]


def test_a_circle_of_tasks_is_named():
    [problem] = check(Project(tasks=(task(1, 3), task(2, 1), task(3, 2), task(4, 3))))
    assert problem.rule == 1022
    assert problem.message in {
        "Tasks wait for each other: 1 → 2 → 3 → 1.",
        "Tasks wait for each other: 2 → 3 → 1 → 2.",
        "Tasks wait for each other: 3 → 1 → 2 → 3.",
    }


def test_a_long_chain_of_tasks_is_no_circle():
    assert check(Project(tasks=tuple(task(uid, *([uid - 1] if uid else [])) for uid in range(5000)))) == []


def test_every_problem_is_told_at_once():
    plan = Project(tasks=(task(1, 9), Task(uid=1, percent_complete=200, start=LATE, finish=EARLY)))
    assert {each.rule for each in check(plan)} == {1020, 1021, 1023, 1024}
