"""The page of the one question: what ends, what goes on and under what, when a clause or agreement lapses on a day.

Rules kept here:

1. Each thing stands once in the tree, under the nearest on which it rests; the table tells all of them.
2. A branch shows so many, then how many more; what is not in the tree is in the table.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.accounting.pages.asked import question
from openmpca.cooperation.agreements.lapse import LOST, OPEN, Lapse, Outcome, Rest
from openmpca.cooperation.agreements.resting import Told, spans, told_of, what_lapses
from openmpca.cooperation.agreements.rules import CIRCLE
from openmpca.cooperation.agreements.statements import ANSWERS, ASPECTS, UNCONCERNED, UNDER, Clause, Dependency
from openmpca.cooperation.agreements.statements import Agreement as AgreementSaid
from openmpca.cooperation.claims import Claims
from openmpca.cooperation.pages.asked import claims_of, to_say
from openmpca.cooperation.pages.parties import to_thing
from openmpca.cooperation.pages.words import HEADS
from openmpca.cooperation.pages.words_of_agreements import standing as in_plain_words
from openmpca.cooperation.projects.statements import Project
from openmpca.cooperation.statements import Said
from openmpca.pages.blocks import LINKS, Block, Branch, Choice, Field, Link, Page, Problems, Row, Table, Tree
from openmpca.pages.routes import Asking, NotFound, Open, page

SHOWN_OF_A_BRANCH: Final = 25
SORTS: Final = ("agreement", "clause", "project", "costline", "visit", "shipment", "site")
_ASKED: Final[dict[str, type[Said]]] = {"clause": Clause, "agreement": AgreementSaid, "project": Project}
_WORDS: Final = (*(each for each in ANSWERS if each != UNCONCERNED), LOST, OPEN)


@page("cooperation/lapse", title=gettext_lazy("What lapses"), needs=Open.WHOLE)
def lapse(asking: Asking, of: str, on: date | None = None, sort: str = "") -> Page:
    """What follows when a clause, agreement or project has its last day on a day, by default as it is stated."""
    claims = claims_of(asking)
    kind = _ASKED.get(of.partition(":")[0])
    said = claims.about(kind, of) if kind is not None else []
    code = of.partition(":")[2]
    if not said:
        raise NotFound(
            _("There is no %(sort)s %(code)s that you may read.") % {"sort": of.partition(":")[0], "code": code}
        )
    last = on or _last(claims, of)
    found = what_lapses(claims, of, last)
    told = told_of(claims, found.fates)
    told |= told_of(claims, [f"site:{each.site}" for each in told.values() if each.site])
    return Page(
        _("When %(code)s lapses") % {"code": code},
        [_question(asking, of, last, sort), *_blocks(asking, found, told, sort)],
        lead=_(
            "What follows when %(code)s has its last day on %(day)s. Lapse is not stop: each of four has its answer."
        )
        % {"code": code, "day": last},
        action=to_say(asking, Dependency, _("State what rests on it"), on=of),
        above=[Link(_("Agreements"), asking.to("cooperation/agreements")), Link(code, to_thing(asking, of))],
    )


def _last(claims: Claims, thing: str) -> date:
    """The last day of a thing as all have it; the day that is looked at where nobody states one."""
    span = spans(claims).get(thing)
    return span.last if span is not None and span.last is not None else claims.day


def _question(asking: Asking, of: str, last: date, sort: str) -> Block:
    choices = [Choice("", _("all")), *(Choice(each, in_plain_words(each)) for each in SORTS)]
    fields = [
        Field("of", _("What lapses"), of, required=True),
        Field("on", _("Its last day"), last.isoformat(), "date"),
        Field("sort", _("Shown"), sort, choices=choices),
    ]
    return question(asking, "cooperation/lapse", fields)


def _blocks(asking: Asking, found: Lapse, told: Mapping[str, Told], sort: str) -> list[Block]:
    things = [each for each in found.fates if sort in ("", each.partition(":")[0])]
    heads = {"thing": _("What"), "title": _("Title"), **_aspects(), "upon": _("Rests on")}
    rings = [CIRCLE.problem(f"{' rests on '.join(ring)}.", record=ring[0]) for ring in found.circles]
    rows = [_row(asking, found, told, each) for each in things]
    blocks: list[Block] = [
        _counts(found),
        Tree(_tree(asking, found, told), "tree", _("What hangs on it"), _("Nothing that you may read rests on it.")),
        Table(rows, heads, name="things", caption=_("What ends, what goes on"), empty=_("Nothing.")),
    ]
    if differing := found.differing():
        blocks.append(_differing(asking, differing))
    return [*([Problems(rings)] if rings else []), *blocks]


def _aspects() -> dict[str, str]:
    return {name: str(HEADS[name]) for name in ASPECTS}


def _counts(found: Lapse) -> Table:
    """How many things each answer has, in each of the four."""
    names = _aspects()
    rows = [{"aspect": names[name], **found.counts(at)} for at, name in enumerate(ASPECTS)]
    heads = {"aspect": "", **{each: in_plain_words(each) for each in _WORDS}}
    return Table(rows, heads, name="counts", caption=_("How many are touched, by what becomes of them"))


def _row(asking: Asking, found: Lapse, told: Mapping[str, Told], thing: str) -> Row:
    fate = found.fates[thing]
    grounds = dict.fromkeys(each.rest.ground for each in fate if each is not None)
    return {
        "thing": thing.partition(":")[2],
        "title": told[thing].title if thing in told else "",
        **{name: in_words(outcome) for name, outcome in zip(ASPECTS, fate, strict=True)},
        "upon": ", ".join(each.partition(":")[2] for each in grounds),
        LINKS: {"thing": to_thing(asking, thing), "upon": to_thing(asking, next(iter(grounds), ""))},
    }


def in_words(outcome: Outcome | None) -> str:
    """What becomes of one of the four, in words; empty where it does not depend on what lapses."""
    if outcome is None:
        return ""
    values = {"last": outcome.last, "other": outcome.rest.instead.partition(":")[2]}
    if outcome.answer == UNDER:
        return (_("under %(other)s until %(last)s") if outcome.last else _("under %(other)s")) % values
    if outcome.answer == LOST:
        return _("stops after %(last)s: %(other)s does not hold then") % values
    if outcome.answer == OPEN:
        return _("open: not settled what follows after %(last)s") % values
    if outcome.last is None:
        return _("survives")
    return (_("stops after %(last)s") if outcome.answer == "stops" else _("until %(last)s")) % values


def _tree(asking: Asking, found: Lapse, told: Mapping[str, Told]) -> list[Branch]:
    """What hangs on it, each thing once under the nearest on which it rests (rule 1)."""
    below: dict[str, list[str]] = {}
    placed = set[str]()
    for rest in found.rests:
        if rest.thing not in placed:
            placed.add(rest.thing)
            below.setdefault(rest.ground, []).append(rest.thing)

    def branches(thing: str) -> list[Branch]:
        every = below.get(thing, [])
        shown = [branch(each) for each in every[:SHOWN_OF_A_BRANCH]]
        more = len(every) - len(shown)
        return [*shown, Branch(_("and %(count)d more") % {"count": more})] if more else shown

    def branch(thing: str) -> Branch:
        known = told.get(thing, Told())
        site = f"site:{known.site}"
        own = [Branch(known.site, to_thing(asking, site), told[site].title)] if site in told else []
        return Branch(
            thing.partition(":")[2], to_thing(asking, thing), _detail(found, thing, known), [*own, *branches(thing)]
        )

    return branches(found.thing)


def _detail(found: Lapse, thing: str, known: Told) -> str:
    authority = in_words(found.fates[thing][0])
    return ", ".join(each for each in (known.title, authority) if each)


def _differing(asking: Asking, differing: Sequence[Sequence[Rest]]) -> Table:
    rows: list[dict[str, Any]] = [
        {
            "thing": rest.thing.partition(":")[2],
            "upon": rest.ground.partition(":")[2],
            "party": rest.party,
            **{name: in_plain_words(answer or OPEN) for name, answer in zip(ASPECTS, rest.answers, strict=True)},
            LINKS: {"thing": to_thing(asking, rest.thing), "upon": to_thing(asking, rest.ground)},
        }
        for said in differing
        for rest in said
    ]
    heads = {"thing": _("What"), "upon": _("Rests on"), "party": _("As said by"), **_aspects()}
    caption = _("Where parties give different answers; above, the earliest end is shown")
    return Table(rows, heads, name="differing", caption=caption)
