"""An IATI 2.03 activity, as far as joint programmes need it; the fields stand in the order that the schema enforces.

Elements that are not here (tag, country-budget-items, humanitarian-scope, policy-marker, capital-spend, legacy-data,
crs-add, fss, and those of other namespaces) are kept as they came when a file is read.

Parties are equal in the record; here each takes a role: 1 funding, 2 accountable, 3 extending, 4 implementing. Status:
1 pipeline, 2 implementation, 3 finalisation, 4 closed, 5 cancelled, 6 suspended. Dates: 1 and 2 planned and actual
start, 3 and 4 planned and actual end. Related activities: 1 parent, 2 child, 3 sibling, 4 co-funded, 5 third party.

Source: IATI activity standard 2.03, iati-activities-schema.xsd.
"""

import datetime
from typing import Annotated, Final

from openmpca.formats.iati.money import Budget, PlannedDisbursement, Transaction
from openmpca.formats.iati.results import Result
from openmpca.formats.iati.texts import (
    CODE,
    DAY,
    AidType,
    Country,
    Description,
    Document,
    Narratives,
    Region,
    Sector,
    Texts,
)
from openmpca.formats.markup.shape import LANGUAGE, Attribute, Child, Node

VERSION: Final = "2.03"


class ReportingOrganisation(Node, frozen=True, kw_only=True):
    """Who publishes the activity; type of the list OrganisationType."""

    ref: Annotated[str, Attribute("ref")]
    type: Annotated[str, Attribute("type")]
    secondary: Annotated[bool | None, Attribute("secondary-reporter")] = None
    narratives: Annotated[Narratives, Child("narrative")]


class Participant(Node, frozen=True, kw_only=True):
    """A party in one of its roles, by identifier or by name."""

    ref: Annotated[str | None, Attribute("ref")] = None
    type: Annotated[str | None, Attribute("type")] = None
    role: Annotated[str, Attribute("role")]
    activity: Annotated[str | None, Attribute("activity-id")] = None
    channel: Annotated[str | None, Attribute("crs-channel-code")] = None
    narratives: Annotated[Narratives, Child("narrative")] = ()


class Owner(Node, frozen=True, kw_only=True):
    """Whose identifier another identifier is."""

    ref: Annotated[str | None, Attribute("ref")] = None
    narratives: Annotated[Narratives, Child("narrative")] = ()


class OtherIdentifier(Node, frozen=True, kw_only=True):
    """How others, or we in former times, call the activity; type of the list OtherIdentifierType."""

    ref: Annotated[str, Attribute("ref")]
    type: Annotated[str, Attribute("type")]
    owner: Annotated[Owner | None, Child("owner-org")] = None


class ActivityDate(Node, frozen=True, kw_only=True):
    """A day of the activity's life and which it is."""

    type: Annotated[str, Attribute("type")]
    on: Annotated[datetime.date, Attribute(DAY)]
    narratives: Annotated[Narratives, Child("narrative")] = ()


class Contact(Node, frozen=True, kw_only=True):
    """Whom to ask; type of the list ContactType."""

    type: Annotated[str | None, Attribute("type")] = None
    organisation: Annotated[Narratives, Child("narrative", within="organisation")] = ()
    department: Annotated[Narratives, Child("narrative", within="department")] = ()
    person: Annotated[Narratives, Child("narrative", within="person-name")] = ()
    job_title: Annotated[Narratives, Child("narrative", within="job-title")] = ()
    telephones: Annotated[tuple[str, ...], Child("telephone")] = ()
    emails: Annotated[tuple[str, ...], Child("email")] = ()
    websites: Annotated[tuple[str, ...], Child("website")] = ()
    addresses: Annotated[tuple[Texts, ...], Child("mailing-address")] = ()


class PlaceIdentifier(Node, frozen=True, kw_only=True):
    """A place by its code in a gazetteer or among administrative divisions, of which ``level`` is the depth."""

    vocabulary: Annotated[str, Attribute("vocabulary")]
    code: Annotated[str, Attribute(CODE)]
    level: Annotated[int | None, Attribute("level")] = None


class Point(Node, frozen=True, kw_only=True):
    """Latitude and longitude in a reference system, as text: never published unless every party released it."""

    system: Annotated[str, Attribute("srsName")] = "http://www.opengis.net/def/crs/EPSG/0/4326"
    position: Annotated[str, Child("pos")]


class Location(Node, frozen=True, kw_only=True):
    """A place of the activity; ``reach`` 1 says that the work is there, 2 that those who benefit are."""

    ref: Annotated[str | None, Attribute("ref")] = None
    reach: Annotated[str | None, Child("location-reach", CODE)] = None
    identifiers: Annotated[tuple[PlaceIdentifier, ...], Child("location-id")] = ()
    name: Annotated[Narratives, Child("narrative", within="name")] = ()
    description: Annotated[Narratives, Child("narrative", within="description")] = ()
    activity_description: Annotated[Narratives, Child("narrative", within="activity-description")] = ()
    administrative: Annotated[tuple[PlaceIdentifier, ...], Child("administrative")] = ()
    point: Annotated[Point | None, Child("point")] = None
    exactness: Annotated[str | None, Child("exactness", CODE)] = None
    place_class: Annotated[str | None, Child("location-class", CODE)] = None
    feature: Annotated[str | None, Child("feature-designation", CODE)] = None


class RelatedActivity(Node, frozen=True, kw_only=True):
    """Another activity and how it is related."""

    ref: Annotated[str, Attribute("ref")]
    type: Annotated[str, Attribute("type")]


class Condition(Node, frozen=True, kw_only=True):
    """What the money hangs on; type 1 policy, 2 performance, 3 fiduciary."""

    type: Annotated[str, Attribute("type")]
    narratives: Annotated[Narratives, Child("narrative")]


class Conditions(Node, frozen=True, kw_only=True):
    """Whether conditions are attached, and which."""

    attached: Annotated[bool, Attribute("attached")]
    conditions: Annotated[tuple[Condition, ...], Child("condition")] = ()


class Activity(Node, frozen=True, kw_only=True):
    """One activity: a project, or a part of one, as one organisation reports it."""

    updated: Annotated[datetime.datetime | None, Attribute("last-updated-datetime")] = None
    language: Annotated[str | None, Attribute(LANGUAGE)] = None
    currency: Annotated[str | None, Attribute("default-currency")] = None
    humanitarian: Annotated[bool | None, Attribute("humanitarian")] = None
    hierarchy: Annotated[int | None, Attribute("hierarchy")] = None
    budget_not_provided: Annotated[str | None, Attribute("budget-not-provided")] = None
    identifier: Annotated[str, Child("iati-identifier")]
    reporting: Annotated[ReportingOrganisation, Child("reporting-org")]
    title: Annotated[Narratives, Child("narrative", within="title")]
    descriptions: Annotated[tuple[Description, ...], Child("description")]
    participants: Annotated[tuple[Participant, ...], Child("participating-org")]
    other_identifiers: Annotated[tuple[OtherIdentifier, ...], Child("other-identifier")] = ()
    status: Annotated[str, Child("activity-status", CODE)]
    dates: Annotated[tuple[ActivityDate, ...], Child("activity-date")]
    contacts: Annotated[tuple[Contact, ...], Child("contact-info")] = ()
    scope: Annotated[str | None, Child("activity-scope", CODE)] = None
    countries: Annotated[tuple[Country, ...], Child("recipient-country")] = ()
    regions: Annotated[tuple[Region, ...], Child("recipient-region")] = ()
    locations: Annotated[tuple[Location, ...], Child("location")] = ()
    sectors: Annotated[tuple[Sector, ...], Child("sector")] = ()
    collaboration_type: Annotated[str | None, Child("collaboration-type", CODE)] = None
    flow_type: Annotated[str | None, Child("default-flow-type", CODE)] = None
    finance_type: Annotated[str | None, Child("default-finance-type", CODE)] = None
    aid_types: Annotated[tuple[AidType, ...], Child("default-aid-type")] = ()
    tied_status: Annotated[str | None, Child("default-tied-status", CODE)] = None
    budgets: Annotated[tuple[Budget, ...], Child("budget")] = ()
    planned_disbursements: Annotated[tuple[PlannedDisbursement, ...], Child("planned-disbursement")] = ()
    transactions: Annotated[tuple[Transaction, ...], Child("transaction")] = ()
    documents: Annotated[tuple[Document, ...], Child("document-link")] = ()
    related: Annotated[tuple[RelatedActivity, ...], Child("related-activity")] = ()
    conditions: Annotated[Conditions | None, Child("conditions")] = None
    results: Annotated[tuple[Result, ...], Child("result")] = ()


class Activities(Node, frozen=True, kw_only=True):
    """A file of activities."""

    version: Annotated[str, Attribute("version")] = VERSION
    generated: Annotated[datetime.datetime | None, Attribute("generated-datetime")] = None
    linked_data: Annotated[str | None, Attribute("linked-data-default")] = None
    activities: Annotated[tuple[Activity, ...], Child("iati-activity")]
