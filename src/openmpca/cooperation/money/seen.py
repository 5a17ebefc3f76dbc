"""What a party sees of money while its statements are checked: what stands and it may read, and what came before in the
same segment."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

from openmpca.cooperation.agreements import terms
from openmpca.cooperation.agreements.terms import Held
from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.money.categories import EXACT, KINDS, figure_of, value_of
from openmpca.cooperation.money.funds import under
from openmpca.cooperation.money.rates import Converted, Rates
from openmpca.cooperation.money.statements import Entry, Obligation
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
        self._naming: dict[tuple[str, str], list[Entry]] = {}
        self._gross: dict[tuple[str, str], Decimal] = {}
        self._held: dict[date, dict[str, list[Held]]] = {}
        self._under: dict[tuple[date, str], frozenset[str]] = {}
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
        for field in ("reverses", "obligation", "fund"):
            if named := getattr(entry, field, ""):
                self._naming.setdefault((field, named), []).append(entry)
        if isinstance(entry, Obligation):
            for fund, into in [key for key in self._gross if key[0] == entry.fund and not entry.reverses]:
                self._gross[fund, into] = _sum([self._gross[fund, into], self.worth(entry, into) or Decimal(0)])

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

    def net(self, code: str) -> Decimal:
        """What an entry is worth after its reversals."""
        of = [*self.entries.get(code, []), *self._naming.get(("reverses", code), [])]
        return _sum(value_of(each) for each in of)

    def disbursed(self, obligation: str) -> list[Entry]:
        """What was paid on an obligation."""
        return self._naming.get(("obligation", obligation), [])

    def obligations(self, funds: Iterable[str], until: date = date.max) -> list[Obligation]:
        """What was obligated from some funds up to a day."""
        found = (each for fund in funds for each in self._naming.get(("fund", fund), []))
        return [each for each in found if isinstance(each, Obligation) and each.day <= until]

    def gross(self, funds: Iterable[str], into: str) -> Decimal:
        """What was obligated from some funds on any day, without what was reversed: no sum of a day is above it."""
        return _sum(self._gross_of(each, into) for each in funds)

    def _gross_of(self, fund: str, into: str) -> Decimal:
        if (fund, into) not in self._gross:
            stated = [each for each in self.obligations([fund]) if not each.reverses]
            self._gross[fund, into] = self.sum_in(stated, into)
        return self._gross[fund, into]

    def held(self, day: date) -> dict[str, list[Held]]:
        """The agreements as each party has them on a day."""
        if day not in self._held:
            self._held[day] = terms.agreements(self.at(day))
        return self._held[day]

    def under(self, day: date, agreement: str) -> frozenset[str]:
        """The party's funds under an agreement on a day."""
        if (day, agreement) not in self._under:
            self._under[day, agreement] = under(self.at(day), agreement, self.party)
        return self._under[day, agreement]

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
