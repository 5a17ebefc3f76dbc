"""Who states on a page, with which reasons soft rules are overridden, and where one goes on after stating.

Rules kept here:

1. Whoever is signed in acts, nobody else; for a party of their grants, which is asked for only where there are several.
2. A soft rule that refuses is shown with a field for the reason to override it; nothing is overridden unasked.
3. What takes two persons leads to its proposal, everything else to where it is seen.
4. A form that is sent again leads to what it was stated as, in plain words.

Source: the record's acts and rules; design, two-person work.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from openmpca.pages.blocks import Beside, Block, Choice, Effect, Field, Form, Problems, Text
from openmpca.pages.drawing_up import problem
from openmpca.pages.routes import Asking, Go, NotAllowed, Sent, address
from openmpca.pages.times import a_day
from openmpca.problems import ERROR, RULES, Problem
from openmpca.record.act import Act
from openmpca.record.commands import Stated
from openmpca.record.once import StatedAlready

PARTY: Final = "party"
OVERRIDE: Final = "override-"
LONGEST_NUMBER: Final = 6


def act(asking: Asking, sent: Sent) -> Act:
    """The act of who is signed in, as their form says. Raises `NotAllowed` where no party can be told."""
    said = str(sent.get(PARTY, "")).strip()
    parties = _parties(asking)
    if not said and len(parties) != 1:
        raise NotAllowed(_("Say for which party you act: you hold grants of %(count)d.") % {"count": len(parties)})
    reasons = {
        name.removeprefix(OVERRIDE): str(reason).strip()
        for name, reason in sent.items()
        if name.startswith(OVERRIDE) and str(reason).strip()
    }
    return Act(party=said or parties[0], prepared_by=asking.person, overrides=reasons)


class Unfit(ValueError):  # noqa: N818
    """What a field of a form holds cannot be read: its name, and what is wrong."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name


def day(sent: Sent, name: str) -> date:
    """The day that a field holds. Raises `Unfit`."""
    text = str(sent.get(name, "")).strip()
    try:
        return a_day(text)
    except ValueError:
        raise Unfit(name, _("'%(text)s' is no day. Write it as YYYY-MM-DD.") % {"text": text}) from None


def _parties(asking: Asking) -> list[str]:
    return sorted({each.party for each in asking.reach.held})


def fields(asking: Asking, sent: Sent | None = None, problems: Sequence[Problem] = ()) -> Iterator[Field]:
    """The fields that a form needs besides its own: the party where there are several, a reason for each soft rule."""
    given = sent or {}
    if len(parties := _parties(asking)) > 1:
        choices = [Choice(each, each) for each in parties]
        yield Field(PARTY, _("For which party"), str(given.get(PARTY, "")), choices=choices, required=True)
    refusing = {
        each.rule for each in problems if each.severity == ERROR and each.rule in RULES and RULES[each.rule].soft
    }
    named = {int(name.removeprefix(OVERRIDE)) for name, reason in given.items() if _numbered(name) and reason}
    for number in sorted(refusing | {each for each in named if f"{OVERRIDE}{each}" in given}):
        yield Field(
            f"{OVERRIDE}{number}",
            _("Reason to go on in spite of rule %(number)s") % {"number": number},
            str(given.get(f"{OVERRIDE}{number}", "")),
            help=_("It goes on record with your name, and whoever approves reads it."),
        )


def gone(stated: Stated, to: str, message: str) -> Go:
    """Where one goes on: to the proposal that waits for a second person, else to where what was stated is seen."""
    if stated.proposal is not None:
        said = _("Proposal %(number)s waits for a second person.") % {"number": stated.proposal}
        return Go(address("record/proposal", number=stated.proposal), said, value(stated))
    return Go(to, message, value(stated))


def stated_already(before: StatedAlready) -> Go:
    """Where one goes on with a form that was sent before: to what came of it (rule 4)."""
    came_of = {"numbers": list(before.numbers), "proposal": before.proposal}
    if before.proposal is not None:
        said = _("This form was sent before: proposal %(number)s.") % {"number": before.proposal}
        return Go(address("record/proposal", number=before.proposal), said, came_of)
    first, last = before.numbers[0], before.numbers[-1]
    if first == last:
        said = _("This form was sent before, and recorded as statement %(number)s.") % {"number": first}
    else:
        many = _("This form was sent before, and recorded as statements %(first)s to %(last)s.")
        said = many % {"first": first, "last": last}
    return Go(address("record/statement", number=first), said, came_of)


def checked(form: Form, problems: Sequence[Problem] | None) -> Beside:
    """A form, and beside it what the rules say of what it holds; None where nobody has asked them yet."""
    said: Block = Problems(problems or (), empty=_("The rules find nothing wrong."))
    if problems is None:
        said = Text(_("Check tells here what the rules say before anything is stated."), name="effect")
    return Beside([form, Effect([said], caption=_("What the rules say"))])


def _numbered(name: str) -> bool:
    number = name.removeprefix(OVERRIDE)
    return number != name and number.isdecimal() and len(number) <= LONGEST_NUMBER


def value(stated: Stated) -> dict[str, Any]:
    """What came of stating, as programs read it."""
    return {
        "numbers": list(stated.numbers),
        "proposal": stated.proposal,
        "problems": [problem(each) for each in stated.problems],
    }
