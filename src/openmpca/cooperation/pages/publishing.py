"""The page of what may be published: the fields of each project that its parties released, the file, the calendar.

Rule kept here: a file holds what its page shows as released by all, and nothing else.
"""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.cooperation.exchange.activities import published, released
from openmpca.cooperation.exchange.deadlines import feed
from openmpca.cooperation.exchange.statements import Organisation, Publication
from openmpca.cooperation.pages.asked import claims_of, to_say
from openmpca.cooperation.pages.words import HEADS, MEANINGS
from openmpca.cooperation.projects.statements import Project
from openmpca.formats import icalendar
from openmpca.formats.iati import file as iati
from openmpca.pages.blocks import LINKS, Block, Link, Page, Problems, Row, Table
from openmpca.pages.routes import Asking, File, NotFound, Open, page
from openmpca.pages.told import worded
from openmpca.record import clock

HEADS.update(
    {
        "iati": gettext_lazy("Identifier of IATI"),
        "country": gettext_lazy("Country"),
        "fields": gettext_lazy("Fields"),
    }
)
MEANINGS.update(
    {
        "organisation.iati": gettext_lazy("The agency's code, a hyphen, the registered number."),
        "organisation.type": gettext_lazy("The type of organisation by its two figures, such as 10 for a government."),
        "organisation.country": gettext_lazy("Its country by two letters."),
        "publication.fields": gettext_lazy("What your party releases to the public of this project, a line each."),
    }
)


@page("cooperation/publishing", title=gettext_lazy("Publishing"), needs=Open.WHOLE, menu=90)
def publishing(asking: Asking) -> Page:
    """What each party released of each project, and what may go out."""
    claims = claims_of(asking)
    rows: list[Row] = []
    for thing, said in claims.by_thing(Project).items():
        given = claims.about(Publication, thing)
        rows.append(
            {
                "project": thing.partition(":")[2],
                "title": said[0].said.title,
                "given": [f"{each.party}: {', '.join(worded(one) for one in each.said.fields)}" for each in given],
                "released": ", ".join(worded(each) for each in sorted(released(claims, thing, said))),
                LINKS: {"project": asking.to("cooperation/project", code=thing.partition(":")[2])},
            }
        )
    heads = {"project": _("Project"), "title": _("Title"), "given": _("Released by each"), "released": _("By all")}
    own = sorted(asking.reach.parties)
    blocks: list[Block] = [Table(rows, heads, name="projects", empty=_("There are no projects that you may read."))]
    blocks += [Problems(published(claims, each).problems, name=f"problems_{each}") for each in own]
    files = [_file(asking, each) for each in own]
    called = to_say(asking, Organisation, _("State how your party is called"))
    return Page(
        _("Publishing"),
        blocks,
        lead=_("Nothing goes out before every party of a project has released it, field by field."),
        action=to_say(asking, Publication, _("Release fields to the public")),
        links=[*files, Link(_("Calendar of deadlines"), asking.to("cooperation/calendar")), *filter(None, [called])],
    )


def _file(asking: Asking, party: str) -> Link:
    return Link(_("Activities of %(party)s") % {"party": party}, asking.to("cooperation/activities", party=party))


@page("cooperation/activities", title=gettext_lazy("Activities"), needs=Open.WHOLE)
def activities(asking: Asking, party: str) -> File:
    """The activities of one of one's own parties, as IATI 2.03 has them."""
    if party not in asking.reach.parties:
        raise NotFound(_("You act for no party %(party)s.") % {"party": party})
    found = published(claims_of(asking), party)
    return File(f"activities-{party}.xml", iati.write(found.activities), "application/xml")


@page("cooperation/calendar", title=gettext_lazy("Calendar of deadlines"), needs=Open.WHOLE)
def calendar(asking: Asking) -> File:
    """The deadlines that one may read, for any calendar program."""
    now = datetime.fromisoformat(clock.to_text(clock.now_us()))
    made = feed(claims_of(asking), now, "OpenMPCA")
    return File("deadlines.ics", icalendar.write(made), "text/calendar")
