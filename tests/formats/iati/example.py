"""An activity of two fictional partner States that uses nearly every element we write, and holds to the standard."""

import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from openmpca.formats.iati.activity import (
    Activities,
    Activity,
    ActivityDate,
    Condition,
    Conditions,
    Contact,
    Location,
    OtherIdentifier,
    Owner,
    Participant,
    PlaceIdentifier,
    Point,
    RelatedActivity,
    ReportingOrganisation,
)
from openmpca.formats.iati.money import Budget, PlannedDisbursement, Provider, Receiver, Transaction
from openmpca.formats.iati.results import (
    At,
    Baseline,
    Dimension,
    Indicator,
    IndicatorReference,
    Measured,
    Period,
    Result,
)
from openmpca.formats.iati.texts import (
    AidType,
    Country,
    Description,
    Document,
    Money,
    Sector,
    Texts,
    narratives,
)

NOW = datetime.datetime(2026, 11, 22, tzinfo=datetime.UTC)
TESSARA, OSTREL = "ZZ-GOV-TESSARA", "ZZ-GOV-OSTREL"


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def money(amount: str, on: str, currency: str | None = None) -> Money:
    return Money(amount=Decimal(amount), on=day(on), currency=currency)


DOCUMENT = Document(
    url="https://tessara.example/agreement.pdf",
    format="application/pdf",
    title=narratives(en="Implementing agreement", ru="Исполнительное соглашение"),
    description=narratives(en="Both texts are equally authentic."),
    categories=("A09",),
    languages=("en", "ru"),
    on=day("2024-02-01"),
)
RESULT = Result(
    type="1",
    aggregated=True,
    title=narratives(en="Stores with new seals"),
    description=narratives(en="Counted when jointly accepted."),
    documents=(DOCUMENT,),
    indicators=(
        Indicator(
            measure="1",
            ascending=True,
            aggregated=False,
            title=narratives(en="Stores"),
            description=narratives(en="Number of stores accepted"),
            documents=(DOCUMENT,),
            references=(IndicatorReference(vocabulary="99", code="S1", indicator_uri="https://tessara.example/s1"),),
            baselines=(
                Baseline(
                    year=2023,
                    on=day("2023-12-31"),
                    value="0",
                    locations=(At(ref="L1"),),
                    dimensions=(Dimension(name="kind", value="vault"),),
                    documents=(DOCUMENT,),
                    comment=narratives(en="None before."),
                ),
            ),
            periods=(
                Period(
                    start=day("2024-01-01"),
                    end=day("2024-12-31"),
                    targets=(Measured(value="4", comment=narratives(en="Agreed by the board.")),),
                    actuals=(
                        Measured(
                            value="3",
                            locations=(At(ref="L1"),),
                            dimensions=(Dimension(name="kind", value="vault"),),
                            documents=(DOCUMENT,),
                        ),
                    ),
                ),
            ),
        ),
    ),
)
TRANSACTION = Transaction(
    ref="T-1",
    humanitarian=False,
    type="3",
    on=day("2024-06-30"),
    value=money("125000.50", "2024-06-30"),
    description=narratives(en="First instalment", ru="Первый платёж"),
    provider=Provider(ref=OSTREL, activity=f"{OSTREL}-7", type="10", narratives=narratives(en="Ostrel")),
    receiver=Receiver(ref=TESSARA, activity=f"{TESSARA}-P1", type="10"),
    channel="1",
    flow_type="50",
    finance_type="110",
    aid_types=(AidType(code="C01", vocabulary="1"),),
    tied_status="5",
)
ACTIVITY = Activity(
    updated=datetime.datetime(2026, 11, 1, 8, tzinfo=datetime.UTC),
    language="en",
    currency="EUR",
    humanitarian=False,
    hierarchy=1,
    identifier=f"{TESSARA}-P1",
    reporting=ReportingOrganisation(ref=TESSARA, type="10", secondary=False, narratives=narratives(en="Tessara")),
    title=narratives(en="Seals for four stores", ru="Пломбы для четырёх хранилищ"),
    descriptions=(Description(type="1", narratives=narratives(en="New seals and their records.")),),
    participants=(
        Participant(ref=OSTREL, type="10", role="1", activity=f"{OSTREL}-7", narratives=narratives(en="Ostrel")),
        Participant(ref=TESSARA, type="10", role="4", narratives=narratives(en="Tessara", ru="Тессара")),
    ),
    other_identifiers=(
        OtherIdentifier(ref="OLD-1", type="A1", owner=Owner(ref=OSTREL, narratives=narratives(en="Ostrel"))),
    ),
    status="2",
    dates=(
        ActivityDate(type="1", on=day("2024-01-15"), narratives=narratives(en="As agreed")),
        ActivityDate(type="2", on=day("2024-03-01")),
        ActivityDate(type="3", on=day("2027-06-30")),
    ),
    contacts=(
        Contact(
            type="1",
            organisation=narratives(en="Ministry"),
            department=narratives(en="Joint programmes"),
            person=narratives(en="Desk officer"),
            job_title=narratives(en="Co-chair"),
            telephones=("+00 1",),
            emails=("desk@tessara.example",),
            websites=("https://tessara.example",),
            addresses=(Texts(narratives=narratives(en="Capital")),),
        ),
    ),
    scope="4",
    countries=(
        Country(code="AL", percentage=Decimal(60)),
        Country(code="GE", percentage=Decimal(40), narratives=narratives(en="Stand-ins: the States are fictional.")),
    ),
    locations=(
        Location(
            ref="L1",
            reach="1",
            identifiers=(PlaceIdentifier(vocabulary="G1", code="1"),),
            name=narratives(en="Capital"),
            description=narratives(en="The capital, not the site"),
            activity_description=narratives(en="Training"),
            administrative=(PlaceIdentifier(vocabulary="G1", code="2", level=1),),
            point=Point(position="0 0"),
            exactness="2",
            place_class="2",
            feature="PPLC",
        ),
    ),
    sectors=(
        Sector(vocabulary="1", code="15210"),
        Sector(
            vocabulary="99",
            vocabulary_uri="https://tessara.example/sectors",
            code="SEALS",
            narratives=narratives(en="Accountancy and control of nuclear material"),
        ),
    ),
    collaboration_type="1",
    flow_type="50",
    finance_type="110",
    aid_types=(AidType(code="C01", vocabulary="1"),),
    tied_status="5",
    budgets=(
        Budget(
            type="1",
            status="2",
            start=day("2024-01-01"),
            end=day("2024-12-31"),
            value=money("500000.00", "2024-01-01", "EUR"),
        ),
    ),
    planned_disbursements=(
        PlannedDisbursement(
            type="1",
            start=day("2025-01-01"),
            end=day("2025-03-31"),
            value=money("0.01", "2025-01-01"),
            provider=Provider(ref=OSTREL),
            receiver=Receiver(narratives=narratives(en="Tessara")),
        ),
    ),
    transactions=(TRANSACTION,),
    documents=(DOCUMENT,),
    related=(RelatedActivity(ref=f"{OSTREL}-7", type="4"),),
    conditions=Conditions(
        attached=True, conditions=(Condition(type="2", narratives=narratives(en="Joint acceptance first")),)
    ),
    results=(RESULT,),
)
FILE = Activities(generated=datetime.datetime(2026, 11, 2, tzinfo=datetime.UTC), activities=(ACTIVITY,))


def vectors(shared: Path) -> Path:
    """The folder of the standard among the published test vectors."""
    folder = shared / "vectors/iati"
    if not folder.is_dir():
        pytest.skip(f"no test vectors: {folder} is not there")
    return folder
