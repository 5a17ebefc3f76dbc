"""Claims of parties: each for itself, read by whom they were released to, standing until replaced."""

from datetime import date
from typing import Any

from openmpca.cooperation.agreements.statements import Agreement, Clause
from openmpca.cooperation.claims import Claims
from openmpca.cooperation.statements import Withdrawal
from tests.cooperation.joint import DAY, HOSTED, hosting, received, refused, state
from tests.proof.partner import Partner, met
from tests.state import State


def agreement(**others: Any) -> Agreement:
    given = {"day": DAY, "code": "UA", "title": "Umbrella", "layer": "umbrella", "parties": ["SRA", HOSTED]}
    return Agreement(**{**given, **others})


def clause(**others: Any) -> Clause:
    given = {"day": DAY, "code": "UA.7", "agreement": "UA", "sort": "liability", "title": "Liability"}
    return Clause(**{**given, **others})


def told(claims: Claims, kind: Any = Agreement) -> list[tuple[str, str]]:
    return [(each.party, each.said.title) for each in claims.of(kind)]


def test_each_party_states_for_itself_and_reads_what_was_released_to_it(each_state_home: State) -> None:
    ours, theirs = hosting()
    state(ours, agreement(release=[HOSTED]), clause())
    state(theirs, agreement(title="The same, as we read it"))
    everything = Claims(DAY)
    assert told(everything) == [("SRA", "Umbrella"), (HOSTED, "The same, as we read it")]
    assert told(Claims(DAY, readers=["SRA"])) == [("SRA", "Umbrella")]
    assert told(Claims(DAY, readers=[HOSTED])) == told(everything)
    assert told(Claims(DAY, readers=[HOSTED]), Clause) == []
    assert [each.code for each in everything.about(Clause, "clause:UA.7")] == ["UA.7"]


def test_a_claim_stands_until_its_party_replaces_it_or_takes_it_back(each_state_home: State) -> None:
    ours, _theirs = hosting()
    (first,) = state(ours, agreement())
    (second,) = state(ours, agreement(day=date(2026, 5, 1), title="Amended", replaces=first), when="2026-05-01")
    state(ours, Withdrawal(day=date(2026, 6, 1), replaces=second), when="2026-06-01")
    assert told(Claims(date(2026, 2, 1))) == []
    assert told(Claims(date(2026, 4, 30))) == [("SRA", "Umbrella")]
    assert told(Claims(date(2026, 5, 1))) == [("SRA", "Amended")]
    assert told(Claims(date(2026, 5, 1), second - 1)) == [("SRA", "Umbrella")]
    assert told(Claims(date(2026, 6, 1))) == []


def test_what_the_marks_of_a_field_ask_for_is_asked_of_every_kind(state_home: State) -> None:
    ours, theirs = hosting()
    (number,) = state(ours, agreement())
    assert refused(ours, clause(agreement="XX")) == [(800, "agreement")]
    assert refused(ours, agreement(code="UB", layer="roof")) == [(801, "layer")]
    assert refused(ours, agreement(code="UB", parties=["NOBODY"])) == [(802, "parties")]
    assert refused(ours, agreement(code="U B")) == [(803, "code")]
    assert refused(theirs, agreement(replaces=number)) == [(804, "replaces")]
    assert refused(ours, agreement(code="UB", replaces=number)) == [(804, "replaces")]
    assert refused(ours, agreement(replaces=number), agreement(replaces=number)) == [(804, "replaces")]
    assert refused(ours, Withdrawal(day=DAY)) == [(804, "replaces")]
    state(ours, Withdrawal(day=DAY, replaces=number))
    assert refused(ours, agreement(replaces=number)) == [(804, "replaces")]
    assert refused(ours, agreement(release=["NOBODY"])) == [(805, "release")]
    assert refused(ours, clause(code="UA.8", agreement="UB"), clause(code="UA.9", agreement="UA.8")) == [
        (800, "agreement"),
        (800, "agreement"),
    ]


def said_by(partner: Partner, **others: Any) -> int:
    given = {"day": "2026-02-01", "code": "UA", "title": "Theirs", "layer": "umbrella", "parties": ["SRA", "PER"]}
    return partner.state("cooperation.agreement", **{**given, **others})


def test_a_partners_claims_stand_beside_ours_from_when_they_came(state_home: State) -> None:
    partner = Partner()
    ours, _theirs = hosting(met(partner))
    first = said_by(partner, release=["SRA"])
    again = said_by(partner, title="Theirs, amended", replaces=first, day="2026-02-20")
    came = received(partner, ours, first, again)
    state(ours, agreement())
    assert told(Claims(DAY)) == [("PER", "Theirs, amended"), ("SRA", "Umbrella")]
    assert told(Claims(date(2026, 2, 10))) == [("PER", "Theirs")]
    assert told(Claims(DAY, came - 1)) == []
    (theirs, own) = Claims(DAY).of(Agreement)
    assert (theirs.ours, theirs.known, theirs.number) == (False, came, again)
    assert own.ours
    assert told(Claims(DAY, readers=["SRA"])) == told(Claims(DAY))
    assert told(Claims(DAY, readers=[HOSTED])) == []


def test_what_names_a_partners_thing_needs_no_statement_of_ours(state_home: State) -> None:
    partner = Partner()
    ours, _theirs = hosting(met(partner))
    assert refused(ours, clause()) == [(800, "agreement")]
    received(partner, ours, said_by(partner))
    state(ours, clause())
    assert told(Claims(DAY), Clause) == [("SRA", "Liability")]


def test_what_a_partner_withholds_or_says_for_others_is_told_and_not_taken(state_home: State) -> None:
    partner = Partner()
    ours, _theirs = hosting(met(partner))
    hidden, for_us = said_by(partner), said_by(partner, code="UB", party="SRA")
    strange = partner.state("cooperation.nothing", day="2026-02-01")
    hosted = said_by(partner, code="UC", party="THEIRS")
    roof = said_by(partner, code="UD", layer="roof")
    received(partner, ours, hidden, for_us, strange, hosted, roof, hidden={hidden: {"title"}})
    claims = Claims(DAY)
    assert [(each.party, each.code) for each in claims.of(Agreement)] == [("THEIRS", "UC")]
    assert [(each.number, each.why.split(" ")[0]) for each in claims.unread] == [
        (hidden, "Object"),
        (for_us, "it"),
        (strange, "its"),
        (roof, "layer:"),
    ]


def test_what_a_party_keeps_goes_out_to_nobody_else(state_home: State) -> None:
    from openmpca.proof.statements import Bundle

    partner = Partner()
    ours, _theirs = hosting(met(partner))
    kept, open_to_it = state(ours, agreement(), agreement(code="UB", release=["PER"]))

    def sending(number: int) -> Bundle:
        terms = {"recipient": "PER", "purpose": "joint view", "authority": "treaty"}
        return Bundle(day=DAY, statements=[number], fields=[f"{number}:kind", f"{number}:title"], **terms)

    assert refused(ours, sending(kept)) == [(48, "statements")]
    assert state(ours, sending(open_to_it))


def test_a_rebuild_gives_the_same_claims(each_state_home: State) -> None:
    from openmpca.record import rebuild

    ours, _theirs = hosting()
    (first,) = state(ours, agreement())
    state(ours, clause(), agreement(title="Amended", replaces=first))
    before = told(Claims(DAY)), told(Claims(DAY), Clause)
    rebuild.rebuild()
    assert (told(Claims(DAY)), told(Claims(DAY), Clause)) == before
