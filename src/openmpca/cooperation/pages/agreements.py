"""The pages of agreements: all with what expires, one as each party has it, one clause with the positions on it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openmpca.cooperation.agreements import positions, terms
from openmpca.cooperation.agreements.positions import Stand
from openmpca.cooperation.agreements.statements import Agreement, Amendment, Clause, Dependency, Position, Term
from openmpca.cooperation.agreements.terms import Expiry, Held
from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.pages.asked import about, claims_of, to_claim, to_say
from openmpca.cooperation.pages.parties import to_thing
from openmpca.cooperation.pages.words import HEADS
from openmpca.cooperation.pages.words_of_agreements import standing as in_plain_words
from openmpca.pages.blocks import LINKS, Beside, Block, Branch, Facts, Link, Page, Row, Table, Text, Tree
from openmpca.pages.routes import Asking, Open, page

FACTS: Final = ("title", "layer", "parties", "signed", "provisional", "in_force", "expires", "under")
CLAUSE_FACTS: Final = ("title", "sort", "agreement", "article", "expires", "survives")


@page("cooperation/agreements", title=gettext_lazy("Agreements"), needs=Open.WHOLE, menu=15)
def agreements(asking: Asking) -> Page:
    """What expires in the months ahead, every agreement as each party has it, and what rests on what."""
    claims = claims_of(asking)
    held, said = terms.agreements(claims), claims.by_thing(Agreement)
    heads = {"agreement": _("Agreement"), "title": _("Title"), "layer": _("Layer"), "party": _("As said by")}
    more = {"standing": _("Standing"), "last": _("Last day")}
    rows = [_row(asking, each, said[each.thing][0].said, claims) for views in held.values() for each in views]
    return Page(
        _("Agreements"),
        [
            expiring_table(asking, terms.expiring(claims, claims.day)),
            Table(rows, {**heads, **more}, name="agreements", empty=_("There are no agreements that you may read.")),
            Tree(_layers(asking, said), "layers", _("What rests on what"), _("No agreement rests on another.")),
        ],
        lead=_("Each party states an agreement for itself; where they differ, both stand here."),
        action=to_say(asking, Agreement, _("State an agreement")),
    )


def expiring_table(asking: Asking, found: Sequence[Expiry]) -> Table:
    """What expires, the soonest first, each leading to what follows when it lapses."""
    rows: list[dict[str, Any]] = [
        {
            "last": each.last,
            "warning": warning(each),
            "what": each.code,
            "title": each.title,
            "parties": ", ".join(each.parties),
            "others": _("others differ") if each.disputed else "",
            "follows": _("what follows"),
            LINKS: {
                "what": to_thing(asking, each.thing),
                "follows": asking.to("cooperation/lapse", of=each.thing, on=each.last.isoformat()),
            },
        }
        for each in found
    ]
    heads = {"last": _("Last day"), "warning": "", "what": _("What"), "title": _("Title"), "parties": _("As said by")}
    caption = _("What expires in the two years ahead")
    return Table(rows, {**heads, "others": "", "follows": ""}, name="expiring", caption=caption, empty=_("Nothing."))


def warning(each: Expiry) -> str:
    """How soon something expires, in words."""
    if not each.months:
        return _("lapsed")
    return _("within %(count)d months") % {"count": each.months}


def _row(asking: Asking, each: Held, said: Agreement, claims: Claims) -> Row:
    return {
        "agreement": each.code,
        "title": each.title,
        "layer": in_plain_words(said.layer),
        "party": each.party,
        "standing": in_plain_words(each.standing(claims.day)),
        "last": each.last,
        LINKS: {"agreement": to_thing(asking, each.thing)},
    }


def _layers(asking: Asking, said: Mapping[str, Sequence[Claim[Agreement]]]) -> list[Branch]:
    """The agreements as trees, each under that on which it rests; one in a circle stands nowhere but in the list."""
    below: dict[str, list[str]] = {}
    for thing, claims in said.items():
        under = next((each.said.under for each in claims if each.said.under), "")
        below.setdefault(f"agreement:{under}" if f"agreement:{under}" in said else "", []).append(thing)

    def branch(thing: str) -> Branch:
        within = [branch(each) for each in below.get(thing, ())]
        return Branch(thing.partition(":")[2], to_thing(asking, thing), said[thing][0].said.title, within)

    return [branch(each) for each in below.get("", ())] if len(below) > 1 else []


@page("cooperation/agreement", title=gettext_lazy("Agreement"), needs=Open.WHOLE)
def agreement(asking: Asking, code: str) -> Page:
    """One agreement: what each party says of it, its texts, its clauses with the positions on them, its changes."""
    claims = claims_of(asking)
    said = about(claims, Agreement, code)
    to_lapse = Link(_("What follows when it lapses"), asking.to("cooperation/lapse", of=f"agreement:{code}"))
    ways = [
        to_say(asking, Clause, _("State a clause"), agreement=code),
        to_say(asking, Term, _("Change its term"), agreement=code),
        to_say(asking, Amendment, _("State an amendment"), agreement=code),
    ]
    return Page(
        f"{code}: {said[0].said.title}",
        list(_blocks(asking, claims, code, said)),
        action=to_lapse,
        links=[each for each in ways if each is not None],
        above=[Link(_("Agreements"), asking.to("cooperation/agreements"))],
    )


def _blocks(asking: Asking, claims: Claims, code: str, said: Sequence[Claim[Agreement]]) -> Iterator[Block]:
    held = terms.agreements(claims)[f"agreement:{code}"]
    if len({(each.first, each.last) for each in held}) > 1:
        yield Text(_("The parties differ in when it holds: what each says stands below."), name="differs")
    yield Beside([facts_of(asking, each, FACTS) for each in said], caption=_("What each party says"))
    rows = [
        {"party": each.party, "standing": in_plain_words(each.standing(claims.day)), "last": each.last} for each in held
    ]
    heads = {"party": _("Party"), "standing": _("Standing"), "last": _("Last day")}
    yield Table(rows, heads, name="terms", caption=_("How it stands, with all changes of its term"))
    yield _texts(positions.texts(claims, code))
    yield _clauses(asking, positions.stands(claims, code))
    yield _changes(asking, claims, code)


def facts_of(asking: Asking, claim: Claim[Any], names: Sequence[str]) -> Facts:
    """What a party says of a thing, under the heads of its fields; its title leads to the statement."""
    said = {name: getattr(claim.said, name) for name in names}
    given = {name: _shown(name, value) for name, value in said.items() if value not in (None, "", [], 0)}
    heads = {name: str(HEADS[name]) for name in given}
    return Facts(given, f"said-{claim.party}", claim.party, {"title": to_claim(asking, claim)}, heads)


def _shown(name: str, value: object) -> object:
    if name == "survives" and value == -1:
        return _("for ever")
    if isinstance(value, list):
        return ", ".join(value)
    return in_plain_words(str(value)) if name in ("layer", "sort") else value


def _texts(texts: Sequence[positions.Text]) -> Table:
    rows = [
        {"language": each.language, "party": party, "digest": digest, "differs": _("differs") if each.differs else ""}
        for each in texts
        for party, digest in each.digests.items()
    ]
    heads = {"language": _("Language"), "party": _("As said by"), "digest": _("SHA-256"), "differs": ""}
    caption = _("Texts, all equally authentic")
    return Table(rows, heads, name="texts", caption=caption, empty=_("Nobody has stated the digest of a text."))


def _clauses(asking: Asking, stands: Sequence[Stand]) -> Table:
    """The clauses by row, the parties by column, with each position."""
    parties = sorted({party for each in stands for party in (*each.last, *each.silent)})
    rows = [
        {
            "clause": each.clause.code,
            "title": each.clause.said.title,
            "sort": in_plain_words(each.clause.said.sort),
            "standing": in_plain_words(each.standing),
            **{party: in_plain_words(position.said.stance) for party, position in each.last.items()},
            LINKS: {
                "clause": to_thing(asking, each.clause.thing),
                **{party: to_claim(asking, position) for party, position in each.last.items()},
            },
        }
        for each in stands
    ]
    heads = {"clause": _("Clause"), "title": _("Title"), "sort": _("Sort"), "standing": _("Standing")}
    caption = _("Clauses, and what each party holds of them")
    columns = {**heads, **{party: party for party in parties}}
    return Table(rows, columns, name="clauses", caption=caption, empty=_("Nobody has stated a clause."))


def _changes(asking: Asking, claims: Claims, code: str) -> Table:
    amended = [each for each in claims.of(Amendment) if each.said.agreement == code]
    moved = claims.about(Term, f"agreement:{code}")
    rows: list[dict[str, Any]] = [
        {
            "day": each.said.day,
            "party": each.party,
            "change": each.said.title,
            "of": ", ".join(each.said.clauses),
            "expires": None,
            LINKS: {"change": to_claim(asking, each)},
        }
        for each in amended
    ]
    rows += [
        {
            "day": each.said.day,
            "party": each.party,
            "change": in_plain_words(each.said.change),
            "of": each.said.reason,
            "expires": each.said.expires,
            LINKS: {"change": to_claim(asking, each)},
        }
        for each in moved
    ]
    heads = {"day": _("Day"), "party": _("As said by"), "change": _("Change"), "of": "", "expires": _("Last day")}
    rows.sort(key=lambda each: each["day"])
    return Table(
        rows, heads, name="changes", caption=_("Amendments and changes of its term"), empty=_("There are none.")
    )


@page("cooperation/clause", title=gettext_lazy("Clause"), needs=Open.WHOLE)
def clause(asking: Asking, code: str) -> Page:
    """One clause: what each party says of it, how each came to its position, what rests on it and by which answers."""
    claims = claims_of(asking)
    said = about(claims, Clause, code)
    ways = [
        Link(_("What follows when it lapses"), asking.to("cooperation/lapse", of=f"clause:{code}")),
        to_say(asking, Dependency, _("State what rests on it"), on=f"clause:{code}"),
    ]
    whole = said[0].said.agreement
    above = [
        Link(_("Agreements"), asking.to("cooperation/agreements")),
        Link(whole, to_thing(asking, f"agreement:{whole}")),
    ]
    return Page(
        f"{code}: {said[0].said.title}",
        [
            Beside([facts_of(asking, each, CLAUSE_FACTS) for each in said], caption=_("What each party says")),
            _positions(asking, positions.positions(claims, code)),
            dependencies_table(asking, [each for each in claims.of(Dependency) if each.said.on == f"clause:{code}"]),
        ],
        action=to_say(asking, Position, _("State a position"), clause=code),
        links=[each for each in ways if each is not None],
        above=above,
    )


def _positions(asking: Asking, held: Sequence[Claim[Position]]) -> Table:
    rows = [
        {
            "day": each.said.day,
            "party": each.party,
            "stance": in_plain_words(each.said.stance),
            "reason": each.said.reason,
            "wanted": each.said.wanted,
            LINKS: {"stance": to_claim(asking, each)},
        }
        for each in held
    ]
    heads = {"day": _("Day"), "party": _("Party"), "stance": _("Position"), "reason": _("Reason")}
    caption, wanted = _("Positions, the last of each party counts"), {"wanted": _("Wording that it would accept")}
    return Table(rows, {**heads, **wanted}, name="positions", caption=caption, empty=_("Nobody has stated a position."))


def dependencies_table(asking: Asking, found: Sequence[Claim[Dependency]]) -> Table:
    """Dependencies as they are stated, with their four answers."""
    rows = [
        {
            "what": each.code,
            "party": each.party,
            **{name: in_plain_words(getattr(each.said, name) or "open") for name in ASPECTS_SHOWN},
            "instead": each.said.instead.partition(":")[2],
            "until": each.said.until,
            "reason": each.said.reason,
            LINKS: {
                "what": to_thing(asking, each.thing),
                "party": to_claim(asking, each),
                "instead": to_thing(asking, each.said.instead) if each.said.instead else "",
            },
        }
        for each in found
    ]
    names = ("what", *ASPECTS_SHOWN, "instead", "until", "reason")
    heads = {name: str(HEADS.get(name, name)) for name in names}
    caption = _("What rests on it, and what becomes of that when it lapses")
    columns = {"what": heads["what"], "party": _("As said by"), **heads}
    return Table(rows, columns, name="dependencies", caption=caption, empty=_("Nobody has stated that anything does."))


ASPECTS_SHOWN: Final = ("authority", "payment", "access", "protection")
