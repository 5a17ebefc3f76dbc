"""Tasks of a plan, what they wait for, and what was planned first.

Money stands in hundredths of the currency's unit, as the format has it. Moments have no time zone: they are those of
the place. The order of the fields is that of the schema; what is not here is kept as it came.

Source: Project XML data interchange schema (mspdi_pj12.xsd), Task elements.
"""

import datetime
from decimal import Decimal
from typing import Annotated, Final

from openmpca.formats.markup.shape import Child, Node

FINISH_TO_FINISH: Final = 0
FINISH_TO_START: Final = 1
START_TO_FINISH: Final = 2
START_TO_START: Final = 3
DAYS: Final = 7
"""How a length of time is shown: 3 minutes, 5 hours, 7 days, 9 weeks, 11 months; one more means without a calendar."""
_TENTH: Final = datetime.timedelta(seconds=6)


def tenths(lag: datetime.timedelta) -> int:
    """A lag as links have it: in tenths of a minute, what is less is cut off.

    >>> tenths(datetime.timedelta(hours=8))
    4800
    """
    return int(lag / _TENTH)


class Link(Node, frozen=True, kw_only=True):
    """What a task waits for: the predecessor's identifier, the type of the link, the lag in tenths of a minute."""

    predecessor: Annotated[int, Child("PredecessorUID")]
    type: Annotated[int, Child("Type")] = FINISH_TO_START
    cross_project: Annotated[bool | None, Child("CrossProject")] = None
    lag_tenths: Annotated[int, Child("LinkLag")] = 0
    lag_format: Annotated[int, Child("LagFormat")] = DAYS

    @property
    def lag(self) -> datetime.timedelta:
        """How long after it (or before, where negative)."""
        return self.lag_tenths * _TENTH


class Baseline(Node, frozen=True, kw_only=True):
    """What was planned when a plan was agreed; 0 is the baseline, 1 to 10 are later ones."""

    number: Annotated[int, Child("Number")]
    interim: Annotated[bool | None, Child("Interim")] = None
    start: Annotated[datetime.datetime | None, Child("Start")] = None
    finish: Annotated[datetime.datetime | None, Child("Finish")] = None
    duration: Annotated[datetime.timedelta | None, Child("Duration")] = None
    duration_format: Annotated[int | None, Child("DurationFormat")] = None
    estimated: Annotated[bool | None, Child("EstimatedDuration")] = None
    work: Annotated[datetime.timedelta | None, Child("Work")] = None
    cost: Annotated[Decimal | None, Child("Cost")] = None


class Task(Node, frozen=True, kw_only=True):
    """A task; ``wbs``, ``outline_number`` and ``outline_level`` (0 is the project) say its place in the whole."""

    uid: Annotated[int, Child("UID")]
    guid: Annotated[str | None, Child("GUID")] = None
    id: Annotated[int | None, Child("ID")] = None
    name: Annotated[str | None, Child("Name")] = None
    active: Annotated[bool | None, Child("Active")] = None
    manual: Annotated[bool | None, Child("Manual")] = None
    type: Annotated[int | None, Child("Type")] = None
    is_null: Annotated[bool | None, Child("IsNull")] = None
    contact: Annotated[str | None, Child("Contact")] = None
    wbs: Annotated[str | None, Child("WBS")] = None
    outline_number: Annotated[str | None, Child("OutlineNumber")] = None
    outline_level: Annotated[int | None, Child("OutlineLevel")] = None
    priority: Annotated[int | None, Child("Priority")] = None
    start: Annotated[datetime.datetime | None, Child("Start")] = None
    finish: Annotated[datetime.datetime | None, Child("Finish")] = None
    duration: Annotated[datetime.timedelta | None, Child("Duration")] = None
    duration_format: Annotated[int | None, Child("DurationFormat")] = None
    work: Annotated[datetime.timedelta | None, Child("Work")] = None
    estimated: Annotated[bool | None, Child("Estimated")] = None
    milestone: Annotated[bool | None, Child("Milestone")] = None
    summary: Annotated[bool | None, Child("Summary")] = None
    critical: Annotated[bool | None, Child("Critical")] = None
    percent_complete: Annotated[int | None, Child("PercentComplete")] = None
    percent_work_complete: Annotated[int | None, Child("PercentWorkComplete")] = None
    cost: Annotated[Decimal | None, Child("Cost")] = None
    actual_start: Annotated[datetime.datetime | None, Child("ActualStart")] = None
    actual_finish: Annotated[datetime.datetime | None, Child("ActualFinish")] = None
    actual_duration: Annotated[datetime.timedelta | None, Child("ActualDuration")] = None
    actual_cost: Annotated[Decimal | None, Child("ActualCost")] = None
    actual_work: Annotated[datetime.timedelta | None, Child("ActualWork")] = None
    remaining_duration: Annotated[datetime.timedelta | None, Child("RemainingDuration")] = None
    remaining_cost: Annotated[Decimal | None, Child("RemainingCost")] = None
    remaining_work: Annotated[datetime.timedelta | None, Child("RemainingWork")] = None
    constraint_type: Annotated[int | None, Child("ConstraintType")] = None
    calendar: Annotated[int | None, Child("CalendarUID")] = None
    constraint_date: Annotated[datetime.datetime | None, Child("ConstraintDate")] = None
    deadline: Annotated[datetime.datetime | None, Child("Deadline")] = None
    notes: Annotated[str | None, Child("Notes")] = None
    physical_percent_complete: Annotated[int | None, Child("PhysicalPercentComplete")] = None
    links: Annotated[tuple[Link, ...], Child("PredecessorLink")] = ()
    baselines: Annotated[tuple[Baseline, ...], Child("Baseline")] = ()
