"""What is checked of statements about securing and eliminating: rules 760 to 769.

Source: the research on joint programmes, 1.4, 1.5 and 5.1.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.elimination.items import done
from openmpca.cooperation.elimination.notices import moment
from openmpca.cooperation.elimination.statements import DISPUTED, Count, Item, ItemType, Step
from openmpca.cooperation.rules import Check, Fields, rows, stated_by_whom
from openmpca.problems import WARNING, Problem, rule
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known

REASON = rule(
    760,
    "Who disputes says why",
    source="design idea 7: others accept or dispute with a reason",
    mend="Give the reason, and the status or amount as you see it.",
)
STEP = rule(
    761,
    "A step is one of the procedure of the item, and comes in its order",
    source="procedures of elimination: steps, each witnessed",
    mend="Name the next step of the item's type; of a lot no more than went through the step before.",
)
TYPE = rule(
    762,
    "A procedure has steps, each once",
    source="procedures of elimination: steps, each witnessed",
    mend="Name at least one step, and none twice; give notice in whole hours for steps that there are.",
)
CLOCK = rule(
    763,
    "A moment is a moment",
    source="notifications have clocks",
    mend="Write a day and time that there are, such as 2026-03-31T09:30Z.",
)
FALLING = rule(
    764,
    "A count from the beginning does not fall",
    severity=WARNING,
    source="published scoreboards count from the beginning",
    mend="Check the amount and its day; where the definition changed, state a line of its own.",
)
PERIOD = rule(
    765,
    "A period ends after it begins",
    source="published increments name their period",
    mend="Give the first and the last day of the period.",
)
OWN_VIEW = rule(
    766,
    "A view is of what another states",
    source="design idea 7: others accept or dispute",
    mend="State what you mean itself, or replace what your party stated before.",
)
POSITIVE = rule(
    767,
    "What there is of something is not below zero",
    source="counts of items and lots",
    mend="Give an amount that is not negative.",
)
_AMOUNTS: Final = ("amount", "limit", "baseline", "target")


def check(segment: Segment, known: Known, act: Act) -> list[Problem]:
    """The problems of statements of this subject."""
    return [
        problem
        for where, fields in rows(segment)
        for problem in (*_amounts(where, fields), *_of_kind(segment, where, fields, known, act))
    ]


def _of_kind(segment: Segment, where: str, fields: Fields, known: Known, act: Act) -> Iterator[Problem]:
    kind = segment.kind.name.partition(".")[2]
    if kind == "view":
        yield from _view(where, fields, known, act)
    elif kind == "step":
        yield from _step(segment, where, fields, known, act)
    elif kind == "item_type":
        yield from _type(where, fields)
    elif kind in ("notification", "receipt"):
        yield from _moments(where, fields)
    elif kind == "count":
        yield from _count(where, fields, known, act)
    elif kind == "increment" and date.fromisoformat(str(fields["last"])) < date.fromisoformat(str(fields["first"])):
        yield PERIOD.problem(
            f"It ends on {fields['last']} and begins on {fields['first']}.", record=where, field="last"
        )


def _amounts(where: str, fields: Fields) -> Iterator[Problem]:
    for name in _AMOUNTS:
        if str(fields.get(name, "")).startswith("-"):
            yield POSITIVE.problem(f"{fields[name]} is below zero.", record=where, field=name)


def _view(where: str, fields: Fields, known: Known, act: Act) -> Iterator[Problem]:
    if fields["position"] == DISPUTED and not str(fields.get("reason", "")).strip():
        yield REASON.problem("It is disputed without a reason.", record=where, field="reason")
    thing = str(fields["of"])
    parties = stated_by_whom([thing], known, act.party).get(thing, set())
    if parties == {act.party} and not fields.get("viewer"):
        yield OWN_VIEW.problem(f"Only {act.party} has stated {thing}.", record=where, field="of")


def _step(segment: Segment, where: str, fields: Fields, known: Known, act: Act) -> Iterator[Problem]:
    claims = Claims(date.max, known.number - 1, [act.party], known.using)
    found = [each for each in claims.about(Item, f"item:{fields['item']}") if each.party == act.party]
    types = {each.code: each.said for each in claims.of(ItemType)}
    if not found or found[-1].said.type not in types:
        yield STEP.problem(f"{act.party} has stated no item {fields['item']}.", record=where, field="item")
        return
    item, steps = found[-1].said, types[found[-1].said.type].steps
    if fields["step"] not in steps:
        yield STEP.problem(f"{fields['step']!r} is none of {', '.join(steps)}.", record=where, field="step")
        return
    own = [each for each in claims.about(Step, found[-1].thing) if each.party == act.party]
    so_far = done(item, own)
    for other, earlier in rows(segment):
        if other == where:
            break
        if earlier["item"] == fields["item"]:
            so_far[str(earlier["step"])] = so_far.get(str(earlier["step"]), Decimal(0)) + _amount(earlier, item, so_far)
    at = steps.index(str(fields["step"]))
    there = Decimal(item.amount) if at == 0 else so_far.get(steps[at - 1], Decimal(0))
    rest = there - so_far.get(str(fields["step"]), Decimal(0))
    wanted = _amount(fields, item, so_far)
    if rest <= 0 or wanted > rest:
        before = f"of {there} that went through {steps[at - 1]!r}" if at else f"of {there}"
        yield STEP.problem(f"{max(rest, Decimal(0))} are left {before}.", record=where, field="step")


def _amount(fields: Fields, item: Item, so_far: Mapping[str, Decimal]) -> Decimal:
    """What a step is done to: what it says, else all of the item that is left for it."""
    given = str(fields.get("amount", ""))
    return Decimal(given) if given else Decimal(item.amount) - so_far.get(str(fields["step"]), Decimal(0))


def _type(where: str, fields: Fields) -> Iterator[Problem]:
    steps = list(fields.get("steps", []))
    if not steps or len(set(steps)) < len(steps) or not all(str(each).strip() for each in steps):
        yield TYPE.problem("There is no step, a blank one, or one stands there twice.", record=where, field="steps")
    for step, hours in fields.get("notice", {}).items():
        if step not in steps or not str(hours).isdecimal():
            yield TYPE.problem(f"{step!r}: {hours!r} is no notice of a step.", record=where, field="notice")


def _moments(where: str, fields: Fields) -> Iterator[Problem]:
    for name in ("due", "sent", "received"):
        if text := str(fields.get(name, "")):
            try:
                moment(text)
            except ValueError:
                yield CLOCK.problem(f"{text!r} is no moment that there is.", record=where, field=name)


def _count(where: str, fields: Fields, known: Known, act: Act) -> Iterator[Problem]:
    claims = Claims(date.max, known.number - 1, [act.party], known.using)
    own = [each.said for each in claims.about(Count, f"line:{fields['line']}") if each.party == act.party]
    on = date.fromisoformat(str(fields["on"]))
    before = max((each for each in own if each.on < on), key=lambda each: each.on, default=None)
    if before is not None and Decimal(str(fields["amount"])) < Decimal(before.amount):
        message = f"It was {before.amount} on {before.on} already."
        yield FALLING.problem(message, record=where, field="amount")


CHECKS: Final[dict[str, Check]] = dict.fromkeys(
    (
        "cooperation.view",
        "cooperation.step",
        "cooperation.item_type",
        "cooperation.item",
        "cooperation.notification",
        "cooperation.receipt",
        "cooperation.count",
        "cooperation.increment",
        "cooperation.line",
        "cooperation.exchange",
        "cooperation.listing",
    ),
    check,
)
