"""The pages of a project's plan: the Gantt chart with its baseline, revisions, logframe; earned value and flaws."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.pages.asked import claims_of, to_claim, to_say
from openmpca.cooperation.pages.words import HEADS, MEANINGS
from openmpca.cooperation.planning.earned import Earned, earned
from openmpca.cooperation.planning.pictures import gantt
from openmpca.cooperation.planning.plans import Revision, Standing, plan, revisions
from openmpca.cooperation.planning.statements import LogLine, Milestone, PeriodClose, Plan, Progress, Reached, Task
from openmpca.cooperation.projects.life import life
from openmpca.pages.blocks import LINKS, Block, Link, Page, Row, Table, Text
from openmpca.pages.charts import drawing
from openmpca.pages.routes import Asking, File, NotFound, Open, page
from openmpca.pages.told import worded

HEADS.update(
    {
        "plan": gettext_lazy("Plan"),
        "revision": gettext_lazy("Revision"),
        "wbs": gettext_lazy("Place in the work breakdown"),
        "budget": gettext_lazy("Budget"),
        "after": gettext_lazy("After"),
        "due": gettext_lazy("Due"),
        "level": gettext_lazy("Level"),
        "aim": gettext_lazy("Aim"),
        "indicator": gettext_lazy("Indicator"),
        "target": gettext_lazy("Target"),
        "source": gettext_lazy("Source"),
        "done": gettext_lazy("Done, %"),
        "expected": gettext_lazy("Expected to end"),
        "milestone": gettext_lazy("Milestone"),
    }
)
MEANINGS.update(
    {
        "task.after": gettext_lazy("The places of the tasks that are to be done before, one in a line."),
        "progress.cost": gettext_lazy("What the task has cost from its beginning to this day."),
        "period_close.until": gettext_lazy("The last day of the time that is closed."),
    }
)


@page("cooperation/plan", title=gettext_lazy("Plan"), needs=Open.WHOLE)
def project_plan(asking: Asking, project: str) -> Page:
    """The plan of a project: the picture, its revisions, its logframe."""
    claims = claims_of(asking)
    _must_be(claims, project)
    found = plan(claims, project)
    code = found.current.code if found else ""
    ways = [
        to_say(asking, Task, _("State a task"), plan=code) if code else None,
        to_say(asking, Milestone, _("State a milestone"), plan=code) if code else None,
        to_say(asking, LogLine, _("State a line of the logframe"), plan=code) if code else None,
        to_say(asking, Progress, _("Tell progress"), project=project),
        to_say(asking, Reached, _("Tell that a milestone is reached")),
    ]
    lead = _("No plan is stated.") if found is None else _told(found)
    return Page(
        _("Plan of %(project)s") % {"project": project},
        list(_blocks(asking, claims, project, found)),
        lead=lead,
        action=to_say(asking, Plan, _("State a revision"), project=project),
        links=[each for each in ways if each]
        + [Link(_("Earned value"), asking.to("cooperation/earned", project=project))],
        above=[Link(project, asking.to("cooperation/project", code=project))],
    )


def _must_be(claims: Claims, project: str) -> None:
    if life(claims, project) is None:
        raise NotFound(_("There is no project %(code)s that you may read.") % {"code": project})


def _told(found: Standing) -> str:
    if found.draft:
        return _("A draft: no decision in force approves it.")
    told = _("Revision %(revision)s is in force since %(day)s by decision %(decision)s.")
    current = found.current
    return told % {"revision": current.claim.said.revision, "day": current.since, "decision": current.approved}


def _blocks(asking: Asking, claims: Claims, project: str, found: Standing | None) -> Iterator[Block]:
    if found is not None:
        yield drawing(gantt(claims, project, found), "gantt", rtl=get_language_bidi())
        yield _logframe(asking, found.current)
    yield _revisions(asking, claims, project)


def _revisions(asking: Asking, claims: Claims, project: str) -> Table:
    rows: list[Row] = [
        {
            "revision": each.claim.said.revision,
            "plan": each.code,
            "title": each.claim.said.title,
            "party": each.claim.party,
            "standing": _("in force since %(day)s") % {"day": each.since} if each.approved else _("draft"),
            "decision": each.approved,
            "sha256": each.digest,
            LINKS: {
                "plan": to_claim(asking, each.claim),
                "sha256": asking.to("cooperation/plan-content", project=project, sha256=each.digest),
                **({"decision": asking.to("cooperation/decision", code=each.approved)} if each.approved else {}),
            },
        }
        for each in revisions(claims, project)
    ]
    heads = {
        "revision": _("Revision"),
        "plan": _("Plan"),
        "title": _("Title"),
        "party": _("Party"),
        "standing": _("Standing"),
        "decision": _("Decision"),
        "sha256": _("SHA-256"),
    }
    return Table(rows, heads, name="revisions", caption=_("Revisions"), empty=_("None is stated."))


def _logframe(asking: Asking, current: Revision) -> Table:
    rows: list[Row] = [
        {
            "level": worded(each.said.level),
            "aim": each.said.aim,
            "indicator": each.said.indicator,
            "baseline": each.said.baseline,
            "target": each.said.target,
            "source": each.said.source,
            "assumption": each.said.assumption,
            LINKS: {"aim": to_claim(asking, each)},
        }
        for each in current.lines
    ]
    names = ("level", "aim", "indicator", "target", "source", "assumption")
    heads = {name: str(HEADS[name]) for name in names} | {"baseline": _("Baseline")}
    return Table(rows, heads, name="logframe", caption=_("Logframe"), empty=_("None is stated."))


@page("cooperation/plan-content", title=gettext_lazy("Content of a plan"), needs=Open.WHOLE)
def plan_content(asking: Asking, project: str, sha256: str) -> File:
    """The content of a revision as the file that a decision approves."""
    for each in revisions(claims_of(asking), project):
        if each.digest == sha256:
            return File(f"{each.code}-{sha256[:8]}.json", each.content, "application/json")
    raise NotFound(_("There is no project %(code)s that you may read.") % {"code": project})


@page("cooperation/earned", title=gettext_lazy("Earned value"), needs=Open.WHOLE)
def earned_value(asking: Asking, project: str) -> Page:
    """Planned value, earned value and actual cost, task by task, and the flaws of what they rest on."""
    claims = claims_of(asking)
    _must_be(claims, project)
    found = earned(claims, project, claims.day)
    return Page(
        _("Earned value of %(project)s") % {"project": project},
        list(_figures(asking, found)),
        lead=_("Against the baseline, as the owner of each task tells it; nothing is converted between currencies."),
        action=to_say(asking, Progress, _("Tell progress"), project=project),
        links=[each for each in [to_say(asking, PeriodClose, _("Close a time"), project=project)] if each],
        above=[Link(_("Plan"), asking.to("cooperation/plan", project=project))],
    )


def _figures(asking: Asking, found: list[Earned]) -> Iterator[Block]:
    if not found:
        yield Text(_("The plan has no budgets."))
        return
    heads = {
        "currency": _("Currency"),
        "bac": _("Budget at completion"),
        "pv": _("Planned value"),
        "ev": _("Earned value"),
        "ac": _("Actual cost"),
        "sv": _("Schedule variance"),
        "cv": _("Cost variance"),
        "spi": "SPI",
        "cpi": "CPI",
        "eac": _("Estimate at completion"),
    }
    rows = [{name: _shown(getattr(each, name)) for name in heads} for each in found]
    yield Table(rows, heads, name="earned")
    for each in found:
        yield _tasks(asking, each)
    flaws: list[Row] = [
        {
            "task": flaw.wbs,
            "party": flaw.party,
            "what": worded(flaw.what),
            LINKS: {"task": to_claim(asking, flaw.claim)},
        }
        for flaw in found[0].flaws
    ]
    names = {"task": _("Task"), "party": _("Party"), "what": _("What is wrong")}
    caption, empty = _("What the figures rest on"), _("The checks find nothing wrong.")
    yield Table(flaws, names, name="flaws", caption=caption, empty=empty)


def _tasks(asking: Asking, each: Earned) -> Table:
    rows: list[Row] = [
        {
            "task": f"{task.claim.said.wbs} {task.claim.said.title}",
            "owner": task.claim.said.owner,
            "budget": task.claim.said.budget,
            "done": task.last.said.done if task.last else "0",
            "cost": task.last.said.cost if task.last else "",
            LINKS: {
                "task": to_claim(asking, task.claim),
                **({"done": to_claim(asking, task.last)} if task.last else {}),
            },
        }
        for task in each.tasks
    ]
    heads = {
        "task": _("Task"),
        "owner": _("Owner"),
        "budget": _("Budget"),
        "done": _("Done, %"),
        "cost": _("Actual cost"),
    }
    return Table(rows, heads, name=f"tasks-{each.currency}", caption=each.currency)


def _shown(value: str | Decimal | None) -> str:
    return "" if value is None else str(value)
