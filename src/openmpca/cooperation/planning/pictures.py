"""The picture of a plan: its tasks and milestones through time, the present beside the baseline."""

import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext as _

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.planning.earned import progress
from openmpca.cooperation.planning.plans import Standing
from openmpca.cooperation.planning.statements import Milestone, Progress, Reached, Task
from openmpca.pages.blocks import Table
from openmpca.pages.charts.described import Gantt, Span


def gantt(claims: Claims, project: str, found: Standing) -> Gantt:
    """The Gantt chart of a plan on the day of the claims."""
    told = progress(claims, project, claims.day)
    spans = [*_tasks(found, told), *_milestones(claims, found)]
    late = sum(1 for each in spans if each.baseline and each.now[1] > each.baseline[1])
    rows = [
        {
            "name": each.name,
            "starts": "" if each.point else each.now[0],
            "ends": each.now[1],
            "baseline": each.baseline[1] if each.baseline else "",
            "done": f"{float(each.done * 100):g}",
        }
        for each in spans
    ]
    heads = {
        "name": _("What"),
        "starts": _("Starts"),
        "ends": _("Ends"),
        "baseline": _("Ends by the baseline"),
        "done": _("Done, %"),
    }
    return Gantt(
        title=_("Plan of %(project)s") % {"project": project},
        summary=_("%(count)d tasks and milestones, %(late)d later than in the baseline.")
        % {"count": len(spans), "late": late},
        unit="",
        table=Table(rows, heads, name="gantt", empty=_("The plan has no tasks.")),
        spans=spans,
        today=claims.day,
    )


def _tasks(found: Standing, told: dict[str, list[Claim[Progress]]]) -> Iterator[Span]:
    before = {each.said.wbs: each.said for each in found.baseline.tasks}
    for each in in_order(found.current.tasks):
        said = each.said
        own = [claim.said for claim in told.get(said.wbs, []) if claim.party == said.owner]
        last = own[-1] if own else None
        expected = last.expected if last and last.expected else said.ends
        base = before.get(said.wbs)
        yield Span(
            f"{said.wbs} {said.title}",
            (said.starts, max(expected, said.starts)),
            (base.starts, base.ends) if base else None,
            Fraction(last.done) / 100 if last else 0,
        )


def _milestones(claims: Claims, found: Standing) -> Iterator[Span]:
    before = {each.code: each.said for each in found.baseline.milestones}
    for each in sorted(found.current.milestones, key=lambda each: (each.said.due, each.code)):
        day = reached(claims, each)
        base = before.get(each.code)
        shown = day or each.said.due
        yield Span(
            f"{each.code} {each.said.title}",
            (shown, shown),
            (base.due, base.due) if base else None,
            1 if day else 0,
            point=True,
        )


def reached(claims: Claims, milestone: Claim[Milestone]) -> date | None:
    """The day on which the owner of a milestone saw it reached."""
    said = [each.said.day for each in claims.about(Reached, milestone.thing) if each.party == milestone.said.owner]
    return min(said, default=None)


def in_order(tasks: tuple[Claim[Task], ...]) -> list[Claim[Task]]:
    """Tasks by their places in the work breakdown, 1.2 before 1.10."""
    return sorted(tasks, key=lambda each: place(each.said.wbs))


def place(wbs: str) -> list[tuple[int, str]]:
    """A place in a work breakdown as it is sorted.

    >>> sorted(["1.10", "1.2", "1", "A.1"], key=place)
    ['1', '1.2', '1.10', 'A.1']
    """
    parts = re.split(r"[.\-/]", wbs)
    return [(int(each), "") if each.isdecimal() else (1_000_000, each) for each in parts]
