"""A plan: its tasks, its resources, who is assigned to what, its calendars.

Source: Project XML data interchange schema (mspdi_pj12.xsd), Project, Resource and Assignment elements.
"""

import datetime
from decimal import Decimal
from typing import Annotated, Final

from openmpca.formats.markup.shape import Child, Node
from openmpca.formats.mspdi.calendar import Calendar
from openmpca.formats.mspdi.task import Baseline, Task

NAMESPACE: Final = "http://schemas.microsoft.com/project"
MATERIAL, WORK, COST = 0, 1, 2
UNASSIGNED: Final = -65535
"""The resource of an assignment that nobody has yet."""


class Resource(Node, frozen=True, kw_only=True):
    """Who or what does the work, or is used up; money in hundredths, units of 1 are one person's whole time."""

    uid: Annotated[int, Child("UID")]
    guid: Annotated[str | None, Child("GUID")] = None
    id: Annotated[int | None, Child("ID")] = None
    name: Annotated[str | None, Child("Name")] = None
    type: Annotated[int | None, Child("Type")] = None
    is_null: Annotated[bool | None, Child("IsNull")] = None
    initials: Annotated[str | None, Child("Initials")] = None
    material_label: Annotated[str | None, Child("MaterialLabel")] = None
    code: Annotated[str | None, Child("Code")] = None
    group: Annotated[str | None, Child("Group")] = None
    email: Annotated[str | None, Child("EmailAddress")] = None
    max_units: Annotated[Decimal | None, Child("MaxUnits")] = None
    start: Annotated[datetime.datetime | None, Child("Start")] = None
    finish: Annotated[datetime.datetime | None, Child("Finish")] = None
    work: Annotated[datetime.timedelta | None, Child("Work")] = None
    standard_rate: Annotated[Decimal | None, Child("StandardRate")] = None
    standard_rate_format: Annotated[int | None, Child("StandardRateFormat")] = None
    cost: Annotated[Decimal | None, Child("Cost")] = None
    cost_per_use: Annotated[Decimal | None, Child("CostPerUse")] = None
    calendar: Annotated[int | None, Child("CalendarUID")] = None
    notes: Annotated[str | None, Child("Notes")] = None
    baselines: Annotated[tuple[Baseline, ...], Child("Baseline")] = ()


class Assignment(Node, frozen=True, kw_only=True):
    """That a resource is given to a task."""

    uid: Annotated[int, Child("UID")]
    guid: Annotated[str | None, Child("GUID")] = None
    task: Annotated[int, Child("TaskUID")]
    resource: Annotated[int, Child("ResourceUID")] = UNASSIGNED
    percent_work_complete: Annotated[int | None, Child("PercentWorkComplete")] = None
    actual_cost: Annotated[Decimal | None, Child("ActualCost")] = None
    actual_finish: Annotated[datetime.datetime | None, Child("ActualFinish")] = None
    actual_start: Annotated[datetime.datetime | None, Child("ActualStart")] = None
    actual_work: Annotated[datetime.timedelta | None, Child("ActualWork")] = None
    cost: Annotated[Decimal | None, Child("Cost")] = None
    finish: Annotated[datetime.datetime | None, Child("Finish")] = None
    milestone: Annotated[bool | None, Child("Milestone")] = None
    notes: Annotated[str | None, Child("Notes")] = None
    remaining_cost: Annotated[Decimal | None, Child("RemainingCost")] = None
    remaining_work: Annotated[datetime.timedelta | None, Child("RemainingWork")] = None
    start: Annotated[datetime.datetime | None, Child("Start")] = None
    units: Annotated[Decimal | None, Child("Units")] = None
    work: Annotated[datetime.timedelta | None, Child("Work")] = None
    baselines: Annotated[tuple[Baseline, ...], Child("Baseline")] = ()


class Project(Node, frozen=True, kw_only=True):
    """A plan; ``namespace`` is the one under which its file came and goes."""

    save_version: Annotated[int | None, Child("SaveVersion")] = None
    uid: Annotated[str | None, Child("UID")] = None
    guid: Annotated[str | None, Child("GUID")] = None
    name: Annotated[str | None, Child("Name")] = None
    title: Annotated[str | None, Child("Title")] = None
    subject: Annotated[str | None, Child("Subject")] = None
    category: Annotated[str | None, Child("Category")] = None
    company: Annotated[str | None, Child("Company")] = None
    manager: Annotated[str | None, Child("Manager")] = None
    author: Annotated[str | None, Child("Author")] = None
    created: Annotated[datetime.datetime | None, Child("CreationDate")] = None
    revision: Annotated[int | None, Child("Revision")] = None
    saved: Annotated[datetime.datetime | None, Child("LastSaved")] = None
    from_start: Annotated[bool | None, Child("ScheduleFromStart")] = None
    start: Annotated[datetime.datetime | None, Child("StartDate")] = None
    finish: Annotated[datetime.datetime | None, Child("FinishDate")] = None
    currency_digits: Annotated[int | None, Child("CurrencyDigits")] = None
    currency_symbol: Annotated[str | None, Child("CurrencySymbol")] = None
    currency: Annotated[str | None, Child("CurrencyCode")] = None
    calendar: Annotated[int | None, Child("CalendarUID")] = None
    default_start: Annotated[datetime.time | None, Child("DefaultStartTime")] = None
    default_finish: Annotated[datetime.time | None, Child("DefaultFinishTime")] = None
    minutes_per_day: Annotated[int | None, Child("MinutesPerDay")] = None
    minutes_per_week: Annotated[int | None, Child("MinutesPerWeek")] = None
    days_per_month: Annotated[int | None, Child("DaysPerMonth")] = None
    status_date: Annotated[datetime.datetime | None, Child("StatusDate")] = None
    current_date: Annotated[datetime.datetime | None, Child("CurrentDate")] = None
    calendars: Annotated[tuple[Calendar, ...], Child("Calendar", within="Calendars")] = ()
    tasks: Annotated[tuple[Task, ...], Child("Task", within="Tasks")] = ()
    resources: Annotated[tuple[Resource, ...], Child("Resource", within="Resources")] = ()
    assignments: Annotated[tuple[Assignment, ...], Child("Assignment", within="Assignments")] = ()
    namespace: str = NAMESPACE
