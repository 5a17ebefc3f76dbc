"""What a party sees of money while its statements are checked: what stands and it may read, and what came before in the
same segment."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.money.categories import EXACT, KINDS, figure_of, value_of
from openmpca.cooperation.money.rates import Converted, Rates
from openmpca.cooperation.money.statements import Disbursement, Entry, Obligation
from openmpca.cooperation.rules import rows
from openmpca.cooperation.statements import Said
from openmpca.record.act import Act
from openmpca.record.frames import Segment
from openmpca.record.known import Known

S = TypeVar("S", bound=Said)


class Seen:
    """What the party of an act sees before its segment, and what of that the segment adds and replaces."""

    def __init__(self, segment: Segment, known: Known, act: Act) -> None:
        self.party = act.party
        self._known = known
        self._days: dict[date, Claims] = {}
        replaced = {fields.get("replaces") for _where, fields in rows(segment)}
        self._gone = replaced - {None}
        self.entries: dict[str, list[Entry]] = {}
        self.others: dict[str, list[Entry]] = {}
        for kind in KINDS.values():
            for each in self.at(date.max).of(kind):
                if each.party != self.party:
                    self.others.setdefault(each.said.code, []).append(each.said)
                elif not self.gone(each):
                    self.add(each.said)

    def gone(self, claim: Claim[Any]) -> bool:
        """Whether the segment takes the place of a claim."""
        return claim.ours and claim.number in self._gone

    def add(self, entry: Entry) -> None:
        """An entry of the party stands."""
        self.entries.setdefault(entry.code, []).append(entry)

    def at(self, day: date) -> Claims:
        """The claims that stand on a day."""
        if day not in self._days:
            self._days[day] = Claims(day, self._known.number - 1, [self.party], self._known.using)
        return self._days[day]

    def own(self, kind: type[S], day: date = date.max) -> list[S]:
        """What the party states itself of a kind, and what the segment leaves standing of that."""
        return [each.said for each in self.at(day).of(kind) if each.party == self.party and not self.gone(each)]

    def about(self, kind: type[S], thing: str, day: date = date.max) -> S | None:
        """What a thing is to the party: its own statement, else the first that it may read."""
        stated = self.at(day).about(kind, thing)
        of = [each for each in stated if each.party == self.party] or stated[:1]
        return of[-1].said if of else None

    def every(self) -> Iterator[Entry]:
        """Each entry of the party that stands."""
        for each in self.entries.values():
            yield from each

    def net(self, code: str) -> Decimal:
        """What an entry is worth after its reversals."""
        of = [*self.entries.get(code, []), *(each for each in self.every() if each.reverses == code)]
        return _sum(value_of(each) for each in of)

    def disbursed(self, obligation: str) -> Iterator[Disbursement]:
        """What was paid on an obligation."""
        return (each for each in self.every() if isinstance(each, Disbursement) and each.obligation == obligation)

    def obligations(self, funds: frozenset[str], until: date = date.max) -> list[Obligation]:
        """What was obligated from some funds up to a day."""
        found = (each for each in self.every() if isinstance(each, Obligation) and each.fund in funds)
        return [each for each in found if each.day <= until]

    def worth(self, entry: Entry, into: str) -> Decimal | None:
        """An entry in another currency by the party's rate of its day; None where there is none."""
        told = self.rates.convert(figure_of(entry), into, entry.day, self.party)
        return told.figure.amount if isinstance(told, Converted) else None

    def sum_in(self, entries: list[Any], into: str) -> Decimal:
        """The sum of entries in a currency, as far as they have a rate: each without one was told when it came."""
        return _sum(worth for each in entries if (worth := self.worth(each, into)) is not None)

    @cached_property
    def rates(self) -> Rates:
        """The rates that the party may read."""
        return Rates.standing(self.at(date.max))


def _sum(amounts: Any) -> Decimal:
    total = Decimal(0)
    for each in amounts:
        total = EXACT.add(total, each)
    return total
