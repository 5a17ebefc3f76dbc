"""A comparison laid out: what each party holds of each threat on each scale, how far apart they are, and why.

Rules kept here:

1. Nothing is merged: each party's word stands beside the others'. The distance of an item is the steps between the
   highest and the lowest word, as a part of the whole scale.
2. The distance of a whole comparison is the steps apart of all items that two parties or more have rated, as a part of
   all steps that there could be. It says how far the parties are apart, and nothing of the threats.
3. The mean place on a scale is told only when every party of the comparison has agreed to averages.
4. Between comparisons that repeat each other only items are compared that stand in both.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import combinations

import msgspec

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.sealing import matters
from openmpca.cooperation.sealing.standing import Matter, Standing, standings
from openmpca.cooperation.sealing.successive import chain
from openmpca.cooperation.threats.content import SORT, Content, content_of, unfit, words
from openmpca.cooperation.threats.statements import Averaging, Comparison

Key = tuple[str, str]


@dataclass(frozen=True)
class View:
    """What a party holds: its word on the scale and the place of that from 0 on, how sure it is, why, since when."""

    party: str
    word: str
    place: int
    confidence: str
    reasons: str
    day: date | None


@dataclass(frozen=True)
class Item:
    """One threat on one scale, as each party that rated it sees it."""

    threat: str
    scale: str
    words: Sequence[str]
    views: Mapping[str, View]

    @property
    def steps(self) -> int:
        """How many steps lie between the highest and the lowest word."""
        places = [each.place for each in self.views.values()]
        return max(places) - min(places) if len(places) > 1 else 0

    @property
    def distance(self) -> Fraction | None:
        """The steps as a part of the whole scale; None where fewer than two parties rated it."""
        return Fraction(self.steps, len(self.words) - 1) if len(self.views) > 1 else None

    @property
    def mean(self) -> Fraction | None:
        """The mean place on the scale, from 1 on; None where nobody rated it."""
        return Fraction(sum(each.place + 1 for each in self.views.values()), len(self.views)) if self.views else None


@dataclass(frozen=True)
class Compared:
    """A comparison, how it stands, its items, what did not fit in what was opened, who agreed to averages."""

    claim: Claim[Comparison]
    matter: Matter
    items: tuple[Item, ...]
    misfits: tuple[tuple[str, str], ...]
    agreed: frozenset[str]

    @property
    def code(self) -> str:
        """Its code."""
        return self.claim.code

    @property
    def parties(self) -> list[str]:
        """Its parties."""
        return [each.party for each in self.matter.standings]

    @property
    def averaged(self) -> bool:
        """Whether averages may be told (rule 3)."""
        return bool(self.parties) and self.agreed >= set(self.parties)

    @cached_property
    def by_key(self) -> dict[Key, Item]:
        """The items by threat and scale."""
        return {(each.threat, each.scale): each for each in self.items}

    @property
    def day(self) -> date:
        """When it was last opened by somebody; its own day before that."""
        return max((each.opened.said.day for each in self.matter.standings if each.opened), default=self.claim.said.day)

    @property
    def distance(self) -> Fraction | None:
        """How far the parties are apart in all (rule 2)."""
        return apart(self.items)

    @property
    def pairs(self) -> dict[tuple[str, str], Fraction | None]:
        """How far each two parties are apart."""
        return {pair: apart(_between(pair, each) for each in self.items) for pair in combinations(self.parties, 2)}


def _between(pair: tuple[str, str], item: Item) -> Item:
    """An item as only two parties see it."""
    return replace(item, views={who: view for who, view in item.views.items() if who in pair})


def apart(items: Iterable[Item]) -> Fraction | None:
    """The steps apart of some items as a part of all that there could be; None where there is none to compare."""
    rated = [each for each in items if each.distance is not None]
    possible = sum(len(each.words) - 1 for each in rated)
    return Fraction(sum(each.steps for each in rated), possible) if possible else None


def compared(claims: Claims, code: str, viewpoint: str = "") -> Compared | None:
    """A comparison as far as the claims may be read; None where there is none of that code."""
    return next(iter(several(claims, [code], viewpoint)), None)


def several(claims: Claims, codes: Sequence[str], viewpoint: str = "") -> list[Compared]:
    """Several comparisons."""
    found = []
    for stands in standings(claims, [f"{SORT}:{code}" for code in codes], viewpoint):
        claim = matters.introduction(claims, stands.thing, viewpoint)
        if claim is not None:
            opened = {each.party: _content(each) for each in stands.standings}
            said = claim.said
            agreed = frozenset(each.party for each in claims.about(Averaging, stands.thing))
            found.append(Compared(claim, stands, tuple(_items(said, opened)), tuple(_misfits(said, stands)), agreed))
    return found


def _content(each: Standing) -> Content:
    try:
        return content_of(each.content) if each.opened is not None else Content({})
    except msgspec.ValidationError:
        return Content({})


def _misfits(said: Comparison, stands: Matter) -> Iterator[tuple[str, str]]:
    for each in stands.standings:
        if each.opened is not None:
            yield from ((each.party, told) for told in unfit(said, each.content))


def _items(said: Comparison, opened: Mapping[str, Content]) -> Iterator[Item]:
    for threat in dict.fromkeys(said.threats):
        for scale, text in said.scales.items():
            scale_words = words(text)
            views = {}
            for party, content in opened.items():
                rated = content.threats.get(threat)
                word = rated.rated.get(scale, "") if rated is not None else ""
                if rated is not None and word in scale_words:
                    place = scale_words.index(word)
                    views[party] = View(party, word, place, rated.confidence, rated.reasons, rated.day)
            yield Item(threat, scale, scale_words, views)


def course(claims: Claims, code: str, viewpoint: str = "") -> list[Compared]:
    """The comparisons that repeat each other, the first first, as far as something in them can be compared."""
    found = several(claims, chain(claims, Comparison, code), viewpoint)
    return sorted((each for each in found if each.distance is not None), key=lambda each: (each.day, each.claim.known))


@dataclass(frozen=True)
class Moved:
    """How an item moved from one comparison to the next: steps apart before and now, whose words changed."""

    before: Item
    now: Item

    @property
    def change(self) -> Fraction:
        """How much nearer (below zero) or further apart the parties are."""
        return (self.now.distance or Fraction(0)) - (self.before.distance or Fraction(0))

    @property
    def changed(self) -> list[str]:
        """The parties that changed their word, or whose word is new or gone."""
        parties = dict.fromkeys([*self.before.views, *self.now.views])
        return [each for each in parties if _word(self.before, each) != _word(self.now, each)]


def _word(item: Item, party: str) -> str:
    return item.views[party].word if party in item.views else ""


def moved(before: Compared, now: Compared) -> list[Moved]:
    """How the items that stand in both moved (rule 4)."""
    both = [(before.by_key.get(key), item) for key, item in now.by_key.items()]
    return [
        Moved(one, other)
        for one, other in both
        if one is not None and one.distance is not None and other.distance is not None
    ]
