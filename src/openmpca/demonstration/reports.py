"""Making the reports that are due, several areas in one act, one report of an area after the other."""

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from openmpca.accounting.reporting.area import area_of
from openmpca.accounting.reporting.draft import Draft
from openmpca.accounting.reporting.make import (
    NothingDue,
    Proposed,
    Wanted,
    draft,
    proposed_changes,
    proposed_inventories,
)
from openmpca.record import commands
from openmpca.record.commands import Stated

if TYPE_CHECKING:
    from openmpca.demonstration.playing import Playing

ORDER = "IPM"


def make_due(
    areas: Sequence[str], until: date, sorts: Collection[str], playing: "Playing", encoder: str, note: str
) -> Iterator[Stated]:
    """What came of stating each round of reports: the first due of every area, then the second, until none is left."""
    waiting = [deque(_due(area, until, sorts)) for area in areas]
    while any(waiting):
        drafts = [made for queue in waiting if (made := _next(queue, playing, encoder, note))]
        if drafts:
            yield commands.state([each.statement() for each in drafts], playing.act(), when=playing.when)


def _due(code: str, until: date, sorts: Collection[str]) -> list[Proposed]:
    area = area_of(code)
    found = proposed_changes(area) if "I" in sorts else []
    found += proposed_inventories(area) if {"P", "M"} & set(sorts) else []
    wanted = [each for each in found if each.end <= until and each.sort in sorts]
    return sorted(wanted, key=lambda each: (each.end, ORDER.index(each.sort)))


def _next(waiting: deque[Proposed], playing: "Playing", encoder: str, note: str) -> Draft | None:
    while waiting:
        one = waiting.popleft()
        wanted = Wanted(
            mba=one.mba,
            sort=one.sort,
            begin=one.begin,
            end=one.end,
            day=playing.today,
            encoder=encoder,
            note=note,
            corrections_only=one.corrects and one.sort == "I",
        )
        try:
            return draft(wanted)
        except NothingDue:
            continue
    return None
