"""What is checked of statements about agreements: rules 825 to 833.

Each is held against what the party that states may read: no message tells what another party keeps.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Any, Final

from openmpca.cooperation.agreements.resting import grounds, spans
from openmpca.cooperation.agreements.statements import (
    ACCEPTS,
    ASPECTS,
    ENDED,
    FOR_EVER,
    LAYERS,
    UNDER,
    UNTIL,
    Agreement,
)
from openmpca.cooperation.agreements.terms import Span, agreements
from openmpca.cooperation.circles import circle
from openmpca.cooperation.claims import Claims
from openmpca.cooperation.rules import Check, rows
from openmpca.problems import WARNING, Problem, rule
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known

ORDER = rule(
    825,
    "An agreement is signed, applied, in force and expires in that order",
    source="research on joint programmes, 1.1: entry into force, provisional application, term",
    mend="Give the days in their order; leave out what has not happened.",
)
ROOF = rule(
    826,
    "An agreement rests on one of a layer above it, and on none that rests on itself",
    source="research on joint programmes, 1.1: legal layers; design idea 5: cyclic dependencies are named",
    mend="Name the agreement above it: umbrella, implementing, site, contract, in that order.",
)
LANGUAGE = rule(
    827,
    "A text is in a language",
    source="research on joint programmes, 4.3: texts of equal authenticity, each hashed",
    mend="Write en=DIGEST, a line for each language, with the two or three letters of the language.",
)
OUTLIVES = rule(
    828,
    "What survives a clause does so for some years, or for ever",
    source="research on joint programmes, 1.1: survival of obligations after expiry",
    mend="Give a number of years from 0 to 100, or -1 for ever.",
)
REASONED = rule(
    829,
    "A position that does not accept says why",
    source="design idea 7: each party's position with its reason",
    mend="Say the reason, in words that the other parties may read.",
)
ANSWERED = rule(
    830,
    "An answer that something goes on says under what, or until when",
    source="research on joint programmes, 1.1: lapse is not stop",
    mend="Name the clause in `instead`, or the day in `until`, where an answer needs it, and only there.",
)
CIRCLE = rule(
    831,
    "What rests on something does not come to rest on itself",
    source="design idea 5: cyclic dependencies are named",
    mend="Take back or replace one of the dependencies of the circle.",
)
MOVED = rule(
    832,
    "An extension ends later than what it extends, an ending no later",
    source="research on joint programmes, 1.1: term and extension",
    mend="Give the new last day; where the term as you have it is wrong, replace the agreement's statement first.",
)
LATER = rule(
    833,
    "What goes on under another clause, or until a day, outlasts the clause that lapses",
    severity=WARNING,
    source="research on joint programmes, 1.1: what may go on and under what",
    mend="Check the last day: as it stands, nothing goes on when the clause reaches its end.",
)
LONGEST_SURVIVAL: Final = 100
_LANGUAGE: Final = (2, 3)
_NOWHERE: Final = Span(None, None)

Fields = Mapping[str, Any]


def _readable(known: Known, act: Act) -> Claims:
    """What the party that states may read, whatever its day."""
    return Claims(date.max, known.number - 1, [act.party], known.using)


def _agreements(segment: Segment, known: Known, act: Act) -> list[Problem]:
    said = _readable(known, act).of(Agreement)
    layers = {each.code: each.said.layer for each in said}
    roofs = {each.code: [each.said.under] for each in said if each.said.under and each.party == act.party}
    for _where, fields in rows(segment):
        layers[fields["code"]] = fields["layer"]
        roofs[fields["code"]] = [fields["under"]] if fields.get("under") else []
    problems = []
    for where, fields in rows(segment):
        problems += [*_order(where, fields), *_languages(where, fields), *_roof(where, fields, layers)]
        if found := circle(fields["code"], roofs):
            told = f"{' rests on '.join(found)}."
            problems.append(ROOF.problem(told, record=where, field="under"))
    return problems


def _order(where: str, fields: Fields) -> Iterator[Problem]:
    names = ("signed", "provisional", "in_force", "expires")
    given = [(name, fields[name]) for name in names if fields.get(name) is not None]
    for (before, earlier), (name, later) in pairwise(given):
        if later < earlier:
            yield ORDER.problem(f"{name} {later} is before {before} {earlier}.", record=where, field=name)


def _languages(where: str, fields: Fields) -> Iterator[Problem]:
    for language in fields.get("texts", {}):
        if len(language) not in _LANGUAGE or not language.isascii() or not language.islower():
            yield LANGUAGE.problem(f"{language!r} is no language.", record=where, field="texts")


def _roof(where: str, fields: Fields, layers: Mapping[str, str]) -> Iterator[Problem]:
    above = layers.get(fields.get("under", ""), "")
    if above in LAYERS and fields["layer"] in LAYERS and LAYERS.index(above) > LAYERS.index(fields["layer"]):
        told = f"{fields['code']} is of the layer {fields['layer']}, and {fields['under']} of {above}."
        yield ROOF.problem(told, record=where, field="under")


def _clauses(segment: Segment, _known: Known, _act: Act) -> list[Problem]:
    return [
        OUTLIVES.problem(f"{years} is no number of years.", record=where, field="survives")
        for where, fields in rows(segment)
        if not FOR_EVER <= (years := fields.get("survives", 0)) <= LONGEST_SURVIVAL
    ]


def _positions(segment: Segment, _known: Known, _act: Act) -> list[Problem]:
    return [
        REASONED.problem(f"It {fields['stance']} {fields['clause']} without a reason.", record=where, field="reason")
        for where, fields in rows(segment)
        if fields["stance"] != ACCEPTS and not fields.get("reason")
    ]


def _amendments(segment: Segment, _known: Known, _act: Act) -> list[Problem]:
    return [each for where, fields in rows(segment) for each in (*_order(where, fields), *_languages(where, fields))]


def _terms(segment: Segment, known: Known, act: Act) -> list[Problem]:
    held = agreements(_readable(known, act))
    problems = []
    for where, fields in rows(segment):
        views = held.get(f"agreement:{fields['agreement']}", [])
        last = next((each.last for each in views if each.party == act.party), views[0].last if views else None)
        if told := _moved(fields, last):
            problems.append(MOVED.problem(told, record=where, field="expires"))
    return problems


def _moved(fields: Fields, last: date | None) -> str:
    """What is wrong with a change of a term that ends on a last day now; empty where nothing is."""
    expires, change = fields.get("expires"), fields["change"]
    if expires is not None and expires < fields["day"]:
        return f"It would end on {expires}, before the change on {fields['day']}."
    if change == ENDED:
        late = expires is None or (last is not None and expires > last)
        return f"An ending on {expires or 'no day'} is none: the last day is {last or 'not set'}." if late else ""
    return f"{expires} is not after the last day, {last}." if expires and last and expires <= last else ""


def _dependencies(segment: Segment, known: Known, act: Act) -> list[Problem]:
    claims = _readable(known, act)
    said = list(rows(segment))
    held = spans(claims)
    above = grounds(claims, [each for _where, fields in said for each in (fields["what"], fields["on"])])
    for _where, fields in said:
        above.setdefault(fields["what"], []).append(fields["on"])
    problems = []
    for where, fields in said:
        problems += [*_answers(where, fields), *_outlasting(where, fields, held)]
        if found := circle(fields["what"], above):
            told = f"{' rests on '.join(found)}."
            problems.append(CIRCLE.problem(told, record=where, field="on"))
    return problems


def _outlasting(where: str, fields: Fields, held: Mapping[str, Span]) -> Iterator[Problem]:
    """Answers under or until what is over no later than the ground itself."""
    last = held.get(fields["on"], _NOWHERE).last
    if last is None:
        return
    until, other = fields.get("until"), held.get(fields.get("instead", ""), _NOWHERE).last
    if until is not None and until <= last:
        yield LATER.problem(
            f"It goes on until {until}: {fields['on']} holds until {last}.", record=where, field="until"
        )
    if other is not None and other <= last:
        told = f"{fields['instead']} holds until {other}, {fields['on']} until {last}."
        yield LATER.problem(told, record=where, field="instead")


def _answers(where: str, fields: Fields) -> Iterator[Problem]:
    given = [fields.get(name, "") for name in ASPECTS]
    for answer, name in ((UNDER, "instead"), (UNTIL, "until")):
        if answer in given and not fields.get(name):
            asked = ASPECTS[given.index(answer)]
            yield ANSWERED.problem(f"{asked} goes on: {name} does not say how.", record=where, field=name)
        if fields.get(name) and answer not in given:
            yield ANSWERED.problem(f"No answer is {answer!r}, so {name} says nothing.", record=where, field=name)


CHECKS: Final[dict[str, Check]] = {
    "cooperation.agreement": _agreements,
    "cooperation.clause": _clauses,
    "cooperation.position": _positions,
    "cooperation.amendment": _amendments,
    "cooperation.term": _terms,
    "cooperation.dependency": _dependencies,
}
