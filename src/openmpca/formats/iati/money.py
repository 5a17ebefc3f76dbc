"""Budgets, planned disbursements and transactions: pledged, committed, paid and spent are different things.

Types of transaction (list TransactionType): 1 incoming funds, 2 outgoing commitment, 3 disbursement, 4 expenditure, 7
reimbursement, 11 incoming commitment, 12 outgoing pledge, 13 incoming pledge.

Source: IATI activity standard 2.03.
"""

import datetime
from typing import Annotated

from openmpca.formats.iati.texts import CODE, DAY, AidType, Country, Money, Narratives, Region, Sector
from openmpca.formats.markup.shape import Attribute, Child, Node


class Provider(Node, frozen=True, kw_only=True):
    """Who gives, by identifier or by name, and from which of its own activities."""

    ref: Annotated[str | None, Attribute("ref")] = None
    activity: Annotated[str | None, Attribute("provider-activity-id")] = None
    type: Annotated[str | None, Attribute("type")] = None
    narratives: Annotated[Narratives, Child("narrative")] = ()


class Receiver(Node, frozen=True, kw_only=True):
    """Who gets, by identifier or by name, and for which of its own activities."""

    ref: Annotated[str | None, Attribute("ref")] = None
    activity: Annotated[str | None, Attribute("receiver-activity-id")] = None
    type: Annotated[str | None, Attribute("type")] = None
    narratives: Annotated[Narratives, Child("narrative")] = ()


class Budget(Node, frozen=True, kw_only=True):
    """A budget of at most a year; type 1 original, 2 revised; status 1 indicative, 2 committed."""

    type: Annotated[str | None, Attribute("type")] = None
    status: Annotated[str | None, Attribute("status")] = None
    start: Annotated[datetime.date, Child("period-start", DAY)]
    end: Annotated[datetime.date, Child("period-end", DAY)]
    value: Annotated[Money, Child("value")]


class PlannedDisbursement(Node, frozen=True, kw_only=True):
    """What is to be paid in a period; type as of a budget."""

    type: Annotated[str | None, Attribute("type")] = None
    start: Annotated[datetime.date, Child("period-start", DAY)]
    end: Annotated[datetime.date | None, Child("period-end", DAY)] = None
    value: Annotated[Money, Child("value")]
    provider: Annotated[Provider | None, Child("provider-org")] = None
    receiver: Annotated[Receiver | None, Child("receiver-org")] = None


class Transaction(Node, frozen=True, kw_only=True):
    """One sum that was promised or moved on a day."""

    ref: Annotated[str | None, Attribute("ref")] = None
    humanitarian: Annotated[bool | None, Attribute("humanitarian")] = None
    type: Annotated[str, Child("transaction-type", CODE)]
    on: Annotated[datetime.date, Child("transaction-date", DAY)]
    value: Annotated[Money, Child("value")]
    description: Annotated[Narratives, Child("narrative", within="description")] = ()
    provider: Annotated[Provider | None, Child("provider-org")] = None
    receiver: Annotated[Receiver | None, Child("receiver-org")] = None
    channel: Annotated[str | None, Child("disbursement-channel", CODE)] = None
    sectors: Annotated[tuple[Sector, ...], Child("sector")] = ()
    country: Annotated[Country | None, Child("recipient-country")] = None
    region: Annotated[Region | None, Child("recipient-region")] = None
    flow_type: Annotated[str | None, Child("flow-type", CODE)] = None
    finance_type: Annotated[str | None, Child("finance-type", CODE)] = None
    aid_types: Annotated[tuple[AidType, ...], Child("aid-type")] = ()
    tied_status: Annotated[str | None, Child("tied-status", CODE)] = None
