"""The pages of what is counted: the scoreboard, one line with all its counts, exchanges in the eyes of each party.

Rules kept here:

1. A count never stands alone: beside it stand its party, its day, its source and what the others hold of it.
2. Where counts and increments do not agree both figures are shown, with what kind of disagreement it is.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.elimination import exchanges as exchanged
from openmpca.cooperation.elimination import scoreboard as counted
from openmpca.cooperation.elimination.statements import Count, Exchange, Increment, Line, Listing, View
from openmpca.cooperation.pages.asked import about, claims_of, to_claim, to_say
from openmpca.cooperation.pages.words import HEADS, MEANINGS
from openmpca.pages.blocks import LINKS, Block, Drawing, Facts, Link, Page, Row, Table, Text
from openmpca.pages.charts import drawing
from openmpca.pages.charts.described import Lines, Series
from openmpca.pages.routes import Asking, Open, page
from openmpca.pages.told import worded

HEADS.update(
    {
        "line": gettext_lazy("Line"),
        "definition": gettext_lazy("Definition"),
        "owner": gettext_lazy("Owner of the definition"),
        "unit": gettext_lazy("Unit"),
        "baseline": gettext_lazy("Baseline"),
        "target": gettext_lazy("Target"),
        "source": gettext_lazy("Source"),
        "on": gettext_lazy("At the end of"),
        "amount": gettext_lazy("Amount"),
        "first": gettext_lazy("First day"),
        "last": gettext_lazy("Last day"),
        "declarer": gettext_lazy("Declared by"),
        "counted": gettext_lazy("Statuses that count"),
        "published": gettext_lazy("Published sums"),
        "limit": gettext_lazy("Limit"),
        "exchange": gettext_lazy("Exchange"),
        "status": gettext_lazy("Status"),
        "position": gettext_lazy("Position"),
        "viewer": gettext_lazy("In the eyes of"),
        "sees": gettext_lazy("Sees it as"),
    }
)
MEANINGS.update(
    {
        "line.type": gettext_lazy("The type of items that the line counts, where they are stated one by one."),
        "line.source": gettext_lazy("Where the definition stands."),
        "view.of": gettext_lazy("The item, the line or the listing, as SORT:CODE."),
        "exchange.published": gettext_lazy("Sums as they were published: STATUS=AMOUNT, * for all that counts."),
    }
)


@page("cooperation/scoreboard", title=gettext_lazy("Scoreboard"), needs=Open.WHOLE, menu=60)
def scoreboard(asking: Asking) -> Page:
    """Every line with the last count of each party, its target, and how many of its steps are not explained."""
    claims = claims_of(asking)
    heads = {
        "line": _("Line"),
        "title": _("Title"),
        "party": _("Party"),
        "on": _("At the end of"),
        "amount": _("Amount"),
        "unit": _("Unit"),
        "target": _("Target"),
        "unexplained": _("Unexplained"),
        "gaps": _("Gaps"),
        "source": _("Source"),
    }
    rows = [row for each in counted.scoreboard(claims) for row in _rows(asking, each)]
    blocks: list[Block] = [Table(rows, heads, name="lines", empty=_("There is no line that you may read."))]
    blocks += [_twin(asking, each) for each in counted.twins(claims)]
    return Page(
        _("Scoreboard"),
        blocks,
        lead=_("Each party counts for itself. A line has the definition that its owner gave it."),
        action=to_say(asking, Line, _("State a line")),
        links=[Link(_("Exchanges of data"), asking.to("cooperation/exchanges"))],
    )


def _rows(asking: Asking, each: counted.Standing) -> Iterator[Row]:
    outcomes = [step.outcome for step in each.wrong]
    leads = {"line": asking.to("cooperation/line", code=each.line.code)}
    said = each.line.said
    common = {
        "line": each.line.code,
        "title": said.title,
        "unit": said.unit,
        "target": said.target or None,
        "unexplained": outcomes.count("unexplained"),
        "gaps": outcomes.count("gap in the source"),
    }
    for one in each.counts:
        counts = {"party": one.party, "on": one.said.on, "amount": one.said.amount, "source": one.said.source}
        yield {**common, **counts, LINKS: {**leads, "amount": to_claim(asking, one)}}
    if not each.counts:
        yield {**common, "party": each.line.party, "on": None, "amount": None, "source": said.source, LINKS: leads}


def _twin(asking: Asking, each: counted.Twin) -> Text:
    told = _("%(line)s and %(other)s have the same amounts on the same days: they may be one line printed twice.")
    return Text(told % {"line": each.line, "other": each.other}, name=f"twin_{each.line}_{each.other}")


@page("cooperation/line", title=gettext_lazy("Line of the scoreboard"), needs=Open.WHOLE)
def line(asking: Asking, code: str) -> Page:
    """One line: what it counts, its counts through time, and what they grew by against what was told."""
    claims = claims_of(asking)
    found = about(claims, Line, code)
    standing = [each for each in counted.scoreboard(claims) if each.line.code == code]
    said = found[-1].said
    names = ("definition", "owner", "unit", "baseline", "target", "type", "source")
    facts = {name: value for name in names if (value := getattr(said, name))}
    counts = claims.about(Count, found[-1].thing)
    blocks: list[Block] = [Facts(facts, heads={name: str(HEADS.get(name, name)) for name in facts})]
    blocks += [*_drawn(code, said, counts), *(_steps(asking, each) for each in standing[-1:])]
    blocks.append(_held(asking, claims, counts))
    ways = [to_say(asking, kind, text, line=code) for kind, text in _WAYS]
    dispute = to_say(asking, View, _("Accept or dispute a count"), of=f"line:{code}")
    return Page(
        f"{code}: {said.title}",
        blocks,
        action=ways[0],
        links=[each for each in (*ways[1:], dispute) if each is not None],
        above=[Link(_("Scoreboard"), asking.to("cooperation/scoreboard"))],
    )


_WAYS: tuple[tuple[type[Any], Any], ...] = (
    (Count, gettext_lazy("State a count")),
    (Increment, gettext_lazy("State an increment")),
)


def _drawn(code: str, said: Line, counts: list[Claim[Count]]) -> Iterator[Drawing]:
    """The counts through time, a line for each party, where there are two days at least."""
    parties = dict.fromkeys(each.party for each in counts)
    series = [
        Series(party, "", sorted((each.said.on, Fraction(each.said.amount)) for each in counts if each.party == party))
        for party in parties
    ]
    if any(len(each.points) > 1 for each in series):
        heads = {"party": _("Party"), "on": _("At the end of"), "amount": said.unit}
        rows = [{"party": each.party, "on": each.said.on, "amount": each.said.amount} for each in counts]
        summary = _("%(title)s, as each party counts it.") % {"title": said.title}
        table = Table(rows, heads, name="line_figures")
        chart = Lines(title=said.title, summary=summary, unit=said.unit, table=table, series=series)
        yield drawing(chart, f"line_{code}", rtl=get_language_bidi())


def _steps(asking: Asking, each: counted.Standing) -> Table:
    rows = [
        {
            "party": step.party,
            "first": step.first.said.on,
            "last": step.last.said.on,
            "grown": str(step.grown),
            "told": str(step.told),
            "left": str(step.left),
            "outcome": worded(step.outcome),
            "gaps": [f"{first} – {last}" for first, last in step.gaps] if step.left else [],
            LINKS: {"first": to_claim(asking, step.first), "last": to_claim(asking, step.last)},
        }
        for step in each.steps
    ]
    heads = {
        "party": _("Party"),
        "first": _("From"),
        "last": _("To"),
        "grown": _("Grew by"),
        "told": _("Told"),
        "left": _("Left"),
        "outcome": _("Outcome"),
        "gaps": _("Days not told of"),
    }
    return Table(rows, heads, name="steps", caption=_("From count to count"), empty=_("There are no two counts yet."))


def _held(asking: Asking, claims: Claims, counts: list[Claim[Count]]) -> Table:
    """Every count with its source, and what the others hold of it."""
    parties = sorted({each.party for each in counts})
    rows = [
        {
            "party": each.party,
            "on": each.said.on,
            "amount": each.said.amount,
            "source": each.said.source,
            "others": [
                " ".join(filter(None, (f"{one.party}: {worded(one.position)}", one.sees, one.reason)))
                for one in counted.positions(claims, each, parties)
            ],
            LINKS: {"amount": to_claim(asking, each)},
        }
        for each in sorted(counts, key=lambda each: (each.said.on, each.party))
    ]
    heads = {"party": _("Party"), "on": _("At the end of"), "amount": _("Amount"), "source": _("Source")}
    return Table(rows, {**heads, "others": _("What the others hold of it")}, name="counts", caption=_("Counts"))


@page("cooperation/exchanges", title=gettext_lazy("Exchanges of data"), needs=Open.WHOLE, menu=65)
def exchanges(asking: Asking) -> Page:
    """Every exchange with the total of each viewer."""
    claims = claims_of(asking)
    rows = [
        {
            "exchange": each.code,
            "title": each.said.title,
            "day": each.said.day,
            "viewer": seen.viewer,
            "total": str(seen.total),
            "limit": each.said.limit or None,
            "above": str(seen.above),
            LINKS: {"exchange": asking.to("cooperation/exchange", code=each.code)},
        }
        for each in claims.of(Exchange)
        for seen in exchanged.viewpoints(claims, each)
    ]
    heads = {"exchange": _("Exchange"), "title": _("Title"), "day": _("Day"), "viewer": _("In the eyes of")}
    figures = {"total": _("Total"), "limit": _("Limit"), "above": _("Above it")}
    table = Table(rows, heads | figures, name="exchanges", empty=_("There is no exchange that you may read."))
    return Page(_("Exchanges of data"), [table], action=to_say(asking, Exchange, _("State an exchange")))


@page("cooperation/exchange", title=gettext_lazy("Exchange of data"), needs=Open.WHOLE)
def exchange(asking: Asking, code: str) -> Page:
    """One exchange: totals, the list with its statuses in the eyes of each party, published sums beside those of it."""
    claims = claims_of(asking)
    found = about(claims, Exchange, code)[-1]
    views = exchanged.viewpoints(claims, found)
    totals = [
        {"viewer": each.viewer, "total": str(each.total), "limit": found.said.limit or None, "above": str(each.above)}
        for each in views
    ]
    heads = {"viewer": _("In the eyes of"), "total": _("Total"), "limit": _("Limit"), "above": _("Above it")}
    sums = [
        {
            "status": each.status,
            "published": str(each.published),
            "summed": str(each.summed),
            "holds": each.holds,
        }
        for each in exchanged.identities(claims, found)
    ]
    of_sums = {
        "status": _("Status"),
        "published": _("Published"),
        "summed": _("Sum of the lines"),
        "holds": _("The same"),
    }
    blocks: list[Block] = [Table(totals, heads, name="totals", caption=_("Totals")), _listed(asking, views)]
    blocks += [Table(sums, of_sums, name="sums", caption=_("Published sums"))] if sums else []
    return Page(
        f"{code}: {found.said.title}",
        blocks,
        lead=found.said.source,
        action=to_say(asking, Listing, _("State a line of it"), exchange=code),
        above=[Link(_("Exchanges of data"), asking.to("cooperation/exchanges"))],
    )


def _listed(asking: Asking, views: list[exchanged.Viewpoint]) -> Table:
    """The lines, with status and amount in the eyes of each viewer."""
    heads = {"listing": _("Line"), "title": _("Title"), "amount": _("Amount")}
    heads |= {f"of_{at}": each.viewer for at, each in enumerate(views)} | {"reason": _("Reason")}
    rows = []
    for at, each in enumerate(views[0].lines if views else ()):
        seen = [view.lines[at] for view in views]
        disputes = [one.dispute for one in seen if one.dispute is not None]
        rows.append(
            {
                "listing": each.listing.code,
                "title": each.listing.said.title,
                "amount": each.listing.said.amount,
                **{f"of_{place}": _told(one) for place, one in enumerate(seen)},
                "reason": [one.said.reason for one in disputes],
                LINKS: {"listing": to_claim(asking, each.listing)}
                | ({"reason": to_claim(asking, disputes[0])} if disputes else {}),
            }
        )
    return Table(rows, heads, name="lines", caption=_("Lines"), empty=_("It has no lines."))


def _told(seen: exchanged.Seen) -> str:
    differs = seen.dispute is not None and str(seen.amount) != seen.listing.said.amount
    return f"{seen.status}: {seen.amount}" if differs else seen.status
