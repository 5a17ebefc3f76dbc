"""Plans, read and written back without loss."""

import datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from openmpca.formats.markup.reader import Reading
from openmpca.formats.mspdi.file import read, write
from openmpca.formats.mspdi.project import NAMESPACE, Project
from openmpca.formats.mspdi.task import START_TO_START, Link, Task, tenths
from tests.formats.markup.elements import nodes
from tests.formats.mspdi.plan import PLAN

NEW = """
<Task><UID>3</UID><Name>Trained</Name><PredecessorLink><PredecessorUID>2</PredecessorUID><Type>3</Type>
<LinkLag>-4800</LinkLag><LagFormat>7</LagFormat></PredecessorLink></Task></Tasks>
"""


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


@pytest.fixture(scope="module")
def plan() -> Project:
    reading = read(PLAN.encode())
    assert reading.problems == []
    return reading.value


def canonical(xml: bytes) -> list[str]:
    """Every element with its path and text, in the order of the file."""
    root = etree.fromstring(xml, etree.XMLParser(remove_blank_text=True))
    tree = root.getroottree()
    return [f"{tree.getpath(each)} {each.text or ''}" for each in root.iter()]


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(nodes(Project))
def test_what_is_written_is_read_back(project):
    data = write(project)
    assert read(data) == Reading(project, [], NAMESPACE)
    assert write(read(data).value) == data


def test_a_plan_comes_out_element_for_element_as_it_went_in(plan: Project):
    assert canonical(write(plan)) == canonical(PLAN.encode())


def test_a_task_says_what_it_is(plan: Project):
    _, store, accepted = plan.tasks
    assert (store.name, store.wbs, store.outline_level) == ("Store A: Пломбы & журнал", "1", 1)
    assert (store.start, store.finish) == (moment("2024-03-01T08:00"), moment("2024-03-05T17:00"))
    assert (store.duration, store.percent_complete) == (datetime.timedelta(hours=24), 50)
    assert store.notes == "First line\nsecond line"
    assert (store.cost, store.baselines[0].cost) == (Decimal(125000), Decimal(120000))
    assert store.baselines[0].start == moment("2024-02-26T08:00")
    assert accepted.milestone
    assert [(link.predecessor, link.type, link.lag) for link in accepted.links] == [
        (1, 1, datetime.timedelta(hours=16))
    ]


def test_resources_assignments_and_calendars_say_what_they_are(plan: Project):
    assert [(each.name, each.max_units) for each in plan.resources] == [("Fitters", Decimal("2.00"))]
    assert [(each.task, each.resource, each.units) for each in plan.assignments] == [(1, 1, Decimal("1.5"))]
    [calendar] = plan.calendars
    assert [(day.type, day.working, len(day.times)) for day in calendar.week] == [(1, False, 0), (2, True, 2)]
    assert calendar.week[1].times[1].ends == datetime.time(17)
    assert [(each.name, each.first) for each in calendar.exceptions] == [("Holiday", moment("2024-03-08T00:00"))]


def test_a_plan_that_is_changed_keeps_what_we_do_not_know(plan: Project):
    later = msgspec.structs.replace(plan.tasks[1], finish=moment("2024-03-06T17:00"), percent_complete=60, cost=None)
    new = Task(uid=3, name="Trained", links=(Link(predecessor=2, type=START_TO_START, lag_tenths=-4800),))
    tasks = (plan.tasks[0], later, plan.tasks[2], new)
    text = write(msgspec.structs.replace(plan, tasks=tasks)).decode()
    before = PLAN.replace("2024-03-05T17:00:00", "2024-03-06T17:00:00").replace(">50<", ">60<")
    before = before.replace("<Cost>125000</Cost>", "").replace("</Tasks>", NEW)
    assert canonical(text.encode()) == canonical(before.encode())
    assert read(text.encode()).value.tasks == tasks
    assert new.links[0].lag == datetime.timedelta(hours=-8)


@pytest.mark.parametrize("namespace", ["http://schemas.microsoft.com/project/2007", ""])
def test_a_plan_goes_out_under_the_namespace_under_which_it_came(namespace):
    text = PLAN.replace(f'"{NAMESPACE}"', f'"{namespace}"') if namespace else PLAN.replace(f' xmlns="{NAMESPACE}"', "")
    reading = read(text.encode())
    assert (reading.problems, reading.value.namespace) == ([], namespace)
    assert read(write(reading.value)) == reading


def test_a_task_without_identifier_is_kept_and_told():
    reading = read(PLAN.replace("<UID>2</UID>\n      <ID>2</ID>", "<ID>2</ID>").encode())
    assert [(each.rule, each.field, each.message) for each in reading.problems] == [(1006, "Task", "Task has no UID.")]
    assert len(reading.value.tasks) == 2
    assert canonical(write(reading.value)) == canonical(
        PLAN.replace("<UID>2</UID>\n      <ID>2</ID>", "<ID>2</ID>").encode()
    )


def test_a_file_that_is_no_plan_is_refused():
    assert [each.rule for each in read(b"<Project xmlns='urn:other'/>").problems] == [1004]
    assert read(b"<!DOCTYPE Project><Project/>").value is None


def test_a_lag_is_told_in_tenths_of_a_minute():
    assert tenths(datetime.timedelta(days=-1)) == -14400
    assert Link(predecessor=1, lag_tenths=tenths(datetime.timedelta(hours=4))).lag == datetime.timedelta(hours=4)
