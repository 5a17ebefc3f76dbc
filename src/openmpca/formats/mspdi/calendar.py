"""Calendars of a plan: on which days and hours work is done, and what is otherwise.

Day types of a week: 1 Sunday to 7 Saturday; 0 is an exception of its own, with the days from and to. Work until
midnight ends at 00:00:00. Weeks with hours of their own (WorkWeeks) and patterns of what recurs are kept as they came.

Source: Project XML data interchange schema (mspdi_pj12.xsd), Calendar elements.
"""

import datetime
from typing import Annotated

from openmpca.formats.markup.shape import Child, Node


class WorkingTime(Node, frozen=True, kw_only=True):
    """Hours of work within a day."""

    begins: Annotated[datetime.time | None, Child("FromTime")] = None
    ends: Annotated[datetime.time | None, Child("ToTime")] = None


class WeekDay(Node, frozen=True, kw_only=True):
    """A day of the week, or days from one to another, and whether work is done on them."""

    type: Annotated[int, Child("DayType")]
    working: Annotated[bool | None, Child("DayWorking")] = None
    first: Annotated[datetime.datetime | None, Child("FromDate", within="TimePeriod")] = None
    last: Annotated[datetime.datetime | None, Child("ToDate", within="TimePeriod")] = None
    times: Annotated[tuple[WorkingTime, ...], Child("WorkingTime", within="WorkingTimes")] = ()


class Exceptional(Node, frozen=True, kw_only=True):
    """Days that are not as the week has them, such as holidays."""

    first: Annotated[datetime.datetime | None, Child("FromDate", within="TimePeriod")] = None
    last: Annotated[datetime.datetime | None, Child("ToDate", within="TimePeriod")] = None
    occurrences: Annotated[int | None, Child("Occurrences")] = None
    name: Annotated[str | None, Child("Name")] = None
    type: Annotated[int | None, Child("Type")] = None
    working: Annotated[bool | None, Child("DayWorking")] = None
    times: Annotated[tuple[WorkingTime, ...], Child("WorkingTime", within="WorkingTimes")] = ()


class Calendar(Node, frozen=True, kw_only=True):
    """A calendar; one that is no base calendar says in what it differs from its ``base`` (-1 where it has none)."""

    uid: Annotated[int, Child("UID")]
    name: Annotated[str | None, Child("Name")] = None
    is_base: Annotated[bool | None, Child("IsBaseCalendar")] = None
    base: Annotated[int | None, Child("BaseCalendarUID")] = None
    week: Annotated[tuple[WeekDay, ...], Child("WeekDay", within="WeekDays")] = ()
    exceptions: Annotated[tuple[Exceptional, ...], Child("Exception", within="Exceptions")] = ()
