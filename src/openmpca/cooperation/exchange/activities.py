"""Projects as IATI 2.03 activities, with what all their parties released and nothing else.

Rules kept here:

1. A field goes out when every party of the project has stated a publication with it; without the title, nothing does.
2. A project that cannot be an activity (no organisation of the one that reports, no start, no description) is told, and
   left out.
3. Of money go out the entries that the reporting party states as giver and released to all: pledges, commitments and
   payments, each as its own type of transaction. What is in kind, staff time or an exemption is no transaction.
4. Sites, quantities, persons and inspections are never part of it.

Source: IATI activity standard 2.03; the research on joint programmes, 4.1.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Final

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.exchange.statements import Organisation, Publication
from openmpca.cooperation.marks import EVERYBODY
from openmpca.cooperation.money.statements import Commitment, Disbursement, Pledge
from openmpca.cooperation.parties.statements import Role
from openmpca.cooperation.projects.life import lives
from openmpca.cooperation.projects.statements import Project
from openmpca.formats.iati.activity import (
    Activities,
    Activity,
    ActivityDate,
    Participant,
    ReportingOrganisation,
)
from openmpca.formats.iati.money import Provider, Receiver, Transaction
from openmpca.formats.iati.texts import Country, Description, Money, Narratives, Sector, narratives
from openmpca.problems import WARNING, Problem, rule

NOT_PUBLISHED: Final = rule(
    770,
    "An activity has what IATI asks of it",
    severity=WARNING,
    source="IATI activity standard 2.03",
    mend="State what is missing, and release it by all parties.",
)
Promised = Pledge | Commitment | Disbursement
TRANSACTIONS: Final[tuple[tuple[type[Promised], str], ...]] = ((Pledge, "12"), (Commitment, "2"), (Disbursement, "3"))
ROLES: Final = {"funder": "1", "lead": "2", "partner": "3", "implementer": "4"}
STATUSES: Final = {
    **dict.fromkeys(("proposed", "prioritised", "baselined", "authorised", "funded", "contracted"), "1"),
    **dict.fromkeys(("executing", "offered", "accepted", "in use"), "2"),
    "transition": "3",
    **dict.fromkeys(("sole support", "closed", "completed but not used"), "4"),
    "cancelled": "5",
    "suspended": "6",
}
OWN_SECTORS: Final = "https://openmpca.example/sectors"
DAC_SECTOR: Final = "15210"
BILATERAL, TRIANGULAR = "1", "8"
OTHER_FLOW: Final = "50"


@dataclass(frozen=True)
class Published:
    """The activities of a party, and why other released projects are not among them."""

    activities: Activities
    problems: list[Problem] = field(default_factory=list)


def published(claims: Claims, party: str, language: str = "en") -> Published:
    """What a party may publish; ``language`` is that of the titles."""
    own = {each.said.of: each.said for each in claims.of(Organisation)}
    made: list[Activity] = []
    problems: list[Problem] = []
    for thing, said in claims.by_thing(Project).items():
        fields = released(claims, thing, said)
        if "title" not in fields or party not in _parties(said):
            continue
        if lacking := _lacking(said, fields, own, party):
            problems.append(NOT_PUBLISHED.problem(f"It lacks {', '.join(lacking)}.", record=thing))
            continue
        making = _Making(claims, party, language, own, fields)
        made.append(making.activity(thing, said))
    day = datetime.combine(claims.day, time(), UTC)
    return Published(Activities(generated=day, activities=tuple(made)), problems)


def released(claims: Claims, thing: str, said: list[Claim[Project]]) -> frozenset[str]:
    """The fields of a project that every party of it has released."""
    by_party = {each.party: frozenset(each.said.fields) for each in claims.about(Publication, thing)}
    parties = _parties(said)
    if not parties or not parties <= by_party.keys():
        return frozenset()
    return frozenset.intersection(*(by_party[each] for each in parties))


def _parties(said: list[Claim[Project]]) -> set[str]:
    return {party for each in said for party in each.said.parties}


def _lacking(
    said: list[Claim[Project]], fields: frozenset[str], own: dict[str, Organisation], party: str
) -> Iterator[str] | list[str]:
    first = said[0].said
    host = own.get(first.host)
    wanted = {
        f"an organisation of {party}": party in own,
        "released dates, and a start": "dates" in fields and first.starts is not None,
        "a released country of its host": "country" in fields and host is not None and bool(host.country),
    }
    return [told for told, there in wanted.items() if not there]


@dataclass(frozen=True)
class _Making:
    claims: Claims
    party: str
    language: str
    own: dict[str, Organisation]
    fields: frozenset[str]

    def activity(self, thing: str, said: list[Claim[Project]]) -> Activity:
        """A project as an activity."""
        first, own = said[0].said, self.own[self.party]
        code = thing.partition(":")[2]
        about = first.about or first.objective
        described = about if "description" in self.fields and about else first.title
        parties = _parties(said)
        return Activity(
            language=self.language,
            identifier=f"{own.iati}-{code}",
            reporting=ReportingOrganisation(ref=own.iati, type=own.type, narratives=self._text(self.party)),
            title=self._text(first.title),
            descriptions=(Description(type="1", narratives=self._text(described)),),
            participants=tuple(self._participants(code)),
            status=self._status(code),
            dates=tuple(self._dates(thing, first)),
            countries=(Country(code=self.own[first.host].country),),
            sectors=(
                Sector(vocabulary="1", code=DAC_SECTOR),
                Sector(
                    vocabulary="99",
                    vocabulary_uri=OWN_SECTORS,
                    code="threat-reduction",
                    narratives=self._text("Threat reduction"),
                ),
            ),
            collaboration_type=TRIANGULAR if len(parties) > 2 else BILATERAL,
            flow_type=OTHER_FLOW,
            transactions=tuple(self._transactions(code)) if "money" in self.fields else (),
        )

    def _text(self, text: str) -> Narratives:
        return narratives(**{self.language: text})

    def _participants(self, project: str) -> Iterator[Participant]:
        """Who takes part in which role; at least who reports, as the one that answers for it."""
        named: set[tuple[str, str]] = set()
        for each in self.claims.about(Role, f"project:{project}") if "parties" in self.fields else ():
            role = ROLES.get(each.said.role)
            if role is not None and (each.said.holder, role) not in named:
                named.add((each.said.holder, role))
                yield self._participant(each.said.holder, role)
        if (self.party, "2") not in named:
            yield self._participant(self.party, "2")

    def _participant(self, party: str, role: str) -> Participant:
        own = self.own.get(party)
        return Participant(
            ref=own.iati if own else None, type=own.type if own else None, role=role, narratives=self._text(party)
        )

    def _status(self, project: str) -> str:
        states = [each.states for each in lives(self.claims) if each.code == project]
        seen = states[0].get(self.party) if states else None
        return STATUSES.get(seen or "proposed", "1")

    def _dates(self, thing: str, said: Project) -> Iterator[ActivityDate]:
        """Planned start and end; actual ones as far as the reporting party's course tells them."""
        if said.starts is not None:
            yield ActivityDate(type="1", on=said.starts)
        mine = [each.courses for each in lives(self.claims) if f"project:{each.code}" == thing]
        course = mine[0].get(self.party, ()) if mine else ()
        told = {each.said.state: each.said.day for each in course}
        if "executing" in told:
            yield ActivityDate(type="2", on=told["executing"])
        if said.ends is not None:
            yield ActivityDate(type="3", on=said.ends)
        ended = [told[each] for each in ("closed", "sole support", "cancelled") if each in told]
        if ended:
            yield ActivityDate(type="4", on=min(ended))

    def _transactions(self, project: str) -> Iterator[Transaction]:
        found: list[tuple[date, str, Transaction]] = []
        for kind, code in TRANSACTIONS:
            for each in self.claims.of(kind):
                said = each.said
                mine = each.party == said.giver == self.party and said.project == project
                if mine and EVERYBODY in said.release and Decimal(said.amount) > 0:
                    found.append((said.day, said.code, self._transaction(said, code)))
        yield from (each for _day, _code, each in sorted(found, key=lambda one: one[:2]))

    def _transaction(self, said: Promised, code: str) -> Transaction:
        giver = self.own.get(said.giver)
        receiver = Receiver(narratives=self._text(said.receiver)) if said.receiver else None
        return Transaction(
            ref=said.code,
            type=code,
            on=said.day,
            value=Money(amount=Decimal(said.amount), currency=said.currency, on=said.day),
            provider=Provider(ref=giver.iati if giver else None, narratives=self._text(said.giver)),
            receiver=receiver,
        )
