"""What tests about money share: a fund under two agreements, a project with a cost line, entries in a few words."""

from datetime import date
from typing import Any, Final

from openmpca.cooperation.agreements.statements import Agreement
from openmpca.cooperation.money.statements import Ceiling, CostLine, Disbursement, Fund, Obligation, ShareRule
from openmpca.cooperation.projects.statements import Project
from tests.cooperation.joint import DAY, HOSTED, state

HALF: Final = (date(2026, 1, 1), date(2026, 6, 30))


def told_of_a_project(act: Any, **every: Any) -> list[int]:
    """SRA's umbrella UA with a ceiling, IA under it, fund F-1 under that; projects P-1 and P-2, cost line L-1."""
    parties, since = ["SRA", HOSTED], {"day": HALF[0], **every}
    return state(
        act,
        Agreement(**since, code="UA", title="Umbrella", layer="umbrella", parties=parties, in_force=HALF[0]),
        Agreement(
            **since, code="IA", title="Protection", layer="implementing", parties=parties, in_force=HALF[0], under="UA"
        ),
        Ceiling(**since, agreement="UA", giver="SRA", currency="USD", amount="1500"),
        Fund(
            **since, code="F-1", title="Protection 2026", holder="SRA", authority="Appropriation Act", currency="USD",
            ceiling="1000", agreement="IA", first=HALF[0], last=HALF[1],
        ),
        Project(**since, code="P-1", title="Fence", parties=parties),
        Project(**since, code="P-2", title="Training", parties=parties),
        CostLine(**since, code="L-1", project="P-1", title="Sensors", currency="USD", planned="800"),
    )  # fmt: skip


def obligation(**others: Any) -> Obligation:
    given = {
        "day": DAY, "code": "O-1", "giver": "SRA", "receiver": "Fence Works", "project": "P-1", "costline": "L-1",
        "currency": "USD", "amount": "500", "fund": "F-1", "evidence": "Contract 7",
    }  # fmt: skip
    return Obligation(**{**given, **others})


def disbursement(**others: Any) -> Disbursement:
    given = {
        "day": DAY, "code": "D-1", "giver": "SRA", "receiver": "Fence Works", "project": "P-1", "costline": "L-1",
        "currency": "USD", "amount": "100", "obligation": "O-1", "evidence": "Invoice 12",
    }  # fmt: skip
    return Disbursement(**{**given, **others})


def share_rule(**others: Any) -> ShareRule:
    given = {
        "day": HALF[0], "of": "project:P-1", "category": "disbursement", "shares": {"SRA": "80", HOSTED: "20"},
        "begins": HALF[0], "ends": HALF[1],
    }  # fmt: skip
    return ShareRule(**{**given, **others})
