"""The pages of projects: all with the state that each party sees, and one project, viewpoint beside viewpoint."""

from collections.abc import Iterable, Iterator
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.cooperation.claims import Claim
from openmpca.cooperation.pages.asked import claims_of, to_claim, to_say
from openmpca.cooperation.pages.conditions import blocked
from openmpca.cooperation.pages.words import HEADS, MEANINGS
from openmpca.cooperation.projects.life import Life, following, life, lives
from openmpca.cooperation.projects.statements import Project, ProjectState
from openmpca.pages.blocks import LINKS, Beside, Block, Facts, Link, Page, Table, Text
from openmpca.pages.routes import Asking, NotFound, Open, page
from openmpca.pages.told import worded

HEADS.update(
    {
        "agreement": gettext_lazy("Agreement"),
        "parties": gettext_lazy("Parties"),
        "host": gettext_lazy("Host"),
        "site": gettext_lazy("Site"),
        "proposal": gettext_lazy("Proposal"),
        "objective": gettext_lazy("Objective"),
        "starts": gettext_lazy("Starts"),
        "ends": gettext_lazy("Ends"),
        "about": gettext_lazy("About it"),
        "project": gettext_lazy("Project"),
        "state": gettext_lazy("State"),
    }
)
MEANINGS.update(
    {
        "project.parties": gettext_lazy("Who does it together: a code in each line."),
        "project.host": gettext_lazy("The party on whose territory it is done."),
        "project.objective": gettext_lazy("The reduction of threat that it serves."),
        "project.proposal": gettext_lazy("The proposal from which it came."),
    }
)
FACTS: Final = ("title", "agreement", "parties", "host", "site", "proposal", "objective", "starts", "ends", "about")


@page("cooperation/projects", title=gettext_lazy("Projects"), needs=Open.WHOLE, menu=20)
def projects(asking: Asking) -> Page:
    """Every project that may be read, with the state in which each party sees it."""
    return Page(
        _("Projects"),
        [projects_table(asking, lives(claims_of(asking)))],
        lead=_("Each party states the state that it sees."),
        action=to_say(asking, Project, _("State a project")),
    )


def projects_table(asking: Asking, found: Iterable[Life]) -> Table:
    """Projects with the state in which each party sees them."""
    heads = {"project": _("Project"), "title": _("Title"), "states": _("State"), "since": _("Since"), "differs": ""}
    rows = [_row(asking, each) for each in found]
    empty = _("There are no projects that you may read.")
    return Table(rows, heads, name="projects", caption=_("Projects"), empty=empty)


def _row(asking: Asking, each: Life) -> dict[str, object]:
    return {
        "project": each.code,
        "title": each.title,
        "states": told(each),
        "since": each.since,
        "differs": _("differs") if each.differs else "",
        LINKS: {"project": asking.to("cooperation/project", code=each.code)},
    }


def told(each: Life) -> str:
    """The state of a project: one word where all agree, else each party with its own."""
    states = {party: worded(state) for party, state in each.states.items()}
    if not each.differs:
        return next(iter(states.values()), "")
    return ", ".join(f"{party}: {state}" for party, state in states.items())


@page("cooperation/project", title=gettext_lazy("Project"), needs=Open.WHOLE)
def project(asking: Asking, code: str) -> Page:
    """One project: what each party says of it, and the course of states that each tells."""
    claims = claims_of(asking)
    found = life(claims, code)
    if found is None:
        raise NotFound(_("There is no project %(code)s that you may read.") % {"code": code})
    ways = [to_say(asking, ProjectState, _("State its state"), project=code)]
    return Page(
        f"{code}: {found.title}" if found.title else code,
        [*_blocks(asking, found), blocked(asking, claims, [code])],
        lead=told(found),
        action=ways[0],
        links=[
            Link(_("Its plan"), asking.to("cooperation/plan", project=code)),
            Link(_("Its assumptions and permits"), asking.to("cooperation/conditions", project=code)),
            Link(_("Its risks"), asking.to("cooperation/risks", project=code)),
        ],
        above=[Link(_("Projects"), asking.to("cooperation/projects"))],
    )


def _blocks(asking: Asking, found: Life) -> Iterator[Block]:
    if found.differs:
        yield Text(_("The parties see it in different states: what each says stands below."), name="differs")
    if found.told:
        yield Beside([_facts(asking, each) for each in found.told], caption=_("What it is"))
    yield Table(
        [_step(asking, each) for course in found.courses.values() for each in course],
        {"day": _("Day"), "party": _("Party"), "state": _("State"), "reason": _("Reason")},
        name="course",
        caption=_("Its life"),
        empty=_("Nobody has stated its state."),
    )
    after = {
        party: ", ".join(map(worded, following([each.said.state for each in course]))) or _("nothing more")
        for party, course in found.courses.items()
    }
    if after:
        yield Facts(after, name="next", caption=_("What may come next"))


def _facts(asking: Asking, claim: Claim[Project]) -> Facts:
    said = {name: getattr(claim.said, name) for name in FACTS}
    given = {name: ", ".join(value) if isinstance(value, list) else value for name, value in said.items() if value}
    links = {"title": to_claim(asking, claim)}
    heads = {name: str(HEADS[name]) for name in given}
    return Facts(given, name=f"project-{claim.party}", caption=claim.party, links=links, heads=heads)


def _step(asking: Asking, claim: Claim[ProjectState]) -> dict[str, object]:
    return {
        "day": claim.said.day,
        "party": claim.party,
        "state": worded(claim.said.state),
        "reason": claim.said.reason,
        LINKS: {"day": to_claim(asking, claim)},
    }
