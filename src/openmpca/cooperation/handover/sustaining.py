"""The profile of a site: for each element the levels of its indicators in the eyes of a party, and how old they are.

Rules kept here:

1. There is no single score. An element is told by its lowest level, how many of its indicators are stated, and the
   oldest evidence; a mean is not made.
2. An indicator of which nobody has stated a level is *unknown*, which is not zero.
3. Evidence that has expired is told so, and its level with it.

Source: the research on sustainability, rating (a state for each measure, never a single flag).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.handover.statements import ELEMENTS, Indicator, Level


@dataclass(frozen=True)
class Stood:
    """An indicator at a site: the last level that a party states, how old its evidence is, whether that has expired."""

    indicator: Claim[Indicator]
    level: Claim[Level] | None
    age: int | None
    expired: bool

    @property
    def anchor(self) -> str:
        """The words of the level; blank where there is none."""
        return self.indicator.said.anchors[self.level.said.level] if self.level is not None else ""


@dataclass(frozen=True)
class OfElement:
    """An element at a site: its indicators."""

    element: str
    indicators: tuple[Stood, ...]

    @property
    def stated(self) -> list[Stood]:
        """Those that have a level."""
        return [each for each in self.indicators if each.level is not None]

    @property
    def lowest(self) -> int | None:
        """The lowest level of those stated; None where none is."""
        return min((each.level.said.level for each in self.stated if each.level is not None), default=None)

    @property
    def oldest(self) -> int | None:
        """The age in days of the oldest evidence."""
        return max((each.age for each in self.stated if each.age is not None), default=None)


def profile(claims: Claims, site: str, party: str) -> list[OfElement]:
    """The profile of a site in the eyes of a party, on the day of the claims."""
    levels = [each for each in claims.of(Level) if each.said.site == site and each.party == party]
    indicators: dict[str, Claim[Indicator]] = {each.code: each for each in claims.of(Indicator)}
    stood = [
        _stood(each, [one for one in levels if one.said.indicator == each.code], claims.day)
        for each in indicators.values()
    ]
    return [
        OfElement(element, tuple(each for each in stood if each.indicator.said.element == element))
        for element in ELEMENTS
    ]


def _stood(indicator: Claim[Indicator], levels: Sequence[Claim[Level]], on: date) -> Stood:
    last = max(levels, key=lambda each: (each.said.day, each.known), default=None)
    if last is None:
        return Stood(indicator, None, None, False)
    expires = last.said.expires
    return Stood(indicator, last, (on - last.said.evidenced).days, expires is not None and expires < on)


def parties(claims: Claims, site: str) -> list[str]:
    """The parties that state levels of a site."""
    return sorted({each.party for each in claims.of(Level) if each.said.site == site})
