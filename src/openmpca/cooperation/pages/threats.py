"""The pages of threats: the analyses that may be read, comparisons, one comparison with all parties' words.

Rules kept here:

1. Nothing is merged: each party's word, confidence and reason stand under its name; the mean place on a scale is shown
   only when every party of the comparison has agreed to averages.
2. A party's own analysis is seen by others only where it released it; a comparison shows what was opened in it.
"""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.pages import sealing
from openmpca.cooperation.pages.asked import about, claims_of, to_claim, to_say
from openmpca.cooperation.pages.words import HEADS, MEANINGS
from openmpca.cooperation.threats import comparing, pictures
from openmpca.cooperation.threats.comparing import Compared, Item, Moved, View
from openmpca.cooperation.threats.content import SORT, own, words
from openmpca.cooperation.threats.statements import CONFIDENCES, Analysis, Averaging, Comparison, Threat
from openmpca.pages.blocks import LINKS, Block, Choice, Facts, Field, Link, Page, Table, Text
from openmpca.pages.charts import drawing
from openmpca.pages.routes import Asking, NotFound, Open, page
from openmpca.pages.told import worded

HEADS.update(
    {
        "scenario": gettext_lazy("Scenario"),
        "threat": gettext_lazy("Threat"),
        "rated": gettext_lazy("Ratings"),
        "confidence": gettext_lazy("Confidence"),
        "reasons": gettext_lazy("Reasons"),
        "label": gettext_lazy("Marking"),
        "scales": gettext_lazy("Scales"),
        "comparison": gettext_lazy("Comparison"),
    }
)
MEANINGS.update(
    {
        "analysis.rated": gettext_lazy("A word for each scale: SCALE=WORD in each line."),
        "analysis.confidence": gettext_lazy("How sure your party is of it."),
        "analysis.label": gettext_lazy("The marking under which your party keeps it."),
        "comparison.scales": gettext_lazy("The words of each scale from the lowest up: SCALE=WORD < WORD < WORD."),
        "comparison.parties": gettext_lazy("Whose analyses are compared: a code in each line."),
        "comparison.threats": gettext_lazy("What is compared: a code in each line."),
        "comparison.after": gettext_lazy("The comparison that this one repeats."),
        "comparison.due": gettext_lazy("By when all are meant to have sealed."),
        "averaging.reason": gettext_lazy("Why, or under what condition."),
    }
)


@page("cooperation/threats", title=gettext_lazy("Threats"), needs=Open.WHOLE, menu=45)
def threats(asking: Asking) -> Page:
    """Every threat with the analyses that may be read, and every comparison."""
    claims = claims_of(asking)
    analysed = claims.by_thing(Analysis)
    rows = [
        {
            "threat": told[0].code,
            "title": " / ".join(dict.fromkeys(each.said.title for each in told)),
            "parties": ", ".join(dict.fromkeys(each.party for each in analysed.get(thing, []))),
            LINKS: {"threat": asking.to("cooperation/threat", code=told[0].code)},
        }
        for thing, told in claims.by_thing(Threat).items()
    ]
    heads = {"threat": _("Threat"), "title": _("Title"), "parties": _("Analyses that you may read")}
    empty = _("There are no threats that you may read.")
    links = [to_say(asking, Comparison, _("Propose a comparison")), to_say(asking, Analysis, _("State an analysis"))]
    return Page(
        _("Threats"),
        [Table(rows, heads, name="threats", caption=_("Threats"), empty=empty), _comparisons(asking, claims)],
        lead=_("Each party keeps its own analyses; a comparison lays side by side what each puts into it."),
        action=to_say(asking, Threat, _("State a threat")),
        links=[each for each in links if each is not None],
    )


def _comparisons(asking: Asking, claims: Claims) -> Table:
    codes = list(dict.fromkeys(each.code for each in claims.of(Comparison)))
    rows = [
        {
            "comparison": each.code,
            "title": each.claim.said.title,
            "stands": ", ".join(f"{one.party}: {sealing.STANDS[one.stands]}" for one in each.matter.standings),
            "due": each.claim.said.due or "",
            "apart": _percent(each.distance),
            LINKS: {"comparison": asking.to("cooperation/comparison", code=each.code)},
        }
        for each in comparing.several(claims, codes, sealing.viewpoint(asking))
    ]
    heads = {
        "comparison": _("Comparison"),
        "title": _("Title"),
        "stands": _("Stands"),
        "due": _("Due"),
        "apart": _("Apart, %"),
    }
    empty = _("There are no comparisons that you may read.")
    return Table(rows, heads, name="comparisons", caption=_("Comparisons"), empty=empty)


def _percent(value: Any) -> str:
    return "" if value is None else f"{float(value) * 100:.0f}"


@page("cooperation/threat", title=gettext_lazy("Threat"), needs=Open.WHOLE)
def threat(asking: Asking, code: str) -> Page:
    """One threat: what each party says of it, and its analyses as far as they may be read."""
    claims = claims_of(asking)
    told = about(claims, Threat, code)
    blocks: list[Block] = [_described(asking, each) for each in told]
    heads = {"day": _("Day"), "party": _("Party"), "rated": _("Ratings"), "confidence": _("Confidence")}
    heads |= {"reasons": _("Reasons"), "label": _("Marking")}
    rows = [_analysis(asking, each) for each in claims.about(Analysis, f"threat:{code}")]
    blocks.append(
        Table(rows, heads, name="analyses", caption=_("Analyses"), empty=_("There is none that you may read."))
    )
    title = " / ".join(dict.fromkeys(each.said.title for each in told))
    action = to_say(asking, Analysis, _("State an analysis"), threat=code)
    return Page(f"{code}: {title}", blocks, action=action, above=[Link(_("Threats"), asking.to("cooperation/threats"))])


def _described(asking: Asking, claim: Claim[Threat]) -> Facts:
    facts = {name: getattr(claim.said, name) for name in ("title", "scenario") if getattr(claim.said, name)}
    heads = {name: str(HEADS[name]) for name in facts}
    return Facts(
        facts, name=f"threat-{claim.party}", caption=claim.party, links={"title": to_claim(asking, claim)}, heads=heads
    )


def _analysis(asking: Asking, claim: Claim[Analysis]) -> dict[str, object]:
    said = claim.said
    return {
        "day": said.day,
        "party": claim.party,
        "rated": ", ".join(f"{scale}: {word}" for scale, word in said.rated.items()),
        "confidence": worded(said.confidence),
        "reasons": said.reasons,
        "label": said.label,
        LINKS: {"day": to_claim(asking, claim)},
    }


@page("cooperation/comparison", title=gettext_lazy("Comparison"), needs=Open.WHOLE)
def comparison(asking: Asking, code: str) -> Page:
    """One comparison: who has sealed and opened, the words side by side, how far apart, what converges, and why."""
    claims = claims_of(asking)
    found = comparing.compared(claims, code, sealing.viewpoint(asking))
    if found is None:
        raise NotFound(_("There is no comparison %(code)s that you may read.") % {"code": code})
    ways = sealing.ways(asking, found.matter)
    agree = to_say(asking, Averaging, _("Agree to averages"), comparison=code)
    agreeing = [agree] if agree is not None and asking.reach.parties & (set(found.parties) - found.agreed) else []
    blocks = [*sealing.standing_blocks(asking, found.matter), _scales(found)]
    if found.matter.first is not None:
        blocks += _opened(asking, claims, found)
    return Page(
        f"{code}: {found.claim.said.title}",
        blocks,
        lead=_lead(found),
        action=ways[0] if ways else None,
        links=[*ways[1:], *agreeing],
        above=[Link(_("Threats"), asking.to("cooperation/threats"))],
    )


def _lead(found: Compared) -> str:
    if found.distance is None:
        return _("Nothing can be compared before two parties have opened what they sealed.")
    return _("Apart in all: %(percent)s %% of what the scales allow.") % {"percent": _percent(found.distance)}


def _scales(found: Compared) -> Facts:
    return Facts(dict(found.claim.said.scales), name="scales", caption=_("Scales, from the lowest up"))


def _opened(asking: Asking, claims: Claims, found: Compared) -> Iterator[Block]:
    yield drawing(pictures.views(found), "views", rtl=get_language_bidi())
    heads = {
        "threat": _("Threat"),
        "scale": _("Scale"),
        **{each: each for each in found.parties},
        "apart": _("Apart, %"),
    }
    heads |= {"mean": _("Mean place")} if found.averaged else {}
    yield Table([_item(asking, found, each) for each in found.items], heads, name="items", caption=_("How far apart"))
    if not found.averaged:
        waiting = ", ".join(each for each in found.parties if each not in found.agreed)
        text = _("No averages are shown: %(parties)s have not agreed to them.") % {"parties": waiting}
        yield Text(text, name="averages")
    why = {"threat": _("Threat"), "party": _("Party"), "confidence": _("Confidence"), "since": _("Held since")}
    rows = [row for each in found.items for row in _reasons(asking, each)]
    unique = list({(row["threat"], row["party"]): row for row in rows}.values())
    yield Table(unique, {**why, "reasons": _("Reasons")}, name="reasons", caption=_("Reasons"))
    course = comparing.course(claims, found.code, sealing.viewpoint(asking))
    if len(course) > 1:
        yield drawing(pictures.course(course), "course", rtl=get_language_bidi())
        yield _moves(asking, course)
    for party, told in found.misfits:
        yield Text(f"{party}: {told}", name=f"misfit-{party}")


def _item(asking: Asking, found: Compared, item: Item) -> dict[str, object]:
    said = {party: item.views[party].word for party in found.parties if party in item.views}
    mean = {"mean": f"{float(item.mean):.2f}"} if found.averaged and item.mean is not None else {}
    told = {"threat": item.threat, "scale": item.scale, **said, "apart": _percent(item.distance), **mean}
    return {**told, LINKS: _to_threat(asking, item.threat)}


def _to_threat(asking: Asking, code: str) -> dict[str, str]:
    return {"threat": asking.to("cooperation/threat", code=code)}


def _reasons(asking: Asking, item: Item) -> Iterator[dict[str, object]]:
    for view in item.views.values():
        yield {"threat": item.threat, **_said(view), LINKS: _to_threat(asking, item.threat)}


def _said(view: View) -> dict[str, object]:
    confidence = worded(view.confidence) if view.confidence else ""
    return {"party": view.party, "confidence": confidence, "since": view.day or "", "reasons": view.reasons}


def _moves(asking: Asking, course: list[Compared]) -> Table:
    """What came nearer or went further apart from each comparison to the next, and who changed."""
    rows = []
    for before, now in pairwise(course):
        rows += [_move(asking, now, each) for each in comparing.moved(before, now) if each.changed]
    heads = {"comparison": _("Comparison"), "threat": _("Threat"), "scale": _("Scale"), "who": _("Who changed")}
    empty = _("Nobody changed a word.")
    return Table(rows, {**heads, "change": _("Change, %")}, name="moves", caption=_("What converges"), empty=empty)


def _move(asking: Asking, now: Compared, each: Moved) -> dict[str, object]:
    told = {"comparison": now.code, "threat": each.now.threat, "scale": each.now.scale}
    links = {"comparison": asking.to("cooperation/comparison", code=now.code), **_to_threat(asking, each.now.threat)}
    return {**told, "who": ", ".join(each.changed), "change": f"{float(each.change) * 100:+.0f}", LINKS: links}


def _fields(claims: Claims, said: Comparison, party: str, given: Mapping[str, Any]) -> list[Field]:
    """For each threat a word on each scale, how sure the party is, and why; from its own analyses where it has some."""
    held, found, why = own(claims, said, party).threats, [], _("The others read it once it is opened.")
    for code in said.threats:
        mine = held.get(code)
        for scale, text in said.scales.items():
            value = given.get(f"word-{code}-{scale}", mine.rated.get(scale, "") if mine else "")
            choices = [Choice("", ""), *(Choice(each, each) for each in words(text))]
            found.append(Field(f"word-{code}-{scale}", f"{code}: {scale}", str(value), choices=choices, help=text))
        sure = [Choice("", ""), *(Choice(each, worded(each)) for each in CONFIDENCES)]
        value = given.get(f"confidence-{code}", mine.confidence if mine else "")
        found.append(
            Field(
                f"confidence-{code}",
                f"{code}: {HEADS['confidence']}",
                str(value),
                choices=sure,
                help=str(MEANINGS["analysis.confidence"]),
            )
        )
        value = given.get(f"reasons-{code}", mine.reasons if mine else "")
        found.append(Field(f"reasons-{code}", f"{code}: {HEADS['reasons']}", str(value), help=why))
    return found


def _content(said: Comparison, sent: Mapping[str, Any]) -> object:
    return {"threats": {code: each for code in said.threats if (each := _rated(said, sent, code))}}


def _rated(said: Comparison, sent: Mapping[str, Any], code: str) -> dict[str, Any]:
    typed = {scale: str(sent.get(f"word-{code}-{scale}", "")).strip() for scale in said.scales}
    others = {name: str(sent.get(f"{name}-{code}", "")).strip() for name in ("confidence", "reasons")}
    rated = {scale: word for scale, word in typed.items() if word}
    return {"rated": rated, **{name: text for name, text in others.items() if text}} if rated else {}


sealing.TYPING[SORT] = sealing.Typing(_fields, _content, "cooperation/comparison", gettext_lazy("Comparison"))
