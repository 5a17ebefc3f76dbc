"""What the rules about money refuse, and that what they refuse is not recorded."""

from datetime import date
from typing import Any

import pytest

from openmpca.cooperation.agreements.statements import Dependency, Term
from openmpca.cooperation.money.statements import (
    Ceiling,
    Commitment,
    CostLine,
    ExchangeRate,
    Exemption,
    Fund,
    InKind,
    Pledge,
    StaffTime,
)
from tests.cooperation.joint import DAY, HOSTED, hosting, refused, state
from tests.cooperation.paying import HALF, disbursement, obligation, share_rule, told_of_a_project
from tests.state import State


@pytest.fixture
def acts(state_home: State) -> tuple[Any, Any]:
    """SRA has a fund of 1000 USD under an agreement whose ceiling is 1500 USD, and a project with a cost line."""
    ours, theirs = hosting()
    told_of_a_project(ours, release=["*"])
    return ours, theirs


def test_shares_that_do_not_sum_to_100_or_overlap_are_refused(acts: tuple[Any, Any]) -> None:
    ours, theirs = acts
    assert refused(ours, share_rule(shares={"SRA": "60", HOSTED: "39.9999"})) == [(780, "shares")]
    assert refused(ours, share_rule(begins=HALF[1], ends=HALF[0])) == [(782, "begins")]
    (first,) = state(ours, share_rule())
    assert refused(ours, share_rule(begins=HALF[1], ends=date(2026, 12, 31))) == [(781, "begins")]
    assert refused(ours, share_rule(category="pledge"), share_rule(category="pledge")) == [(781, "begins")]
    assert state(ours, share_rule(begins=date(2026, 7, 1), ends=date(2026, 12, 31)))
    assert state(ours, share_rule(shares={"SRA": "50.5", HOSTED: "49.5"}, replaces=first))
    assert state(theirs, share_rule())


def test_a_rate_is_a_number_between_two_currencies_once_for_a_day(acts: tuple[Any, Any]) -> None:
    ours, _theirs = acts
    given = {"day": DAY, "currency": "EUR", "into": "USD", "rate": "1.08", "ends": HALF[1], "source": "ECB"}

    def rate(**others: Any) -> ExchangeRate:
        return ExchangeRate(**{**given, **others})

    assert refused(ours, rate(rate="0.00")) == [(802, "rate")]
    assert refused(ours, rate(rate="1e3")) == [(802, "rate")]
    assert refused(ours, rate(source=" ")) == [(783, "source")]
    assert refused(ours, rate(into="EUR")) == [(783, "into")]
    assert refused(ours, rate(ends=date(2026, 2, 1))) == [(782, "ends")]
    state(ours, rate())
    assert refused(ours, rate(day=HALF[1], ends=date(2026, 7, 31))) == [(784, "day")]
    assert state(ours, rate(into="RUB"), rate(currency="USD", into="EUR", rate="0.92592593"))


def test_a_fund_is_obligated_in_its_time_up_to_its_ceiling(acts: tuple[Any, Any]) -> None:
    ours, _theirs = acts
    assert refused(ours, obligation(day=date(2026, 7, 1))) == [(810, "day")]
    assert refused(ours, obligation(day=date(2025, 12, 31))) == [(810, "day")]
    assert refused(ours, obligation(amount="1000.01")) == [(811, "amount")]
    assert refused(ours, obligation(amount="600"), obligation(code="O-2", amount="400.01")) == [(811, "amount")]
    assert refused(ours, obligation(fund="")) == [(789, "fund")]
    assert refused(ours, obligation(project="")) == [(788, "costline"), (789, "project")]
    assert refused(ours, obligation(giver=HOSTED)) == [(790, "fund")]
    assert refused(ours, obligation(currency="EUR")) == [(815, "currency")]
    state(ours, obligation(amount="1000"))
    assert refused(ours, obligation(code="O-2", amount="0.0001", day=HALF[0])) == [(811, "amount")]
    fund = {"day": DAY, "code": "F-1", "title": "Cut", "holder": "SRA", "authority": "Act", "currency": "USD"}
    assert refused(ours, Fund(**fund, ceiling="999")) == [(811, "ceiling")]
    assert refused(ours, Fund(**{**fund, "code": "F-9"}, ceiling="-1", first=HALF[1], last=HALF[0])) == [
        (782, "last"),
        (785, "ceiling"),
        (811, "ceiling"),
    ]


def test_a_ceiling_of_an_agreement_holds_over_all_funds_under_it(acts: tuple[Any, Any]) -> None:
    ours, _theirs = acts
    state(ours, obligation(amount="1000"))
    second = Fund(
        day=HALF[0], code="F-2", title="Second", holder="SRA", authority="Act", currency="EUR", ceiling="900",
        agreement="IA",
    )  # fmt: skip
    state(ours, second)
    more = obligation(code="O-2", fund="F-2", currency="EUR", amount="463")
    assert refused(ours, more) == [(815, "currency")]
    state(ours, ExchangeRate(day=HALF[0], currency="EUR", into="USD", rate="1.08", ends=HALF[1], source="Central bank"))
    assert refused(ours, more) == [(812, "amount")]
    assert state(ours, obligation(code="O-2", fund="F-2", currency="EUR", amount="462.9629"))
    lowered = Ceiling(day=DAY, agreement="UA", giver="SRA", currency="USD", amount="1499.99")
    assert refused(ours, lowered) == [(812, "amount")]
    assert refused(ours, Ceiling(day=DAY, agreement="UA", giver=HOSTED, currency="USD", amount="-1")) == [
        (785, "amount"),
        (812, "amount"),
    ]


def test_new_money_waits_for_an_agreement_that_is_in_force_or_for_an_answer(acts: tuple[Any, Any]) -> None:
    ours, _theirs = acts
    lapsed = Term(day=DAY, agreement="UA", change="ended", expires=date(2026, 3, 31))
    state(ours, lapsed)
    late = obligation(day=date(2026, 4, 1))
    assert refused(ours, late) == [(816, "fund")]
    assert state(ours, obligation(day=date(2026, 3, 31), amount="1"))
    until = Dependency(day=DAY, what="project:P-1", on="agreement:UA", authority="until", until=date(2026, 4, 30))
    state(ours, until)
    assert refused(ours, obligation(code="O-2", day=date(2026, 5, 1))) == [(816, "fund")]
    assert state(ours, obligation(code="O-3", day=date(2026, 4, 30), amount="1"))


def test_no_more_is_disbursed_than_was_obligated(acts: tuple[Any, Any]) -> None:
    ours, theirs = acts
    state(ours, obligation(amount="500"))
    assert refused(ours, disbursement(amount="500.01")) == [(813, "amount")]
    assert refused(ours, disbursement(amount="300"), disbursement(code="D-2", amount="201")) == [(813, "amount")]
    assert refused(ours, disbursement(day=date(2026, 2, 1))) == [(813, "day")]
    assert refused(ours, disbursement(obligation="")) == [(789, "obligation")]
    assert refused(ours, disbursement(currency="EUR")) == [(815, "currency")]
    state(ours, disbursement(amount="300"))
    assert refused(ours, disbursement(code="D-2", obligation="D-1")) == [(790, "obligation")]
    assert refused(ours, disbursement(code="D-2", project="P-2", costline="")) == [(790, "obligation")]
    assert refused(ours, obligation(code="O-1R", amount="-201", reverses="O-1")) == [(813, "amount")]
    state(ours, obligation(code="O-1R", amount="-200", reverses="O-1"))
    assert refused(ours, disbursement(code="D-2", amount="1")) == [(813, "amount")]
    assert state(theirs, disbursement(obligation="", amount="300"))


def test_an_entry_is_stated_once_and_taken_back_only_by_naming_it(acts: tuple[Any, Any]) -> None:
    ours, theirs = acts
    (first,) = state(ours, obligation(amount="500"))
    assert refused(ours, obligation(amount="400")) == [(787, "code")]
    assert state(theirs, obligation(amount="400", fund=""))
    assert state(ours, obligation(amount="450", replaces=first))
    assert refused(ours, obligation(code="O-2", amount="-1")) == [(785, "amount")]
    assert refused(ours, obligation(code="O-2", amount="0")) == [(785, "amount")]
    assert refused(ours, obligation(code="O-2", amount="1", reverses="O-1")) == [(785, "amount")]
    assert refused(ours, obligation(code="O-2", amount="-451", reverses="O-1")) == [(786, "amount")]
    assert refused(theirs, obligation(code="O-2", amount="-1", reverses="O-2", fund="")) == [(786, "reverses")]
    assert refused(ours, obligation(code="O-2", amount="-1", reverses="O-1", receiver="Somebody else")) == [
        (786, "receiver")
    ]
    pledge = Pledge(day=DAY, code="PL-R", giver="SRA", currency="USD", amount="-1", reverses="O-1")
    assert refused(ours, pledge) == [(786, "reverses")]


def test_what_is_given_says_what_it_is_and_by_what_it_is_valued(acts: tuple[Any, Any]) -> None:
    ours, _theirs = acts
    base = {"day": DAY, "giver": "SRA", "project": "P-1", "currency": "USD"}
    kind = {**base, "code": "K-1", "what": "Crane", "amount": "10", "basis": "market price"}
    assert refused(ours, InKind(**{**kind, "what": " ", "basis": ""})) == [(789, "what"), (789, "basis")]
    assert refused(ours, InKind(**{**kind, "basis": "guess"})) == [(801, "basis")]
    staff = {**base, "code": "T-1", "work": "Design review", "hours": "12.5", "rate": "80"}
    assert refused(ours, StaffTime(**{**staff, "hours": "0", "rate": "-1"})) == [(785, "hours"), (785, "rate")]
    assert refused(ours, StaffTime(**{**staff, "work": ""})) == [(789, "work")]
    waived = {**base, "code": "E-1", "sort": "customs duty", "amount": "7"}
    assert refused(ours, Exemption(**{**waived, "project": ""})) == [(789, "project")]
    state(ours, InKind(**kind), StaffTime(**staff), Exemption(**waived))
    back = StaffTime(**{**staff, "code": "T-2", "hours": "-13", "reverses": "T-1"})
    assert refused(ours, back) == [(786, "hours")]
    assert state(ours, Commitment(**{**base, "code": "C-1", "amount": "5", "project": ""}))
    assert refused(ours, Commitment(**{**base, "code": "C-2", "amount": "5", "project": "P-2", "costline": "L-1"})) == [
        (788, "costline")
    ]
    line = {"day": DAY, "code": "L-9", "project": "P-1", "title": "Line", "currency": "USD"}
    assert refused(ours, CostLine(**line, planned="-5")) == [(785, "planned")]


@pytest.mark.parametrize("amount", ["1,5", "NaN", "1e9", "Infinity", "٣", "0.00001", "--1", " 1", "1" * 16])
def test_an_amount_in_another_form_is_refused_and_checked_no_further(acts: tuple[Any, Any], amount: str) -> None:
    assert refused(acts[0], obligation(amount=amount)) == [(802, "amount")]


def test_no_rule_tells_what_another_party_keeps(acts: tuple[Any, Any]) -> None:
    from openmpca.record import commands
    from openmpca.record.record import Refused

    ours, theirs = acts
    state(ours, obligation(amount="777.77"))
    with pytest.raises(Refused) as found:
        commands.state([disbursement(code="D-9", giver=HOSTED, obligation="O-1", amount="1")], theirs)
    assert {each.rule for each in found.value.problems} == {800}
    told = "".join(f"{each.message}{each.mend}" for each in found.value.problems)
    assert "777" not in told
    assert "SRA" not in told
