"""Making the reports that are due, several areas in one act, one report of an area after the other."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from openmpca.accounting.reporting.draft import Draft
from openmpca.accounting.reporting.make import NothingDue, Proposed, Wanted, draft, proposed
from openmpca.record import commands
from openmpca.record.commands import Stated

if TYPE_CHECKING:
    from openmpca.demonstration.playing import Playing


def make_due(
    areas: Sequence[str], until: date, sorts: Sequence[str], playing: "Playing", encoder: str, note: str
) -> Iterator[Stated]:
    """What came of stating each round of reports: the first due of every area, then the second, until none is left."""
    while True:
        drafts = [each for area in areas if (each := _first(area, until, sorts, playing, encoder, note))]
        if not drafts:
            return
        yield commands.state([each.statement() for each in drafts], playing.act(), when=playing.when)


def _first(area: str, until: date, sorts: Sequence[str], playing: "Playing", encoder: str, note: str) -> Draft | None:
    due = [each for each in proposed(area) if each.end <= until and each.sort in sorts]
    for one in sorted(due, key=_order):
        wanted = Wanted(
            mba=area,
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


def _order(one: Proposed) -> tuple[date, int]:
    return one.end, "IPM".index(one.sort)
