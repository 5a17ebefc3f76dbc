"""Shares: what each party was to bear of a project or cost line in each period, against what it bore, by category.

For a share rule of category c from b to e, as party v sees it:

    actual share of g  =  sum of v's lines of c given by g in [b, e]  /  sum of v's lines of c in [b, e]

Rules kept here:

1. A rule is measured against lines of its own category only, of the book of the party that states the rule. A line of a
   cost line that has rules of its own for the category and day is not measured by the rules of its project.
2. Amounts in several currencies are compared in one that is asked for, by recorded rates of the days; without one, the
   actual share is not known, and the problem is told.
3. Actual shares are exact fractions; where nothing was given there is none (None), and not zero.
4. Successive rules are a schedule; it declines for a party whose shares never rise and fall at least once.

Theory: docs/theory/cost-shares.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.money.categories import KINDS, Category, Figure, added
from openmpca.cooperation.money.journal import Line
from openmpca.cooperation.money.rates import Converted, NoRate, Rates
from openmpca.cooperation.money.statements import CostLine, ShareRule


@dataclass(frozen=True)
class Share:
    """What a party was to bear in the period of a rule, in percent, what it bore, and by which lines."""

    party: str
    planned: Decimal
    figure: Figure[Any] | None
    actual: Fraction | None
    lines: Sequence[Line]

    @property
    def difference(self) -> Fraction | None:
        """The actual share less the planned one, in percent points."""
        return None if self.actual is None else self.actual - Fraction(self.planned)


@dataclass(frozen=True)
class Measured:
    """A share rule with the share of each party, in the one currency in which they were compared."""

    rule: Claim[ShareRule]
    category: Category
    unit: str
    shares: Sequence[Share]
    problems: Sequence[NoRate] = ()


def measured(claims: Claims, lines: Sequence[Line], into: str = "", of: str = "") -> list[Measured]:
    """Every share rule against the lines, in its order through time; of one thing, where that is given.

    ``into`` is the currency of comparison; blank, the only one that the lines have, else that of the first cost line.
    """
    rates, own = Rates.standing(claims), _ruled(claims.of(ShareRule))
    rules = [each for each in claims.of(ShareRule) if of in ("", each.said.of)]
    rules.sort(key=lambda each: (each.said.of, each.said.category, each.party, each.said.begins))
    under = [(each, _under(each, lines, own)) for each in rules]
    return [_measured(each, found, rates, into or _unit(claims, each, found)) for each, found in under]


def declines(schedule: Iterable[Measured], party: str) -> bool:
    """Whether the planned shares of a party in successive periods fall and never rise (rule 4)."""
    planned = [share.planned for each in schedule for share in each.shares if share.party == party]
    pairs = list(pairwise(planned))
    return any(one > other for one, other in pairs) and all(one >= other for one, other in pairs)


Ruled = dict[tuple[str, str], list[ShareRule]]


def _ruled(rules: Iterable[Claim[ShareRule]]) -> Ruled:
    """The rules by the party that states them and the thing that they are of."""
    found: Ruled = {}
    for each in rules:
        found.setdefault((each.party, each.said.of), []).append(each.said)
    return found


def _under(rule: Claim[ShareRule], lines: Iterable[Line], own: Ruled) -> list[Line]:
    """The lines that a rule is measured against (rule 1)."""
    said = rule.said
    category = KINDS[said.category]
    dated = (
        each
        for each in lines
        if each.book == rule.party and each.category is category and said.begins <= each.day <= said.ends
    )
    if said.of.startswith("costline:"):
        return [each for each in dated if f"costline:{each.entry.costline}" == said.of]
    return [each for each in dated if f"project:{each.entry.project}" == said.of and not _has_own(each, own)]


def _has_own(line: Line, own: Ruled) -> bool:
    of = own.get((line.book, f"costline:{line.entry.costline}"), [])
    return any(KINDS[each.category] is line.category and each.begins <= line.day <= each.ends for each in of)


def _unit(claims: Claims, rule: Claim[ShareRule], lines: Iterable[Line]) -> str:
    """The currency in which a rule is measured where none is asked for."""
    units = sorted({each.figure.unit for each in lines})
    if len(units) == 1:
        return units[0]
    lines_of = [each for each in claims.of(CostLine) if rule.said.of in (each.thing, f"project:{each.said.project}")]
    return next(iter([*(each.said.currency for each in lines_of), *units]), "")


def _measured(rule: Claim[ShareRule], lines: Sequence[Line], rates: Rates, unit: str) -> Measured:
    worth = [(each, rates.convert(each.figure, unit, each.day, rule.party)) for each in lines]
    problems = list(dict.fromkeys(told for _line, told in worth if isinstance(told, NoRate)))
    category = KINDS[rule.said.category]
    known = [(line, told.figure) for line, told in worth if isinstance(told, Converted)]
    whole = None if problems else added((figure for _line, figure in known), category, unit).amount
    givers = dict.fromkeys([*rule.said.shares, *sorted({each.giver for each in lines})])
    shares = [
        _share(rule, each, [(line, told) for line, told in known if line.giver == each], unit, whole) for each in givers
    ]
    return Measured(rule, category, unit, shares, problems)


def _share(
    rule: Claim[ShareRule], party: str, given: Sequence[tuple[Line, Figure[Any]]], unit: str, whole: Decimal | None
) -> Share:
    """The share of a party; ``whole`` is what all gave, None where that is not known."""
    planned, lines = Decimal(rule.said.shares.get(party, "0")), [line for line, _figure in given]
    if whole is None:
        return Share(party, planned, None, None, lines)
    figure = added((each for _line, each in given), KINDS[rule.said.category], unit)
    return Share(party, planned, figure, Fraction(figure.amount) * 100 / Fraction(whole) if whole else None, lines)
