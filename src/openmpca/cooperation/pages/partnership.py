"""The page of the index of partnership: each party's share of each measure, through the years, with its definition.

Rules kept here:

1. No measure stands without its definition, and none is added to another.
2. Money is told by one party's book at a time: two books are two pictures.
"""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import get_language_bidi, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.index import pictures
from openmpca.cooperation.index.measures import MEASURES, Measure, Part, currency, left_out, parts
from openmpca.cooperation.index.statements import Training
from openmpca.cooperation.pages.asked import claims_of, to_claim, to_say
from openmpca.cooperation.pages.words import EXAMPLES, HEADS, MEANINGS
from openmpca.pages.blocks import LINKS, Block, Button, Field, Form, Link, Page, Table, Text
from openmpca.pages.charts import drawing
from openmpca.pages.routes import Asking, NotFound, Open, page
from openmpca.pages.told import worded
from openmpca.record.statements import kind_by

NOBODY: Final = "-"
"""How an address names what nobody is named for."""
HEADS.update({"trainers": gettext_lazy("Trainers"), "trained": gettext_lazy("Trained")})
MEANINGS.update(
    {
        "training.trainers": gettext_lazy("How many trainers each party sent: PARTY=NUMBER in each line."),
        "training.trained": gettext_lazy("How many persons of each party were trained: PARTY=NUMBER in each line."),
    }
)
EXAMPLES.update({"trainers": "SRA=3"})


@page("cooperation/partnership", title=gettext_lazy("Partnership index"), needs=Open.WHOLE, menu=50)
def partnership(asking: Asking, into: str = "") -> Page:
    """Each party's share of proposals, decisions, money, work and persons, year by year."""
    claims = claims_of(asking)
    money = currency(claims, into)
    blocks = [block for each in MEASURES for block in _blocks(asking, claims, each, money)]
    if money:
        blocks += _question(asking, claims, money)
    return Page(
        _("Partnership index"),
        blocks or [Text(_("There is nothing to measure yet."), name="nothing")],
        lead=_("Who shares in priorities, decisions and costs; each measure for itself, none added to another."),
        action=to_say(asking, Training, _("State a training")),
    )


def _blocks(asking: Asking, claims: Claims, measure: Measure, money: str) -> Iterator[Block]:
    found = parts(claims, measure, money)
    for book in dict.fromkeys(each.book for each in found):
        own = [each for each in found if each.book == book]
        yield drawing(pictures.shares(measure, own, book), f"{measure.name}{book}", rtl=get_language_bidi())
        yield _table(asking, measure, own, book, money)


def _table(asking: Asking, measure: Measure, own: list[Part], book: str, money: str) -> Table:
    unit = f", {money}" if measure.money else ""
    heads = {"year": _("Year"), "party": _("Party"), "amount": f"{measure.title}{unit}", "share": _("Share, %")}
    rows = [
        {
            "year": str(each.year),
            "party": pictures.name(each.party),
            "amount": f"{float(each.amount):.2f}" if measure.money else str(int(each.amount)),
            "share": f"{float(each.share) * 100:.1f}",
            LINKS: {"amount": _made_of(asking, each)},
        }
        for each in own
    ]
    return Table(rows, heads, name=f"{measure.name}{book}_parts")


def _made_of(asking: Asking, each: Part) -> str:
    given = {"measure": each.measure, "year": each.year, "party": each.party or NOBODY, "book": each.book}
    return asking.to("cooperation/partnership-part", **given)


@page("cooperation/partnership-part", title=gettext_lazy("What a share is made of"), needs=Open.WHOLE)
def part(asking: Asking, measure: str, year: int, party: str, book: str = "", into: str = "") -> Page:
    """The claims of which one figure of the index is made."""
    claims = claims_of(asking)
    asked = next((each for each in MEASURES if each.name == measure), None)
    found = parts(claims, asked, currency(claims, into)) if asked is not None else []
    party = "" if party == NOBODY else party
    own = [each for each in found if (each.year, each.party, each.book) == (year, party, book)]
    if asked is None or not own:
        raise NotFound(_("There is no such share that you may read."))
    heads = {"day": _("Day"), "party": _("Stated by"), "kind": _("Kind"), "of": _("Of what")}
    rows = [
        {
            "day": each.said.day,
            "party": each.party,
            "kind": worded(kind_by(type(each.said)).name.partition(".")[2].replace("_", " ")),
            "of": each.code,
            LINKS: {"day": to_claim(asking, each)},
        }
        for each in own[0].claims
    ]
    title = _("%(measure)s: %(party)s, %(year)s") % {
        "measure": asked.title,
        "party": pictures.name(party),
        "year": year,
    }
    above = [Link(_("Partnership index"), asking.to("cooperation/partnership"))]
    return Page(title, [Table(rows, heads, name="claims")], lead=str(asked.definition), above=above)


def _question(asking: Asking, claims: Claims, money: str) -> Iterator[Block]:
    if missing := left_out(claims, money):
        text = ngettext(
            "%(count)d entry has no rate into %(money)s and is left out.",
            "%(count)d entries have no rate into %(money)s and are left out.",
            missing,
        )
        yield Text(text % {"count": missing, "money": money}, name="left_out")
    field = Field("into", _("Money in"), money, help=_("A currency into which the books have rates."))
    yield Form([field], [Button(_("Show"))], method="get", name="question")
