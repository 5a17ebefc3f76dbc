"""Exchanges of data under an agreement: totals for each viewpoint from one list of items, and published sums.

Rules kept here:

1. A line of an exchange has the status that its declarer gives it. Who disputes it sees it in another status, or in
   another amount, and that holds for their own total alone.
2. A total is the sum of the lines whose status counts, in the eyes of one viewer.

Source: the research on joint programmes, 1.4: 800 and 901 from one list; design, idea 7.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from openmpca.cooperation.claims import Claim, Claims
from openmpca.cooperation.elimination.statements import DISPUTED, Exchange, Listing, View


@dataclass(frozen=True)
class Seen:
    """A line of an exchange in the eyes of a viewer: its status and amount, and the dispute that made them others."""

    listing: Claim[Listing]
    status: str
    amount: Decimal
    dispute: Claim[View] | None = None


@dataclass(frozen=True)
class Viewpoint:
    """An exchange in the eyes of a viewer: every line, what counts of it, and by how much that is above the limit."""

    viewer: str
    lines: tuple[Seen, ...]
    counted: frozenset[str]
    limit: Decimal | None

    @property
    def total(self) -> Decimal:
        """The sum of what counts (rule 2)."""
        return sum((each.amount for each in self.lines if each.status in self.counted), Decimal(0))

    @property
    def above(self) -> Decimal:
        """By how much the total is above the limit; 0 where it is not, or where there is none."""
        return max(Decimal(0), self.total - self.limit) if self.limit is not None else Decimal(0)

    @property
    def disputed(self) -> list[Seen]:
        """The lines that this viewer sees otherwise than the declarer."""
        return [each for each in self.lines if each.dispute is not None]


def viewpoints(claims: Claims, exchange: Claim[Exchange]) -> list[Viewpoint]:
    """The exchange in the eyes of its declarer, and of everybody who disputes a line of it."""
    listed = [each for each in claims.of(Listing) if f"exchange:{each.said.exchange}" == exchange.thing]
    views = {each.thing: list(claims.about(View, each.thing)) for each in listed}
    viewers = sorted({each.said.viewer or each.party for found in views.values() for each in found})
    everybody = [exchange.said.declarer, *(each for each in viewers if each != exchange.said.declarer)]
    limit = Decimal(exchange.said.limit) if exchange.said.limit else None
    return [
        Viewpoint(
            viewer,
            tuple(_seen(each, views[each.thing], viewer) for each in listed),
            frozenset(exchange.said.counted),
            limit,
        )
        for viewer in everybody
    ]


def _seen(listing: Claim[Listing], views: list[Claim[View]], viewer: str) -> Seen:
    own = [each for each in views if (each.said.viewer or each.party) == viewer and each.said.position == DISPUTED]
    if not own:
        return Seen(listing, listing.said.status, Decimal(listing.said.amount))
    dispute = own[-1]
    amount = _amount(dispute.said.sees)
    if amount is not None:
        return Seen(listing, listing.said.status, amount, dispute)
    return Seen(listing, dispute.said.sees or listing.said.status, Decimal(listing.said.amount), dispute)


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


@dataclass(frozen=True)
class Identity:
    """A published sum and the sum of the lines that it is of: by status, ``*`` for all that counts."""

    status: str
    published: Decimal
    summed: Decimal

    @property
    def holds(self) -> bool:
        """Whether they are the same."""
        return self.published == self.summed


def identities(claims: Claims, exchange: Claim[Exchange]) -> Iterator[Identity]:
    """The published sums of an exchange beside those of its lines as declared."""
    listed = [each.said for each in claims.of(Listing) if f"exchange:{each.said.exchange}" == exchange.thing]
    for status, published in exchange.said.published.items():
        wanted = exchange.said.counted if status == "*" else [status]
        summed = sum((Decimal(each.amount) for each in listed if each.status in wanted), Decimal(0))
        yield Identity(status, Decimal(published), summed)
