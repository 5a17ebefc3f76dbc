"""The programme at a glance: what waits for whom, what lapses and what hangs on it, money, counts, projects.

Rule kept here: each part is that of its own page, shorter; it leads there, and says nothing that is not there.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.cooperation.agreements import terms
from openmpca.cooperation.agreements.lapse import Lapse
from openmpca.cooperation.agreements.resting import told_of, what_lapses
from openmpca.cooperation.claims import Claims
from openmpca.cooperation.elimination.scoreboard import scoreboard
from openmpca.cooperation.money.journal import by_year, journal
from openmpca.cooperation.pages.agreements import expiring_table
from openmpca.cooperation.pages.asked import claims_of
from openmpca.cooperation.pages.parties import to_thing
from openmpca.cooperation.pages.paying import years_drawn
from openmpca.cooperation.pages.projects import projects_table
from openmpca.cooperation.projects.life import lives
from openmpca.cooperation.waiting import waiting
from openmpca.pages.blocks import LINKS, Block, Branch, Link, Page, Row, Table, Tree
from openmpca.pages.routes import Asking, Open, page
from openmpca.pages.told import worded
from openmpca.record import clock

MOST: Final = 25
"""How many rows of a part stand here; its own page has all."""


@page("cooperation/programme", title=gettext_lazy("Programme"), needs=Open.WHOLE, menu=5)
def programme(asking: Asking) -> Page:
    """The programme at a glance."""
    claims = claims_of(asking)
    return Page(
        _("Programme"),
        [
            _waiting(asking, claims),
            *_lapsing(asking, claims),
            *_money(asking, claims),
            _counts(asking, claims),
            projects_table(asking, lives(claims)[:MOST]),
        ],
        lead=_("What several parties plan, manage, pay for and verify together, as far as you may read it."),
        links=[
            Link(_("Agreements"), asking.to("cooperation/agreements")),
            Link(_("Money"), asking.to("cooperation/money")),
            Link(_("Scoreboard"), asking.to("cooperation/scoreboard")),
            Link(_("Projects"), asking.to("cooperation/projects")),
        ],
    )


def _waiting(asking: Asking, claims: Claims) -> Table:
    """What waits for whom, that of one's own parties first."""
    now = datetime.fromisoformat(clock.to_text(clock.now_us()))
    found = sorted(waiting(claims, now), key=lambda each: each.party not in asking.reach.parties)
    rows: list[Row] = [
        {
            "party": each.party,
            "what": worded(each.what),
            "title": each.title,
            "since": each.due,
            LINKS: {"title": to_thing(asking, each.thing)} if to_thing(asking, each.thing) else {},
        }
        for each in found[:MOST]
    ]
    heads = {"party": _("For"), "what": _("To do"), "title": _("What"), "since": _("Since or until")}
    return Table(rows, heads, name="waiting", caption=_("What waits for whom"), empty=_("Nothing waits."))


def _lapsing(asking: Asking, claims: Claims) -> Iterator[Block]:
    """What expires, and what hangs on the one of it on which something does."""
    found = terms.expiring(claims, claims.day)
    yield expiring_table(asking, found[:MOST])
    for each in found[:MOST]:
        lapse = what_lapses(claims, each.thing, each.last)
        if lapse.fates:
            yield _hanging(asking, claims, lapse)
            return


def _hanging(asking: Asking, claims: Claims, lapse: Lapse) -> Tree:
    """From what lapses to the projects and sites that rest on it."""
    things = [*lapse.fates][:MOST]
    told = told_of(claims, [lapse.thing, *things])
    above: dict[str, list[str]] = {}
    for rest in lapse.rests:
        if rest.thing in things and all(rest.thing not in below for below in above.values()):
            above.setdefault(rest.ground, []).append(rest.thing)

    def branch(thing: str) -> Branch:
        said = told.get(thing)
        text = thing.partition(":")[2]
        within = [branch(each) for each in above.get(thing, ())]
        return Branch(text, to_thing(asking, thing), said.title if said else "", within)

    caption = _("What hangs on %(code)s") % {"code": lapse.thing.partition(":")[2]}
    return Tree([branch(lapse.thing)], "hanging", caption)


def _money(asking: Asking, claims: Claims) -> Iterator[Block]:
    if years := by_year(journal(claims)):
        yield years_drawn(asking, years, ("", "", ""), "")


def _counts(asking: Asking, claims: Claims) -> Table:
    rows: list[Row] = [
        {
            "line": each.line.code,
            "title": each.line.said.title,
            "counts": [f"{one.party}: {one.said.amount}" for one in each.counts],
            "target": each.line.said.target or None,
            "wrong": len(each.wrong),
            LINKS: {"line": asking.to("cooperation/line", code=each.line.code)},
        }
        for each in scoreboard(claims)[:MOST]
    ]
    heads = {"line": _("Line"), "title": _("Title"), "counts": _("As each counts"), "target": _("Target")}
    caption = _("Scoreboard")
    return Table(rows, heads | {"wrong": _("Not explained")}, name="counts", caption=caption, empty=_("No lines."))
