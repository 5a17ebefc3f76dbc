"""Verbs of reporting: make the reports that are due, write, send, answer.

The reports that are due are made several areas in one act, one report of an area after the other.
"""

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from openmpca.accounting.reporting import commands as reporting
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
from openmpca.accounting.statements import Answer, Sending
from openmpca.demonstration.playing import Playing
from openmpca.demonstration.verb import Fields, Verb
from openmpca.record import commands
from openmpca.record.commands import Stated
from openmpca.record.reading import stored

ORDER = "IPM"


def make_due(
    areas: Sequence[str], until: date, sorts: Collection[str], playing: Playing, encoder: str, note: str
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


def _next(waiting: deque[Proposed], playing: Playing, encoder: str, note: str) -> Draft | None:
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


class Report(Verb, frozen=True):
    """Every report that is due in some ``areas`` for periods that ended by ``until`` is made, in the order in which
    they are due.
    """

    areas: list[str]
    until: date
    encoder: str = ""
    note: str = ""
    sorts: tuple[str, ...] = ("I", "P", "M")

    def play(self, playing: Playing, shared: Fields) -> None:
        """Make them through the room's command."""
        for stated in make_due(self.areas, self.until, self.sorts, playing, self.encoder, self.note):
            playing.took(stated)


class Text(Verb, frozen=True):
    """A textual report of an area: a special report, an explanation. ``about`` is the number of the report it speaks
    of.
    """

    mba: str
    day: date
    text: str
    about: int | None = None

    def play(self, playing: Playing, shared: Fields) -> None:
        """Make it through the room's command."""
        wanted = Wanted(mba=self.mba, sort="T", end=self.day, day=playing.today, note=self.text, about=self.about)
        made = reporting.make_report(wanted, playing.act(), when=playing.when)
        playing.took(made.stated)
        playing.problems += made.problems


class Send(Verb, frozen=True):
    """Reports are sent."""

    day: date
    reports: list[int]

    def play(self, playing: Playing, shared: Fields) -> None:
        """State that they were."""
        playing.state([Sending(day=self.day, mba=_area(number), of=number) for number in self.reports])


class Answered(Verb, frozen=True):
    """Reports are answered: acknowledged, or returned with ``remarks`` by entry number (0: on the whole report)."""

    day: date
    reports: list[int]
    acknowledged: bool = True
    remarks: dict[str, str] = {}

    def play(self, playing: Playing, shared: Fields) -> None:
        """State the answers."""
        playing.state(
            [
                Answer(
                    day=self.day,
                    mba=_area(number),
                    of=number,
                    acknowledged=self.acknowledged,
                    remarks=self.remarks,
                )
                for number in self.reports
            ]
        )


def _area(report: int) -> str:
    return str(stored(report).fields["mba"])
