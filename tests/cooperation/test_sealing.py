"""Sealing: who commits first and opens later can change nothing in between, and every way to try it is told by name."""

from datetime import date
from typing import Any

from openmpca.cooperation.claims import Claims
from openmpca.cooperation.sealing import digests, standing
from openmpca.cooperation.sealing.standing import Matter
from openmpca.cooperation.statements import Withdrawal
from tests.cooperation.joint import DAY, HOSTED, hosting, received, refused, state
from tests.cooperation.sealed import (
    PARTNER,
    by_partner,
    comparison,
    made,
    opens,
    proposal,
    scores,
    scoring,
    seals,
    threat,
)
from tests.proof.partner import Partner, met
from tests.state import State

R1, R2 = "round:R-1", "round:R-2"


def stands(matter: str = R1, readers: list[str] | None = None) -> Matter:
    return standing.standing(Claims(date(2026, 12, 31), readers=readers), matter)


def told(matter: Matter) -> list[tuple[str, str]]:
    return [(each.party, each.stands) for each in matter.standings]


def whys(matter: Matter) -> list[tuple[str, str]]:
    return [(each.claim.party, each.why) for each in matter.discounted]


def in_rounds(*, partner: bool = False) -> tuple[Any, Any, Partner]:
    """Two rounds with the party of this record and another: hosted here, or a partner."""
    other = Partner()
    ours, theirs = hosting(met(other) if partner else None)
    parties = ("SRA", PARTNER if partner else HOSTED)
    state(ours, *(proposal(f"PR-{at}") for at in (1, 2, 3)), scoring(parties=parties), scoring("R-2", parties))
    return ours, theirs, other


def test_two_parties_seal_and_then_open_and_nobody_can_change_anything_in_between(each_state_home: State) -> None:
    ours, theirs, _partner = in_rounds()
    a, b = made("SRA", R1, scores(5, 3, 1)), made(HOSTED, R1, scores(1, 3, 5))
    assert told(stands()) == [("SRA", "none"), (HOSTED, "none")]
    (first,) = state(ours, seals(made("SRA", R1, scores(1, 1, 1))))
    assert refused(ours, opens(first, a)) == [(843, "matter"), (844, "sealed")]
    assert refused(ours, seals(a)) == [(842, "replaces")]
    (sealed,) = state(ours, seals(a, replaces=first))
    assert told(stands()) == [("SRA", "sealed"), (HOSTED, "none")]
    assert whys(stands()) == [("SRA", standing.REPLACED)]
    (other,) = state(theirs, seals(b))
    assert stands().all_sealed
    state(ours, opens(sealed, a))
    assert told(stands()) == [("SRA", "open"), (HOSTED, "sealed")]
    changed = made(HOSTED, R1, scores(5, 3, 1))
    assert refused(theirs, seals(changed, replaces=other)) == [(842, "matter")]
    assert refused(theirs, opens(other, changed)) == [(844, "sealed")]
    state(theirs, Withdrawal(day=DAY, replaces=other))
    state(theirs, opens(other, b))
    done = stands()
    assert done.all_open
    assert [each.content["scores"]["PR-1"] for each in done.standings] == [5, 1]
    assert not done.early
    assert done.of("nobody").stands == "none"


def test_what_parties_state_of_their_own_is_checked_before_it_is_recorded(state_home: State) -> None:
    ours, theirs, _partner = in_rounds()
    a, b = made("SRA", R1, scores(5, 3, 1)), made(HOSTED, R1, scores(1, 3, 5))
    assert refused(ours, seals(a, release=[])) == [(840, "release")]
    assert refused(ours, seals(a, digest="A" * 64)) == [(802, "digest")]
    assert refused(ours, seals(a), seals(made("SRA", R1, scores(1)))) == [(842, "matter")]
    (sealed,) = state(ours, seals(a, release=[HOSTED]))
    assert refused(theirs, seals(a)) == [(846, "digest")]
    (other,) = state(theirs, seals(b))
    assert refused(theirs, opens(sealed, a)) == [(844, "sealed")]
    assert refused(theirs, opens(other, b, salt="0" * 31)) == [(844, "sealed")]
    assert refused(theirs, opens(other, b, content=b.content + " ")) == [(844, "sealed")]
    assert refused(theirs, opens(other, b, release=[])) == [(840, "release")]
    assert refused(ours, scoring(replaces=state(ours, scoring("R-3"))[0], most=1, code="R-3")) == [(854, "most")]
    assert refused(ours, scoring(replaces=7))[-1:] == [(847, "replaces")]


def test_a_hosted_party_is_told_nothing_that_was_not_released_to_it(state_home: State) -> None:
    ours, theirs, _partner = in_rounds()
    state(ours, threat("T-1"), threat("T-2"), comparison("C-9", release=[]))
    assert refused(theirs, seals(made(HOSTED, "comparison:C-9", {}))) == [(800, "matter")]
    assert told(stands("comparison:C-9", [HOSTED])) == []
    assert stands("comparison:C-9", [HOSTED]).all_sealed is False


def test_a_partner_that_keeps_to_the_order_is_believed(state_home: State) -> None:
    ours, _theirs, partner = in_rounds(partner=True)
    a, b = made("SRA", R1, scores(5, 3, 1)), made(PARTNER, R1, scores(1, 3, 5))
    (own,) = state(ours, seals(a))
    sealed = by_partner(partner, "sealed", seals(b))
    received(partner, ours, sealed)
    assert refused(ours, seals(a, replaces=own, digest="1" * 64, release=[])) == [(840, "release")]
    state(ours, opens(own, a))
    opened = by_partner(partner, "opened", opens(sealed, b))
    received(partner, ours, sealed, opened)  # it sends what it sealed again, beside the opening
    assert told(stands()) == [("SRA", "open"), (PARTNER, "open")]
    assert whys(stands()) == []


def test_a_partner_that_seals_or_replaces_after_an_opening_changes_nothing(state_home: State) -> None:
    ours, _theirs, partner = in_rounds(partner=True)
    a, b, c = (made(each, R1, scores(5, 3, at)) for at, each in enumerate(("SRA", PARTNER, PARTNER), 1))
    (own,) = state(ours, seals(a))
    sealed = by_partner(partner, "sealed", seals(b))
    received(partner, ours, sealed)
    state(ours, opens(own, a))
    again = by_partner(partner, "sealed", seals(c, replaces=sealed))
    opened = by_partner(partner, "opened", opens(again, c))
    received(partner, ours, again, opened)
    assert told(stands()) == [("SRA", "open"), (PARTNER, "sealed")]
    assert whys(stands()) == [(PARTNER, standing.LATE), (PARTNER, standing.NOT_THE_ONE)]
    honest = by_partner(partner, "opened", opens(sealed, b))
    received(partner, ours, honest)
    assert stands().of(PARTNER).content == scores(5, 3, 2)


def test_every_false_opening_of_a_partner_is_told_by_its_reason(state_home: State) -> None:
    ours, _theirs, partner = in_rounds(partner=True)
    a, b, other = made("SRA", R1, scores(5, 3, 1)), made(PARTNER, R1, scores(1)), made(PARTNER, R2, scores(2))
    (own,) = state(ours, seals(a))
    copied = by_partner(partner, "sealed", seals(a))
    second = by_partner(partner, "sealed", seals(b))
    elsewhere = by_partner(partner, "sealed", seals(other))
    received(partner, ours, copied, second, elsewhere)
    state(ours, opens(own, a))
    tries = [
        opens(copied, a),
        opens(elsewhere, other, matter=R1),
        opens(copied, a, salt="x"),
        opens(copied, a, content="{} "),
        opens(copied, a, content="{"),
        opens(copied, a, content="1" * (digests.LONGEST + 1)),
        opens(99, b),
        opens(second, b),
    ]
    received(partner, ours, *(by_partner(partner, "opened", each) for each in tries))
    assert [why for _party, why in whys(stands())] == [
        standing.TWICE,
        standing.OTHER_CONTENT,
        standing.OTHER_MATTER,
        *[standing.NO_FORM] * 4,
        standing.NO_SEAL,
        standing.NOT_THE_ONE,
    ]
    assert told(stands()) == [("SRA", "open"), (PARTNER, "sealed")]


def test_who_opens_before_all_have_sealed_is_told_of_and_nothing_after_it_counts(state_home: State) -> None:
    ours, _theirs, partner = in_rounds(partner=True)
    b = made(PARTNER, R1, scores(1, 2, 3))
    sealed = by_partner(partner, "sealed", seals(b))
    opened = by_partner(partner, "opened", opens(sealed, b))
    received(partner, ours, sealed, opened)
    assert [each.party for each in stands().early] == [PARTNER]
    assert refused(ours, seals(made("SRA", R1, scores(1, 1, 1)))) == [(842, "matter")]


def test_what_is_sealed_and_taken_back_in_time_is_gone(state_home: State) -> None:
    ours, theirs, _partner = in_rounds()
    (own,) = state(ours, seals(made("SRA", R1, scores(1))))
    state(ours, Withdrawal(day=DAY, replaces=own))
    assert told(stands())[0] == ("SRA", "none")
    assert whys(stands()) == [("SRA", standing.TAKEN_BACK)]
    state(theirs, seals(made(HOSTED, R1, scores(2))))
    assert told(stands()) == [("SRA", "none"), (HOSTED, "sealed")]


def test_whoever_is_no_party_of_a_matter_seals_nothing_in_it(state_home: State) -> None:
    ours, theirs, partner = in_rounds(partner=True)
    alien = made(HOSTED, R1, scores(1))
    assert refused(theirs, seals(alien)) == [(841, "matter")]
    sealed = by_partner(partner, "sealed", seals(alien), party="THEIRS")
    opened = by_partner(partner, "opened", opens(sealed, alien), party="THEIRS")
    received(partner, ours, sealed, opened)
    assert whys(stands()) == [("THEIRS", standing.STRANGER)] * 2


def test_a_partner_cannot_commit_to_many_and_choose_one_of_them_afterwards(state_home: State) -> None:
    ours, _theirs, partner = in_rounds(partner=True)
    (own,) = state(ours, seals(a := made("SRA", R1, scores(5, 3, 1))))
    choices = [made(PARTNER, R1, scores(at)) for at in (1, 5)]
    numbers = [by_partner(partner, "sealed", seals(each)) for each in choices]
    received(partner, ours, hidden={each: {"digest"} for each in numbers})  # both stand in its log, neither is shown
    assert told(stands())[1] == (PARTNER, "none")
    assert refused(ours, opens(own, a)) == [(843, "matter")]
    shown = by_partner(partner, "sealed", seals(made(PARTNER, R1, scores(3))))
    received(partner, ours, shown)
    state(ours, opens(own, a))
    opened = by_partner(partner, "opened", opens(numbers[1], choices[1]))
    received(partner, ours, numbers[1], opened)
    assert told(stands()) == [("SRA", "open"), (PARTNER, "sealed")]
    assert whys(stands()) == [(PARTNER, standing.LATE), (PARTNER, standing.NOT_THE_ONE)]


def test_a_matter_stays_as_it_was_when_somebody_first_sealed_for_it(state_home: State) -> None:
    partner = Partner()
    ours, _theirs = hosting(met(partner))
    state(ours, *(proposal(f"PR-{at}") for at in (1, 2, 3)))
    theirs = by_partner(partner, "round", scoring(parties=("SRA", PARTNER)))
    received(partner, ours, theirs)
    (own,) = state(ours, seals(a := made("SRA", R1, scores(5, 3, 1))))
    b = made(PARTNER, R1, scores(1, 3, 5))
    sealed = by_partner(partner, "sealed", seals(b))
    without = by_partner(partner, "round", scoring(parties=(PARTNER, HOSTED), replaces=theirs))
    gone = by_partner(partner, "withdrawal", Withdrawal(day=DAY, replaces=without))
    received(partner, ours, sealed, without, gone)
    assert told(stands()) == [("SRA", "sealed"), (PARTNER, "sealed")]
    state(ours, opens(own, a))
    received(partner, ours, by_partner(partner, "opened", opens(sealed, b)))
    assert stands().all_open
