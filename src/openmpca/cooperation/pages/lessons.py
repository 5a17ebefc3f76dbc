"""The pages of lessons learned: the register, and one lesson with the view of each party."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.cooperation.lessons.register import lessons as register
from openmpca.cooperation.lessons.statements import NEGATIVE, POSITIVE, Lesson, LessonView, Template
from openmpca.cooperation.pages.asked import claims_of, to_claim, to_say
from openmpca.cooperation.pages.words import HEADS, MEANINGS
from openmpca.pages.blocks import LINKS, Block, Button, Choice, Facts, Field, Form, Link, Page, Row, Table
from openmpca.pages.routes import Asking, NotFound, Open, page
from openmpca.pages.told import worded

HEADS.update(
    {
        "happened": gettext_lazy("What happened"),
        "why": gettext_lazy("Why"),
        "advice": gettext_lazy("Advice"),
        "topics": gettext_lazy("Topics"),
        "papers": gettext_lazy("Papers"),
        "lesson": gettext_lazy("Lesson"),
        "opinion": gettext_lazy("Opinion"),
        "origin": gettext_lazy("From where"),
    }
)
MEANINGS.update(
    {
        "lesson.about": gettext_lazy("What it is about, such as project:P-07 or clause:UA.7, one in a line."),
        "lesson.topics": gettext_lazy("Words by which others find it, one in a line."),
    }
)


@page("cooperation/lessons", title=gettext_lazy("Lessons"), needs=Open.WHOLE, menu=90)
def lessons(asking: Asking, about: str = "", sort: str = "", topic: str = "") -> Page:
    """The lessons, all or those about a thing, of a sort, on a topic."""
    found = register(claims_of(asking), about, sort, topic)
    rows: list[Row] = [
        {
            "lesson": each.code,
            "title": claim.said.title,
            "sort": worded(claim.said.sort),
            "party": claim.party,
            "about": ", ".join(claim.said.about),
            "contested": _("seen otherwise") if each.contested else "",
            LINKS: {"lesson": asking.to("cooperation/lesson", code=each.code)},
        }
        for each in found
        for claim in each.told
    ]
    heads = {
        "lesson": _("Lesson"),
        "title": _("Title"),
        "sort": _("Advice"),
        "party": _("Party"),
        "about": _("About"),
        "contested": "",
    }
    choices = [Choice("", _("all")), *(Choice(each, worded(each)) for each in (POSITIVE, NEGATIVE))]
    fields = [
        Field("about", _("About"), about, example="project:P-07"),
        Field("sort", _("Advice"), sort, choices=choices),
        Field("topic", _("Topic"), topic),
    ]
    form = Form(fields, [Button(_("Show"))], action="/cooperation/lessons", method="get", name="question")
    ways = [to_say(asking, Template, _("State what can be used again"))]
    return Page(
        _("Lessons"),
        [form, Table(rows, heads, name="lessons", empty=_("There are no lessons that you may read."))],
        lead=_("What went well and what did not, with evidence and with the view of each party."),
        action=to_say(asking, Lesson, _("State a lesson"), about=about),
        links=[each for each in ways if each],
    )


@page("cooperation/lesson", title=gettext_lazy("Lesson"), needs=Open.WHOLE)
def lesson(asking: Asking, code: str) -> Page:
    """A lesson as each party states it, and what each thinks of it."""
    found = next((each for each in register(claims_of(asking)) if each.code == code), None)
    if found is None:
        raise NotFound(_("There is no lesson %(code)s that you may read.") % {"code": code})
    names = ("happened", "why", "advice", "evidence")
    blocks: list[Block] = [
        Facts(
            {name: getattr(claim.said, name) for name in names},
            name=f"lesson-{claim.party}",
            caption=f"{claim.party}: {worded(claim.said.sort)}",
            links={"happened": to_claim(asking, claim)},
            heads={name: str(HEADS[name]) for name in names},
        )
        for claim in found.told
    ]
    rows: list[Row] = [
        {
            "party": party,
            "opinion": worded(claim.said.opinion),
            "reason": claim.said.reason,
            LINKS: {"party": to_claim(asking, claim)},
        }
        for party, claim in found.views.items()
    ]
    heads = {"party": _("Party"), "opinion": _("Opinion"), "reason": _("Reason")}
    blocks.append(Table(rows, heads, name="views", caption=_("Views"), empty=_("Nobody has given a view.")))
    return Page(
        f"{code}: {found.told[0].said.title}",
        blocks,
        lead=", ".join(found.about),
        action=to_say(asking, LessonView, _("Give a view"), lesson=code),
        above=[Link(_("Lessons"), asking.to("cooperation/lessons"))],
    )
