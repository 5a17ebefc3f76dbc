"""The pages of funds and shares: what is left of each fund and until when, planned against actual shares."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Final

from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from openmpca.cooperation.money import pictures, showing
from openmpca.cooperation.money.funds import Standing
from openmpca.cooperation.money.funds import funds as standing
from openmpca.cooperation.money.journal import journal
from openmpca.cooperation.money.shares import Measured, declines, measured
from openmpca.cooperation.money.statements import Ceiling, Fund, Obligation, ShareRule
from openmpca.cooperation.pages.asked import claims_of, to_claim, to_say
from openmpca.cooperation.pages.paying import chosen, heads, question, told
from openmpca.pages.blocks import LINKS, Block, Field, Link, Page, Row, Table, Text
from openmpca.pages.charts import drawing
from openmpca.pages.routes import Asking, Open, page
from openmpca.pages.told import worded

_FUND: Final = (
    "fund", "title", "holder", "book", "agreement", "currency", "ceiling", "obligated", "left", "disbursed", "until",
    "standing",
)  # fmt: skip
_SHARE: Final = (
    "of", "category", "book", "begins", "ends", "party", "planned", "actual", "difference", "amount", "currency",
)  # fmt: skip


@page("cooperation/funds", title=gettext_lazy("Funds"), needs=Open.WHOLE, menu=32)
def funds(asking: Asking) -> Page:
    """Every fund line: what is left to obligate, until when; and the ceilings of agreements."""
    claims = claims_of(asking)
    found = standing(claims, journal(claims))
    limits = [
        {
            "agreement": each.code,
            "giver": each.said.giver,
            "book": each.party,
            "amount": Decimal(each.said.amount),
            "currency": each.said.currency,
            LINKS: {"amount": to_claim(asking, each)},
        }
        for each in claims.of(Ceiling)
    ]
    problems = dict.fromkeys(problem for each in found for problem in each.problems)
    ways = [to_say(asking, Ceiling, _("State a ceiling")), to_say(asking, Obligation, _("State an obligation"))]
    return Page(
        _("Funds"),
        [
            Table(
                [_fund(asking, each) for each in found],
                heads(*_FUND),
                name="funds",
                empty=_("There are no funds that you may read."),
            ),
            *(Text(worded(str(each)), name=f"no_rate_{at}") for at, each in enumerate(problems)),
            Table(
                limits,
                heads("agreement", "giver", "book", "amount", "currency"),
                name="ceilings",
                caption=_("Ceilings of agreements"),
                empty=_("No agreement has a ceiling that you may read."),
            ),
        ],
        lead=_("What is left is the ceiling less what was obligated; what was paid is told beside it."),
        action=to_say(asking, Fund, _("State a fund")),
        links=[each for each in ways if each],
    )


def _fund(asking: Asking, each: Standing) -> Row:
    drawn = asking.to("cooperation/entries", fund=each.claim.code, book=each.claim.party)
    return told(showing.fund(each), fund=to_claim(asking, each.claim), obligated=drawn, left=drawn)


@page("cooperation/shares", title=gettext_lazy("Shares"), needs=Open.WHOLE, menu=34)
def shares(asking: Asking, of: str = "", into: str = "") -> Page:
    """What each party was to bear in each period against what it bore; schedules as pictures."""
    claims = claims_of(asking)
    every = measured(claims, journal(claims), into)
    found = [each for each in every if of in ("", each.rule.said.of)]
    ruled = sorted({each.rule.said.of for each in every})
    problems = dict.fromkeys(problem for each in found for problem in each.problems)
    rows = [row for each in found for row in _rows(asking, each)]
    return Page(
        _("Shares"),
        [
            question(asking, "cooperation/shares", chosen("of", of, ruled), Field("into", _("In"), into)),
            *(Text(worded(str(each)), name=f"no_rate_{at}") for at, each in enumerate(problems)),
            *(_schedules(asking, found) if of else ()),
            Table(rows, heads(*_SHARE), name="shares", empty=_("There are no share rules that you may read.")),
        ],
        lead=_("A share is measured within its category, in the book of the party that states the rule."),
        action=to_say(asking, ShareRule, _("State shares"), of=of),
        above=[Link(_("Shares"), asking.to("cooperation/shares"))] if of else [],
    )


def _rows(asking: Asking, each: Measured) -> list[Row]:
    said = each.rule.said
    kept = {"book": each.rule.party, "category": said.category, said.of.partition(":")[0]: said.of.partition(":")[2]}
    kept |= {"since": str(said.begins), "until": str(said.ends)}
    return [
        told(
            row,
            of=asking.to("cooperation/shares", of=said.of),
            planned=to_claim(asking, each.rule),
            amount=asking.to("cooperation/entries", giver=row["party"], **kept),
        )
        for row in showing.shares(each)
    ]


def _schedules(asking: Asking, found: Sequence[Measured]) -> Iterator[Block]:
    """A picture of each schedule of several periods, and for whom it declines."""
    for (party, category), group in groupby(found, key=lambda each: (each.rule.party, each.rule.said.category)):
        periods = list(group)
        if len(periods) > 1:
            rows = [row for each in periods for row in _rows(asking, each)]
            name = f"schedule_{party}_{category.replace(' ', '_')}"
            yield drawing(pictures.schedule(periods, rows), name, rtl=get_language_bidi())
            falling = [each for each in periods[0].rule.said.shares if declines(periods, each)]
            if falling:
                words = {"category": worded(category), "parties": ", ".join(falling)}
                yield Text(_("%(category)s: the share of %(parties)s declines.") % words, name=f"{name}_declines")
